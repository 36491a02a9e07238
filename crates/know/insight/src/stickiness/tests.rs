//! Is stickiness what a few lines of plain code over sorted events make of it?

use super::*;
use crate::Behind;
use crate::breakdown::{Group, shown};
use crate::testing::{answered, by_field, event, plans, timelines};
use base::{CustomerId, Duration};
use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;
use std::collections::BTreeMap;
use timeline::{Field, Fold, PlainEvent};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn definition(zone: &str, grain: Grain) -> Definition {
    Definition {
        calendar: Calendar::new(zone, Weekday::Monday).expect("a zone"),
        period: Period::Between { first: date(2026, 3, 11), last: date(2026, 4, 12) },
        comparison: Comparison::Previous,
        grain,
        events: Condition::event("a"),
        breakdown: None,
    }
}

/// The local days on which each customer was active until the end of the window, with what stood
/// first in the field that is grouped by.
type Active = BTreeMap<CustomerId, BTreeMap<Date, Option<String>>>;

fn active(events: &[PlainEvent], plan: &Plan) -> Active {
    let mut active = Active::new();
    for event in timelines(events).into_iter().flatten() {
        if &*event.name != "a" || event.occurred_at >= plan.ask.window.until {
            continue;
        }
        let group = match plan.definition.breakdown.as_ref().map(|breakdown| &breakdown.by) {
            None => None,
            Some(By::Trait(name)) => {
                plans().get(&(event.customer, timeline::Fact::Trait(name.clone()))).cloned()
            }
            Some(_) => event.scalar(&Field::Property("g".into())),
        };
        let day = plan.definition.calendar.date(event.occurred_at);
        let days = active.entry(event.customer).or_default();
        days.entry(day).or_insert(group.map(|group| group.label().into_owned()));
    }
    active
}

/// Of the days that are looked at, how many are active, and what stands first; `None` if none is.
fn first_of(
    days: &BTreeMap<Date, Option<String>>,
    is_in: impl Fn(&Date) -> bool,
) -> Option<(usize, &Option<String>)> {
    let mut of = days.iter().filter(|(day, _)| is_in(day));
    let (_, first) = of.next()?;
    Some((1 + of.count(), first))
}

fn check_behind(
    plan: &Plan,
    (which, n): (Which, u64),
    group: (Group, Vec<std::sync::Arc<str>>),
    (expected, events): (&[CustomerId], &[PlainEvent]),
) {
    assert_eq!(n, expected.len() as u64, "{which:?} of {group:?}");
    let fold = plan.members(Point { which, group }, 2);
    let listed = answered(&fold, events, &plans(), |total, texts| fold.answer(&total, texts));
    assert_eq!(listed, Behind { n, first: expected.iter().take(2).copied().collect() });
}

fn check(plan: &Plan, answer: &Answer, events: &[PlainEvent], step: usize) {
    let active = active(events, plan);
    let groups: Vec<Group> = answer.groups.iter().map(|of| of.group.clone()).collect();
    let shown = shown(&groups);
    let all = std::iter::once((Group::All, &answer.all));
    let each = answer.groups.iter().map(|of| (of.group.clone(), &of.numbers));
    let calendar = &plan.definition.calendar;
    let first_day = calendar.date(plan.spans.window().from);
    for (group, numbers) in all.chain(each) {
        let takes = |value: &Option<String>| group.takes(value.as_deref(), &shown);
        let point = (group.clone(), shown.clone());
        for (k, day) in numbers.days.iter().enumerate().step_by(step) {
            let today: Date = day.name.parse().expect("a date");
            for (n, n_days) in [(day.n_day, 1), (day.n_week, 7), (day.n_month, 30)] {
                let is_in = |day: &Date| (0..n_days).contains(&(today - *day).get_days());
                let is_one = |days: &BTreeMap<_, _>| {
                    first_of(days, is_in).is_some_and(|(_, group)| takes(group))
                };
                let expected: Vec<CustomerId> =
                    active.iter().filter(|(_, days)| is_one(days)).map(|(id, _)| *id).collect();
                let which = Which::Trail { day: k, n_days: n_days as usize };
                check_behind(plan, (which, n), point.clone(), (&expected, events));
            }
        }
        for (k, span) in numbers.spans.iter().enumerate() {
            let is_in = |day: &Date| {
                let begin = calendar.begin(plan.definition.grain, calendar.midnight(*day));
                *day >= first_day && begin == span.begin
            };
            let n_days = |days: &BTreeMap<_, _>| {
                first_of(days, is_in).filter(|(_, group)| takes(group)).map_or(0, |(n, _)| n)
            };
            for (n, count) in (1..).zip(&span.n_by_days) {
                let expected: Vec<CustomerId> = active
                    .iter()
                    .filter(|(_, days)| n_days(days) == n)
                    .map(|(id, _)| *id)
                    .collect();
                let which = Which::Span { span: k, n_days: n };
                check_behind(plan, (which, *count), point.clone(), (&expected, events));
            }
            let all: Vec<usize> = active.values().map(n_days).filter(|n| *n > 0).collect();
            assert_eq!(span.n_customers, all.len() as u64);
            if let Ok(mean) = span.mean_days {
                let expected = all.iter().sum::<usize>() as f64 / all.len() as f64;
                assert!((mean.value - expected).abs() < 1e-12);
            }
        }
    }
}

