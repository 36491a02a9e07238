//! Is it told which value wins, which others there are, and why?

use crate::scene::{Tell, day, identify, track};
use crate::{Fragments, TraitRule, TraitRules, TraitValue};
use base::{IdentifierId, Limits, SourceId};
use lexicon::Event;
use serde_json::{Value, json};

fn told(events: &[Event]) -> Fragments {
    let mut fragments = Fragments::new();
    for event in events {
        fragments.absorb(IdentifierId(1), event, &Limits::default());
    }
    fragments
}

fn rules(default: TraitRule) -> TraitRules {
    let (trusted, verified) = (vec![SourceId(2)], [SourceId(2)].into());
    TraitRules { default, trusted, verified, ..TraitRules::default() }
}

fn why(rule: TraitRule, events: &[Event]) -> String {
    let shown = told(events).view(&rules(rule)).traits;
    let name = |source: SourceId| ["", "Web shop", "CRM"][source.0 as usize].to_owned();
    shown[0].why(name)
}

fn plan(at: i64, source: u64, value: &str) -> Event {
    identify(day(at), &json!({"plan": value})).source(source)
}

#[test]
fn the_reason_is_said_in_words() {
    let (crm, shop) = (plan(0, 2, "Basic"), plan(2, 1, "Pro"));
    let both = [crm.clone(), shop.clone()];
    let check = |rule, events: &[Event], expected| assert_eq!(why(rule, events), expected);
    check(TraitRule::Latest, std::slice::from_ref(&shop), "Latest: Web shop, 3 January 2026.");
    check(
        TraitRule::Latest,
        &both,
        "Latest: Web shop, 3 January 2026. Before: CRM said “Basic”, 1 January 2026.",
    );
    check(
        TraitRule::MostTrusted,
        &both,
        "Most trusted source: CRM, 1 January 2026. Also: Web shop said “Pro”, 3 January 2026.",
    );
    check(
        TraitRule::VerifiedFirst,
        &both,
        "Verified: CRM, 1 January 2026. Also: Web shop said “Pro”, 3 January 2026.",
    );
    check(
        TraitRule::VerifiedFirst,
        &[shop],
        "Nothing is verified, so the latest: Web shop, 3 January 2026.",
    );
    let three = [crm, plan(1, 1, "Plus"), plan(2, 1, "Pro")];
    check(
        TraitRule::Longest,
        &three,
        "Longest: CRM, 1 January 2026. Also: Web shop said “Pro”, 3 January 2026, and one other value.",
    );
    let once = track(day(4), "Came").once(&json!({"plan": "Free"})).source(1);
    check(TraitRule::Latest, &[once], "Said where nothing was known: Web shop, 5 January 2026.");
    let long = [plan(0, 1, &"x".repeat(80)), plan(1, 1, "Pro")];
    let cut = format!("“{}…", "x".repeat(59));
    check(
        TraitRule::Latest,
        &long,
        &format!("Latest: Web shop, 2 January 2026. Before: Web shop said {cut}, 1 January 2026."),
    );
}

#[test]
fn each_value_knows_the_event_that_said_it() {
    let events = [plan(0, 2, "Pro"), plan(2, 2, "Pro"), plan(1, 1, "Pro"), plan(1, 1, "Basic")];
    let shown: Vec<TraitValue> = told(&events).view(&TraitRules::default()).traits;
    let plan = &shown[0];
    assert_eq!((plan.at, plan.since, plan.n, plan.source), (day(2), day(0), 2, SourceId(2)));
    assert_eq!(plan.message_id.as_deref(), Some(&*events[1].message_id));
    assert_eq!(plan.others.len(), 1, "what two sources say alike is one value");
    assert_eq!((&plan.others[0].value, plan.others[0].at), (&json!("Basic"), day(1)));
}

#[test]
fn only_some_others_are_told_and_all_are_counted() {
    let events: Vec<Event> = (0..9).map(|n| plan(n, 1, &format!("p{n}"))).collect();
    let shown = told(&events).view(&TraitRules::default()).traits;
    let others: Vec<&Value> = shown[0].others.iter().map(|other| &other.value).collect();
    assert_eq!(others, [&json!("p7"), &json!("p6"), &json!("p5"), &json!("p4"), &json!("p3")]);
    assert_eq!(shown[0].n_others, 8);
}

#[test]
fn what_was_taken_away_is_told_with_the_event() {
    let gone = track(day(3), "Left").unset("plan").source(2);
    let view = told(&[plan(0, 1, "Pro"), gone.clone()]).view(&TraitRules::default());
    assert!(view.traits.is_empty());
    let taken = &view.taken_away[0];
    assert_eq!((taken.name.as_str(), taken.by.at), ("plan", day(3)));
    assert_eq!(taken.by.source, Some(SourceId(2)));
    assert_eq!(taken.by.message_id.as_deref(), Some(&*gone.message_id));
}
