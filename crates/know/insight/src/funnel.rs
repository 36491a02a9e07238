//! How many customers take one step after the other, how long does it take them, and who stops
//! where?
//!
//! **An attempt** begins with an event of the first step in the period (in [`Order::Any`]: of any
//! step) and takes, as soon as there is one, an event of the next step, up to `within` after its
//! beginning; so steps may lie behind the end of the period. One event is one step of an attempt at
//! most. Nobody knows the order of what happened in the same microsecond: there it is read in
//! favour of the funnel, in the order of its steps, but exclusions come first.
//!
//! **A customer** is counted with one attempt: the one that gets deepest, the earliest among those.
//! They reached every step up to it.
//!
//! A plain funnel (ordered, nothing held, no exclusions, no event of two steps) counts what
//! ClickHouse's `windowFunnel(within)` counts.

mod answer;
mod any;
mod attempt;
mod fold;
mod held;
mod ordered;
mod strict;
mod twin;
mod words;

pub use answer::{Answer, FunnelGroup, FunnelStep};
pub use attempt::STEPS_MAX;
pub use fold::{FunnelTotal, Members, MembersTotal, Point, Side};

use crate::breakdown::{Breakdown, By, Codes};
use crate::error::{self, BadDefinition, Problem};
use crate::visits::{ARRIVAL_CONDITIONS, Arrivals};
use crate::{Calendar, Comparison, Grain, Period, selection};
use attempt::{Kind, Rules};
use base::{Duration, Timestamp};
use timeline::{Ask, CONDITIONS_MAX, Condition, Label, Window};

/// How long an attempt may last at most.
pub const WITHIN_MAX: Duration = Duration::days(3_660);
/// Fields that may be held constant at most.
pub const HELD_MAX: usize = 3;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The time zone, and the day with which weeks begin.
    pub calendar: Calendar,
    /// When attempts begin.
    pub period: Period,
    /// What the period is compared with.
    pub comparison: Comparison,
    /// The steps, 2 to [`STEPS_MAX`].
    pub steps: Vec<Condition>,
    /// How their events lie to each other.
    pub order: Order,
    /// How long after its beginning an attempt may still take a step, that moment included.
    pub within: Duration,
    /// What ends an attempt.
    pub exclusions: Vec<Exclusion>,
    /// Fields that must be there and say the same in all steps of an attempt.
    pub held: Vec<Label>,
    /// Into which groups customers fall.
    pub breakdown: Option<FunnelBreakdown>,
}

/// How the events of an attempt lie to each other.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Order {
    /// In the order of the steps; other events may lie between them.
    #[default]
    Ordered,
    /// In the order of the steps, and no other event that is counted between them: none of another
    /// step, and none for which this holds (every event, by default).
    Strict(Condition),
    /// In any order. An event that fulfils several steps counts as the first of them; who has any
    /// two of the steps has reached the second.
    Any,
}

/// Events that end an attempt: it gets no deeper. Another one may begin after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Exclusion {
    /// Which events.
    pub condition: Condition,
    /// It counts in attempts that have reached this step, from 1.
    pub after: usize,
    /// And not yet this one.
    pub before: usize,
}

/// Into which groups customers fall: by a trait, or by a field of one event of their attempt or the
/// channel of its visit.
#[derive(Clone, Debug, PartialEq)]
pub struct FunnelBreakdown {
    /// The groups; those with the most customers at the first step have their own.
    pub by: Breakdown,
    /// Of which event a field or channel is taken.
    pub at: At,
}

/// Of which event of the attempt a field is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum At {
    /// The first.
    #[default]
    First,
    /// The last one that was reached.
    Last,
}

/// A definition that was checked: the fold that answers it.
#[derive(Clone, Debug)]
pub struct Plan {
    ask: Ask,
    rules: Rules,
    n_held: usize,
    codes: Codes,
    arrivals: Option<Arrivals>,
    at: At,
    n_groups: usize,
    has_times: bool,
    /// In which attempts begin.
    window: Window,
}

impl Definition {
    /// The plan for the period as it is `now`.
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan(&self, now: Timestamp) -> Result<Plan, BadDefinition> {
        self.plan_in(self.period.window(&self.calendar, now)?)
    }

    /// The plan for the period that it is compared with, if there is one. Its answer is given in
    /// the groups of the other one, by [`Plan::answer_in`].
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan_compared(&self, now: Timestamp) -> Result<Option<Plan>, BadDefinition> {
        let shown = (now, Grain::Day);
        let compared = self.period.window_compared(self.comparison, &self.calendar, shown)?;
        compared.map(|window| self.plan_in(window)).transpose()
    }

