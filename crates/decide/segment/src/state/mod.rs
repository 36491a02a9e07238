//! What is kept of the events of a behaviour, so that it can be judged without them?
//!
//! A state takes events in any order (`absorb`), is joined with what is known under another
//! identifier (`join`), forgets what can never count again (`trim`), answers now and says until
//! when (`judge`), and is written and read (`encode`, `decode`). Its laws:
//!
//! - L1: the order of arrival does not matter;
//! - L2: `join` is a union: in any order and grouping, and what was parted before is joined after;
//! - L3: what is written is read;
//! - L4: forgetting at a moment changes no answer at that moment or later;
//! - L5: until the moment that it names, without news, an answer stays what it is.

mod edge;
mod extreme;
mod measured;
mod moving;
mod newest;
mod oldest;
mod per_value;
mod tally;
mod times;
mod trail;

pub use edge::{Edge, Side};
pub use extreme::{End, Extreme};
pub use measured::{Measured, Sought};
pub use moving::Moving;
pub use newest::Newest;
pub use oldest::Oldest;
pub use per_value::PerValue;
pub use tally::Tally;
pub use trail::{ABSENT, COLUMNS_MAX, Columns, Item, MARKS_MAX, Trail};

pub(crate) use measured::n_decisive;
pub(crate) use moving::{After, Slide, earliest};

use crate::bytes::Reader;
use crate::error::DecodeError;
use base::{Duration, Timestamp};
use timeline::Window;

/// What is kept of the events of a behaviour, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Keep {
    /// In which form.
    pub form: Form,
    /// How long an event may still count; `None`: for ever.
    pub reach: Option<Duration>,
    /// Events outside are not kept.
    pub within: Window,
}

/// In which form events are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// The times of the `k` newest.
    Newest {
        /// How many.
        k: u32,
    },
    /// The times of the `k` oldest.
    Oldest {
        /// How many.
        k: u32,
    },
    /// The newest time of the `k` newest values.
    PerValue {
        /// How many.
        k: u32,
    },
    /// How many there were and their sum.
    Tally,
    /// The least or greatest number.
    Extreme(End),
    /// What the first or last one says.
    Edge(Side),
    /// The newest, one by one.
    Trail {
        /// How many up to the clock.
        most: u32,
        /// What of each.
        columns: Columns,
    },
}

/// The state of one behaviour under one identifier.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// See [`Newest`].
    Newest(Newest),
    /// See [`Oldest`].
    Oldest(Oldest),
    /// See [`PerValue`].
    PerValue(PerValue),
    /// See [`Tally`].
    Tally(Tally),
    /// See [`Extreme`].
    Extreme(Extreme),
    /// See [`Edge`].
    Edge(Edge),
    /// See [`Trail`].
    Trail(Trail),
}

impl Keep {
    /// The same form, deep enough for both.
    #[must_use]
    pub fn deeper(self, other: Self) -> Self {
        let form = match (self.form, other.form) {
            (Form::Newest { k }, Form::Newest { k: l }) => Form::Newest { k: k.max(l) },
            (Form::Oldest { k }, Form::Oldest { k: l }) => Form::Oldest { k: k.max(l) },
            (Form::PerValue { k }, Form::PerValue { k: l }) => Form::PerValue { k: k.max(l) },
            (form, _) => form,
        };
        let reach = self.reach.zip(other.reach).map(|(a, b)| a.max(b));
        Self { form, reach, within: self.within }
    }

    /// Whether what is kept like this answers whatever is asked of the other.
    #[must_use]
    pub fn is_enough_for(self, other: Self) -> bool {
        self.deeper(other) == self && self.is_like(other)
    }

    /// Whether it is the same but for its depth.
    #[must_use]
    pub fn is_like(self, other: Self) -> bool {
        std::mem::discriminant(&self.form) == std::mem::discriminant(&other.form)
            && self.within == other.within
            && self.deeper(other).form == other.deeper(self).form
    }

    /// Nothing known yet.
    #[must_use]
    pub fn start(self) -> State {
        match self.form {
            Form::Newest { .. } => State::Newest(Newest::default()),
            Form::Oldest { .. } => State::Oldest(Oldest::default()),
            Form::PerValue { .. } => State::PerValue(PerValue::default()),
            Form::Tally => State::Tally(Tally::default()),
            Form::Extreme(_) => State::Extreme(Extreme::default()),
            Form::Edge(_) => State::Edge(Edge::default()),
            Form::Trail { columns, .. } => State::Trail(Trail::new(columns)),
        }
    }

    /// How many events of a trail count; of other forms all that are kept.
    #[must_use]
    pub fn most(self) -> usize {
        match self.form {
            Form::Trail { most, .. } => most as usize,
            _ => usize::MAX,
        }
    }

