//! Does the number of active customers grow because new ones come, or because old ones stay?
//!
//! In every span (day, week, month…) each customer is in at most one of four states:
//!
//! * *new*: active in it, and never before, in all of history;
//! * *returning*: active in it and in the span right before;
//! * *resurrecting*: active in it, not in the span right before, but some time earlier;
//! * *dormant*: not active in it, but in the span right before.
//!
//! Active is who has an event that counts. So the active of a span are the returning and the
//! dormant of the next.

use crate::behind::{Behind, LISTED_MAX};
use crate::calendar::{Calendar, Grain};
use crate::error::BadDefinition;
use crate::kept::seen_whole;
use crate::period::Period;
use crate::spans::Spans;
use crate::{selection, sql, words};
use base::Timestamp;
use stats::{Estimate, NotEstimable};
use timeline::{Ask, Condition, Fold, Rows, Window};

#[cfg(test)]
mod tests;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The time zone, and the day with which weeks begin.
    pub calendar: Calendar,
    /// Which stretch of time is looked at; a span that it begins in is taken whole.
    pub period: Period,
    /// By what it is cut.
    pub grain: Grain,
    /// Which events make a customer active.
    pub events: Condition,
}

/// What a customer is in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Active for the first time.
    New,
    /// Active again, as right before.
    Returning,
    /// Active again, after a break.
    Resurrecting,
    /// No longer active.
    Dormant,
}

impl State {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::New, Self::Returning, Self::Resurrecting, Self::Dormant];
}

/// The states of one span.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// When it begins.
    pub begin: Timestamp,
    /// How it is called: see [`Calendar::name`].
    pub name: String,
    /// Whether it is over; else who is dormant may still come.
    pub is_whole: bool,
    /// Active for the first time.
    pub n_new: u64,
    /// Active as right before.
    pub n_returning: u64,
    /// Active after a break.
    pub n_resurrecting: u64,
    /// Active right before, not now.
    pub n_dormant: u64,
    /// Of those active right before, the share that is active again, with Wilson's interval.
    pub kept: Result<Estimate, NotEstimable>,
}

impl Span {
    /// How many are active.
    #[must_use]
    pub fn n_active(&self) -> u64 {
        self.n_new + self.n_returning + self.n_resurrecting
    }
}

impl Definition {
    /// How it is answered at the time `now`.
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn plan(&self, now: Timestamp) -> Result<Plan, BadDefinition> {
        selection::check(&self.events).map_err(|bad| bad.within("events"))?;
        let window = self.period.window(&self.calendar, now)?;
        let first = self.calendar.begin(self.grain, window.from);
        // One more span in front, to know who comes back.
        let before = self.calendar.begin(self.grain, Timestamp(first.0 - 1));
        let spans =
            Spans::new(&self.calendar, self.grain, Window { from: before, until: window.until })?;
        let all = Window { from: Window::EVER.from, until: window.until };
        let ask = selection::asked(&self.events, all);
        Ok(Plan { definition: self.clone(), spans, ask })
    }

    /// What is counted, in one sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let (events, grain) = (selection::words(&self.events), self.grain.word());
        words::sentence(&format!(
            "number of customers by {grain} who have {events} for the first time ever (new), as in \
             the {grain} before (returning), again after at least one {grain} without \
             (resurrecting), or not, but had it in the {grain} before (dormant), {}, {}",
            self.period.words(),
            self.calendar.words()
        ))
    }
}

/// A lifecycle, ready to be counted.
#[derive(Clone, Debug)]
pub struct Plan {
    definition: Definition,
    /// Those of the answer, and the one before them.
    spans: Spans,
    ask: Ask,
}

/// By span (that before the first included): how many are in each of [`State::ALL`].
pub type Total = Vec<[u64; 4]>;

impl Plan {
    /// How many spans the answer has.
    #[must_use]
    pub fn n_spans(&self) -> usize {
        self.spans.len() - 1
    }

    /// From when until when they reach.
    #[must_use]
    pub fn window(&self) -> Window {
        Window { from: self.spans.span(1).from, ..self.spans.window() }
    }

