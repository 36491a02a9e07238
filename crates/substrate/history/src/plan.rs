//! Which runs should be merged next?
//!
//! Size-tiered, as RocksDB's universal compaction: the smallest runs are merged, and with them
//! every next one that is at most twice as large as all before it. While the plan is followed, a
//! bucket has at most [`RUNS_PER_BUCKET_MAX`] runs, and after 100, 1,000 and 4,000 equal flushes a
//! row has been rewritten 3.0, 5.3 and 7.5 times on average. (Simulated beside minima of 3 to 5
//! inputs and ratios of ½ to 4, which do worse; no policy with 6 runs goes far below 8 at 4,000,
//! since w rewrites of k runs hold at most C(k + w, k) flushes.)
//!
//! Small runs cost a question more by their number than by their rows: each has a footer to be read,
//! and hardly any columns of fields. Where there is nothing else to do they become one run.

use crate::run::RunMeta;
use crate::write::SPLIT_ROWS_MIN;
use std::collections::BTreeMap;

/// Runs of one bucket above which some are merged.
pub const RUNS_PER_BUCKET_MAX: usize = 6;
/// The same while there is more urgent work: timelines take somewhat longer to read, and rows are
/// rewritten half as often.
pub const RUNS_PER_BUCKET_BUSY_MAX: usize = 24;
/// Mixed runs above which they are merged or spread: every timeline has to look into them.
pub const MIXED_RUNS_MAX: usize = 3;
/// Runs that one job merges at least.
const INPUTS_MIN: usize = 2;
/// How much larger than all before it together a run may be, to be merged with them.
const RATIO_MAX: u64 = 2;
/// Rows above which a run is not small: it is left alone when there is nothing else to do.
const SMALL_ROWS_MAX: u64 = 64 << 10;
/// How much larger than all smaller ones together a run may be, to be merged with them then.
const LEISURE_RATIO_MAX: u64 = 4;
/// Mixed rows of one job: its output is put together in memory, about 0.2 kB a row.
const MIXED_ROWS_MAX: u64 = 512 << 10;

/// Some runs that should become one, or one per bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The bucket of the result; [`RunMeta::MIXED`] for mixed inputs.
    pub bucket: u16,
    /// Runs to merge.
    pub inputs: Vec<RunMeta>,
    /// Whether the rows are spread over their buckets.
    pub split: bool,
    /// The level of the result.
    pub level: u8,
}

impl Job {
    /// A job that rewrites `inputs` of one bucket (all of them mixed, or none), for instance to
    /// drop the rows of somebody who is to be erased. `None` where there is nothing to do or the
    /// buckets differ.
    #[must_use]
    pub fn rewriting(inputs: Vec<RunMeta>) -> Option<Self> {
        let bucket = inputs.first()?.bucket;
        if inputs.iter().any(|run| run.bucket != bucket) {
            return None;
        }
        let n_rows: u64 = inputs.iter().map(|run| run.n_rows).sum();
        let split = bucket == RunMeta::MIXED && n_rows >= SPLIT_ROWS_MIN;
        let oldest = inputs.iter().map(|run| run.level).max().unwrap_or(0);
        let level = if split { 0 } else { oldest.saturating_add(1) };
        Some(Self { bucket, inputs, split, level })
    }
}

/// The jobs that are due, the most urgent first: mixed runs, then the buckets with more than
/// `runs_max` runs. A job may leave mixed runs behind, so plan again after each.
#[must_use]
pub fn plan_compaction(runs: &[RunMeta], runs_max: usize) -> Vec<Job> {
    let mut buckets: BTreeMap<u16, Vec<&RunMeta>> = BTreeMap::new();
    for run in runs {
        buckets.entry(run.bucket).or_default().push(run);
    }
    let mixed = buckets.remove(&RunMeta::MIXED).unwrap_or_default();
    let mut crowded: Vec<Vec<&RunMeta>> =
        buckets.into_values().filter(|runs| runs.len() > runs_max).collect();
    crowded.sort_by_key(|runs| std::cmp::Reverse(runs.len()));
    let of_buckets = crowded.into_iter().map(|runs| worth_merging(&by_size(runs), runs_max));
    std::iter::once(due_mixed(mixed)).chain(of_buckets).filter_map(Job::rewriting).collect()
}

