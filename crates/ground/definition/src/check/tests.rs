//! Is told what cannot be used, and where?

use super::*;
use crate::calendar::Calendar;
use crate::formula;
use crate::testing::{Shop, definition};
use proptest::prelude::*;

#[track_caller]
fn refused(text: &str, message: &str) {
    let parsed = formula::parse(text, &Calendar::utc(), &Shop).expect("a formula");
    let bad = check(&parsed.definition, &Shop).expect_err(text);
    assert_eq!(bad.to_string(), message, "{text}");
}

#[test]
fn each_limit_is_named() {
    refused("did('')", "who.events.events[0]: must not be empty");
    refused(
        "did('A') and did('B', last => '0 days')",
        "who.of[1].window.length: 0 is not from 1 to 52704000",
    );
    refused(
        "times('A', last => '7 days') > 1001",
        "who.number.value: 1001 is not from -1000 to 1000",
    );
    refused(
        "did('A', ago => '7 days to 30 days')",
        "who.window.from: must be longer ago than where it ends",
    );
    refused(
        "same(x, trait('a') = 'b')",
        "who.who: what is known of the customer has no such value: ask for it beside",
    );
    refused("same(x, same(y, did('A')))", "who.who: one 'same' cannot be in another");
    refused(
        "same(x, distinct_of(y, 'A') > 1)",
        "who.who: different values are not counted for one value",
    );
    refused("share(0.4, 0.2, salt => 'a')", "who.to: ends before it begins");
    refused("trait('a') has 'b'", "who.op: only lists have items: name the trait as a list");
    refused(
        "did('A', where => a has 'b')",
        "who.events.tests[0].op: a list counts as absent here: name one place in it, such as tags.0",
    );
    refused("did_in_order('A', within => '1 hour')", "who.steps: there must be at least two");
    refused(
        "did('A', during => '2026-02-01 to 2026-01-01')",
        "who.window.period.last: ends before it begins",
    );
    refused("trait('d') is yearly in the next 365 days", "who.days: 365 is not from 0 to 364");
    refused(
        "not not not not not not not not did('A')",
        "who.of[0].of[0].of[0].of[0].of[0].of[0].of[0].of[0]: lies too deep: at most 8 parts in each other are possible",
    );
    let many = vec!["did('A')"; 100].join(" and ");
    refused(&many, "who: 101 are too many, at most 100 are possible");
}

#[test]
fn a_segment_that_nobody_knows_is_refused() {
    let who = Predicate::of(FactCriterion {
        fact: Fact::Segment(base::SegmentId(99)),
        is: FactIs::Op(Op::Exists),
    });
    let bad = check(&Definition { who, calendar: Calendar::utc() }, &Shop).unwrap_err();
    assert_eq!(bad.to_string(), "who.fact: there is no such segment");
}

#[test]
fn what_is_kept_for_a_time_is_looked_at_for_that_time() {
    let text = "did('Page Viewed') and did('A') and same(x, did('B') and did(any_event()))";
    let parsed = formula::parse(text, &Calendar::utc(), &Shop).expect("a formula");
    let bound = crate::Bound::new(parsed.definition, &Shop).expect("a definition");
    let kept: Vec<_> = bound.definition().who.criteria().map(|of| bound.kept(of)).collect();
    let days = Some(Duration::days(90));
    assert_eq!(kept, [days, None, days, None, days]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_made_can_be_used(definition in definition()) {
        let checked = check(&definition, &Shop);
        let is_large = matches!(
            &checked,
            Err(BadDefinition { problem: Problem::TooMany { .. } | Problem::TooDeep { .. }, .. })
        );
        prop_assert!(checked.is_ok() || is_large, "{:?}", checked);
    }
}
