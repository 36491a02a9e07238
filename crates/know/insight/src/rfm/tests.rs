//! Is the grid what a few lines of plain code over sorted events make of it?

use super::*;
use crate::Behind;
use crate::breakdown::{Group, shown};
use crate::testing::{answered, event};
use base::{CustomerId, Duration};
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeMap;
use timeline::{Fold, PlainEvent, PlainFacts, Scalar};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn definition(edges: Edges) -> Definition {
    Definition {
        calendar: Calendar::new("Europe/Berlin", jiff::civil::Weekday::Monday).expect("a zone"),
        period: Period::Between { first: date(2026, 3, 1), last: date(2026, 3, 31) },
        comparison: Comparison::Previous,
        events: Condition::event("order"),
        money: Some(Field::Property("x".into())),
        edges,
        breakdown: None,
    }
}

/// Customers of two plans, and some of none.
fn traits() -> PlainFacts {
    let plan = |id: u64| {
        let plan = ["pro", "free"][usize::from(id % 5 < 2)];
        ((CustomerId(id), timeline::Fact::Trait("plan".into())), Scalar::Text(plan.into()))
    };
    (1..19).map(plan).collect()
}

fn plan_of(customer: CustomerId) -> Option<String> {
    let plan = timeline::Fact::Trait("plan".into());
    traits().get(&(customer, plan)).map(|plan| plan.label().into_owned())
}

/// By naive code: recency, frequency and monetary value of each customer.
fn naive(events: &[PlainEvent], plan: &Plan) -> BTreeMap<CustomerId, (f64, f64, f64)> {
    let window = plan.ask().window;
    let mut customers: BTreeMap<CustomerId, Vec<&PlainEvent>> = BTreeMap::new();
    for event in events {
        if &*event.name == "order" && window.holds(event.occurred_at) {
            customers.entry(event.customer).or_default().push(event);
        }
    }
    let of = |orders: Vec<&PlainEvent>| {
        let last = orders.iter().map(|order| order.occurred_at).max().expect("an order");
        let days = (window.until.0 - last.0) / 86_400_000_000;
        let x = |order: &&PlainEvent| {
            order.scalar(&Field::Property("x".into())).and_then(|scalar| scalar.number())
        };
        (days as f64, orders.len() as f64, orders.iter().filter_map(x).sum())
    };
    customers.into_iter().map(|(customer, orders)| (customer, of(orders))).collect()
}

/// As `pandas.qcut` does it: type 7, intervals that are closed on the right.
fn edges(values: impl Iterator<Item = f64>, n: usize) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let edge = |k: usize| {
        let h = (values.len() - 1) as f64 * (k as f64 / n as f64);
        let (low, high) = (values[h.floor() as usize], values[h.ceil() as usize]);
        low + (high - low) * h.fract()
    };
    if values.is_empty() { Vec::new() } else { (1..n).map(edge).collect() }
}

fn place(edges: &[f64], value: f64) -> usize {
    edges.iter().position(|edge| value <= *edge).unwrap_or(edges.len())
}

