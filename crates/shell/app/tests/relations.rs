//! Do relations follow customers exactly, whatever is merged, parted, said late or said again?

use rapport_app as app;

use app::access::{Actor, ActorKind};
use app::edits::Wish;
use app::page::PageQuery;
use app::relations::{HouseholdKey, NotEstimable, Reference, RelationKind, Verdict};
use app::traits::Sight;
use app::{Engine, EngineOptions, Origin};
use base::seed::Seed;
use base::{AccountId, CustomerId, Duration as Span, ErrorKind, Timestamp};
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Identifier, IdentifierKind, Json};
use rand_core::RngCore;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// 2026-09-21.
const NOW: Timestamp = Timestamp(1_790_000_000_000_000);

struct Place {
    engine: Arc<Engine>,
    _folder: TempDir,
}

impl Place {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let engine = Engine::open(EngineOptions::for_tests(folder.path(), NOW)).await.unwrap();
        Self { engine, _folder: folder }
    }

    async fn take(&self, events: &[Value]) {
        let item = |json: &Value| RawItem { kind: None, json: json.to_string().into() };
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
        self.engine.caught_up(Duration::from_secs(60)).await.unwrap();
    }

    async fn user(&self, value: &str) -> CustomerId {
        let identifier = Identifier::new(IdentifierKind::UserId, value).unwrap();
        self.engine.lookup(&identifier).await.unwrap()
    }

    /// Every relation around a user, in words that do not depend on numbers.
    async fn words(&self, user: &str) -> Vec<String> {
        let id = self.user(user).await;
        let view = self.engine.relations(id, &Sight::everything()).await.unwrap();
        let mut words = Vec::new();
        for edge in &view.edges {
            let (from, to) = (self.called(edge.from).await, self.called(edge.to).await);
            let (kind, first) = (edge.kind.slug(), &edge.first.message_id);
            words.push(format!("{from} {kind} {to} ×{} since {first}", edge.n));
        }
        for one in &view.waiting {
            words.push(format!("{} waits for {:?} ×{}", one.kind.slug(), one.other, one.n));
        }
        for code in &view.codes {
            words.push(format!("code {} {}", code.code, code.is_theirs));
        }
        for home in &view.households {
            let mut people = Vec::new();
            for person in &home.people {
                people.push(self.called(person.row.id).await);
            }
            people.sort();
            words.push(format!("lives with {people:?} by {} {}", home.key, home.is_member));
        }
        words.push(format!("own {}", view.n_own));
        words.sort();
        words
    }

    /// The user ids of a customer, which is what tests call people.
    async fn called(&self, id: CustomerId) -> String {
        let view = self.engine.customer(id).await.unwrap();
        let names = view.identifiers.iter();
        let names = names.filter(|name| name.identifier.kind == IdentifierKind::UserId);
        let names: BTreeSet<&str> = names.map(|name| &*name.identifier.value).collect();
        names.into_iter().collect::<Vec<_>>().join("+")
    }

    async fn account(&self) -> app::accounts::AccountView {
        let page = PageQuery { limit: 10, cursor: None };
        let id: AccountId = self.engine.accounts(None, &page).await.unwrap().items[0].id;
        self.engine.account(id).await.unwrap()
    }
}

fn sam() -> Actor {
    Actor { kind: ActorKind::User, name: "sam@example.com".to_owned() }
}

/// Day 0 is the first of January 2026.
fn day(n: i64) -> String {
    Timestamp(1_767_225_600_000_000).plus(Span::days(n)).to_string()
}

fn event(kind: &str, id: &str, user: &str, at: i64, more: Value) -> Value {
    let mut event = json!({"type": kind, "messageId": id, "userId": user, "timestamp": day(at)});
    let Value::Object(more) = more else { panic!("fields of an event are an object") };
    event.as_object_mut().unwrap().extend(more);
    event
}

fn track(id: &str, user: &str, at: i64, name: &str, properties: Value) -> Value {
    let mut more = json!({"event": name});
    more["properties"] = properties;
    event("track", id, user, at, more)
}

fn identify(id: &str, user: &str, at: i64, traits: Value) -> Value {
    let mut more = json!({});
    more["traits"] = traits;
    event("identify", id, user, at, more)
}

