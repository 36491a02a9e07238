//! How is what insights share written in SQL?
//!
//! Every insight has a twin in SQL over `events(customer_id, occurred_at, kind, name, source_id,
//! properties, context)`, where `occurred_at` is a `timestamptz` and the last two are JSON, and
//! over `customers(customer_id, traits)`. The twins are in PostgreSQL's dialect, as far as
//! DataFusion speaks it too. They say what is counted, for a reader and for whoever counts again;
//! what they leave open is said where a text stands in a field that is read as a number: there the
//! field counts as absent here, and is an error in SQL.

pub use definition::sql::{condition, field, label, literal, number, span, trait_, window};

use crate::breakdown::By;
use crate::visits::channel;
use definition::Unknown;
use definition::sql::fact_test;
use timeline::{FactTest, Window};

/// The group of a row as answers call it: its value, `(other)` or `(absent)`. Of a column `grp`,
/// where a table `shown` with the values that have a group of their own was joined by [`SHOWN`].
pub(crate) const GROUP: &str =
    "case when grp is null then '(absent)' when own is null then '(other)' else grp end";

/// Joins the values that have a group of their own.
pub(crate) const SHOWN: &str = "left join shown on own = grp";

/// The `n` values of `grp` with the most rows in `table`, as a table `shown`.
pub(crate) fn shown(table: &str, n: usize) -> String {
    format!(
        "shown as (\n  select grp as own from {table} where grp is not null\n  \
         group by grp order by count(*) desc, grp limit {n}\n)"
    )
}

/// A question in SQL, put to the events of customers for whom all of `who` holds alone.
#[must_use]
pub fn among(sql: &str, who: &[FactTest]) -> String {
    if who.is_empty() {
        return sql.to_owned();
    }
    let tests: Vec<String> =
        who.iter().map(|test| fact_test(&test.fact, &test.op, &Unknown)).collect();
    let customers = format!("select customer_id from customers where {}", tests.join(" and "));
    let events = format!(
        "events as (\n  select * from events where customer_id in (\n    {customers}\n  )\n)"
    );
    match sql.strip_prefix("with ") {
        Some(rest) => format!("with {events}, {rest}"),
        None => format!("with {events}\n{sql}"),
    }
}

/// What is grouped by, and the table or tables in which it stands; of channels that is `visited`,
/// which [`visited`] makes.
pub(crate) fn grouped(by: &By) -> (String, &'static str) {
    match by {
        By::Label(of) => (label(of), "events"),
        By::Trait(name) => (
            trait_(name),
            "events left join (select customer_id, traits from customers) as customers using \
             (customer_id)",
        ),
        By::Channel { .. } => ("channel".into(), "visited"),
    }
}

/// The tables that [`grouped`] needs besides, for what happens in `window`.
pub(crate) fn visited(by: Option<&By>, window: Window) -> Vec<String> {
    match by {
        Some(By::Channel { own_hosts }) => channel::visited(window, own_hosts),
        Some(By::Label(_) | By::Trait(_)) | None => Vec::new(),
    }
}
