//! What is asked of the made history, and which of it has no SQL?

use super::numbers::{
    FUNNEL, LAST_TOUCH, LIFECYCLE, PATHS, RETENTION, RFM, Read, STICKINESS, TREND, VISITS,
};
use serde_json::{Value, json};

/// A question of an insight.
pub struct Asked {
    /// The last part of its path.
    pub insight: &'static str,
    /// What is special about it.
    pub name: &'static str,
    /// The body of the call.
    pub question: Value,
    /// What is expected of its SQL.
    pub twin: Twin,
}

/// What is expected of a question's SQL.
pub enum Twin {
    /// It comes to the same numbers.
    Same(Read),
    /// There is none.
    None {
        /// Why.
        because: &'static str,
    },
}

/// The insights, in the order in which they are asked.
pub const INSIGHTS: [&str; 9] = [
    "trend",
    "funnel",
    "retention",
    "visits",
    "paths",
    "lifecycle",
    "stickiness",
    "rfm",
    "last-touch",
];

/// Everything that is asked.
pub fn all() -> Vec<Asked> {
    let parts = [
        trends(),
        funnels(),
        funnels_without(),
        retentions(),
        visits(),
        paths(),
        lifecycles(),
        stickinesses(),
        grids(),
        last_touches(),
    ];
    parts.into_iter().flatten().collect()
}

/// A question about nearly all of the history, by the clock of Berlin; `more` comes on top.
fn question(more: Value) -> Value {
    let mut question = json!({
        "clock": {"time_zone": "Europe/Berlin", "weeks_begin_on_sunday": true},
        "period": {"kind": "between", "first": "2024-10-25", "last": "2025-04-17"},
    });
    let Value::Object(more) = more else { panic!("no fields: {more}") };
    question.as_object_mut().expect("it is an object").extend(more);
    question
}

fn same(insight: &'static str, read: Read, name: &'static str, more: Value) -> Asked {
    Asked { insight, name, question: question(more), twin: Twin::Same(read) }
}

fn without(insight: &'static str, because: &'static str, name: &'static str, more: Value) -> Asked {
    Asked { insight, name, question: question(more), twin: Twin::None { because } }
}

fn new_york() -> Value {
    json!({"time_zone": "America/New_York"})
}

fn of(name: &str) -> Value {
    json!({"events": [name]})
}

fn orders() -> Value {
    of("Order Completed")
}

fn views() -> Value {
    of("Product Viewed")
}

fn property(path: &str) -> Value {
    json!({"of": "property", "path": path})
}

fn context(path: &str, view: &str) -> Value {
    json!({"of": "context", "path": path, "view": view})
}

fn by_trait() -> Value {
    json!({"by": {"of": "trait", "name": "plan"}, "n_groups": 2})
}

fn by(by: Value, n_groups: u32) -> Value {
    let mut groups = json!({ "n_groups": n_groups });
    groups["by"] = by;
    groups
}

/// Traits of those who are asked about.
fn with_a_plan() -> Value {
    json!([{"trait": "plan", "op": "is", "values": ["pro", "basic"]},
        {"trait": "name", "op": "exists"}])
}

/// A measure of orders, and of everything.
fn series(first: &str, second: &str) -> Value {
    let one = |events: Value, is: &str| {
        let mut measure = json!({ "is": is });
        if !matches!(is, "events" | "customers" | "events_per_customer") {
            measure["of"] = property("revenue");
        }
        if is == "percentile" {
            measure["percentile"] = json!(75.0);
        }
        json!({"events": events, "measure": measure})
    };
    json!([one(orders(), first), one(json!({}), second)])
}

fn trends() -> Vec<Asked> {
    let trend = |name, more| same("trend", TREND, name, more);
    let tests = json!([
        {"field": property("revenue"), "op": "at_least", "value": 0.1},
        {"field": property("category"), "op": "is_not", "values": ["lamps"]},
        {"field": {"of": "context", "path": "campaign.source"}, "op": "contains", "text": "e"},
        {"field": property("order_id"), "op": "exists"},
    ]);
    let tested = json!([{"events": {"events": ["Order Completed"], "tests": tests},
        "measure": {"is": "sum", "of": property("revenue")}}]);
    vec![
        trend(
            "weeks, a formula, a comparison",
            json!({"grain": "week", "compare": "previous",
            "series": series("events", "customers"), "formula": "A / B * 100"}),
        ),
        trend(
            "days in New York, by a property",
            json!({"grain": "day", "clock": new_york(),
            "series": series("sum", "events_per_customer"),
            "breakdown": by(property("category"), 1)}),
        ),
        trend(
            "months, by a trait",
            json!({"grain": "month",
            "series": series("mean", "sum_per_customer"), "breakdown": by_trait()}),
        ),
        trend(
            "quarters, by the path of an address",
            json!({"grain": "quarter",
            "series": series("min", "events"), "formula": "B - A",
            "breakdown": by(context("page.url", "path"), 2)}),
        ),
        trend(
            "years, by a host",
            json!({"grain": "year", "series": series("percentile", "max"),
            "breakdown": by(context("page.url", "host"), 1)}),
        ),
        trend(
            "hours of which one comes twice",
            json!({"grain": "hour",
            "period": {"kind": "between", "first": "2024-10-26", "last": "2024-10-28"},
            "series": series("customers", "events"), "breakdown": by(json!({"of": "name"}), 2)}),
        ),
        trend(
            "hours of which one is left out",
            json!({"grain": "hour", "clock": new_york(),
            "period": {"kind": "between", "first": "2025-03-08", "last": "2025-03-10"},
            "series": series("sum", "events"), "breakdown": by(json!({"of": "kind"}), 10)}),
        ),
        trend(
            "weeks, by channel",
            json!({"grain": "week", "series": series("events", "sum"),
            "breakdown": by(json!({"of": "channel"}), 2)}),
        ),
        trend(
            "of customers with a plan",
            json!({"grain": "month", "who": with_a_plan(),
            "series": series("customers", "mean"), "breakdown": by_trait()}),
        ),
        trend(
            "tests, by source",
            json!({"grain": "week", "series": tested,
            "breakdown": by(json!({"of": "source"}), 10)}),
        ),
    ]
}

