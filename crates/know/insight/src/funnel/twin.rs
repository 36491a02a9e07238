//! How is a funnel asked in SQL?

use super::{At, Definition, FunnelBreakdown, Order};
use crate::breakdown::By;
use crate::sql::{self, GROUP, SHOWN};
use base::Duration;
use timeline::Window;

impl Definition {
    /// How many customers got to each level and no deeper, by group where there is a breakdown; in
    /// SQL. `None` where it takes more than a few joins: strict or any order, exclusions, held
    /// fields, groups by the last step.
    ///
    /// An event that fulfils two neighbouring steps would count for both here, and of two first
    /// steps in the same microsecond the group may be the one or the other's.
    #[must_use]
    pub fn sql(&self, window: Window) -> Option<String> {
        let is_plain = self.order == Order::Ordered
            && self.exclusions.is_empty()
            && self.held.is_empty()
            && self.breakdown.as_ref().is_none_or(is_known_at_first);
        is_plain.then(|| self.plain_sql(window))
    }

    fn plain_sql(&self, window: Window) -> String {
        let by = self.breakdown.as_ref().map(|breakdown| &breakdown.by.by);
        let before: String = sql::visited(by, window).iter().map(|t| format!("{t}, ")).collect();
        let mut lines = vec![format!("with {before}s1 as (")];
        lines.extend(self.begun(window));
        for k in 2..=self.steps.len() {
            lines.extend(self.step(k));
        }
        lines.extend(self.deepest());
        lines.extend(self.counted());
        lines.join("\n")
    }

    /// Every beginning.
    fn begun(&self, window: Window) -> [String; 3] {
        let (group, from) = match &self.breakdown {
            None => (String::new(), "events"),
            Some(breakdown) => {
                let (group, from) = sql::grouped(&breakdown.by.by);
                (format!(", {group} as grp"), from)
            }
        };
        [
            format!("  select customer_id, occurred_at as began, occurred_at as at{group}"),
            format!("  from {from}"),
            format!("  where {} and {}", sql::condition(&self.steps[0]), sql::window(window)),
        ]
    }

    /// For every beginning, the first event of step `k` that is in time.
    fn step(&self, k: usize) -> [String; 6] {
        let condition = sql::condition(&self.steps[k - 1]);
        let within = microseconds(self.within);
        let keys = format!("s.customer_id, s.began{}", self.of_group(", s.grp"));
        [
            format!("), e{k} as (select customer_id, occurred_at from events where {condition}"),
            format!("), s{k} as ("),
            format!("  select {keys}, min(e.occurred_at) as at"),
            format!("  from s{} s join e{k} e on e.customer_id = s.customer_id", k - 1),
            format!("    and e.occurred_at between s.at and s.began + {within}"),
            format!("  group by {keys}"),
        ]
    }

    /// Of every customer the deepest attempt, the earliest among those.
    fn deepest(&self) -> [String; 6] {
        let group = self.of_group(", grp");
        let level = |k| format!("select customer_id, began{group}, {k} as level from s{k}");
        let levels: Vec<String> = (1..=self.steps.len()).map(level).collect();
        [
            "), deepest as (".into(),
            format!("  select distinct on (customer_id) customer_id, level{group} from ("),
            format!("    {}", levels.join("\n    union all ")),
            "  ) reached".into(),
            "  order by customer_id, level desc, began".into(),
            ")".into(),
        ]
    }

    fn counted(&self) -> Vec<String> {
        let Some(breakdown) = &self.breakdown else {
            let count = "select level, count(*) as customers from deepest group by 1 order by 1";
            return vec![count.into()];
        };
        vec![
            format!(", {}", sql::shown("deepest", breakdown.by.n_groups)),
            format!("select {GROUP} as grp, level, count(*) as customers"),
            format!("from deepest {SHOWN} group by 1, 2 order by 1, 2"),
        ]
    }

    /// `columns` where there are groups.
    fn of_group<'c>(&self, columns: &'c str) -> &'c str {
        if self.breakdown.is_some() { columns } else { "" }
    }
}

/// Whether the group is known when an attempt begins.
fn is_known_at_first(breakdown: &FunnelBreakdown) -> bool {
    breakdown.at == At::First || matches!(breakdown.by.by, By::Trait(_))
}

/// A length of time as a literal.
fn microseconds(length: Duration) -> String {
    format!("interval '{} microseconds'", length.0)
}
