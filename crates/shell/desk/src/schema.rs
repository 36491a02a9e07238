//! What does a schema browser show of tables and functions?

use crate::folds;
use api::sql::{SqlColumn, SqlFunction, SqlSchema, SqlServer, SqlTable};
use sql::{Column, EVENT_COLUMNS, Table};

/// A function that is no fold: name, call, what it answers, and a question that can be run.
type Plain = [&'static str; 4];

/// Functions that are ours, or without which JSON and times are hard to ask for.
const FUNCTIONS: [Plain; 9] = [
    [
        "customer_key",
        "customer_key(customer_id)",
        "The customer's id as the API and the pages show it.",
        "SELECT customer_key(customer_id), name FROM customers LIMIT 10",
    ],
    [
        "customer_number",
        "customer_number(key)",
        "The number of the customer with this id; NULL where the text is no id.",
        "SELECT occurred_at, name FROM events WHERE customer_id = customer_number('c_0011') \
         ORDER BY occurred_at DESC LIMIT 50",
    ],
    [
        "->>",
        "json ->> key",
        "A field of a JSON object as text; NULL where it is not there. -> gives JSON, to go deeper.",
        "SELECT context -> 'page' ->> 'path' AS path, count(*) FROM events GROUP BY 1 \
         ORDER BY 2 DESC LIMIT 20",
    ],
    [
        "json_get_float",
        "json_get_float(json, key, …)",
        "A field of a JSON object as a number; NULL where it is none.",
        "SELECT sum(json_get_float(properties, 'revenue')) FROM events \
         WHERE name = 'Order Completed'",
    ],
    [
        "json_get_str",
        "json_get_str(json, key, …)",
        "A field of a JSON object as text; NULL where it is none.",
        "SELECT json_get_str(properties, 'currency') AS currency, count(*) FROM events \
         WHERE name = 'Order Completed' GROUP BY 1",
    ],
    [
        "json_object_keys",
        "json_object_keys(json)",
        "The keys of a JSON object, as a list.",
        "SELECT DISTINCT unnest(json_object_keys(properties)) AS field FROM events \
         WHERE name = 'Order Completed'",
    ],
    [
        "try_cast",
        "try_cast(value AS type)",
        "The value as another type; NULL where it cannot be one, instead of an error.",
        "SELECT sum(try_cast(properties ->> 'revenue' AS DOUBLE)) FROM events",
    ],
    [
        "date_trunc",
        "date_trunc(unit, time)",
        "The beginning of the hour, day, week, month, quarter or year, in UTC.",
        "SELECT date_trunc('month', occurred_at) AS month, count(*) FROM events \
         GROUP BY 1 ORDER BY 1",
    ],
    [
        "approx_percentile_cont",
        "approx_percentile_cont(value, share)",
        "The value below which a share of all lies, nearly.",
        "SELECT approx_percentile_cont(revenue, 0.5) FROM customers WHERE n_orders > 0",
    ],
];

/// Everything that can be asked for.
pub(crate) fn schema(server: Option<SqlServer>) -> SqlSchema {
    let events = table("events", "One row per event, with whom it belongs to now.", EVENT_COLUMNS);
    let others = Table::ALL.into_iter().map(|t| table(t.name(), t.doc(), t.columns()));
    let plain = FUNCTIONS.into_iter().map(|[name, signature, note, example]| SqlFunction {
        name: name.to_owned(),
        signature: signature.to_owned(),
        note: note.to_owned(),
        example: example.to_owned(),
    });
    SqlSchema {
        tables: std::iter::once(events).chain(others).collect(),
        functions: folds::described().into_iter().chain(plain).collect(),
        server,
    }
}

fn table(name: &str, note: &str, columns: &[Column]) -> SqlTable {
    let column = |column: &Column| SqlColumn {
        name: column.name.to_owned(),
        type_name: column.kind.sql().to_owned(),
        note: sentence(column.doc),
    };
    let columns = columns.iter().map(column).collect();
    SqlTable { name: name.to_owned(), note: note.to_owned(), columns }
}

/// A note as a browser shows it beside others.
fn sentence(doc: &str) -> String {
    let mut letters = doc.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
