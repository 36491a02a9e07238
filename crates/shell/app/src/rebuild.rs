//! Does any sequence of events and decisions come to what a rebuild from what is left comes to?
//!
//! One engine lives through events, merges, withdrawals, restorations, undone decisions and changed
//! limits, as they come. Another one is given what is left: the same events in the same order in a
//! few large batches, the rules that hold in the end, the statements that still count and the
//! withdrawals that still stand. Profiles must be the same byte for byte, and so must timelines.
//!
//! Many small worlds, which share nothing, live in one engine side by side: each is a case.

use crate::access::{Actor, ActorKind};
use crate::customers::TimelineFilter;
use crate::edits::{EditChange, EditOrder, LinkName, Wish};
use crate::engine::Engine;
use crate::engine::Origin;
use crate::entry::LogEntry;
use crate::options::EngineOptions;
use crate::page::PageQuery;
use crate::rules::{IdentityRules, KindRules, Limit, Trust};
use base::seed::Seed;
use base::{CustomerId, IdentifierId, Position, Timestamp};
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Identifier, IdentifierKind, Json, LinkRule};
use rand_core::RngCore;
use state::{IdentifierRow, LinkRow};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const PATIENCE: Duration = Duration::from_secs(120);
/// Steps that one world lives through on average.
const STEPS_EACH: u64 = 12;

struct Dice(rand_chacha::ChaCha12Rng);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0.next_u64() % n
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { Some(&of[self.below(of.len() as u64) as usize]) }
    }
}

/// An engine and what was sent to it.
struct Lived {
    engine: Arc<Engine>,
    sent: Vec<String>,
    decided: Vec<Position>,
    _folder: TempDir,
}

impl Lived {
    async fn begin() -> Self {
        let folder = TempDir::new().unwrap();
        let engine = Engine::open(EngineOptions::for_tests(folder.path(), NOW)).await.unwrap();
        Self { engine, sent: Vec::new(), decided: Vec::new(), _folder: folder }
    }

    async fn send(&mut self, events: &[String]) {
        let item = |json: &String| RawItem { kind: None, json: json.as_str().into() };
        let parcel = Parcel {
            dialect: Dialect::Segment,
            write_key: None,
            sent_at: None,
            shared: Json::empty(),
            items: events.iter().map(item).collect(),
            is_single: false,
        };
        let source = self.engine.sources().by_write_key("test-write-key").unwrap();
        let origin = Origin { source, received_at: NOW, ip: None, user_agent: None };
        self.engine.accept(parcel, origin).await.unwrap();
        self.engine.caught_up(PATIENCE).await.unwrap();
        self.sent.extend_from_slice(events);
    }

    /// The customers and links of one world.
    async fn world(&self, world: u64) -> (Vec<CustomerId>, Vec<LinkRow>) {
        let names = names_of(world);
        let found = self.engine.shared.state.identifiers(&names).await.unwrap();
        let rows: Vec<_> = found.into_iter().flatten().collect();
        let customers: BTreeSet<CustomerId> = rows.iter().map(|row| row.customer).collect();
        let ids: Vec<IdentifierId> = rows.iter().map(|row| row.id).collect();
        let links = self.engine.shared.state.links_touching(&ids).await.unwrap();
        (customers.into_iter().collect(), links)
    }

    async fn name(&self, link: &LinkRow) -> LinkName {
        let rows = self.engine.shared.state.identifiers_by_id(&[link.a, link.b]).await.unwrap();
        let mut ends = rows.into_iter().map(|row| row.unwrap().identifier);
        LinkName { a: ends.next().unwrap(), b: ends.next().unwrap(), rule: link.rule }
    }

    async fn decide(&mut self, wish: Wish) {
        // What is so already, or would change nothing, is refused.
        if let Ok(decided) = self.engine.decide(&somebody(), &wish, "").await {
            self.decided.push(decided.id);
        }
    }

