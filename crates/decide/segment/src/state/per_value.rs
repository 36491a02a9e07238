//! When was each value last said, or when was the last event of each local day?
//!
//! Kept for `distinct` and `days` in windows that end now: of each value the newest time, of the
//! `k` newest values. A value that gave way has `k` others that are as new: wherever it counts they
//! count, and fewer than `k` are not told apart from more.

use super::measured::Sought;
use super::moving::{Moving, Slide, earliest};
use super::times;
use crate::bytes::{Reader, put, put_fixed, put_signed};
use crate::error::DecodeError;
use base::Timestamp;
use definition::Judged;
use std::collections::BTreeSet;

/// Times and the values said then (64-bit fingerprints of texts, or days), ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PerValue(Vec<(i64, u64)>);

impl PerValue {
    /// Takes an event of `at` that says `value`.
    pub fn absorb(&mut self, at: Timestamp, value: u64) {
        let said = (at.0, value);
        if let Err(place) = self.0.binary_search(&said) {
            self.0.insert(place, said);
        }
    }

    /// Takes all that `other` knows of other events.
    pub fn join(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
        self.0.sort_unstable();
        self.0.dedup();
    }

    /// Leaves, of the `k` newest values up to the clock, the newest time; all later ones; none
    /// older than `oldest`.
    pub fn trim(&mut self, k: usize, clock: Timestamp, oldest: Timestamp) {
        let mut seen = BTreeSet::new();
        let mut keeps = |&(at, value): &(i64, u64)| {
            at > clock.0 || (at >= oldest.0 && seen.len() < k && seen.insert(value))
        };
        let mut kept: Vec<(i64, u64)> = self.0.iter().rev().copied().filter(|s| keeps(s)).collect();
        kept.reverse();
        self.0 = kept;
    }

    /// Whether `sought` holds of how many values are in the window.
    #[must_use]
    pub fn judge(&self, sought: &Sought<'_>, moving: &dyn Moving, t: Timestamp) -> Judged {
        let n_seen = self.0.partition_point(|&(at, _)| at <= t.0);
        let mut said: Vec<(i64, u64)> = self.0[..n_seen].iter().rev().copied().collect();
        let mut values = BTreeSet::new();
        said.retain(|&(_, value)| values.insert(value));
        said.reverse();
        let times: Vec<i64> = said.iter().map(|&(at, _)| at).collect();
        let count = |slide: &Slide<'_>| sought.takes(Some(slide.range().len() as f64));
        let judged = Slide::new(&times, moving, t).judge(count, |_| None);
        let next = self.0.get(n_seen).map(|&(at, _)| Timestamp(at));
        Judged { until: earliest(judged.until, next), ..judged }
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many, and whether the values are small; then, from the newest, the times as steps
    /// backwards, and the values.
    pub(crate) fn encode(&self, into: &mut Vec<u8>) {
        let is_small = self.0.iter().all(|&(_, value)| value <= u64::from(u32::MAX));
        put(into, (self.0.len() as u64) << 1 | u64::from(is_small));
        let mut later: Option<i64> = None;
        for &(at, value) in self.0.iter().rev() {
            match later {
                None => put_signed(into, at),
                Some(later) => put(into, later.wrapping_sub(at).cast_unsigned()),
            }
            later = Some(at);
            if is_small { put(into, value) } else { put_fixed(into, value) }
        }
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let head = from.whole()?;
        let is_small = head & 1 == 1;
        let mut said: Vec<(i64, u64)> = Vec::new();
        for _ in 0..head >> 1 {
            let at = match said.last() {
                None => from.signed()?,
                Some(&(later, _)) => times::earlier(later, from.whole()?)?,
            };
            said.push((at, if is_small { from.whole()? } else { from.fixed()? }));
        }
        said.reverse();
        Ok(Self(said))
    }
}
