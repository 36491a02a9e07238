//! Who came lately, often, and for much?
//!
//! Every customer with an event that counts in the window has a *recency* (whole days of 24 hours
//! from their last one to the end of the window), a *frequency* (how many there are) and, if a
//! number is named, a *monetary* value (its sum). Each becomes a score from 1 up, so that the best
//! customers score high in all: the lowest recency scores highest. Scores are cut at edges; a value
//! on an edge belongs to the lower side. Equal values have equal scores, so that where many
//! customers are alike (one order each) a score may have nobody.
//!
//! The grid by recency and frequency is Hughes 1994, "Strategic database marketing"; his fifths are
//! the default here, cut by the quantiles of each value on its own.
//!
//! Groups, and the period that it is compared with, are scored at the edges of all customers of the
//! period: a cell means the same in each of them.

mod answer;
mod fold;
#[cfg(test)]
mod tests;
mod twin;

pub use answer::{Answer, Cell, Numbers, OfGroup};
pub use fold::{Members, Point, Seen};

use crate::breakdown::{Breakdown, By, Codes};
use crate::calendar::{Calendar, Grain};
use crate::error::{self, BadDefinition, Problem};
use crate::period::{Comparison, Period};
use crate::{selection, words};
use base::Timestamp;
use timeline::{Ask, Condition, Field, Window};

/// Scores at most.
pub const SCORES_MAX: usize = 10;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The time zone, and the day with which weeks begin.
    pub calendar: Calendar,
    /// Which stretch of time is looked at; recency counts back from its end.
    pub period: Period,
    /// What the period is compared with. Recency counts back from the end of that, there.
    pub comparison: Comparison,
    /// Which events count.
    pub events: Condition,
    /// The number that is the monetary value.
    pub money: Option<Field>,
    /// Where scores are cut.
    pub edges: Edges,
    /// By which trait customers are grouped.
    pub breakdown: Option<Breakdown>,
}

/// Where scores are cut.
#[derive(Clone, Debug, PartialEq)]
pub enum Edges {
    /// At the quantiles of all customers, into so many scores; 5 cuts at 20, 40, 60 and 80 %.
    Quantiles(usize),
    /// At these values.
    Given(Scale),
}

/// The values at which scores are cut, ascending: from above one edge to the next.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Scale {
    /// Days since the last event. Who is above the last edge scores 1.
    pub recency_days: Vec<f64>,
    /// Events. Who is above the last edge scores highest.
    pub frequency: Vec<f64>,
    /// The sum of the number; empty where none is named.
    pub monetary: Vec<f64>,
}

/// The three scores of a customer, each from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scores {
    /// High for who came lately.
    pub recency: usize,
    /// High for who came often.
    pub frequency: usize,
    /// High for who came for much; 1 where no number is named.
    pub monetary: usize,
}

impl Definition {
    /// How it is answered at the time `now`.
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn plan(&self, now: Timestamp) -> Result<Plan, BadDefinition> {
        self.check()?;
        Ok(self.plan_in(self.period.window(&self.calendar, now)?))
    }

    /// How the period that it is compared with is answered; `None` where there is no comparison.
    /// Its answer is given with the edges and in the groups of the other one, by
    /// [`Plan::answer_like`].
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn plan_compared(&self, now: Timestamp) -> Result<Option<Plan>, BadDefinition> {
        self.check()?;
        let shown = (now, Grain::Day);
        let window = self.period.window_compared(self.comparison, &self.calendar, shown)?;
        Ok(window.map(|window| self.plan_in(window)))
    }

    fn plan_in(&self, window: Window) -> Plan {
        let mut ask = selection::asked(&self.events, window);
        ask.numbers.extend(self.money.clone());
        let codes = self.breakdown.as_ref().map_or(Codes::None, |by| by.ask(&mut ask));
        Plan { definition: self.clone(), codes, ask }
    }

    fn check(&self) -> Result<(), BadDefinition> {
        selection::check(&self.events).map_err(|bad| bad.within("events"))?;
        match &self.edges {
            Edges::Quantiles(n) => {
                error::between("edges.quantiles", *n as f64, (2.0, SCORES_MAX as f64))?;
            }
            Edges::Given(scale) => self.check_scale(scale).map_err(|bad| bad.within("edges"))?,
        }
        if let Some(Field::Property(path) | Field::Context(path)) = &self.money
            && path.is_empty()
        {
            return Err(BadDefinition::new("money", Problem::Empty));
        }
        let Some(breakdown) = &self.breakdown else { return Ok(()) };
        if !matches!(breakdown.by, By::Trait(_)) {
            let problem = Problem::Unfit("a customer has many events: group by a trait");
            return Err(BadDefinition::new("breakdown.by", problem));
        }
        breakdown.check().map_err(|bad| bad.within("breakdown"))
    }

    fn check_scale(&self, scale: &Scale) -> Result<(), BadDefinition> {
        let edges_max = SCORES_MAX - 1;
        let mut all = vec![("recency_days", &scale.recency_days), ("frequency", &scale.frequency)];
        if self.money.is_some() {
            all.push(("monetary", &scale.monetary));
        } else if !scale.monetary.is_empty() {
            let problem = Problem::Unfit("there is no number to cut");
            return Err(BadDefinition::new("monetary", problem));
        }
        for (field, edges) in all {
            error::some(field, edges.len(), edges_max)?;
            if edges.iter().any(|edge| !edge.is_finite()) {
                return Err(BadDefinition::new(field, Problem::NotFinite));
            }
            if !edges.is_sorted_by(|a, b| a < b) {
                let problem = Problem::Unfit("each edge must be larger than the one before");
                return Err(BadDefinition::new(field, problem));
            }
        }
        Ok(())
    }

    /// What is counted, in one sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let events = selection::words(&self.events);
        let money = self
            .money
            .as_ref()
            .map(|of| format!(", and by their sum of {} (monetary)", words::field(of)));
        let edges = match &self.edges {
            Edges::Quantiles(n) => format!("each cut into {n} scores at its quantiles"),
            Edges::Given(_) => "each cut into scores at given values".into(),
        };
        let mut text = format!(
            "customers with {events} by the days since their last (recency) and by how many they \
             have (frequency){}, {edges}, {}",
            money.unwrap_or_default(),
            self.period.words(),
        );
        if let Some(breakdown) = &self.breakdown {
            let (by, n) = (breakdown.words(), breakdown.n_groups);
            text += &format!(", by {by} (the {n} most frequent values)");
        }
        let comparison = self.comparison.words(Grain::Day);
        if !comparison.is_empty() {
            text += &format!(", {comparison}");
        }
        words::sentence(&format!("{text}, {}", self.calendar.words()))
    }
}

/// A grid of recency and frequency, ready to be counted.
#[derive(Clone, Debug)]
pub struct Plan {
    definition: Definition,
    codes: Codes,
    ask: Ask,
}
