//! Which records of a table are one person?

use crate::blocks::{Blocks, Scope, key_of, keys};
use crate::cluster::{Clustering, Link};
use crate::model::Model;
use crate::parallel::stretches;
use crate::rule::Rule;
use crate::score::{Memo, Scorer};
use crate::stop::Stop;
use crate::table::{RecordIdx, SourceIdx, Table};
use std::collections::HashSet;

/// How to link.
#[derive(Clone, Debug)]
pub struct LinkOptions {
    /// Threads that may work at a time.
    pub n_threads: usize,
    /// Which pairs are asked for.
    pub scope: Scope,
    /// From which probability on, and down to which, what is done.
    pub bands: Bands,
    /// Blocks of more records are not compared: what hundreds share tells nobody apart.
    pub block_records_max: usize,
    /// Sources without duplicates: at most one record of each is in a cluster.
    pub unique_sources: Vec<SourceIdx>,
    /// Pairs that are known to be two persons: they are never in one cluster, directly or by way
    /// of others.
    pub apart: Vec<(RecordIdx, RecordIdx)>,
    /// Who may end it before its end.
    pub stop: Stop,
}

impl LinkOptions {
    /// The documented values; blocks of at most 500 records.
    #[must_use]
    pub fn new(scope: Scope, n_threads: usize) -> Self {
        Self {
            n_threads,
            scope,
            bands: Bands::default(),
            block_records_max: 500,
            unique_sources: Vec::new(),
            apart: Vec::new(),
            stop: Stop::default(),
        }
    }
}

/// What is done with a pair of which probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bands {
    /// From here on two records are linked.
    pub link_at: f64,
    /// From here on they are put up for review; below nothing is done.
    pub review_at: f64,
}

impl Default for Bands {
    /// Link from 0.9: of a hundred links at the threshold itself ten are wrong, of all links far
    /// fewer, and each can be taken back. Review from 0.3: a reviewer who sees seven wrong pairs
    /// for three right ones still learns something from each.
    fn default() -> Self {
        Self { link_at: 0.9, review_at: 0.3 }
    }
}

/// What is done with a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Band {
    /// Linked, reversibly.
    Link,
    /// Put up for review.
    Review,
    /// Nothing.
    Apart,
}

impl Bands {
    /// The band of a probability.
    #[must_use]
    pub fn band(self, probability: f64) -> Band {
        if probability >= self.link_at {
            Band::Link
        } else if probability >= self.review_at {
            Band::Review
        } else {
            Band::Apart
        }
    }
}

/// A pair that may be one person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoredPair {
    /// The record with the smaller number.
    pub a: RecordIdx,
    /// The other.
    pub b: RecordIdx,
    /// Weight in bits.
    pub weight: f32,
    /// Calibrated probability that they are one person, in [0, 1].
    pub probability: f32,
}

/// What linking found.
#[derive(Clone, Debug)]
pub struct Linked {
    /// All compared pairs at or above `review_at`, by records.
    pub pairs: Vec<ScoredPair>,
    /// For each record the smallest record of its cluster: itself where it is alone.
    pub clusters: Vec<RecordIdx>,
    /// What was done for it.
    pub report: LinkReport,
}

/// What was done to link a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinkReport {
    /// What each rule led to, in the model's order.
    pub rules: Vec<RuleRun>,
    /// Pairs compared, each once.
    pub n_compared: u64,
    /// Components that were too large to be compared each with each.
    pub n_components_cut: usize,
    /// Whether all of it was done: `false` where it was stopped, and then pairs are missing.
    pub is_complete: bool,
}

/// What a rule led to.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleRun {
    /// The rule in words.
    pub words: String,
    /// Pairs it was the first to reach.
    pub n_compared: u64,
    /// Blocks that were too large and therefore left to the other rules.
    pub n_blocks_skipped: u64,
    /// Pairs in those blocks.
    pub n_pairs_skipped: u64,
}

impl Linked {
    /// The clusters of two and more records, each in ascending order.
    #[must_use]
    pub fn groups(&self) -> Vec<Vec<RecordIdx>> {
        let mut members: Vec<(RecordIdx, RecordIdx)> =
            self.clusters.iter().zip(0u32..).map(|(root, at)| (*root, RecordIdx(at))).collect();
        members.sort_unstable();
        members
            .chunk_by(|x, y| x.0 == y.0)
            .filter(|group| group.len() > 1)
            .map(|group| group.iter().map(|(_, record)| *record).collect())
            .collect()
    }
}

