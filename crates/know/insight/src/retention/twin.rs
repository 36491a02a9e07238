//! How is a retention asked in SQL?

use super::{Clock, Cohort, Counting, Definition};
use crate::sql;
use timeline::Window;

impl Definition {
    /// How many customers of each cohort returned in each span of the calendar, in SQL; `None`
    /// where it takes more than two joins: unbounded, in brackets, by the exact clock, in groups.
    /// Spans after the last that is looked at are there too.
    #[must_use]
    pub fn sql(&self, window: Window) -> Option<String> {
        let is_plain = self.counting == Counting::On
            && self.clock == Clock::Calendar
            && self.value.is_none()
            && self.breakdown.is_none();
        is_plain.then(|| self.plain_sql(window))
    }

    fn plain_sql(&self, window: Window) -> String {
        let span = |time: &str| sql::span(&self.calendar, self.grain, time);
        let (begin, back) = (sql::condition(&self.begin), sql::condition(&self.back));
        let within = sql::window(window);
        let first = "select customer_id, min(occurred_at) as occurred_at from events";
        let began = match self.cohort {
            Cohort::First => format!(
                "select * from ({first} where {begin} group by customer_id) firsts where {within}"
            ),
            Cohort::Every => format!(
                "{first} where {begin} and {within} group by customer_id, {}",
                span("occurred_at")
            ),
        };
        let (cohort, of_began) = (span("occurred_at"), span("b.occurred_at"));
        [
            format!("with began as (\n  {began}"),
            "), sizes as (".to_owned(),
            format!("  select {cohort} as cohort, count(*) as n from began group by 1"),
            format!("), e as (select customer_id, occurred_at from events where {back}"),
            "), returned as (".to_owned(),
            format!("  select {of_began} as cohort, {} as span,", span("e.occurred_at")),
            "    count(distinct b.customer_id) as customers".to_owned(),
            "  from began b join e on e.customer_id = b.customer_id".to_owned(),
            "    and e.occurred_at >= b.occurred_at".to_owned(),
            "  group by 1, 2".to_owned(),
            ")".to_owned(),
            "select cohort, n, span, customers".to_owned(),
            "from sizes left join returned using (cohort) order by cohort, span".to_owned(),
        ]
        .join("\n")
    }
}
