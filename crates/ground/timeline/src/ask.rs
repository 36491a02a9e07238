//! What does a fold want to see?

use crate::among::FactTest;
use crate::condition::Condition;
use crate::fact::Fact;
use crate::field::{Field, View};
use base::Timestamp;

/// Conditions of one question at most: the bits of a row's marks.
pub const CONDITIONS_MAX: usize = 16;

/// A half-open stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// The first moment in it.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

impl Window {
    /// All of time.
    pub const EVER: Self = Self { from: Timestamp(i64::MIN), until: Timestamp(i64::MAX) };

    /// Whether `at` is in it.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// A text to group by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label {
    /// Where it stands.
    pub field: Field,
    /// Which part of it.
    pub view: View,
}

/// The columns and rows that a fold reads. Whoever answers may give less than everything (rows out
/// of the window, or for which no condition holds, are left out), never more.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Rows outside are not given.
    pub window: Window,
    /// Conditions, at most [`CONDITIONS_MAX`]; with none every row in the window is given.
    pub conditions: Vec<Condition>,
    /// Fields read as numbers.
    pub numbers: Vec<Field>,
    /// Fields read as labels.
    pub labels: Vec<Label>,
    /// What is known of the customer now, read as labels.
    pub traits: Vec<Fact>,
    /// What must hold for a customer, all of it; the rows of others are not given.
    pub who: Vec<FactTest>,
}

impl Ask {
    /// Every row of `window`, times alone.
    #[must_use]
    pub fn every(window: Window) -> Self {
        Self {
            window,
            conditions: Vec::new(),
            numbers: Vec::new(),
            labels: Vec::new(),
            traits: Vec::new(),
            who: Vec::new(),
        }
    }
}
