//! Does each rule pick what its words promise, in whatever order things were said?

use super::*;
use crate::scene::{Tell, day, identify, track};
use base::Limits;
use lexicon::Event;
use serde_json::{Value, json};

const SHOP: u64 = 1;
const CRM: u64 = 2;
const TILL: u64 = 3;

/// What counts for `name`: its value, `null` where it was taken away.
fn counts(rule: TraitRule, name: &str, told: &[(u64, Event)]) -> Value {
    let rules = TraitRules {
        by_name: [(name.into(), rule)].into(),
        trusted: vec![SourceId(TILL), SourceId(CRM)],
        verified: [SourceId(TILL)].into(),
        ..TraitRules::default()
    };
    let settle = |told: &mut dyn Iterator<Item = &(u64, Event)>| {
        let mut fragments = Fragments::new();
        told.for_each(|(id, event)| {
            fragments.absorb(IdentifierId(*id), event, &Limits::default());
        });
        let settled = fragments.settled(name, &rules).expect("something was said");
        settled.value().map_or(Value::Null, |text| serde_json::from_str(text).unwrap())
    };
    let value = settle(&mut told.iter());
    assert_eq!(value, settle(&mut told.iter().rev()), "the order of arrival has no say");
    value
}

/// Says of a day, a source and a value (`null` takes away), under one of two identifiers.
fn says(name: &str, said: &[(i64, u64, Value)]) -> Vec<(u64, Event)> {
    let event = |&(at, source, ref value): &(i64, u64, Value)| {
        (1 + source % 2, identify(day(at), &json!({name: value})).source(source))
    };
    said.iter().map(event).collect()
}

#[test]
fn latest_takes_the_last_word() {
    let check = |said: &[(i64, u64, Value)], expected| {
        assert_eq!(counts(TraitRule::Latest, "plan", &says("plan", said)), expected);
    };
    check(&[(1, CRM, json!("Basic")), (2, SHOP, json!("Pro"))], json!("Pro"));
    check(&[(1, CRM, json!("Basic")), (2, SHOP, json!(null))], json!(null));
    check(
        &[(1, SHOP, json!("Pro")), (2, CRM, json!("Basic")), (3, SHOP, json!("Pro"))],
        json!("Pro"),
    );
    check(&[(1, SHOP, json!("a")), (1, CRM, json!("b"))], json!("b"));
}

#[test]
fn most_trusted_takes_the_word_of_the_first_in_the_list() {
    let check = |said: &[(i64, u64, Value)], expected| {
        assert_eq!(counts(TraitRule::MostTrusted, "phone", &says("phone", said)), expected);
    };
    check(&[(1, CRM, json!("1")), (9, SHOP, json!("2"))], json!("1"));
    check(&[(1, TILL, json!("0")), (2, CRM, json!("1")), (9, SHOP, json!("2"))], json!("0"));
    check(&[(1, CRM, json!("1")), (2, CRM, json!("3")), (9, SHOP, json!("2"))], json!("3"));
    check(&[(1, CRM, json!("1")), (2, CRM, json!(null)), (9, SHOP, json!("2"))], json!(null));
    check(&[(1, 8, json!("1")), (2, 9, json!("2"))], json!("2"));
}

#[test]
fn verified_first_takes_what_was_checked() {
    let check = |told: Vec<(u64, Event)>, expected| {
        assert_eq!(counts(TraitRule::VerifiedFirst, "email", &told), expected);
    };
    let (a, b) = (json!("a@example.com"), json!("b@example.com"));
    let later_unchecked = says("email", &[(1, TILL, a.clone()), (9, SHOP, b.clone())]);
    check(later_unchecked, a.clone());
    check(says("email", &[(1, TILL, a.clone()), (9, SHOP, json!(null))]), a.clone());
    check(says("email", &[(1, TILL, a.clone()), (9, TILL, json!(null))]), json!(null));
    check(says("email", &[(1, SHOP, a.clone()), (9, CRM, b.clone())]), b.clone());
    let mut told = says("email", &[(1, SHOP, a.clone()), (9, CRM, b)]);
    let confirmed = track(day(2), "Email Confirmed").properties(&json!({"email": "A@example.com"}));
    told.push((7, confirmed));
    check(told, a);
}

#[test]
fn longest_takes_the_fullest_value_since_it_was_taken_away() {
    let check = |said: &[(i64, u64, Value)], expected| {
        assert_eq!(counts(TraitRule::Longest, "name", &says("name", said)), expected);
    };
    check(&[(1, CRM, json!("Ann Example")), (9, SHOP, json!("Ann E"))], json!("Ann Example"));
    check(&[(1, CRM, json!("Ann B")), (9, SHOP, json!("Ann C"))], json!("Ann C"));
    check(
        &[(1, CRM, json!("Ann Example")), (5, SHOP, json!(null)), (9, SHOP, json!("Al"))],
        json!("Al"),
    );
    check(&[(1, CRM, json!("Ann Example")), (5, SHOP, json!(null))], json!(null));
    check(&[(1, CRM, json!("Åß")), (2, SHOP, json!("abc")), (3, CRM, json!(12))], json!("abc"));
}

#[test]
fn every_rule_has_its_own_word_and_a_sentence() {
    for rule in TraitRule::ALL {
        assert_eq!(TraitRule::from_slug(rule.slug()), Some(rule));
        assert!(rule.words().ends_with('.'), "{rule:?}");
    }
    let rules = TraitRules {
        default: TraitRule::Longest,
        by_name: [("plan".into(), TraitRule::Latest)].into(),
        ..TraitRules::default()
    };
    assert_eq!(rules.rule_of("plan"), TraitRule::Latest);
    assert_eq!(rules.rule_of("name"), TraitRule::Longest);
}
