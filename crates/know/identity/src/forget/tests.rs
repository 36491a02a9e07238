//! Is everybody else what they would be, had whom we forget never been?

use crate::testing::{DAY, Tables, customers, event, identifier, login};
use crate::{IdentityRules, Inert, KindRules, Limit};
use base::CustomerId;
use lexicon::{Event, IdentifierKind, LinkRule};

fn gives(day: i64, who: &str, address: &str) -> Event {
    event(&format!("g-{day}-{who}-{address}"), day * DAY, who, &[(who, address, LinkRule::Trait)])
}

fn customer(tables: &Tables, text: &str) -> CustomerId {
    tables.known(&identifier(text)).expect("it was mentioned").customer
}

/// The tables without `who`, who is forgotten; they must be as if only `left` had been said.
fn without(rules: &IdentityRules, said: &[Event], who: &str, left: &[Event]) -> Tables {
    let mut tables = Tables::under(rules.clone());
    tables.take(said);
    tables.forget(customer(&tables, who));
    tables.check();
    let mut other = Tables::under(rules.clone());
    other.take(left);
    assert_eq!(tables.partition(), other.partition());
    assert_eq!(tables.ledger(), other.ledger());
    tables
}

#[test]
fn what_somebody_else_has_given_is_theirs_at_once() {
    let rules = IdentityRules::default();
    let said = [login(1, "a1", "u1"), gives(2, "u1", "m1"), gives(3, "u2", "m1")];
    let tables = without(&rules, &said, "u1", &said[2..]);
    assert_eq!(customers(&tables), "email:m1@example.com user_id:u2");
    let ids: Vec<u64> = tables.members.keys().map(|id| id.0).collect();
    assert_eq!(ids, [4, 5], "under a number that nobody had");
}

#[test]
fn what_nobody_else_has_given_is_gone() {
    let rules = IdentityRules::default();
    let said = [login(1, "a1", "u1"), gives(2, "u1", "m1"), login(3, "a2", "u2")];
    let tables = without(&rules, &said, "u1", &said[2..]);
    assert_eq!(customers(&tables), "anonymous_id:a2 user_id:u2");
}

#[test]
fn what_too_many_gave_may_be_few_enough() {
    let rules = IdentityRules::default();
    let said: Vec<Event> = (1..=6).map(|n| gives(n, &format!("u{n}"), "m1")).collect();
    let tables = without(&rules, &said, "u6", &said[..5]);
    assert!(customers(&tables).starts_with("email:m1@example.com user_id:u1 | user_id:u2"));
    // The address itself is a customer of its own: forgotten, it is what the others say.
    let tables = without(&rules, &said, "m1", &said);
    assert_eq!(tables.partition().len(), 7);
    assert!(tables.links.values().all(|link| link.inert == Some(Inert::Shared)));
}

#[test]
fn a_withdrawal_of_what_others_gave_stands() {
    let rules = IdentityRules::default();
    let said = [gives(1, "u1", "m1"), gives(2, "u2", "m1"), gives(3, "u3", "m1")];
    let mut tables = Tables::under(rules);
    tables.take(&said);
    let (a, b) = (tables.known(&identifier("u2")), tables.known(&identifier("m1")));
    let (a, b) = (a.unwrap().id, b.unwrap().id);
    tables.edit(&[crate::Edit::Withdraw((a.min(b), a.max(b), LinkRule::Trait))]).unwrap();
    tables.forget(customer(&tables, "u1"));
    tables.check();
    assert_eq!(customers(&tables), "email:m1@example.com user_id:u3 | user_id:u2");
}

/// By the second address of the month the first one's owner was full. Without the one who gave that
/// address as well, and earlier, it counts for another month.
#[test]
fn whom_they_kept_full_is_full_no_more() {
    let limit = Limit { month: Some(1), ..Limit::default() };
    let kinds = vec![(IdentifierKind::Email, KindRules { limit, ..KindRules::default() })];
    let rules = IdentityRules { kinds, ..IdentityRules::default() };
    let said = [
        event("p", 40 * DAY, "u2", &[("u2", "m1", LinkRule::Verified)]),
        gives(1, "u1", "m1"),
        gives(2, "u2", "m2"),
    ];
    let mut tables = Tables::under(rules.clone());
    tables.take(&said);
    assert_eq!(
        customers(&tables),
        "email:m1@example.com user_id:u2 | email:m2@example.com | user_id:u1"
    );
    let tables = without(&rules, &said, "u1", &[said[0].clone(), said[2].clone()]);
    assert_eq!(customers(&tables), "email:m1@example.com email:m2@example.com user_id:u2");
}
