//! Can every step be taken back exactly, whatever else happened?

use crate::testing::{Tables, customers, event, join, login};
use crate::{Edit, EditError, IdentityRules, Inert, LinkKey};
use base::{IdentifierId, Timestamp};
use lexicon::{Event, LinkRule};

fn id(tables: &Tables, text: &str) -> IdentifierId {
    let found = tables.members.values().find(|m| &*m.identifier.value == text);
    found.expect("it was mentioned").id
}

fn key(tables: &Tables, a: &str, b: &str, rule: LinkRule) -> LinkKey {
    let (a, b) = (id(tables, a), id(tables, b));
    (a.min(b), a.max(b), rule)
}

fn after(events: &[Event]) -> Tables {
    let mut tables = Tables::default();
    tables.take(events);
    tables
}

#[test]
fn a_withdrawn_link_is_as_if_it_had_never_been() {
    let mut tables = after(&[login(1, "a1", "u1"), login(2, "a1", "u2")]);
    let link = key(&tables, "a1", "u1", LinkRule::SameEvent);
    let plan = tables.edit(&[Edit::Withdraw(link)]).unwrap();
    tables.check();
    // The second login was inert only because of the first.
    assert_eq!(customers(&tables), "anonymous_id:a1 user_id:u2 | user_id:u1");
    assert!(plan.moves.iter().all(|moved| moved.cause == "Ann said so"));
    // More of the same evidence, earlier too, does not bring it back.
    tables.take(&[login(3, "a1", "u1"), login(0, "a1", "u1")]);
    tables.check();
    assert_eq!(customers(&tables), "anonymous_id:a1 user_id:u2 | user_id:u1");
    assert_eq!(tables.links[&link].inert, Some(Inert::Withdrawn));
    assert_eq!(tables.links[&link].occurred_at, Timestamp(0), "its evidence is kept up to date");
    tables.edit(&[Edit::Restore(link)]).unwrap();
    tables.check();
    assert_eq!(customers(&tables), "anonymous_id:a1 user_id:u1 | user_id:u2");
}

#[test]
fn a_merge_by_hand_joins_two_user_ids() {
    let mut tables = after(&[login(1, "a1", "u1"), login(2, "a2", "u2")]);
    let before = (tables.partition(), tables.ledger());
    let (a, b) = (id(&tables, "u1"), id(&tables, "u2"));
    tables.edit(&[join(a, b)]).unwrap();
    tables.check();
    assert_eq!(tables.partition().len(), 1);
    tables.edit(&[Edit::Withdraw((a.min(b), a.max(b), LinkRule::Stated))]).unwrap();
    tables.check();
    assert_eq!(tables.partition(), before.0);
    // Said again, the withdrawn statement counts again.
    tables.edit(&[join(a, b)]).unwrap();
    assert_eq!(tables.partition().len(), 1);
}

#[test]
fn what_cannot_be_done_is_refused_and_changes_nothing() {
    let mut tables = after(&[login(1, "a1", "u1"), event("2", 2, "u2", &[])]);
    let (known, nobody) = (id(&tables, "u1"), IdentifierId(99));
    let link = key(&tables, "a1", "u1", LinkRule::SameEvent);
    let other = key(&tables, "u1", "u2", LinkRule::Trait);
    let check = |tables: &mut Tables, edits: &[Edit], expected: EditError| {
        let before = tables.ledger();
        assert_eq!(tables.edit(edits), Err(expected));
        assert_eq!(tables.ledger(), before);
    };
    check(&mut tables, &[join(known, nobody)], EditError::NoSuchIdentifier { id: nobody });
    check(&mut tables, &[Edit::Withdraw(other)], EditError::NoSuchLink { key: other });
    check(&mut tables, &[Edit::Restore(link)], EditError::NothingToDo { key: link });
    let twice = [Edit::Withdraw(link), Edit::Withdraw(link)];
    check(&mut tables, &twice, EditError::NothingToDo { key: link });
}

#[test]
fn of_a_thousand_merges_any_one_can_be_taken_back() {
    // People who visit with a browser of their own, then all are said to be one, in a chain.
    let visits: Vec<Event> =
        (0..1_001).map(|n| login(n, &format!("a{n}"), &format!("u{n}"))).collect();
    let mut tables = after(&visits);
    tables.rules = IdentityRules::open();
    let users: Vec<IdentifierId> = (0..1_001).map(|n| id(&tables, &format!("u{n}"))).collect();
    let joins: Vec<Edit> = users.windows(2).map(|pair| join(pair[0], pair[1])).collect();
    tables.edit(&joins).unwrap();
    assert_eq!(tables.partition().len(), 1);
    for n in [0, 1, 499, 998, 999] {
        let (a, b) = (users[n], users[n + 1]);
        let link = (a.min(b), a.max(b), LinkRule::Stated);
        tables.edit(&[Edit::Withdraw(link)]).unwrap();
        let sizes: Vec<usize> =
            tables.partition().iter().map(std::collections::BTreeSet::len).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 2_002);
        assert!(sizes.contains(&(2 * (n + 1))), "{sizes:?}");
        tables.edit(&[Edit::Restore(link)]).unwrap();
        assert_eq!(tables.partition().len(), 1);
    }
    tables.check();
}
