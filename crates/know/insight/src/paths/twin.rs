//! How are paths asked in SQL?

use super::{Anchor, Definition, Which};
use crate::sql;
use timeline::Window;

impl Definition {
    /// The most frequent beginnings of three steps, in SQL; `None` where it takes more than the
    /// next rows: collapsed repeats, gaps, lengths, one anchor per customer.
    #[must_use]
    pub fn sql(&self, window: Window) -> Option<String> {
        let (anchor, next) = match &self.anchor {
            Anchor::From(condition) => (condition, "lead"),
            Anchor::To(condition) => (condition, "lag"),
            Anchor::Sessions => return None,
        };
        if self.collapse
            || self.gap.is_some()
            || self.within.is_some()
            || self.which == Which::First
        {
            return None;
        }
        let (is_anchor, is_step) = (sql::condition(anchor), sql::condition(&self.among));
        let (label, within) = (self.label_sql(), sql::window(window));
        let over = "over (partition by customer_id order by occurred_at, event_id)";
        let (third, column) = match self.depth {
            2 => (String::new(), ""),
            _ => (format!(",\n    {next}(step, 2) {over} as third"), ", third"),
        };
        let lines = [
            "with steps as (".to_owned(),
            format!("  select customer_id, occurred_at, event_id, {label} as step,"),
            format!("    coalesce({is_anchor}, false) as is_anchor"),
            format!("  from events where {within}"),
            format!("    and ({is_anchor} or {is_step} and {label} is not null)"),
            "), paths as (".to_owned(),
            format!("  select is_anchor, step, {next}(step) {over} as second{third} from steps"),
            ")".to_owned(),
            format!("select step, second{column}, count(*) as paths"),
            format!("from paths where is_anchor group by step, second{column} order by paths desc"),
        ];
        Some(lines.join("\n"))
    }
}
