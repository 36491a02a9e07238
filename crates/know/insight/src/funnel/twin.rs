//! How is a funnel asked in SQL?

use super::{Definition, Order};
use crate::sql;
use base::Duration;
use timeline::Window;

impl Definition {
    /// How many customers got to each level and no deeper, in SQL; `None` where it takes more than
    /// a few joins: strict or any order, exclusions, held fields, breakdowns.
    ///
    /// An event that fulfils two neighbouring steps would count for both here.
    #[must_use]
    pub fn sql(&self, window: Window) -> Option<String> {
        let is_plain = self.order == Order::Ordered
            && self.exclusions.is_empty()
            && self.held.is_empty()
            && self.breakdown.is_none();
        is_plain.then(|| self.plain_sql(window))
    }

    /// Each step finds, for every beginning, the first of its events that is in time.
    fn plain_sql(&self, window: Window) -> String {
        let mut lines = vec![
            "with s1 as (".to_owned(),
            "  select customer_id, occurred_at as began, occurred_at as at from events".to_owned(),
            format!("  where {} and {}", sql::condition(&self.steps[0]), sql::window(window)),
        ];
        let within = microseconds(self.within);
        for (k, step) in (2..).zip(&self.steps[1..]) {
            let condition = sql::condition(step);
            lines.extend([
                format!(
                    "), e{k} as (select customer_id, occurred_at from events where {condition}"
                ),
                format!("), s{k} as ("),
                "  select s.customer_id, s.began, min(e.occurred_at) as at".to_owned(),
                format!("  from s{} s join e{k} e on e.customer_id = s.customer_id", k - 1),
                format!("    and e.occurred_at between s.at and s.began + {within}"),
                "  group by s.customer_id, s.began".to_owned(),
            ]);
        }
        let level = |k| format!("select customer_id, {k} as level from s{k}");
        let levels: Vec<String> = (1..=self.steps.len()).map(level).collect();
        lines.extend([
            "), deepest as (".to_owned(),
            "  select customer_id, max(level) as level from (".to_owned(),
            format!("    {}", levels.join("\n    union all ")),
            "  ) reached group by customer_id".to_owned(),
            ")".to_owned(),
            "select level, count(*) as customers from deepest group by level order by level".into(),
        ]);
        lines.join("\n")
    }
}

/// A length of time as a literal.
fn microseconds(length: Duration) -> String {
    format!("interval '{} microseconds'", length.0)
}
