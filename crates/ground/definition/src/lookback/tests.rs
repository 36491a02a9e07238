//! Do windows only go forwards, and are their edges where they are said to be?

use super::*;
use crate::calendar::Grain;
use jiff::civil::{Weekday, date};
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

#[track_caller]
fn check(lookback: &Lookback, t: &str, from: &str, last: &str) {
    let berlin = Calendar::new("Europe/Berlin", Weekday::Monday).expect("a zone");
    let window = lookback.window(&berlin, at(t)).expect("a window");
    assert_eq!((window.from, window.until.0 - 1), (at(from), at(last).0), "{lookback:?}");
}

#[test]
fn edges() {
    let now = "2026-03-31T10:00Z";
    check(&Lookback::Last(Length::days(30)), now, "2026-03-01T10:00:00.000001Z", now);
    let ago = Lookback::Ago { from: Length::days(90), to: Length::days(30) };
    check(&ago, now, "2025-12-31T10:00:00.000001Z", "2026-03-01T10:00Z");
    let month = Lookback::Last(Length::Calendar { n: 1, grain: Grain::Month });
    check(&month, now, "2026-02-27T23:00Z", now);
    let week = Period::Last { n: 1, grain: Grain::Week, current: false };
    check(&Lookback::Period(week), now, "2026-03-22T23:00Z", "2026-03-29T21:59:59.999999Z");
    let this = Period::Last { n: 1, grain: Grain::Day, current: true };
    check(&Lookback::Period(this), "2026-03-30T22:00Z", "2026-03-30T22:00Z", "2026-03-30T22:00Z");
}

fn length() -> impl Strategy<Value = Length> {
    let grain = prop::sample::select(vec![Grain::Month, Grain::Quarter, Grain::Year]);
    prop_oneof![
        (1i64..100_000).prop_map(|minutes| Length::Exact(Duration::seconds(60 * minutes))),
        (1u32..14, grain).prop_map(|(n, grain)| Length::Calendar { n, grain }),
    ]
}

fn period() -> impl Strategy<Value = Period> {
    let grain = prop::sample::select(Grain::ALL.to_vec());
    prop_oneof![
        (1u32..40, grain, any::<bool>()).prop_map(|(n, grain, current)| Period::Last {
            n,
            grain,
            current
        }),
        (1i8..13, 0i32..40).prop_map(|(month, days)| {
            let first = date(2024, month, 28);
            let span = jiff::Span::new().days(days);
            Period::Between { first, last: first.saturating_add(span) }
        }),
    ]
}

fn lookback() -> impl Strategy<Value = Lookback> {
    prop_oneof![
        Just(Lookback::Ever),
        length().prop_map(Lookback::Last),
        length().prop_map(Lookback::LongerAgo),
        (length(), length()).prop_map(|(from, to)| Lookback::Ago { from, to }),
        period().prop_map(Lookback::Period),
    ]
}

/// Times near the ends of months and at changes of clocks, to the µs.
fn moment() -> impl Strategy<Value = Timestamp> {
    let base = prop::sample::select(vec![
        "2024-02-28T23:00Z",
        "2024-03-31T00:30Z",
        "2024-10-27T00:00Z",
        "2024-12-31T23:00Z",
        "2025-01-30T23:00Z",
        "2011-12-29T10:00Z",
        "2018-11-04T03:00Z",
    ]);
    (base, -60i64..60, -3_600i64..3_600, -1i64..2).prop_map(|(base, days, seconds, us)| {
        Timestamp(at(base).plus(Duration::days(days)).plus(Duration::seconds(seconds)).0 + us)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn both_ends_go_forwards_and_spans_are_windows_seen_from_the_event(
        lookback in lookback(),
        zone in prop::sample::select(vec![
            "UTC", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe",
        ]),
        at in moment(),
        moments in prop::collection::vec(moment(), 8),
    ) {
        let calendar = Calendar::new(zone, Weekday::Sunday).expect("a zone");
        let (from, until) = lookback.span_of(&calendar, at);
        let edges = [Some(from), until].into_iter().flatten().filter(|edge| *edge != NEVER);
        let edges = edges.flat_map(|edge| [-1, 0, 1].map(|us| Timestamp(edge.0 + us)));
        let mut moments: Vec<Timestamp> = moments.into_iter().chain(edges).collect();
        moments.sort();
        let mut before: Option<Window> = None;
        for t in moments {
            let window = lookback.window(&calendar, t).expect("a window");
            if let Some(before) = before {
                prop_assert!(before.from <= window.from && before.until <= window.until);
            }
            before = Some(window);
            let is_in = from <= t && until.is_none_or(|until| t < until);
            prop_assert_eq!(window.holds(at), is_in, "{:?} at {}", lookback, t);
        }
    }
}
