//! Are rules kept as they were agreed, and refused where they make no sense?

use super::*;
use base::ErrorKind;
use lexicon::{Blocked, BlockedValue, IdentifierKind};

#[test]
fn rules_come_back_from_the_table() {
    let mut rules = IdentityRules { version: 3, ..IdentityRules::default() };
    rules.country = Some("DE".into());
    rules.others = KindRules { trust: Trust::Verified, ..KindRules::default() };
    let nobody = BlockedValue { kind: Some(IdentifierKind::UserId), pattern: "qa-*".into() };
    rules.blocked = Blocked::new(false, [nobody]);
    for rules in [rules, IdentityRules::default(), IdentityRules::open()] {
        let text = StoredRules::of(&rules).to_json();
        let stored: StoredRules = serde_json::from_str(&text).unwrap();
        assert_eq!(stored.to_rules().unwrap(), rules, "{text}");
    }
}

#[test]
fn nonsense_is_refused() {
    let check = |change: &dyn Fn(&mut IdentityRules), expected: &str| {
        let mut rules = IdentityRules::default();
        change(&mut rules);
        let refused = check::checked(rules).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Invalid);
        assert!(refused.to_string().contains(expected), "{refused}");
    };
    let blocking =
        |pattern: &str| Blocked::new(true, [BlockedValue { kind: None, pattern: pattern.into() }]);
    check(&|rules| rules.kinds.push(rules.kinds[0].clone()), "stands twice");
    check(&|rules| rules.kinds[2].1.users_max = Some(0), "between 1 and");
    check(&|rules| rules.kinds[0].1.limit.ever = Some(3), "leave the rules of user_id empty");
    check(&|rules| rules.others.limit.week = Some(u32::MAX), "every other kind");
    check(&|rules| rules.country = Some("Germany".into()), "two letters");
    check(&|rules| rules.blocked = blocking("**"), "would block everybody");
    check(&|rules| rules.blocked = blocking(" "), "1 to 256 letters");
    check(
        &|rules| rules.kinds.push((IdentifierKind::Custom("".into()), KindRules::default())),
        "a kind's name",
    );
    check(
        &|rules| {
            let kind = |n| (IdentifierKind::Custom(format!("k{n}").into()), KindRules::default());
            rules.kinds.extend((0..50).map(kind));
        },
        "at most 50 kinds",
    );
    assert!(check::checked(IdentityRules::default()).is_ok());
}

#[test]
fn what_is_different_is_told_in_words() {
    let before = IdentityRules::default();
    let mut after = before.clone();
    after.kinds.swap(1, 2);
    after.kinds[1].1.users_max = Some(9);
    after.country = Some("CH".into());
    after.blocked = Blocked::new(false, [BlockedValue { kind: None, pattern: "qa-*".into() }]);
    let said = check::difference(&before, &after);
    for expected in [
        "priority: user_id, email, crm_id",
        "email: 10 ever, 9 user ids, 200 anonymous ids, claimed",
        "country: CH",
        "zeros: not blocked",
        "; blocked: qa-*; no longer blocked: ",
    ] {
        assert!(said.contains(expected), "{said}");
    }
    assert_eq!(check::difference(&before, &before), "");
}
