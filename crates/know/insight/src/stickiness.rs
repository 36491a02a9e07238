//! How much of a habit is it?
//!
//! In how many days of a week or month customers are active, and how many are active on a day,
//! within the seven days and within the thirty days that end with it (DAU, WAU, MAU).
//!
//! **Groups**: by a trait, or by a field of the event. Then a customer is in the group of their
//! first event that counts: in a week or month for the days of it, on the days themselves for those
//! who are active on a day, or within those that end with it. So the groups add up to the whole of
//! each number, and all active days of a customer in a week count for one group.

mod answer;
mod fold;
mod twin;

pub use answer::{Answer, Day, Numbers, OfGroup, Span};
pub use fold::{Members, Point, Total, Which};

use crate::breakdown::{Breakdown, By, Codes};
use crate::calendar::{Calendar, Grain};
use crate::error::{BadDefinition, Problem};
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
    /// Which stretch of time is looked at; a day in which it begins is taken whole.
    pub period: Period,
    /// What the period is compared with.
    pub comparison: Comparison,
    /// In what days are counted: a week or longer.
    pub grain: Grain,
    /// Which events make a customer active.
    pub events: Condition,
    /// Into which groups customers fall.
    pub breakdown: Option<Breakdown>,
}

/// The days of the three windows that end with a day.
pub const TRAILS: [usize; 3] = [1, 7, 30];

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

    fn plan_in(&self, Window { from, until }: Window) -> Result<Plan, BadDefinition> {
        let first = self.calendar.begin(Grain::Day, from);
        let spans = Spans::new(&self.calendar, self.grain, Window { from: first, until })?;
        let lead = self.calendar.shift(first, 1 - TRAILS[2] as i64, Grain::Day);
        let lead = self.calendar.begin(Grain::Day, lead);
        let days = Spans::new(&self.calendar, Grain::Day, Window { from: lead, until })?;
        let n_lead = days.place(first.0);
        let span_of = |k: usize| spans.place(days.span(k).from.0);
        let span_of_day = (n_lead..days.len()).map(span_of).collect();
        let mut ask = selection::asked(&self.events, Window { from: lead, until });
        let codes = self.breakdown.as_ref().map_or(Codes::None, |by| by.ask(&mut ask));
        Ok(Plan { definition: self.clone(), spans, days, n_lead, span_of_day, codes, ask })
    }

    fn check(&self) -> Result<(), BadDefinition> {
        selection::check(&self.events).map_err(|bad| bad.within("events"))?;
        if self.grain < Grain::Week {
            let problem = Problem::Unfit("days are counted in weeks or longer");
            return Err(BadDefinition::new("grain", problem));
        }
        match &self.breakdown {
            None => Ok(()),
            Some(breakdown) => breakdown.check().map_err(|bad| bad.within("breakdown")),
        }
    }

    /// What is counted, in one sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let grain = self.grain.word();
        let mut text = format!(
            "number of customers by the number of days of a {grain} on which they have {}, {}",
            selection::words(&self.events),
            self.period.words(),
        );
        if let Some(breakdown) = &self.breakdown {
            let of = match breakdown.by {
                By::Trait(_) => String::new(),
                _ => format!(" of their first in the {grain}"),
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

/// A stickiness, ready to be counted.
#[derive(Clone, Debug)]
pub struct Plan {
    definition: Definition,
    spans: Spans,
    /// Those of the window, and before them those of the longest trailing window.
    days: Spans,
    n_lead: usize,
    /// For each day of the window, in which span it is.
    span_of_day: Vec<usize>,
    codes: Codes,
    ask: Ask,
}

impl Plan {
    /// The spans of the answer.
    #[must_use]
    pub fn spans(&self) -> &Spans {
        &self.spans
    }

    /// How many days the answer has.
    #[must_use]
    pub fn n_days(&self) -> usize {
        self.span_of_day.len()
    }

    /// How many of them are in the `k`-th span.
    #[must_use]
    pub fn n_days_of(&self, k: usize) -> usize {
        self.span_of_day.iter().filter(|span| **span == k).count()
    }

    /// The numbers by span in SQL; see [`sql`](crate::sql) for its tables. Of two events that count
    /// in the same microsecond the first to arrive decides the group.
    #[must_use]
    pub fn sql(&self) -> String {
        twin::sql(self)
    }
}
