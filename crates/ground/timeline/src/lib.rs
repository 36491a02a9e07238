//! How is a question about behaviour put to one customer's events in time order?
//!
//! A *fold* goes through one timeline: start a state, step it through the rows, finish it. What it
//! wants to see of the events it says in an [`Ask`]: the time window, conditions (each becomes a
//! bit of every row's *marks*), numbers, labels, traits of the customer. Whoever has timelines (the
//! stored history, a test with a few plain events) gives it exactly these columns, customer by
//! customer, rows sorted by time and then by arrival. Where rows come in bouts, whoever gives them
//! may say so ([`Bouts`]): folds that ask for no more than days, weeks or visits skip what is inside
//! of a bout.
//!
//! ```text
//! Ask ─► columns of many customers (Columns) ─► rows of one (Rows) ─► Fold::step ─► Fold::finish
//! ```

mod among;
mod ask;
mod bouts;
mod condition;
mod fact;
mod field;
mod fold;
mod pick;
mod plain;
mod rows;
mod texts;
mod version;
mod when;

pub use among::{Among, FactTest};
pub use ask::{Ask, CONDITIONS_MAX, Label, Window};
pub use bouts::{BOUT_PAUSE, Bouts, BoutsFrom, CustomerBouts};
pub use condition::{Condition, Op, Test};
pub use fact::{Fact, HeldBy, Own, RelationCount};
pub use field::{Field, Scalar, View};
pub use fold::{Fold, fold_columns, fold_rows};
pub use pick::{Picked, Picker};
pub use plain::{PlainEvent, PlainFacts, fold_plain};
pub use rows::{Columns, Marks, Rows};
pub use texts::{ABSENT, Texts};
pub use version::{Than, Version, VersionTest};
pub use when::{MonthDay, When, WrittenDate, day_of, month_day_of};
