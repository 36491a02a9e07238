//! Are runs with many stale rows written anew, and those with few left alone?

use super::*;
use crate::moves::Moved;
use base::{IdentifierId, Timestamp};
use std::sync::Arc;

/// A run of ten rows for each customer from 1 to 1,000 who lies in its bucket.
fn run(bucket: u16, n: u64, written_through: u64) -> RunMeta {
    let n_customers = (1..=1_000).filter(|&c| bucket_of(CustomerId(c)) == bucket).count() as u64;
    RunMeta {
        path: format!("{bucket}/{n}"),
        bucket,
        level: 1,
        n_rows: n_customers * 100_000,
        bytes: 1,
        min_customer: CustomerId(1),
        max_customer: CustomerId(1_000),
        min_time: Timestamp(0),
        max_time: Timestamp(1),
        written_through: Position(written_through),
        n_customers,
    }
}

/// Jobs by bucket and number of inputs, with runs of two buckets, after these customers moved.
fn check(customers: &[u64], at: u64, however_few: bool, expected: &[(u16, usize)]) {
    let mut moves = Moves::default();
    for &customer in customers {
        let (identifier, from) = (IdentifierId(customer), CustomerId(customer));
        moves.put(&Moved { identifier, from, to: None, at: Position(at) }, true);
    }
    let runs = [run(1, 1, 10), run(1, 2, 20), run(2, 1, 10)].map(Arc::new);
    let (runs, fresh, through) = (runs.to_vec(), Vec::new(), Position(at));
    let live = Snapshot { runs, fresh, moves: Arc::new(moves), through };
    let jobs = due_to_moves(&live, however_few);
    let jobs: Vec<_> = jobs.iter().map(|job| (job.bucket, job.inputs.len())).collect();
    assert_eq!(jobs, expected, "{customers:?} at {at}");
}

fn some_of(bucket: u16, n: usize) -> Vec<u64> {
    let of = (1..=5_000).filter(|&c| bucket_of(CustomerId(c)) == bucket);
    of.take(n).collect()
}

#[test]
fn many_stale_rows_are_worth_a_job_and_few_are_not() {
    let n = run(1, 1, 0).n_customers;
    assert!((8..32).contains(&n), "{n}: one of them is more than a thirty-second");
    check(&[], 30, true, &[]);
    check(&some_of(1, 1), 5, true, &[]);
    check(&some_of(1, 1), 15, false, &[(1, 1)]);
    check(&some_of(1, 1), 30, false, &[(1, 2)]);
    check(&[some_of(1, 1), some_of(2, 3)].concat(), 30, false, &[(2, 1), (1, 2)]);
    let late: Vec<u64> = some_of(1, 100).into_iter().filter(|&c| c > 1_000).collect();
    assert!(!late.is_empty());
    check(&late, 30, true, &[]);
}
