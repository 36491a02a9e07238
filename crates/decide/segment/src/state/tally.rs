//! How many were there, and what do they add up to?
//!
//! Kept for `times`, sums and means over ever and between dates: events come in and never go out.

use super::measured::{Measured, Sought};
use crate::bytes::{Reader, put, put_fixed, put_number, put_signed};
use crate::error::DecodeError;
use base::Timestamp;
use definition::Judged;
use stats::ExactSum;

/// The events up to the clock, and later ones apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    n: u64,
    sum: ExactSum,
    /// Times and numbers, ascending.
    later: Vec<(i64, f64)>,
}

impl Tally {
    /// Takes an event of `at`, and its number; 0 where none is added up.
    pub fn absorb(&mut self, at: Timestamp, number: f64) {
        self.later.push((at.0, number));
        self.later.sort_by(in_order);
    }

    /// Takes all that `other` knows of other events.
    pub fn join(&mut self, other: &Self) {
        self.n += other.n;
        self.sum.merge(&other.sum);
        self.later.extend_from_slice(&other.later);
        self.later.sort_by(in_order);
    }

    /// Takes those up to the clock together.
    pub fn trim(&mut self, clock: Timestamp) {
        let n_up_to_now = self.later.partition_point(|&(at, _)| at <= clock.0);
        for (_, number) in self.later.drain(..n_up_to_now) {
            self.n += 1;
            self.sum.add(number);
        }
    }

    /// Whether `sought` holds at `t`.
    #[must_use]
    pub fn judge(&self, sought: &Sought<'_>, t: Timestamp) -> Judged {
        let mut now = self.clone();
        now.trim(t);
        let holds = now.holds(sought);
        while let Some(next) = now.later.first().map(|&(at, _)| Timestamp(at)) {
            now.trim(next);
            if now.holds(sought) != holds {
                return Judged { holds, until: Some(next) };
            }
        }
        Judged { holds, until: None }
    }

    fn holds(&self, sought: &Sought<'_>) -> bool {
        let n = self.n as f64;
        let value = match sought.measured {
            Measured::Sum => Some(self.sum.value()),
            Measured::Mean => (self.n > 0).then(|| self.sum.value() / n),
            _ => Some(n),
        };
        sought.takes(value)
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n == 0 && self.later.is_empty()
    }

    pub(crate) fn encode(&self, into: &mut Vec<u8>) {
        put(into, self.n);
        let (fixed, partials) = self.sum.parts();
        let zigzag = (fixed.cast_unsigned() << 1) ^ (fixed >> 127).cast_unsigned();
        // Most sums are whole, or of hundredths: the units have many zeros at their end.
        let n_zeros = if zigzag == 0 { 0 } else { zigzag.trailing_zeros() };
        let digits = zigzag >> n_zeros;
        put(into, u64::from(n_zeros));
        put(into, digits as u64);
        put(into, (digits >> 64) as u64);
        put(into, partials.len() as u64);
        partials.iter().for_each(|partial| put_fixed(into, partial.to_bits()));
        put(into, self.later.len() as u64);
        for &(at, number) in &self.later {
            put_signed(into, at);
            put_number(into, number);
        }
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let n = from.whole()?;
        let n_zeros = u32::try_from(from.whole()?).ok().filter(|n| *n < 128);
        let n_zeros = n_zeros.ok_or(DecodeError::Damaged { what: "a sum is out of range" })?;
        let low = u128::from(from.whole()?);
        let zigzag = (low | u128::from(from.whole()?) << 64) << n_zeros;
        let fixed = (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed();
        let mut partials = Vec::new();
        for _ in 0..from.count()? {
            partials.push(f64::from_bits(from.fixed()?));
        }
        let sum = ExactSum::from_parts(fixed, &partials);
        let sum = sum.ok_or(DecodeError::Damaged { what: "a sum is no number" })?;
        let mut later = Vec::new();
        for _ in 0..from.count()? {
            later.push((from.signed()?, from.number()?));
        }
        Ok(Self { n, sum, later })
    }
}

/// By time, then by number, so that the order of arrival does not matter.
pub(super) fn in_order(a: &(i64, f64), b: &(i64, f64)) -> std::cmp::Ordering {
    a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
}