    /// The plan for attempts that begin in `window`.
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan_in(&self, window: Window) -> Result<Plan, BadDefinition> {
        self.check()?;
        let until = window.until.plus(self.within);
        let mut ask = Ask::every(Window { from: window.from, until });
        ask.conditions.extend(self.exclusions.iter().map(|e| e.condition.clone()));
        ask.conditions.extend(self.steps.iter().cloned());
        if let Order::Strict(among) = &self.order {
            ask.conditions.push(among.clone());
        }
        ask.labels.extend(self.held.iter().cloned());
        let codes = self.breakdown.as_ref().map_or(Codes::None, |b| b.by.ask(&mut ask));
        let arrivals = self.breakdown.as_ref().and_then(|b| b.by.ask_arrivals(&mut ask));
        let rules = Rules {
            n_steps: self.steps.len(),
            exclusions: self.exclusions.iter().map(|e| (e.after, e.before)).collect(),
            within: self.within.0,
            begin_until: window.until.0,
            kind: match self.order {
                Order::Ordered => Kind::Ordered,
                Order::Strict(_) => Kind::Strict,
                Order::Any => Kind::Any,
            },
        };
        Ok(Plan {
            ask,
            rules,
            n_held: self.held.len(),
            codes,
            arrivals,
            at: self.breakdown.as_ref().map_or(At::First, |b| b.at),
            n_groups: self.breakdown.as_ref().map_or(1, |b| b.by.n_groups),
            has_times: true,
            window,
        })
    }

    fn check(&self) -> Result<(), BadDefinition> {
        if self.steps.len() == 1 {
            let problem = Problem::Unfit("a funnel has two steps at least");
            return Err(BadDefinition::new("steps", problem));
        }
        error::some("steps", self.steps.len(), STEPS_MAX)?;
        for (k, step) in self.steps.iter().enumerate() {
            selection::check(step).map_err(|bad| bad.within(&format!("steps[{k}]")))?;
        }
        let range = (1.0, WITHIN_MAX.0 as f64);
        error::between("within", self.within.0 as f64, range)?;
        self.check_order()?;
        for (k, exclusion) in self.exclusions.iter().enumerate() {
            self.check_exclusion(exclusion)
                .map_err(|bad| bad.within(&format!("exclusions[{k}]")))?;
        }
        if self.n_conditions() > CONDITIONS_MAX {
            let problem = Problem::Unfit("steps and exclusions together are too many");
            return Err(BadDefinition::new("exclusions", problem));
        }
        if !self.held.is_empty() {
            error::some("held", self.held.len(), HELD_MAX)?;
        }
        match &self.breakdown {
            None => Ok(()),
            Some(breakdown) => {
                breakdown.by.check_with_channel().map_err(|bad| bad.within("breakdown"))
            }
        }
    }

    /// How many conditions are asked for each event.
    fn n_conditions(&self) -> usize {
        let is_strict = matches!(self.order, Order::Strict(_));
        let by = self.breakdown.as_ref().map(|breakdown| &breakdown.by.by);
        let of_arrivals = match by {
            Some(By::Channel { .. }) => ARRIVAL_CONDITIONS,
            _ => 0,
        };
        self.steps.len() + self.exclusions.len() + usize::from(is_strict) + of_arrivals
    }

    fn check_order(&self) -> Result<(), BadDefinition> {
        match &self.order {
            Order::Ordered => Ok(()),
            Order::Strict(among) => selection::check(among).map_err(|bad| bad.within("order")),
            Order::Any => {
                let again = |k: &usize| self.steps[..*k].contains(&self.steps[*k]);
                let Some(k) = (1..self.steps.len()).find(again) else { return Ok(()) };
                let problem = Problem::Unfit("in any order the same step cannot be taken twice");
                Err(BadDefinition::new(format!("steps[{k}]"), problem))
            }
        }
    }

    fn check_exclusion(&self, exclusion: &Exclusion) -> Result<(), BadDefinition> {
        selection::check(&exclusion.condition).map_err(|bad| bad.within("condition"))?;
        let n_steps = self.steps.len();
        let before = exclusion.before as f64;
        error::between("before", before, (2.0, n_steps as f64))?;
        error::between("after", exclusion.after as f64, (1.0, before - 1.0))?;
        if self.order == Order::Any && (exclusion.after, exclusion.before) != (1, n_steps) {
            let problem = Problem::Unfit("in any order it counts from the first step to the last");
            return Err(BadDefinition::new("after", problem));
        }
        Ok(())
    }
}

impl Plan {
    /// The window in which attempts begin.
    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }

    /// The same without the times that it took: faster where they are not looked at.
    #[must_use]
    pub fn without_times(self) -> Self {
        Self { has_times: false, ..self }
    }

    /// Whether the rows of an attempt are looked at, or its depth alone.
    fn has_rows(&self) -> bool {
        self.has_times || matches!(self.codes, Codes::Label(_))
    }
}

impl FunnelBreakdown {
    /// In words, after "by".
    #[must_use]
    pub fn words(&self) -> String {
        let words = self.by.words();
        match (&self.by.by, self.at) {
            (By::Trait(_), _) => words,
            (By::Label(_) | By::Channel { .. }, At::First) => format!("{words} at the first step"),
            (By::Label(_) | By::Channel { .. }, At::Last) => {
                format!("{words} at the last step reached")
            }
        }
    }
}

#[cfg(test)]
mod tests;