fn steps() -> Value {
    json!([of("Page Viewed"), views(), orders()])
}

/// Steps within twelve days, and more.
fn funnel(more: &Value) -> Value {
    let mut fields = json!({"steps": steps(), "within": 1_036_800});
    fields.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    fields
}

fn funnels() -> Vec<Asked> {
    let asked = |name, more: Value| same("funnel", FUNNEL, name, funnel(&more));
    let tested = json!({"events": ["Order Completed"],
        "tests": [{"field": property("revenue"), "op": "more", "value": 1.0}]});
    vec![
        asked("three steps", json!({"compare": "previous"})),
        asked("two steps within an hour", json!({"steps": [views(), tested], "within": 3_600})),
        asked("by a property", json!({"breakdown": by(property("category"), 2)})),
        asked("by a campaign", json!({"breakdown": by(context("campaign.source", "whole"), 2)})),
        asked("by a trait", json!({"breakdown": by_trait()})),
        asked("by channel", json!({"breakdown": by(json!({"of": "channel"}), 10)})),
        asked("of customers with a plan", json!({"who": with_a_plan()})),
        asked("by a trait of the last", json!({"breakdown": by_trait(), "at": "last"})),
    ]
}

fn funnels_without() -> Vec<Asked> {
    let asked = |name, because, more: Value| without("funnel", because, name, funnel(&more));
    let next = "what stands between two steps is no matter of joins";
    let exclusion = json!({"condition": of("Signed Up"), "after": 1, "before": 2});
    vec![
        asked("strict", next, json!({"order": "strict"})),
        asked("any order", "each order of the steps is a row of joins", json!({"order": "any"})),
        asked("an exclusion", next, json!({"exclusions": [exclusion]})),
        asked(
            "held constant",
            "an event can stand in attempts of several values",
            json!({"held": [{"field": property("category")}]}),
        ),
        asked(
            "by a property of the last step",
            "the last step is known when all attempts are",
            json!({"breakdown": by(property("category"), 2), "at": "last"}),
        ),
    ]
}

/// From pages to orders, and more.
fn returning(more: &Value) -> Value {
    let mut fields = json!({"begin": of("Page Viewed"), "back": orders(), "n_spans": 200});
    fields.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    fields
}

fn retentions() -> Vec<Asked> {
    let asked = |name, more: Value| same("retention", RETENTION, name, returning(&more));
    let no = |name, because, more: Value| without("retention", because, name, returning(&more));
    let several = "a return counts for several spans";
    let brackets = json!({"is": "brackets", "brackets": [0, 1, 3, 7]});
    vec![
        asked("weeks", json!({"grain": "week"})),
        asked("days, every beginning", json!({"grain": "day", "cohort": "every"})),
        asked(
            "months, with a value",
            json!({"grain": "month", "cohort": "every",
            "clock": new_york(), "value": property("revenue")}),
        ),
        asked(
            "weeks, by a trait, with a value",
            json!({"grain": "week",
            "value": property("revenue"), "breakdown": by_trait()}),
        ),
        asked(
            "months, by a property",
            json!({"grain": "month", "cohort": "every",
            "breakdown": by(property("category"), 1)}),
        ),
        asked(
            "first, by the path of an address",
            json!({"grain": "quarter",
            "breakdown": by(context("page.url", "path"), 2), "clock": new_york()}),
        ),
        asked(
            "days from the very moment",
            json!({"grain": "day", "spans_from": "exact",
            "value": property("revenue")}),
        ),
        asked(
            "of customers with a plan",
            json!({"grain": "week", "who": with_a_plan(),
            "value": property("revenue")}),
        ),
        asked(
            "who begins is back",
            json!({"grain": "week", "begin": orders(),
            "value": property("revenue")}),
        ),
        no(
            "on or after",
            several,
            json!({"grain": "week",
            "counting": {"is": "on_or_after"}}),
        ),
        no("brackets", several, json!({"grain": "week", "counting": brackets})),
    ]
}

