//! Which six questions are asked, as a person would ask them of Rapport?
//!
//! Each is an insight of the product, with no shortcut of its own; its answer is brought into the
//! rows that the peers answer with.

use anyhow::{Context, Result};
use base::{Duration, Timestamp};
use futures::future::BoxFuture;
use history::{FoldOptions, Folded, History, NoFacts};
use insight::{Calendar, Comparison, Date, Grain, Period, date};
use insight::{funnel, last_touch, paths, retention, trend, visits};
use serde::Serialize;
use std::sync::Arc;
use timeline::{Condition, Field, Fold, Label, View};

/// Threads, as many as the peers have.
pub const THREADS: usize = 2;

/// After the last event.
const NOW: Timestamp = Timestamp(1_800_000_000_000_000);
const DAY_US: i64 = 86_400_000_000;
/// Columns of a run: customer, time, name.
const KEYS: &[usize] = &[0, 1];
const KEYS_AND_NAMES: &[usize] = &[0, 1, 5];

/// A cell of a row.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

/// A row of an answer.
pub type Row = Vec<Cell>;

/// A question.
pub struct Question {
    /// As the peers call it.
    pub name: &'static str,
    /// The columns of a run without which it cannot be answered.
    pub columns: &'static [usize],
    /// Asks it.
    pub ask: for<'a> fn(&'a History, Period) -> BoxFuture<'a, Result<Vec<Row>>>,
}

/// All of them.
pub const ALL: [Question; 6] = [
    Question { name: "daily actives", columns: KEYS, ask: |h, p| Box::pin(daily_actives(h, p)) },
    Question {
        name: "funnel",
        columns: KEYS_AND_NAMES,
        ask: |h, p| Box::pin(funnel_of_three(h, p)),
    },
    Question { name: "retention", columns: KEYS, ask: |h, p| Box::pin(weekly_retention(h, p)) },
    Question { name: "sessions", columns: KEYS, ask: |h, p| Box::pin(sessions(h, p)) },
    Question { name: "paths", columns: KEYS_AND_NAMES, ask: |h, p| Box::pin(top_paths(h, p)) },
    Question { name: "last touch", columns: KEYS_AND_NAMES, ask: |h, p| Box::pin(touched(h, p)) },
];

/// Whole weeks around the year of the events, or from a day on to the end of the year.
pub fn period(since: Option<Date>) -> Period {
    match since {
        Some(first) => Period::Between { first, last: date(2025, 12, 31) },
        None => Period::Between { first: date(2024, 12, 30), last: date(2026, 1, 11) },
    }
}

fn name() -> Label {
    Label { field: Field::Name, view: View::Whole }
}

async fn fold<F>(history: &History, fold: F) -> Result<Folded<F::Total>>
where
    F: Fold + Send + 'static,
    F::Total: 'static,
{
    let options = FoldOptions {
        without: Arc::default(),
        traits: Arc::new(NoFacts),
        threads: THREADS,
        cancel: Arc::default(),
        progress: None,
        budget: None,
        memory_max: 256 << 20,
    };
    Ok(history.fold(Arc::new(fold), options).await?)
}

async fn daily_actives(history: &History, period: Period) -> Result<Vec<Row>> {
    let everything =
        trend::Series { events: Condition::default(), measure: trend::Measure::Customers };
    let definition = trend::Definition {
        calendar: Calendar::utc(),
        period,
        grain: Grain::Day,
        series: vec![everything],
        formula: None,
        breakdown: None,
        comparison: Comparison::None,
    };
    let plan = definition.plan(NOW)?;
    let folded = fold(history, plan.clone()).await?;
    let answer = plan.answer(folded.total, &folded.texts)?;
    let line = answer.lines.first().context("one series is one line")?;
    let days = answer.spans.iter().zip(&line.points).filter(|(_, point)| point.n > 0);
    let row = |(span, point): (&trend::Span, &trend::Point)| {
        vec![Cell::Number(span.begin.0 / DAY_US), Cell::Number(point.n.cast_signed())]
    };
    Ok(days.map(row).collect())
}

