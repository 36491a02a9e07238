//! Who is meant? The language in which customers are chosen, as a tree, as words, as a formula and
//! as SQL.
//!
//! A [`Definition`] is a tree of tests ([`Predicate`] over [`Criterion`]) and a [`Calendar`]. A test
//! is a *fact* (what is known of the customer now) or a *behaviour* (what their events in a window
//! come to). What "last 30 days" and "the last whole week" mean is said by [`Lookback`] and
//! [`Period`], what a date in the next 7 days is by [`DateTest`]. Here are also the nouns that
//! insights and definitions share: calendars, periods, selections of events, their words and SQL.

mod bound;
pub mod calendar;
mod check;
mod criteria;
mod criterion;
mod dates;
mod definition;
pub mod error;
pub mod form;
pub mod formula;
mod length;
mod lookback;
#[cfg(any(test, feature = "naive"))]
pub mod naive;
mod number;
pub mod period;
mod predicate;
pub mod selection;
pub mod sql;
#[cfg(test)]
mod testing;
mod uses;
mod vocabulary;
pub mod words;

pub use bound::Bound;
pub use calendar::{Calendar, Grain};
pub use check::{COUNT_MAX, DEPTH_MAX, NODES_MAX, STEPS_MAX, TRAIL_EVENTS_MAX, check};
pub use criterion::{
    Behaviour, Criterion, FactCriterion, FactIs, InOrder, NotFollowed, Quantity, Same, Share,
    ValueTest, Which,
};
pub use dates::{DateTest, Judged, Moment, YEARLY_DAYS_MAX};
pub use definition::Definition;
pub use error::{BadDefinition, Problem};
pub use jiff::civil::{Date, Weekday, date};
pub use length::Length;
pub use lookback::{Lookback, NEVER, Since, clip};
pub use number::NumberTest;
pub use period::{Comparison, Period};
pub use predicate::{Node, NodeNo, Path, Predicate};
pub use uses::{Other, Uses, cycle};
pub use vocabulary::{Known, Unknown, Vocabulary};
