//! How is a stickiness asked in SQL?

use super::{Definition, Plan};
use crate::breakdown::Breakdown;
use crate::calendar::Grain;
use crate::sql::{self, GROUP, SHOWN};

/// How many customers were active on how many days, by span, and by group where there is a
/// breakdown; groups are called by their value, `(other)` and `(absent)`.
pub(super) fn sql(plan: &Plan) -> String {
    let Definition { calendar, grain, events, breakdown, .. } = &plan.definition;
    let span = sql::span(calendar, *grain, "occurred_at");
    let day = sql::span(calendar, Grain::Day, "occurred_at");
    let condition = sql::condition(events);
    let Some(breakdown) = breakdown else {
        return format!(
            "with active as (\n  select distinct customer_id, {span} as span, {day} as day\n  \
             from events\n  where {}\n    and {condition}\n), days as (\n  select span, \
             customer_id, count(*) as n_days\n  from active group by span, customer_id\n)\n\
             select span, n_days, count(*) as n\nfrom days\ngroup by span, n_days\n\
             order by span, n_days",
            sql::window(plan.spans.window()),
        );
    };
    by_group(plan, breakdown, (&span, &day, &condition))
}

/// Groups have the order of the active days, also of those before the window to which its first
/// days look back.
fn by_group(
    plan: &Plan,
    breakdown: &Breakdown,
    (span, day, condition): (&str, &str, &str),
) -> String {
    let (group, tables) = sql::grouped(&breakdown.by);
    let all = sql::window(plan.ask.window);
    let within = sql::window(plan.spans.window());
    let shown = sql::shown("active", breakdown.n_groups);
    format!(
        "with counted as (\n  select customer_id, occurred_at, event_id, {span} as span, {day} as day, \
         {group} as grp\n  from {tables}\n  where {all}\n    and {condition}\n), active as (\n  \
         select distinct on (customer_id, day) customer_id, day, grp\n  from counted\n  \
         order by customer_id, day, occurred_at, event_id\n), {shown}, firsts as (\n  \
         select distinct on (customer_id, span) customer_id, span, grp\n  from counted\n  \
         where {within}\n  order by customer_id, span, occurred_at, event_id\n), days as (\n  \
         select customer_id, span, count(distinct day) as n_days\n  from counted\n  \
         where {within}\n  group by customer_id, span\n)\nselect span, {GROUP} as grp, n_days, \
         count(*) as n\nfrom days join firsts using (customer_id, span) {SHOWN}\n\
         group by 1, 2, 3\norder by 1, 2, 3"
    )
}
