//! How is a lifecycle asked in SQL?

use super::{Definition, Plan};
use crate::calendar::Grain;
use crate::sql::{self, GROUP, SHOWN};

/// How many customers are in which state, by span, and by group where there is a breakdown; groups
/// are called by their value, `(other)` and `(absent)`.
pub(super) fn sql(plan: &Plan) -> String {
    let Definition { grain, breakdown, .. } = &plan.definition;
    let grp = if breakdown.is_some() { ", grp" } else { "" };
    let step = match grain {
        Grain::Quarter => "interval '3 months'".into(),
        grain => format!("interval '1 {}'", grain.word()),
    };
    format!(
        "with {}\n), known as (\n  select customer_id, span{grp},\n    \
         lag(span) over (partition by customer_id order by span) as before,\n    \
         lead(span) over (partition by customer_id order by span) as after\n  from active\n), \
         states as (\n  select span, customer_id{grp},\n    case when before is null then 'new'\n      \
         when before = span - {step} then 'returning' else 'resurrecting' end as state\n  \
         from known\n  union all\n  select span + {step}, customer_id{grp}, 'dormant'\n  from known\n  \
         where after is null or after > span + {step}\n)\n{}",
        active(plan),
        counted(plan),
    )
}

/// The customers of each span, with the group of their first event in it.
fn active(plan: &Plan) -> String {
    let Definition { calendar, grain, events, breakdown, .. } = &plan.definition;
    let span = sql::span(calendar, *grain, "occurred_at");
    let (window, condition) = (sql::window(plan.ask.window), sql::condition(events));
    let which = format!("where {window}\n    and {condition}");
    let Some(breakdown) = breakdown else {
        return format!(
            "active as (\n  select distinct customer_id, {span} as span\n  from events\n  {which}"
        );
    };
    let (group, tables) = sql::grouped(&breakdown.by);
    format!(
        "counted as (\n  select customer_id, occurred_at, event_id, {span} as span, {group} as grp\n  \
         from {tables}\n  {which}\n), active as (\n  select distinct on (customer_id, span) \
         customer_id, span, grp\n  from counted\n  order by customer_id, span, occurred_at, event_id"
    )
}

/// The states of the spans of the answer.
fn counted(plan: &Plan) -> String {
    let Definition { calendar, grain, breakdown, .. } = &plan.definition;
    let begin = |k: usize| {
        let begin = sql::literal(&plan.spans.span(k).from.to_string());
        sql::span(calendar, *grain, &format!("timestamptz {begin}"))
    };
    let last = begin(plan.spans.len() - 1);
    let within = format!("where span between {} and {last}", begin(1));
    let Some(breakdown) = breakdown else {
        return format!(
            "select span, state, count(*) as n\nfrom states\n{within}\ngroup by span, state\n\
             order by span, state"
        );
    };
    let weighed =
        format!("(select grp from active where span between {} and {last}) as weighed", begin(0));
    format!(
        ", {}\nselect span, {GROUP} as grp, state, count(*) as n\nfrom states {SHOWN}\n{within}\n\
         group by 1, 2, 3\norder by 1, 2, 3",
        sql::shown(&weighed, breakdown.n_groups)
    )
}
