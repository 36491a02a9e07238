//! Does history know whose every row is, through merges, unmerges, erasures and restarts?

use crate::access::{Actor, ActorKind};
use crate::edits::{LinkName, Wish};
use crate::engine::{Engine, Origin};
use crate::keeper;
use crate::options::EngineOptions;
use crate::privacy::{EraseReason, ErasureState, Step};
use base::{CustomerId, Position, Timestamp};
use collect::{Dialect, Parcel, RawItem};
use history::{Job, StoredEvent};
use lexicon::{Identifier, IdentifierKind, Json, LinkRule};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const PATIENCE: Duration = Duration::from_secs(120);
const N_PEOPLE: u64 = 5;

fn ann() -> Actor {
    Actor { kind: ActorKind::User, name: "Ann".to_owned() }
}

fn visitor(n: u64) -> Identifier {
    Identifier::new(IdentifierKind::AnonymousId, &format!("browser-{n}")).unwrap()
}

fn user(n: u64) -> Identifier {
    Identifier::new(IdentifierKind::UserId, &format!("user-{n}")).unwrap()
}

async fn open(folder: &Path, erasure_holds_at: Option<Step>) -> Arc<Engine> {
    let options = EngineOptions { erasure_holds_at, ..EngineOptions::for_tests(folder, NOW) };
    let engine = Engine::open(options).await.unwrap();
    engine.caught_up(PATIENCE).await.unwrap();
    engine
}

async fn send(engine: &Engine, events: Vec<String>) {
    let parcel = Parcel {
        dialect: Dialect::Segment,
        write_key: None,
        sent_at: None,
        shared: Json::empty(),
        items: events
            .iter()
            .map(|json| RawItem { kind: None, json: json.as_str().into() })
            .collect(),
        is_single: false,
    };
    let source = engine.sources().by_write_key("test-write-key").unwrap();
    let origin = Origin { source, received_at: NOW, ip: None, user_agent: None };
    engine.accept(parcel, origin).await.unwrap();
    engine.caught_up(PATIENCE).await.unwrap();
}

/// The company knows everybody.
async fn know(engine: &Engine) {
    let know = |n| {
        format!(
            r#"{{"type":"identify","messageId":"known-{n}","userId":"user-{n}",
               "timestamp":"2026-09-1{n}T08:00:00Z"}}"#
        )
    };
    send(engine, (0..N_PEOPLE).map(know).collect()).await;
}

/// Everybody looks at a page, and is known by nothing but their browser.
async fn look(engine: &Engine, round: &str) {
    let look = |n| {
        format!(
            r#"{{"type":"page","messageId":"{round}-{n}","anonymousId":"browser-{n}","name":"Home",
               "timestamp":"2026-09-1{n}T09:00:00Z"}}"#
        )
    };
    send(engine, (0..N_PEOPLE).map(look).collect()).await;
}

/// Everybody signs in.
async fn sign_in(engine: &Engine, round: &str) {
    let sign = |n| {
        format!(
            r#"{{"type":"identify","messageId":"{round}-{n}","anonymousId":"browser-{n}",
               "userId":"user-{n}","timestamp":"2026-09-1{n}T10:00:00Z"}}"#
        )
    };
    send(engine, (0..N_PEOPLE).map(sign).collect()).await;
}

async fn flush(engine: &Engine) {
    let rewrite = keeper::rewrite(&engine.shared).await.unwrap();
    keeper::flush(&engine.shared, rewrite).await.unwrap();
}

/// Whose each event is by what its row says and what has moved, by message id; `None` where it is
/// nobody's.
async fn owners(engine: &Engine) -> BTreeMap<String, Option<CustomerId>> {
    let (moves, mut owners) = (engine.shared.history.moves(), BTreeMap::new());
    let take = |event: StoredEvent| {
        let owner = moves.customer_of(event.identifier, event.customer);
        owners.insert(event.message_id.to_string(), owner);
        Ok(())
    };
    engine.export_events(take).await.unwrap();
    owners
}

/// Rows that say somebody else than whose they are.
async fn n_stale(engine: &Engine) -> usize {
    let (moves, mut n) = (engine.shared.history.moves(), 0);
    let take = |event: StoredEvent| {
        n += usize::from(
            moves.customer_of(event.identifier, event.customer) != Some(event.customer),
        );
        Ok(())
    };
    engine.export_events(take).await.unwrap();
    n
}

async fn check(engine: &Engine) {
    let findings = engine.examine().await.unwrap();
    assert!(findings.iter().all(|finding| finding.is_sound), "{findings:?}");
}

/// The same after the program has ended and begun again.
async fn restarted(engine: Arc<Engine>, folder: &Path, holds_at: Option<Step>) -> Arc<Engine> {
    let (before, n_before) = (owners(&engine).await, n_stale(&engine).await);
    engine.shutdown().await;
    drop(engine);
    let engine = open(folder, holds_at).await;
    check(&engine).await;
    assert_eq!(owners(&engine).await, before);
    assert_eq!(n_stale(&engine).await, n_before);
    engine
}

