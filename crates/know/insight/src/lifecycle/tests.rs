//! Is a lifecycle what a few lines of plain code over sorted events make of it?

use super::*;
use crate::breakdown::{Group, shown};
use crate::testing::{answered, by_field, event, plans, timelines};
use crate::{Behind, GROUPS_DEFAULT};
use base::CustomerId;
use jiff::civil::{Weekday, date};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use timeline::{Field, PlainEvent};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn definition(zone: &str, grain: Grain) -> Definition {
    Definition {
        calendar: Calendar::new(zone, Weekday::Monday).expect("a zone"),
        period: Period::Between { first: date(2026, 3, 26), last: date(2026, 4, 3) },
        comparison: Comparison::Previous,
        grain,
        events: Condition::event("a"),
        breakdown: None,
    }
}

/// By naive code: in which spans each customer was active before the end of the plan, and with
/// what in the field that is grouped by.
type Active = BTreeMap<CustomerId, BTreeMap<Timestamp, Option<String>>>;

fn active(events: &[PlainEvent], of: &Definition, until: Timestamp) -> Active {
    let mut active = Active::new();
    for event in timelines(events).into_iter().flatten() {
        if &*event.name != "a" || event.occurred_at >= until {
            continue;
        }
        let group = match of.breakdown.as_ref().map(|breakdown| &breakdown.by) {
            None => None,
            Some(By::Trait(name)) => {
                plans().get(&(event.customer, timeline::Fact::Trait(name.clone()))).cloned()
            }
            Some(_) => event.scalar(&Field::Property("g".into())),
        };
        let begin = of.calendar.begin(of.grain, event.occurred_at);
        let spans = active.entry(event.customer).or_default();
        spans.entry(begin).or_insert(group.map(|group| group.label().into_owned()));
    }
    active
}

/// Who is in the state in a span, with the group in which they are.
fn naive(
    active: &Active,
    of: &Definition,
    (state, begin): (State, Timestamp),
) -> BTreeMap<CustomerId, Option<String>> {
    let before = of.calendar.begin(of.grain, Timestamp(begin.0 - 1));
    let is_in = |(customer, spans): (&CustomerId, &BTreeMap<Timestamp, Option<String>>)| {
        let (now, before) = (spans.get(&begin), spans.get(&before));
        let is_first = spans.keys().next() == Some(&begin);
        let group = match state {
            State::New => now.filter(|_| is_first),
            State::Returning => now.filter(|_| before.is_some()),
            State::Resurrecting => now.filter(|_| before.is_none() && !is_first),
            State::Dormant => before.filter(|_| now.is_none()),
        };
        Some((*customer, group?.clone()))
    };
    active.iter().filter_map(is_in).collect()
}

fn check(plan: &Plan, answer: &Answer, events: &[PlainEvent], step: usize) {
    let definition = &plan.definition;
    let active = active(events, definition, plan.ask.window.until);
    let groups: Vec<Group> = answer.groups.iter().map(|of| of.group.clone()).collect();
    let shown = shown(&groups);
    let all = std::iter::once((Group::All, &answer.spans));
    let each = answer.groups.iter().map(|of| (of.group.clone(), &of.spans));
    for (group, spans) in all.chain(each) {
        let takes = |value: &Option<String>| group.takes(value.as_deref(), &shown);
        for (k, span) in spans.iter().enumerate().step_by(step) {
            let found = [span.n_new, span.n_returning, span.n_resurrecting, span.n_dormant];
            for (n, state) in found.into_iter().zip(State::ALL) {
                let expected = naive(&active, definition, (state, span.begin));
                let expected: BTreeSet<CustomerId> =
                    expected.iter().filter(|(_, of)| takes(of)).map(|(id, _)| *id).collect();
                assert_eq!(n, expected.len() as u64, "{state:?} in {} of {group:?}", span.name);
                let point = Point { span: k, state, group: (group.clone(), shown.clone()) };
                let fold = plan.members(point, 2);
                let listed =
                    answered(&fold, events, &plans(), |total, texts| fold.answer(&total, texts));
                let first: Vec<CustomerId> = expected.into_iter().take(2).collect();
                assert_eq!(listed, Behind { n, first });
            }
            let before = definition.calendar.begin(definition.grain, Timestamp(span.begin.0 - 1));
            let were = active.values().filter(|of| of.get(&before).is_some_and(takes));
            let (n, stayed) = were.fold((0, 0), |(n, stayed), of| {
                (n + 1, stayed + u64::from(of.contains_key(&span.begin)))
            });
            assert_eq!(span.kept, stats::share(stayed, n), "{} of {group:?}", span.name);
        }
    }
}

