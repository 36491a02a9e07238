//! Does SQL count the same where the order of events matters?

use super::{asked, at, calendar, events, now, session, traits, x};
use base::{Duration, Timestamp};
use insight::paths::{Anchor, Step, Which};
use insight::retention::{Clock, Cohort, Counting};
use insight::visits::Bounce;
use insight::{
    Breakdown, By, Comparison, Grain, Group, Period, date, funnel, last_touch, paths, retention,
    visits,
};
use std::collections::{BTreeMap, BTreeSet};
use timeline::{Condition, Field, Fold, Label, PlainEvent, Texts, View, Window, fold_plain};

/// Most of the time in which there are events.
const PERIOD: Period = Period::Between { first: date(2026, 1, 22), last: date(2026, 4, 5) };

/// Numbers by what they stand for.
type Counts = BTreeMap<Vec<String>, f64>;

fn window() -> Window {
    PERIOD.window(&calendar(), now()).expect("a window")
}

fn name() -> Label {
    Label { field: Field::Name, view: View::Whole }
}

fn p() -> Label {
    Label { field: Field::Property("p".into()), view: View::Whole }
}

fn folded<F: Fold>(plan: &F, events: &[PlainEvent]) -> (F::Total, Vec<Texts>) {
    fold_plain(plan, events, &traits())
}

/// The last column of each row by those before it.
fn last_column(rows: &[Vec<String>]) -> Counts {
    let rows = rows.iter().filter(|row| row.len() > 1);
    let count = |row: &Vec<String>| {
        let (last, key) = row.split_last().expect("it has columns");
        (key.to_vec(), last.parse().expect("a number"))
    };
    rows.map(count).collect()
}

fn same(ours: &Counts, theirs: &Counts, sql: &str) {
    assert!(ours.len() > 1, "there is something to compare: {ours:?}");
    let is_near = |(key, value): (&Vec<String>, &f64)| {
        theirs.get(key).is_some_and(|other| (value - other).abs() <= 1e-9 * value.abs().max(1.0))
    };
    assert!(ours.iter().all(is_near) && ours.len() == theirs.len(), "{ours:?} {theirs:?}\n{sql}");
}

fn funnel_twin(events: &[PlainEvent], by: Option<By>) -> (String, Counts) {
    let breakdown = by.map(|by| funnel::FunnelBreakdown {
        by: Breakdown { by, n_groups: 2 },
        at: funnel::At::First,
    });
    let definition = funnel::Definition {
        calendar: calendar(),
        period: PERIOD,
        comparison: Comparison::None,
        steps: ["visit", "order", "signup"].map(Condition::event).into(),
        order: funnel::Order::Ordered,
        within: Duration::days(4),
        exclusions: Vec::new(),
        held: Vec::new(),
        breakdown,
    };
    let plan = definition.plan(now()).expect("a plan");
    let (total, texts) = folded(&plan, events);
    let answer = plan.answer(total, &texts);
    let groups = if answer.groups.is_empty() { vec![answer.all] } else { answer.groups };
    let levels = groups.iter().flat_map(levels_of).collect();
    (definition.sql(window()).expect("a plain one"), levels)
}

/// How many of a group got to each level and no deeper.
fn levels_of(group: &funnel::FunnelGroup) -> Vec<(Vec<String>, f64)> {
    let name = match &group.group {
        Group::All => None,
        Group::Value(text) => Some(text.to_string()),
        Group::Other { .. } => Some("(other)".into()),
        Group::Absent => Some("(absent)".into()),
    };
    let n = |k: usize| group.steps.get(k).map_or(0, |step| step.n);
    let level = |k: usize| {
        let key = name.iter().cloned().chain([(k + 1).to_string()]).collect();
        (key, (n(k) - n(k + 1)) as f64)
    };
    (0..group.steps.len()).map(level).filter(|(_, n)| *n > 0.0).collect()
}

