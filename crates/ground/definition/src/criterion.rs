//! What can be asked of a customer?
//!
//! One kind of test, one file in `criteria`: what it is, how it is checked, how it is said, and
//! whether it holds for somebody with no events.

pub use crate::criteria::behaviour::{Behaviour, Quantity};
pub use crate::criteria::fact::{FactCriterion, FactIs};
pub use crate::criteria::in_order::InOrder;
pub use crate::criteria::not_followed::NotFollowed;
pub use crate::criteria::same::Same;
pub use crate::criteria::share::Share;
pub use crate::criteria::value::{ValueTest, Which};

use timeline::Condition;

/// A test of a customer: a fact (what is known of them now), or a behaviour (what their events in a
/// window come to). It holds or it does not.
#[derive(Clone, Debug, PartialEq)]
pub enum Criterion {
    /// Something that is known of them.
    Fact(FactCriterion),
    /// How often, how much, how long ago.
    Behaviour(Behaviour),
    /// The value in the first, last or most frequent event.
    Value(ValueTest),
    /// Events one after the other.
    InOrder(InOrder),
    /// An event after which another did not come.
    NotFollowed(NotFollowed),
    /// Something that holds for the events with one and the same value.
    Same(Same),
    /// A fixed random part of all customers.
    Share(Share),
}

impl Criterion {
    /// Whether it holds for somebody with no events; `None` where that does not follow from there
    /// being none.
    #[must_use]
    pub fn holds_of_nothing(&self) -> Option<bool> {
        match self {
            Self::Fact(_) | Self::Share(_) => None,
            Self::Behaviour(behaviour) => Some(behaviour.holds_of_nothing()),
            Self::Value(value) => Some(value.holds_of_nothing()),
            // There must be an event, or a value in one.
            Self::InOrder(_) | Self::NotFollowed(_) | Self::Same(_) => Some(false),
        }
    }

    /// The selections of events that it looks at, in the order in which they are written.
    #[must_use]
    pub fn selections(&self) -> Vec<&Condition> {
        match self {
            Self::Fact(_) | Self::Share(_) | Self::Same(_) => Vec::new(),
            Self::Behaviour(of) => [&of.events].into_iter().chain(of.window.anchor()).collect(),
            Self::Value(of) => [&of.events].into_iter().chain(of.window.anchor()).collect(),
            Self::InOrder(of) => {
                of.steps.iter().chain(&of.without).chain(of.window.anchor()).collect()
            }
            Self::NotFollowed(of) => {
                [&of.first, &of.by].into_iter().chain(of.window.anchor()).collect()
            }
        }
    }
}

macro_rules! from {
    ($($name:ident => $variant:ident),+ $(,)?) => {
        $(impl From<$name> for Criterion {
            fn from(of: $name) -> Self {
                Self::$variant(of)
            }
        })+
    };
}

from!(
    FactCriterion => Fact,
    Behaviour => Behaviour,
    ValueTest => Value,
    InOrder => InOrder,
    NotFollowed => NotFollowed,
    Same => Same,
    Share => Share,
);