    fn oldest(self, clock: Timestamp) -> Timestamp {
        self.reach.map_or(Timestamp(i64::MIN), |reach| clock.minus(reach))
    }
}

impl State {
    /// Takes an event of its behaviour; where the form needs a field that the event has not, it is
    /// none of the behaviour's.
    pub fn absorb(&mut self, item: &Item, keep: Keep) {
        let at = Timestamp(item.at);
        if !keep.within.holds(at) {
            return;
        }
        match self {
            Self::Newest(state) => state.absorb(at),
            Self::Oldest(state) => state.absorb(at),
            Self::PerValue(state) => {
                item.text(0).into_iter().for_each(|value| state.absorb(at, value));
            }
            Self::Tally(state) => {
                item.number(0).into_iter().for_each(|number| state.absorb(at, number));
            }
            Self::Extreme(state) => {
                item.number(0).into_iter().for_each(|number| state.absorb(at, number));
            }
            Self::Edge(state) => state.absorb(at, item.seq, item.is(1)),
            Self::Trail(state) => state.absorb(*item),
        }
    }

    /// Takes all that `other` knows, of the same behaviour under another identifier.
    ///
    /// # Panics
    /// If it is of another form.
    pub fn join(&mut self, other: &Self, keep: Keep) {
        match (self, other) {
            (Self::Newest(a), Self::Newest(b)) => a.join(b),
            (Self::Oldest(a), Self::Oldest(b)) => a.join(b),
            (Self::PerValue(a), Self::PerValue(b)) => a.join(b),
            (Self::Tally(a), Self::Tally(b)) => a.join(b),
            (Self::Extreme(a), Self::Extreme(b)) => {
                let Form::Extreme(end) = keep.form else { panic!("the form is of another state") };
                a.join(b, end);
            }
            (Self::Edge(a), Self::Edge(b)) => a.join(b),
            (Self::Trail(a), Self::Trail(b)) => a.join(b),
            _ => panic!("states of one behaviour have one form"),
        }
    }

    /// Forgets what can never count again at the clock or later.
    pub fn trim(&mut self, keep: Keep, clock: Timestamp) {
        let oldest = keep.oldest(clock);
        match (self, keep.form) {
            (Self::Newest(state), Form::Newest { k }) => state.trim(k as usize, clock, oldest),
            (Self::Oldest(state), Form::Oldest { k }) => state.trim(k as usize),
            (Self::PerValue(state), Form::PerValue { k }) => state.trim(k as usize, clock, oldest),
            (Self::Tally(state), Form::Tally) => state.trim(clock),
            (Self::Extreme(state), Form::Extreme(end)) => state.trim(end, clock),
            (Self::Edge(state), Form::Edge(side)) => state.trim(side, clock, oldest),
            (Self::Trail(state), Form::Trail { most, .. }) => {
                state.trim(most as usize, clock, oldest);
            }
            _ => panic!("a state has the form of its behaviour"),
        }
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Newest(state) => state.is_empty(),
            Self::Oldest(state) => state.is_empty(),
            Self::PerValue(state) => state.is_empty(),
            Self::Tally(state) => state.is_empty(),
            Self::Extreme(state) => state.is_empty(),
            Self::Edge(state) => state.is_empty(),
            Self::Trail(state) => state.is_empty(),
        }
    }

    /// The bytes to be stored, behind those that are there.
    pub fn encode(&self, into: &mut Vec<u8>) {
        match self {
            Self::Newest(state) => state.encode(into),
            Self::Oldest(state) => state.encode(into),
            Self::PerValue(state) => state.encode(into),
            Self::Tally(state) => state.encode(into),
            Self::Extreme(state) => state.encode(into),
            Self::Edge(state) => state.encode(into),
            Self::Trail(state) => state.encode(into),
        }
    }

    /// Reads what [`encode`](Self::encode) wrote of a state of this form.
    ///
    /// # Errors
    /// If the bytes are damaged.
    pub fn decode(form: Form, bytes: &[u8]) -> Result<Self, DecodeError> {
        let from = &mut Reader::new(bytes);
        let state = match form {
            Form::Newest { .. } => Self::Newest(Newest::decode(from)?),
            Form::Oldest { .. } => Self::Oldest(Oldest::decode(from)?),
            Form::PerValue { .. } => Self::PerValue(PerValue::decode(from)?),
            Form::Tally => Self::Tally(Tally::decode(from)?),
            Form::Extreme(_) => Self::Extreme(Extreme::decode(from)?),
            Form::Edge(_) => Self::Edge(Edge::decode(from)?),
            Form::Trail { .. } => Self::Trail(Trail::decode(from)?),
        };
        if from.is_empty() {
            Ok(state)
        } else {
            Err(DecodeError::Damaged { what: "bytes are left over" })
        }
    }
}

#[cfg(test)]
mod tests;
