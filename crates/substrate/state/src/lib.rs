//! Where are the operational tables kept, and what can be asked of them?
//!
//! One SQL text for SQLite (default) and PostgreSQL. The processor writes through one [`Batch`]
//! per step, which commits with the log position; everybody else reads.

pub mod accounts;
pub mod admin;
pub mod batch;
mod bulk;
mod checkpoint;
pub mod counts;
pub mod customers;
pub mod db;
pub mod debugger;
pub mod edits;
pub mod error;
pub mod history;
pub mod identity;
pub mod linkage;
pub mod listing;
pub mod moves;
mod pace;
pub mod privacy;
pub mod products;
pub mod relations;
pub mod rules;
mod schema;
pub mod seen;
pub mod state;
pub mod tables;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod value;

pub use accounts::{AccountPage, AccountRow, Membership};
pub use batch::Batch;
pub use counts::{Count, HourCount, NameCount, Observation, SourceCount};
pub use customers::{CustomerCounts, CustomerRow};
pub use db::{Db, Tx};
pub use debugger::{RefusalOutcome, RefusalQuery, RefusalRow};
pub use edits::EditRow;
pub use error::StateError;
pub use history::{FreshBatch, RunRow};
pub use identity::{Clusters, IdentifierRow, IdentityChange, LinkKnown, LinkRow};
pub use linkage::{
    LinkageCounts, LinkageRunRow, N_SPREAD_BINS, PairOrder, PairQuery, PairRow, PairVerdict,
};
pub use listing::{
    CustomerCursor, CustomerFilter, CustomerPage, CustomerQuery, CustomerSort, Searchable,
};
pub use moves::MoveRow;
pub use privacy::{
    ErasedRows, ErasureRow, Forgotten, MENTION_PLACES, MentionKey, MentionPlace, RequestFilter,
    RequestRow, RequestSummary, SuspensionRow, TombstoneRow,
};
pub use products::ProductRow;
pub use relations::{
    AccountDomainRow, AccountStatementRow, AccountVerdictRow, CodeRow, HandChange, HandPlace,
    HandWord, RelationEditRow, RelationRow, RemovalRow,
};
pub use rules::RulesRow;
pub use seen::Seen;
pub use state::{Progress, State};
pub use tables::After;
pub use value::{Row, Sql, Value};