/// Writes anew what may hold stale rows, until nothing does.
async fn tidy(engine: &Engine) {
    flush(engine).await;
    while let Some(job) = engine.shared.history.plan_tidying() {
        let rewrite = keeper::rewrite(&engine.shared).await.unwrap();
        keeper::compact(&engine.shared, job, rewrite).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_in_files_follow_merges_and_unmerges() {
    let folder = TempDir::new().unwrap();
    let mut engine = open(folder.path(), None).await;
    know(&engine).await;
    look(&engine, "a").await;
    flush(&engine).await;
    look(&engine, "b").await;
    assert!(engine.shared.history.moves().is_empty());
    sign_in(&engine, "c").await;
    let merged = engine.lookup(&user(0)).await.unwrap();
    let told = owners(&engine).await;
    for message in ["a-0", "b-0", "c-0"] {
        assert_eq!(told[message], Some(merged), "{message}");
    }
    assert!(n_stale(&engine).await >= 10, "files and fresh batches are from before");
    check(&engine).await;
    engine = restarted(engine, folder.path(), None).await;

    let link = LinkName { a: visitor(0), b: user(0), rule: LinkRule::SameEvent };
    engine.decide(&ann(), &Wish::Withdraw(vec![link.clone()]), "lent").await.unwrap();
    let parted = engine.lookup(&visitor(0)).await.unwrap();
    assert_ne!(parted, engine.lookup(&user(0)).await.unwrap());
    assert_eq!(owners(&engine).await["a-0"], Some(parted));
    check(&engine).await;
    engine = restarted(engine, folder.path(), None).await;

    flush(&engine).await;
    engine.decide(&ann(), &Wish::Restore(vec![link]), "not lent").await.unwrap();
    check(&engine).await;
    engine = restarted(engine, folder.path(), None).await;
    tidy(&engine).await;
    assert_eq!(n_stale(&engine).await, 0);
    assert!(engine.shared.history.moves().is_empty(), "{:?}", engine.shared.history.moves());
    check(&engine).await;
    engine.shutdown().await;
}

async fn until_done(engine: &Engine, erasure: Position) {
    for _ in 0..1_000 {
        if engine.erasure(erasure).await.unwrap().state == ErasureState::Done {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the erasure does not come to an end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_somebody_erased_are_nobodys_until_they_are_gone() {
    let folder = TempDir::new().unwrap();
    let holds_at = Some(Step::Tables);
    let mut engine = open(folder.path(), holds_at).await;
    know(&engine).await;
    look(&engine, "a").await;
    flush(&engine).await;
    sign_in(&engine, "b").await;
    flush(&engine).await;
    look(&engine, "c").await;
    // Rows of the browser lie under the visitor, the user and, in memory, the user again.
    let customer = engine.lookup(&user(1)).await.unwrap();
    let erasure = engine.erase(&ann(), customer, EraseReason::Request, None).await.unwrap();
    let told = owners(&engine).await;
    for message in ["known-1", "a-1", "b-1", "c-1"] {
        assert_eq!(told[message], None, "{message}");
    }
    assert!(told["a-2"].is_some());
    check(&engine).await;
    engine = restarted(engine, folder.path(), holds_at).await;
    engine.shutdown().await;
    drop(engine);

    let engine = open(folder.path(), None).await;
    until_done(&engine, erasure.row.id).await;
    assert!(!owners(&engine).await.contains_key("a-1"));
    check(&engine).await;
    tidy(&engine).await;
    assert!(engine.shared.history.moves().is_empty());
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_lost_is_told_at_once() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path(), None).await;
    know(&engine).await;
    look(&engine, "a").await;
    flush(&engine).await;
    let known = *engine.shared.processed.borrow();
    sign_in(&engine, "b").await;
    let told = owners(&engine).await;
    let through = *engine.shared.processed.borrow();
    // The same history, as it was before the last batch.
    let store = history::RunStore::in_folder(&engine.shared.data_dir.history(), 1 << 20).unwrap();
    let before = history::History::open(store, engine.shared.history.runs(), []).unwrap();
    let news = super::news_behind(&engine.shared, known, through).await.unwrap();
    assert!(news.fresh.len() == 1 && news.moved.len() >= 5, "{news:?}");
    before.take_in(news);
    let moves = before.moves();
    let mut others = BTreeMap::new();
    let take = |event: StoredEvent| -> Result<(), history::HistoryError> {
        let owner = moves.customer_of(event.identifier, event.customer);
        others.insert(event.message_id.to_string(), owner);
        Ok(())
    };
    before.scan(take).await.unwrap();
    assert_eq!(others, told);
    engine.shutdown().await;
}

/// A doctor who finds nothing is of no use.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_of_somebody_else_is_found() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path(), None).await;
    know(&engine).await;
    look(&engine, "a").await;
    sign_in(&engine, "b").await;
    flush(&engine).await;
    check(&engine).await;
    let shared = &engine.shared;
    let wrong = engine.lookup(&user(3)).await.unwrap();
    let mut rewrite = keeper::rewrite(shared).await.unwrap();
    rewrite.customer_of = Some(Arc::new(move |_, _| wrong));
    let job = Job::rewriting(shared.history.runs()).unwrap();
    keeper::compact(shared, job, rewrite).await.unwrap();
    let findings = engine.examine().await.unwrap();
    let found = findings.iter().find(|finding| !finding.is_sound).expect("somebody else's rows");
    assert!(found.message.contains("12 of 15 stored events belong to somebody else"), "{found:?}");
    engine.shutdown().await;
}
