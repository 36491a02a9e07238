//! Is a backlog taken in whole, once, though batches overlap?

use rapport_app as app;

use app::{Engine, EngineOptions, Origin};
use base::Timestamp;
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Identifier, IdentifierKind, Json};
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const N_ENTRIES: usize = 13;
const N_PER_ENTRY: usize = 1_000;
const N_USERS: usize = 500;

/// Each entry repeats the second half of the one before it.
fn parcel(entry: usize) -> Parcel {
    let event = |n: usize| {
        let id = entry * N_PER_ENTRY / 2 + n;
        let user = id % N_USERS;
        let json = format!(
            r#"{{"type":"track","messageId":"m{id}","userId":"u{user}","event":"Clicked",
               "timestamp":"2026-09-20T10:00:00Z"}}"#
        );
        RawItem { kind: None, json: json.into() }
    };
    Parcel {
        dialect: Dialect::Segment,
        write_key: None,
        sent_at: None,
        shared: Json::empty(),
        items: (0..N_PER_ENTRY).map(event).collect(),
        is_single: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_overlap_count_everything_once() {
    let folder = TempDir::new().unwrap();
    let options = EngineOptions::for_tests(folder.path(), NOW);
    let paused = EngineOptions { is_processor_paused: true, ..options.clone() };
    let engine = Engine::open(paused).await.unwrap();
    for entry in 0..N_ENTRIES {
        let source = engine.sources().by_write_key("test-write-key").unwrap();
        let origin = Origin { source, received_at: NOW, ip: None, user_agent: None };
        engine.accept(parcel(entry), origin).await.unwrap();
    }
    engine.shutdown().await;
    drop(engine);

    // Batches of five entries: large enough that the next one is begun before one is durable.
    let engine = Engine::open(EngineOptions { batch_events_max: 5_000, ..options }).await.unwrap();
    engine.caught_up(Duration::from_secs(60)).await.unwrap();
    let n_distinct = (N_ENTRIES + 1) * N_PER_ENTRY / 2;
    let mut n_found = 0;
    for user in 0..N_USERS {
        let user = Identifier::new(IdentifierKind::UserId, &format!("u{user}")).unwrap();
        let id = engine.lookup(&user).await.unwrap();
        n_found += engine.customer(id).await.unwrap().n_events;
    }
    assert_eq!(n_found, n_distinct as u64);
    engine.shutdown().await;
}
