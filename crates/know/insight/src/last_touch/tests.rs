//! Is each outcome credited to the touch that looking back from it finds?

use super::*;
use crate::Behind;
use crate::testing::{answered, event, timelines};
use base::CustomerId;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use timeline::{PlainEvent, PlainFacts, View};

const SECOND: i64 = 1_000_000;

fn definition() -> Definition {
    Definition {
        calendar: Calendar::utc(),
        period: Period::Last { n: 30, grain: Grain::Day, current: true },
        comparison: Comparison::None,
        outcome: Condition::event("order"),
        touch: Condition::event("click"),
        label: Label { field: Field::Property("campaign".into()), view: View::Whole },
        within: Duration(10 * SECOND),
        value: Some(Field::Property("revenue".into())),
        n_groups: 10,
    }
}

/// Which touch, `None` being none, `Some(None)` one without a label.
type Touch = Option<Option<String>>;

fn slow(
    definition: &Definition,
    window: Window,
    events: &[PlainEvent],
) -> BTreeMap<Touch, (u64, f64, BTreeSet<CustomerId>)> {
    let mut credits = BTreeMap::new();
    for timeline in timelines(events) {
        let outcomes = timeline.iter().filter(|event| {
            definition.outcome.takes_name(&event.name) && window.holds(event.occurred_at)
        });
        for outcome in outcomes {
            let is_before = |event: &&&PlainEvent| {
                let ago = outcome.occurred_at.since(event.occurred_at);
                definition.touch.takes_name(&event.name)
                    && (0..=definition.within.0).contains(&ago.0)
            };
            let touch = timeline.iter().rfind(is_before);
            let label = |event: &PlainEvent, field: &Field| event.scalar(field);
            let name = touch
                .map(|touch| label(touch, &definition.label.field).map(|s| s.label().into_owned()));
            let value = definition.value.as_ref().and_then(|field| label(outcome, field));
            let credit = credits.entry(name).or_insert((0, 0.0, BTreeSet::new()));
            credit.0 += 1;
            credit.1 += value.and_then(|s| s.number()).unwrap_or(0.0);
            credit.2.insert(outcome.customer);
        }
    }
    credits
}

fn events() -> impl Strategy<Value = Vec<PlainEvent>> {
    let one = (0..4_u64, 0..60_i64, 0..3_usize, 0..4_usize);
    prop::collection::vec(one, 0..50).prop_map(|rows| {
        let build = |(seq, (customer, tick, name, campaign))| {
            let properties = match campaign {
                0 => "{}".to_owned(),
                n => format!(r#"{{"campaign":"c{n}","revenue":{n}.5}}"#),
            };
            event((customer, tick * SECOND, seq), ["order", "click", "x"][name], &properties)
        };
        (0..).zip(rows).map(build).collect()
    })
}

fn check(definition: &Definition, window: Window, events: &[PlainEvent]) {
    let plan = definition.plan_in(window).expect("a good definition");
    let none = PlainFacts::new();
    let answer = answered(&plan, events, &none, |total, texts| plan.answer(&total, texts));
    let mut slow = slow(definition, window, events);
    let (n, sum, customers) = slow.remove(&None).unwrap_or_default();
    assert_eq!((answer.untouched.n, answer.untouched.sum), (n, Some(sum)));
    let behind = |point: &Point| {
        let fold = plan.members(point, 100);
        answered(&fold, events, &none, |total, _| total)
    };
    let expected = |customers: BTreeSet<CustomerId>| Behind {
        n: customers.len() as u64,
        first: customers.into_iter().collect(),
    };
    assert_eq!(behind(&Point::Untouched), expected(customers));
    for row in &answer.rows {
        let name = match &row.group {
            Group::Value(text) => Some(text.to_string()),
            _ => None,
        };
        let (n, sum, customers) = slow.remove(&Some(name)).expect("such a touch");
        assert_eq!((row.outcomes.n, row.outcomes.sum), (n, Some(sum)));
        assert_eq!(row.outcomes.of_all, share(n, answer.n_outcomes));
        assert_eq!(behind(&Point::Touched(row.group.clone(), Vec::new())), expected(customers));
    }
    assert!(slow.is_empty(), "{slow:?}");
}

/// In the groups of another answer are the touches that it shows; the others are in "other" if it
/// has one, and in any case among all outcomes.
fn check_alike(
    definition: &Definition,
    (window, earlier): (Window, Window),
    events: &[PlainEvent],
) {
    let plan_in = |window| definition.plan_in(window).expect("a good definition");
    let (plan, before, none) = (plan_in(window), plan_in(earlier), PlainFacts::new());
    let now = answered(&plan, events, &none, |total, texts| plan.answer(&total, texts));
    let groups: Vec<Group> = now.rows.iter().map(|row| row.group.clone()).collect();
    let found =
        answered(&before, events, &none, |total, texts| before.answer_in(&groups, &total, texts));
    let slow = slow(definition, earlier, events);
    let n_all: u64 = slow.values().map(|(n, ..)| n).sum();
    let n_untouched = slow.get(&None).map_or(0, |(n, ..)| *n);
    assert_eq!((found.n_outcomes, found.untouched.n), (n_all, n_untouched));
    let shown = crate::shown(&groups);
    assert_eq!(found.rows.len(), groups.len());
    for (row, group) in found.rows.iter().zip(groups) {
        let of = slow.iter().filter_map(|(touch, (n, ..))| {
            let touch = touch.as_ref()?;
            group.takes(touch.as_deref(), &shown).then_some(n)
        });
        assert_eq!((row.outcomes.n, &row.group), (of.sum(), &group));
        assert_eq!(row.outcomes.of_all, share(row.outcomes.n, n_all));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_same_as_looking_back_from_each_outcome(
        events in events(),
        within in 0..30_i64,
        (from, until, is_same) in (-5..20_i64, 30..80_i64, any::<bool>()),
    ) {
        let mut definition = definition();
        definition.within = Duration(within * SECOND + 1);
        if is_same {
            definition.touch.events.push("order".into());
        }
        let window = Window { from: Timestamp(from * SECOND), until: Timestamp(until * SECOND) };
        check(&definition, window, &events);
        let ago = Duration(25 * SECOND);
        let earlier = Window { from: window.from.minus(ago), until: window.until.minus(ago) };
        check_alike(&definition, (window, earlier), &events);
        definition.n_groups = 1;
        check_alike(&definition, (window, earlier), &events);
    }
}

#[test]
fn said_in_words_and_in_sql() {
    let mut definition = definition();
    definition.within = Duration::days(30);
    assert_eq!(
        definition.words(),
        "Each “order” with its revenue of the last 30 days with the current one is credited to the \
         last “click” up to 30 days before it, called by campaign; in the time zone UTC."
    );
    assert!(definition.sql(Window::EVER).contains("m.occurred_at desc nulls last"));
    definition.within = Duration(0);
    let error = definition.plan_in(Window::EVER).unwrap_err();
    assert_eq!(error.to_string(), "within: 0 is not from 1 to 316224000000000");
}
