//! Why was an event not taken, or taken with a frown?

use serde::{Deserialize, Serialize};
use std::fmt;

/// What is wrong with the event, in one word for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// A field that must be there is not.
    Missing,
    /// A field is not of the type that it must have.
    WrongType,
    /// A field's value is outside what is possible.
    OutOfRange,
    /// A field, or the event, is larger than its limit.
    TooLarge,
    /// The value stands for nobody (`null`, `anonymous`, zeros).
    BlockedValue,
    /// The kind of event is not known.
    UnknownKind,
    /// The tracking plan does not have the event.
    UnplannedEvent,
    /// The tracking plan does not have the property.
    UnplannedProperty,
    /// The tracking plan wants a property that is missing, or of another type.
    PlanMismatch,
}

impl RefusalReason {
    /// The reason as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::WrongType => "wrong_type",
            Self::OutOfRange => "out_of_range",
            Self::TooLarge => "too_large",
            Self::BlockedValue => "blocked_value",
            Self::UnknownKind => "unknown_kind",
            Self::UnplannedEvent => "unplanned_event",
            Self::UnplannedProperty => "unplanned_property",
            Self::PlanMismatch => "plan_mismatch",
        }
    }
}

/// One thing that is wrong with one event, naming the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What is wrong.
    pub reason: RefusalReason,
    /// Where: a path like `properties.products[2].price`, or `batch[3]`.
    pub field: String,
    /// The same in a sentence, with what was expected and what was found.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
