//! Are the stories that the docs tell of identity true, in whatever order they are told?

use crate::testing::{DAY, Tables, customers, event, identifier, login};
use crate::{IdentityRules, Inert, KindRules, Limit, Trust};
use lexicon::{Event, IdentifierKind, LinkRule};

/// An event under `who` that gives an address.
fn gives(day: i64, who: &str, address: &str) -> Event {
    event(&format!("g-{day}-{who}-{address}"), day * DAY, who, &[(who, address, LinkRule::Trait)])
}

/// The same, and the sender says that it is theirs.
fn proves(day: i64, who: &str, address: &str) -> Event {
    let links = [(who, address, LinkRule::Verified)];
    event(&format!("p-{day}-{who}-{address}"), day * DAY, who, &links)
}

/// One by one, backwards and all at once: the same tables.
fn told(rules: &IdentityRules, events: &[Event]) -> Tables {
    let mut tables = Tables::under(rules.clone());
    tables.take(events);
    tables.check();
    for backwards in [false, true] {
        let mut other = Tables::under(rules.clone());
        let n = events.len();
        for i in 0..n {
            let event = &events[if backwards { n - 1 - i } else { i }];
            other.take(std::slice::from_ref(event));
        }
        other.check();
        assert_eq!(other.partition(), tables.partition(), "backwards: {backwards}");
        assert_eq!(other.ledger(), tables.ledger(), "backwards: {backwards}");
    }
    tables
}

fn with(kind: IdentifierKind, own: KindRules) -> IdentityRules {
    IdentityRules { kinds: vec![(kind, own)], ..IdentityRules::default() }
}

#[test]
fn a_family_shares_an_address() {
    let rules = IdentityRules::default();
    let family: Vec<Event> = (1..=4).map(|n| gives(n, &format!("u{n}"), "m1")).collect();
    let expected = "email:m1@example.com user_id:u1 | user_id:u2 | user_id:u3 | user_id:u4";
    assert_eq!(customers(&told(&rules, &family)), expected);
    // One who shows that it is theirs has it, whoever named it first.
    let mut proven = family;
    proven.push(proves(9, "u3", "m1"));
    let expected = "email:m1@example.com user_id:u3 | user_id:u1 | user_id:u2 | user_id:u4";
    assert_eq!(customers(&told(&rules, &proven)), expected);
}

#[test]
fn an_address_of_more_people_than_a_family_is_nobodys() {
    let rules = IdentityRules::default();
    let office: Vec<Event> = (1..=6).map(|n| gives(n, &format!("u{n}"), "m1")).collect();
    let tables = told(&rules, &office);
    assert_eq!(tables.partition().len(), 7);
    assert!(tables.links.values().all(|link| link.inert == Some(Inert::Shared)));
    // One statement that it is theirs after all is followed.
    let mut stated = office;
    stated.push(event("s", 9, "u2", &[("u2", "m1", LinkRule::Stated)]));
    let tables = told(&rules, &stated);
    assert!(customers(&tables).starts_with("email:m1@example.com user_id:u2 | user_id:u1"));
}

#[test]
fn a_telephone_number_finds_a_new_owner() {
    let rules = IdentityRules::default();
    let mut events = vec![gives(1, "u1", "p1"), gives(400, "u2", "p1")];
    assert_eq!(customers(&told(&rules, &events)), "phone:+4930123451 user_id:u1 | user_id:u2");
    events.push(proves(401, "u2", "p1"));
    assert_eq!(customers(&told(&rules, &events)), "phone:+4930123451 user_id:u2 | user_id:u1");
}

#[test]
fn an_address_typed_by_hundreds_joins_nobody() {
    let rules = IdentityRules::default();
    let typed: Vec<Event> = (0..300).map(|n| gives(n % 90, &format!("a{n}"), "m1")).collect();
    let mut tables = Tables::under(rules);
    for batch in typed.chunks(7) {
        tables.take(batch);
    }
    tables.check();
    assert_eq!(tables.partition().len(), 301);
    // Until it was clear, nobody had more browsers than the rules allow.
    let mut early = Tables::default();
    early.take(&typed[..150]);
    early.check();
    let most = early.partition().iter().map(std::collections::BTreeSet::len).max();
    assert!(most <= Some(151), "{most:?}");
    // `test@test.com` needs no hundreds.
    let blocked = lexicon::Identifier::formed(IdentifierKind::Email, "test@test.com").unwrap();
    assert!(early.rules.blocked.blocks(&blocked));
}

#[test]
fn a_blocked_value_lets_go_of_whom_it_joined() {
    let mut tables = Tables::default();
    tables.take(&[gives(1, "a1", "m1"), gives(2, "a2", "m1")]);
    assert_eq!(tables.partition().len(), 1);
    let nobody = lexicon::BlockedValue { kind: None, pattern: "m1@*".into() };
    let blocked = lexicon::Blocked::new(true, [nobody]);
    tables.agree(IdentityRules { version: 1, blocked, ..IdentityRules::default() });
    tables.check();
    assert_eq!(tables.partition().len(), 3);
    assert!(tables.links.values().all(|l| l.inert == Some(Inert::Blocked) && l.version == 1));
    tables.agree(IdentityRules { version: 2, ..IdentityRules::default() });
    tables.check();
    assert_eq!(tables.partition().len(), 1);
}

