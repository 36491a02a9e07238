//! Do metrics keep their meaning?

use super::*;
use crate::testing::{answered, event};
use crate::trend::Measure;
use base::Timestamp;
use jiff::civil::date;
use timeline::{PlainEvent, PlainFacts};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn series(name: &str) -> Series {
    Series { events: Condition::event(name), measure: Measure::Customers }
}

fn conversion() -> Metric {
    Metric {
        id: "conversion".into(),
        name: "Conversion".into(),
        description: "Of those who come, who buys?".into(),
        unit: Unit::Percent,
        owner: "Ann".into(),
        version: 1,
        good: Good::Up,
        measure: Measured::Trend {
            series: vec![series("order"), series("visit")],
            formula: Some("A / B * 100".into()),
        },
    }
}

fn frame() -> Frame {
    Frame {
        calendar: Calendar::utc(),
        period: Period::Between { first: date(2026, 3, 2), last: date(2026, 3, 15) },
        grain: Grain::Week,
        breakdown: None,
        comparison: Comparison::None,
    }
}

fn events() -> Vec<PlainEvent> {
    let on = |day: u32, customer, seq, name: &str| {
        event((customer, at(&format!("2026-03-{day:02}T10:00Z")).0, seq), name, "{}")
    };
    vec![
        on(2, 1, 1, "visit"),
        on(2, 1, 2, "order"),
        on(3, 1, 3, "visit"),
        on(2, 2, 4, "visit"),
        on(9, 1, 5, "visit"),
    ]
}

#[test]
fn a_formula_is_the_metric() {
    let metric = conversion();
    metric.check().expect("a metric");
    let Asked::Trend(definition) = metric.asked(frame()).expect("a question") else {
        panic!("a trend answers it");
    };
    let plan = definition.plan(at("2026-04-01")).expect("a plan");
    let answer = answered(&plan, &events(), &PlainFacts::new(), |total, texts| {
        plan.answer(total, texts).expect("one group")
    });
    let lines: Vec<&Line> = metric.lines_of_trend(&answer).collect();
    assert_eq!(lines.len(), 1);
    let values: Vec<_> = lines[0].points.iter().map(|point| point.value).collect();
    assert_eq!(values, [Ok(50.0), Ok(0.0)]);
    assert_eq!(
        metric.words(),
        "Conversion (version 1, percent; more is better): A / B * 100, where A = number of \
         customers with “order” and B = number of customers with “visit”"
    );
}

#[test]
fn habit_and_kept_are_shares() {
    let events_of = || Condition::event("visit");
    let habit = Metric { measure: Measured::Habit { events: events_of() }, ..conversion() };
    let Asked::Habit(definition) = habit.asked(frame()).expect("a question") else {
        panic!("stickiness answers it");
    };
    let plan = definition.plan(at("2026-04-01")).expect("a plan");
    let answer =
        answered(&plan, &events(), &PlainFacts::new(), |total, texts| plan.answer(&total, texts));
    // 2 and 1 of 7 days.
    assert_eq!(Metric::point_of_habit(&answer.all.spans[0]).value, Ok(1.5 / 7.0));

    let kept = Metric { measure: Measured::Kept { events: events_of() }, ..conversion() };
    let Asked::Kept(definition) = kept.asked(frame()).expect("a question") else {
        panic!("a lifecycle answers it");
    };
    let plan = definition.plan(at("2026-04-01")).expect("a plan");
    let answer =
        answered(&plan, &events(), &PlainFacts::new(), |total, texts| plan.answer(&total, texts));
    let point = Metric::point_of_kept(&answer.spans[1]);
    assert_eq!((point.value, point.n), (Ok(0.5), 2));
    assert!(point.interval.is_some());
    let grouped = Frame { comparison: Comparison::Previous, ..frame() };
    assert_eq!(kept.asked(grouped).unwrap_err().field, "comparison");
}

#[test]
fn something_else_measured_is_a_new_version() {
    let metric = conversion();
    let renamed = metric.changed(Metric { name: "Buyers".into(), version: 9, ..metric.clone() });
    assert_eq!((renamed.version, &*renamed.name), (1, "Buyers"));
    let measure = Measured::Trend { series: vec![series("order")], formula: None };
    let changed = metric.changed(Metric { id: "other".into(), measure, ..metric.clone() });
    assert_eq!((changed.version, &*changed.id), (2, "conversion"));
}

#[test]
fn good_is_up_down_or_between() {
    let between = Good::Between { low: 1.0, high: 2.0 };
    for (good, before, after, change) in [
        (Good::Up, 1.0, 2.0, Change::Better),
        (Good::Down, 1.0, 2.0, Change::Worse),
        (Good::Up, 1.0, 1.0, Change::Same),
        (Good::Neither, 1.0, 2.0, Change::Same),
        (between, 3.0, 1.5, Change::Better),
        (between, 1.0, 2.0, Change::Same),
        (between, 1.5, 0.5, Change::Worse),
    ] {
        assert_eq!(good.judge(before, after), change, "{good:?} from {before} to {after}");
    }
}

#[test]
fn what_cannot_be_used_is_named() {
    let check = |metric: Metric, message: &str| {
        assert_eq!(metric.check().unwrap_err().to_string(), message);
    };
    check(
        Metric { id: "Con version".into(), ..conversion() },
        "id: small letters, digits and hyphens are possible",
    );
    check(Metric { owner: " ".into(), ..conversion() }, "owner: must not be empty");
    let good = Good::Between { low: 2.0, high: 1.0 };
    check(Metric { good, ..conversion() }, "good: ends before it begins");
    let two = vec![series("a"), series("b")];
    let measure = Measured::Trend { series: two, formula: None };
    check(
        Metric { measure, ..conversion() },
        "measure.formula: several series need a formula that makes them one",
    );
}
