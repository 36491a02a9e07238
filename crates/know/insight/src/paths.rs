//! What do customers do next, step by step, or what did they do before?
//!
//! **Steps** are the events for which `among` holds, called by a label (the event's name, the path
//! of a page); events that have no such label are none. Events of the anchor are steps as well.
//!
//! **A path** begins with an anchor and goes on with the steps after it (before it, where the
//! anchor is an end), in order of time and arrival, until there are `depth` of them, or nothing
//! happens for longer than the gap, or it is longer than `within` from the anchor. With `collapse`,
//! steps of the same label without another between them are one step, and begin one path.

mod answer;
mod fold;
mod twin;
mod walk;
mod words;

pub use answer::{Answer, Link, Node, Step, TopPath};
pub use fold::{Members, MembersTotal, PathsTotal, Point};

use crate::error::{self, BadDefinition, Problem};
use crate::{Calendar, Comparison, Grain, Period, selection, sql};
use base::{Duration, Timestamp};
use timeline::{Ask, Condition, Field, Label, View, Window};

/// Steps of a path at most, the anchor included.
pub const DEPTH_MAX: usize = 10;
/// Steps of their own at each level, at most.
pub const SHOWN_MAX: usize = 50;
/// Different paths of three steps, and different pairs at one level, of one answer at most.
pub const DIFFERENT_MAX: usize = 4_000_000;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The time zone, and the day with which weeks begin.
    pub calendar: Calendar,
    /// When anchors happen. Steps out of it are seen as far as `within` reaches.
    pub period: Period,
    /// What the period is compared with.
    pub comparison: Comparison,
    /// Where paths are anchored.
    pub anchor: Anchor,
    /// Which anchors of a customer count.
    pub which: Which,
    /// Which events are steps.
    pub among: Condition,
    /// What a step is called.
    pub label: Label,
    /// Whether repeated steps are one.
    pub collapse: bool,
    /// A path ends where nothing happens for longer than this.
    pub gap: Option<Duration>,
    /// A path reaches no further from its anchor than this.
    pub within: Option<Duration>,
    /// Steps of a path at most, the anchor included: 2 to [`DEPTH_MAX`].
    pub depth: usize,
    /// Steps that are shown of their own at each level, 1 to [`SHOWN_MAX`]; the rest is "other".
    pub n_shown: usize,
}

/// Where paths are anchored.
#[derive(Clone, Debug, PartialEq)]
pub enum Anchor {
    /// They begin with such an event.
    From(Condition),
    /// They end with such an event: level 1 is the step before it.
    To(Condition),
    /// They begin with the first step after a gap.
    Sessions,
}

/// Which anchors of a customer count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Which {
    /// All: a customer has as many paths.
    #[default]
    Every,
    /// The first in the period: a customer has one path.
    First,
}

/// A definition that was checked: the fold that answers it.
#[derive(Clone, Debug)]
pub struct Plan {
    ask: Ask,
    /// Anchors are in it.
    window: Window,
    direction: Direction,
    /// Whether anchors are marked; else they are what comes after a gap.
    is_marked: bool,
    which: Which,
    label: Label,
    collapse: bool,
    /// Whether every row is a step, and paths go forth from rows that are marked.
    is_plain: bool,
    gap: i64,
    within: i64,
    depth: usize,
    n_shown: usize,
}

/// Which way paths go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Forth,
    Back,
}

impl Definition {
    /// The plan for the period as it is `now`.
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan(&self, now: Timestamp) -> Result<Plan, BadDefinition> {
        self.plan_in(self.period.window(&self.calendar, now)?)
    }

    /// The plan for the period that it is compared with, if there is one. Its answer is given by
    /// the steps of the other one, by [`Plan::answer_in`].
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan_compared(&self, now: Timestamp) -> Result<Option<Plan>, BadDefinition> {
        let shown = (now, Grain::Day);
        let window = self.period.window_compared(self.comparison, &self.calendar, shown)?;
        window.map(|window| self.plan_in(window)).transpose()
    }

    /// The plan for anchors in `window`.
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan_in(&self, window: Window) -> Result<Plan, BadDefinition> {
        self.check()?;
        let direction = match self.anchor {
            Anchor::To(_) => Direction::Back,
            Anchor::From(_) | Anchor::Sessions => Direction::Forth,
        };
        let reach = self.within.unwrap_or_default();
        let seen = match direction {
            Direction::Forth => Window { until: window.until.plus(reach), ..window },
            Direction::Back => Window { from: window.from.minus(reach), ..window },
        };
        let mut ask = Ask::every(seen);
        let is_marked = match &self.anchor {
            Anchor::From(condition) | Anchor::To(condition) => {
                ask.conditions.push(condition.clone());
                true
            }
            Anchor::Sessions => false,
        };
        ask.conditions.push(self.among.clone());
        ask.labels.push(self.label.clone());
        let is_always_there = self.label.view == View::Whole
            && matches!(self.label.field, Field::Name | Field::Kind | Field::Source);
        let is_plain = is_marked
            && direction == Direction::Forth
            && !self.collapse
            && self.among == Condition::default()
            && is_always_there;
        let micros = |length: Option<Duration>| length.map_or(i64::MAX, |length| length.0);
        Ok(Plan {
            ask,
            window,
            direction,
            is_marked,
            which: self.which,
            label: self.label.clone(),
            collapse: self.collapse,
            is_plain,
            gap: micros(self.gap),
            within: micros(self.within),
            depth: self.depth,
            n_shown: self.n_shown,
        })
    }

    fn check(&self) -> Result<(), BadDefinition> {
        if let Anchor::From(condition) | Anchor::To(condition) = &self.anchor {
            selection::check(condition).map_err(|bad| bad.within("anchor"))?;
        } else if self.gap.is_none() {
            let problem = Problem::Unfit("sessions are told apart by a gap");
            return Err(BadDefinition::new("gap", problem));
        }
        selection::check(&self.among).map_err(|bad| bad.within("among"))?;
        if let Field::Property(path) | Field::Context(path) = &self.label.field
            && path.is_empty()
        {
            return Err(BadDefinition::new("label", Problem::Empty));
        }
        for (field, length) in [("gap", self.gap), ("within", self.within)] {
            if let Some(length) = length {
                let range = (1.0, Duration::days(3_660).0 as f64);
                error::between(field, length.0 as f64, range)?;
            }
        }
        error::between("depth", self.depth as f64, (2.0, DEPTH_MAX as f64))?;
        error::some("n_shown", self.n_shown, SHOWN_MAX)
    }

    /// What a step is called, in SQL.
    fn label_sql(&self) -> String {
        sql::label(&self.label)
    }
}

impl Plan {
    /// The window in which anchors happen.
    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }
}

#[cfg(test)]
mod tests;
