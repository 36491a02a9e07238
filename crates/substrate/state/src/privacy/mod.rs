//! Who was forgotten, whose data rest, and who asked for what?
//!
//! One file per noun. What an erasure takes away goes through a [`crate::Batch`], in the order of
//! the log; the rest of its steps, and everything about suspensions and requests, are changes of
//! their own.

mod erasure;
mod mention;
mod request;
mod suspension;
mod tombstone;
mod wipe;

#[cfg(test)]
mod tests;

pub use erasure::{ErasedRows, ErasureRow, Forgotten};
pub use mention::{MENTION_PLACES, MentionKey, MentionPlace};
pub use request::{RequestFilter, RequestRow, RequestSummary};
pub(crate) use suspension::SUSPENDED;
pub use suspension::SuspensionRow;
pub use tombstone::TombstoneRow;
