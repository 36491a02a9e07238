//! On how many days of which span is a customer active, and who was active on so many?

use super::{Plan, TRAILS};
use crate::breakdown::{Codes, Group};
use crate::cells::Cells;
use crate::kept::seen_whole;
use crate::listed::Listed;
use crate::selection;
use crate::{Behind, LISTED_MAX};
use std::sync::Arc;
use timeline::{ABSENT, Ask, Fold, Rows, Texts};

/// The numbers of a stickiness, while it is counted.
pub struct Total {
    /// By group; the cells of a span side by side: on 1, 2, 3… days.
    pub(super) n_by_days: Cells<u64>,
    /// For each of the trailing windows, by group and day: how many more customers are in the
    /// window than in that of the day before.
    pub(super) more: [Cells<i64>; 3],
    /// On how many days customers were active, by group; nothing without a breakdown.
    pub(super) active_days: Vec<u64>,
}

impl Plan {
    /// Where the cells of a span begin: those before it have one for each of their days.
    pub(super) fn first_cell(&self, span: usize) -> usize {
        self.span_of_day.partition_point(|of_day| *of_day < span)
    }

    /// Days on which somebody can come to be in a trailing window, or out of it.
    pub(super) fn n_trail_cells(&self) -> usize {
        self.days.len() + TRAILS[2]
    }

    /// Gives out the days of the timeline on which the customer was active, ascending, with the
    /// code of the group of the first event that counts.
    #[inline]
    fn each_day(&self, rows: &Rows<'_>, mut take: impl FnMut(usize, u32)) {
        for (day, range) in self.days.runs(rows.times()) {
            if let Some(first) = selection::first_counted(rows, range) {
                take(day, self.codes.at(rows, first));
            }
        }
    }

    /// Gives out each of these days, and each span with the number of days on which the customer
    /// was active in it and the group of the first.
    #[inline]
    fn each_span(
        &self,
        rows: &Rows<'_>,
        mut take_day: impl FnMut(usize, u32),
        mut take: impl FnMut(usize, usize, u32),
    ) {
        let (mut last, mut n_days, mut first) = (0, 0, ABSENT);
        self.each_day(rows, |day, code| {
            take_day(day, code);
            let Some(day) = day.checked_sub(self.n_lead) else { return };
            let span = self.span_of_day[day];
            if span != last && n_days > 0 {
                take(last, n_days, first);
                n_days = 0;
            }
            if n_days == 0 {
                first = code;
            }
            (last, n_days) = (span, n_days + 1);
        });
        if n_days > 0 {
            take(last, n_days, first);
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
        // as it is long, in the group of the first active day in it. Stretches of one group that
        // overlap are one: +1 where it begins, −1 after its end.
        let mut stretches = [(0, ABSENT); TRAILS.len()];
        let Total { n_by_days, more, active_days } = total;
        let trail_day = |day: usize, code: u32| {
            for (((end, of), length), more) in stretches.iter_mut().zip(TRAILS).zip(more.iter_mut())
            {
                if day >= *end || code != *of {
                    if *end > 0 {
                        *more.at(*of, *end) -= 1;
                    }
                    *more.at(code, day.max(*end)) += 1;
                }
                (*end, *of) = (day + length, code);
            }
            if self.codes != Codes::None {
                weigh(active_days, code);
            }
        };
        self.each_span(&rows, trail_day, |span, n_days, code| {
            *n_by_days.at(code, self.first_cell(span) + n_days - 1) += 1;
        });
        for ((end, of), more) in stretches.into_iter().zip(more) {
            if end > 0 {
                *more.at(of, end) -= 1;
            }
        }
    }

    fn total(&self) -> Total {
        Total {
            n_by_days: Cells::new(self.first_cell(self.spans.len())),
            more: std::array::from_fn(|_| Cells::new(self.n_trail_cells())),
            active_days: Vec::new(),
        }
    }

    fn merge(&self, into: &mut Total, other: Total) {
        into.n_by_days.merge(&other.n_by_days, |into, n| *into += n);
        for (into, other) in into.more.iter_mut().zip(&other.more) {
            into.merge(other, |into, n| *into += n);
        }
        if into.active_days.len() < other.active_days.len() {
            into.active_days.resize(other.active_days.len(), 0);
        }
        for (into, other) in into.active_days.iter_mut().zip(other.active_days) {
            *into += other;
        }
    }
}

/// One more active day of a group.
fn weigh(active_days: &mut Vec<u64>, code: u32) {
    let code = code as usize;
    if active_days.len() <= code {
        active_days.resize(code + 1, 0);
    }
    active_days[code] += 1;
}

/// A point of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Which number.
    pub which: Which,
    /// The group, and the values of the answer that have a group of their own.
    pub group: (Group, Vec<Arc<str>>),
}

/// Which number of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those who were active on exactly so many days of a span.
    Span {
        /// The span, by its place.
        span: usize,
        /// On how many days, from 1.
        n_days: usize,
    },
    /// Those who were active on any of the days that end with one.
    Trail {
        /// The day, by its place.
        day: usize,
        /// How many days, that one included: one of [`TRAILS`].
        n_days: usize,
    },
}

/// The customers behind a point.
#[derive(Clone, Debug)]
pub struct Members {
    plan: Plan,
    point: Point,
    limit: usize,
}

impl Plan {
    /// The fold that lists the customers of a point, `limit` of them at most.
    #[must_use]
    pub fn members(&self, point: Point, limit: usize) -> Members {
        Members { plan: self.clone(), point, limit: limit.min(LISTED_MAX) }
    }
}

impl Members {
    /// The customers, of what the fold came to.
    #[must_use]
    pub fn answer(&self, total: &Listed, texts: &[Texts]) -> Behind {
        let (group, shown) = &self.point.group;
        let texts = self.plan.codes.texts(&self.plan.ask, texts);
        total.of(group, (shown, texts), self.limit)
    }

    /// The code of the group of a customer who is behind the point.
    fn code(&self, rows: &Rows<'_>) -> Option<u32> {
        let mut found = None;
        match self.point.which {
            Which::Span { span, n_days } => {
                self.plan.each_span(
                    rows,
                    |_, _| (),
                    |of, n, code| {
                        if (of, n) == (span, n_days) {
                            found = Some(code);
                        }
                    },
                );
            }
            Which::Trail { day, n_days } => {
                let last = day + self.plan.n_lead;
                self.plan.each_day(rows, |day, code| {
                    if day <= last && last < day + n_days {
                        found = found.or(Some(code));
                    }
                });
            }
        }
        found
    }
}

impl Fold for Members {
    type Total = Listed;

    fn ask(&self) -> &Ask {
        &self.plan.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Listed) {
        if let Some(code) = self.code(&rows) {
            total.add(code, rows.customer(), self.limit);
        }
    }

    fn total(&self) -> Listed {
        Listed::default()
    }

    fn merge(&self, into: &mut Listed, other: Listed) {
        into.merge(other, self.limit);
    }
}
