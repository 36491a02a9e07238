//! How many rows a second do the insights take, once the columns are in memory?
//!
//! `cargo run --release -p rapport-insight --example fold_speed -- 20000000 2`: rows and threads.
//! The columns are made up: fifty rows a customer over a year, five names, a number on one row in
//! fifty. What is measured is the fold alone, the best of five.

#![allow(clippy::disallowed_methods, reason = "time is measured")]

use base::{CustomerId, Timestamp};
use insight::{
    Breakdown, By, Calendar, Comparison, Grain, Period, Weekday, date, lifecycle, rfm, stickiness,
    trend,
};
use std::time::Instant;
use timeline::{Columns, Condition, Field, Fold, Label, View, fold_columns};

/// What a customer has.
const ROWS_EACH: usize = 50;

struct Made {
    customers: Vec<CustomerId>,
    ends: Vec<u32>,
    times: Vec<i64>,
    marks: Vec<u16>,
    numbers: Vec<f64>,
    labels: Vec<u32>,
}

fn made(n_rows: usize, seed: u64) -> Made {
    let mut state = seed;
    let mut draw = move |n: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let n_customers = n_rows / ROWS_EACH;
    let begin = Timestamp::parse("2026-01-01").expect("a time").0;
    let mut times = Vec::with_capacity(n_rows);
    for _ in 0..n_customers {
        let from = times.len();
        times.extend((0..ROWS_EACH).map(|_| begin + draw(365 * 86_400) as i64 * 1_000_000));
        times[from..].sort_unstable();
    }
    let n_rows = times.len();
    let number = |draw: u64| if draw == 0 { 19.99 } else { f64::NAN };
    Made {
        customers: (1..=n_customers as u64).map(CustomerId).collect(),
        ends: (1..=n_customers as u32).map(|k| k * ROWS_EACH as u32).collect(),
        times,
        marks: (0..n_rows).map(|_| 1 << draw(2)).collect(),
        numbers: (0..n_rows).map(|_| number(draw(50))).collect(),
        labels: (0..n_rows).map(|_| draw(200) as u32).collect(),
    }
}

fn measure<F: Fold>(what: &str, fold: &F, parts: &[Made]) {
    let ask = fold.ask();
    let once = || {
        let begin = Instant::now();
        std::thread::scope(|scope| {
            for part in parts {
                scope.spawn(move || {
                    let marks = if ask.conditions.is_empty() { &[][..] } else { &part.marks };
                    let columns = Columns {
                        customers: &part.customers,
                        start: 0,
                        ends: &part.ends,
                        times: &part.times,
                        spans: &[],
                        bouts: None,
                        marks,
                        numbers: &vec![&part.numbers[..]; ask.numbers.len()],
                        labels: &vec![&part.labels[..]; ask.labels.len()],
                        traits: &vec![&part.labels[..]; ask.traits.len()],
                    };
                    let mut total = fold.total();
                    fold_columns(fold, &columns, &mut total);
                    std::hint::black_box(&total);
                });
            }
        });
        begin.elapsed().as_secs_f64()
    };
    let best = (0..5).map(|_| once()).reduce(f64::min).expect("five times");
    let n_rows: usize = parts.iter().map(|part| part.times.len()).sum();
    println!("{what:<44} {:>7.1} ms  {:>6.0} M rows/s", best * 1e3, n_rows as f64 / best / 1e6);
}

const PERIOD: Period = Period::Between { first: date(2026, 1, 1), last: date(2026, 12, 31) };

fn now() -> Timestamp {
    Timestamp::parse("2027-01-01").expect("a time")
}

fn calendar() -> Calendar {
    Calendar::new("Europe/Berlin", Weekday::Monday).expect("a zone")
}

fn trend(events: Condition, measure: trend::Measure, by: Option<By>) -> trend::Plan {
    let definition = trend::Definition {
        calendar: calendar(),
        period: PERIOD,
        grain: Grain::Day,
        series: vec![trend::Series { events, measure }],
        formula: None,
        breakdown: by.map(|by| Breakdown { by, n_groups: 10 }),
        comparison: Comparison::None,
    };
    definition.plan(now()).expect("a plan")
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let n_rows = arguments.next().and_then(Result::ok).unwrap_or(2_000_000);
    let n_threads = arguments.next().and_then(Result::ok).unwrap_or(2).max(1);
    let parts: Vec<Made> = (0..n_threads).map(|k| made(n_rows / n_threads, k as u64 + 1)).collect();
    let (any, one) = (Condition::default, || Condition::event("a"));
    let x = || Field::Property("x".into());

    use trend::Measure;
    measure("daily active customers", &trend(any(), Measure::Customers, None), &parts);
    measure("events by day, of a name", &trend(one(), Measure::Events, None), &parts);
    measure("customers by day, of a name", &trend(one(), Measure::Customers, None), &parts);
    measure("sum of a number by day", &trend(any(), Measure::Sum(x()), None), &parts);
    measure("mean of a number by day", &trend(any(), Measure::Mean(x()), None), &parts);
    let label = || By::Label(Label { field: Field::Property("p".into()), view: View::Whole });
    measure("events by day and label", &trend(one(), Measure::Events, Some(label())), &parts);
    measure("customers by day and label", &trend(one(), Measure::Customers, Some(label())), &parts);
    let plan = By::Trait("plan".into());
    measure("customers by day and trait", &trend(one(), Measure::Customers, Some(plan)), &parts);

    let (calendar, period, grain) = (calendar(), PERIOD, Grain::Week);
    let comparison = Comparison::None;
    let events = any();
    let cycle = lifecycle::Definition {
        calendar: calendar.clone(),
        period,
        comparison,
        grain,
        events,
        breakdown: None,
    };
    measure("lifecycle by week", &cycle.plan(now()).expect("a plan"), &parts);
    let events = any();
    let habit = stickiness::Definition {
        calendar: calendar.clone(),
        period,
        comparison,
        grain,
        events,
        breakdown: None,
    };
    measure("stickiness by week, DAU/WAU/MAU", &habit.plan(now()).expect("a plan"), &parts);
    let (money, edges) = (Some(x()), rfm::Edges::Quantiles(5));
    let grid = rfm::Definition {
        calendar,
        period,
        comparison,
        events: one(),
        money,
        edges,
        breakdown: None,
    };
    measure("recency and frequency", &grid.plan(now()).expect("a plan"), &parts);
}
