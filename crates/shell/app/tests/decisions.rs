//! Can every decision about who is who be taken back exactly?

use rapport_app as app;

use app::access::{Actor, ActorKind};
use app::customers::TimelineFilter;
use app::edits::{LinkName, Wish};
use app::page::PageQuery;
use app::{Engine, EngineOptions, Origin};
use base::{CustomerId, ErrorKind, Timestamp};
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Identifier, IdentifierKind, Json, LinkRule};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const PATIENCE: Duration = Duration::from_secs(30);

async fn open(folder: &Path) -> Arc<Engine> {
    Engine::open(EngineOptions::for_tests(folder, NOW)).await.unwrap()
}

async fn take(engine: &Engine, events: &[String]) {
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

/// A visit with a browser and a user id, with a trait and an order.
fn visit(n: u32, browser: &str, user: &str, city: &str) -> [String; 2] {
    let who = format!(r#""anonymousId":"{browser}","userId":"{user}""#);
    let time = format!("2026-09-20T10:00:{n:02}Z");
    [
        format!(
            r#"{{"type":"identify","messageId":"i{n}",{who},"timestamp":"{time}",
               "traits":{{"city":"{city}","name":"{user}"}}}}"#
        ),
        format!(
            r#"{{"type":"track","messageId":"t{n}",{who},"timestamp":"{time}",
               "event":"Order Completed","properties":{{"order_id":"o{n}","total":10,
               "currency":"EUR","products":[{{"product_id":"p1","price":10,"quantity":1}}]}}}}"#
        ),
    ]
}

fn identifier(kind: IdentifierKind, value: &str) -> Identifier {
    Identifier::new(kind, value).unwrap()
}

async fn user(engine: &Engine, value: &str) -> CustomerId {
    engine.lookup(&identifier(IdentifierKind::UserId, value)).await.unwrap()
}

fn ann() -> Actor {
    Actor { kind: ActorKind::User, name: "ann@example.com".to_owned() }
}

/// What the page and the timeline of a user show, as text; links aside, which remember.
async fn story(engine: &Engine, value: &str) -> String {
    let id = user(engine, value).await;
    let mut view = engine.customer(id).await.unwrap();
    view.links.clear();
    for identifier in &mut view.identifiers {
        identifier.customer_since = None;
    }
    let page = PageQuery { limit: 100, cursor: None };
    let events = engine.timeline(id, &TimelineFilter::default(), &page).await.unwrap();
    let events: Vec<String> = events.items.iter().map(|event| event.message_id.clone()).collect();
    format!("{view:#?}{events:?}")
}

