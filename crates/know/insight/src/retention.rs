//! Of the customers who began in some week, how many came back one, two, three weeks later?
//!
//! **A cohort** are the customers with a beginning event in one span of the calendar: by the first
//! such event that they ever had ([`Cohort::First`]), or in every span in which they had one
//! ([`Cohort::Every`]; then they are in several cohorts, in each with the first of that span).
//!
//! **A return** is a returning event at the moment of the beginning or later; the beginning itself
//! is one where it fulfils both. It is counted by how many spans later it was: of the calendar, or
//! of exactly so many hours since the beginning ([`Clock`]). Span 0 is that of the beginning.
//!
//! A cell whose time is not over says so: its number can still grow.

mod answer;
mod fold;
mod twin;
mod words;

pub use answer::{Answer, Cell, CohortRow, Column, Pooled, RetentionGroup, Worth};
pub use fold::{Members, Point, RetentionTotal, Side};

use crate::breakdown::{Breakdown, Codes};
use crate::error::{self, BadDefinition, Problem};
use crate::{Calendar, Comparison, Grain, Period, Spans, selection};
use base::{Duration, Timestamp};
use timeline::{Ask, Condition, Field, Window};

/// Spans that are looked at after the beginning, at most.
pub const SPANS_AFTER_MAX: u32 = 400;
/// Cells of an answer at most: cohorts times columns.
pub const CELLS_MAX: usize = 50_000;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The time zone, and the day with which weeks begin.
    pub calendar: Calendar,
    /// When cohorts begin.
    pub period: Period,
    /// What the period is compared with: as it stood when as much time had gone by after it as has
    /// gone by after this one.
    pub comparison: Comparison,
    /// How long a cohort gathers, and what returns are counted by.
    pub grain: Grain,
    /// With which event a customer begins.
    pub begin: Condition,
    /// Which of these events counts.
    pub cohort: Cohort,
    /// With which event a customer returns.
    pub back: Condition,
    /// How many spans after the first are looked at.
    pub n_spans: u32,
    /// In which column a return counts.
    pub counting: Counting,
    /// From when spans are counted.
    pub clock: Clock,
    /// A number that is added up over returns, such as revenue.
    pub value: Option<Field>,
    /// Into which groups customers fall: by a trait, or by a field of the beginning.
    pub breakdown: Option<Breakdown>,
}

/// Which beginning counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Cohort {
    /// The first that there ever was, also before the period: then the customer is in no cohort.
    #[default]
    First,
    /// In each span the first of that span.
    Every,
}

/// In which columns a return counts.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Counting {
    /// In that of its span.
    #[default]
    On,
    /// In that of its span and in all before: who is counted came back then or later. Returns
    /// after the last span count for all columns.
    OnOrAfter,
    /// In that of its bracket. Brackets begin at these spans, ascending from 0; the last one ends
    /// with the last span.
    Brackets(Vec<u32>),
}

/// From when spans are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Clock {
    /// From local midnight: whoever began in the evening has a short day 0.
    #[default]
    Calendar,
    /// From the beginning: day 1 is from 24 to 48 hours after it. Not for months and longer.
    Exact,
}

/// A definition that was checked: the fold that answers it.
#[derive(Clone, Debug)]
pub struct Plan {
    ask: Ask,
    calendar: Calendar,
    /// Beginnings are in it.
    window: Window,
    /// What is known ends here.
    now: Timestamp,
    /// From the first cohort to the last return that counts.
    spans: Spans,
    n_cohorts: usize,
    cohort: Cohort,
    /// The spans of each column: the first, and the first of the next.
    columns: Vec<(u32, u32)>,
    /// The column of each span.
    column_of: Vec<u32>,
    is_or_after: bool,
    /// The length of a span where it is exact.
    exact: Option<i64>,
    has_value: bool,
    codes: Codes,
    n_groups: usize,
}

impl Definition {
    /// The plan for the period as it is `now`.
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan(&self, now: Timestamp) -> Result<Plan, BadDefinition> {
        self.plan_in(self.period.window(&self.calendar, now)?, now)
    }

    /// The plan for the period that it is compared with, if there is one. What happened later than
    /// `now` is after this period is not known to it: so each cohort had as much of the calendar to
    /// return in as the one that it faces (months differ by days). Its answer is given in the groups of the other one, by
    /// [`Plan::answer_in`].
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan_compared(&self, now: Timestamp) -> Result<Option<Plan>, BadDefinition> {
        let (comparison, calendar) = (self.comparison, &self.calendar);
        let window = self.period.window_compared(comparison, calendar, (now, self.grain))?;
        let known_until = self.period.before(comparison, calendar, (now, self.grain));
        let both = window.zip(known_until);
        both.map(|(window, known_until)| self.plan_in(window, known_until)).transpose()
    }

