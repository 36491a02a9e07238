//! Which runs hold rows that are somebody else's by now, and when are they worth writing anew?
//!
//! How many rows of a customer lie in a run nobody knows without reading it; on average it is the
//! rows of the run by its customers. Customers who move are mostly visitors who came to be known,
//! with fewer rows than others, so the estimate is rather too high. A run that is rewritten holds
//! no stale rows, so moves pay for what they cause: about [`STALE_SHARE`] rows are written for
//! each that is stale.

use crate::history::Snapshot;
use crate::moves::Moves;
use crate::plan::Job;
use crate::run::{N_BUCKETS, RunMeta, bucket_of};
use base::{CustomerId, Position};
use std::borrow::Borrow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Runs of a bucket are written anew when one of this many of their rows is stale, estimated.
const STALE_SHARE: u64 = 32;
/// Fewer stale rows of a bucket than this, estimated, cost those who read next to nothing.
const STALE_ROWS_MIN: u64 = 1_000;
/// Stale pairs ([`Moves::n_stale`]) above which the worst bucket is written anew in any case: about
/// 80 MB of memory.
const STALE_PAIRS_MAX: usize = 500_000;

/// Runs by bucket, to be asked who of them holds rows of somebody.
pub(crate) struct Holders<'a> {
    /// By bucket; behind them those of any bucket. Each with its place.
    runs: Vec<Vec<(usize, &'a RunMeta)>>,
}

impl<'a> Holders<'a> {
    pub fn new<R: Borrow<RunMeta>>(all: &'a [R]) -> Self {
        let mut runs = vec![Vec::new(); usize::from(N_BUCKETS) + 1];
        for (place, run) in all.iter().map(Borrow::borrow).enumerate() {
            runs[usize::from(run.bucket.min(N_BUCKETS))].push((place, run));
        }
        Self { runs }
    }

    /// The places of runs where rows may lie that say `customer` although their identifier came to
    /// point to somebody else at `moved_at`.
    pub fn of(&self, customer: CustomerId, moved_at: Position) -> impl Iterator<Item = usize> {
        let own = &self.runs[usize::from(bucket_of(customer))];
        let both = own.iter().chain(&self.runs[usize::from(N_BUCKETS)]);
        both.filter(move |(_, run)| run.may_hold_stale(customer, moved_at)).map(|&(place, _)| place)
    }

    /// Whether such rows may lie in any.
    pub fn any(&self, customer: CustomerId, moved_at: Position) -> bool {
        self.of(customer, moved_at).next().is_some()
    }
}

/// Rewriting jobs for buckets with many stale rows, the most stale first; with `however_few` for
/// all that may have any.
pub(crate) fn due_to_moves(live: &Snapshot, however_few: bool) -> Vec<Job> {
    let mut buckets: BTreeMap<u16, (u64, u64, Vec<RunMeta>)> = BTreeMap::new();
    for (run, n_stale) in live.runs.iter().zip(n_stale_rows(live)) {
        if n_stale > 0 {
            let (stale, rows, inputs) = buckets.entry(run.bucket).or_default();
            (*stale, *rows) = (*stale + n_stale, *rows + run.n_rows);
            inputs.push(RunMeta::clone(run));
        }
    }
    let mut by_stale: Vec<_> = buckets.into_values().collect();
    by_stale.sort_by_key(|&(n_stale, ..)| Reverse(n_stale));
    let is_full = live.moves.n_stale() > STALE_PAIRS_MAX;
    let is_due = |place: usize, n_stale: u64, n_rows: u64| {
        let is_worth_it = n_stale >= STALE_ROWS_MIN && n_stale * STALE_SHARE >= n_rows;
        is_worth_it || however_few || (is_full && place == 0)
    };
    let due = by_stale.into_iter().enumerate();
    let due = due.filter(|(place, (n_stale, n_rows, _))| is_due(*place, *n_stale, *n_rows));
    due.filter_map(|(_, (_, _, inputs))| Job::rewriting(inputs)).collect()
}

/// The rows of each run that may be somebody else's by now, estimated.
fn n_stale_rows(live: &Snapshot) -> impl Iterator<Item = u64> {
    let mut n_touched = vec![0; live.runs.len()];
    let holders = Holders::new(&live.runs);
    let moves: &Moves = &live.moves;
    for (customer, moved_at) in moves.iter_stale() {
        holders.of(customer, moved_at).for_each(|place| n_touched[place] += 1);
    }
    let estimate = |(run, n): (&std::sync::Arc<RunMeta>, u64)| {
        // Of a run that was written before anybody counted we think the worst.
        let n_customers = run.n_customers.max(1);
        (run.n_rows * n.min(n_customers)).div_ceil(n_customers)
    };
    live.runs.iter().zip(n_touched).map(estimate)
}

#[cfg(test)]
mod tests;
