//! How many visits are there, where do they come from, where do they begin and end, and how many
//! leave at once?
//!
//! **A visit** are the events of a customer that count, until nothing happens for longer than the
//! gap (30 minutes, unless something else is said), or until local midnight where visits are cut
//! there. It belongs to the period, and to the hour, day, week… in which it begins. One that began
//! before the period is not in it; of one that goes on after its end, [`LOOK_AHEAD`] is seen.

mod answer;
mod arrivals;
pub mod channel;
mod counts;
mod dimension;
mod fold;
mod kinds;
mod members;
mod sets;
mod twin;
mod words;

pub use answer::{Answer, SpanVisits, Visits, VisitsRow};
pub(crate) use arrivals::{Arrivals, CONDITIONS as ARRIVAL_CONDITIONS};
pub use counts::{Counts, CountsTotal};
pub use dimension::Dimension;
pub use fold::VisitsTotal;
pub(crate) use kinds::Kinds;
pub use members::{Members, Point};

use crate::breakdown::GROUPS_MAX;
use crate::error::{self, BadDefinition};
use crate::{Calendar, Grain, Period, Spans, selection};
use base::{Duration, Timestamp};
use dimension::{Bits, CLICK_IDS, Reading};
use timeline::{Ask, Condition, Field, Op, Test, View, Window};

/// The gap where nothing else is said.
pub const GAP_DEFAULT: Duration = Duration::seconds(30 * 60);
/// How much of a visit is seen after the end of the period.
pub const LOOK_AHEAD: Duration = Duration::days(1);

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The time zone, and the day with which weeks begin.
    pub calendar: Calendar,
    /// When visits begin.
    pub period: Period,
    /// Which events make up visits. Page views do in any case.
    pub activity: Condition,
    /// Which of them are page views; see [`page_views`].
    pub views: Condition,
    /// A visit ends where nothing happens for longer than this.
    pub gap: Duration,
    /// Whether a visit ends at local midnight.
    pub is_cut_at_midnight: bool,
    /// Which visits are bounces.
    pub bounce: Bounce,
    /// Into which groups visits fall.
    pub by: Option<Dimension>,
    /// Groups of their own at most; the rest is "other".
    pub n_groups: usize,
    /// By what the period is cut for the series over time.
    pub grain: Option<Grain>,
    /// Hosts of the company besides that of the page itself: a visit from there has no referrer.
    pub own_hosts: Vec<Box<str>>,
}

/// Which visits are bounces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Bounce {
    /// Those with one page view at most, whatever else happens on the page.
    #[default]
    OneView,
    /// Those of a single event.
    OneEvent,
}

/// Pages seen on the web and screens seen in an app.
#[must_use]
pub fn page_views() -> Condition {
    let op = Op::Is(vec!["page".into(), "screen".into()]);
    Condition {
        events: Vec::new(),
        tests: vec![Test { field: Field::Kind, view: View::Whole, op }],
    }
}

/// A definition that was checked: the fold that answers it.
#[derive(Clone, Debug)]
pub struct Plan {
    ask: Ask,
    /// Visits begin in it.
    window: Window,
    gap: i64,
    /// Whether every event is of some visit.
    all_count: bool,
    /// Local days, where visits are cut.
    days: Option<Spans>,
    calendar: Calendar,
    /// The spans of the series.
    spans: Option<Spans>,
    bounce: Bounce,
    reading: Option<Reading>,
    n_groups: usize,
}

/// The bits of the marks: what makes up visits, what is a page view; from the third on what else
/// the dimension looks at.
const COUNTED: u16 = 3;
const VIEW: u16 = 2;

impl Definition {
    /// The plan for the period as it is `now`.
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan(&self, now: Timestamp) -> Result<Plan, BadDefinition> {
        self.plan_in(self.period.window(&self.calendar, now)?)
    }

    /// The plan for visits that begin in `window`, such as the one that the period is compared
    /// with.
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan_in(&self, window: Window) -> Result<Plan, BadDefinition> {
        self.check()?;
        let seen =
            Window { from: window.from.minus(self.gap), until: window.until.plus(LOOK_AHEAD) };
        let mut ask = Ask::every(seen);
        ask.conditions = vec![self.activity.clone(), self.views.clone()];
        let bits = Bits { counted: COUNTED, view: VIEW };
        let reading = |by| Reading::of(by, &self.own_hosts, (&mut ask, bits));
        let reading = self.by.as_ref().map(reading);
        let spans = |grain, window| Spans::new(&self.calendar, grain, window);
        Ok(Plan {
            ask,
            window,
            gap: self.gap.0,
            all_count: self.activity == Condition::default(),
            days: self.is_cut_at_midnight.then(|| spans(Grain::Day, seen)).transpose()?,
            calendar: self.calendar.clone(),
            spans: self.grain.map(|grain| spans(grain, window)).transpose()?,
            bounce: self.bounce,
            reading,
            n_groups: self.n_groups,
        })
    }

    fn check(&self) -> Result<(), BadDefinition> {
        selection::check(&self.activity).map_err(|bad| bad.within("activity"))?;
        selection::check(&self.views).map_err(|bad| bad.within("views"))?;
        let range = (1.0, LOOK_AHEAD.0 as f64);
        error::between("gap", self.gap.0 as f64, range)?;
        error::some("n_groups", self.n_groups, GROUPS_MAX)?;
        match self.by.as_ref().map(Dimension::check) {
            None => Ok(()),
            Some(checked) => checked.map_err(|bad| bad.within("by")),
        }
    }
}

impl Plan {
    /// The window in which visits begin.
    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }

    /// How many spans the series has.
    #[must_use]
    pub fn n_spans(&self) -> usize {
        self.spans.as_ref().map_or(0, Spans::len)
    }
}

#[cfg(test)]
mod tests;
