//! Is what is written read as the same, and is it told where something is not of the form?

use super::*;
use crate::testing::{Shop, definition};
use proptest::prelude::*;

#[track_caller]
fn refused(who: &Value, message: &str) {
    let bad = read(&json!({ "who": who }), &Shop).expect_err("not of the form");
    assert_eq!(bad.to_string(), message);
}

#[test]
fn what_is_not_of_the_form_is_told_with_its_path() {
    let did = json!({
        "is": "behaviour", "events": { "events": ["A"] }, "measure": { "is": "times" },
        "number": { "op": "at_least", "value": 1 },
    });
    let with = |name: &str, value: Value| {
        let mut did = did.clone();
        did[name] = value;
        did
    };
    read(&json!({ "who": did }), &Shop).expect("tests and window may be left out");
    refused(
        &json!({ "is": "some" }),
        "who.is: expected all, any, none, fact, behaviour, value, \
             in_order, not_followed, same or share",
    );
    refused(&json!({ "is": "all", "of": [did, 5] }), "who.of[1]: expected an object");
    let window = json!({ "is": "last", "length": "30 dais" });
    refused(&with("window", window), "who.window.length: expected a length such as 30 days");
    let events = json!({ "events": ["A"], "where": [] });
    refused(&with("events", events), "who.events.where: there is no such field");
    refused(&with("number", json!({ "op": "more" })), "who.number.value: must not be empty");
    refused(&json!({ "is": "none", "of": [] }), "who.of: must not be empty");
    let fact = json!({ "is": "fact", "fact": { "of": "segment", "segment": "x" }, "op": "exists" });
    refused(&fact, "who.fact.segment: expected the key of one that there is, not 'x'");
    let clock = json!({ "clock": { "time_zone": "Mars" }, "who": did });
    let bad = read(&clock, &Shop).expect_err("no such zone").to_string();
    assert!(bad.starts_with("clock.time_zone: 'Mars' is no time zone"), "{bad}");
    let mut deep = did;
    for _ in 0..100 {
        deep = json!({ "is": "all", "of": [deep] });
    }
    let bad = read(&json!({ "who": deep }), &Shop).expect_err("too deep").to_string();
    assert!(bad.ends_with("lies too deep: at most 40 parts in each other are possible"), "{bad}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_written_is_read_as_the_same(definition in definition(), sunday in any::<bool>()) {
        let week_begins = if sunday { Weekday::Sunday } else { Weekday::Monday };
        let calendar = Calendar::new("Europe/Berlin", week_begins).expect("a zone");
        let definition = Definition { calendar, ..definition };
        let json = write(&definition, &Shop);
        prop_assert_eq!(read(&json, &Shop), Ok(definition), "{}", json);
    }
}
