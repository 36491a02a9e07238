//! How often, by how many and with which numbers, over time?
//!
//! One or more series, each an event that counts and a measure of it, by hour, day, week… of a
//! time zone; by a property or trait; a formula over the series; the period before beside it.

mod answer;
mod definition;
mod plan;
mod table;
#[cfg(test)]
mod tests;
mod total;
mod twin;

pub use answer::{Answer, Line, Of, Point, Span};
pub use definition::{Definition, Measure, SERIES_MAX, Series, series_words};
pub use plan::Plan;
pub use total::{KEPT_MAX, Total};
