//! Which records share the key of a blocking rule?

use crate::parallel::stretches;
use crate::rule::Rule;
use crate::table::{SourceIdx, Table};

/// Which pairs are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All pairs of the table: finding duplicates.
    Within,
    /// Pairs of records from different sources only: linking files that have no duplicates of
    /// their own, or whose duplicates are of no interest.
    Across,
}

impl Scope {
    pub(crate) fn covers(self, a: SourceIdx, b: SourceIdx) -> bool {
        self == Self::Within || a != b
    }

    /// How many pairs the scope has in `table`.
    pub(crate) fn n_pairs(self, table: &Table) -> f64 {
        let pairs = |n: f64| n * (n - 1.0) / 2.0;
        let all = pairs(table.n_records() as f64);
        match self {
            Self::Within => all,
            Self::Across => {
                let mut counts = std::collections::BTreeMap::<SourceIdx, f64>::new();
                for source in table.sources() {
                    *counts.entry(*source).or_default() += 1.0;
                }
                all - counts.values().map(|n| pairs(*n)).sum::<f64>()
            }
        }
    }
}

/// The key of each record under a rule; 0 for those that the rule does not reach.
pub(crate) fn keys(table: &Table, rule: &Rule, n_threads: usize) -> Vec<u64> {
    let parts = stretches(n_threads, table.n_records(), |records| {
        records.map(|record| key_of(table, rule, record as u32)).collect::<Vec<u64>>()
    });
    parts.concat()
}

/// The key of one record; 0 if the rule does not reach it.
pub(crate) fn key_of(table: &Table, rule: &Rule, record: u32) -> u64 {
    rule.key(table.schema(), &table.row(record)).map_or(0, |key| key.max(1))
}

/// Records by key, those that share one beside each other.
pub(crate) struct Blocks {
    entries: Vec<(u64, u32)>,
}

impl Blocks {
    pub(crate) fn new(keys: &[u64]) -> Self {
        let mut entries: Vec<(u64, u32)> = keys
            .iter()
            .zip(0u32..)
            .filter(|(key, _)| **key != 0)
            .map(|(key, record)| (*key, record))
            .collect();
        entries.sort_unstable();
        Self { entries }
    }

    /// The blocks of two and more, by key; the records of each in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[(u64, u32)]> {
        self.entries.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() > 1)
    }

    /// Pairs in all blocks of at most `n_records_max` records, and in the larger ones.
    pub(crate) fn n_pairs(&self, n_records_max: usize) -> (f64, f64) {
        let (mut small, mut large) = (0.0, 0.0);
        for block in self.iter() {
            let n = block.len() as f64;
            let pairs = n * (n - 1.0) / 2.0;
            if block.len() <= n_records_max {
                small += pairs;
            } else {
                large += pairs;
            }
        }
        (small, large)
    }
}