async fn funnel_of_three(history: &History, period: Period) -> Result<Vec<Row>> {
    let steps = ["product_viewed", "product_added", "order_completed"];
    let definition = funnel::Definition {
        calendar: Calendar::utc(),
        period,
        comparison: Comparison::None,
        steps: steps.iter().map(|name| Condition::event(name)).collect(),
        order: funnel::Order::Ordered,
        within: Duration::days(7),
        exclusions: Vec::new(),
        held: Vec::new(),
        breakdown: None,
    };
    let plan = definition.plan(NOW)?.without_times();
    let folded = fold(history, plan.clone()).await?;
    let steps = plan.answer(folded.total, &folded.texts).all.steps;
    let next = |level: usize| steps.get(level).map_or(0, |step| step.n);
    let levels = (1..).zip(&steps).map(|(level, step)| (level, step.n - next(level)));
    let levels = levels.filter(|(_, n)| *n > 0);
    let row =
        |(level, n): (usize, u64)| vec![Cell::Number(level as i64), Cell::Number(n.cast_signed())];
    Ok(levels.map(row).collect())
}

async fn weekly_retention(history: &History, period: Period) -> Result<Vec<Row>> {
    let definition = retention::Definition {
        calendar: Calendar::utc(),
        period,
        comparison: Comparison::None,
        grain: Grain::Week,
        begin: Condition::default(),
        cohort: retention::Cohort::First,
        back: Condition::default(),
        n_spans: 12,
        counting: retention::Counting::On,
        clock: retention::Clock::Calendar,
        value: None,
        breakdown: None,
    };
    let plan = definition.plan(NOW)?;
    let folded = fold(history, plan.clone()).await?;
    let cohorts = plan.answer(&folded.total, &folded.texts).all.cohorts;
    let rows = cohorts.iter().flat_map(|cohort| {
        let week = cohort.window.from.0 / DAY_US;
        let cells = (0..).zip(&cohort.cells);
        cells.filter_map(move |(k, cell)| {
            let n = cell.as_ref()?.n.cast_signed();
            (n > 0).then(|| vec![Cell::Number(week), Cell::Number(k), Cell::Number(n)])
        })
    });
    Ok(rows.collect())
}

async fn sessions(history: &History, period: Period) -> Result<Vec<Row>> {
    let definition = visits::Definition {
        calendar: Calendar::utc(),
        period,
        activity: Condition::default(),
        views: visits::page_views(),
        gap: visits::GAP_DEFAULT,
        is_cut_at_midnight: false,
        bounce: visits::Bounce::OneView,
        by: None,
        n_groups: 10,
        grain: None,
        own_hosts: Vec::new(),
    };
    let folded = fold(history, definition.plan(NOW)?.counts()).await?;
    Ok(vec![vec![Cell::Number(folded.total.n_visits.cast_signed())]])
}

async fn top_paths(history: &History, period: Period) -> Result<Vec<Row>> {
    let definition = paths::Definition {
        calendar: Calendar::utc(),
        period,
        comparison: Comparison::None,
        anchor: paths::Anchor::From(Condition::event("product_viewed")),
        which: paths::Which::Every,
        among: Condition::default(),
        label: name(),
        collapse: false,
        gap: None,
        within: None,
        depth: 3,
        n_shown: 50,
    };
    let plan = definition.plan(NOW)?;
    let folded = fold(history, plan.clone()).await?;
    let top = plan.answer(&folded.total, &folded.texts)?.top;
    let step = |step: &paths::Step| match step {
        paths::Step::Value(text) => Cell::Text(text.to_string()),
        _ => Cell::Text(String::new()),
    };
    let row = |path: &paths::TopPath| {
        let steps = path.steps[1..].iter().chain(std::iter::repeat(&paths::Step::End));
        let mut row: Row = steps.take(2).map(step).collect();
        row.push(Cell::Number(path.n.cast_signed()));
        row
    };
    Ok(top.iter().take(40).map(row).collect())
}

async fn touched(history: &History, period: Period) -> Result<Vec<Row>> {
    let definition = last_touch::Definition {
        calendar: Calendar::utc(),
        period,
        comparison: Comparison::None,
        outcome: Condition::event("order_completed"),
        touch: Condition::event("campaign_touched"),
        label: name(),
        within: Duration::days(30),
        value: None,
        n_groups: 10,
    };
    let plan = definition.plan(NOW)?;
    let folded = fold(history, plan.clone()).await?;
    let answer = plan.answer(&folded.total, &folded.texts);
    let n_touched = answer.n_outcomes - answer.untouched.n;
    Ok(vec![vec![Cell::Number(n_touched.cast_signed())]])
}
