//! Is a lifecycle what a few lines of plain code over sorted events make of it?

use super::*;
use crate::testing::{answered, event};
use base::CustomerId;
use jiff::civil::{Weekday, date};
use proptest::prelude::*;
use std::collections::BTreeSet;
use timeline::{PlainEvent, PlainTraits};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn definition(zone: &str, grain: Grain) -> Definition {
    Definition {
        calendar: Calendar::new(zone, Weekday::Monday).expect("a zone"),
        period: Period::Between { first: date(2026, 3, 26), last: date(2026, 4, 3) },
        grain,
        events: Condition::event("a"),
    }
}

/// By naive code: who is in the state, of all spans that a customer was ever active in.
fn naive(
    events: &[PlainEvent],
    of: &Definition,
    (state, begin): (State, Timestamp),
) -> BTreeSet<CustomerId> {
    let calendar = &of.calendar;
    let before = calendar.begin(of.grain, Timestamp(begin.0 - 1));
    let customers: BTreeSet<CustomerId> = events.iter().map(|event| event.customer).collect();
    let is_in = |customer: &CustomerId| {
        let active: BTreeSet<Timestamp> = events
            .iter()
            .filter(|event| event.customer == *customer && &*event.name == "a")
            .map(|event| calendar.begin(of.grain, event.occurred_at))
            .collect();
        let (is_active, was_active) = (active.contains(&begin), active.contains(&before));
        let is_first = active.first() == Some(&begin);
        match state {
            State::New => is_first,
            State::Returning => is_active && was_active,
            State::Resurrecting => is_active && !was_active && !is_first,
            State::Dormant => !is_active && was_active,
        }
    };
    customers.into_iter().filter(is_in).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn as_plain_code_has_it(
        events in prop::collection::vec((1..6_u64, -400..240_i64, prop::bool::weighted(0.8)), 0..60),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns"]),
        grain in prop::sample::select(vec![Grain::Hour, Grain::Day, Grain::Week, Grain::Month]),
    ) {
        let monday = at("2026-03-26T00:00Z").0;
        let events: Vec<PlainEvent> = (0..)
            .zip(events)
            .map(|(seq, (customer, hours, is_a))| {
                let time = (customer, monday + hours * 3_600_000_000, seq);
                event(time, if is_a { "a" } else { "b" }, "{}")
            })
            .collect();
        let definition = definition(zone, grain);
        let plan = definition.plan(at("2026-04-10")).expect("a plan");
        let answer =
            answered(&plan, &events, &PlainTraits::new(), |total, _| plan.answer(&total));
        // Of many hours a few are enough.
        let step = if grain == Grain::Hour { 17 } else { 1 };
        let until = plan.ask().window.until;
        let seen: Vec<PlainEvent> =
            events.iter().filter(|event| event.occurred_at < until).cloned().collect();
        for (k, span) in answer.iter().enumerate().step_by(step) {
            let found =
                [span.n_new, span.n_returning, span.n_resurrecting, span.n_dormant];
            for (n, state) in found.into_iter().zip(State::ALL) {
                let expected = naive(&seen, &definition, (state, span.begin));
                prop_assert_eq!(n, expected.len() as u64, "{:?} in {}", state, span.name);
                let behind = plan.behind(state, k, 2);
                let listed =
                    answered(&behind, &events, &PlainTraits::new(), |total, _| total);
                let first: Vec<CustomerId> = expected.into_iter().take(2).collect();
                prop_assert_eq!(listed, Behind { n, first });
            }
        }
        for pair in answer.windows(2) {
            prop_assert_eq!(pair[0].n_active(), pair[1].n_returning + pair[1].n_dormant);
        }
    }
}

#[test]
fn said_in_words() {
    assert_eq!(
        definition("Europe/Berlin", Grain::Week).words(),
        "Number of customers by week who have “a” for the first time ever (new), as in the week \
         before (returning), again after at least one week without (resurrecting), or not, but had \
         it in the week before (dormant), from 2026-03-26 to 2026-04-03, both included, in the time \
         zone Europe/Berlin."
    );
}
