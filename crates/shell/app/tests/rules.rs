//! Do rules of identity hold on the whole way from an event to a page, and after a restart?

use rapport_app as app;

use app::access::{Actor, ActorKind};
use app::customers::Inert;
use app::rules::{IdentityRules, KindRules, Trust};
use app::traits::Sight;
use app::{Engine, EngineOptions, Origin};
use base::{CustomerId, ErrorKind, Timestamp};
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Blocked, BlockedValue, Identifier, IdentifierKind, Json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const HOUR: i64 = 3_600_000_000;
const PATIENCE: Duration = Duration::from_secs(30);

async fn open(folder: &Path) -> Arc<Engine> {
    Engine::open(EngineOptions::for_tests(folder, NOW)).await.unwrap()
}

async fn take_at(engine: &Engine, received_at: Timestamp, events: &[String]) {
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
    let origin = Origin { source, received_at, ip: None, user_agent: None };
    engine.accept(parcel, origin).await.unwrap();
    engine.caught_up(PATIENCE).await.unwrap();
}

async fn take(engine: &Engine, events: &[String]) {
    take_at(engine, NOW, events).await;
}

/// Somebody who says who they are.
fn identify(n: u32, who: &str, traits: &str) -> String {
    format!(
        r#"{{"type":"identify","messageId":"i{n}",{who},"timestamp":"2026-09-20T10:00:00Z",
           "traits":{{{traits}}}}}"#
    )
}

