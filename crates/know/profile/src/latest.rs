//! Which of several statements counts?

use base::Timestamp;
use serde::{Deserialize, Serialize};

/// The latest statement; of two at the same time the greater value, so that the order of arrival
/// has no say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Latest<T> {
    pub(crate) at: Timestamp,
    pub(crate) value: T,
}

impl<T: Ord> Latest<T> {
    pub(crate) fn new(at: Timestamp, value: T) -> Self {
        Self { at, value }
    }

    /// Takes `other` where it counts more.
    pub(crate) fn join(&mut self, other: Self) {
        if other > *self {
            *self = other;
        }
    }
}

/// Takes `other` into `place` where it counts more than what is there.
pub(crate) fn put<T: Ord>(place: &mut Option<Latest<T>>, other: Latest<T>) {
    match place {
        Some(held) => held.join(other),
        None => *place = Some(other),
    }
}

/// The same for a text that is mostly the one already there; copies only what changes.
pub(crate) fn put_text(place: &mut Option<Latest<Box<str>>>, at: Timestamp, text: &str) {
    match place {
        Some(held) if *held.value == *text => held.at = held.at.max(at),
        Some(held) if (at, text) < (held.at, &*held.value) => {}
        _ => *place = Some(Latest::new(at, text.into())),
    }
}

/// The earlier of two moments that may be missing.
pub(crate) fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
