//! How is a trend written in SQL?

use super::definition::{Measure, Series};
use super::plan::Plan;
use crate::formula::letter;
use crate::sql::{self, GROUP, SHOWN};

/// Where groups are, they are called by their value, `(other)` and `(absent)`.
pub(super) fn sql(plan: &Plan) -> String {
    let definition = &plan.definition;
    let n_series = definition.series.len();
    let by = definition.breakdown.as_ref().map(|breakdown| &breakdown.by);
    let mut tables = sql::visited(by, plan.spans.window());
    tables.extend((0..n_series).map(|k| counted(plan, &definition.series[k], name(k))));
    tables.extend(shown(plan));
    tables.extend((0..n_series).map(|k| {
        let value = value(&definition.series[k].measure);
        let name = name(k);
        let (columns, from, keys) = match definition.breakdown {
            None => ("span".into(), name.into(), "1"),
            Some(_) => (format!("span, {GROUP} as grp"), format!("{name} {SHOWN}"), "1, 2"),
        };
        format!(
            "{name}_by as (\n  select {columns}, {value} as value\n  from {from} group by {keys}\n)"
        )
    }));
    format!("with {}\n{}", tables.join(",\n"), result(plan))
}

fn name(series: usize) -> char {
    letter(series).to_ascii_lowercase()
}

/// The events that count for a series.
fn counted(plan: &Plan, series: &Series, name: char) -> String {
    let definition = &plan.definition;
    let span = sql::span(&definition.calendar, definition.grain, "occurred_at");
    let mut columns = vec![format!("{span} as span"), "customer_id".into()];
    let mut tables = "events";
    if let Some(breakdown) = &definition.breakdown {
        let (group, from) = sql::grouped(&breakdown.by);
        columns.push(format!("{group} as grp"));
        tables = from;
    }
    let window = sql::window(plan.spans.window());
    let mut conditions = format!("{window}\n    and {}", sql::condition(&series.events));
    if let Some(number) = series.measure.number() {
        let number = sql::number(number);
        columns.push(format!("{number} as x"));
        conditions += &format!(" and {number} is not null");
    }
    let columns = columns.join(", ");
    format!("{name} as (\n  select {columns}\n  from {tables}\n  where {conditions}\n)")
}

/// The values with a group of their own.
fn shown(plan: &Plan) -> Option<String> {
    let n_groups = plan.definition.breakdown.as_ref()?.n_groups;
    let all: Vec<String> =
        (0..plan.definition.series.len()).map(|k| format!("select grp from {}", name(k))).collect();
    Some(sql::shown(&format!("({}) as counted", all.join(" union all ")), n_groups))
}

fn value(measure: &Measure) -> String {
    match measure {
        Measure::Events => "count(*)".into(),
        Measure::Customers => "count(distinct customer_id)".into(),
        Measure::EventsPerCustomer => {
            "cast(count(*) as double precision) / count(distinct customer_id)".into()
        }
        Measure::Sum(_) => "sum(x)".into(),
        Measure::Mean(_) => "avg(x)".into(),
        Measure::Min(_) => "min(x)".into(),
        Measure::Max(_) => "max(x)".into(),
        Measure::Percentile { percent, .. } => {
            format!("percentile_cont({}) within group (order by x)", percent / 100.0)
        }
        Measure::SumPerCustomer(_) => "sum(x) / count(distinct customer_id)".into(),
    }
}

/// The series side by side, and the formula.
fn result(plan: &Plan) -> String {
    let definition = &plan.definition;
    let keys: &[&str] = if definition.breakdown.is_some() { &["span", "grp"] } else { &["span"] };
    let written = |k: usize| {
        let value = format!("{}_by.value", name(k));
        match definition.series[k].measure {
            // Where nothing was counted there is no row, which is 0 for these.
            Measure::Events | Measure::Customers | Measure::Sum(_) => {
                format!("coalesce({value}, 0)")
            }
            _ => value,
        }
    };
    let n_series = definition.series.len();
    let mut columns: Vec<String> =
        keys.iter().map(|key| format!("{} as {key}", of_series(key, n_series))).collect();
    columns.extend((0..n_series).map(|k| format!("{} as \"{}\"", written(k), letter(k))));
    if let Some(formula) = &plan.formula {
        // Counts are whole numbers, and SQL would divide them as such.
        let number = |k: usize| format!("cast({} as double precision)", written(k));
        columns.push(format!("{} as formula", formula.sql(&number)));
    }
    let joins: String = (1..n_series).map(|k| joined(keys, k)).collect();
    let order = if keys.len() == 1 { "1" } else { "1, 2" };
    format!("select {}\nfrom a_by{joins}\norder by {order}", columns.join(", "))
}

/// What a key is in the first `n` series, joined: each may lack it. (`using` would say the same,
/// but not everywhere is it the key of either side.)
fn of_series(key: &str, n: usize) -> String {
    let all: Vec<String> = (0..n).map(|k| format!("{}_by.{key}", name(k))).collect();
    if n == 1 { all.join(", ") } else { format!("coalesce({})", all.join(", ")) }
}

/// Joins the series `k` to those before it.
fn joined(keys: &[&str], k: usize) -> String {
    let of = name(k);
    let is_same = |key: &&str| format!("{of}_by.{key} = {}", of_series(key, k));
    let all: Vec<String> = keys.iter().map(is_same).collect();
    format!("\nfull join {of}_by on {}", all.join(" and "))
}