    async fn step(&mut self, world: u64, dice: &mut Dice) {
        match dice.below(100) {
            0..55 => {
                let n = 1 + dice.below(4);
                let first = self.sent.len() as u64;
                let events: Vec<String> =
                    (0..n).map(|i| any_event(world, first + i, dice)).collect();
                self.send(&events).await;
            }
            55..70 => {
                let (customers, _) = self.world(world).await;
                let two = [dice.one(&customers).copied(), dice.one(&customers).copied()];
                if let [Some(one), Some(other)] = two {
                    self.decide(Wish::Merge(vec![one, other])).await;
                }
            }
            70..84 => {
                let (_, links) = self.world(world).await;
                let counting: Vec<LinkRow> =
                    links.into_iter().filter(|l| !is_withdrawn(l)).collect();
                if let Some(link) = dice.one(&counting) {
                    let name = self.name(link).await;
                    self.decide(Wish::Withdraw(vec![name])).await;
                }
            }
            84..90 => {
                let (_, links) = self.world(world).await;
                let withdrawn: Vec<LinkRow> = links.into_iter().filter(is_withdrawn).collect();
                if let Some(link) = dice.one(&withdrawn) {
                    let name = self.name(link).await;
                    self.decide(Wish::Restore(vec![name])).await;
                }
            }
            90..98 => {
                if let Some(&id) = dice.one(&self.decided)
                    && let Ok(undone) = self.engine.undo_decision(&somebody(), id).await
                {
                    self.decided.push(undone.id);
                }
            }
            // Erasures belong here: they take events and links away for good.
            _ => {
                let version = self.engine.identity_rules().rules.version;
                let rules = any_rules(version, dice);
                self.engine.change_identity_rules(&somebody(), rules).await.unwrap();
            }
        }
    }

    /// What is left, given to an engine that has lived through nothing.
    async fn rebuilt(&self, worlds: u64) -> Self {
        let mut other = Self::begin().await;
        let rules = (*self.engine.identity_rules().rules).clone();
        let rules = IdentityRules { version: 0, ..rules };
        other.engine.change_identity_rules(&somebody(), rules).await.unwrap();
        for batch in self.sent.chunks(1_000) {
            other.send(batch).await;
        }
        let mut changes = Vec::new();
        for world in 0..worlds {
            let (_, links) = self.world(world).await;
            let by_hand = |link: &LinkRow| link.rule == LinkRule::Stated && link.source.0 == 0;
            for link in links {
                let LinkRow { a, b, rule, .. } = link;
                match (by_hand(&link), is_withdrawn(&link)) {
                    (true, false) => changes.push(EditChange::Join { a, b }),
                    (false, true) => changes.push(EditChange::Withdraw { a, b, rule }),
                    (true, true) | (false, false) => {}
                }
            }
        }
        for some in changes.chunks(50) {
            let (by, reason) = ("Ann".to_owned(), String::new());
            let order = EditOrder { at: NOW, by, reason, undoes: None, changes: some.to_vec() };
            let payload = LogEntry::encode_edit(&order).into();
            other.engine.shared.log.append(payload).await.unwrap();
        }
        other.engine.caught_up(PATIENCE).await.unwrap();
        other
    }

    /// Everything that is shown of everybody: identifiers, the profile as it is kept, the timeline.
    async fn everything(&self, worlds: u64) -> BTreeMap<CustomerId, Vec<String>> {
        let shared = &self.engine.shared;
        let mut all = BTreeMap::new();
        for world in 0..worlds {
            let (customers, _) = self.world(world).await;
            let profiles = shared.state.profiles(&customers).await.unwrap();
            let rows = shared.state.customer_rows(&customers).await.unwrap();
            let clusters = shared.state.clusters(&customers).await.unwrap();
            for ((id, profile), row) in customers.into_iter().zip(profiles).zip(rows) {
                let own = clusters.identifiers.iter().filter(|row| row.customer == id);
                let line = |row: &IdentifierRow| format!("{} {}", row.identifier, row.is_shared);
                let mut told: Vec<String> = own.map(line).collect();
                told.push(format!("{:?}", profile.as_deref()));
                told.push(format!("{row:?}"));
                told.push(self.timeline(id).await);
                all.insert(id, told);
            }
        }
        all
    }

    async fn timeline(&self, id: CustomerId) -> String {
        let page = PageQuery { limit: 500, cursor: None };
        let page = self.engine.timeline(id, &TimelineFilter::default(), &page).await.unwrap();
        let events = page.items.iter();
        let line = |event: &crate::customers::TimelineEvent| {
            format!("{} {} {}", event.message_id, event.occurred_at, event.came_under)
        };
        events.map(line).collect::<Vec<_>>().join("\n")
    }
}

fn somebody() -> Actor {
    Actor { kind: ActorKind::User, name: "Ann".to_owned() }
}

fn is_withdrawn(link: &LinkRow) -> bool {
    link.inert.as_deref() == Some("withdrawn")
}

