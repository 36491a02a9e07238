//! What does SQL see of the history and of the tables beside it, and how is it kept in bounds?
//!
//! The only crate that names DataFusion. The design speaks of `history` in this place; the planner
//! lives in a crate of its own instead, so that everything that reads and writes history is checked
//! in seconds and DataFusion is built by those alone who answer SQL.
//!
//! An [`Engine`] answers questions about [`history::History`] and about tables that the shell
//! brings ([`Tables`]). Who asks is a [`Viewer`]: what they may not see is taken out before any
//! condition looks at it. Answers are streams of batches under [`SqlLimits`]; [`write`] turns them
//! into JSON, CSV or Arrow, and [`pg`] speaks the PostgreSQL wire protocol.
//!
//! ```text
//! text → guard (length, depth, reads only) → plan → guard (nothing but reading)
//!      → DataFusion on threads of its own, under one memory pool → batches → writer
//! ```

mod answer;
mod bounded;
mod by_customer;
mod columns;
mod engine;
mod epoch;
mod error;
mod events;
mod folds;
mod guard;
mod ids;
mod ledger;
mod limits;
mod merge;
mod owner;
pub mod pg;
mod plan;
mod rows;
mod runs;
mod scan;
mod session;
mod tables;
mod tally;
mod timelines;
mod veil;
mod versions;
mod viewer;
mod windows;
pub mod write;
mod zoned;

pub use answer::{Answer, Canceller};
pub use columns::{Column, Kind};
pub use engine::Engine;
pub use error::{Cause, Place, SqlError};
pub use events::EVENT_COLUMNS;
pub use folds::{Argument, BadCall, FoldFunction, Folds};
pub use limits::SqlLimits;
pub use rows::{Cell, Rows};
pub use tables::{PageQuery, Table, Tables};
pub use viewer::{Asked, Ledger, Veil, Viewer};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
