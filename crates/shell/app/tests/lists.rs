//! Do lists follow the rules of traits, whoever says nothing any more included?

use rapport_app as app;

use app::access::Actor;
use app::customers::CustomersQuery;
use app::page::PageQuery;
use app::traits::{Sight, TraitChange, TraitRule};
use app::{Engine, EngineOptions, Origin};
use base::Timestamp;
use collect::{Dialect, Parcel, RawItem};
use lexicon::Json;
use state::CustomerSort;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const PATIENCE: Duration = Duration::from_secs(60);
/// More than one part.
const N_CUSTOMERS: usize = 1_050;

async fn open(folder: &Path) -> Arc<Engine> {
    Engine::open(EngineOptions::for_tests(folder, NOW)).await.unwrap()
}

async fn take(engine: &Engine, events: Vec<String>) {
    let item = |json: &String| RawItem { kind: None, json: json.as_str().into() };
    let parcel = Parcel {
        dialect: Dialect::Segment,
        write_key: None,
        sent_at: None,
        shared: Json::empty(),
        items: events.iter().map(item).collect(),
        is_single: false,
    };
    let source = engine.sources().by_write_key("test-write-key").unwrap();
    let origin = Origin { source, received_at: NOW, ip: None, user_agent: None };
    engine.accept(parcel, origin).await.unwrap();
    engine.caught_up(PATIENCE).await.unwrap();
}

/// Everybody has a long name, then a short one.
async fn fill(engine: &Engine) {
    for name in ["Annabella Hall", "Ann"] {
        let identify = |n: usize| {
            let day = if name == "Ann" { 2 } else { 1 };
            format!(
                r#"{{"type":"identify","messageId":"{name}-{n}","userId":"u{n}","timestamp":
                   "2026-09-0{day}T10:00:00Z","traits":{{"name":"{name}","street":"Way {n}",
                   "zip":"10115"}}}}"#
            )
        };
        take(engine, (0..N_CUSTOMERS).map(identify).collect()).await;
    }
}

async fn n_found(engine: &Engine, text: &str) -> u64 {
    let query = CustomersQuery {
        text: Some(text.to_owned()),
        is_known: None,
        country: None,
        has_orders: None,
        seen_since: None,
        is_suspended: None,
        sort: CustomerSort::FirstSeen,
        is_descending: false,
    };
    let page = PageQuery { limit: 1, cursor: None };
    engine.customers(&query, &page, &Sight::everything()).await.unwrap().total
}

async fn change(engine: &Engine, rule: TraitRule) {
    let settings = engine.traits().settings();
    let mut rules = (*settings.rules).clone();
    rules.default = rule;
    let change = TraitChange { version: settings.version, rules, sensitive: Vec::new() };
    let (sources, actor) = (engine.sources(), Actor::cli());
    engine.traits().change(&actor, change, sources, NOW).await.unwrap();
}

/// Waits until lists follow, and answers how far they were seen to be meanwhile.
async fn until_they_follow(engine: &Engine) -> Vec<u64> {
    let (begun, mut seen) = (Instant::now(), Vec::new());
    while let Some(progress) = engine.lists_progress() {
        assert!(begun.elapsed() < PATIENCE, "{progress:?}");
        assert!(progress.n_done <= progress.n_total.max(N_CUSTOMERS as u64));
        seen.push(progress.n_done);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_follow_a_change_without_any_event() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    fill(&engine).await;
    assert_eq!(engine.lists_progress(), None, "nothing was changed yet");
    assert_eq!(n_found(&engine, "annabella").await, 0);
    change(&engine, TraitRule::Longest).await;
    let seen = until_they_follow(&engine).await;
    assert!(seen.is_sorted(), "{seen:?}");
    // A search collects a thousand of those that fit, and says so.
    assert_eq!(n_found(&engine, "annabella").await, 1_000);
    change(&engine, TraitRule::Latest).await;
    until_they_follow(&engine).await;
    assert_eq!(n_found(&engine, "annabella").await, 0);
    assert!(engine.examine().await.unwrap().iter().all(|finding| finding.is_sound));

    // What was not finished is begun again with the next start, and what was is not.
    change(&engine, TraitRule::Longest).await;
    engine.shutdown().await;
    drop(engine);
    let engine = open(folder.path()).await;
    until_they_follow(&engine).await;
    assert_eq!(n_found(&engine, "annabella").await, 1_000);
    engine.shutdown().await;
    drop(engine);
    let engine = open(folder.path()).await;
    assert_eq!(engine.lists_progress(), None, "it is remembered");
    engine.shutdown().await;
}