fn retention_twin(events: &[PlainEvent], cohort: Cohort, grain: Grain) -> (String, Counts) {
    let definition = retention::Definition {
        calendar: calendar(),
        period: PERIOD,
        comparison: Comparison::None,
        grain,
        begin: Condition::event("signup"),
        cohort,
        back: Condition::event("visit"),
        n_spans: 100,
        counting: Counting::On,
        clock: Clock::Calendar,
        value: None,
        breakdown: None,
    };
    let plan = definition.plan(now()).expect("a plan");
    let (total, texts) = folded(&plan, events);
    let mut counts = Counts::new();
    for row in plan.answer(&total, &texts).all.cohorts {
        let mut span = calendar().begin(grain, row.window.from);
        let cohort = calendar().date(span).to_string();
        for cell in row.cells.iter().flatten() {
            let key = [&cohort, &row.n.to_string(), &calendar().date(span).to_string()];
            if cell.n > 0 {
                counts.insert(key.map(String::clone).into(), cell.n as f64);
            }
            span = calendar().end(grain, span);
        }
    }
    (definition.sql(window()).expect("a plain one"), counts)
}

/// What returns are worth, by group.
fn worth_twin(events: &[PlainEvent], cohort: Cohort, by: By) -> (String, Counts) {
    let definition = retention::Definition {
        calendar: calendar(),
        period: PERIOD,
        comparison: Comparison::None,
        grain: Grain::Month,
        begin: Condition::event("visit"),
        cohort,
        back: Condition::event("order"),
        n_spans: 12,
        counting: Counting::On,
        clock: Clock::Calendar,
        value: Some(x()),
        breakdown: Some(Breakdown { by, n_groups: 1 }),
    };
    let plan = definition.plan(now()).expect("a plan");
    let (total, texts) = folded(&plan, events);
    let mut counts = Counts::new();
    let day = |at| calendar().date(calendar().begin(Grain::Month, at)).to_string();
    for of in plan.answer(&total, &texts).groups {
        let group = match &of.group {
            Group::Value(text) => text.to_string(),
            Group::Other { .. } => "(other)".into(),
            _ => "(absent)".into(),
        };
        for row in of.cohorts {
            let mut span = row.window.from;
            for cell in row.cells.iter().flatten() {
                let numbers = [row.n, cell.n].map(|n| n.to_string());
                let key = [&day(row.window.from), &group, &numbers[0], &day(span), &numbers[1]];
                if cell.n > 0 {
                    let worth = cell.worth.as_ref().expect("a value was asked for");
                    counts.insert(key.map(String::clone).into(), worth.sum);
                }
                span = calendar().end(Grain::Month, span);
            }
        }
    }
    (definition.sql(window()).expect("a plain one"), counts)
}

/// The same of SQL.
fn worth_rows(rows: &[Vec<String>]) -> Counts {
    let returned = rows.iter().filter(|row| row.len() == 6 && !row[4].is_empty());
    let cut = |row: &Vec<String>| {
        let mut row = row.clone();
        row[0].truncate(10);
        row[3].truncate(10);
        row
    };
    last_column(&returned.map(cut).collect::<Vec<_>>())
}

/// With days for the first moments of spans, and without cohorts to which nobody returned.
fn retention_rows(rows: &[Vec<String>]) -> Counts {
    let returned = rows.iter().filter(|row| row.len() == 4 && !row[3].is_empty());
    let cut = |row: &Vec<String>| {
        vec![row[0][..10].into(), row[1].clone(), row[2][..10].into(), row[3].clone()]
    };
    last_column(&returned.map(cut).collect::<Vec<_>>())
}

fn paths_twin(events: &[PlainEvent], anchor: Anchor) -> (String, Counts) {
    let definition = paths::Definition {
        calendar: calendar(),
        period: PERIOD,
        comparison: Comparison::None,
        anchor,
        which: Which::Every,
        among: Condition::default(),
        label: name(),
        collapse: false,
        gap: None,
        within: None,
        depth: 3,
        n_shown: 10,
    };
    let plan = definition.plan(now()).expect("a plan");
    let (total, texts) = folded(&plan, events);
    let step = |step: Option<&Step>| match step {
        Some(Step::Value(text)) => text.to_string(),
        _ => String::new(),
    };
    let tops = plan.answer(&total, &texts).expect("few paths").top;
    let count =
        |top: &paths::TopPath| ((0..3).map(|k| step(top.steps.get(k))).collect(), top.n as f64);
    (definition.sql(window()).expect("a plain one"), tops.iter().map(count).collect())
}

