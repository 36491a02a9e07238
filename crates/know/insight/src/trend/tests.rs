//! Is a trend what a few lines of plain code over sorted events make of it?

use super::*;
use crate::breakdown::{Breakdown, By, Group};
use crate::calendar::{Calendar, Grain};
use crate::period::{Comparison, Period};
use crate::testing::{WAYS, answered, came, channel_of, event};
use base::{CustomerId, Timestamp};
use jiff::civil::{Weekday, date};
use proptest::prelude::*;
use stats::NotEstimable;
use std::collections::{BTreeMap, BTreeSet};
use timeline::{
    Condition, Field, Label, Op, PlainEvent, PlainFacts, Scalar, Test, View, Window, fold_plain,
};

const HOUR: i64 = 3_600_000_000;

fn property(path: &str) -> Field {
    Field::Property(path.into())
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn any_measure() -> impl Strategy<Value = Measure> {
    let x = property("x");
    prop::sample::select(vec![
        Measure::Events,
        Measure::Customers,
        Measure::EventsPerCustomer,
        Measure::Sum(x.clone()),
        Measure::Mean(x.clone()),
        Measure::Min(x.clone()),
        Measure::Max(x.clone()),
        Measure::Percentile { of: x.clone(), percent: 90.0 },
        Measure::SumPerCustomer(x),
    ])
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let small = Test { field: property("x"), view: View::Whole, op: Op::Less(50.0) };
    prop::sample::select(vec![
        Condition::default(),
        Condition::event("a"),
        Condition { events: vec!["a".into(), "b".into()], tests: vec![small] },
    ])
}

fn any_breakdown() -> impl Strategy<Value = Option<Breakdown>> {
    let label = Label { field: property("p"), view: View::Whole };
    let channel = By::Channel { own_hosts: vec!["pay.example".into()] };
    let by = prop::sample::select(vec![By::Label(label), By::Trait("plan".into()), channel]);
    prop::option::of((by, 1..3_usize).prop_map(|(by, n_groups)| Breakdown { by, n_groups }))
}

/// Events in the nights in which the clocks of Berlin are set in 2026, and around them: whole hours,
/// so that many happen at once and at midnight; arrival in any order.
fn any_events() -> impl Strategy<Value = Vec<PlainEvent>> {
    let night = prop::sample::select(vec!["2026-03-28T20:00Z", "2026-10-24T20:00Z"]);
    // Half hours and some minutes beside them, so that bouts go on from one span into the next.
    let time = (night, -50..200_i64, -2..3_i64)
        .prop_map(|(night, hours, beside)| at(night).0 + hours * HOUR / 2 + beside * HOUR / 15);
    let name = prop::sample::select(vec!["a", "b", "c"]);
    let x =
        prop::sample::select(vec!["", r#""x":0.1,"#, r#""x":20,"#, r#""x":77.7,"#, r#""x":"7","#]);
    let p = prop::sample::select(vec![r#""q":1"#, r#""p":"u""#, r#""p":"v""#, r#""p":"w""#]);
    let one = (1..6_u64, time, name, (x, p), 0..WAYS);
    prop::collection::vec(one, 0..60).prop_flat_map(|all| {
        let n = all.len() as u64;
        (Just(all), Just((0..n).collect::<Vec<_>>()).prop_shuffle()).prop_map(|(all, seqs)| {
            let both = all.into_iter().zip(seqs);
            both.map(|((customer, at, name, (x, p), way), seq)| {
                came(event((customer, at, seq), name, &format!("{{{x}{p}}}")), way)
            })
            .collect()
        })
    })
}

fn traits() -> PlainFacts {
    let plans = [(1, "pro"), (2, "free"), (3, "free"), (4, "basic")];
    let plan = |(id, plan): (u64, &str)| {
        ((CustomerId(id), timeline::Fact::Trait("plan".into())), Scalar::Text(plan.into()))
    };
    plans.into_iter().map(plan).collect()
}

/// What a definition says of plain events, written down anew.
struct Naive<'a> {
    definition: &'a Definition,
    window: Window,
    events: &'a [PlainEvent],
    groups: Vec<Group>,
    /// By value, which of the groups it belongs to.
    of: BTreeMap<Option<String>, usize>,
}

impl<'a> Naive<'a> {
    fn new(definition: &'a Definition, window: Window, events: &'a [PlainEvent]) -> Self {
        let (groups, of) = (Vec::new(), BTreeMap::new());
        let mut naive = Self { definition, window, events, groups, of };
        (naive.groups, naive.of) = naive.grouped();
        naive
    }

    fn counted(&self, series: &Series) -> Vec<&PlainEvent> {
        let takes = |event: &&PlainEvent| {
            let all = |test: &Test| test.takes(event.scalar(&test.field).as_ref());
            self.window.holds(event.occurred_at)
                && series.events.takes_name(&event.name)
                && series.events.tests.iter().all(all)
                && series.measure.number().is_none_or(|of| x(event, of).is_some())
        };
        self.events.iter().filter(takes).collect()
    }

    fn value_of(&self, event: &PlainEvent) -> Option<String> {
        match &self.definition.breakdown.as_ref()?.by {
            By::Label(label) => event.scalar(&label.field).map(|s| s.label().into_owned()),
            By::Trait(name) => traits()
                .get(&(event.customer, timeline::Fact::Trait(name.clone())))
                .map(|s| s.label().into_owned()),
            By::Channel { .. } => Some(channel_of(self.events, event)),
        }
    }

    fn grouped(&self) -> (Vec<Group>, BTreeMap<Option<String>, usize>) {
        let Some(breakdown) = &self.definition.breakdown else {
            return (vec![Group::All], BTreeMap::from([(None, 0)]));
        };
        let mut counts: BTreeMap<Option<String>, usize> = BTreeMap::new();
        for series in &self.definition.series {
            for event in self.counted(series) {
                *counts.entry(self.value_of(event)).or_default() += 1;
            }
        }
        let mut values: Vec<(String, usize)> =
            counts.iter().filter_map(|(value, n)| Some((value.clone()?, *n))).collect();
        values.sort_by_key(|(value, n)| (std::cmp::Reverse(*n), value.clone()));
        let (own, others) = values.split_at(values.len().min(breakdown.n_groups));
        let mut groups: Vec<Group> =
            own.iter().map(|(value, _)| Group::Value(value.as_str().into())).collect();
        let mut of: BTreeMap<Option<String>, usize> =
            own.iter().enumerate().map(|(k, (value, _))| (Some(value.clone()), k)).collect();
        if !others.is_empty() {
            of.extend(others.iter().map(|(value, _)| (Some(value.clone()), groups.len())));
            groups.push(Group::Other { n_values: others.len() });
        }
        if counts.contains_key(&None) {
            of.insert(None, groups.len());
            groups.push(Group::Absent);
        }
        (groups, of)
    }

    /// The events of a series in a group and span (`None`: all).
    fn in_cell(&self, series: &Series, group: usize, begin: Option<Timestamp>) -> Vec<&PlainEvent> {
        let Definition { calendar, grain, .. } = self.definition;
        let is_in = |event: &&PlainEvent| {
            self.of[&self.value_of(event)] == group
                && begin.is_none_or(|begin| calendar.begin(*grain, event.occurred_at) == begin)
        };
        self.counted(series).into_iter().filter(is_in).collect()
    }
}

fn x(event: &PlainEvent, of: &Field) -> Option<f64> {
    event.scalar(of).and_then(|scalar| scalar.number())
}

fn customers(events: &[&PlainEvent]) -> BTreeSet<CustomerId> {
    events.iter().map(|event| event.customer).collect()
}

fn measured(measure: &Measure, events: &[&PlainEvent]) -> Option<f64> {
    let n = events.len() as f64;
    let n_customers = customers(events).len() as f64;
    let mut xs: Vec<f64> = match measure.number() {
        Some(of) => events.iter().filter_map(|event| x(event, of)).collect(),
        None => Vec::new(),
    };
    xs.sort_by(f64::total_cmp);
    let some = |value: f64| (!events.is_empty()).then_some(value);
    match measure {
        Measure::Events => Some(n),
        Measure::Customers => Some(n_customers),
        Measure::Sum(_) => Some(xs.iter().sum()),
        Measure::EventsPerCustomer => some(n / n_customers),
        Measure::Mean(_) => some(xs.iter().sum::<f64>() / n),
        Measure::SumPerCustomer(_) => some(xs.iter().sum::<f64>() / n_customers),
        Measure::Min(_) => xs.first().copied(),
        Measure::Max(_) => xs.last().copied(),
        Measure::Percentile { percent, .. } => {
            let h = percent / 100.0 * (xs.len() as f64 - 1.0);
            let low = *xs.get(h.floor() as usize)?;
            let high = xs.get(h.floor() as usize + 1).copied().unwrap_or(low);
            Some(low + (high - low) * h.fract())
        }
    }
}

fn is_near(found: Result<f64, NotEstimable>, expected: Option<f64>) -> bool {
    match (found, expected) {
        (Ok(found), Some(expected)) => (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        (found, expected) => found.is_err() && expected.is_none(),
    }
}

fn definition(zone: &str, grain: Grain, breakdown: Option<Breakdown>) -> Definition {
    // Hours of both nights would be 5,000.
    let first = if grain == Grain::Hour { date(2026, 10, 24) } else { date(2026, 3, 28) };
    Definition {
        calendar: Calendar::new(zone, Weekday::Monday).expect("a zone"),
        period: Period::Between { first, last: date(2026, 10, 26) },
        grain,
        series: Vec::new(),
        formula: None,
        breakdown,
        comparison: Comparison::None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn as_plain_code_has_it(
        events in any_events(),
        series in prop::collection::vec((any_condition(), any_measure()), 1..4),
        breakdown in any_breakdown(),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns"]),
        grain in prop::sample::select(vec![Grain::Hour, Grain::Day, Grain::Week, Grain::Quarter]),
    ) {
        let to_series = |(events, measure)| Series { events, measure };
        let series: Vec<Series> = series.into_iter().map(to_series).collect();
        let definition = Definition { series, ..definition(zone, grain, breakdown) };
        let plan = definition.plan(at("2026-10-26T12:00Z")).expect("a plan");
        let answer = answered(&plan, &events, &traits(), |total, texts| {
            plan.answer(total, texts).expect("few groups")
        });
        let naive = Naive::new(&definition, plan.spans().window(), &events);
        prop_assert_eq!(&answer.groups, &naive.groups);
        prop_assert_eq!(answer.lines.len(), definition.series.len() * answer.groups.len());
        let mut n_seen = 0;
        for line in &answer.lines {
            let Of::Series(k) = line.of else { unreachable!("no formula was given") };
            let series = &definition.series[k];
            for (span, point) in answer.spans.iter().zip(&line.points) {
                let cell = naive.in_cell(series, line.group, Some(span.begin));
                n_seen += cell.len();
                let expected = measured(&series.measure, &cell);
                prop_assert!(is_near(point.value, expected), "{point:?} is not {expected:?}");
            }
            let expected = measured(&series.measure, &naive.in_cell(series, line.group, None));
            prop_assert!(is_near(line.whole.value, expected), "{:?}: {expected:?}", line.whole);
        }
        let n_counted: usize = definition.series.iter().map(|s| naive.counted(s).len()).sum();
        prop_assert_eq!(n_seen, n_counted, "every event is in a span");
    }

    #[test]
    fn behind_a_point_are_its_customers(
        events in any_events(),
        breakdown in any_breakdown(),
        measure in any_measure(),
        condition in any_condition(),
    ) {
        let series = vec![Series { events: condition, measure }];
        let definition =
            Definition { series, ..definition("Europe/Berlin", Grain::Week, breakdown) };
        let plan = definition.plan(at("2026-10-26T12:00Z")).expect("a plan");
        let (total, texts) = fold_plain(&plan, &events, &traits());
        let answer = plan.answer(total, &texts).expect("few groups");
        let naive = Naive::new(&definition, plan.spans().window(), &events);
        for (k, group) in answer.groups.iter().enumerate() {
            for span in [None, Some(0), Some(answer.spans.len() - 1)] {
                let behind = plan.behind((0, group, span), &answer, 3);
                let found = answered(&behind, &events, &traits(), |total, texts| {
                    behind.answer(total, texts)
                });
                let begin = span.map(|span| answer.spans[span].begin);
                let expected = customers(&naive.in_cell(&definition.series[0], k, begin));
                prop_assert_eq!(found.n, expected.len() as u64);
                let first: Vec<CustomerId> = expected.into_iter().take(3).collect();
                prop_assert_eq!(found.first, first);
            }
        }
    }
}

#[test]
fn a_formula_over_two_series() {
    let events = [
        event((1, at("2026-10-20T10:00Z").0, 1), "visit", "{}"),
        event((2, at("2026-10-20T11:00Z").0, 2), "visit", "{}"),
        event((1, at("2026-10-20T12:00Z").0, 3), "order", "{}"),
        event((3, at("2026-10-21T12:00Z").0, 4), "order", "{}"),
    ];
    let series =
        |name: &str| Series { events: Condition::event(name), measure: Measure::Customers };
    let definition = Definition {
        period: Period::Between { first: date(2026, 10, 20), last: date(2026, 10, 21) },
        series: vec![series("order"), series("visit")],
        formula: Some("A / B * 100".into()),
        ..definition("UTC", Grain::Day, None)
    };
    let plan = definition.plan(at("2026-11-01")).expect("a plan");
    let answer = answered(&plan, &events, &PlainFacts::new(), |total, texts| {
        plan.answer(total, texts).expect("few groups")
    });
    let share = &answer.lines[2];
    assert_eq!(share.of, Of::Formula);
    assert_eq!(share.points[0].value, Ok(50.0));
    assert_eq!(share.points[1].value, Err(NotEstimable::ZeroBaseline));
    assert_eq!(share.whole.value, Ok(100.0));
    assert_eq!(
        definition.words(),
        "A / B * 100, where A = number of customers with “order” and B = number of customers with \
         “visit”, by day, from 2026-10-20 to 2026-10-21, both included, in the time zone UTC."
    );
}

#[test]
fn the_period_before_is_answered_in_the_same_groups() {
    let on = |day: &str, seq, p: &str| {
        let at = at(&format!("2026-10-{day}T10:00Z")).0;
        event((seq, at, seq), "a", &format!(r#"{{"p":"{p}"}}"#))
    };
    let events =
        [on("20", 1, "u"), on("20", 2, "u"), on("20", 3, "v"), on("19", 4, "v"), on("19", 5, "w")];
    let label = Label { field: property("p"), view: View::Whole };
    let breakdown = Breakdown { by: By::Label(label), n_groups: 1 };
    let definition = Definition {
        period: Period::Between { first: date(2026, 10, 20), last: date(2026, 10, 20) },
        series: vec![Series { events: Condition::event("a"), measure: Measure::Events }],
        comparison: Comparison::Previous,
        ..definition("UTC", Grain::Day, Some(breakdown))
    };
    let now = at("2026-10-22");
    let plan = definition.plan(now).expect("a plan");
    let (total, texts) = fold_plain(&plan, &events, &PlainFacts::new());
    let answer = plan.answer(total, &texts).expect("few groups");
    assert_eq!(answer.groups, [Group::Value("u".into()), Group::Other { n_values: 1 }]);
    let before = definition.plan_compared(now).expect("a plan").expect("a comparison");
    let (total, texts) = fold_plain(&before, &events, &PlainFacts::new());
    let before = before.answer_in(&answer.groups, total, &texts).expect("few groups");
    assert_eq!(before.spans[0].name, "2026-10-19");
    let values: Vec<_> = before.lines.iter().map(|line| line.whole.value).collect();
    assert_eq!(values, [Ok(0.0), Ok(2.0)]);
}

#[test]
fn means_have_an_interval_and_a_reason_where_not() {
    let order = |customer, seq, x: f64| {
        event((customer, at("2026-10-20").0, seq), "order", &format!(r#"{{"x":{x}}}"#))
    };
    let series =
        vec![Series { events: Condition::event("order"), measure: Measure::Mean(property("x")) }];
    let definition = Definition {
        period: Period::Between { first: date(2026, 10, 20), last: date(2026, 10, 21) },
        series,
        ..definition("UTC", Grain::Day, None)
    };
    let plan = definition.plan(at("2026-11-01")).expect("a plan");
    let point = |events: &[PlainEvent]| {
        let (total, texts) = fold_plain(&plan, events, &PlainFacts::new());
        plan.answer(total, &texts).expect("one group").lines[0].points[0]
    };
    // Student's sleep data, one order of each customer: R's t.test gives 0.7001142 to 2.4598858.
    let hours = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
    let events: Vec<PlainEvent> =
        (1..).zip(hours).map(|(customer, x)| order(customer, customer, x)).collect();
    let ten = point(&events);
    let interval = ten.interval.expect("a mean is an estimate").expect("they differ");
    assert_eq!((ten.value, ten.n), (Ok(1.58), 10));
    assert!((interval.low - 0.700_114_2).abs() < 1e-6, "{interval:?}");
    // Ten orders of one customer say nothing about other customers.
    let events: Vec<PlainEvent> = (1..).zip(hours).map(|(seq, x)| order(1, seq, x)).collect();
    let cause = NotEstimable::TooFewUnits { n: 1, needed: 2 };
    assert_eq!(point(&events).interval, Some(Err(cause)));
    assert_eq!(point(&[]).value, Err(NotEstimable::TooFewUnits { n: 0, needed: 1 }));
}

#[test]
fn what_cannot_be_asked_is_named() {
    let series = |measure| Series { events: Condition::event("a"), measure };
    let check = |definition: Definition, message: &str| {
        let error = definition.plan(at("2026-11-01")).unwrap_err();
        assert_eq!(error.to_string(), message);
    };
    let good = definition("UTC", Grain::Day, None);
    check(good.clone(), "series: must not be empty");
    let percentile = Measure::Percentile { of: property("x"), percent: 101.0 };
    let wrong = vec![series(Measure::Events), series(percentile)];
    check(
        Definition { series: wrong, ..good.clone() },
        "series[1].measure.percentile: 101 is not from 0 to 100",
    );
    let name = vec![series(Measure::Sum(Field::Name))];
    check(
        Definition { series: name, ..good.clone() },
        "series[0].measure.of: this field never holds a number",
    );
    check(
        Definition { series: vec![series(Measure::Events)], formula: Some("A + B".into()), ..good },
        "formula: character 5: expected A, a number or (",
    );
}
