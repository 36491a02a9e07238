//! What is a customer in each span, and who is in a state?

use super::{Plan, State};
use crate::breakdown::Group;
use crate::cells::Cells;
use crate::kept::seen_whole;
use crate::listed::Listed;
use crate::selection;
use crate::{Behind, LISTED_MAX};
use std::sync::Arc;
use timeline::{Ask, Fold, Rows, Texts};

/// A place among the cells of a span.
pub(super) type Place = usize;
/// The cells of a span: one for each of [`State::ALL`], and [`STAYED`].
pub(super) const CELLS: usize = 5;
/// Where those are counted who are returning, by their group in the span before.
pub(super) const STAYED: Place = 4;

/// What a number of customers come to.
pub struct Total {
    /// By group; the cells of a span side by side, that before the first included.
    pub(super) n: Cells<u64>,
}

/// What a customer is in a span.
struct Seen {
    state: State,
    span: usize,
    /// The code of the group; of the dormant that in the span before.
    code: u32,
    /// That in the span before, of those who were active in it.
    before: u32,
}

impl Plan {
    /// Gives out what the customer is in which span, the one before the first included.
    #[inline]
    fn each(&self, rows: &Rows<'_>, mut take: impl FnMut(Seen)) {
        let times = rows.times();
        let n_before = times.partition_point(|at| *at < self.spans.bounds()[0]);
        let mut is_known = selection::any_counts(rows, 0..n_before);
        let mut last: Option<(usize, u32)> = None;
        let dormant = |(span, before): (usize, u32)| Seen {
            state: State::Dormant,
            span: span + 1,
            code: before,
            before,
        };
        for (span, range) in self.spans.runs(&times[n_before..]) {
            let range = n_before + range.start..n_before + range.end;
            let Some(first) = selection::first_counted(rows, range) else { continue };
            let code = self.codes.at(rows, first);
            let (state, before) = match last {
                Some((last, before)) if last + 1 == span => (State::Returning, before),
                Some(last) => {
                    take(dormant(last));
                    (State::Resurrecting, code)
                }
                None if is_known => (State::Resurrecting, code),
                None => (State::New, code),
            };
            take(Seen { state, span, code, before });
            (last, is_known) = (Some((span, code)), true);
        }
        if let Some(last) = last.filter(|(last, _)| last + 1 < self.spans.len()) {
            take(dormant(last));
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
        self.each(&rows, |Seen { state, span, code, before }| {
            *total.n.at(code, CELLS * span + state as Place) += 1;
            if state == State::Returning {
                *total.n.at(before, CELLS * span + STAYED) += 1;
            }
        });
    }

    fn total(&self) -> Total {
        Total { n: Cells::new(CELLS * self.spans.len()) }
    }

    fn merge(&self, into: &mut Total, other: Total) {
        into.n.merge(&other.n, |into, n| *into += n);
    }
}

/// A point of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The span, by its place.
    pub span: usize,
    /// Those in this state.
    pub state: State,
    /// The group, and the values of the answer that have a group of their own.
    pub group: (Group, Vec<Arc<str>>),
}

/// The customers in a state in a span.
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
}

impl Fold for Members {
    type Total = Listed;

    fn ask(&self) -> &Ask {
        &self.plan.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Listed) {
        // The span before the first is one of the plan, not of the answer.
        let point = (self.point.state, self.point.span + 1);
        self.plan.each(&rows, |seen| {
            if (seen.state, seen.span) == point {
                total.add(seen.code, rows.customer(), self.limit);
            }
        });
    }

    fn total(&self) -> Listed {
        Listed::default()
    }

    fn merge(&self, into: &mut Listed, other: Listed) {
        into.merge(other, self.limit);
    }
}
