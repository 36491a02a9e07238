//! What do all crates agree on before they say a word about customers?
//!
//! Ids, time, money, limits, seeds, stable hashes and the kinds of error. Nothing here does I/O,
//! reads a clock or draws randomness of its own.

pub mod error;
pub mod hash;
pub mod ids;
pub mod limits;
pub mod money;
pub mod seed;
pub mod time;

pub use error::{Error, ErrorKind};
pub use ids::{
    AccountId, AlertId, BoardId, ComputedId, CustomerId, FillId, FiringId, HookId, IdentifierId,
    ImportId, LinkageRunId, NoteId, PairId, Position, QueryId, RequestId, SegmentId, SourceId,
    TokenId, UserId,
};
pub use limits::Limits;
pub use money::{Currency, Money};
pub use time::{Duration, Timestamp};