/// The identifiers that a world may come to have.
fn names_of(world: u64) -> Vec<Identifier> {
    let of = |kind: IdentifierKind, letter: &str, n: u64, domain: &str| {
        let name = move |i| format!("{letter}{i}w{world}{domain}");
        (0..n).map(move |i| Identifier::formed(kind.clone(), &name(i)).unwrap()).collect::<Vec<_>>()
    };
    let users = of(IdentifierKind::UserId, "u", 4, "");
    let browsers = of(IdentifierKind::AnonymousId, "a", 4, "");
    let addresses = of(IdentifierKind::Email, "m", 3, "@example.com");
    [users, browsers, addresses].concat()
}

/// An event of a world: somebody looks around, says who they are, or buys something.
fn any_event(world: u64, n: u64, dice: &mut Dice) -> String {
    let (user, browser) = (dice.below(4), dice.below(4));
    let who = match dice.below(3) {
        0 => format!(r#""anonymousId":"a{browser}w{world}""#),
        1 => format!(r#""userId":"u{user}w{world}""#),
        _ => format!(r#""anonymousId":"a{browser}w{world}","userId":"u{user}w{world}""#),
    };
    let head = format!(
        r#""messageId":"e{n}w{world}",{who},"timestamp":"2026-09-{:02}T10:{:02}:00Z""#,
        1 + dice.below(20),
        dice.below(60)
    );
    match dice.below(4) {
        0 => format!(
            r#"{{"type":"track",{head},"event":"Order Completed","properties":
               {{"order_id":"o{n}","total":{},"currency":"EUR"}}}}"#,
            dice.below(90)
        ),
        1 => format!(
            r#"{{"type":"identify",{head},"traits":{{"email":"m{}w{world}@example.com",
               "email_verified":{},"city":"c{}"}}}}"#,
            dice.below(3),
            dice.below(3) == 0,
            dice.below(3)
        ),
        2 => format!(r#"{{"type":"identify",{head},"traits":{{"name":"n{}"}}}}"#, dice.below(5)),
        _ => format!(r#"{{"type":"page",{head},"name":"p{}"}}"#, dice.below(5)),
    }
}

/// Limits so narrow that small worlds run into them. What is blocked stays: a blocked value is no
/// identifier, so it matters when it was said.
fn any_rules(version: u64, dice: &mut Dice) -> IdentityRules {
    let few = |dice: &mut Dice| (dice.below(3) > 0).then(|| 1 + dice.below(3) as u32);
    let mut kind = |kind| {
        let limit = Limit { ever: few(dice), month: few(dice), week: few(dice) };
        let trust = if dice.below(4) == 0 { Trust::Verified } else { Trust::Claimed };
        (kind, KindRules { limit, users_max: few(dice), visitors_max: few(dice), trust })
    };
    let kinds = vec![kind(IdentifierKind::Email), kind(IdentifierKind::AnonymousId)];
    IdentityRules { version, kinds, ..IdentityRules::default() }
}

/// Lets `worlds` worlds live, and compares with the rebuild.
async fn check(seed: u64, worlds: u64) {
    let mut lived = Lived::begin().await;
    let mut dice = Dice(Seed::root(seed).child("rebuild").rng());
    for _ in 0..worlds * STEPS_EACH {
        let world = dice.below(worlds);
        lived.step(world, &mut dice).await;
    }
    let other = lived.rebuilt(worlds).await;
    let (one, two) = (lived.everything(worlds).await, other.everything(worlds).await);
    for (id, told) in &one {
        assert_eq!(two.get(id), Some(told), "seed {seed}, {id}");
    }
    assert_eq!(one.len(), two.len(), "seed {seed}");
    lived.engine.shutdown().await;
    other.engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_lived_through_equals_what_is_left() {
    for seed in 0..3 {
        check(seed, 20).await;
    }
}

/// 10,000 worlds, 50 at a time; `RAPPORT_SEEDS=17..18` runs one seed again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "10,000 cases, about an hour: cargo test -p rapport-app --lib rebuild -- --ignored"]
async fn long_what_was_lived_through_equals_what_is_left() {
    let seeds = std::env::var("RAPPORT_SEEDS").unwrap_or_else(|_| "1000..1200".to_owned());
    let (from, to) = seeds.split_once("..").expect("RAPPORT_SEEDS is like 1000..1200");
    let seeds = from.parse::<u64>().expect("a number")..to.parse().expect("a number");
    for seed in seeds {
        check(seed, 50).await;
        println!("seed {seed}: 50 worlds");
    }
}
