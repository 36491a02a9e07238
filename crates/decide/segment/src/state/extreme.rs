//! Which was the least number, or the greatest?
//!
//! Kept for least and greatest over ever and between dates: events come in and never go out.

use super::measured::Sought;
use super::tally::in_order;
use crate::bytes::{Reader, put, put_number, put_signed};
use crate::error::DecodeError;
use base::Timestamp;
use definition::Judged;

/// Whether the least or the greatest number is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// The least.
    Least,
    /// The greatest.
    Greatest,
}

impl End {
    /// The one of two numbers that is nearer to this end.
    #[must_use]
    pub fn of(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Least => a.min(b),
            Self::Greatest => a.max(b),
        }
    }
}

/// The number of the events up to the clock, and later ones apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extreme {
    now: Option<f64>,
    /// Times and numbers, ascending.
    later: Vec<(i64, f64)>,
}

impl Extreme {
    /// Takes an event of `at` and its number.
    pub fn absorb(&mut self, at: Timestamp, number: f64) {
        // Minus nought is nought.
        self.later.push((at.0, number + 0.0));
        self.later.sort_by(in_order);
    }

    /// Takes all that `other` knows of other events.
    pub fn join(&mut self, other: &Self, end: End) {
        self.now = self.now.into_iter().chain(other.now).reduce(|a, b| end.of(a, b));
        self.later.extend_from_slice(&other.later);
        self.later.sort_by(in_order);
    }

    /// Takes those up to the clock together.
    pub fn trim(&mut self, end: End, clock: Timestamp) {
        let n_up_to_now = self.later.partition_point(|&(at, _)| at <= clock.0);
        let numbers = self.later.drain(..n_up_to_now).map(|(_, number)| number);
        self.now = self.now.into_iter().chain(numbers).reduce(|a, b| end.of(a, b));
    }

    /// Whether `sought` holds at `t` of the number at this end.
    #[must_use]
    pub fn judge(&self, sought: &Sought<'_>, end: End, t: Timestamp) -> Judged {
        let mut now = self.clone();
        now.trim(end, t);
        let holds = sought.takes(now.now);
        while let Some(next) = now.later.first().map(|&(at, _)| Timestamp(at)) {
            now.trim(end, next);
            if sought.takes(now.now) != holds {
                return Judged { holds, until: Some(next) };
            }
        }
        Judged { holds, until: None }
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.now.is_none() && self.later.is_empty()
    }

    pub(crate) fn encode(&self, into: &mut Vec<u8>) {
        put(into, (self.later.len() as u64) << 1 | u64::from(self.now.is_some()));
        self.now.iter().for_each(|now| put_number(into, *now));
        for &(at, number) in &self.later {
            put_signed(into, at);
            put_number(into, number);
        }
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let head = from.whole()?;
        let now = if head & 1 == 1 { Some(from.number()?) } else { None };
        let mut later = Vec::new();
        for _ in 0..head >> 1 {
            later.push((from.signed()?, from.number()?));
        }
        Ok(Self { now, later })
    }
}