fn group(id: &str, user: &str, at: i64, traits: Value) -> Value {
    let mut more = json!({"groupId": "acme"});
    more["traits"] = traits;
    event("group", id, user, at, more)
}

/// What somebody does in the name of the account.
fn on_behalf(id: &str, user: &str, at: i64, name: &str, properties: Value) -> Value {
    let mut told = track(id, user, at, name, properties);
    told["context"] = json!({"groupId": "acme"});
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_finds_its_customer_when_they_come_and_follows_them() {
    let place = Place::open().await;
    place
        .take(&[
            track("m1", "ben", 2, "Signed Up", json!({"referral_code": "ann-7"})),
            track("m2", "cy", 3, "Invite Sent", json!({"invitee_email": "dee@x.example"})),
            track("m3", "ben", 4, "Mentioned", json!({"mentioned_id": "cy"})),
        ])
        .await;
    let waits = "referral waits for Code(\"ANN-7\") ×1".to_owned();
    assert!(place.words("ben").await.contains(&waits), "{:?}", place.words("ben").await);
    place
        .take(&[
            identify("m4", "ann", 1, json!({"referral_code": "ANN-7"})),
            identify("m5", "dee", 5, json!({"email": "Dee@x.example"})),
            identify("m6", "eve", 6, json!({"referral_code": "Ann-7"})),
        ])
        .await;
    let around_ben = ["ann referral ben ×1 since m1", "ben mention cy ×1 since m3", "own 0"];
    assert_eq!(place.words("ben").await, around_ben);
    assert!(place.words("cy").await.contains(&"cy referral dee ×1 since m2".to_owned()));
    assert!(place.words("ann").await.contains(&"code ANN-7 true".to_owned()));
    assert!(place.words("eve").await.contains(&"code ANN-7 false".to_owned()), "claimed later");

    let before: Vec<_> = [place.words("ann").await, place.words("ben").await].concat();
    let merge = Wish::Merge(vec![place.user("ann").await, place.user("ben").await]);
    let decided = place.engine.decide(&sam(), &merge, "").await.unwrap();
    let merged = place.words("ann").await;
    assert!(merged.contains(&"own 1".to_owned()), "nobody refers themselves: {merged:?}");
    assert!(merged.contains(&"ann+ben mention cy ×1 since m3".to_owned()), "{merged:?}");
    place.engine.undo_decision(&sam(), decided.id).await.unwrap();
    let after: Vec<_> = [place.words("ann").await, place.words("ben").await].concat();
    assert_eq!(before, after);
    place.engine.shutdown().await;
}

fn at_home(id: &str, user: &str, name: &str, street: &str) -> Value {
    let address = json!({"street": street, "postalCode": "0150", "city": "Oslo"});
    identify(id, user, 1, json!({"lastName": name, "address": address}))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_removed_from_a_household_stays_removed() {
    let place = Place::open().await;
    place
        .take(&[
            at_home("m1", "ann", "Ødegård", "Storgata 5"),
            at_home("m2", "ben", "ODEGARD", "Storgata 5"),
            at_home("m3", "cy", "Odegard", "Storgata 6"),
            identify("m4", "dee", 1, json!({"household_id": 7})),
            identify("m5", "eve", 1, json!({"household_id": "7"})),
        ])
        .await;
    let homes = async |user: &str| {
        let id = place.user(user).await;
        place.engine.relations(id, &Sight::everything()).await.unwrap().households
    };
    let ann = homes("ann").await;
    assert_eq!((ann.len(), ann[0].people.len(), ann[0].is_member), (1, 1, true));
    assert_eq!(ann[0].people[0].row.id, place.user("ben").await);
    assert_eq!(ann[0].evidence.as_deref(), Some("Ødegård, Storgata 5, 0150, Oslo"));
    assert!(homes("cy").await.is_empty(), "next door");
    assert_eq!(homes("dee").await[0].people[0].row.id, place.user("eve").await);

    let key: HouseholdKey = ann[0].key;
    let ben = place.user("ben").await;
    place.engine.remove_from_household(&sam(), ben, key).await.unwrap();
    assert!(homes("ann").await[0].people.is_empty());
    assert!(!homes("ben").await[0].is_member);
    place.take(&[at_home("m6", "ben", "Ødegård", "Storgata 5")]).await;
    assert!(homes("ann").await[0].people.is_empty(), "said again");
    place.take(&[at_home("m8", "fay", "Ødegård", "Storgata 5")]).await;
    let fay = place.user("fay").await;
    assert_eq!(homes("ann").await[0].people[0].row.id, fay);
    let decided = place.engine.decide(&sam(), &Wish::Merge(vec![ben, fay]), "").await.unwrap();
    assert!(homes("ann").await[0].people.is_empty(), "merged with somebody who does live there");
    place.engine.undo_decision(&sam(), decided.id).await.unwrap();
    assert_eq!(homes("ann").await[0].people[0].row.id, fay);
    place.engine.put_back_into_household(&sam(), ben, key).await.unwrap();
    assert_eq!(homes("ann").await[0].people.len(), 2);
    let again = place.engine.put_back_into_household(&sam(), ben, key).await;
    assert_eq!(again.unwrap_err().kind(), ErrorKind::NotFound);

    // Who moves out lives there no more; a building is no household.
    place.take(&[event("identify", "m7", "ben", 9, json!({"traits": {"lastName": "Holm"}}))]).await;
    assert_eq!(homes("ann").await[0].people.len(), 1);
    let many =
        (0..14).map(|n| at_home(&format!("x{n}"), &format!("x{n}"), "Ødegård", "Storgata 5"));
    place.take(&many.collect::<Vec<_>>()).await;
    let building = homes("ann").await;
    assert!(building[0].is_too_large && building[0].people.is_empty());
    place.engine.shutdown().await;
}

/// An account with a member, one who left, one who came, and two who might.
fn acme() -> [Value; 9] {
    [
        group(
            "g1",
            "ann",
            1,
            json!({"name": "Acme", "website": "https://www.acme.example", "role": "Buyer"}),
        ),
        group("g2", "ben", 2, json!({"plan": "Basic"})),
        group("g3", "ben", 3, json!({"plan": "Pro"})),
        on_behalf("t1", "cy", 4, "Account Added User", json!({"role": "admin"})),
        on_behalf("t2", "ben", 5, "Account Removed User", json!({})),
        identify("i1", "dee", 6, json!({"email": "dee@mail.acme.example"})),
        identify("i2", "eve", 6, json!({"email": "eve@gmail.com"})),
        identify("i3", "ann", 6, json!({"email": "ann@acme.example", "title": "Head of Buying"})),
        track(
            "o1",
            "ann",
            7,
            "Order Completed",
            json!({"order_id": "1", "total": 50, "currency": "EUR"}),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_knows_roles_leavers_and_whom_to_suggest() {
    let place = Place::open().await;
    place.take(&acme()).await;
    let account = place.account().await;
    let role = |user: CustomerId| {
        let member = account.members.iter().find(|member| member.row.id == user)?;
        Some((member.role.clone()?.name, member.position.clone().map(|(_, value)| value)))
    };
    let (ann, ben, cy) = (place.user("ann").await, place.user("ben").await, place.user("cy").await);
    assert_eq!(role(ann), Some(("buyer".to_owned(), Some("Head of Buying".to_owned()))));
    assert_eq!(role(cy), Some(("admin".to_owned(), None)));
    assert_eq!((account.row.n_members, account.members.len()), (2, 2));
    assert_eq!(account.former.iter().map(|f| f.row.id).collect::<Vec<_>>(), [ben]);
    let plan = account.traits.iter().find(|trait_| trait_.name == "plan").unwrap();
    let said: Vec<&Value> = plan.said.iter().map(|said| &said.value).collect();
    assert_eq!(said, [&json!("Pro"), &json!("Basic")]);
    assert!(account.traits.iter().all(|trait_| trait_.name != "role"));
    assert_eq!((account.totals[0].n_orders, account.totals[0].revenue.minor), (1, 5_000));
    assert_eq!(account.orders[0].customer, ann);
    assert_eq!(place.engine.customer(ben).await.unwrap().accounts.len(), 0);

    // Suggested: of the claimed domain or below it; free mail suggests nobody even where claimed.
    let dee = place.user("dee").await;
    let id = account.row.id;
    let suggested = |view: &app::accounts::AccountView| -> Vec<CustomerId> {
        view.suggested.iter().map(|suggestion| suggestion.row.id).collect()
    };
    assert_eq!(suggested(&account), [dee]);
    assert!(!account.suggested[0].is_verified);
    place.engine.claim_domain(&sam(), id, "gmail.com").await.unwrap();
    let claimed = place.account().await;
    assert_eq!(suggested(&claimed), [dee]);
    assert!(claimed.domains.iter().any(|domain| domain.name == "gmail.com" && domain.is_free_mail));
    place.engine.judge_member(&sam(), (id, dee), false).await.unwrap();
    assert!(suggested(&place.account().await).is_empty());
    assert_eq!(place.account().await.dismissed.len(), 1);
    place.engine.judge_member(&sam(), (id, dee), true).await.unwrap();
    let grown = place.account().await;
    assert_eq!((grown.row.n_members, grown.dismissed.len()), (3, 0));
    assert_eq!(
        place.engine.customer(dee).await.unwrap().accounts[0].added_by.as_deref(),
        Some("sam@example.com")
    );
    place.engine.unjudge_member(&sam(), (id, dee)).await.unwrap();
    assert_eq!(suggested(&place.account().await), [dee]);
    place.engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_and_comes_again_is_a_member_and_merges_follow_the_last_word() {
    let place = Place::open().await;
    place.take(&acme()).await;
    let (ann, ben) = (place.user("ann").await, place.user("ben").await);
    place.take(&[on_behalf("t3", "ben", 8, "Account Added User", json!({}))]).await;
    assert_eq!(place.account().await.row.n_members, 3);
    place.take(&[on_behalf("t4", "ben", 9, "Account Removed User", json!({}))]).await;
    assert_eq!(place.account().await.row.n_members, 2);
    let merge = Wish::Merge(vec![ann, ben]);
    let decided = place.engine.decide(&sam(), &merge, "").await.unwrap();
    assert_eq!(place.account().await.row.n_members, 1, "the last word is that they left");
    place.engine.undo_decision(&sam(), decided.id).await.unwrap();
    assert_eq!(place.account().await.row.n_members, 2);
    place.engine.shutdown().await;
}

fn sign_up(user: &str, code: Option<&str>, orders: bool) -> Vec<Value> {
    let properties = code.map_or_else(|| json!({}), |code| json!({"referral_code": code}));
    let mut events = vec![track(&format!("s-{user}"), user, 100, "Signed Up", properties)];
    if orders {
        let order = json!({"order_id": format!("o-{user}"), "total": 5, "currency": "EUR"});
        events.push(track(&format!("o-{user}"), user, 110, "Order Completed", order));
    }
    events
}

/// The case that `know/relations` computes by hand: ten referred, of whom six ordered; 100 others,
/// of whom 20 did.
#[tokio::test(flavor = "multi_thread")]
async fn influence_is_what_it_is_by_hand() {
    let place = Place::open().await;
    place.take(&[identify("m1", "ann", 1, json!({"referral_code": "ANN"}))]).await;
    let mut events = Vec::new();
    (0..100).for_each(|n| events.extend(sign_up(&format!("other{n}"), None, n < 20)));
    (0..10).for_each(|n| events.extend(sign_up(&format!("friend{n}"), Some("ann"), n < 6)));
    place.take(&events).await;
    let ann = place.user("ann").await;
    let everything = Sight::everything();
    let found = place.engine.influence(ann, None, &everything).await.unwrap();
    let estimate = found.estimate.unwrap();
    assert_eq!((estimate.n, estimate.n_ordered, found.n_group), (10, 6, 111));
    assert!((estimate.expected - 2.0).abs() < 1e-9, "{estimate:?}");
    let (low, high) = estimate.interval;
    assert!((low - 0.992_56).abs() < 1e-5 && (high - 6.412_06).abs() < 1e-5, "{low} to {high}");
    assert!(found.pairs.iter().all(|pair| matches!(pair.verdict, Verdict::Counts { .. })));
    let best = place.engine.influencers(None, &everything).await.unwrap();
    assert_eq!((best.items.len(), best.items[0].row.id, best.n_too_few), (1, ann, 0));
    let longer = place.engine.influence(ann, Some(250), &everything).await.unwrap();
    let expected = Err(NotEstimable::TooFewUnits { n: 0, needed: 5 });
    assert_eq!(longer.estimate, expected, "the window is not over");
    let friend = place.user("friend0").await;
    let none = place.engine.influence(friend, None, &everything).await.unwrap();
    assert_eq!(none.estimate, Err(NotEstimable::Nobody));
    let wrong = place.engine.influence(ann, Some(3), &everything).await;
    assert_eq!(wrong.unwrap_err().kind(), ErrorKind::Invalid);
    place.engine.shutdown().await;
}

/// A little world of eight people who say things of each other, some of whom are one person.
fn gossip(rng: &mut impl RngCore) -> Vec<Value> {
    let mut pick = |n: u64| rng.next_u64() % n;
    let mut events = Vec::new();
    for n in 0..40 {
        let (who, whom) = (format!("u{}", pick(8)), format!("u{}", pick(8)));
        let (id, at) = (format!("m{n}"), 1 + pick(50).cast_signed());
        let code = format!("c{}", pick(4));
        events.push(match pick(7) {
            0 => track(&id, &who, at, "Mentioned", json!({"mentioned_id": whom})),
            1 => track(&id, &who, at, "Signed Up", json!({"referral_code": code})),
            2 => track(&id, &who, at, "Referral Sent", json!({"referred_id": whom})),
            3 => identify(&id, &who, at, json!({"referral_code": code})),
            4 => identify(
                &id,
                &who,
                at,
                json!({"lastName": "Hall", "street": format!("Way {}", pick(2)), "zip": "1"}),
            ),
            5 if pick(3) == 0 => json!({"type": "alias", "messageId": id, "userId": who,
                                        "previousId": whom, "timestamp": day(at)}),
            _ => track(&id, &who, at, "Looked", json!({})),
        });
    }
    events
}

async fn told(events: &[Vec<Value>]) -> Vec<Vec<String>> {
    let place = Place::open().await;
    for batch in events {
        place.take(batch).await;
    }
    // Everybody is known in the end, whatever was said of them.
    place
        .take(
            &(0..8)
                .map(|n| identify(&format!("e{n}"), &format!("u{n}"), 60, json!({})))
                .collect::<Vec<_>>(),
        )
        .await;
    let mut all = Vec::new();
    for n in 0..8 {
        all.push(place.words(&format!("u{n}")).await);
    }
    place.engine.shutdown().await;
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn order_of_arrival_and_size_of_batches_do_not_matter() {
    for seed in 0..12 {
        let mut rng = Seed::root(seed).child("gossip").rng();
        let events = gossip(&mut rng);
        let mut shuffled = events.clone();
        for place in (1..shuffled.len()).rev() {
            let other = usize::try_from(rng.next_u64() % (place as u64 + 1)).unwrap();
            shuffled.swap(place, other);
        }
        let pieces: Vec<Vec<Value>> = shuffled.chunks(7).map(<[Value]>::to_vec).collect();
        assert_eq!(told(&[events]).await, told(&pieces).await, "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_finds_relations_as_they_were() {
    let folder = TempDir::new().unwrap();
    let open = async || Engine::open(EngineOptions::for_tests(folder.path(), NOW)).await.unwrap();
    let place = Place { engine: open().await, _folder: TempDir::new().unwrap() };
    let mut rng = Seed::root(7).rng();
    place.take(&gossip(&mut rng)).await;
    let before = place.words("u1").await;
    place.engine.shutdown().await;
    drop(place);
    let place = Place { engine: open().await, _folder: TempDir::new().unwrap() };
    assert_eq!(before, place.words("u1").await);
    let view = place.engine.relations(place.user("u1").await, &Sight::everything()).await.unwrap();
    let is_code = |reference: &Reference| matches!(reference, Reference::Code(_));
    let by_code = view.edges.iter().filter(|edge| is_code(&edge.first.by));
    assert!(by_code.clone().all(|edge| edge.kind == RelationKind::Referral));
    place.engine.shutdown().await;
}