/// That the groups are those in which most customers were active, and add up to the whole.
fn check_groups(plan: &Plan, answer: &Answer, events: &[PlainEvent]) {
    let Some(breakdown) = &plan.definition.breakdown else {
        return assert!(answer.groups.is_empty());
    };
    let mut weights: BTreeMap<String, usize> = BTreeMap::new();
    for spans in active(events, &plan.definition, plan.ask.window.until).values() {
        let seen = spans.iter().filter(|(begin, _)| begin.0 >= plan.spans.bounds()[0]);
        for group in seen.filter_map(|(_, group)| group.as_ref()) {
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
    for (k, span) in answer.spans.iter().enumerate() {
        let sum = |n: fn(&Span) -> u64| answer.groups.iter().map(|of| n(&of.spans[k])).sum::<u64>();
        assert_eq!(sum(Span::n_active), span.n_active());
        assert_eq!(sum(|span| span.n_dormant), span.n_dormant);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn as_plain_code_has_it(
        events in prop::collection::vec((1..6_u64, -400..240_i64, 0..5_usize), 0..60),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns"]),
        grain in prop::sample::select(vec![Grain::Hour, Grain::Day, Grain::Week, Grain::Month]),
        by in prop::sample::select(vec![None, Some(by_field()), Some(By::Trait("plan".into()))]),
        n_groups in 1..3_usize,
    ) {
        let begin = at("2026-03-26T00:00Z").0;
        let events: Vec<PlainEvent> = (0..)
            .zip(events)
            .map(|(seq, (customer, hours, which))| {
                let time = (customer, begin + hours * 3_600_000_000, seq);
                let group = ["", "", r#""g":"x""#, r#""g":"y""#, r#""g":"z""#][which];
                event(time, if which > 0 { "a" } else { "b" }, &format!("{{{group}}}"))
            })
            .collect();
        let mut definition = definition(zone, grain);
        definition.breakdown = by.map(|by| Breakdown { by, n_groups });
        let now = at("2026-04-10");
        let plan = definition.plan(now).expect("a plan");
        let answer =
            answered(&plan, &events, &plans(), |total, texts| plan.answer(&total, texts));
        // Of many hours a few are enough.
        let step = if grain == Grain::Hour { 17 } else { 1 };
        check(&plan, &answer, &events, step);
        check_groups(&plan, &answer, &events);
        for pair in answer.spans.windows(2) {
            prop_assert_eq!(pair[0].n_active(), pair[1].n_returning + pair[1].n_dormant);
        }

        let before = definition.plan_compared(now).expect("a plan").expect("it is compared");
        let first = definition.calendar.midnight(date(2026, 3, 17));
        prop_assert_eq!(before.spans.span(1).from, definition.calendar.begin(grain, first));
        prop_assert_eq!(before.window().until, definition.calendar.midnight(date(2026, 3, 26)));
        let groups: Vec<Group> = answer.groups.iter().map(|of| of.group.clone()).collect();
        let earlier = answered(&before, &events, &plans(), |total, texts| {
            before.answer_in(&groups, &total, texts)
        });
        check(&before, &earlier, &events, step);
    }
}

#[test]
fn of_a_group_those_are_kept_who_are_active_again_in_any() {
    let mut definition = definition("UTC", Grain::Day);
    definition.breakdown = Some(Breakdown { by: by_field(), n_groups: GROUPS_DEFAULT });
    let on = |customer, hours: i64, group: &str| {
        let time = (customer, at("2026-03-26").0 + hours * 3_600_000_000, 0);
        event(time, "a", &format!(r#"{{"g":"{group}"}}"#))
    };
    // One comes by x, then by y (and once more by x); two by x, and no more.
    let events = [on(1, 1, "x"), on(1, 30, "y"), on(1, 31, "x"), on(2, 2, "x")];
    let plan = definition.plan(at("2026-04-10")).expect("a plan");
    let answer = answered(&plan, &events, &plans(), |total, texts| plan.answer(&total, texts));
    let [x, y] = &answer.groups[..] else { panic!("{:?}", answer.groups) };
    assert_eq!((x.spans[0].n_new, y.spans[0].n_new), (2, 0));
    assert_eq!((x.spans[1].n_returning, y.spans[1].n_returning), (0, 1));
    assert_eq!((x.spans[1].n_dormant, y.spans[1].n_dormant), (1, 0));
    assert_eq!(x.spans[1].kept.as_ref().map(|kept| (kept.value, kept.n)), Ok((0.5, 2)));
    assert!(y.spans[1].kept.is_err(), "nobody came by y the day before");
    assert_eq!(y.spans[2].n_dormant, 1);
}

#[test]
fn what_cannot_be_used_is_named() {
    let mut definition = definition("UTC", Grain::Day);
    definition.breakdown = Some(Breakdown { by: by_field(), n_groups: 0 });
    let error = definition.plan(at("2026-04-10")).unwrap_err();
    assert_eq!(error.field, "breakdown.n_groups");
    definition.breakdown = None;
    definition.comparison = Comparison::None;
    assert!(definition.plan_compared(at("2026-04-10")).expect("a plan").is_none());
}

#[test]
fn said_in_words() {
    let mut definition = definition("Europe/Berlin", Grain::Week);
    definition.comparison = Comparison::None;
    assert_eq!(
        definition.words(),
        "Number of customers by week who have “a” for the first time ever (new), as in the week \
         before (returning), again after at least one week without (resurrecting), or not, but had \
         it in the week before (dormant), from 2026-03-26 to 2026-04-03, both included, in the time \
         zone Europe/Berlin."
    );
    definition.comparison = Comparison::Previous;
    definition.breakdown = Some(Breakdown { by: by_field(), n_groups: 5 });
    let words = definition.words();
    let end = "both included, by g of their first in the week (in that before for the dormant) \
               (the 5 most frequent values), compared with the period of the same length before, in the \
               time zone Europe/Berlin.";
    assert!(words.ends_with(end), "{words}");
}
