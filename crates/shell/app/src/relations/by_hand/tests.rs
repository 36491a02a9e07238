//! Does what was said by hand come back from the log, go back when it is taken back, and leave with
//! whom it is about?

use super::*;
use crate::accounts::AccountView;
use crate::engine::Origin;
use crate::options::EngineOptions;
use crate::privacy::{EraseReason, ErasureState};
use crate::relations::HouseholdKey;
use crate::traits::Sight;
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Identifier, IdentifierKind, Json};
use serde_json::json;
use state::HandWord;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const PATIENCE: Duration = Duration::from_secs(60);

async fn open(folder: &Path) -> Arc<Engine> {
    Engine::open(EngineOptions::for_tests(folder, NOW)).await.unwrap()
}

fn sam() -> Actor {
    Actor { kind: crate::access::ActorKind::User, name: "sam".to_owned() }
}

async fn take(engine: &Engine, events: &[serde_json::Value]) {
    let item = |json: &serde_json::Value| RawItem { kind: None, json: json.to_string().into() };
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

/// Two people of one home who are of two accounts, and one whose home is called like Ann.
async fn fill(engine: &Engine) {
    let identify = |id: &str, user: &str, traits: serde_json::Value| {
        json!({"type": "identify", "messageId": id, "userId": user, "traits": traits,
               "timestamp": "2026-09-01T10:00:00Z"})
    };
    let group = |id: &str, user: &str, key: &str| {
        json!({"type": "group", "messageId": id, "userId": user, "groupId": key,
               "timestamp": "2026-09-01T10:00:00Z", "traits": {"name": key.to_uppercase()}})
    };
    let home = json!({"lastName": "Hall", "street": "Way 5", "zip": "10115"});
    let mut ann = home.clone();
    ann["email"] = json!("ann.unique@example.com");
    ann["household_id"] = json!("ann.unique@example.com");
    // The accounts come in another order than that of their keys.
    take(engine, &[group("g-1", "carl", "zeta")]).await;
    take(
        engine,
        &[
            identify("m-1", "ann", ann),
            identify("m-2", "ben", home),
            identify("m-3", "carl", json!({"household_id": "ann.unique@example.com"})),
            group("g-2", "carl", "acme"),
        ],
    )
    .await;
}

async fn user(engine: &Engine, value: &str) -> CustomerId {
    engine.lookup(&Identifier::new(IdentifierKind::UserId, value).unwrap()).await.unwrap()
}

async fn account(engine: &Engine, key: &str) -> AccountView {
    let page = PageQuery { limit: 10, cursor: None };
    let found = engine.accounts(Some(key), &page).await.unwrap();
    engine.account(found.items[0].id).await.unwrap()
}

async fn homes(engine: &Engine, who: &str) -> Vec<HouseholdKey> {
    let view = engine.relations(user(engine, who).await, &Sight::everything()).await.unwrap();
    view.households.into_iter().map(|home| home.key).collect()
}

/// What holds by hand, with accounts by their keys.
async fn holds(engine: &Engine) -> Vec<String> {
    let said = engine.shared.state.all_words_by_hand().await.unwrap();
    let mut lines = Vec::new();
    for (place, HandWord { is_so, at, by }) in said {
        let ids: Vec<AccountId> = account_of(&place).into_iter().collect();
        let rows = engine.shared.state.accounts(&ids).await.unwrap();
        let key = rows.into_iter().flatten().map(|row| row.key).next().unwrap_or_default();
        let what = match place {
            HandPlace::Domain { domain, .. } => domain,
            HandPlace::Member { identifier, .. } => identifier.to_string(),
            HandPlace::Household { household, identifier } => format!("{household} {identifier}"),
        };
        lines.push(format!("{key} {what} {is_so} {at} {by}"));
    }
    lines.sort();
    lines
}

async fn say_all(engine: &Engine) {
    let (acme, zeta) = (account(engine, "acme").await.row.id, account(engine, "zeta").await.row.id);
    let (ann, ben) = (user(engine, "ann").await, user(engine, "ben").await);
    engine.claim_domain(&sam(), acme, "acme.example").await.unwrap();
    engine.claim_domain(&sam(), zeta, "zeta.example").await.unwrap();
    engine.drop_domain(&sam(), zeta, "zeta.example").await.unwrap();
    engine.judge_member(&sam(), (acme, ann), true).await.unwrap();
    engine.judge_member(&sam(), (zeta, ben), false).await.unwrap();
    engine.judge_member(&sam(), (zeta, ben), true).await.unwrap();
    let home = homes(engine, "ben").await[0];
    engine.remove_from_household(&sam(), ben, home).await.unwrap();
}

/// Everything that the log of one engine holds, given to one that has lived through nothing.
async fn replay(one: &Engine, other: &Engine) {
    let log = &one.shared.log;
    for entry in log.read_after(Position::default(), 10_000, 64 << 20).await.unwrap() {
        other.shared.log.append(entry.payload).await.unwrap();
    }
    other.caught_up(PATIENCE).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_read_again_comes_to_the_same() {
    let (one, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (lived, anew) = (open(one.path()).await, open(other.path()).await);
    fill(&lived).await;
    say_all(&lived).await;
    let before = holds(&lived).await;
    assert_eq!(
        before.len(),
        5,
        "a domain, two of Ann's identifiers, Ben, and his home: {before:?}"
    );
    replay(&lived, &anew).await;
    assert_eq!(holds(&anew).await, before);
    for key in ["acme", "zeta"] {
        let (a, b) = (account(&lived, key).await, account(&anew, key).await);
        let told = |view: &AccountView| {
            let member = |m: &crate::accounts::Member| (m.row.id, m.added_by.clone(), m.since);
            (view.row.n_members, view.members.iter().map(member).collect::<Vec<_>>())
        };
        assert_eq!(told(&a), told(&b), "{key}");
    }
    let page = PageQuery { limit: 10, cursor: None };
    let said = anew.said_by_hand(&page).await.unwrap();
    assert_eq!(said.items.len(), 7, "each of the seven words");
    lived.shutdown().await;
    anew.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_goes_back_to_what_was_said_before() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    fill(&engine).await;
    let (zeta, ben) = (account(&engine, "zeta").await.row.id, user(&engine, "ben").await);
    let mut after = Vec::new();
    for is_member in [false, true] {
        after.push(holds(&engine).await);
        engine.judge_member(&sam(), (zeta, ben), is_member).await.unwrap();
    }
    engine.judge_member(&sam(), (zeta, ben), true).await.unwrap();
    let page = PageQuery { limit: 10, cursor: None };
    let said = engine.said_by_hand(&page).await.unwrap().items;
    assert_eq!(said.len(), 2, "what is said already is no news");
    let earlier = engine.take_back_word(&sam(), said[1].row.id).await.unwrap_err();
    assert_eq!(earlier.kind(), ErrorKind::Conflict, "something else was said since");
    for (word, before) in said.iter().zip(after.iter().rev()) {
        let back = engine.take_back_word(&sam(), word.row.id).await.unwrap();
        assert_eq!((back.row.undoes, back.row.refusal), (Some(word.row.id), None));
        assert_eq!(&holds(&engine).await, before);
    }
    let twice = engine.take_back_word(&sam(), said[0].row.id).await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Conflict);
    let nothing = engine.take_back_word(&sam(), Position(999)).await.unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::NotFound);
    let lines = engine.access().audit_log(&page).await.unwrap();
    assert_eq!(lines.items.iter().filter(|line| line.action == "relations.undone").count(), 2);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_from_before_there_were_entries_are_carried_over_once() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    fill(&engine).await;
    say_all(&engine).await;
    let before = holds(&engine).await;
    // As an older program left it: rows, and neither entries of the log nor a record of them.
    for table in ["relation_edits", "relation_edit_words"] {
        let sql = format!("DELETE FROM {table}");
        engine.shared.state.db().execute(sql, vec![]).await.unwrap();
    }
    engine.shutdown().await;
    drop(engine);
    let engine = open(folder.path()).await;
    engine.caught_up(PATIENCE).await.unwrap();
    assert_eq!(holds(&engine).await, before);
    let page = PageQuery { limit: 10, cursor: None };
    let said = engine.said_by_hand(&page).await.unwrap().items;
    assert_eq!((said.len(), said[0].row.by.as_str()), (1, "Rapport"));
    let nothing = engine.take_back_word(&sam(), said[0].row.id).await.unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::Conflict, "it changed nothing");

    // A part that was written down twice does not take back what was said since.
    let ben = user(&engine, "ben").await;
    let zeta = account(&engine, "zeta").await.row.id;
    engine.unjudge_member(&sam(), (zeta, ben)).await.unwrap();
    let since = holds(&engine).await;
    let entries = engine.shared.log.read_after(Position(0), 1_000, 64 << 20).await.unwrap();
    let carried = entries.iter().find(|entry| entry.position == said[0].row.id).unwrap();
    engine.shared.log.append(carried.payload.clone()).await.unwrap();
    engine.caught_up(PATIENCE).await.unwrap();
    assert_eq!(holds(&engine).await, since);
    engine.shutdown().await;
    drop(engine);
    let engine = open(folder.path()).await;
    engine.caught_up(PATIENCE).await.unwrap();
    assert_eq!(holds(&engine).await, since, "nothing is carried over again");
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_takes_words_and_fingerprints_of_the_erased_along() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    fill(&engine).await;
    say_all(&engine).await;
    let (ann, carl) = (user(&engine, "ann").await, user(&engine, "carl").await);
    let of_carl = homes(&engine, "carl").await[0];
    let fingerprint = of_carl.to_string();
    engine.remove_from_household(&sam(), carl, of_carl).await.unwrap();
    assert!(log_text(&engine).await.contains(&fingerprint));
    let erasure = engine.erase(&sam(), ann, EraseReason::Request, None).await.unwrap().row.id;
    let begun = std::time::Instant::now();
    while engine.erasure(erasure).await.unwrap().state != ErasureState::Done {
        assert!(begun.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(homes(&engine, "carl").await.is_empty(), "its name was Ann's address");
    let rows = engine.shared.state.households_of(&[carl]).await.unwrap();
    assert!(rows.is_empty(), "{rows:?}");
    let left = holds(&engine).await;
    assert_eq!(left.len(), 3, "the domain, Ben, and Ben's own home: {left:?}");
    assert!(!left.concat().contains(&fingerprint));
    let page = PageQuery { limit: 20, cursor: None };
    let said = engine.said_by_hand(&page).await.unwrap().items;
    assert!(!format!("{said:?}").contains(&fingerprint));
    assert!(!log_text(&engine).await.contains(&fingerprint), "the log has let go of it");
    let lines = engine.access().audit_log(&page).await.unwrap().items;
    assert!(lines.iter().all(|line| !line.detail.contains(&fingerprint)));
    engine.shutdown().await;
}

/// Entries of our own, as they lie in the log.
async fn log_text(engine: &Engine) -> String {
    let entries = engine.shared.log.read_after(Position(0), 1_000, 64 << 20).await.unwrap();
    entries.iter().map(|entry| String::from_utf8_lossy(&entry.payload).into_owned()).collect()
}