fn visits() -> Vec<Asked> {
    let asked = |name, more| same("visits", VISITS, name, more);
    vec![
        asked("all", json!({})),
        asked(
            "cut at midnight",
            json!({"is_cut_at_midnight": true, "bounce": "one_event",
            "gap": 72_000, "clock": new_york()}),
        ),
        asked("with views of another kind", json!({"views": views(), "activity": orders()})),
        asked("by channel", json!({"by": {"of": "channel"}})),
        asked(
            "by channel, some hosts are one's own",
            json!({"by": {"of": "channel"},
            "own_hosts": ["news.example"], "n_groups": 2}),
        ),
        asked("by referrer", json!({"by": {"of": "referrer"}, "n_groups": 1})),
        asked("by exit page", json!({"by": {"of": "exit_page"}})),
        asked("by device", json!({"by": {"of": "device"}, "gap": 86_400})),
        asked("by day", json!({"grain": "day"})),
        asked("by month and campaign", json!({"grain": "month", "by": {"of": "campaign"}})),
    ]
}

fn paths() -> Vec<Asked> {
    let from = || json!({"is": "from", "events": views()});
    let asked = |name, more| same("paths", PATHS, name, more);
    let no = |name, more| without("paths", "it takes more than the next rows", name, more);
    vec![
        asked("what comes next", json!({"anchor": from(), "depth": 3})),
        asked(
            "what came before",
            json!({"anchor": {"is": "to", "events": orders()}, "depth": 3,
            "among": {"events": ["Page Viewed", "Signed Up"]}}),
        ),
        asked(
            "two pages",
            json!({"anchor": {"is": "from", "events": of("Page Viewed")}, "depth": 2,
            "label": {"field": {"of": "context", "path": "page.path"}}}),
        ),
        no("repeats are one", json!({"anchor": from(), "collapse": true})),
        no("until a gap", json!({"anchor": from(), "gap": 1_800})),
        no("for a day", json!({"anchor": from(), "within": 86_400})),
        no("from the first", json!({"anchor": from(), "which": "first"})),
        no("of visits", json!({"anchor": {"is": "sessions"}, "gap": 1_800})),
    ]
}

fn lifecycles() -> Vec<Asked> {
    let asked = |name, more| same("lifecycle", LIFECYCLE, name, more);
    vec![
        asked("days", json!({"grain": "day"})),
        asked("weeks of orders", json!({"grain": "week", "events": orders()})),
        asked("months in New York", json!({"grain": "month", "clock": new_york()})),
        asked("quarters", json!({"grain": "quarter", "events": views()})),
        asked("months, by a trait", json!({"grain": "month", "breakdown": by_trait()})),
        asked(
            "weeks, by a property",
            json!({"grain": "week",
            "breakdown": by(property("category"), 2), "who": with_a_plan()}),
        ),
    ]
}

fn stickinesses() -> Vec<Asked> {
    let asked = |name, more| same("stickiness", STICKINESS, name, more);
    vec![
        asked("weeks", json!({"grain": "week"})),
        asked(
            "months of orders",
            json!({"grain": "month", "events": orders(),
            "clock": new_york()}),
        ),
        asked("weeks, by a trait", json!({"grain": "week", "breakdown": by_trait()})),
        asked(
            "months, by a property",
            json!({"grain": "month",
            "breakdown": by(property("category"), 2)}),
        ),
    ]
}

fn grids() -> Vec<Asked> {
    let asked = |name, more| same("rfm", RFM, name, more);
    let money = property("revenue");
    let given = json!({"is": "given", "recency_days": [10.0, 40.0], "frequency": [3.0, 8.0],
        "monetary": [50.0]});
    vec![
        asked("fifths", json!({"events": orders()})),
        asked(
            "thirds, with money",
            json!({"events": orders(), "money": money,
            "edges": {"is": "quantiles", "quantiles": 3}}),
        ),
        asked("given edges", json!({"money": property("revenue"), "edges": given})),
    ]
}

fn last_touches() -> Vec<Asked> {
    let asked = |name, more| same("last-touch", LAST_TOUCH, name, more);
    let campaign = json!({"field": {"of": "context", "path": "campaign.source"}});
    let touch = json!({"tests": [{"field": campaign["field"], "op": "exists"}]});
    vec![
        asked(
            "campaigns",
            json!({"outcome": orders(), "touch": touch, "label": campaign,
            "within": 2_592_000, "value": property("revenue")}),
        ),
        asked(
            "pages within a day",
            json!({"outcome": views(), "touch": of("Page Viewed"),
            "label": {"field": {"of": "context", "path": "page.path"}}, "within": 86_400}),
        ),
    ]
}
