//! How much of a habit is it?
//!
//! In how many days of a week or month customers are active, and how many are active on a day,
//! within the seven days and within the thirty days that end with it (DAU, WAU, MAU).

use crate::behind::{Behind, LISTED_MAX};
use crate::calendar::{Calendar, Grain};
use crate::error::{BadDefinition, Problem};
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
    /// Which stretch of time is looked at; a day in which it begins is taken whole.
    pub period: Period,
    /// In what days are counted: a week or longer.
    pub grain: Grain,
    /// Which events make a customer active.
    pub events: Condition,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// By week, month…
    pub spans: Vec<Span>,
    /// By day.
    pub days: Vec<Day>,
}

/// How often customers were active in a week, a month…
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// When it begins.
    pub begin: Timestamp,
    /// How it is called: see [`Calendar::name`].
    pub name: String,
    /// Whether all of it is in the window; else only some of its days are.
    pub is_whole: bool,
    /// How many customers were active in exactly 1, 2, 3… days, as many as are in the window.
    pub n_by_days: Vec<u64>,
    /// How many customers were active in any.
    pub n_customers: u64,
    /// In how many days they were active on average, with the interval by Student's t.
    pub mean_days: Result<Estimate, NotEstimable>,
    /// That mean as a share of the days: the mean of the daily active over those of the span, the
    /// "DAU/WAU" and "DAU/MAU" of whole weeks and months.
    pub share_of_days: Result<Estimate, NotEstimable>,
}

/// How many were active on a day, and within the days that end with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    /// When it begins.
    pub begin: Timestamp,
    /// How it is called.
    pub name: String,
    /// Whether it is over.
    pub is_whole: bool,
    /// On the day.
    pub n_day: u64,
    /// On it or the 6 days before.
    pub n_week: u64,
    /// On it or the 29 days before.
    pub n_month: u64,
}

/// The days of the three windows that end with a day.
const TRAILS: [usize; 3] = [1, 7, 30];

impl Definition {
    /// How it is answered at the time `now`.
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn plan(&self, now: Timestamp) -> Result<Plan, BadDefinition> {
        selection::check(&self.events).map_err(|bad| bad.within("events"))?;
        if self.grain < Grain::Week {
            let problem = Problem::Unfit("days are counted in weeks or longer");
            return Err(BadDefinition::new("grain", problem));
        }
        let Window { from, until } = self.period.window(&self.calendar, now)?;
        let first = self.calendar.begin(Grain::Day, from);
        let spans = Spans::new(&self.calendar, self.grain, Window { from: first, until })?;
        let lead = self.calendar.shift(first, 1 - TRAILS[2] as i64, Grain::Day);
        let lead = self.calendar.begin(Grain::Day, lead);
        let days = Spans::new(&self.calendar, Grain::Day, Window { from: lead, until })?;
        let n_lead = days.place(first.0);
        let span_of = |k: usize| spans.place(days.span(k).from.0);
        let span_of_day = (n_lead..days.len()).map(span_of).collect();
        let ask = selection::asked(&self.events, Window { from: lead, until });
        Ok(Plan { definition: self.clone(), spans, days, n_lead, span_of_day, ask })
    }

    /// What is counted, in one sentence.
    #[must_use]
    pub fn words(&self) -> String {
        words::sentence(&format!(
            "number of customers by the number of days of a {} on which they have {}, {}, {}",
            self.grain.word(),
            selection::words(&self.events),
            self.period.words(),
            self.calendar.words()
        ))
    }
}

/// A stickiness, ready to be counted.
#[derive(Clone, Debug)]
pub struct Plan {
    definition: Definition,
    spans: Spans,
    /// Those of the window, and before them those of the longest trailing window.
    days: Spans,
    n_lead: usize,
    /// For each day of the window, in which span it is.
    span_of_day: Vec<usize>,
    ask: Ask,
}

/// The numbers of a stickiness, while it is counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    /// By span, and then by number of days from 0.
    n_by_days: Vec<Vec<u64>>,
    /// For each of the trailing windows, by day: how many more customers are in the window than in
    /// that of the day before.
    more: [Vec<i64>; 3],
}

impl Plan {
    /// The spans of the answer.
    #[must_use]
    pub fn spans(&self) -> &Spans {
        &self.spans
    }

    /// The answer.
    #[must_use]
    pub fn answer(&self, total: &Total) -> Answer {
        let spans = total.n_by_days.iter().enumerate().map(|(k, n)| self.span(k, n));
        let trails = total.more.each_ref().map(|more| {
            let sums = more.iter().scan(0, |sum: &mut i64, more| {
                *sum += more;
                Some(sum.unsigned_abs())
            });
            sums.collect::<Vec<u64>>()
        });
        let day = |k: usize| {
            let begin = self.days.span(k).from;
            Day {
                begin,
                name: self.definition.calendar.name(Grain::Day, begin),
                is_whole: self.days.is_whole(k),
                n_day: trails[0][k],
                n_week: trails[1][k],
                n_month: trails[2][k],
            }
        };
        let days = (self.n_lead..self.days.len()).map(day).collect();
        Answer { spans: spans.collect(), days }
    }