#[test]
fn a_customer_has_no_more_of_a_kind_than_agreed() {
    let at_most = |limit| with(IdentifierKind::Email, KindRules { limit, ..KindRules::default() });
    let ever = at_most(Limit { ever: Some(2), ..Limit::default() });
    let events = [gives(1, "u1", "m1"), gives(2, "u1", "m2"), gives(3, "u1", "m3")];
    let expected = "email:m1@example.com email:m2@example.com user_id:u1 | email:m3@example.com";
    let tables = told(&ever, &events);
    assert_eq!(customers(&tables), expected);
    let inert: Vec<Inert> = tables.links.values().filter_map(|link| link.inert).collect();
    assert_eq!(inert, [Inert::Limit]);
    // A third one within a week is too many; a week later it is not.
    let week = at_most(Limit { week: Some(2), ..Limit::default() });
    assert_eq!(told(&week, &events).partition().len(), 2);
    let slowly = [gives(1, "u1", "m1"), gives(2, "u1", "m2"), gives(8, "u1", "m3")];
    assert_eq!(told(&week, &slowly).partition().len(), 1);
    let month = at_most(Limit { month: Some(2), ..Limit::default() });
    assert_eq!(told(&month, &slowly).partition().len(), 2);
    // What was stated knows no limit.
    let mut stated = events.to_vec();
    stated.push(event("s", 9, "u1", &[("u1", "m3", LinkRule::Stated)]));
    let tables = told(&ever, &stated);
    assert_eq!(
        customers(&tables),
        "email:m1@example.com email:m3@example.com user_id:u1 | email:m2@example.com"
    );
}

#[test]
fn a_claim_may_not_be_enough() {
    let verified = KindRules { trust: Trust::Verified, ..KindRules::default() };
    let rules = with(IdentifierKind::Email, verified);
    let mut events = vec![gives(1, "u1", "m1"), gives(2, "a1", "m1")];
    let tables = told(&rules, &events);
    assert_eq!(tables.partition().len(), 3);
    assert!(tables.links.values().all(|link| link.inert == Some(Inert::Unverified)));
    events.push(proves(3, "a1", "m1"));
    events.push(proves(4, "u1", "m1"));
    assert_eq!(told(&rules, &events).partition().len(), 1);
}

#[test]
fn a_tablet_in_a_shop_belongs_to_nobody() {
    let rules = IdentityRules::default();
    let mut visits: Vec<Event> = (1..=5).map(|n| login(n, "a1", &format!("u{n}"))).collect();
    let first = told(&rules, &visits);
    assert!(customers(&first).starts_with("anonymous_id:a1 user_id:u1 | "));
    visits.push(login(6, "a1", "u6"));
    let tables = told(&rules, &visits);
    assert!(customers(&tables).starts_with("anonymous_id:a1 | user_id:u1 | "));
    assert!(tables.members.values().any(|m| m.identifier == identifier("a1") && m.is_shared));
    // Taking one of the six links away makes it the first one's again.
    let mut tables = tables;
    let last = *tables.links.keys().last().unwrap();
    tables.edit(&[crate::Edit::Withdraw(last)]).unwrap();
    tables.check();
    assert!(customers(&tables).starts_with("anonymous_id:a1 user_id:u1 | "));
}

#[test]
fn who_was_seen_with_a_shared_one_was_seen_with_it() {
    // A claim that is held off as shared is judged without looking further; it counts all the same
    // where the other end is shared by how many it was seen with.
    let alone = KindRules { visitors_max: Some(1), ..KindRules::default() };
    let rules = with(IdentifierKind::AnonymousId, alone);
    let events =
        [login(1, "a1", "a2"), login(2, "a1", "a3"), login(3, "a1", "a4"), login(4, "a4", "a5")];
    let tables = told(&rules, &events);
    let shared = tables.members.values().filter(|m| m.is_shared).map(|m| &*m.identifier.value);
    assert_eq!(shared.collect::<std::collections::BTreeSet<_>>(), ["a1", "a4"].into());
}

#[test]
fn a_kind_of_higher_priority_goes_first() {
    let attached = |day: i64, a: &str, b: &str| {
        event(&format!("x-{a}-{b}"), day * DAY, a, &[(a, b, LinkRule::Attached)])
    };
    let events = [attached(1, "u1", "a1"), attached(2, "a1", "m1"), attached(3, "u2", "m1")];
    let order = |kinds: [IdentifierKind; 2]| IdentityRules {
        kinds: kinds.map(|kind| (kind, KindRules::default())).into(),
        ..IdentityRules::default()
    };
    let browsers = order([IdentifierKind::AnonymousId, IdentifierKind::Email]);
    let expected = "anonymous_id:a1 email:m1@example.com user_id:u1 | user_id:u2";
    let by_browser = told(&browsers, &events);
    assert_eq!(customers(&by_browser), expected);
    // With addresses first, the address is u2's, or the browser's, whichever was said earlier.
    let addresses = order([IdentifierKind::Email, IdentifierKind::UserId]);
    let expected = "anonymous_id:a1 user_id:u1 | email:m1@example.com user_id:u2";
    assert_eq!(customers(&told(&addresses, &events)), expected);
}