    /// The answer, by span.
    #[must_use]
    pub fn answer(&self, total: &Total) -> Vec<Span> {
        let span = |k: usize| {
            let [n_new, n_returning, n_resurrecting, n_dormant] = total[k];
            let begin = self.spans.span(k).from;
            Span {
                begin,
                name: self.definition.calendar.name(self.definition.grain, begin),
                is_whole: self.spans.is_whole(k),
                n_new,
                n_returning,
                n_resurrecting,
                n_dormant,
                kept: stats::share(n_returning, n_returning + n_dormant),
            }
        };
        (1..self.spans.len()).map(span).collect()
    }

    /// The customers behind a point: those in a state in the `k`-th span of the answer.
    #[must_use]
    pub fn behind(&self, state: State, k: usize, limit: usize) -> InState {
        InState { plan: self.clone(), state, span: k + 1, limit: limit.min(LISTED_MAX) }
    }

    /// The same question in SQL; see [`sql`](crate::sql) for its tables.
    #[must_use]
    pub fn sql(&self) -> String {
        let Definition { calendar, grain, events, .. } = &self.definition;
        let step = match grain {
            Grain::Quarter => "interval '3 months'".into(),
            grain => format!("interval '1 {}'", grain.word()),
        };
        let span = sql::span(calendar, *grain, "occurred_at");
        let window = sql::window(self.ask.window);
        let first = sql::literal(&self.spans.span(1).from.to_string());
        let last = sql::literal(&self.spans.span(self.spans.len() - 1).from.to_string());
        let bound = |bound: &str| sql::span(calendar, *grain, &format!("timestamptz {bound}"));
        format!(
            "with active as (\n  select distinct customer_id, {span} as span\n  from events\n  \
             where {window}\n    and {}\n), known as (\n  select customer_id, span,\n    \
             lag(span) over (partition by customer_id order by span) as before,\n    \
             lead(span) over (partition by customer_id order by span) as after\n  from active\n), \
             states as (\n  select span, customer_id,\n    case when before is null then 'new'\n      \
             when before = span - {step} then 'returning' else 'resurrecting' end as state\n  \
             from known\n  union all\n  select span + {step}, customer_id, 'dormant'\n  from known\n  \
             where after is null or after > span + {step}\n)\nselect span, state, count(*) as n\n\
             from states\nwhere span between {} and {}\ngroup by span, state\norder by span, state",
            sql::condition(events),
            bound(&first),
            bound(&last),
        )
    }

    /// Gives out what the customer is in which span, the one before the first included.
    #[inline]
    fn each(&self, rows: &Rows<'_>, mut take: impl FnMut(State, usize)) {
        let times = rows.times();
        let n_before = times.partition_point(|at| *at < self.spans.bounds()[0]);
        let mut is_known = selection::any_counts(rows, 0..n_before);
        let mut last: Option<usize> = None;
        for (k, range) in self.spans.runs(&times[n_before..]) {
            if !selection::any_counts(rows, n_before + range.start..n_before + range.end) {
                continue;
            }
            match last {
                Some(last) if last + 1 == k => take(State::Returning, k),
                Some(last) => {
                    take(State::Dormant, last + 1);
                    take(State::Resurrecting, k);
                }
                None if is_known => take(State::Resurrecting, k),
                None => take(State::New, k),
            }
            (last, is_known) = (Some(k), true);
        }
        if let Some(last) = last.filter(|last| last + 1 < self.spans.len()) {
            take(State::Dormant, last + 1);
        }
    }
}

impl Fold for Plan {
    type Total = Total;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Total) {
        self.each(&rows, |state, k| total[k][state as usize] += 1);
    }

    fn total(&self) -> Total {
        vec![[0; 4]; self.spans.len()]
    }

    fn merge(&self, into: &mut Total, other: Total) {
        for (into, other) in into.iter_mut().zip(other) {
            into.iter_mut().zip(other).for_each(|(into, other)| *into += other);
        }
    }
}

/// The customers in a state in a span.
#[derive(Clone, Debug)]
pub struct InState {
    plan: Plan,
    state: State,
    span: usize,
    limit: usize,
}

impl Fold for InState {
    type Total = Behind;

    fn ask(&self) -> &Ask {
        &self.plan.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Behind) {
        self.plan.each(&rows, |state, k| {
            if (state, k) == (self.state, self.span) {
                total.add(rows.customer(), self.limit);
            }
        });
    }

    fn total(&self) -> Behind {
        Behind::default()
    }

    fn merge(&self, into: &mut Behind, other: Behind) {
        into.merge(other, self.limit);
    }
}
