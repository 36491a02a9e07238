//! Of a thousand merges by hand, can any single one be taken back while everything else stays?

use super::{Decided, EditChange, Wish};
use crate::access::{Actor, ActorKind};
use crate::customers::TimelineFilter;
use crate::engine::{Engine, Origin};
use crate::options::EngineOptions;
use crate::page::PageQuery;
use base::hash::mix64;
use base::{CustomerId, IdentifierId, Timestamp};
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Identifier, IdentifierKind, Json, LinkRule};
use profile::Fragments;
use state::LinkRow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const PATIENCE: Duration = Duration::from_secs(60);
/// People who turn out to be one, and how many such there are. More would have more browsers than
/// the rules take for one person.
const N_SELVES: u64 = 21;
const N_CUSTOMERS: u64 = 50;
const N_MERGES: usize = ((N_SELVES - 1) * N_CUSTOMERS) as usize;
/// Every so many merges one is tried, and so many besides at random.
const TRIED_EVERY: usize = 20;
const N_TRIED_BESIDES: u64 = 30;

/// Everything that is kept of everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    customers: BTreeMap<IdentifierId, CustomerId>,
    profiles: BTreeMap<CustomerId, Vec<u8>>,
    lists: BTreeMap<CustomerId, String>,
    links: Vec<LinkRow>,
}

impl Kept {
    async fn of(engine: &Engine) -> Self {
        let state = &engine.shared.state;
        let rows = state.identifiers_after(IdentifierId::default(), 10_000).await.unwrap();
        let customers: BTreeMap<_, _> = rows.into_iter().map(|(id, _, c)| (id, c)).collect();
        let ids: Vec<IdentifierId> = customers.keys().copied().collect();
        let all: BTreeSet<CustomerId> = customers.values().copied().collect();
        let all: Vec<CustomerId> = all.into_iter().collect();
        let profiles = state.profiles_after(CustomerId::default(), 10_000).await.unwrap();
        let lists = state.customer_rows(&all).await.unwrap();
        let lists = all.iter().zip(lists).map(|(id, row)| (*id, format!("{row:?}")));
        let links = state.links_touching(&ids).await.unwrap();
        Self { customers, profiles: profiles.into_iter().collect(), lists: lists.collect(), links }
    }

    /// What must be kept had this merge never been, but for the lines of lists: who is together by
    /// all other links, and what is known of them.
    fn without(&self, merge: &Decided) -> Self {
        let mut links = self.links.clone();
        for change in &merge.changes {
            let EditChange::Join { a, b } = *change else { panic!("a merge joins: {change:?}") };
            let key = (a.min(b), a.max(b), LinkRule::Stated);
            let link = links.iter_mut().find(|link| (link.a, link.b, link.rule) == key);
            link.expect("it is in the ledger").inert = Some("withdrawn".to_owned());
        }
        let mut first: BTreeMap<IdentifierId, IdentifierId> =
            self.customers.keys().map(|&id| (id, id)).collect();
        for link in links.iter().filter(|link| link.inert.is_none()) {
            let (a, b) = (founder(&first, link.a), founder(&first, link.b));
            first.insert(a.max(b), a.min(b));
        }
        let customer = |id| CustomerId::founded_by(founder(&first, id));
        let mut profiles: BTreeMap<CustomerId, Fragments> = BTreeMap::new();
        for blob in self.profiles.values() {
            let mut rest = Fragments::decode(blob).unwrap();
            let ids: Vec<IdentifierId> = rest.identifiers().collect();
            for id in ids {
                let (others, one) = rest.part(|other| other == id);
                rest = others;
                let whole = profiles.remove(&customer(id)).unwrap_or_default();
                profiles.insert(customer(id), whole.join(one));
            }
        }
        let profiles = profiles.into_iter().map(|(id, fragments)| (id, fragments.encode()));
        let customers = self.customers.keys().map(|&id| (id, customer(id)));
        let (customers, lists) = (customers.collect(), self.lists.clone());
        Self { customers, profiles: profiles.collect(), lists, links }
    }
}

fn founder(first: &BTreeMap<IdentifierId, IdentifierId>, mut id: IdentifierId) -> IdentifierId {
    while first[&id] != id {
        id = first[&id];
    }
    id
}

/// People come, each with a browser that only they have.
async fn visit(engine: &Engine, round: usize, people: &[u64]) {
    let event = |n: &u64| {
        let text = format!(
            r#"{{"type":"identify","messageId":"{round}-{n}","anonymousId":"browser-{round}-{n}",
               "userId":"user-{n}","timestamp":"2026-09-10T10:00:00Z",
               "traits":{{"name":"Person {n}","round":{round}}}}}"#
        );
        RawItem { kind: None, json: text.as_str().into() }
    };
    let parcel = Parcel {
        dialect: Dialect::Segment,
        write_key: None,
        sent_at: None,
        shared: Json::empty(),
        items: people.iter().map(event).collect(),
        is_single: false,
    };
    let source = engine.sources().by_write_key("test-write-key").unwrap();
    let origin = Origin { source, received_at: NOW, ip: None, user_agent: None };
    engine.accept(parcel, origin).await.unwrap();
    engine.caught_up(PATIENCE).await.unwrap();
}

