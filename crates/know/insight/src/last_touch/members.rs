//! Which customers are behind the outcomes that are credited to a touch?

use super::Plan;
use crate::breakdown::{Breakdown, By, Group};
use crate::kept::seen_whole;
use crate::{Behind, LISTED_MAX};
use std::sync::Arc;
use timeline::{Ask, Fold, Marks, Rows};

/// A point of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Point {
    /// Outcomes that are credited to touches of a group; with it the values of the answer that
    /// have a group of their own.
    Touched(Group, Vec<Arc<str>>),
    /// Outcomes without a touch.
    Untouched,
}

/// The customers behind a point: with such an outcome.
#[derive(Clone, Debug)]
pub struct Members {
    plan: Plan,
    ask: Ask,
    is_touched: bool,
    limit: usize,
}

/// The bit of touches that are of the group.
const OF_GROUP: Marks = 4;

impl Plan {
    /// The fold that lists the customers of a point, `limit` of them at most.
    #[must_use]
    pub fn members(&self, point: &Point, limit: usize) -> Members {
        let mut ask = self.ask.clone();
        if let Point::Touched(group, shown) = point {
            let by = Breakdown { by: By::Label(self.label.clone()), n_groups: self.n_groups };
            let mut condition = self.touch.clone();
            condition.tests.extend(by.tests(group, shown));
            ask.conditions.push(condition);
        }
        let is_touched = matches!(point, Point::Touched(..));
        Members { plan: self.clone(), ask, is_touched, limit: limit.min(LISTED_MAX) }
    }
}

impl Fold for Members {
    type Total = Behind;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Behind) {
        let mut is_there = false;
        self.plan.credits(&rows, |_, touch| {
            is_there |= match touch {
                Some(touch) => self.is_touched && rows.marks()[touch] & OF_GROUP != 0,
                None => !self.is_touched,
            };
        });
        if is_there {
            total.add(rows.customer(), self.limit);
        }
    }

    fn total(&self) -> Behind {
        Behind::default()
    }

    fn merge(&self, into: &mut Behind, other: Behind) {
        into.merge(other, self.limit);
    }
}
