//! What did the last event say, or the first?
//!
//! Kept for the last value in windows that end now and the first one over ever and between dates:
//! whether what is asked holds for the value that stood there, not the value.

use super::moving::{Moving, Slide};
use super::times;
use crate::bytes::{Reader, put, put_signed};
use crate::error::DecodeError;
use base::Timestamp;
use definition::Judged;

/// Which event is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The first.
    First,
    /// The last.
    Last,
}

/// An event: when it happened, its number, whether what is asked holds for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    at: i64,
    seq: u64,
    holds: bool,
}

/// The event of that side up to the clock; of the last, all later ones besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge(Vec<Said>);

impl Edge {
    /// Takes the event of `at` with the number `seq`, for which what is asked `holds` or not.
    pub fn absorb(&mut self, at: Timestamp, seq: u64, holds: bool) {
        let said = Said { at: at.0, seq, holds };
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

    /// Leaves the one of that side up to the clock, and later ones where they will be it; none
    /// older than `oldest`.
    pub fn trim(&mut self, side: Side, clock: Timestamp, oldest: Timestamp) {
        match side {
            Side::First => self.0.truncate(1),
            Side::Last => {
                let n_up_to_now = self.0.partition_point(|said| said.at <= clock.0);
                let n_old = self.0.partition_point(|said| said.at < oldest.0);
                self.0.drain(..n_up_to_now.saturating_sub(1).max(n_old));
            }
        }
    }

    /// Whether what is asked holds of that side of the window; of an empty one it `is_so_of_none`.
    #[must_use]
    pub fn judge(
        &self,
        (side, is_so_of_none): (Side, bool),
        moving: &dyn Moving,
        t: Timestamp,
    ) -> Judged {
        let times: Vec<i64> = self.0.iter().map(|said| said.at).collect();
        let holds = |slide: &Slide<'_>| {
            let said = &self.0[slide.range()];
            let edge = match side {
                Side::First => said.first(),
                Side::Last => said.last(),
            };
            edge.map_or(is_so_of_none, |said| said.holds)
        };
        Slide::new(&times, moving, t).judge(holds, |_| None)
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn encode(&self, into: &mut Vec<u8>) {
        put(into, self.0.len() as u64);
        let mut later: Option<i64> = None;
        for said in self.0.iter().rev() {
            match later {
                None => put_signed(into, said.at),
                Some(later) => put(into, later.wrapping_sub(said.at).cast_unsigned()),
            }
            later = Some(said.at);
            put(into, said.seq);
            into.push(said.holds.into());
        }
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut all: Vec<Said> = Vec::new();
        for _ in 0..from.count()? {
            let at = match all.last() {
                None => from.signed()?,
                Some(later) => times::earlier(later.at, from.whole()?)?,
            };
            all.push(Said { at, seq: from.whole()?, holds: from.byte()? == 1 });
        }
        all.reverse();
        Ok(Self(all))
    }
}