/// That the cells of all and of each group have the customers who belong there.
fn check(plan: &Plan, answer: &Answer, events: &[PlainEvent]) {
    let (customers, scale) = (naive(events, plan), &answer.scale);
    assert_eq!(answer.all.n_customers, customers.len() as u64);
    let groups: Vec<Group> = answer.groups.iter().map(|of| of.group.clone()).collect();
    let shown = shown(&groups);
    let all = std::iter::once((Group::All, &answer.all));
    let each = answer.groups.iter().map(|of| (of.group.clone(), &of.numbers));
    for (group, numbers) in all.chain(each) {
        let takes = |id: CustomerId| group.takes(plan_of(id).as_deref(), &shown);
        let n = customers.keys().filter(|id| takes(**id)).count();
        assert_eq!(numbers.n_customers, n as u64);
        for cell in &numbers.cells {
            let is_in = |of: &(f64, f64, f64)| {
                place(&scale.recency_days, of.0) == scale.recency_days.len() + 1 - cell.recency
                    && place(&scale.frequency, of.1) == cell.frequency - 1
            };
            let those = customers.iter().filter(|(id, of)| is_in(of) && takes(**id));
            let ids: Vec<CustomerId> = those.map(|(id, _)| *id).collect();
            assert_eq!(cell.n, ids.len() as u64);
            assert_eq!(cell.n_by_monetary.iter().sum::<u64>(), cell.n);
            let money: f64 = ids.iter().map(|id| customers[id].2).sum();
            if let Some(Ok(mean)) = &cell.money {
                assert!((mean.value * cell.n as f64 - money).abs() < 1e-9);
            }
            let point = Point {
                recency: cell.recency,
                frequency: cell.frequency,
                monetary: None,
                group: (group.clone(), shown.clone()),
            };
            let fold = plan.members(scale, point, 2);
            let listed =
                answered(&fold, events, &traits(), |total, texts| fold.answer(&total, texts));
            let first = ids.into_iter().take(2).collect();
            assert_eq!(listed, Behind { n: cell.n, first });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]
    #[test]
    fn as_plain_code_has_it(
        events in prop::collection::vec(
            (1..25_u64, -800..800_i64, prop::bool::weighted(0.8), prop::sample::select(vec![
                "{}", r#"{"x":10}"#, r#"{"x":2.5}"#, r#"{"x":-1}"#, r#"{"x":"3"}"#,
            ])),
            0..120,
        ),
        n in 2..6_usize,
        is_given: bool,
        n_groups in prop::option::of(1..3_usize),
    ) {
        let begin = at("2026-03-01T00:00Z");
        let events: Vec<PlainEvent> = (0..)
            .zip(events)
            .map(|(seq, (customer, hours, is_order, properties))| {
                let time = (customer, begin.plus(Duration::hours(hours)).0, seq);
                event(time, if is_order { "order" } else { "visit" }, properties)
            })
            .collect();
        let given = Scale {
            recency_days: vec![3.0, 10.0],
            frequency: vec![1.0, 2.0, 4.0],
            monetary: vec![5.0],
        };
        let way = if is_given { Edges::Given(given.clone()) } else { Edges::Quantiles(n) };
        let mut definition = definition(way);
        let by = |n_groups| Breakdown { by: By::Trait("plan".into()), n_groups };
        definition.breakdown = n_groups.map(by);
        let plan = definition.plan(at("2026-05-01")).expect("a plan");
        let answer =
            answered(&plan, &events, &traits(), |total, texts| plan.answer(&total, texts));
        let customers = naive(&events, &plan);
        let scale = if is_given {
            given
        } else {
            Scale {
                recency_days: edges(customers.values().map(|of| of.0), n),
                frequency: edges(customers.values().map(|of| of.1), n),
                monetary: edges(customers.values().map(|of| of.2), n),
            }
        };
        prop_assert_eq!(&answer.scale, &scale);
        check(&plan, &answer, &events);
        let in_groups: u64 = answer.groups.iter().map(|of| of.numbers.n_customers).sum();
        prop_assert_eq!(in_groups, if n_groups.is_some() { answer.all.n_customers } else { 0 });

        let before = definition.plan_compared(at("2026-05-01")).expect("a plan");
        let before = before.expect("it is compared");
        let window = before.ask().window;
        prop_assert_eq!(window.until, definition.calendar.midnight(date(2026, 3, 1)));
        let earlier = answered(&before, &events, &traits(), |total, texts| {
            before.answer_like(&answer, &total, texts)
        });
        prop_assert_eq!(&earlier.scale, &answer.scale, "a cell means the same in both");
        check(&before, &earlier, &events);
    }
}

#[test]
fn edges_that_cannot_be_used_are_named() {
    let check = |edges: Edges, message: &str| {
        let error = definition(edges).plan(at("2026-05-01")).unwrap_err();
        assert_eq!(error.to_string(), message);
    };
    check(Edges::Quantiles(1), "edges.quantiles: 1 is not from 2 to 10");
    let good = Scale { recency_days: vec![1.0], frequency: vec![1.0], monetary: vec![1.0] };
    let twice = Scale { frequency: vec![1.0, 1.0], ..good.clone() };
    check(Edges::Given(twice), "edges.frequency: each edge must be larger than the one before");
    check(
        Edges::Given(Scale { monetary: Vec::new(), ..good }),
        "edges.monetary: must not be empty",
    );
}

#[test]
fn customers_are_grouped_by_traits_alone() {
    let mut definition = definition(Edges::Quantiles(5));
    let label = timeline::Label { field: Field::Name, view: timeline::View::Whole };
    definition.breakdown = Some(Breakdown { by: By::Label(label), n_groups: 3 });
    let error = definition.plan(at("2026-05-01")).unwrap_err();
    assert_eq!(error.to_string(), "breakdown.by: a customer has many events: group by a trait");
}

#[test]
fn said_in_words() {
    let mut definition = definition(Edges::Quantiles(5));
    definition.breakdown = Some(Breakdown { by: By::Trait("plan".into()), n_groups: 3 });
    let end = "both included, by the customer's plan (the 3 most frequent values), compared with \
               the period of the same length before, in the time zone Europe/Berlin.";
    assert!(definition.words().ends_with(end), "{}", definition.words());
    (definition.breakdown, definition.comparison) = (None, Comparison::None);
    assert_eq!(
        definition.words(),
        "Customers with “order” by the days since their last (recency) and by how many they have \
         (frequency), and by their sum of x (monetary), each cut into 5 scores at its quantiles, \
         from 2026-03-01 to 2026-03-31, both included, in the time zone Europe/Berlin."
    );
}