    fn span(&self, k: usize, n_by_days: &[u64]) -> Span {
        let begin = self.spans.span(k).from;
        let n_customers = n_by_days.iter().sum();
        let (mut sum, mut squares) = (0, 0);
        for (n_days, n) in (0_u128..).zip(n_by_days) {
            sum += n_days * u128::from(*n);
            squares += n_days * n_days * u128::from(*n);
        }
        let mean_days = stats::mean_of_counts(n_customers, sum, squares);
        let n_days = (n_by_days.len() - 1) as f64;
        let share_of_days = mean_days.map(|mean| Estimate {
            value: mean.value / n_days,
            n: mean.n,
            interval: mean.interval.map(|interval| stats::Interval {
                low: (interval.low / n_days).max(0.0),
                high: (interval.high / n_days).min(1.0),
            }),
        });
        Span {
            begin,
            name: self.definition.calendar.name(self.definition.grain, begin),
            is_whole: self.spans.is_whole(k),
            n_by_days: n_by_days[1..].to_vec(),
            n_customers,
            mean_days,
            share_of_days,
        }
    }

    /// The customers behind a point: those who were active in exactly `n_days` days of the `k`-th
    /// span.
    #[must_use]
    pub fn behind(&self, k: usize, n_days: u32, limit: usize) -> ActiveDays {
        ActiveDays { plan: self.clone(), point: (k, n_days as usize), limit: limit.min(LISTED_MAX) }
    }

    /// The numbers by span in SQL; see [`sql`](crate::sql) for its tables.
    #[must_use]
    pub fn sql(&self) -> String {
        let Definition { calendar, grain, events, .. } = &self.definition;
        format!(
            "with active as (\n  select distinct customer_id, {} as span, {} as day\n  from events\n  \
             where {}\n    and {}\n), days as (\n  select span, customer_id, count(*) as n_days\n  \
             from active group by span, customer_id\n)\nselect span, n_days, count(*) as n\n\
             from days\ngroup by span, n_days\norder by span, n_days",
            sql::span(calendar, *grain, "occurred_at"),
            sql::span(calendar, Grain::Day, "occurred_at"),
            sql::window(self.spans.window()),
            sql::condition(events),
        )
    }

    /// Gives out the days of the timeline on which the customer was active, ascending.
    #[inline]
    fn each_day(&self, rows: &Rows<'_>, mut take: impl FnMut(usize)) {
        for (day, range) in self.days.runs(rows.times()) {
            if selection::any_counts(rows, range) {
                take(day);
            }
        }
    }

    /// Gives out each of these days, and each span with the number of days on which the customer
    /// was active in it.
    #[inline]
    fn each_span(
        &self,
        rows: &Rows<'_>,
        mut take_day: impl FnMut(usize),
        mut take: impl FnMut(usize, usize),
    ) {
        let (mut last, mut n_days) = (0, 0);
        self.each_day(rows, |day| {
            take_day(day);
            let Some(day) = day.checked_sub(self.n_lead) else { return };
            let span = self.span_of_day[day];
            if span != last && n_days > 0 {
                take(last, n_days);
                n_days = 0;
            }
            (last, n_days) = (span, n_days + 1);
        });
        if n_days > 0 {
            take(last, n_days);
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
        // A customer is in the window that ends with a day from an active day on, for as many days
        // as it is long. Stretches that overlap are one: +1 where it begins, −1 after its end.
        let mut ends = [0; TRAILS.len()];
        let Total { n_by_days, more } = total;
        let trail_day = |day: usize| {
            for ((end, length), more) in ends.iter_mut().zip(TRAILS).zip(more.iter_mut()) {
                if day >= *end {
                    more[*end] -= i64::from(*end > 0);
                    more[day] += 1;
                }
                *end = day + length;
            }
        };
        self.each_span(&rows, trail_day, |span, n_days| n_by_days[span][n_days] += 1);
        for (end, more) in ends.into_iter().zip(more) {
            more[end] -= i64::from(end > 0);
        }
    }

    fn total(&self) -> Total {
        let mut n_by_days: Vec<Vec<u64>> = vec![vec![0]; self.spans.len()];
        self.span_of_day.iter().for_each(|span| n_by_days[*span].push(0));
        let room = self.days.len() + TRAILS[2];
        Total { n_by_days, more: [vec![0; room], vec![0; room], vec![0; room]] }
    }

    fn merge(&self, into: &mut Total, other: Total) {
        for (into, other) in into.n_by_days.iter_mut().zip(other.n_by_days) {
            into.iter_mut().zip(other).for_each(|(into, other)| *into += other);
        }
        for (into, other) in into.more.iter_mut().zip(other.more) {
            into.iter_mut().zip(other).for_each(|(into, other)| *into += other);
        }
    }
}

/// The customers who were active in so many days of a span.
#[derive(Clone, Debug)]
pub struct ActiveDays {
    plan: Plan,
    point: (usize, usize),
    limit: usize,
}

impl Fold for ActiveDays {
    type Total = Behind;

    fn ask(&self) -> &Ask {
        &self.plan.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Behind) {
        let point = |span, n_days| {
            if (span, n_days) == self.point {
                total.add(rows.customer(), self.limit);
            }
        };
        self.plan.each_span(&rows, |_| (), point);
    }

    fn total(&self) -> Behind {
        Behind::default()
    }

    fn merge(&self, into: &mut Behind, other: Behind) {
        into.merge(other, self.limit);
    }
}
