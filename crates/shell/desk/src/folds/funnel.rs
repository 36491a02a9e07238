//! How is a funnel called in SQL, and what are its rows?

use super::arguments::Arguments;
use super::{Card, GROUP, InSql, always, float, group, maybe, number, refused};
use app::insights::Folded;
use base::Timestamp;
use insight::funnel::{Definition, FunnelGroup, FunnelTotal, Order, Plan};
use insight::{Calendar, Comparison};
use sql::Kind::{Float, Int};
use sql::{Argument, Cause, Cell, Column, Rows};
use timeline::Condition;

/// `funnel(…)`.
pub(super) struct Funnel;

const COLUMNS: &[Column] = &[
    always("step", Int, "the place of the step, from 1"),
    always("n", Int, "customers who reached it"),
    always("n_dropped", Int, "customers who reached the step before and not this one"),
    maybe("of_first", Float, "of those who began, from 0 to 1"),
    maybe("of_previous", Float, "of those who reached the step before, from 0 to 1"),
    maybe("median_seconds", Float, "how long half of them took from the step before, at most"),
    GROUP,
];

impl InSql for Funnel {
    type Plan = Plan;
    const CARD: Card = Card {
        name: "funnel",
        signature: "funnel(first_day, last_day, within, step, step, …) or funnel(json)",
        doc: "How many customers take one step after the other: attempts that begin in the period \
              (days in UTC, the last included), each step within so long after the first.",
        example: "SELECT step, n, of_first FROM funnel('2025-07-01', '2025-12-31', '7 days', \
                  'Product Viewed', 'Order Completed')",
    };
    const COLUMNS: &'static [Column] = COLUMNS;

    fn plan(arguments: &[Argument], now: Timestamp) -> Result<Plan, String> {
        let mut arguments = Arguments::new(arguments);
        let definition = match arguments.json() {
            Some(json) => api::questions::funnel(json).map_err(|e| e.to_string())?,
            None => definition(&mut arguments)?,
        };
        definition.plan(now).map_err(|bad| refused(&bad))
    }

    fn rows(plan: &Plan, folded: Folded<FunnelTotal>, rows: &mut Rows) -> Result<(), Cause> {
        let answer = plan.answer(folded.total, &folded.texts);
        match answer.groups.is_empty() {
            true => push(rows, &answer.all),
            false => answer.groups.iter().for_each(|group| push(rows, group)),
        }
        Ok(())
    }
}

fn definition(arguments: &mut Arguments<'_>) -> Result<Definition, String> {
    let (period, within) = (arguments.period()?, arguments.length()?);
    let steps = arguments.texts("the name of an event")?;
    Ok(Definition {
        calendar: Calendar::utc(),
        period,
        comparison: Comparison::None,
        steps: steps.into_iter().map(Condition::event).collect(),
        order: Order::Ordered,
        within,
        exclusions: Vec::new(),
        held: Vec::new(),
        breakdown: None,
    })
}

fn push(rows: &mut Rows, of: &FunnelGroup) {
    for (place, step) in (1..).zip(&of.steps) {
        let share = |share: &Result<stats::Estimate, _>| share.as_ref().ok().map(|e| e.value);
        let (first, previous) = (share(&step.of_first), share(&step.of_previous));
        let median = step.took.as_ref().map(|took| took.median.0 as f64 / 1e6);
        rows.push(|column| match column {
            "step" => Cell::Int(place),
            "n" => number(step.n),
            "n_dropped" => number(step.n_dropped),
            "of_first" => float(first),
            "of_previous" => float(previous),
            "median_seconds" => float(median),
            "grp" => group(&of.group),
            _ => Cell::Null,
        });
    }
}
