//! Does the number of active customers grow because new ones come, or because old ones stay?
//!
//! In every span (day, week, month…) each customer is in at most one of four states:
//!
//! * *new*: active in it, and never before, in all of history;
//! * *returning*: active in it and in the span right before;
//! * *resurrecting*: active in it, not in the span right before, but some time earlier;
//! * *dormant*: not active in it, but in the span right before.
//!
//! Active is who has an event that counts. So the active of a span are the returning and the
//! dormant of the next.
//!
//! **Groups**: by a trait, or by a field of the event. Then a customer is, in each span, in the
//! group of their first event that counts in it; who is dormant in that of the span right before.
//! So in every span the groups add up to the whole. Of the customers of a group in one span, those
//! kept are active in the next, in whichever group.

mod answer;
mod fold;
mod twin;

pub use answer::{Answer, OfGroup, Span};
pub use fold::{Members, Point, Total};

use crate::breakdown::{Breakdown, By, Codes};
use crate::calendar::{Calendar, Grain};
use crate::error::BadDefinition;
use crate::period::{Comparison, Period};
use crate::spans::Spans;
use crate::{selection, words};
use base::Timestamp;
use timeline::{Ask, Condition, Window};

#[cfg(test)]
mod tests;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The time zone, and the day with which weeks begin.
    pub calendar: Calendar,
    /// Which stretch of time is looked at; a span that it begins in is taken whole.
    pub period: Period,
    /// What the period is compared with. Who is new there was never active before that either.
    pub comparison: Comparison,
    /// By what it is cut.
    pub grain: Grain,
    /// Which events make a customer active.
    pub events: Condition,
    /// Into which groups customers fall.
    pub breakdown: Option<Breakdown>,
}

/// What a customer is in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Active for the first time.
    New,
    /// Active again, as right before.
    Returning,
    /// Active again, after a break.
    Resurrecting,
    /// No longer active.
    Dormant,
}

impl State {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::New, Self::Returning, Self::Resurrecting, Self::Dormant];
}

impl Definition {
    /// How it is answered at the time `now`.
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn plan(&self, now: Timestamp) -> Result<Plan, BadDefinition> {
        self.check()?;
        self.plan_in(self.period.window(&self.calendar, now)?)
    }

    /// How the period that it is compared with is answered; `None` where there is no comparison.
    /// Its answer is given in the groups of the other one, by [`Plan::answer_in`].
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn plan_compared(&self, now: Timestamp) -> Result<Option<Plan>, BadDefinition> {
        self.check()?;
        let shown = (now, self.grain);
        let window = self.period.window_compared(self.comparison, &self.calendar, shown)?;
        window.map(|window| self.plan_in(window)).transpose()
    }

    fn plan_in(&self, window: Window) -> Result<Plan, BadDefinition> {
        let first = self.calendar.begin(self.grain, window.from);
        // One more span in front, to know who comes back.
        let before = self.calendar.begin(self.grain, Timestamp(first.0 - 1));
        let spans =
            Spans::new(&self.calendar, self.grain, Window { from: before, until: window.until })?;
        let all = Window { from: Window::EVER.from, until: window.until };
        let mut ask = selection::asked(&self.events, all);
        let codes = self.breakdown.as_ref().map_or(Codes::None, |by| by.ask(&mut ask));
        Ok(Plan { definition: self.clone(), spans, codes, ask })
    }

    fn check(&self) -> Result<(), BadDefinition> {
        selection::check(&self.events).map_err(|bad| bad.within("events"))?;
        match &self.breakdown {
            None => Ok(()),
            Some(breakdown) => breakdown.check().map_err(|bad| bad.within("breakdown")),
        }
    }

    /// What is counted, in one sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let (events, grain) = (selection::words(&self.events), self.grain.word());
        let mut text = format!(
            "number of customers by {grain} who have {events} for the first time ever (new), as in \
             the {grain} before (returning), again after at least one {grain} without \
             (resurrecting), or not, but had it in the {grain} before (dormant), {}",
            self.period.words(),
        );
        if let Some(breakdown) = &self.breakdown {
            let of = match &breakdown.by {
                By::Trait(_) => String::new(),
                _ => format!(" of their first in the {grain} (in that before for the dormant)"),
            };
            let (by, n) = (breakdown.words(), breakdown.n_groups);
            text += &format!(", by {by}{of} (the {n} most frequent values)");
        }
        let comparison = self.comparison.words(self.grain);
        if !comparison.is_empty() {
            text += &format!(", {comparison}");
        }
        words::sentence(&format!("{text}, {}", self.calendar.words()))
    }
}

/// A lifecycle, ready to be counted.
#[derive(Clone, Debug)]
pub struct Plan {
    definition: Definition,
    /// Those of the answer, and the one before them.
    spans: Spans,
    codes: Codes,
    ask: Ask,
}

impl Plan {
    /// How many spans the answer has.
    #[must_use]
    pub fn n_spans(&self) -> usize {
        self.spans.len() - 1
    }

    /// From when until when they reach.
    #[must_use]
    pub fn window(&self) -> Window {
        Window { from: self.spans.span(1).from, ..self.spans.window() }
    }

    /// The same question in SQL; see [`sql`](crate::sql) for its tables. Of two events that count
    /// in the same microsecond the first to arrive decides the group.
    #[must_use]
    pub fn sql(&self) -> String {
        twin::sql(self)
    }
}
