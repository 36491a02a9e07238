//! Do relations follow customers exactly, wherever identifiers go?

use super::*;
use crate::fact::Fact;
use lexicon::IdentifierKind;
use proptest::prelude::*;

/// Identifiers of the little world; `u0` to `u7`, number 1 to 8.
const N: u64 = 8;

fn name(number: u64) -> Identifier {
    Identifier::new(IdentifierKind::UserId, &format!("u{number}")).expect("a good id")
}

fn told(speaker: u64, kind: RelationKind, way: Way, other: Reference, at: i64) -> Told {
    let message_id = format!("m{at}").into();
    let fact = Fact { kind, way, other, at: Timestamp(at), source: SourceId(1), message_id };
    Told { speaker: IdentifierId(speaker), fact }
}

/// Who is who, where identifier `n` points to customer `owners[n - 1]`.
fn directory(owners: &[u64]) -> Directory {
    let numbered = || (1..).zip(owners);
    Directory {
        speakers: numbered().map(|(id, &c)| (IdentifierId(id), CustomerId(c))).collect(),
        named: numbered().map(|(id, &c)| (name(id), CustomerId(c))).collect(),
        codes: HashMap::new(),
    }
}

#[test]
fn both_sides_tell_of_one_relation() {
    use {RelationKind::Referral, Way::*};
    let all = [
        told(1, Referral, Outward, Reference::Identifier(name(2)), 5),
        told(2, Referral, Inward, Reference::Identifier(name(1)), 3),
        told(2, Referral, Inward, Reference::code("nobody").expect("a code"), 4),
    ];
    let apart = Relations::resolve(&all, &directory(&[1, 2]));
    let edge = apart.of(CustomerId(2)).referred_by().expect("1 referred 2");
    assert_eq!(
        (edge.from, edge.n, edge.first.at, edge.last_at.0),
        (CustomerId(1), 2, Timestamp(3), 5)
    );
    assert_eq!(apart.of(CustomerId(1)).referred().count(), 1);
    assert_eq!(apart.of(CustomerId(2)).waiting().count(), 1);
    let merged = Relations::resolve(&all, &directory(&[1, 1]));
    assert_eq!(merged.edges().count(), 0, "nobody refers themselves");
    assert_eq!(merged.of(CustomerId(1)).n_own(), 2);
}

#[test]
fn a_code_belongs_to_whoever_claimed_it_first() {
    let claim = |identifier, at, message_id: &str| CodeClaim {
        code: "X".into(),
        identifier: IdentifierId(identifier),
        at: Timestamp(at),
        message_id: message_id.into(),
    };
    let check = |claims: &[CodeClaim], expected: u64| {
        let mut who = directory(&[1, 2, 3]);
        who.claim(claims);
        assert_eq!(who.codes.get("X"), Some(&CustomerId(expected)));
    };
    check(&[claim(1, 5, "a"), claim(2, 4, "b")], 2);
    check(&[claim(2, 4, "b"), claim(1, 4, "a")], 1);
    let mut who = directory(&[1]);
    who.claim(&[claim(9, 1, "a")]);
    assert!(who.codes.is_empty());
}

fn any_told() -> impl Strategy<Value = Told> {
    let kind = prop_oneof![Just(RelationKind::Referral), Just(RelationKind::Mention)];
    let way = prop_oneof![Just(Way::Outward), Just(Way::Inward)];
    (1..=N, kind, way, 1..=N, 0..50i64).prop_map(|(speaker, kind, way, other, at)| {
        told(speaker, kind, way, Reference::Identifier(name(other)), at)
    })
}

proptest! {
    /// Order of arrival has no say; taking a merge back gives what was before; nothing is lost.
    #[test]
    fn relations_are_a_function_of_the_set(
        mut all in prop::collection::vec(any_told(), 0..40),
        merged in 1..=N,
        turn in 0usize..40,
    ) {
        let apart: Vec<u64> = (1..=N).collect();
        let mut together = apart.clone();
        together[(merged - 1) as usize] = 1;
        let before = Relations::resolve(&all, &directory(&apart));
        let during = Relations::resolve(&all, &directory(&together));
        let middle = turn.min(all.len());
        all.rotate_left(middle);
        prop_assert_eq!(&before, &Relations::resolve(&all, &directory(&apart)));
        let n = |relations: &Relations| {
            let own: u64 = relations.n_own.values().sum();
            relations.edges().map(|edge| edge.n).sum::<u64>() + own
        };
        prop_assert_eq!(n(&before), all.len() as u64);
        prop_assert_eq!(n(&during), all.len() as u64);
        let gone = during.of(CustomerId(merged));
        if merged != 1 {
            prop_assert_eq!(gone.acts(RelationKind::Referral).count(), 0);
            prop_assert_eq!(gone.acted_on_by(RelationKind::Mention).count(), 0);
        }
    }

    /// What is forgotten leaves no trace: the same as if it had never been told.
    #[test]
    fn forgetting_somebody_is_as_if_they_had_never_spoken(
        all in prop::collection::vec(any_told(), 0..40),
        gone in 1..=N,
    ) {
        let apart: Vec<u64> = (1..=N).collect();
        let named = Reference::Identifier(name(gone));
        let left: Vec<Told> = all.iter()
            .filter(|t| t.speaker != IdentifierId(gone) && t.fact.other != named)
            .cloned()
            .collect();
        let relations = Relations::resolve(&left, &directory(&apart));
        let me = CustomerId(gone);
        prop_assert!(relations.edges().all(|edge| edge.from != me && edge.to != me));
        prop_assert_eq!(relations.of(me).waiting().count(), 0);
    }
}
