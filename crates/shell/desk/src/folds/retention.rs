//! How is retention called in SQL, and what are its rows?

use super::arguments::Arguments;
use super::{Card, GROUP, InSql, always, float, group, maybe, number, refused};
use app::insights::Folded;
use base::Timestamp;
use insight::retention::{
    Clock, Cohort, CohortRow, Counting, Definition, Plan, RetentionGroup, RetentionTotal,
};
use insight::{Calendar, Comparison};
use sql::Kind::{Bool, Float, Int, Text, Time};
use sql::{Argument, Cause, Cell, Column, Rows};
use timeline::Condition;

/// `retention(…)`.
pub(super) struct Retention;

const COLUMNS: &[Column] = &[
    always("cohort", Text, "what the cohort's span of the calendar is called"),
    always("cohort_begins", Time, "when it began"),
    always("n_customers", Int, "customers of the cohort"),
    always("span", Int, "spans after the beginning, from 0; the first of a bracket"),
    always("n", Int, "customers of the cohort who returned then"),
    maybe("share", Float, "of the cohort, from 0 to 1"),
    always("is_over", Bool, "whether that time was over for everybody; else n can grow"),
    maybe("value", Float, "what their returns add up to, where a number was asked for"),
    GROUP,
];

impl InSql for Retention {
    type Plan = Plan;
    const CARD: Card = Card {
        name: "retention",
        signature: "retention(first_day, last_day, grain, beginning, return, n_spans) or \
                    retention(json)",
        doc: "Of the customers who had their first beginning in each hour, day, week, month, \
              quarter or year of the period (UTC): how many returned so many spans later.",
        example: "SELECT cohort, span, n, share FROM retention('2025-07-01', '2025-09-30', 'week', \
                  'Order Completed', 'Order Completed', 12) ORDER BY cohort_begins, span",
    };
    const COLUMNS: &'static [Column] = COLUMNS;

    fn plan(arguments: &[Argument], now: Timestamp) -> Result<Plan, String> {
        let mut arguments = Arguments::new(arguments);
        let definition = match arguments.json() {
            Some(json) => api::questions::retention(json).map_err(|e| e.to_string())?,
            None => definition(&mut arguments)?,
        };
        definition.plan(now).map_err(|bad| refused(&bad))
    }

    fn rows(plan: &Plan, folded: Folded<RetentionTotal>, rows: &mut Rows) -> Result<(), Cause> {
        let answer = plan.answer(&folded.total, &folded.texts);
        let spans: Vec<u32> = answer.columns.iter().map(|column| column.first).collect();
        let groups = match answer.groups.is_empty() {
            true => std::slice::from_ref(&answer.all),
            false => &answer.groups,
        };
        for of in groups {
            of.cohorts.iter().for_each(|cohort| push(rows, of, cohort, &spans));
        }
        Ok(())
    }
}

fn definition(arguments: &mut Arguments<'_>) -> Result<Definition, String> {
    let (period, grain) = (arguments.period()?, arguments.grain()?);
    let begin = Condition::event(arguments.text("the event with which a customer begins")?);
    let back = Condition::event(arguments.text("the event with which a customer returns")?);
    let n_spans = arguments.count("how many spans later are looked at")?;
    arguments.end()?;
    Ok(Definition {
        calendar: Calendar::utc(),
        period,
        comparison: Comparison::None,
        grain,
        begin,
        cohort: Cohort::First,
        back,
        n_spans,
        counting: Counting::On,
        clock: Clock::Calendar,
        value: None,
        breakdown: None,
    })
}

fn push(rows: &mut Rows, of: &RetentionGroup, cohort: &CohortRow, spans: &[u32]) {
    for (span, cell) in spans.iter().zip(&cohort.cells) {
        let Some(cell) = cell else { continue };
        let share = cell.of.as_ref().ok().map(|share| share.value);
        let value = cell.worth.as_ref().map(|worth| worth.sum);
        rows.push(|column| match column {
            "cohort" => Cell::Text(&cohort.name),
            "cohort_begins" => Cell::Time(cohort.window.from),
            "n_customers" => number(cohort.n),
            "span" => Cell::Int(i64::from(*span)),
            "n" => number(cell.n),
            "share" => float(share),
            "is_over" => Cell::Bool(cell.is_over),
            "value" => float(value),
            "grp" => group(&of.group),
            _ => Cell::Null,
        });
    }
}