async fn person(engine: &Engine, n: u64) -> CustomerId {
    let user = Identifier::new(IdentifierKind::UserId, &format!("user-{n}")).unwrap();
    engine.lookup(&user).await.unwrap()
}

/// The events of a customer, each with what it came under.
async fn timeline(engine: &Engine, id: CustomerId) -> BTreeSet<String> {
    let (filter, mut page) = (TimelineFilter::default(), PageQuery { limit: 500, cursor: None });
    let mut told = BTreeSet::new();
    loop {
        let found = engine.timeline(id, &filter, &page).await.unwrap();
        told.extend(found.items.iter().map(|event| format!("{event:?}")));
        page.cursor = found.next;
        if page.cursor.is_none() {
            return told;
        }
    }
}

fn somebody() -> Actor {
    Actor { kind: ActorKind::User, name: "Ann".to_owned() }
}

/// Merges two customers at a time, here and there; now and then two people come with other browsers
/// in between.
async fn merge_a_thousand(engine: &Engine) -> Vec<Decided> {
    let mut merges = Vec::new();
    let mut draws = (0..).map(|draw| {
        let whole = mix64(3 * draw) % N_CUSTOMERS;
        [3 * draw + 1, 3 * draw + 2].map(|n| mix64(n) % N_SELVES * N_CUSTOMERS + whole)
    });
    while merges.len() < N_MERGES {
        let people = draws.next().expect("there is no end of them");
        let (one, other) = (person(engine, people[0]).await, person(engine, people[1]).await);
        if one != other {
            let wish = Wish::Merge(vec![one, other]);
            merges.push(engine.decide(&somebody(), &wish, "").await.unwrap());
            if merges.len().is_multiple_of(25) {
                visit(engine, merges.len(), &people).await;
            }
        }
    }
    merges
}

/// Takes one merge back and puts it back.
async fn try_one(engine: &Engine, before: &Kept, merge: &Decided) {
    let what = format!("decision {}", merge.id);
    let undone = engine.undo_decision(&somebody(), merge.id).await.unwrap();
    let (expected, mut after) = (before.without(merge), Kept::of(engine).await);
    let new: BTreeSet<CustomerId> = expected.customers.values().copied().collect();
    let old: BTreeSet<CustomerId> = before.customers.values().copied().collect();
    let parted: Vec<CustomerId> = new.difference(&old).copied().collect();
    assert_eq!(parted.len(), 1, "{what} holds two together");
    let moved = expected.customers.iter().find(|(id, now)| before.customers[*id] != **now);
    let whole = before.customers[moved.expect("somebody parts").0];
    // The lines of the two are others; those of all others are the same to the last letter.
    for id in [whole, parted[0]] {
        let line = after.lists.remove(&id).expect("both have a line");
        assert_ne!(before.lists.get(&id), Some(&line), "{what}");
        if let Some(line) = before.lists.get(&id) {
            after.lists.insert(id, line.clone());
        }
    }
    assert_eq!(after.customers, expected.customers, "{what}");
    assert_eq!(after.links, expected.links, "{what}");
    assert!(after == expected, "{what}: a profile or a line of a list is another");
    let (stay, part) = (timeline(engine, whole).await, timeline(engine, parted[0]).await);
    assert!(!part.is_empty() && stay.is_disjoint(&part), "{what}");
    engine.undo_decision(&somebody(), undone.id).await.unwrap();
    assert!(Kept::of(engine).await == *before, "{what} put back");
    let all: BTreeSet<String> = stay.union(&part).cloned().collect();
    assert_eq!(timeline(engine, whole).await, all, "{what} put back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_merges_any_one_can_be_taken_back() {
    let folder = TempDir::new().unwrap();
    let engine = Engine::open(EngineOptions::for_tests(folder.path(), NOW)).await.unwrap();
    visit(&engine, 0, &(0..N_SELVES * N_CUSTOMERS).collect::<Vec<_>>()).await;
    let merges = merge_a_thousand(&engine).await;
    let before = Kept::of(&engine).await;
    assert_eq!((merges.len(), before.profiles.len() as u64), (1_000, N_CUSTOMERS));
    let spread = (0..N_MERGES).step_by(TRIED_EVERY);
    let any = (0..N_TRIED_BESIDES).map(|n| (mix64(n + 77) % N_MERGES as u64) as usize);
    // A decision that was taken back once is put back by another one.
    let tried: BTreeSet<usize> = spread.chain([N_MERGES - 1]).chain(any).collect();
    for n in tried {
        try_one(&engine, &before, &merges[n]).await;
    }
    engine.shutdown().await;
}
