//! Is stickiness what a few lines of plain code over sorted events make of it?

use super::*;
use crate::testing::{answered, event};
use base::{CustomerId, Duration};
use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use timeline::{PlainEvent, PlainTraits};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn definition(zone: &str, grain: Grain) -> Definition {
    Definition {
        calendar: Calendar::new(zone, Weekday::Monday).expect("a zone"),
        period: Period::Between { first: date(2026, 3, 11), last: date(2026, 4, 12) },
        grain,
        events: Condition::event("a"),
    }
}

/// The local days on which each customer was active until the end of the window.
fn active(events: &[PlainEvent], plan: &Plan) -> BTreeMap<CustomerId, BTreeSet<Date>> {
    let mut days: BTreeMap<CustomerId, BTreeSet<Date>> = BTreeMap::new();
    for event in events {
        if &*event.name == "a" && event.occurred_at < plan.ask().window.until {
            let day = plan.definition.calendar.date(event.occurred_at);
            days.entry(event.customer).or_default().insert(day);
        }
    }
    days
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn as_plain_code_has_it(
        events in prop::collection::vec((1..6_u64, -1_200..1_000_i64, prop::bool::weighted(0.8)), 0..80),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns"]),
        grain in prop::sample::select(vec![Grain::Week, Grain::Month]),
    ) {
        let begin = at("2026-03-11T00:00Z");
        let events: Vec<PlainEvent> = (0..)
            .zip(events)
            .map(|(seq, (customer, hours, is_a))| {
                let time = (customer, begin.plus(Duration::hours(hours)).0, seq);
                event(time, if is_a { "a" } else { "b" }, "{}")
            })
            .collect();
        let definition = definition(zone, grain);
        let plan = definition.plan(at("2026-04-20")).expect("a plan");
        let answer =
            answered(&plan, &events, &PlainTraits::new(), |total, _| plan.answer(&total));
        let active = active(&events, &plan);
        prop_assert_eq!(answer.days.len(), 33);
        for day in &answer.days {
            let today: Date = day.name.parse().expect("a date");
            let within = |n_days: i32| {
                let is_in = |day: &Date| (0..n_days).contains(&(today - *day).get_days());
                active.values().filter(|days| days.iter().any(is_in)).count() as u64
            };
            prop_assert_eq!(
                [day.n_day, day.n_week, day.n_month],
                [within(1), within(7), within(30)],
                "{}", day.name
            );
        }
        for (k, span) in answer.spans.iter().enumerate() {
            let is_in = |day: &&Date| {
                let begin = plan.definition.calendar.midnight(**day);
                **day >= date(2026, 3, 11) && definition.calendar.begin(grain, begin) == span.begin
            };
            let n_days = |days: &BTreeSet<Date>| days.iter().filter(is_in).count();
            for (n, count) in (1..).zip(&span.n_by_days) {
                let expected: Vec<CustomerId> = active
                    .iter()
                    .filter(|(_, days)| n_days(days) == n)
                    .map(|(customer, _)| *customer)
                    .collect();
                prop_assert_eq!(*count, expected.len() as u64, "{} days of {}", n, span.name);
                let behind = plan.behind(k, n as u32, 2);
                let listed = answered(&behind, &events, &PlainTraits::new(), |total, _| total);
                let first = expected.iter().take(2).copied().collect();
                prop_assert_eq!(listed, Behind { n: *count, first });
            }
            let all: Vec<usize> = active.values().map(n_days).filter(|n| *n > 0).collect();
            prop_assert_eq!(span.n_customers, all.len() as u64);
            if let Ok(mean) = span.mean_days {
                let expected = all.iter().sum::<usize>() as f64 / all.len() as f64;
                prop_assert!((mean.value - expected).abs() < 1e-12);
            }
        }
    }
}

#[test]
fn a_month_has_its_days_and_hours_are_refused() {
    let whole = Definition {
        period: Period::Between { first: date(2026, 2, 1), last: date(2026, 4, 12) },
        ..definition("Europe/Berlin", Grain::Month)
    };
    let plan = whole.plan(at("2026-05-01")).expect("a plan");
    let answer = plan.answer(&plan.total());
    let n_days: Vec<usize> = answer.spans.iter().map(|span| span.n_by_days.len()).collect();
    assert_eq!(n_days, [28, 31, 12]);
    assert!(answer.spans[0].mean_days.is_err(), "nobody was active");
    let error = definition("UTC", Grain::Hour).plan(at("2026-05-01")).unwrap_err();
    assert_eq!(error.to_string(), "grain: days are counted in weeks or longer");
    assert_eq!(
        definition("UTC", Grain::Week).words(),
        "Number of customers by the number of days of a week on which they have “a”, from \
         2026-03-11 to 2026-04-12, both included, in the time zone UTC."
    );
}
