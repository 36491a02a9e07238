//! How is the grid of recency and frequency counted in SQL?

use super::{Edges, Plan};
use crate::sql::{self, GROUP, SHOWN};

impl Plan {
    /// The same question in SQL; see [`sql`] for its tables. Where scores are cut at quantiles,
    /// those are worked out there anew.
    #[must_use]
    pub fn sql(&self) -> String {
        let (recencies, frequencies, edges, from) = match &self.definition.edges {
            Edges::Given(scale) => {
                (literals(&scale.recency_days), literals(&scale.frequency), String::new(), "seen")
            }
            Edges::Quantiles(n) => {
                let (recencies, frequencies) = (names("r", *n), names("f", *n));
                let mut cuts = quantiles("recency", &recencies);
                cuts.extend(quantiles("frequency", &frequencies));
                let cuts = cuts.join(",\n    ");
                let edges = format!(", edges as (\n  select {cuts}\n  from seen\n)");
                (recencies, frequencies, edges, "seen cross join edges")
            }
        };
        let late = above('-', "recency", &recencies);
        let often = above('+', "frequency", &frequencies);
        let (grp, group, shown, scores, keys) = match &self.definition.breakdown {
            None => ("", String::new(), String::new(), "scores".into(), "1, 2"),
            Some(by) => (
                "grp, ",
                format!("{GROUP} as grp, "),
                format!(", {}", sql::shown("seen", by.n_groups)),
                format!("scores {SHOWN}"),
                "1, 2, 3",
            ),
        };
        format!(
            "with seen as (\n{}\n){edges}, scores as (\n  select {grp}monetary,\n    {}{late} as \
             recency,\n    1{often} as frequency\n  from {from}\n){shown}\nselect {group}recency, \
             frequency, count(*) as n, avg(monetary) as money\nfrom {scores}\ngroup by {keys}\n\
             order by {keys}",
            self.seen_in_sql(),
            recencies.len() + 1,
        )
    }

    /// A row per customer: whole days since the last event that counts, how many there are, and
    /// what the number adds up to.
    fn seen_in_sql(&self) -> String {
        let money = self.definition.money.as_ref().map_or("0".into(), sql::number);
        let (until, window) = (self.ask.window.until, sql::window(self.ask.window));
        let condition = sql::condition(&self.definition.events);
        let (group, tables, keys) = match &self.definition.breakdown {
            None => (String::new(), "events", "customer_id"),
            Some(breakdown) => {
                let (group, tables) = sql::grouped(&breakdown.by);
                (format!(" {group} as grp,"), tables, "1, 2")
            }
        };
        format!(
            "  select customer_id,{group}\n    floor(extract(epoch from timestamptz '{until}' - \
             max(occurred_at)) / 86400) as recency,\n    count(*) as \
             frequency, coalesce(sum({money}), 0) as monetary\n  from {tables}\n  where {window}\n    \
             and {condition}\n  group by {keys}"
        )
    }
}

fn literals(edges: &[f64]) -> Vec<String> {
    edges.iter().map(|edge| format!("{edge:?}")).collect()
}

/// What the edges between `n` scores are called.
fn names(of: &str, n: usize) -> Vec<String> {
    (1..n).map(|edge| format!("{of}{edge}")).collect()
}

fn quantiles(value: &str, names: &[String]) -> Vec<String> {
    let n = names.len() + 1;
    let quantile = |(edge, name): (usize, &String)| {
        let share = (edge + 1) as f64 / n as f64;
        format!("percentile_cont({share}) within group (order by {value}) as {name}")
    };
    names.iter().enumerate().map(quantile).collect()
}

/// One more, or less, for each edge that the value lies above.
fn above(sign: char, value: &str, edges: &[String]) -> String {
    let one = |edge| format!("\n      {sign} case when {value} > {edge} then 1 else 0 end");
    edges.iter().map(one).collect()
}