fn user(value: &str) -> String {
    format!(r#""userId":"{value}""#)
}

async fn whose(engine: &Engine, kind: IdentifierKind, value: &str) -> CustomerId {
    engine.lookup(&Identifier::formed(kind, value).unwrap()).await.unwrap()
}

fn ann() -> Actor {
    Actor { kind: ActorKind::User, name: "ann@example.com".to_owned() }
}

fn rules(engine: &Engine) -> IdentityRules {
    (*engine.identity_rules().rules).clone()
}

/// The reasons for which links of a customer are not followed.
async fn reasons(engine: &Engine, id: CustomerId) -> Vec<Inert> {
    let links = engine.customer(id).await.unwrap().links;
    links.into_iter().filter_map(|link| link.inert).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_number_is_one_however_it_is_written() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    take(&engine, &[identify(1, &user("u0"), r#""phone":"030 / 765 43 21""#)]).await;
    let country = IdentityRules { country: Some("DE".into()), ..rules(&engine) };
    let agreed = engine.change_identity_rules(&ann(), country).await.unwrap();
    assert_eq!((agreed.rules.version, agreed.n_links_turned), (1, 0));
    let who = |n: u32, browser: &str, phone: &str| {
        identify(n, &format!(r#""anonymousId":"{browser}""#), &format!(r#""phone":"{phone}""#))
    };
    take(&engine, &[who(2, "b1", "030 123 45 67"), who(3, "b2", "+49 (0)30-1234567")]).await;
    let (one, two) = (
        whose(&engine, IdentifierKind::AnonymousId, "b1").await,
        whose(&engine, IdentifierKind::AnonymousId, "b2").await,
    );
    assert_eq!(one, two);
    assert_eq!(whose(&engine, IdentifierKind::Phone, "0049 30 1234567").await, one);
    let view = engine.customer(one).await.unwrap();
    assert!(view.identifiers.iter().any(|i| &*i.identifier.value == "+49301234567"));
    // What came before there was a country is found as it was written.
    let before = whose(&engine, IdentifierKind::UserId, "u0").await;
    assert_eq!(whose(&engine, IdentifierKind::Phone, "0307654321").await, before);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocking_a_value_parts_whom_it_joined_and_back() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    let desk = r#""email":"desk@shop.example""#;
    let visitor = |n: u32| identify(n, &format!(r#""anonymousId":"b{n}""#), desk);
    take(&engine, &[visitor(1), visitor(2)]).await;
    let one = whose(&engine, IdentifierKind::AnonymousId, "b1").await;
    assert_eq!(whose(&engine, IdentifierKind::AnonymousId, "b2").await, one);
    let before = rules(&engine);
    let nobody = BlockedValue { kind: None, pattern: "desk@*".into() };
    let mut values = before.blocked.values().to_vec();
    values.push(nobody);
    let blocking = IdentityRules { blocked: Blocked::new(true, values), ..before.clone() };
    let preview = engine.preview_identity_rules(blocking.clone()).await.unwrap();
    assert_eq!((preview.n_links_turned, preview.is_whole), (2, true));
    assert_eq!(preview.n_links_inert[&Inert::Blocked], 2);
    assert_eq!(whose(&engine, IdentifierKind::AnonymousId, "b2").await, one, "nothing changed");
    let agreed = engine.change_identity_rules(&ann(), blocking.clone()).await.unwrap();
    assert_eq!(
        (agreed.n_links_turned, agreed.n_identifiers_moved),
        (2, preview.n_identifiers_moved)
    );
    let two = whose(&engine, IdentifierKind::AnonymousId, "b2").await;
    assert_ne!(two, one);
    assert_eq!(engine.customer(two).await.unwrap().n_events, 1);
    assert_eq!(reasons(&engine, two).await, [Inert::Blocked]);
    // From then on it is a trait and no identifier.
    take(&engine, &[visitor(3)]).await;
    let three = whose(&engine, IdentifierKind::AnonymousId, "b3").await;
    assert_eq!(engine.customer(three).await.unwrap().identifiers.len(), 1);
    let stale = engine.change_identity_rules(&ann(), before.clone()).await.unwrap_err();
    assert_eq!(stale.kind(), ErrorKind::Conflict);
    engine.shutdown().await;
    drop(engine);

    let engine = open(folder.path()).await;
    assert_eq!(rules(&engine).version, 1);
    let back = IdentityRules { version: 1, ..before };
    engine.change_identity_rules(&ann(), back).await.unwrap();
    assert_eq!(whose(&engine, IdentifierKind::AnonymousId, "b2").await, one);
    let versions = engine.identity_rule_versions().await.unwrap();
    assert_eq!(versions.iter().map(|v| v.rules.version).collect::<Vec<_>>(), [2, 1, 0]);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_may_have_to_be_verified() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    let mut strict = rules(&engine);
    for (kind, own) in &mut strict.kinds {
        if *kind == IdentifierKind::Email {
            own.trust = Trust::Verified;
        }
    }
    engine.change_identity_rules(&ann(), strict).await.unwrap();
    let claims = r#""email":"ann@shop.example""#;
    let proves = r#""email":"ann@shop.example","email_verified":true"#;
    take(&engine, &[identify(1, &user("u1"), claims), identify(2, &user("u2"), proves)]).await;
    let owner = whose(&engine, IdentifierKind::Email, "ann@shop.example").await;
    assert_eq!(owner, whose(&engine, IdentifierKind::UserId, "u2").await);
    let claimer = whose(&engine, IdentifierKind::UserId, "u1").await;
    assert_eq!(reasons(&engine, claimer).await, [Inert::Unverified]);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_tablet_is_let_go_and_its_events_stay_with_whom_they_came_under() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    let did = |n: u32, who: &str| {
        format!(
            r#"{{"type":"track","messageId":"t{n}",{who},"event":"Looked",
               "timestamp":"2026-09-20T10:00:{n:02}Z"}}"#
        )
    };
    let on_tablet = |user: &str| format!(r#""anonymousId":"tablet","userId":"{user}""#);
    let mut events = vec![did(0, r#""anonymousId":"tablet""#)];
    events.extend((1..=5).map(|n| did(n, &on_tablet(&format!("u{n}")))));
    take(&engine, &events).await;
    let first = whose(&engine, IdentifierKind::UserId, "u1").await;
    assert_eq!(whose(&engine, IdentifierKind::AnonymousId, "tablet").await, first);
    assert_eq!(engine.customer(first).await.unwrap().n_events, 2);
    take(&engine, &[did(6, &on_tablet("u6"))]).await;
    let tablet = whose(&engine, IdentifierKind::AnonymousId, "tablet").await;
    let owners = ["u1", "u2", "u3", "u4", "u5", "u6"];
    for user in owners {
        let id = whose(&engine, IdentifierKind::UserId, user).await;
        assert_ne!(id, tablet);
        assert_eq!(engine.customer(id).await.unwrap().n_events, 1, "{user}");
    }
    let view = engine.customer(tablet).await.unwrap();
    assert_eq!((view.n_events, view.identifiers.len()), (1, 1));
    assert!(view.identifiers[0].is_shared);
    assert_eq!(reasons(&engine, tablet).await, [Inert::Shared; 6]);
    // A higher limit takes it back.
    let mut wide = rules(&engine);
    let browser = KindRules { users_max: Some(6), ..*wide.of(&IdentifierKind::AnonymousId) };
    for (kind, own) in &mut wide.kinds {
        if *kind == IdentifierKind::AnonymousId {
            *own = browser;
        }
    }
    engine.change_identity_rules(&ann(), wide).await.unwrap();
    let first = whose(&engine, IdentifierKind::UserId, "u1").await;
    assert_eq!(whose(&engine, IdentifierKind::AnonymousId, "tablet").await, first);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_we_thought_this_was_is_told_for_every_moment() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    let at = |hours: i64| Timestamp(NOW.0 + hours * HOUR);
    let looked = |n: u32, browser: &str| {
        format!(
            r#"{{"type":"track","messageId":"l{n}","anonymousId":"{browser}","event":"Looked",
               "timestamp":"2026-09-20T10:00:00Z"}}"#
        )
    };
    take_at(&engine, at(1), &[looked(1, "b1")]).await;
    take_at(&engine, at(2), &[looked(2, "b2")]).await;
    let both = r#""anonymousId":"b2","userId":"u1""#;
    take_at(&engine, at(3), &[identify(3, r#""anonymousId":"b1","userId":"u1""#, "")]).await;
    take_at(&engine, at(4), &[identify(4, both, "")]).await;
    let id = whose(&engine, IdentifierKind::UserId, "u1").await;
    let sight = Sight::everything();
    let check = async |hours: i64, expected: &[&str]| {
        let then = engine.identity_then(id, at(hours), &sight).await.unwrap();
        let values: Vec<&str> = then.identifiers.iter().map(|i| &*i.identifier.value).collect();
        assert_eq!(values, expected, "after {hours} hours");
    };
    check(0, &[]).await;
    check(1, &["b1"]).await;
    check(2, &["b1"]).await;
    check(3, &["b1", "u1"]).await;
    check(4, &["b1", "b2", "u1"]).await;
    let then = engine.identity_then(id, at(9), &sight).await.unwrap();
    let moments: Vec<(i64, usize)> =
        then.moments.iter().map(|m| ((m.at.0 - NOW.0) / HOUR, m.came.len())).collect();
    assert_eq!(moments, [(1, 1), (3, 1), (4, 1)]);
    assert!(then.moments[2].cause.contains("one event carried both"), "{:?}", then.moments);
    engine.shutdown().await;
}