/// That the groups are those with the most active days, and add up to the whole.
fn check_groups(plan: &Plan, answer: &Answer, events: &[PlainEvent]) {
    let Some(breakdown) = &plan.definition.breakdown else {
        return assert!(answer.groups.is_empty());
    };
    let lead = plan.definition.calendar.date(plan.ask.window.from);
    let mut weights: BTreeMap<String, usize> = BTreeMap::new();
    for days in active(events, plan).values() {
        for group in days.range(lead..).filter_map(|(_, group)| group.as_ref()) {
            *weights.entry(group.clone()).or_default() += 1;
        }
    }
    let mut ranked: Vec<(&String, &usize)> = weights.iter().collect();
    ranked.sort_by_key(|(text, n)| (usize::MAX - **n, (*text).clone()));
    let groups: Vec<Group> = answer.groups.iter().map(|of| of.group.clone()).collect();
    let found: Vec<String> = shown(&groups).iter().map(ToString::to_string).collect();
    let expected: Vec<String> =
        ranked.iter().take(breakdown.n_groups).map(|(text, _)| (*text).clone()).collect();
    assert_eq!(found, expected);
    for (k, day) in answer.all.days.iter().enumerate() {
        let sum =
            |n: fn(&Day) -> u64| answer.groups.iter().map(|of| n(&of.numbers.days[k])).sum::<u64>();
        let sums = [sum(|day| day.n_day), sum(|day| day.n_week), sum(|day| day.n_month)];
        assert_eq!(sums, [day.n_day, day.n_week, day.n_month], "{}", day.name);
    }
    for (k, span) in answer.all.spans.iter().enumerate() {
        let sum: u64 = answer.groups.iter().map(|of| of.numbers.spans[k].n_customers).sum();
        assert_eq!(sum, span.n_customers, "{}", span.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]
    #[test]
    fn as_plain_code_has_it(
        events in prop::collection::vec((1..6_u64, -1_200..1_000_i64, 0..5_usize), 0..80),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns"]),
        grain in prop::sample::select(vec![Grain::Week, Grain::Month]),
        by in prop::sample::select(vec![None, Some(by_field()), Some(By::Trait("plan".into()))]),
        n_groups in 1..3_usize,
    ) {
        let begin = at("2026-03-11T00:00Z");
        let events: Vec<PlainEvent> = (0..)
            .zip(events)
            .map(|(seq, (customer, hours, which))| {
                let time = (customer, begin.plus(Duration::hours(hours)).0, seq);
                let group = ["", "", r#""g":"x""#, r#""g":"y""#, r#""g":"z""#][which];
                event(time, if which > 0 { "a" } else { "b" }, &format!("{{{group}}}"))
            })
            .collect();
        let mut definition = definition(zone, grain);
        definition.breakdown = by.map(|by| Breakdown { by, n_groups });
        let now = at("2026-04-20");
        let plan = definition.plan(now).expect("a plan");
        let answer =
            answered(&plan, &events, &plans(), |total, texts| plan.answer(&total, texts));
        prop_assert_eq!((answer.all.days.len(), plan.n_days()), (33, 33));
        check(&plan, &answer, &events, 3);
        check_groups(&plan, &answer, &events);

        let before = definition.plan_compared(now).expect("a plan").expect("it is compared");
        let window = before.spans.window();
        prop_assert_eq!(window.from, definition.calendar.midnight(date(2026, 2, 6)));
        prop_assert_eq!(window.until, definition.calendar.midnight(date(2026, 3, 11)));
        let groups: Vec<Group> = answer.groups.iter().map(|of| of.group.clone()).collect();
        let earlier = answered(&before, &events, &plans(), |total, texts| {
            before.answer_in(&groups, &total, texts)
        });
        check(&before, &earlier, &events, 5);
    }
}

#[test]
fn a_month_has_its_days_and_hours_are_refused() {
    let whole = Definition {
        period: Period::Between { first: date(2026, 2, 1), last: date(2026, 4, 12) },
        ..definition("Europe/Berlin", Grain::Month)
    };
    let plan = whole.plan(at("2026-05-01")).expect("a plan");
    let answer = plan.answer(&plan.total(), &[]).all;
    let n_days: Vec<usize> = answer.spans.iter().map(|span| span.n_by_days.len()).collect();
    assert_eq!(n_days, [28, 31, 12]);
    assert_eq!([0, 1, 2].map(|span| plan.n_days_of(span)), [28, 31, 12]);
    assert!(answer.spans[0].mean_days.is_err(), "nobody was active");
    let error = definition("UTC", Grain::Hour).plan(at("2026-05-01")).unwrap_err();
    assert_eq!(error.to_string(), "grain: days are counted in weeks or longer");
}

#[test]
fn said_in_words() {
    let mut definition = definition("UTC", Grain::Week);
    definition.comparison = Comparison::None;
    assert_eq!(
        definition.words(),
        "Number of customers by the number of days of a week on which they have “a”, from \
         2026-03-11 to 2026-04-12, both included, in the time zone UTC."
    );
    definition.comparison = Comparison::YearBefore;
    definition.breakdown = Some(Breakdown { by: By::Trait("plan".into()), n_groups: 3 });
    let words = definition.words();
    let end = "both included, by the customer's plan (the 3 most frequent values), compared with \
               52 weeks before, in the time zone UTC.";
    assert!(words.ends_with(end), "{words}");
}
