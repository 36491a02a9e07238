//! Do tables that a power failure set back arrive at the same place again?

use rapport_app as app;

use app::access::{Actor, ActorKind};
use app::customers::TimelineFilter;
use app::edits::Wish;
use app::page::PageQuery;
use app::{Engine, EngineOptions, Origin};
use base::Timestamp;
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Identifier, IdentifierKind, Json};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const TABLES: &str = "state.db";

async fn open(folder: &Path) -> Arc<Engine> {
    Engine::open(EngineOptions::for_tests(folder, NOW)).await.unwrap()
}

async fn take(engine: &Engine, first: usize, n_events: usize) {
    let event = |n: usize| {
        let (browser, user, minute) = (n % 13, n % 5, n % 60);
        let text = format!(
            r#"{{"type":"identify","messageId":"m{n}","anonymousId":"b{browser}",
               "userId":"u{user}","timestamp":"2026-09-20T10:{minute:02}:00Z",
               "traits":{{"city":"city {n}"}}}}"#
        );
        RawItem { kind: None, json: text.as_str().into() }
    };
    let parcel = Parcel {
        dialect: Dialect::Segment,
        write_key: None,
        sent_at: None,
        shared: Json::empty(),
        items: (first..first + n_events).map(event).collect(),
        is_single: false,
    };
    let source = engine.sources().by_write_key("test-write-key").unwrap();
    let origin = Origin { source, received_at: NOW, ip: None, user_agent: None };
    engine.accept(parcel, origin).await.unwrap();
}

/// Everything that is shown of everybody.
async fn everything(engine: &Engine) -> String {
    engine.caught_up(Duration::from_secs(30)).await.unwrap();
    let mut told = String::new();
    for n in 0..5 {
        let user = Identifier::new(IdentifierKind::UserId, &format!("u{n}")).unwrap();
        let id = engine.lookup(&user).await.unwrap();
        let page = PageQuery { limit: 100, cursor: None };
        let events = engine.timeline(id, &TimelineFilter::default(), &page).await.unwrap();
        let ids: Vec<_> = events.items.iter().map(|event| event.message_id.as_str()).collect();
        told += &format!("{:#?}{ids:?}", engine.customer(id).await.unwrap());
    }
    told
}

/// Where the power fails before the disk has the last batches, the tables are whole and earlier
/// than the log: the same as the tables of before beside the log of now.
#[tokio::test(flavor = "multi_thread")]
async fn tables_that_are_set_back_take_the_rest_from_the_log() {
    let folder = TempDir::new().unwrap();
    let tables = folder.path().join(TABLES);
    let engine = open(folder.path()).await;
    take(&engine, 0, 40).await;
    engine.caught_up(Duration::from_secs(30)).await.unwrap();
    engine.shutdown().await;
    drop(engine);
    let log = folder.path().join("state.db-wal");
    assert!(!log.exists(), "a shutdown leaves everything in the file");
    let earlier = fs::read(&tables).unwrap();

    let engine = open(folder.path()).await;
    take(&engine, 30, 40).await;
    engine.caught_up(Duration::from_secs(30)).await.unwrap();
    let user = |n: u32| Identifier::new(IdentifierKind::UserId, &format!("u{n}")).unwrap();
    let (one, two) =
        (engine.lookup(&user(1)).await.unwrap(), engine.lookup(&user(2)).await.unwrap());
    let ann = Actor { kind: ActorKind::User, name: "ann@example.com".to_owned() };
    engine.decide(&ann, &Wish::Merge(vec![one, two]), "the same person").await.unwrap();
    take(&engine, 60, 40).await;
    let before = everything(&engine).await;
    engine.shutdown().await;
    drop(engine);

    fs::write(&tables, &earlier).unwrap();
    let engine = open(folder.path()).await;
    assert_eq!(everything(&engine).await, before);
    assert_eq!(engine.home().await.unwrap().events_7d, 100, "each of them once");
    engine.shutdown().await;
}
