//! How are visits asked in SQL?

use super::{Bounce, Definition, LOOK_AHEAD};
use crate::sql;
use timeline::Window;

impl Definition {
    /// The visits of the period, their visitors, page views, bounces and mean duration, in SQL;
    /// `None` where they are told apart by a dimension or over time.
    #[must_use]
    pub fn sql(&self, window: Window) -> Option<String> {
        if self.by.is_some() || self.grain.is_some() {
            return None;
        }
        let seen = sql::window(Window {
            from: window.from.minus(self.gap),
            until: window.until.plus(LOOK_AHEAD),
        });
        let (activity, views) = (sql::condition(&self.activity), sql::condition(&self.views));
        let over = "over (partition by customer_id order by occurred_at)";
        let gap = format!("interval '{} microseconds'", self.gap.0);
        let mut begins = format!("coalesce(occurred_at - lag(occurred_at) {over} > {gap}, true)");
        if self.is_cut_at_midnight {
            let day = sql::span(&self.calendar, crate::Grain::Day, "occurred_at");
            begins += &format!(" or {day} <> lag({day}) {over}");
        }
        let bounce = match self.bounce {
            Bounce::OneView => "views <= 1",
            Bounce::OneEvent => "events = 1",
        };
        let lines = [
            "with marked as (".to_owned(),
            format!("  select customer_id, occurred_at, coalesce({views}, false) as is_view,"),
            format!("    case when {begins} then 1 else 0 end as begins"),
            format!("  from events where {seen} and ({activity} or {views})"),
            "), numbered as (".to_owned(),
            format!("  select *, sum(begins) {over} as visit from marked"),
            "), visits as (".to_owned(),
            "  select customer_id, min(occurred_at) as occurred_at,".to_owned(),
            "    max(occurred_at) - min(occurred_at) as duration, count(*) as events,".to_owned(),
            "    count(*) filter (where is_view) as views".to_owned(),
            "  from numbered group by customer_id, visit".to_owned(),
            ")".to_owned(),
            "select count(*) as visits, count(distinct customer_id) as visitors,".to_owned(),
            format!("  sum(views) as views, count(*) filter (where {bounce}) as bounces,"),
            "  avg(extract(epoch from duration)) as duration_s".to_owned(),
            format!("from visits where {}", sql::window(window)),
        ];
        Some(lines.join("\n"))
    }
}
