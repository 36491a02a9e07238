//! Do dates come into a stretch and leave it when they are said to?

use super::*;
use crate::calendar::Grain;
use base::Duration;
use jiff::civil::Weekday;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn berlin() -> Calendar {
    Calendar::new("Europe/Berlin", Weekday::Monday).expect("a zone")
}

#[track_caller]
fn check(test: DateTest, value: &str, t: &str, holds: bool, until: Option<&str>) {
    let judged = test.holds(value, (at(t), &berlin()));
    assert_eq!(judged, Judged { holds, until: until.map(at) }, "{test:?} of {value} at {t}");
}

#[test]
fn a_date_alone_is_its_local_midnight() {
    let week = DateTest::InNext(Length::days(7));
    let t = "2026-05-01T10:00Z";
    check(week, "2026-05-08", t, true, Some("2026-05-07T22:00Z"));
    check(week, "2026-05-09", t, false, Some("2026-05-01T22:00Z"));
    check(week, "2026-05-01", t, false, None);
    check(week, "2026-05-08T10:00:00.000001Z", t, false, Some("2026-05-01T10:00:00.000001Z"));
    let last = DateTest::InLast(Length::days(7));
    check(last, "2026-05-01", t, true, Some("2026-05-07T22:00Z"));
    check(last, "2026-05-02", t, false, Some("2026-05-01T22:00Z"));
    check(DateTest::MoreThanAgo(Length::days(1)), "2026-04-30T10:00Z", t, true, None);
    check(DateTest::On(jiff::civil::date(2026, 5, 1)), "2026-05-01T21:59Z", t, true, None);
    check(week, "next week", t, false, None);
}

#[test]
fn birthdays() {
    let next = DateTest::YearlyInNext { n_days: 7 };
    let t = "2026-02-25T10:00Z";
    check(next, "1992-02-29", t, true, Some("2026-03-01T23:00Z"));
    check(next, "1990-03-05", t, false, Some("2026-02-25T23:00Z"));
    check(next, "1990-02-24", t, false, Some("2027-02-16T23:00Z"));
    let today = DateTest::YearlyInNext { n_days: 0 };
    check(today, "1992-02-29", "2026-03-01T10:00Z", true, Some("2026-03-01T23:00Z"));
    check(today, "1992-02-29", "2028-02-29T10:00Z", true, Some("2028-02-29T23:00Z"));
    let last = DateTest::YearlyInLast { n_days: 3 };
    check(last, "1990-12-31", "2026-01-03T10:00Z", true, Some("2026-01-03T23:00Z"));
}

fn length() -> impl Strategy<Value = Length> {
    let grain = prop::sample::select(vec![Grain::Month, Grain::Quarter, Grain::Year]);
    prop_oneof![
        (1i64..60_000).prop_map(|minutes| Length::Exact(Duration::seconds(60 * minutes))),
        (1u32..5, grain).prop_map(|(n, grain)| Length::Calendar { n, grain }),
    ]
}

fn test() -> impl Strategy<Value = DateTest> {
    let day = || (1i8..13, 1i8..29).prop_map(|(m, d)| jiff::civil::date(2025, m, d));
    prop_oneof![
        length().prop_map(DateTest::InLast),
        length().prop_map(DateTest::InNext),
        length().prop_map(DateTest::MoreThanAgo),
        length().prop_map(DateTest::MoreThanAhead),
        day().prop_map(|day| DateTest::Before(Moment::Day(day))),
        day().prop_map(|day| DateTest::After(Moment::Day(day))),
        Just(DateTest::Before(Moment::At(at("2025-06-01T12:00Z")))),
        Just(DateTest::After(Moment::At(at("2025-06-01T12:00Z")))),
        day().prop_map(DateTest::On),
        (0u32..365).prop_map(|n_days| DateTest::YearlyInNext { n_days }),
        (0u32..365).prop_map(|n_days| DateTest::YearlyInLast { n_days }),
    ]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        (2023i16..2027, 1i8..13, 1i8..29)
            .prop_map(|(y, m, d)| jiff::civil::date(y, m, d).to_string()),
        Just("2024-02-29".to_owned()),
        (0i64..60_000_000).prop_map(|s| at("2024-10-01").plus(Duration::seconds(s)).to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_judged_is_what_the_absolute_test_says_until_then(
        test in test(),
        value in value(),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/Sao_Paulo"]),
        seconds in 0i64..80_000_000,
        ahead in prop::collection::vec(0f64..1.0, 4),
    ) {
        let calendar = Calendar::new(zone, Weekday::Monday).expect("a zone");
        let t = at("2024-01-01").plus(Duration::seconds(seconds));
        let judged = test.holds(&value, (t, &calendar));
        let absolute = |t| test.bound(&calendar, t).takes_label(Some(&value));
        prop_assert_eq!(judged.holds, absolute(t));
        let until = judged.until.unwrap_or(t.plus(Duration::days(800)));
        prop_assert!(until > t);
        let length = until.since(t).0 as f64;
        let between = ahead.iter().map(|part| Timestamp(t.0 + (length * part) as i64));
        for t in between.chain([Timestamp(until.0 - 1)]) {
            prop_assert_eq!(absolute(t), judged.holds, "{:?} of {} at {}", test, value, t);
        }
        if let (Some(until), false) = (judged.until, is_yearly_of_a_year(test)) {
            prop_assert_ne!(absolute(until), judged.holds, "{:?} of {} at {}", test, value, until);
        }
    }
}

/// Of nearly a year it may go on holding when the day comes again.
fn is_yearly_of_a_year(test: DateTest) -> bool {
    matches!(
        test,
        DateTest::YearlyInNext { n_days } | DateTest::YearlyInLast { n_days } if n_days > 360
    )
}
