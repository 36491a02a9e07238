//! How does a computation go through timelines?

use crate::ask::Ask;
use crate::rows::{Columns, Rows};
use base::CustomerId;

/// A computation over one customer's timeline, and the sum over customers.
///
/// `step` is given the rows in order, in as many stretches as please the caller: stepping through
/// a timeline at once or row by row must come to the same. `merge` must not care for order.
pub trait Fold: Sync {
    /// What is known in the middle of one timeline.
    type State;
    /// What a number of customers come to.
    type Total: Send;

    /// What it wants to see.
    fn ask(&self) -> &Ask;
    /// Before the first row.
    fn start(&self) -> Self::State;
    /// The next rows.
    fn step(&self, state: &mut Self::State, rows: Rows<'_>);
    /// After the last row; called only for customers who have a row.
    fn finish(&self, state: Self::State, customer: CustomerId, total: &mut Self::Total);
    /// All rows of one customer at once, at least one. Comes to the same as start, step, finish; a
    /// fold has its own where it is faster to write into the total without a state between.
    #[inline]
    fn whole(&self, rows: Rows<'_>, total: &mut Self::Total) {
        let mut state = self.start();
        self.step(&mut state, rows);
        self.finish(state, rows.customer(), total);
    }
    /// No customers.
    fn total(&self) -> Self::Total;
    /// The customers of both; none is in both.
    fn merge(&self, into: &mut Self::Total, other: Self::Total);
}

/// Takes all customers of `columns` into `total`: those of their rows that are in the window.
pub fn fold_columns<F: Fold>(fold: &F, columns: &Columns<'_>, total: &mut F::Total) {
    for place in 0..columns.customers.len() {
        fold_rows(fold, columns.rows(place).clip(fold.ask().window), total);
    }
}

/// Takes one customer with all of their rows into `total`; without rows there is nothing to take.
#[inline]
pub fn fold_rows<F: Fold>(fold: &F, rows: Rows<'_>, total: &mut F::Total) {
    if !rows.is_empty() {
        fold.whole(rows, total);
    }
}
