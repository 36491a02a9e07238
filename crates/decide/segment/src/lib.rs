//! Who is in, from when to when, and why? Segments judged live and in batch.
//!
//! A definition is split into *leaves* (which events count and what is kept of them, shared by all
//! definitions), facts, and a tree over tests of these. What is kept of a leaf is a small *state*
//! per identifier; the states, the segments that a customer is in and the moment at which they are
//! to be judged next are their *life*.
//!
//! ```text
//! Bound ─► compile ─► LivePlan
//! stored life ─► Life::fire ─► absorb ─► judge ─► flips, stored life, due
//! ```

mod batch;
mod bits;
mod bytes;
mod compile;
mod error;
mod judge;
mod leaf;
mod lives;
mod matching;
mod matter;
mod next;
mod question;
mod same;
mod sequence;
pub mod state;
mod stretch;

pub use batch::{BatchPlan, DefinitionSet, FactSets, LeafFold, LeafTotal};
pub use compile::{
    Compiled, FactClass, FactDirt, LEAVES_MAX, LeafBook, LivePlan, ProgramId, Serving, compile,
};
pub use error::{DecodeError, TooMuch};
pub use judge::{Cause, Facts, Flip, Life, Step};
pub use leaf::{Leaf, LeafId, TRAIL_EVENTS_MAX};
pub use lives::Member;
pub use matching::EventSeen;
pub use matter::{Column, Matter};
pub use question::{Glass, Measure, Of, Question, ValueOf};
pub use same::{Keyed, Same};
pub use sequence::{InOrder, NotFollowed};
