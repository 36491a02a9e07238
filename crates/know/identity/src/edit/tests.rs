//! Can every step be taken back exactly, whatever else happened?

use crate::testing::{Tables, customers, event, join, login};
use crate::{Edit, EditError, IdentityRules, Inert, LinkKey};
use base::hash::mix64;
use base::{IdentifierId, Timestamp};
use lexicon::{Event, LinkRule};
use std::collections::BTreeSet;

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

/// People, each with the identifiers that only they have.
struct People {
    tables: Tables,
    own: Vec<Vec<IdentifierId>>,
}

impl People {
    /// Each visits with a browser of their own.
    fn visit(n_people: usize) -> Self {
        let visits = (0..n_people).map(|n| login(n as i64, &format!("a{n}"), &format!("u{n}")));
        let mut tables = Tables::under(IdentityRules::open());
        tables.take(&visits.collect::<Vec<_>>());
        let of = |n| vec![id(&tables, &format!("u{n}")), id(&tables, &format!("a{n}"))];
        let own = (0..n_people).map(of).collect();
        Self { tables, own }
    }

    /// Merges these pairs by hand, one after another; now and then somebody comes with another
    /// browser.
    fn merge(&mut self, pairs: &[(usize, usize)]) {
        for (n, &pair) in pairs.iter().enumerate() {
            let (a, b, _) = self.link(pair);
            self.tables.edit(&[join(a, b)]).unwrap();
            if n % 10 == 0 {
                let browser = format!("b{n}");
                let visit = login(5_000 + n as i64, &browser, &format!("u{}", pair.1));
                self.tables.take(&[visit]);
                self.own[pair.1].push(id(&self.tables, &browser));
            }
        }
    }

    fn link(&self, (a, b): (usize, usize)) -> LinkKey {
        let (a, b) = (self.own[a][0], self.own[b][0]);
        (a.min(b), a.max(b), LinkRule::Stated)
    }

    /// The customers must be those who follow from `pairs`, worked out another way.
    fn check(&self, pairs: impl Iterator<Item = (usize, usize)>, what: &str) {
        let mut sets = Sets::alone(self.own.len());
        pairs.for_each(|(a, b)| sets.join(a, b));
        let mut all = BTreeSet::new();
        for (person, own) in self.own.iter().enumerate() {
            let first = self.own[sets.first(person)][0];
            let expected = self.tables.members[&first].customer;
            all.insert(expected);
            let is_theirs = |id| self.tables.members[id].customer == expected;
            assert!(own.iter().all(is_theirs), "{what}: u{person}");
        }
        assert_eq!(all.len(), sets.n(), "{what}");
    }
}

/// Who is together.
struct Sets(Vec<usize>);

impl Sets {
    fn alone(n: usize) -> Self {
        Self((0..n).collect())
    }

    fn first(&mut self, mut of: usize) -> usize {
        while self.0[of] != of {
            self.0[of] = self.0[self.0[of]];
            of = self.0[of];
        }
        of
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.0[a.max(b)] = a.min(b);
    }

    fn n(&self) -> usize {
        self.0.iter().enumerate().filter(|(n, first)| n == *first).count()
    }
}

/// Takes each of the merges back and puts it back, one after another. Everything else stays: each
/// other link with its verdict, and the customers who follow from the other merges; and put back it
/// is as it was, to the last row.
fn each_can_be_taken_back(n_people: usize, pairs: &[(usize, usize)]) {
    let mut people = People::visit(n_people);
    people.merge(pairs);
    people.check(pairs.iter().copied(), "all merged");
    let (members, links) = (people.tables.members.clone(), people.tables.links.clone());
    for (n, &pair) in pairs.iter().enumerate() {
        let link = people.link(pair);
        people.tables.edit(&[Edit::Withdraw(link)]).unwrap();
        let others = pairs.iter().enumerate().filter(|(other, _)| *other != n);
        people.check(others.map(|(_, &pair)| pair), &format!("without merge {n}"));
        let mut expected = links.clone();
        expected.get_mut(&link).unwrap().inert = Some(Inert::Withdrawn);
        assert_eq!(people.tables.links, expected, "without merge {n}");
        people.tables.edit(&[Edit::Restore(link)]).unwrap();
        assert_eq!(people.tables.members, members, "with merge {n} again");
        assert_eq!(people.tables.links, links, "with merge {n} again");
    }
    people.tables.check();
}

#[test]
fn of_a_thousand_merges_in_a_chain_each_can_be_taken_back() {
    let chain: Vec<(usize, usize)> = (0..1_000).map(|n| (n, n + 1)).collect();
    each_can_be_taken_back(1_001, &chain);
}

#[test]
fn of_a_thousand_merges_here_and_there_each_can_be_taken_back() {
    // Some lead to whom others have brought together already, so that nobody parts without them.
    let any = |n: u64| (mix64(n) % 700) as usize;
    let pairs: BTreeSet<(usize, usize)> = (0u64..)
        .map(|n| (any(2 * n), any(2 * n + 1)))
        .filter(|(a, b)| a != b)
        .map(|(a, b)| (a.min(b), a.max(b)))
        .take(1_003)
        .collect();
    let mut pairs: Vec<(usize, usize)> = pairs.into_iter().collect();
    pairs.sort_by_key(|&(a, b)| mix64((a * 1_000 + b) as u64));
    pairs.truncate(1_000);
    assert_eq!(pairs.len(), 1_000);
    each_can_be_taken_back(700, &pairs);
}