fn visits_twin(events: &[PlainEvent], is_cut_at_midnight: bool) -> (String, Counts) {
    let definition = visits::Definition {
        calendar: calendar(),
        period: PERIOD,
        activity: Condition::default(),
        views: Condition::event("visit"),
        gap: Duration::hours(20),
        is_cut_at_midnight,
        bounce: if is_cut_at_midnight { Bounce::OneEvent } else { Bounce::OneView },
        by: None,
        n_groups: 10,
        grain: None,
        own_hosts: Vec::new(),
    };
    let plan = definition.plan(now()).expect("a plan");
    let (total, texts) = folded(&plan, events);
    let all = plan.answer(&total, &texts).all;
    let n = all.n_visits as f64;
    let numbers = [
        n,
        all.n_visitors as f64,
        all.n_views as f64,
        (all.bounce.expect("there are visits").value * n).round(),
        all.duration_s.expect("likewise").value,
    ];
    let counts = (0..).zip(numbers).map(|(k, number): (u8, f64)| (vec![k.to_string()], number));
    (definition.sql(window()), counts.collect())
}

fn visits_rows(rows: &[Vec<String>]) -> Counts {
    let numbers = (0..).zip(&rows[0]);
    let count = |(k, text): (u8, &String)| (vec![k.to_string()], text.parse().expect("a number"));
    numbers.map(count).collect()
}

fn last_touch_twin(events: &[PlainEvent]) -> (String, Counts) {
    let definition = last_touch::Definition {
        calendar: calendar(),
        period: PERIOD,
        comparison: Comparison::None,
        outcome: Condition::event("order"),
        touch: Condition::event("visit"),
        label: p(),
        within: Duration::days(3),
        value: Some(x()),
        n_groups: 10,
    };
    let plan = definition.plan(now()).expect("a plan");
    let (total, texts) = folded(&plan, events);
    let answer = plan.answer(&total, &texts);
    let mut counts = Counts::new();
    let mut count = |is_touched: &str, label: &str, of: &last_touch::Outcomes| {
        let key = [is_touched, label, &of.n.to_string()].map(str::to_owned);
        counts.insert(key.into(), of.sum.expect("a value was asked for"));
    };
    count("", "", &answer.untouched);
    for row in &answer.rows {
        let label = match &row.group {
            Group::Value(text) => text,
            _ => "",
        };
        count("t", label, &row.outcomes);
    }
    (definition.sql(window()), counts)
}

#[test]
fn funnel_retention_paths_visits_and_last_touch_are_the_same() {
    // In SQL events of the same moment are in any order.
    let mut moments = BTreeSet::new();
    let mut events = events();
    events.retain(|event| moments.insert((event.customer, event.occurred_at)));
    assert!(moments.iter().any(|(_, time): &(_, Timestamp)| *time > at("2026-03-29")));

    let plain: fn(&[Vec<String>]) -> Counts = last_column;
    let visit = || Condition::event("visit");
    let twins = [
        (funnel_twin(&events, None), plain),
        (funnel_twin(&events, Some(By::Label(p()))), plain),
        (funnel_twin(&events, Some(By::Trait("plan".into()))), plain),
        (retention_twin(&events, Cohort::First, Grain::Week), retention_rows),
        (retention_twin(&events, Cohort::Every, Grain::Day), retention_rows),
        (retention_twin(&events, Cohort::Every, Grain::Month), retention_rows),
        (worth_twin(&events, Cohort::First, By::Trait("plan".into())), worth_rows),
        (worth_twin(&events, Cohort::Every, By::Label(p())), worth_rows),
        (paths_twin(&events, Anchor::From(visit())), plain),
        (paths_twin(&events, Anchor::To(visit())), plain),
        (visits_twin(&events, false), visits_rows),
        (visits_twin(&events, true), visits_rows),
        (last_touch_twin(&events), plain),
    ];
    let questions: Vec<String> = twins.iter().map(|((sql, _), _)| sql.clone()).collect();
    let Some(answers) = asked(&session(&events), &questions) else {
        println!("skipped: no PostgreSQL");
        return;
    };
    for (((sql, ours), read), rows) in twins.iter().zip(&answers) {
        same(ours, &read(rows), sql);
    }
}
