//! What is meant where it could be read in two ways? The table of `docs/definitions.md`.

use super::*;
use crate::formula;
use crate::testing::Shop;
use base::SourceId;
use jiff::civil::Weekday;
use lexicon::{EventKind, Json};

const NOW: &str = "2026-03-31T10:00Z";

/// Events as `time name {properties}`, parted by `;`: a time is a length before now, `+` after.
fn customer(events: &str, facts: &[(&str, &str)]) -> PlainCustomer {
    let event = |(k, text): (usize, &str)| {
        let (at, rest) = text.trim().split_once(' ').expect("a time and a name");
        let (name, properties) = rest.split_once(' ').unwrap_or((rest, "{}"));
        PlainEvent {
            customer: CustomerId(1),
            occurred_at: moment(at),
            seq: k as u64 + 1,
            kind: EventKind::Track,
            name: name.into(),
            source: SourceId(1),
            properties: Json::from_checked_text(properties),
            context: Json::from_checked_text("{}"),
        }
    };
    let events = events.split(';').filter(|text| !text.trim().is_empty());
    let facts = facts.iter().map(|(name, label)| (fact(name), (*label).to_owned())).collect();
    PlainCustomer {
        id: CustomerId(1),
        events: events.enumerate().map(event).collect(),
        facts,
        rests: false,
    }
}

fn fact(name: &str) -> Fact {
    match name.split_once(':') {
        Some(("list", name)) => Fact::List(name.into()),
        Some(("account", name)) => Fact::Account(name.into()),
        _ => Fact::Trait(name.into()),
    }
}

/// `30d`, `2h`, `0` before now; with `us` one µs more or less: `30d-us` is 1 µs less long ago.
fn moment(text: &str) -> Timestamp {
    let now = Timestamp::parse(NOW).expect("a time");
    let (text, us) = match text {
        text if text.ends_with("-us") => (text.trim_end_matches("-us"), 1),
        text if text.ends_with("+us") => (text.trim_end_matches("+us"), -1),
        text => (text, 0),
    };
    if let Some(at) = Timestamp::parse(text).filter(|_| text.contains('-')) {
        return Timestamp(at.0 + us);
    }
    let number = |unit: char| text.trim_end_matches(unit).parse::<i64>().expect("a number");
    let length = match text.chars().last() {
        Some('d') => Duration::days(number('d')),
        Some('h') => Duration::hours(number('h')),
        _ => Duration::seconds(60 * number('m')),
    };
    Timestamp(now.minus(length).0 + us)
}

#[track_caller]
fn check(text: &str, customer: &PlainCustomer, expected: bool) {
    let berlin = Calendar::new("Europe/Berlin", Weekday::Monday).expect("a zone");
    let parsed = formula::parse(text, &berlin, &Shop).unwrap_or_else(|error| panic!("{error}"));
    let bound = Bound::new(parsed.definition, &Shop).unwrap_or_else(|error| panic!("{error}"));
    let t = Timestamp::parse(NOW).expect("a time");
    let now = Moment { t, calendar: &berlin, trail_events_max: 3 };
    assert_eq!(holds(&bound, customer, now), expected, "{text}");
}

