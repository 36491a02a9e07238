//! Where are all timelines kept, and how is one of them read in milliseconds?
//!
//! New events are *fresh*: in memory, and as one packed blob per batch in the state database. A
//! flush writes them into *runs*: Parquet files sorted by (customer, time, number), one per bucket
//! of customers. Compaction merges runs and brings rows to the customer that they belong to now.
//! Which runs are live is decided by the state database alone; this crate takes and returns plain
//! [`RunMeta`] values. A file is written once, synced before it is named, and never changed.
//!
//! ```text
//! events → FreshBatch::pack → (blob committed) → History::add
//! History::flush → (runs listed, blobs dropped: one transaction) → History::install
//! History::plan → History::compact → (runs swapped) → History::install → remove_retired
//! ```
//!
//! Questions about behaviour are folds over all timelines ([`History::fold`]): bucket by bucket on
//! several threads, from decoded columns that stay in memory while there is room. Properties that
//! are often asked for lie in columns of their own; which, a run's own schema says.

mod backseat;
mod columns;
mod compact;
mod encode;
mod error;
mod event;
mod filter;
mod fold;
mod found;
mod fresh;
mod history;
mod hot;
mod moves;
mod pack;
mod plan;
mod read;
mod reader;
mod rewrite;
mod run;
mod scan;
mod source;
mod stale;
mod store;
mod typed;
mod verify;
mod write;

pub use backseat::take_back_seat;
pub use columns::schema;
pub use compact::Compacted;
pub use error::{Cause, HistoryError};
pub use event::{BadCursor, Cursor, StoredEvent};
pub use filter::{Filter, TimelinePage, TimelineQuery};
pub use fold::{
    AnyFolded, FactColumns, FoldOptions, Folded, Folding, Known, NoFacts, Progress, Seen,
};
pub use fresh::Fresh;
pub use history::{Flushed, History, News, Size, Snapshot};
pub use moves::{Moved, Moves};
pub use pack::{FreshBatch, PackedEvent, Packer};
pub use plan::{Job, MIXED_RUNS_MAX, RUNS_PER_BUCKET_MAX, plan_compaction};
pub use reader::RunReader;
pub use rewrite::{CustomerOf, Drops, Redacts, Rewrite, RowSeen, RowText};
pub use run::{N_BUCKETS, RunMeta, bucket_of};
pub use store::{Orphan, RunStore};
