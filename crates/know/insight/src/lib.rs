//! Which questions about behaviour can be asked, and how is each answered by one pass?
//!
//! Each insight is one module: a *definition* (what is asked, as a plain value), its *plan* (the
//! definition checked and the calendar laid out; it is the [`timeline::Fold`] that answers it), the
//! *answer*, and the same definition in words and in SQL. What they share: the [`Calendar`] with
//! its [`Spans`] (local days, weeks, months), the [`Period`], selections of events
//! ([`selection`]), the [`Breakdown`] into groups, and the customers [`Behind`] a point.
//!
//! ```text
//! Definition ─► Plan (a Fold) ─► total, texts ─► Answer
//!            └► words, SQL
//! ```

mod behind;
mod breakdown;
pub mod catalogue;
mod cells;
mod error;
pub mod formula;
pub mod funnel;
mod kept;
pub mod last_touch;
pub mod lifecycle;
mod listed;
pub mod metric;
pub mod paths;
pub mod retention;
pub mod rfm;
pub mod selection;
mod spans;
pub mod sql;
pub mod stickiness;
#[cfg(test)]
mod testing;
mod took;
pub mod trend;
pub mod unusual;
pub mod visits;

pub use behind::{Behind, LISTED_MAX, WithEvent};
pub use breakdown::{Breakdown, By, Codes, GROUPS_DEFAULT, GROUPS_MAX, Group, Groups, shown};
pub use definition::{Calendar, Comparison, Date, Grain, Period, Weekday, date};
pub(crate) use definition::{calendar, period, words};
pub use error::{BadDefinition, Problem, TooMuch};
pub use kept::Kept;
pub use listed::Listed;
pub use spans::{SPANS_MAX, Spans};
pub use took::{BINS, Bin, Took};