/// The job that spares questions most, for when nothing else is to be done: the small runs of the
/// bucket that has most of them; where no bucket has any to merge, the mixed runs spread over the
/// buckets. `None` where there is nothing to gain.
#[must_use]
pub fn plan_leisure(runs: &[RunMeta]) -> Option<Job> {
    let mut buckets: BTreeMap<u16, Vec<&RunMeta>> = BTreeMap::new();
    for run in runs.iter().filter(|run| run.n_rows <= SMALL_ROWS_MAX) {
        buckets.entry(run.bucket).or_default().push(run);
    }
    let mixed = buckets.remove(&RunMeta::MIXED).unwrap_or_default();
    let small = buckets.into_values().filter_map(worth_merging_at_leisure);
    let most = small.max_by_key(Vec::len).or_else(|| {
        let n_rows: u64 = mixed.iter().map(|run| run.n_rows).sum();
        (n_rows >= SPLIT_ROWS_MIN).then(|| fitting(mixed))
    });
    Job::rewriting(most?)
}

/// All of the runs but those that are far larger than all below them together: their rows would be
/// written again with every few that come.
fn worth_merging_at_leisure(runs: Vec<&RunMeta>) -> Option<Vec<RunMeta>> {
    let mut runs = by_size(runs);
    while let Some((largest, others)) = runs.split_last()
        && !others.is_empty()
    {
        let n_rows: u64 = others.iter().map(|run| run.n_rows).sum();
        if largest.n_rows <= LEISURE_RATIO_MAX * n_rows {
            return Some(runs.into_iter().cloned().collect());
        }
        runs.pop();
    }
    None
}

fn by_size(mut runs: Vec<&RunMeta>) -> Vec<&RunMeta> {
    runs.sort_by(|a, b| (a.n_rows, &a.path).cmp(&(b.n_rows, &b.path)));
    runs
}

/// The first of runs by size that are worth it; in any case enough to come below the bound.
fn worth_merging(runs: &[&RunMeta], runs_max: usize) -> Vec<RunMeta> {
    let least = INPUTS_MIN.max(runs.len() + 1 - runs_max);
    let mut n_rows = 0;
    let take = |(place, run): &(usize, &&RunMeta)| {
        let worth = *place < least || run.n_rows <= RATIO_MAX * n_rows;
        n_rows += run.n_rows;
        worth
    };
    runs.iter().enumerate().take_while(take).map(|(_, run)| (*run).clone()).collect()
}

fn due_mixed(mixed: Vec<&RunMeta>) -> Vec<RunMeta> {
    let n_rows: u64 = mixed.iter().map(|run| run.n_rows).sum();
    if mixed.len() <= MIXED_RUNS_MAX && n_rows < 4 * SPLIT_ROWS_MIN {
        return Vec::new();
    }
    fitting(mixed)
}

