//! Under which limits is a question answered, and what comes with the answer?

use crate::error::Cause;
use base::{CustomerId, Position};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use timeline::{Fact, Texts};

/// What is known of customers now.
pub trait FactColumns: Send + Sync {
    /// Gives `put` the label of `fact` for each of `customers` (ascending) of whom it is known, with the customer's place, in whatever order.
    ///
    /// # Errors
    /// What keeps the fact from being read.
    fn labels(
        &self,
        fact: &Fact,
        customers: &[CustomerId],
        put: &mut dyn FnMut(usize, &str),
    ) -> Result<(), Cause>;
}

/// Nothing is known of anybody.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFacts;

impl FactColumns for NoFacts {
    fn labels(
        &self,
        _fact: &Fact,
        _customers: &[CustomerId],
        _put: &mut dyn FnMut(usize, &str),
    ) -> Result<(), Cause> {
        Ok(())
    }
}

/// Under which limits a question is answered.
#[derive(Clone)]
pub struct FoldOptions {
    /// Customers who count for nothing, ascending: as if they had no rows.
    pub without: Arc<[CustomerId]>,
    /// Where facts come from.
    pub traits: Arc<dyn FactColumns>,
    /// Threads that work at it; at least 1 is taken.
    pub threads: usize,
    /// Calls it off when set.
    pub cancel: Arc<AtomicBool>,
    /// Told how far it is.
    pub progress: Option<Arc<Progress>>,
    /// How long it may take; without it as long as it takes.
    pub budget: Option<Duration>,
    /// Memory that it may take for decoding beside what is kept hot, in bytes; the totals of the
    /// folds are not in it.
    pub memory_max: usize,
}

impl fmt::Debug for FoldOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoldOptions")
            .field("threads", &self.threads)
            .field("budget", &self.budget)
            .field("memory_max", &self.memory_max)
            .finish_non_exhaustive()
    }
}

/// How far a pass is.
#[derive(Debug, Default)]
pub struct Progress {
    n_rows: AtomicU64,
    n_rows_all: AtomicU64,
}

impl Progress {
    /// The rows that are done, and all that there are.
    #[must_use]
    pub fn rows(&self) -> (u64, u64) {
        (self.n_rows.load(Ordering::Relaxed), self.n_rows_all.load(Ordering::Relaxed))
    }

    pub(crate) fn begin(&self, n_rows_all: u64) {
        self.n_rows.store(0, Ordering::Relaxed);
        self.n_rows_all.store(n_rows_all, Ordering::Relaxed);
    }

    pub(crate) fn done(&self, n_rows: u64) {
        self.n_rows.fetch_add(n_rows, Ordering::Relaxed);
    }
}

/// What an answer is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Rows that were looked at, out of their window included.
    pub n_rows: u64,
    /// Customers who have any of them.
    pub n_customers: u64,
    /// Customers who were not to count.
    pub n_left_out: u64,
    /// Files that they lie in; those that hold nothing of any window are left out.
    pub n_runs: usize,
    /// Bytes that were read from files and decoded for it: 0 where all was in memory.
    pub bytes_read: u64,
    /// The last log entry whose events are in it.
    pub through: Position,
}

/// What a fold came to.
#[derive(Clone, Debug)]
pub struct Folded<T> {
    /// The sum over all customers.
    pub total: T,
    /// What the codes stand for: of each label that was asked for, then of each trait. There may
    /// be texts among them that no row of the answer has.
    pub texts: Vec<Texts>,
    /// What was looked at.
    pub seen: Seen,
}
