//! How often, how much, how long ago?

use crate::lookback::Lookback;
use crate::number::NumberTest;
use timeline::{Condition, Field, Label};

/// What the events of a window come to, as a number that is tested.
#[derive(Clone, Debug, PartialEq)]
pub struct Behaviour {
    /// Which events count.
    pub events: Condition,
    /// Which of them are looked at.
    pub window: Lookback,
    /// What they come to.
    pub measure: Quantity,
    /// What must hold for that.
    pub is: NumberTest,
}

/// What events come to. Of a field only numbers count; where there is none, all but the sum and the
/// counts are no number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// How many there are.
    Times,
    /// On how many local days there is one.
    Days,
    /// The sum of a field; of no events 0.
    Sum(Field),
    /// Its mean.
    Mean(Field),
    /// The least.
    Least(Field),
    /// The greatest.
    Greatest(Field),
    /// How many different values there are.
    Distinct(Label),
    /// Days of 24 hours, in full length, since the last one.
    DaysSinceLast,
    /// Days of 24 hours since the first one.
    DaysSinceFirst,
}

impl Quantity {
    /// What it comes to where there are no events; `None` where that is no number.
    #[must_use]
    pub fn of_nothing(&self) -> Option<f64> {
        match self {
            Self::Times | Self::Days | Self::Sum(_) | Self::Distinct(_) => Some(0.0),
            Self::Mean(_)
            | Self::Least(_)
            | Self::Greatest(_)
            | Self::DaysSinceLast
            | Self::DaysSinceFirst => None,
        }
    }

    /// The field of events that it looks at.
    #[must_use]
    pub fn field(&self) -> Option<&Field> {
        match self {
            Self::Sum(field) | Self::Mean(field) | Self::Least(field) | Self::Greatest(field) => {
                Some(field)
            }
            Self::Distinct(label) => Some(&label.field),
            Self::Times | Self::Days | Self::DaysSinceLast | Self::DaysSinceFirst => None,
        }
    }

    /// Whether it is a count.
    #[must_use]
    pub fn is_count(&self) -> bool {
        matches!(self, Self::Times | Self::Days | Self::Distinct(_))
    }
}

impl Behaviour {
    /// Whether it holds for somebody without such events.
    #[must_use]
    pub fn holds_of_nothing(&self) -> bool {
        self.measure.of_nothing().is_some_and(|number| self.is.takes(number))
    }

    /// Whether it is no more than "there is one": `did`.
    #[must_use]
    pub fn is_did(&self) -> bool {
        self.measure == Quantity::Times && self.is == NumberTest::AtLeast(1.0)
    }
}
