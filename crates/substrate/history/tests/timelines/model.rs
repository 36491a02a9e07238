//! Does the history answer as a plain sorted list of events would?

use crate::runtime;
use crate::world::{NAMES, World, filters};
use base::CustomerId;
use base::hash::mix64;
use proptest::prelude::*;
use rapport_history::{MIXED_RUNS_MAX, N_BUCKETS, RUNS_PER_BUCKET_MAX, Rewrite, RunMeta};

#[derive(Clone, Debug)]
enum Step {
    Add(Vec<(u64, i64)>),
    Move(u64, u64),
    Flush {
        moves: bool,
    },
    /// A move comes, files are being written, and a move of the same comes meanwhile.
    FlushWhile(u64, u64, u64),
    CompactWhile(u64, u64, u64),
    CompactAll,
    CompactAsPlanned,
    Tidy,
    Forget(u64),
    Erase(u64),
    Expire(&'static str, i64),
    Redact(u64),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let events = prop::collection::vec((1u64..9, 0i64..40), 1..60);
    prop_oneof![
        6 => events.prop_map(Step::Add),
        3 => (1u64..9, 1u64..9).prop_map(|(a, b)| Step::Move(a, b)),
        3 => any::<bool>().prop_map(|moves| Step::Flush { moves }),
        2 => (1u64..9, 1u64..9, 1u64..9).prop_map(|(i, a, b)| Step::FlushWhile(i, a, b)),
        2 => (1u64..9, 1u64..9, 1u64..9).prop_map(|(i, a, b)| Step::CompactWhile(i, a, b)),
        2 => Just(Step::CompactAll),
        1 => Just(Step::CompactAsPlanned),
        1 => Just(Step::Tidy),
        1 => (1u64..9).prop_map(Step::Forget),
        1 => (1u64..9).prop_map(Step::Erase),
        1 => (0..NAMES.len(), 0i64..40).prop_map(|(name, at)| Step::Expire(NAMES[name], at)),
        1 => (0u64..16).prop_map(Step::Redact),
        1 => Just(Step::Restart),
    ]
}

async fn play(steps: &[Step]) {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    for step in steps {
        match step {
            Step::Add(events) => world.add(events),
            Step::Move(identifier, customer) => world.move_to(*identifier, CustomerId(*customer)),
            Step::Flush { moves } => {
                let rewrite = if *moves { world.rewrite() } else { Rewrite::default() };
                world.flush(rewrite).await;
            }
            Step::FlushWhile(identifier, before, meanwhile) => {
                world.move_to(*identifier, CustomerId(*before));
                let rewrite = world.rewrite();
                let moves = |world: &mut World| {
                    world.add(&[(*identifier, 7)]);
                    world.move_to(*identifier, CustomerId(*meanwhile));
                };
                world.flush_while(rewrite, moves).await;
            }
            Step::CompactWhile(identifier, before, meanwhile) => {
                world.move_to(*identifier, CustomerId(*before));
                let Some(job) = world.history.plan_tidying() else { continue };
                let rewrite = world.rewrite();
                let moves = |world: &mut World| world.move_to(*identifier, CustomerId(*meanwhile));
                world.compact_while(job, rewrite, moves).await;
            }
            Step::CompactAll => world.compact_all(&world.rewrite()).await,
            Step::CompactAsPlanned => drop(world.compact_as_planned().await),
            Step::Tidy => {
                world.tidy().await;
                world.check_tidy().await;
            }
            Step::Forget(identifier) => world.forget(*identifier),
            Step::Erase(identifier) => world.erase(*identifier).await,
            Step::Expire(name, horizon) => world.expire(name, *horizon).await,
            Step::Redact(sku) => world.redact(*sku).await,
            Step::Restart => world.restart(folder.path()),
        }
        world.check_rows().await;
    }
    for customer in world.customers() {
        for (n, filter) in filters(0, 40).iter().enumerate() {
            for limit in [1, 2, 7, 500] {
                world.check(customer, limit, filter, usize::MAX).await;
            }
            world.check(customer, 5, filter, 1 + n).await;
        }
    }
    world.tidy().await;
    world.check_tidy().await;
    for run in &world.runs {
        world.history.store().verify(run).await.unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn pages_are_those_of_a_sorted_list(steps in prop::collection::vec(step(), 1..14)) {
        runtime().block_on(play(&steps));
    }
}

/// A batch with one busy customer (identifier 1) and many others.
fn busy_batch(n: u64, n_events: u64) -> Vec<(u64, i64)> {
    let of = |i: u64| {
        let r = mix64(n << 32 | i);
        let identifier = if r.is_multiple_of(4) { 1 } else { 2 + (r >> 8) % 400 };
        (identifier, ((r >> 20) % 1_000_000) as i64)
    };
    (0..n_events).map(of).collect()
}

#[test]
fn large_flushes_are_split_merged_and_moved() {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mut world = World::new(folder.path());
        for flush in 0..7 {
            for batch in 0..5 {
                world.add(&busy_batch(flush * 100 + batch, 3_300));
            }
            world.flush(Rewrite::default()).await;
            let moved = 2 + flush * 7;
            world.move_to(moved, CustomerId(1));
            world.move_to(moved + 1, CustomerId(300 + flush));
        }
        assert!(world.runs.iter().all(|run| run.bucket != RunMeta::MIXED));
        assert!(world.compact_as_planned().await > 0);
        let mixed = world.runs.iter().filter(|run| run.bucket == RunMeta::MIXED).count();
        assert!(mixed <= MIXED_RUNS_MAX);
        for bucket in 0..N_BUCKETS {
            let n = world.runs.iter().filter(|run| run.bucket == bucket).count();
            assert!((1..=RUNS_PER_BUCKET_MAX).contains(&n), "{n} runs in bucket {bucket}");
        }
        world.move_to(1, CustomerId(2));
        world.add(&busy_batch(9_999, 500));
        world.compact_all(&world.rewrite()).await;
        world.compact_as_planned().await;
        world.restart(folder.path());
        for customer in world.customers().into_iter().take(40) {
            world.check(customer, 100, &filters(0, 1_000_000)[0], usize::MAX).await;
        }
        for filter in filters(0, 1_000_000) {
            world.check(CustomerId(2), 500, &filter, usize::MAX).await;
            world.check(CustomerId(2), 500, &filter, 3_000).await;
        }
        for run in &world.runs {
            world.history.store().verify(run).await.unwrap();
        }
        let n_rows: u64 = world.runs.iter().map(|run| run.n_rows).sum();
        assert_eq!(n_rows + 500, world.events.len() as u64);
    });
}