    /// The plan for beginnings in `window`, of which is known what happened before `now`.
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan_in(&self, window: Window, now: Timestamp) -> Result<Plan, BadDefinition> {
        self.check()?;
        let until = now.min(self.last_return(window));
        let spans = Spans::new(&self.calendar, self.grain, Window { from: window.from, until })?;
        let n_cohorts = spans.place(window.until.min(until).0 - 1) + 1;
        let columns = self.columns();
        error::some("n_spans", n_cohorts * columns.len(), CELLS_MAX)?;
        let column_of = (0..).zip(&columns);
        let column_of =
            column_of.flat_map(|(k, (first, next))| (*first..*next).map(move |_| k)).collect();
        let (ask, codes) = self.ask(Window { from: window.from, until });
        Ok(Plan {
            ask,
            calendar: self.calendar.clone(),
            window,
            now,
            spans,
            n_cohorts,
            cohort: self.cohort,
            columns,
            column_of,
            is_or_after: self.counting == Counting::OnOrAfter,
            exact: (self.clock == Clock::Exact).then(|| length(self.grain)).flatten(),
            has_value: self.value.is_some(),
            codes,
            n_groups: self.breakdown.as_ref().map_or(1, |b| b.n_groups),
        })
    }

    /// Where every event is both there are no conditions, where one event is both there is one.
    fn ask(&self, window: Window) -> (Ask, Codes) {
        let from = match self.cohort {
            Cohort::First => Window::EVER.from,
            Cohort::Every => window.from,
        };
        let mut ask = Ask::every(Window { from, ..window });
        if self.begin != self.back {
            ask.conditions = vec![self.begin.clone(), self.back.clone()];
        } else if self.begin != Condition::default() {
            ask.conditions = vec![self.begin.clone()];
        }
        ask.numbers.extend(self.value.clone());
        let codes = self.breakdown.as_ref().map_or(Codes::None, |b| b.ask(&mut ask));
        (ask, codes)
    }

    /// When the last return was that is counted for anybody.
    fn last_return(&self, window: Window) -> Timestamp {
        if self.counting == Counting::OnOrAfter {
            return Window::EVER.until;
        }
        if let Some(length) = length(self.grain).filter(|_| self.clock == Clock::Exact) {
            let after = length.saturating_mul(i64::from(self.n_spans) + 1);
            return window.until.plus(Duration(after));
        }
        let end = |at| self.calendar.end(self.grain, at);
        let last = end(Timestamp(window.until.0 - 1));
        (0..self.n_spans).fold(last, |last, _| end(last))
    }

    fn columns(&self) -> Vec<(u32, u32)> {
        let end = self.n_spans + 1;
        match &self.counting {
            Counting::On | Counting::OnOrAfter => (0..end).map(|k| (k, k + 1)).collect(),
            Counting::Brackets(begins) => {
                let nexts = begins[1..].iter().copied().chain([end]);
                begins.iter().copied().zip(nexts).collect()
            }
        }
    }

    fn check(&self) -> Result<(), BadDefinition> {
        selection::check(&self.begin).map_err(|bad| bad.within("begin"))?;
        selection::check(&self.back).map_err(|bad| bad.within("back"))?;
        let range = (1.0, f64::from(SPANS_AFTER_MAX));
        error::between("n_spans", f64::from(self.n_spans), range)?;
        if let Counting::Brackets(begins) = &self.counting {
            error::some("counting.brackets", begins.len(), SPANS_AFTER_MAX as usize)?;
            let is_good = begins[0] == 0
                && begins.is_sorted_by(|a, b| a < b)
                && begins.iter().all(|begin| *begin <= self.n_spans);
            if !is_good {
                let rule = "brackets begin at 0, ascend, and end before the last span";
                return Err(BadDefinition::new("counting.brackets", Problem::Unfit(rule)));
            }
        }
        if self.clock == Clock::Exact && length(self.grain).is_none() {
            let problem = Problem::Unfit("months have no exact length: count by the calendar");
            return Err(BadDefinition::new("clock", problem));
        }
        match &self.breakdown {
            None => Ok(()),
            Some(breakdown) => breakdown.check().map_err(|bad| bad.within("breakdown")),
        }
    }
}

/// How long a span is where the calendar does not matter.
fn length(grain: Grain) -> Option<i64> {
    match grain {
        Grain::Hour => Some(Duration::hours(1).0),
        Grain::Day => Some(Duration::days(1).0),
        Grain::Week => Some(Duration::days(7).0),
        Grain::Month | Grain::Quarter | Grain::Year => None,
    }
}

impl Plan {
    /// The window in which cohorts begin.
    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }

    /// How many cohorts the answer has.
    #[must_use]
    pub fn n_cohorts(&self) -> usize {
        self.n_cohorts
    }
}

#[cfg(test)]
mod tests;
