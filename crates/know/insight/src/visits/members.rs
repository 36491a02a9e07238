//! Which customers are behind a number of visits?

use super::Plan;
use super::sets::Sets;
use crate::breakdown::Group;
use crate::kept::seen_whole;
use crate::{Behind, LISTED_MAX};
use std::sync::Arc;
use timeline::{Ask, Fold, Rows, Texts};

/// A point of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The group, and the values of the answer that have a group of their own.
    pub group: (Group, Vec<Arc<str>>),
    /// The span of the series, by its place; else all of the period.
    pub span: Option<usize>,
    /// Only those with a visit that is a bounce.
    pub is_bounce: bool,
}

/// The customers behind a point: with such a visit.
#[derive(Clone, Debug)]
pub struct Members {
    plan: Plan,
    point: Point,
    limit: usize,
}

/// The customers so far.
#[derive(Default)]
pub struct MembersTotal {
    sets: Sets<Behind>,
    kinds: Vec<u32>,
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
    pub fn answer(&self, total: &MembersTotal, texts: &[Texts]) -> Behind {
        let (group, shown) = &self.point.group;
        let takes = |number: &u32| match &self.plan.reading {
            None => true,
            Some(reading) => {
                let text = reading.text(&total.sets.keys()[*number as usize], texts);
                group.takes(text.as_deref(), shown)
            }
        };
        let mut behind = Behind::default();
        for (_, of_set) in total.sets.iter().filter(|(set, _)| set.iter().any(takes)) {
            behind.merge(of_set.clone(), self.limit);
        }
        behind
    }
}

impl Fold for Members {
    type Total = MembersTotal;

    fn ask(&self) -> &Ask {
        &self.plan.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut MembersTotal) {
        let MembersTotal { sets, kinds } = total;
        kinds.clear();
        self.plan.visits(&rows, |visit, range| {
            let is_there = match (&self.plan.spans, self.point.span) {
                (Some(spans), Some(span)) => spans.place(visit.at) == span,
                _ => true,
            };
            if is_there && (visit.is_bounce || !self.point.is_bounce) {
                let reading = self.plan.reading.as_ref();
                let key = reading.map(|reading| reading.key(&rows, range)).unwrap_or_default();
                kinds.push(sets.number(key));
            }
        });
        if !kinds.is_empty() {
            sets.of(kinds).add(rows.customer(), self.limit);
        }
    }

    fn total(&self) -> MembersTotal {
        MembersTotal::default()
    }

    fn merge(&self, into: &mut MembersTotal, other: MembersTotal) {
        let limit = self.limit;
        into.sets.merge(other.sets, |into, behind| into.merge(behind, limit));
    }
}