/// As many of the mixed runs, the smallest first, as one job may take.
fn fitting(mixed: Vec<&RunMeta>) -> Vec<RunMeta> {
    let mut n_rows = 0;
    let fits = |run: &&RunMeta| {
        n_rows += run.n_rows;
        n_rows <= MIXED_ROWS_MAX || n_rows == run.n_rows
    };
    by_size(mixed).into_iter().take_while(fits).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{CustomerId, Position, Timestamp};

    fn run(bucket: u16, n: usize, n_rows: u64) -> RunMeta {
        RunMeta {
            path: format!("{bucket}/{n}"),
            bucket,
            level: 0,
            n_rows,
            bytes: n_rows * 100,
            min_customer: CustomerId(1),
            max_customer: CustomerId(9),
            min_time: Timestamp(0),
            max_time: Timestamp(1),
            written_through: Position(0),
            n_customers: n_rows.div_ceil(10),
        }
    }

    fn check(bucket: u16, rows: &[u64], expected: Option<(&[u64], bool)>) {
        let runs: Vec<RunMeta> =
            rows.iter().enumerate().map(|(n, &rows)| run(bucket, n, rows)).collect();
        let jobs = plan_compaction(&runs, RUNS_PER_BUCKET_MAX);
        let planned = jobs
            .first()
            .map(|job| (job.inputs.iter().map(|r| r.n_rows).collect::<Vec<_>>(), job.split));
        assert_eq!(planned, expected.map(|(rows, split)| (rows.to_vec(), split)), "{rows:?}");
    }

    #[test]
    fn small_runs_are_merged_before_large_ones() {
        check(3, &[5, 5, 5, 5, 5, 5], None);
        check(3, &[5, 5, 5, 5, 5, 5, 5], Some((&[5; 7], false)));
        check(3, &[900, 5, 5, 60, 5, 5, 8_000], Some((&[5, 5, 5, 5], false)));
        check(3, &[900, 5, 5, 40, 5, 5, 8_000], Some((&[5, 5, 5, 5, 40], false)));
        let uneven = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
        check(3, &uneven, Some((&uneven[..2], false)));
    }

    #[test]
    fn mixed_runs_are_merged_while_few_and_spread_when_many() {
        let mixed = RunMeta::MIXED;
        check(mixed, &[10, 10, 10], None);
        check(mixed, &[10, 10, 10, 10], Some((&[10; 4], false)));
        check(mixed, &[10, 10, 10, 20_000], Some((&[10, 10, 10, 20_000], true)));
        check(mixed, &[70_000], Some((&[70_000], true)));
        check(mixed, &[400_000, 400_000], Some((&[400_000], true)));
    }

    #[test]
    fn small_runs_become_one_when_there_is_nothing_else_to_do() {
        let large = SMALL_ROWS_MAX + 1;
        let bucket = |bucket: u16, rows: &[u64]| -> Vec<RunMeta> {
            rows.iter().enumerate().map(|(n, &rows)| run(bucket, n, rows)).collect()
        };
        let check = |runs: &[Vec<RunMeta>], expected: Option<(u16, &[u64])>| {
            let job = plan_leisure(&runs.concat());
            let planned = job.map(|job| {
                (job.bucket, job.inputs.iter().map(|run| run.n_rows).collect::<Vec<_>>())
            });
            assert_eq!(planned, expected.map(|(bucket, rows)| (bucket, rows.to_vec())));
        };
        check(&[bucket(1, &[5]), bucket(2, &[9, large])], None);
        check(&[bucket(1, &[5, 6, 7]), bucket(2, &[9, 8])], Some((1, &[5, 6, 7])));
        check(&[bucket(1, &[7, 5]), bucket(2, &[9, 8, large, 7])], Some((2, &[7, 8, 9])));
        check(&[bucket(1, &[5, 5, 41]), bucket(2, &[5, 40])], Some((1, &[5, 5])));
        check(&[bucket(1, &[10, 41])], None);
        let mixed = |rows: &[u64]| bucket(RunMeta::MIXED, rows);
        check(&[mixed(&[SPLIT_ROWS_MIN - 1]), bucket(1, &[5])], None);
        check(&[mixed(&[SPLIT_ROWS_MIN]), bucket(1, &[5])], Some((RunMeta::MIXED, &[16_384])));
        check(&[mixed(&[SPLIT_ROWS_MIN]), bucket(1, &[5, 5])], Some((1, &[5, 5])));
        check(&[], None);
    }

    #[test]
    fn a_bucket_stays_small_and_rows_are_rewritten_seldom() {
        let mut runs: Vec<RunMeta> = Vec::new();
        let (mut n_written, n_flushes) = (0, 4_000);
        for n in 0..n_flushes {
            runs.push(run(1, n, 100));
            while let Some(job) = plan_compaction(&runs, RUNS_PER_BUCKET_MAX).into_iter().next() {
                runs.retain(|run| !job.inputs.contains(run));
                let n_rows: u64 = job.inputs.iter().map(|run| run.n_rows).sum();
                n_written += n_rows;
                runs.push(run(1, n_flushes + n, n_rows));
            }
            assert!(runs.len() <= RUNS_PER_BUCKET_MAX);
        }
        let rewrites = n_written as f64 / (n_flushes as f64 * 100.0);
        assert!(rewrites < 8.0, "each row is rewritten {rewrites:.1} times");
    }

    #[test]
    fn runs_of_several_buckets_are_no_job() {
        assert_eq!(Job::rewriting(vec![run(1, 1, 5), run(2, 2, 5)]), None);
        assert_eq!(Job::rewriting(Vec::new()), None);
    }
}
