//! Do those who read ever see the events of a batch without its moves, or the other way round?

use super::*;
use crate::event::StoredEvent;
use base::{IdentifierId, SourceId};
use lexicon::{EventKind, Json};
use std::sync::atomic::{AtomicBool, Ordering};

const N_BATCHES: u64 = 150;
const N_IDENTIFIERS: u64 = 3;

fn event(position: u64, identifier: u64, customer: CustomerId) -> StoredEvent {
    StoredEvent {
        customer,
        occurred_at: Timestamp(position.cast_signed()),
        identifier: IdentifierId(identifier),
        seq: StoredEvent::seq_of(Position(position), identifier as usize),
        kind: EventKind::Track,
        name: "Looked".into(),
        source: SourceId(1),
        received_at: Timestamp(0),
        message_id: format!("m-{position}-{identifier}").into(),
        properties: Json::empty(),
        traits: Json::empty(),
        context: Json::empty(),
    }
}

/// After the batch at `position` everybody is the customer of that number, and has an event more.
fn news(position: u64) -> News {
    let (at, to) = (Position(position), CustomerId(position));
    let events: Vec<StoredEvent> = (0..N_IDENTIFIERS).map(|id| event(position, id, to)).collect();
    let moved = |id| Moved {
        identifier: IdentifierId(id),
        from: CustomerId(position - 1),
        to: Some(to),
        at,
    };
    News {
        through: at,
        fresh: vec![FreshBatch::pack(at, &events).unwrap()],
        moved: (0..N_IDENTIFIERS).map(moved).collect(),
    }
}

/// All events through the position of the snapshot, and all of the one customer.
fn check(seen: &Snapshot) {
    let mut n_rows = 0;
    for batch in &seen.fresh {
        for row in 0..batch.n_events() {
            let written = CustomerId(batch.key(row).customer);
            let owner = seen.moves.customer_of(batch.identifier(row), written);
            assert_eq!(owner, Some(CustomerId(seen.through.0)));
            n_rows += 1;
        }
    }
    n_rows += seen.runs.iter().map(|run| run.n_rows).sum::<u64>();
    assert_eq!(n_rows, seen.through.0 * N_IDENTIFIERS);
    for run in &seen.runs {
        let (from, to) = (run.min_customer, CustomerId(seen.through.0));
        assert!(from == to || seen.moves.is_touched(from), "{from} at {to}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_is_seen_with_its_moves_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let store = RunStore::in_folder(folder.path(), 1 << 20).unwrap();
    let history = History::open(store, Vec::new(), Vec::new()).unwrap();
    let is_done = AtomicBool::new(false);
    let mut n_seen = 0;
    std::thread::scope(|threads| {
        threads.spawn(|| {
            for position in 1..=N_BATCHES {
                assert_eq!(history.take_in(news(position)), 1);
            }
            is_done.store(true, Ordering::Release);
        });
        // The last look is at all of it.
        let mut is_last = false;
        while !is_last {
            is_last = is_done.load(Ordering::Acquire);
            check(&history.everything());
            n_seen += 1;
        }
    });
    assert!(n_seen > 1);
    assert_eq!(history.everything().through, Position(N_BATCHES));
    // A flush forgets what it has brought to where it belongs, and nothing else.
    let through = Position(N_BATCHES);
    let customer_of = Some(Arc::new(move |_, _| CustomerId(through.0)) as crate::CustomerOf);
    let rewrite = Rewrite { through, customer_of, ..Rewrite::default() };
    let flushed = history.flush(rewrite, 1).await.unwrap().unwrap();
    history.take_in(news(N_BATCHES + 1));
    history.install(&flushed.runs, &[], Some(flushed.through));
    let seen = history.everything();
    check(&seen);
    assert_eq!(seen.moves.n_stale() as u64, N_IDENTIFIERS);
}

#[tokio::test]
#[should_panic(expected = "a rewrite is made after the one before it was installed")]
async fn a_rewrite_that_is_too_old_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = RunStore::in_folder(folder.path(), 1 << 20).unwrap();
    let history = History::open(store, Vec::new(), Vec::new()).unwrap();
    history.take_in(news(1));
    history.take_in(News { through: Position(2), fresh: Vec::new(), moved: news(2).moved });
    history.take_in(news(3));
    let customer_of = Some(Arc::new(|_, customer| customer) as crate::CustomerOf);
    let rewrite = Rewrite { through: Position(1), customer_of, ..Rewrite::default() };
    let flushed = history.flush(Rewrite::default(), 1).await.unwrap().unwrap();
    let runs: Vec<RunMeta> = flushed
        .runs
        .into_iter()
        .map(|run| RunMeta { written_through: Position(3), ..run })
        .collect();
    history.install(&runs, &[], Some(flushed.through));
    drop(history.flush(rewrite, 2).await);
}
