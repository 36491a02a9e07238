//! How is a retention asked in SQL?

use super::{Clock, Cohort, Counting, Definition, length};
use crate::sql::{self, GROUP, SHOWN};
use timeline::Window;

impl Definition {
    /// How many customers of each cohort returned in each span, and what their returns add up to,
    /// by group where there is a breakdown; in SQL. `None` where a return counts for more than its
    /// own span: unbounded, in brackets.
    ///
    /// A span is called by its beginning, or by its number where spans are counted from the very
    /// moment of the beginning. Those after the last that is looked at are there too.
    #[must_use]
    pub fn sql(&self, window: Window) -> Option<String> {
        (self.counting == Counting::On).then(|| self.plain_sql(window))
    }

    fn plain_sql(&self, window: Window) -> String {
        let (keys, numbers) = (self.of_group("cohort", ", grp"), self.of_group("1", ", 2"));
        let began = if self.breakdown.is_some() { "placed" } else { "began" };
        let mut lines = vec!["with began as (".to_owned()];
        lines.extend(match self.breakdown {
            None => self.began(window),
            Some(_) => self.began_in_groups(window),
        });
        lines.push("), sizes as (".into());
        lines.push(format!("  select {keys}, count(*) as n from {began} group by {numbers}"));
        lines.push("), e as (".into());
        lines.push(self.returns());
        lines.push("), returned as (".into());
        lines.extend(self.returned(began));
        lines.push(")".into());
        let value = if self.value.is_some() { ", value" } else { "" };
        lines.push(format!("select {keys}, n, span, customers{value}"));
        lines.push(format!("from sizes left join returned using ({keys}) order by {keys}, span"));
        lines.join("\n")
    }

    /// Who began when.
    fn began(&self, window: Window) -> Vec<String> {
        let (begin, within) = (sql::condition(&self.begin), sql::window(window));
        let first = "select customer_id, min(occurred_at) as occurred_at";
        let cohort = self.span("occurred_at");
        match self.cohort {
            Cohort::First => vec![
                format!("  select customer_id, occurred_at, {cohort} as cohort from ("),
                format!("    {first} from events where {begin} group by customer_id"),
                format!("  ) firsts where {within}"),
            ],
            Cohort::Every => vec![
                format!("  {first}, {cohort} as cohort"),
                format!("  from events where {begin} and {within} group by customer_id, {cohort}"),
            ],
        }
    }

    /// The same with the group of each beginning, and the tables that follow from it.
    fn began_in_groups(&self, window: Window) -> Vec<String> {
        let Some(breakdown) = &self.breakdown else { return Vec::new() };
        let (group, tables) = sql::grouped(&breakdown.by);
        let (begin, within) = (sql::condition(&self.begin), sql::window(window));
        let (key, before, after) = match self.cohort {
            Cohort::First => ("customer_id", String::new(), format!(" where {within}")),
            Cohort::Every => ("customer_id, cohort", format!(" and {within}"), String::new()),
        };
        vec![
            "  select * from (".into(),
            format!("    select distinct on ({key}) customer_id, occurred_at, cohort, grp from ("),
            format!(
                "      select customer_id, occurred_at, event_id, {} as cohort, {group} as grp",
                self.span("occurred_at")
            ),
            format!("      from {tables} where {begin}{before}"),
            format!("    ) beginnings order by {key}, occurred_at, event_id"),
            format!("  ) firsts{after}"),
            format!("), {}, placed as (", sql::shown("began", breakdown.n_groups)),
            format!("  select customer_id, occurred_at, cohort, {GROUP} as grp from began {SHOWN}"),
        ]
    }

    /// The events with which customers return.
    fn returns(&self) -> String {
        let value = self.value.as_ref().map(|value| format!(", {} as x", sql::number(value)));
        let (value, back) = (value.unwrap_or_default(), sql::condition(&self.back));
        format!("  select customer_id, occurred_at{value} from events where {back}")
    }

    /// Who of the table `began` returned in which span.
    fn returned(&self, began: &str) -> [String; 5] {
        let span = match length(self.grain).filter(|_| self.clock == Clock::Exact) {
            None => self.span("e.occurred_at"),
            Some(length) => format!(
                "floor(extract(epoch from e.occurred_at - b.occurred_at) / {})",
                length / 1_000_000
            ),
        };
        let value = if self.value.is_some() { ", coalesce(sum(e.x), 0) as value" } else { "" };
        [
            format!("  select {}, {span} as span,", self.of_group("b.cohort", ", b.grp")),
            format!("    count(distinct b.customer_id) as customers{value}"),
            format!("  from {began} b join e on e.customer_id = b.customer_id"),
            "    and e.occurred_at >= b.occurred_at".into(),
            format!("  group by {}", self.of_group("1, 2", ", 3")),
        ]
    }

    fn span(&self, time: &str) -> String {
        sql::span(&self.calendar, self.grain, time)
    }

    /// `columns`, and `more` where there are groups.
    fn of_group(&self, columns: &str, more: &str) -> String {
        format!("{columns}{}", if self.breakdown.is_some() { more } else { "" })
    }
}