async fn stories(engine: &Engine, users: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for value in users {
        all.push(story(engine, value).await);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_shows_everywhere_and_can_be_taken_back() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    for (n, user) in [(1, "u1"), (2, "u2"), (3, "u3")] {
        // They looked around before they signed in, so a browser is the oldest identifier.
        let look = format!(
            r#"{{"type":"track","messageId":"l{n}","anonymousId":"b{n}","event":"Looked",
               "timestamp":"2026-09-20T09:00:00Z"}}"#
        );
        take(&engine, &[look]).await;
        take(&engine, &visit(n, &format!("b{n}"), user, "Oslo")).await;
    }
    let before = stories(&engine, &["u1", "u2", "u3"]).await;
    let (one, two) = (user(&engine, "u1").await, user(&engine, "u2").await);
    let wish = Wish::Merge(vec![one, two]);
    let preview = engine.preview_decision(&wish).await.unwrap();
    assert_eq!((preview.before.len(), preview.after.len()), (2, 1));
    assert_eq!(preview.after[0].n_events, 6);
    let conflict = &preview.conflicts.iter().find(|c| c.name == "name").unwrap();
    assert_eq!((&conflict.winner, conflict.said.len()), (&"u2".into(), 2));
    assert!(preview.conflicts.iter().all(|conflict| conflict.name != "city"), "both say Oslo");
    assert_eq!(stories(&engine, &["u1", "u2", "u3"]).await, before, "a preview changes nothing");

    let decided = engine.decide(&ann(), &wish, " met at the desk ").await.unwrap();
    assert_eq!(decided.reason, "met at the desk");
    assert_eq!(user(&engine, "u2").await, one);
    let view = engine.customer(two).await.unwrap();
    assert_eq!((view.id, view.n_events, view.totals[0].revenue.minor), (one, 6, 2_000));
    assert!(story(&engine, "u1").await.ends_with(r#"["t2", "i2", "t1", "i1", "l2", "l1"]"#));
    // More of both goes to the one.
    take(&engine, &visit(4, "b2", "u2", "Bergen")).await;
    assert_eq!(engine.customer(one).await.unwrap().n_events, 8);

    let undone = engine.undo_decision(&ann(), decided.id).await.unwrap();
    assert_eq!(undone.undoes, Some(decided.id));
    let after = stories(&engine, &["u1", "u3"]).await;
    assert_eq!(after, [before[0].clone(), before[2].clone()]);
    assert_eq!(user(&engine, "u2").await, two, "the number is found again");
    assert!(story(&engine, "u2").await.ends_with(r#"["t4", "i4", "t2", "i2", "l2"]"#));
    let again = engine.undo_decision(&ann(), decided.id).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict);
    let history = engine.decisions_about(two).await.unwrap();
    assert_eq!(history.iter().map(|d| d.id).collect::<Vec<_>>(), [undone.id, decided.id]);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_link_stays_so_after_a_restart_and_more_of_the_same() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    take(&engine, &visit(1, "b1", "u1", "Oslo")).await;
    take(&engine, &visit(2, "b1", "u2", "Bergen")).await;
    let browser = identifier(IdentifierKind::AnonymousId, "b1");
    let before = stories(&engine, &["u1", "u2"]).await;
    assert_eq!(engine.lookup(&browser).await.unwrap(), user(&engine, "u1").await);
    let link = LinkName {
        a: browser.clone(),
        b: identifier(IdentifierKind::UserId, "u1"),
        rule: LinkRule::SameEvent,
    };
    let wish = Wish::Withdraw(vec![link.clone()]);
    let decided = engine.decide(&ann(), &wish, "").await.unwrap();
    // The second login was held off by the first one only.
    assert_eq!(engine.lookup(&browser).await.unwrap(), user(&engine, "u2").await);
    let twice = engine.decide(&ann(), &wish, "").await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Conflict);
    engine.shutdown().await;
    drop(engine);

    let engine = open(folder.path()).await;
    take(&engine, &visit(3, "b1", "u1", "Oslo")).await;
    assert_eq!(engine.lookup(&browser).await.unwrap(), user(&engine, "u2").await);
    engine.undo_decision(&ann(), decided.id).await.unwrap();
    assert_eq!(engine.lookup(&browser).await.unwrap(), user(&engine, "u1").await);
    assert_eq!(story(&engine, "u2").await, before[1]);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn identifiers_are_parted_and_nonsense_is_refused() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    take(&engine, &visit(1, "b1", "u1", "Oslo")).await;
    take(&engine, &visit(2, "b2", "u1", "Oslo")).await;
    let part = Wish::Part(vec![identifier(IdentifierKind::AnonymousId, "b2")]);
    engine.decide(&ann(), &part, "somebody else's tablet").await.unwrap();
    let id = engine.lookup(&identifier(IdentifierKind::AnonymousId, "b2")).await.unwrap();
    assert_ne!(id, user(&engine, "u1").await);
    let check = async |wish: Wish, kind: ErrorKind| {
        assert_eq!(engine.decide(&ann(), &wish, "").await.unwrap_err().kind(), kind, "{wish:?}");
    };
    let one = user(&engine, "u1").await;
    check(Wish::Merge(vec![one]), ErrorKind::Conflict).await;
    check(Wish::Merge(vec![one, one]), ErrorKind::Conflict).await;
    check(Wish::Merge(vec![one, CustomerId(999)]), ErrorKind::NotFound).await;
    check(Wish::Withdraw(vec![]), ErrorKind::Invalid).await;
    let everything = ["b1", "u1"].map(|value| {
        let kind = if value == "u1" { IdentifierKind::UserId } else { IdentifierKind::AnonymousId };
        identifier(kind, value)
    });
    check(Wish::Part(everything.to_vec()), ErrorKind::Conflict).await;
    let nobody = identifier(IdentifierKind::Email, "nobody@example.com");
    check(Wish::Part(vec![nobody]), ErrorKind::NotFound).await;
    let too_long = engine.decide(&ann(), &Wish::Merge(vec![one, id]), &"x".repeat(501)).await;
    assert_eq!(too_long.unwrap_err().kind(), ErrorKind::Invalid);
    engine.shutdown().await;
}
