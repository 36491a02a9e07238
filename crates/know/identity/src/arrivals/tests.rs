//! Do batches, in whatever order, come to the customers that follow from the links?

use crate::testing::{Tables, after, customers, event, login};
use crate::{Arrivals, IdentityRules, Inert, Merge, Recorded, Snapshot};
use base::{CustomerId, IdentifierId, Position, Timestamp};
use lexicon::{Event, LinkRule};

#[test]
fn who_is_who() {
    use LinkRule::{Attached, SameEvent, Stated, Trait};
    let check = |events: &[Event], expected: &str| {
        assert_eq!(customers(&after(&[events])), expected);
        let one_by_one: Vec<&[Event]> = events.chunks(1).collect();
        assert_eq!(customers(&after(&one_by_one)), expected, "one by one");
        let backwards: Vec<&[Event]> = events.chunks(1).rev().collect();
        assert_eq!(customers(&after(&backwards)), expected, "backwards");
    };
    check(&[event("1", 1, "a1", &[])], "anonymous_id:a1");
    check(&[event("1", 1, "a1", &[]), login(2, "a1", "u1")], "anonymous_id:a1 user_id:u1");
    // Two people on one browser: it stays with whom it was linked to first.
    check(&[login(1, "a1", "u1"), login(2, "a1", "u2")], "anonymous_id:a1 user_id:u1 | user_id:u2");
    // One person on two browsers.
    check(
        &[login(1, "a1", "u1"), login(2, "a2", "u1")],
        "anonymous_id:a1 anonymous_id:a2 user_id:u1",
    );
    // A family's e-mail does not chain two user ids.
    check(
        &[event("1", 1, "u1", &[("u1", "m1", Trait)]), event("2", 2, "u2", &[("u2", "m1", Trait)])],
        "email:m1@example.com user_id:u1 | user_id:u2",
    );
    // An alias joins two user ids, and what hangs on both.
    check(
        &[login(1, "a1", "u1"), login(2, "a2", "u2"), event("3", 3, "u2", &[("u1", "u2", Stated)])],
        "anonymous_id:a1 anonymous_id:a2 user_id:u1 user_id:u2",
    );
    // A stronger rule beats an earlier time.
    check(
        &[
            event("1", 1, "u1", &[("u1", "a1", Attached)]),
            event("2", 2, "u2", &[("u2", "a1", SameEvent)]),
        ],
        "anonymous_id:a1 user_id:u2 | user_id:u1",
    );
}

#[test]
fn a_kiosk_of_ten_thousand_logins_does_not_chain_its_visitors() {
    let mut tables = Tables::default();
    let visits: Vec<Event> = (0..10_000).map(|n| login(n, "a-kiosk", &format!("u{n}"))).collect();
    for batch in visits.chunks(500) {
        tables.take(batch);
    }
    tables.check();
    // Everybody for themselves, and the kiosk for itself: what is done on it while nobody is
    // signed in is nobody's.
    assert_eq!(tables.partition().len(), 10_001);
    assert!(tables.links.values().all(|link| link.inert == Some(Inert::Shared)));
    // Once it is known to be shared, nobody is loaded any more.
    assert_eq!(tables.n_loaded, 0, "the first batch says it all");
    let again: Vec<Event> =
        (0..1_000).map(|n| login(n + 20_000, "a-kiosk", &format!("u{n}"))).collect();
    let plan = tables.take(&again);
    assert_eq!((plan.links.len(), plan.moves.len(), tables.n_loaded), (0, 0, 0));
}

#[test]
fn the_first_login_keeps_the_visitors_number() {
    let mut tables = after(&[&[event("1", 1, "a1", &[])]]);
    let plan = tables.take(&[login(2, "a1", "u1")]);
    assert_eq!(plan.moves, vec![]);
    assert_eq!(plan.new[0].customer, CustomerId(1));
    assert_eq!(plan.new[0].first_seen, Timestamp(2));
    assert_eq!(plan.customer_of(IdentifierId(2)), Some(CustomerId(1)));
}

#[test]
fn a_merge_keeps_the_older_number_and_says_why() {
    let mut tables = after(&[&[event("1", 1, "a1", &[]), event("2", 2, "u1", &[])]]);
    let plan = tables.take(&[login(3, "a1", "u1")]);
    assert_eq!(plan.merges, vec![Merge { kept: CustomerId(1), absorbed: CustomerId(2) }]);
    assert_eq!(plan.touched(), vec![CustomerId(1), CustomerId(2)]);
    assert_eq!(plan.moves[0].cause, "user_id:u1 and anonymous_id:a1: one event carried both");
    assert!(plan.splits.is_empty());
}

#[test]
fn earlier_evidence_that_arrives_late_moves_the_browser() {
    let mut tables = after(&[&[login(10, "a1", "u1")], &[login(20, "a1", "u2")]]);
    let inert = tables.links.values().find(|link| !link.is_active()).expect("the second login");
    let reason = inert.inert.expect("it is inert");
    assert!(reason.words().starts_with("Not followed: "), "{}", reason.words());
    let plan = tables.take(&[login(5, "a1", "u2")]);
    tables.check();
    assert_eq!(customers(&tables), "anonymous_id:a1 user_id:u2 | user_id:u1");
    // u1 came first in its batch's event, so it has number 1 and stays; a1 (2) goes to u2 (3).
    assert_eq!(plan.merges, vec![Merge { kept: CustomerId(2), absorbed: CustomerId(3) }]);
    assert_eq!(plan.splits.len(), 1);
    assert_eq!(plan.splits[0].from, CustomerId(1));
    assert_eq!(plan.splits[0].to, CustomerId(2));
    assert_eq!(plan.splits[0].identifiers, vec![IdentifierId(2)]);
    assert!(tables.links.values().all(|l| l.occurred_at < Timestamp(20)), "earliest evidence");
}

#[test]
fn repeated_logins_cost_nothing() {
    let mut tables = after(&[&[login(1, "a1", "u1")]]);
    let mut heard = Arrivals::new();
    heard.hear(&login(2, "a1", "u1"), Position(2));
    let known = heard.mentioned().iter().map(|i| tables.known(i)).collect();
    let settled = heard.settle(known, IdentifierId(3));
    assert_eq!(settled.questions().len(), 1);
    let recorded = Recorded { occurred_at: Timestamp(1), is_withdrawn: false };
    let rules = IdentityRules::default();
    let claims = settled.recall(&[Some(recorded)], &rules);
    assert_eq!(claims.needs(), vec![]);
    assert_eq!(claims.plan(&Snapshot::default(), &rules).settled().links, vec![]);
    // An older login of the same customer moves the date of the link, and nobody is loaded but
    // where it matters when the browser was first linked.
    let n_loaded = tables.n_loaded;
    tables.rules = IdentityRules::open();
    let plan = tables.take(&[login(0, "a1", "u1")]);
    assert_eq!((plan.links.len(), plan.moves.len(), tables.n_loaded), (1, 0, n_loaded));
}

#[test]
fn ties_are_broken_by_message_id() {
    let first = event("x", 1, "u1", &[("u1", "a1", LinkRule::SameEvent)]);
    let second = event("b", 1, "u1", &[("u1", "a1", LinkRule::SameEvent)]);
    let one = after(&[std::slice::from_ref(&first), std::slice::from_ref(&second)]);
    let other = after(&[&[second, first]]);
    assert_eq!(one.ledger(), other.ledger());
    assert_eq!(&*one.links.values().next().expect("one link").evidence, "b");
}
