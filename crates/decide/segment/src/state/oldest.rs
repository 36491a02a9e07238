//! When did the oldest events happen?
//!
//! Kept for `times … longer ago` and days since the first one: windows in which events only ever
//! come in, the oldest first. Whatever is newer than the `k` oldest cannot change whether there
//! are fewer than `k`.

use super::measured::Sought;
use super::moving::Moving;
use super::{newest, times};
use crate::bytes::Reader;
use crate::error::DecodeError;
use base::Timestamp;
use definition::Judged;

/// Times of events, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Oldest(Vec<i64>);

impl Oldest {
    /// Takes an event of `at`.
    pub fn absorb(&mut self, at: Timestamp) {
        let place = self.0.partition_point(|&time| time <= at.0);
        self.0.insert(place, at.0);
    }

    /// Takes all that `other` knows of other events.
    pub fn join(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
        self.0.sort_unstable();
    }

    /// Leaves the `k` oldest.
    pub fn trim(&mut self, k: usize) {
        self.0.truncate(k);
    }

    /// Whether `sought` holds of those in the window: of how many there are, or of how long ago
    /// the first one was.
    #[must_use]
    pub fn judge(&self, sought: &Sought<'_>, moving: &dyn Moving, t: Timestamp) -> Judged {
        newest::judged(&self.0, sought, moving, t)
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn encode(&self, into: &mut Vec<u8>) {
        times::put(into, &self.0);
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        times::read(from).map(Self)
    }
}