/// Formula, events, whether it holds.
const BEHAVIOURS: [(&str, &str, bool); 40] = [
    // Windows: their edges.
    ("did('A', last => '30 days')", "30d A", false),
    ("did('A', last => '30 days')", "30d-us A", true),
    ("did('A', last => '30 days')", "0m A", true),
    ("did('A', longer_ago => '30 days')", "30d A", true),
    ("did('A', longer_ago => '30 days')", "30d-us A", false),
    ("did('A', ago => '30 days to 7 days')", "30d A; 7d-us A", false),
    ("did('A', ago => '30 days to 7 days')", "7d A", true),
    ("did('A', last => '1 month')", "2026-02-27T23:00Z A", true),
    ("did('A', last => '1 month')", "2026-02-27T22:59:59.999999Z A", false),
    ("did('A', during => 'last whole month')", "2026-02-28T22:59Z A", true),
    ("did('A', during => 'last whole month')", "2026-02-28T23:00Z A", false),
    ("did('A', during => 'this month')", "2026-02-28T23:00Z A", true),
    ("did('A', during => '2026-03-29 to 2026-03-29')", "2026-03-29T21:59Z A", true),
    ("did('A', during => '2026-03-29 to 2026-03-29')", "2026-03-29T22:00Z A", false),
    // Events of the future count from their moment on.
    ("did('A')", "-5m A", false),
    // Nothing is since itself, nor since what never happened.
    ("did('A', since => last('B'))", "2h B; 1h A", true),
    ("did('A', since => last('B'))", "1h B; 1h A", false),
    ("did('A', since => last('A'))", "2h A; 1h A", false),
    ("did('A', since => first('A'))", "2h A; 1h A", true),
    ("not did('A', since => last('B'))", "1h A", true),
    // No number holds for no comparison.
    ("avg_of(x, 'A') <> 5", "1h A", false),
    ("sum_of(x, 'A') = 0", "", true),
    ("times('A') = 0", "", true),
    ("days_since('A') > 14", "", false),
    ("not days_since('A') <= 14", "", true),
    ("days_since('A') > 14", "14d A", false),
    ("days_since('A') > 14", "14d+us A", true),
    // A text of digits is no number of an event.
    ("did('A', where => x > 4)", r#"1h A {"x":"5"}"#, false),
    ("did('A', where => x <> 'b')", "1h A", true),
    ("did('A', where => x = '5')", r#"1h A {"x":5.0}"#, true),
    ("did('A', where => x is known)", r#"1h A {"x":[1]}"#, false),
    // Days are local days.
    ("days('A') = 2", "2026-03-29T21:59Z A; 2026-03-29T22:00Z A", true),
    // Of equally frequent values the last said one counts.
    ("most_frequent(x, 'A') = 'b'", r#"3h A {"x":"a"}; 2h A {"x":"b"}; 1h A"#, true),
    // Steps of one moment are taken in whatever order they arrived; one event is one step.
    ("did_in_order('A', 'B', within => '1 hour')", "1h B; 1h A", true),
    ("did_in_order('A', 'A', within => '1 hour')", "1h A", false),
    ("did_in_order('A', 'B', within => '1 hour')", "2h A; 1h-us B", false),
    // The moment itself counts as followed; it holds from the end of the wait on.
    ("not_followed('A', by => 'B', within => '1 hour')", "1h A", true),
    ("not_followed('A', by => 'B', within => '1 hour')", "1h-us A", false),
    ("not_followed('A', by => 'B', within => '1 hour')", "2h B; 2h A", false),
    // The latest so many events, three here, of a test that needs them one by one.
    (
        "sum_of(x, 'A', last => '30 days') > 3",
        r#"5h A {"x":1}; 4h A {"x":1}; 3h A {"x":1}; 2h A {"x":1}"#,
        false,
    ),
];

#[test]
fn behaviours() {
    for (text, events, expected) in BEHAVIOURS {
        check(text, &customer(events, &[]), expected);
    }
}

#[test]
fn facts() {
    let known = customer(
        "",
        &[
            ("x", "5"),
            ("plan", "Pro"),
            ("born", "1992-02-29"),
            ("ends", "2026-04-01"),
            ("list:tags", r#"["a","b"]"#),
            ("account:industry", r#"["food","retail"]"#),
        ],
    );
    for (text, expected) in [
        ("trait('x') >= 5", true),
        ("trait('plan') = 'pro'", false),
        ("trait('y') > 5", false),
        ("not trait('y') > 5", true),
        ("trait('y') <> 'a'", true),
        ("trait('y') is not known", true),
        ("trait('plan') > 5", false),
        ("list('tags') has ('c', 'b')", true),
        ("account('industry') = 'retail'", true),
        ("account('industry') <> 'retail'", false),
        ("account('size') <> 'large'", true),
        ("trait('ends') is in the next 1 days", true),
        ("trait('ends') is in the next 12 hours", true),
        ("trait('ends') is in the next 11 hours", false),
        ("trait('born') is yearly in the last 30 days", true),
        ("trait('born') is yearly in the last 29 days", false),
        ("everybody()", true),
    ] {
        check(text, &known, expected);
    }
    check("everybody()", &PlainCustomer { rests: true, ..known }, false);
}

#[test]
fn what_is_asked_of_one_value() {
    let viewed = |products: &[&str]| {
        let events: Vec<String> =
            products.iter().map(|product| format!(r#"1h V {{"p":"{product}"}}"#)).collect();
        customer(&events.join(";"), &[])
    };
    check("same(p, times('V') >= 2)", &viewed(&["a", "b", "a"]), true);
    check("same(p, times('V') >= 2)", &viewed(&["a", "b"]), false);
    check("same(p, did('V') and not did('W'))", &customer("1h V", &[]), false);
    check("same(p, not did('W'))", &viewed(&["a"]), false);
}

#[test]
fn what_is_not_kept_any_more_is_not_looked_at() {
    let old = PlainCustomer {
        events: customer("91d X; 89d X", &[])
            .events
            .into_iter()
            .map(|event| PlainEvent { name: "Page Viewed".into(), ..event })
            .collect(),
        ..customer("", &[])
    };
    check("times('Page Viewed') = 1", &old, true);
}