/// Compares what the model's rules lead to, and clusters what belongs together.
///
/// Memory beyond the table: 16 bytes per record for the rule at hand, and 16 per pair at or above
/// `review_at`. The same table, model and options give the same answer on any number of threads.
#[must_use]
pub fn link(table: &Table, model: &Model, options: &LinkOptions) -> Linked {
    let scorer = Scorer::new(model, table);
    let mut pairs = Vec::new();
    let mut report = LinkReport::default();
    let mut comparison = Comparison { scorer: &scorer, table, options, earlier: Vec::new() };
    for rule in model.rules() {
        if options.stop.is_stopped() {
            break;
        }
        let run = comparison.run(rule, &mut pairs);
        report.n_compared += run.n_compared;
        report.rules.push(run);
    }
    pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
    let threshold = model.calibration().weight(options.bands.link_at) as f32;
    let links: Vec<Link> = pairs
        .iter()
        .filter(|pair| f64::from(pair.probability) >= options.bands.link_at)
        .map(|pair| Link { a: pair.a.0, b: pair.b.0, above: pair.weight - threshold })
        .collect();
    let (unique_sources, apart) = (&options.unique_sources, &options.apart);
    let clustering = Clustering {
        scorer: &scorer,
        table,
        unique_sources,
        apart: &numbers(apart),
        stop: &options.stop,
    };
    let (clusters, n_components_cut) = clustering.clusters(&links);
    report.n_components_cut = n_components_cut;
    report.is_complete = !options.stop.is_stopped();
    Linked { pairs, clusters: clusters.into_iter().map(RecordIdx).collect(), report }
}

/// The pairs, the smaller number first.
fn numbers(pairs: &[(RecordIdx, RecordIdx)]) -> HashSet<(u32, u32)> {
    pairs.iter().map(|(a, b)| (a.0.min(b.0), a.0.max(b.0))).collect()
}

/// Comparing by one rule after the other.
struct Comparison<'a> {
    scorer: &'a Scorer<'a>,
    table: &'a Table,
    options: &'a LinkOptions,
    /// The rules that are done, each with the keys whose blocks were too large.
    earlier: Vec<(&'a Rule, HashSet<u64>)>,
}

impl<'a> Comparison<'a> {
    /// Appends the pairs of a rule that no earlier rule has compared.
    fn run(&mut self, rule: &'a Rule, pairs: &mut Vec<ScoredPair>) -> RuleRun {
        let blocks = Blocks::new(&keys(self.table, rule, self.options.n_threads));
        let words = rule.words(self.scorer.model().schema());
        let mut run = RuleRun { words, n_compared: 0, n_blocks_skipped: 0, n_pairs_skipped: 0 };
        let mut small = Vec::new();
        let mut skipped = HashSet::new();
        for block in blocks.iter() {
            if block.len() <= self.options.block_records_max {
                small.push(block);
            } else {
                skipped.insert(block[0].0);
                run.n_pairs_skipped += (block.len() as u64) * (block.len() as u64 - 1) / 2;
            }
        }
        run.n_blocks_skipped = skipped.len() as u64;
        let compare = |range: std::ops::Range<usize>| self.compare(&small[range]);
        for (found, n_compared) in stretches(self.options.n_threads, small.len(), compare) {
            pairs.extend(found);
            run.n_compared += n_compared;
        }
        self.earlier.push((rule, skipped));
        run
    }

    fn compare(&self, blocks: &[&[(u64, u32)]]) -> (Vec<ScoredPair>, u64) {
        let calibration = self.scorer.model().calibration();
        let floor = calibration.weight(self.options.bands.review_at) as f32;
        let mut memo = Memo::new();
        let mut found = Vec::new();
        let mut n_compared = 0;
        let mut earlier_keys: Vec<u64> = Vec::new();
        for block in blocks {
            if self.options.stop.is_stopped() {
                break;
            }
            self.note_earlier_keys(block, &mut earlier_keys);
            for (at, &(_, a)) in block.iter().enumerate() {
                let row = self.table.row(a);
                for (to, &(_, b)) in block.iter().enumerate().skip(at + 1) {
                    if self.is_done(&earlier_keys, at, to) || !self.covers(a, b) {
                        continue;
                    }
                    n_compared += 1;
                    let other = self.table.row(b);
                    let weight = self.scorer.weight_above(&row, &other, floor, Some(&mut memo));
                    if let Some(weight) = weight {
                        let probability = calibration.probability(f64::from(weight)) as f32;
                        let (a, b) = (RecordIdx(a), RecordIdx(b));
                        found.push(ScoredPair { a, b, weight, probability });
                    }
                }
            }
        }
        (found, n_compared)
    }

    /// The keys of the block's records under the earlier rules, record by record; 0 where the
    /// earlier rule compared nothing.
    fn note_earlier_keys(&self, block: &[(u64, u32)], keys: &mut Vec<u64>) {
        keys.clear();
        for &(_, record) in block {
            keys.extend(self.earlier.iter().map(|(rule, skipped)| {
                let key = key_of(self.table, rule, record);
                if skipped.contains(&key) { 0 } else { key }
            }));
        }
    }

    /// Whether an earlier rule has compared the pair.
    fn is_done(&self, keys: &[u64], a: usize, b: usize) -> bool {
        let n = self.earlier.len();
        let (a, b) = (&keys[a * n..a * n + n], &keys[b * n..b * n + n]);
        a.iter().zip(b).any(|(x, y)| x == y && *x != 0)
    }

    fn covers(&self, a: u32, b: u32) -> bool {
        let sources = self.table.sources();
        self.options.scope.covers(sources[a as usize], sources[b as usize])
    }
}
