//! What is known of a customer, and who has some scores?

use super::{Plan, Scale};
use crate::breakdown::Group;
use crate::kept::seen_whole;
use crate::listed::Listed;
use crate::selection;
use crate::{Behind, LISTED_MAX};
use base::{Duration, Timestamp};
use stats::ExactSum;
use std::sync::Arc;
use timeline::{Ask, Fold, Rows, Texts};

/// What is known of a customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    pub(super) recency_days: f64,
    pub(super) n: u64,
    pub(super) money: f64,
    /// The code of the group.
    pub(super) code: u32,
}

impl Plan {
    /// What there is to know of a customer; `None` without an event that counts.
    #[inline]
    fn seen(&self, rows: &Rows<'_>) -> Option<Seen> {
        let n = selection::n_counted(rows, 0..rows.len());
        if n == 0 {
            return None;
        }
        let last = match rows.marks() {
            [] => rows.len() - 1,
            marks => marks.iter().rposition(|marks| *marks != 0)?,
        };
        let span = self.ask.window.until.since(Timestamp(rows.times()[last]));
        let money = self.definition.money.as_ref().map_or(0.0, |_| {
            let counted = |(row, number): (usize, &f64)| {
                let counts = selection::any_counts(rows, row..row + 1) && !number.is_nan();
                counts.then_some(*number)
            };
            rows.numbers(0).iter().enumerate().filter_map(counted).collect::<ExactSum>().value()
        });
        Some(Seen {
            recency_days: span.0.div_euclid(Duration::days(1).0) as f64,
            n,
            money,
            code: self.codes.of_customer(rows),
        })
    }
}

impl Fold for Plan {
    type Total = Vec<Seen>;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Vec<Seen>) {
        total.extend(self.seen(&rows));
    }

    fn total(&self) -> Vec<Seen> {
        Vec::new()
    }

    fn merge(&self, into: &mut Vec<Seen>, mut other: Vec<Seen>) {
        into.append(&mut other);
    }
}

/// A point of an answer: the customers with some scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The score for recency.
    pub recency: usize,
    /// The score for frequency.
    pub frequency: usize,
    /// The score for the monetary value; any where it is `None`.
    pub monetary: Option<usize>,
    /// The group, and the values of the answer that have a group of their own.
    pub group: (Group, Vec<Arc<str>>),
}

/// The customers behind a point.
#[derive(Clone, Debug)]
pub struct Members {
    plan: Plan,
    scale: Scale,
    point: Point,
    limit: usize,
}

impl Plan {
    /// The fold that lists the customers of a point, `limit` of them at most; `scale` is that of
    /// the answer.
    #[must_use]
    pub fn members(&self, scale: &Scale, point: Point, limit: usize) -> Members {
        Members { plan: self.clone(), scale: scale.clone(), point, limit: limit.min(LISTED_MAX) }
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
        let Some(seen) = self.plan.seen(&rows) else { return };
        let scores = self.scale.scores(&seen);
        let Point { recency, frequency, monetary, .. } = self.point;
        if (scores.recency, scores.frequency) == (recency, frequency)
            && monetary.is_none_or(|monetary| monetary == scores.monetary)
        {
            total.add(seen.code, rows.customer(), self.limit);
        }
    }

    fn total(&self) -> Listed {
        Listed::default()
    }

    fn merge(&self, into: &mut Listed, other: Listed) {
        into.merge(other, self.limit);
    }
}
