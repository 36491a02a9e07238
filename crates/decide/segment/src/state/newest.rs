//! When did the newest events happen?
//!
//! Kept for `did`, `times` and days since the last one in windows that end now: whatever is older
//! than the `k` newest cannot change whether there are fewer than `k` in such a window.

use super::measured::{Measured, Sought};
use super::moving::{Moving, Slide};
use super::times;
use crate::bytes::Reader;
use crate::error::DecodeError;
use base::Timestamp;
use definition::Judged;

/// Times of events, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newest(Vec<i64>);

impl Newest {
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

    /// Leaves the `k` newest up to the clock and all later ones, none older than `oldest`.
    pub fn trim(&mut self, k: usize, clock: Timestamp, oldest: Timestamp) {
        let n_up_to_now = self.0.partition_point(|&time| time <= clock.0);
        let n_old = self.0.partition_point(|&time| time < oldest.0);
        let n_gone = n_up_to_now.saturating_sub(k).max(n_old);
        self.0.drain(..n_gone);
    }

    /// Whether `sought` holds of those in the window: of how many there are, or of how long ago
    /// the last one was.
    #[must_use]
    pub fn judge(&self, sought: &Sought<'_>, moving: &dyn Moving, t: Timestamp) -> Judged {
        judged(&self.0, sought, moving, t)
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

/// The same for any ascending times.
pub(super) fn judged(
    times: &[i64],
    sought: &Sought<'_>,
    moving: &dyn Moving,
    t: Timestamp,
) -> Judged {
    let value = |slide: &Slide<'_>| {
        let range = slide.range();
        match sought.measured {
            Measured::SinceLast => sought.days(times[range].last(), slide.at()),
            Measured::SinceFirst => sought.days(times[range].first(), slide.at()),
            _ => Some(range.len() as f64),
        }
    };
    let turns = |slide: &Slide<'_>| sought.turns(slide);
    Slide::new(times, moving, t).judge(|slide| sought.takes(value(slide)), turns)
}
