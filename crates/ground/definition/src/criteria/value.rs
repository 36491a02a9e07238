//! Which value stood in the first, the last, most of the events?

use crate::lookback::Lookback;
use timeline::{Condition, Label, Op};

/// A test of the value of one of the events that count.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueTest {
    /// In which of them.
    pub which: Which,
    /// What is looked at.
    pub label: Label,
    /// Which events count.
    pub events: Condition,
    /// Which of them are looked at.
    pub window: Lookback,
    /// What must hold for the value; where there is no event, it is absent.
    pub is: Op,
}

/// The value of which event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Which {
    /// Of the first; absent where it has none.
    First,
    /// Of the last; absent where it has none.
    Last,
    /// The value that most events have; of several the one that was said last. Events without one
    /// do not count.
    MostFrequent,
}

impl ValueTest {
    /// Whether it holds for somebody without such events.
    #[must_use]
    pub fn holds_of_nothing(&self) -> bool {
        !self.is.is_numeric() && self.is.takes_label(None)
    }
}
