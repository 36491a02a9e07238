//! Does what was accepted arrive on the right customer, once, whatever happens in between?

use rapport_app as app;

use app::customers::{CustomerView, TimelineFilter};
use app::page::PageQuery;
use app::{Engine, EngineOptions, Origin};
use base::{CustomerId, ErrorKind, Timestamp};
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Identifier, IdentifierKind, Json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const PATIENCE: Duration = Duration::from_secs(30);

async fn open(folder: &Path) -> Arc<Engine> {
    Engine::open(EngineOptions::for_tests(folder, NOW)).await.unwrap()
}

fn parcel(events: &[String]) -> Parcel {
    let item = |json: &String| RawItem { kind: None, json: json.as_str().into() };
    Parcel {
        dialect: Dialect::Segment,
        write_key: None,
        sent_at: None,
        shared: Json::empty(),
        items: events.iter().map(item).collect(),
        is_single: false,
    }
}

async fn accept(engine: &Engine, events: &[String]) -> Result<(), base::Error> {
    let source = engine.sources().by_write_key("test-write-key").unwrap();
    let origin = Origin { source, received_at: NOW, ip: None, user_agent: None };
    engine.accept(parcel(events), origin).await.map(drop)
}

async fn take(engine: &Engine, events: &[String]) {
    accept(engine, events).await.unwrap();
    engine.caught_up(PATIENCE).await.unwrap();
}

fn track(id: &str, who: &str, name: &str, properties: &str) -> String {
    format!(
        r#"{{"type":"track","messageId":"{id}",{who},"event":"{name}","properties":{properties},
           "timestamp":"2026-09-20T10:00:00Z"}}"#
    )
}

fn identify(id: &str, who: &str, traits: &str) -> String {
    format!(
        r#"{{"type":"identify","messageId":"{id}",{who},"traits":{traits},
           "timestamp":"2026-09-20T11:00:00Z"}}"#
    )
}

async fn find(engine: &Engine, kind: IdentifierKind, value: &str) -> CustomerId {
    engine.lookup(&Identifier::new(kind, value).unwrap()).await.unwrap()
}

async fn names(engine: &Engine, id: CustomerId, limit: usize) -> Vec<String> {
    let mut names = Vec::new();
    let mut page = PageQuery { limit, cursor: None };
    loop {
        let found = engine.timeline(id, &TimelineFilter::default(), &page).await.unwrap();
        names.extend(found.items.into_iter().map(|event| event.message_id));
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => return names,
        }
    }
}

fn value_of(view: &CustomerView, name: &str) -> Option<serde_json::Value> {
    view.traits.iter().find(|value| value.name == name)?.value.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anonymous_visitor_becomes_a_customer_with_their_whole_story() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    let anonymous = r#""anonymousId":"browser-1""#;
    take(&engine, &[track("m1", anonymous, "Product Viewed", "{}")]).await;
    let before = find(&engine, IdentifierKind::AnonymousId, "browser-1").await;
    assert!(!engine.customer(before).await.unwrap().is_known);
    let both = r#""anonymousId":"browser-1","userId":"u1""#;
    let order = r#"{"order_id":"o1","total":19.9,"currency":"EUR",
        "products":[{"product_id":"p1","name":"Hub","price":19.9,"quantity":1}]}"#;
    take(
        &engine,
        &[
            identify("m2", both, r#"{"email":"Ann@example.com","name":"Ann"}"#),
            track("m3", r#""userId":"u1""#, "Order Completed", order),
        ],
    )
    .await;
    let view = engine.customer(find(&engine, IdentifierKind::UserId, "u1").await).await.unwrap();
    assert_eq!(view.id, before, "the older number stays");
    assert_eq!(find(&engine, IdentifierKind::Email, "ann@EXAMPLE.com").await, before);
    assert_eq!(view.name.as_deref(), Some("Ann"));
    assert_eq!(view.n_events, 3);
    assert_eq!(view.totals[0].revenue.minor, 1990);
    assert_eq!(view.holdings[0].name.as_deref(), Some("Hub"));
    assert_eq!(names(&engine, view.id, 2).await.len(), 3, "paged by two");
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_twice_counts_once() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    let event = track("same", r#""userId":"u1""#, "Clicked", "{}");
    take(&engine, &[event.clone(), event.clone()]).await;
    take(&engine, &[event]).await;
    let id = find(&engine, IdentifierKind::UserId, "u1").await;
    assert_eq!(names(&engine, id, 10).await, ["same"]);
    assert_eq!(engine.customer(id).await.unwrap().n_events, 1);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_finds_everything_as_it_was() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    take(&engine, &[identify("m1", r#""userId":"u1""#, r#"{"plan":"pro"}"#)]).await;
    engine.shutdown().await;
    drop(engine);
    let engine = open(folder.path()).await;
    let id = find(&engine, IdentifierKind::UserId, "u1").await;
    let view = engine.customer(id).await.unwrap();
    assert_eq!(value_of(&view, "plan"), Some("pro".into()));
    assert_eq!(names(&engine, id, 10).await, ["m1"]);
    take(&engine, &[identify("m1", r#""userId":"u1""#, r#"{"plan":"free"}"#)]).await;
    let view = engine.customer(id).await.unwrap();
    assert_eq!(value_of(&view, "plan"), Some("pro".into()), "m1 is still remembered");
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_processor_left_in_the_log_is_taken_up() {
    let folder = TempDir::new().unwrap();
    let mut options = EngineOptions::for_tests(folder.path(), NOW);
    options.is_processor_paused = true;
    let engine = Engine::open(options).await.unwrap();
    accept(&engine, &[track("m1", r#""userId":"u1""#, "Clicked", "{}")]).await.unwrap();
    assert!(engine.caught_up(Duration::from_millis(50)).await.is_err());
    engine.shutdown().await;
    drop(engine);
    let engine = open(folder.path()).await;
    engine.caught_up(PATIENCE).await.unwrap();
    let id = find(&engine, IdentifierKind::UserId, "u1").await;
    assert_eq!(names(&engine, id, 10).await, ["m1"]);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lagging_processor_asks_senders_to_wait_and_reads_go_on() {
    let folder = TempDir::new().unwrap();
    let mut options = EngineOptions::for_tests(folder.path(), NOW);
    (options.is_processor_paused, options.lag_entries_max) = (true, 3);
    let engine = Engine::open(options).await.unwrap();
    let event = |n: usize| track(&format!("m{n}"), r#""userId":"u1""#, "Clicked", "{}");
    for n in 0..4 {
        accept(&engine, &[event(n)]).await.unwrap();
    }
    assert_eq!(accept(&engine, &[event(4)]).await.unwrap_err().kind(), ErrorKind::Limited);
    assert!(engine.home().await.unwrap().processor.lag_events >= 4);
    engine.shutdown().await;
    drop(engine);
    let engine = open(folder.path()).await;
    engine.caught_up(PATIENCE).await.unwrap();
    take(&engine, &[event(4)]).await;
    let id = find(&engine, IdentifierKind::UserId, "u1").await;
    assert_eq!(names(&engine, id, 10).await.len(), 5, "what was refused came again, once");
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_and_recovers_by_itself() {
    let folder = TempDir::new().unwrap();
    let mut options = EngineOptions::for_tests(folder.path(), NOW);
    options.disk_reserve_bytes = u64::MAX;
    let engine = Engine::open(options).await.unwrap();
    let event = track("m1", r#""userId":"u1""#, "Clicked", "{}");
    let error = accept(&engine, std::slice::from_ref(&event)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(engine.home().await.is_ok(), "reads go on");
    engine.shutdown().await;
    drop(engine);
    let engine = open(folder.path()).await;
    take(&engine, &[event]).await;
    assert_eq!(names(&engine, CustomerId(1), 10).await, ["m1"]);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_read_from_files_as_from_memory_also_after_a_merge() {
    let folder = TempDir::new().unwrap();
    let mut options = EngineOptions::for_tests(folder.path(), NOW);
    options.fresh_events_max = 10;
    let engine = Engine::open(options).await.unwrap();
    for n in 0..40 {
        let who = format!(r#""anonymousId":"browser-{}""#, n % 4);
        take(&engine, &[track(&format!("m{n:02}"), &who, "Page Seen", "{}")]).await;
    }
    for browser in 0..4 {
        let who = format!(r#""anonymousId":"browser-{browser}","userId":"u1""#);
        take(&engine, &[identify(&format!("i{browser}"), &who, "{}")]).await;
    }
    until(async || engine.about().await.unwrap().history_bytes > 0).await;
    let id = find(&engine, IdentifierKind::UserId, "u1").await;
    let mut found = names(&engine, id, 7).await;
    found.sort();
    let mut expected: Vec<String> = (0..40).map(|n| format!("m{n:02}")).collect();
    expected.splice(0..0, (0..4).map(|n| format!("i{n}")));
    assert_eq!(found, expected);
    assert_eq!(engine.customer(id).await.unwrap().n_events, 44);
    let findings = engine.examine().await.unwrap();
    assert!(findings.iter().all(|finding| finding.is_sound), "{findings:?}");
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_event_is_kept_with_the_field_and_does_not_hold_up_the_others() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    let nobody = r#"{"type":"track","messageId":"bad","event":"Clicked"}"#.to_owned();
    take(&engine, &[nobody, track("good", r#""userId":"u1""#, "Clicked", "{}")]).await;
    let page = PageQuery { limit: 10, cursor: None };
    let query = app::debugger::DebugQuery {
        status: Some(app::debugger::DebugStatus::Refused),
        ..Default::default()
    };
    let refused = engine.debugger(&query, &page).await.unwrap().items;
    assert_eq!(refused.len(), 1);
    assert!(refused[0].refusals[0].field.contains("userId"), "{:?}", refused[0].refusals);
    let detail = engine.debugger_one(refused[0].seq).await.unwrap();
    assert!(detail.raw.unwrap().contains("\"bad\""));
    assert_eq!(names(&engine, CustomerId(1), 10).await, ["good"]);
    assert_eq!(engine.home().await.unwrap().attention[0].count, Some(1));
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_have_members_who_follow_their_customers() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    let group = |id: &str, who: &str| {
        format!(
            r#"{{"type":"group","messageId":"{id}",{who},"groupId":"acme",
               "traits":{{"name":"Acme"}},"timestamp":"2026-09-20T09:00:00Z"}}"#
        )
    };
    take(&engine, &[group("g1", r#""anonymousId":"b1""#), group("g2", r#""userId":"u2""#)]).await;
    take(&engine, &[identify("i1", r#""anonymousId":"b1","userId":"u1""#, "{}")]).await;
    let page = PageQuery { limit: 10, cursor: None };
    let accounts = engine.accounts(None, &page).await.unwrap().items;
    assert_eq!(accounts.len(), 1);
    assert_eq!((accounts[0].name.as_deref(), accounts[0].n_members), (Some("Acme"), 2));
    let account = engine.account(accounts[0].id).await.unwrap();
    let u1 = find(&engine, IdentifierKind::UserId, "u1").await;
    assert!(account.members.iter().any(|member| member.row.id == u1));
    engine.shutdown().await;
}

async fn until(condition: impl AsyncFn() -> bool) {
    for _ in 0..300 {
        if condition().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come to be within six seconds");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_catalogue_is_what_events_say_of_products() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path()).await;
    let who = r#""userId":"u1""#;
    let lamp =
        r#"{"product_id":"lamp","name":"Lamp","brand":"Acme","price":10.5,"currency":"EUR"}"#;
    let order = r#"{"order_id":"o1","currency":"EUR","products":[
        {"product_id":"lamp","price":9.5,"quantity":2},{"product_id":"chair","name":"Chair"}]}"#;
    let events = [
        track("p1", who, "Product Viewed", lamp),
        track("p2", who, "Order Completed", order),
        track("p3", who, "Product Viewed", r#"{"product_id":"chair","url":"https://s.example/c"}"#),
        track("p4", who, "Signed Up", r#"{"product_id":"nothing"}"#),
    ];
    take(&engine, &events).await;
    let known = engine.product_page(None, 10).await.unwrap();
    let shown: Vec<_> = known
        .iter()
        .map(|row| (row.id.as_str(), row.name.as_deref(), row.price_minor, row.url.as_deref()))
        .collect();
    let expected = [
        ("chair", Some("Chair"), None, Some("https://s.example/c")),
        ("lamp", Some("Lamp"), Some(950), None),
    ];
    assert_eq!(shown, expected);
    assert_eq!(known[1].brand.as_deref(), Some("Acme"));
    // What changes nothing, and what changes something, in one batch and after a new start.
    take(&engine, &[track("p5", who, "Product Viewed", r#"{"product_id":"lamp","price":"9.50"}"#)])
        .await;
    assert_eq!(engine.product_page(None, 10).await.unwrap(), known);
    engine.shutdown().await;
    drop(engine);
    let engine = open(folder.path()).await;
    let events = [
        track("p6", who, "Product Added", r#"{"product_id":"lamp","name":"Lampe"}"#),
        track("p7", who, "Product Added", r#"{"product_id":"lamp","name":"Lamp"}"#),
    ];
    take(&engine, &events).await;
    assert_eq!(engine.product_page(None, 10).await.unwrap(), known);
}
