//! How often does each step follow on which?

use super::answer::{Step, tests_of};
use super::walk::{Path, Steps};
use super::{DIFFERENT_MAX, Plan};
use crate::cells::{ByNumber, Triples};
use crate::kept::seen_whole;
use crate::{Behind, LISTED_MAX};
use std::sync::Arc;
use timeline::{Ask, Condition, Fold, Marks, Rows};

/// Stands where a path has no further step.
pub(super) const END: u32 = u32::MAX;

/// What a number of customers come to.
#[derive(Default)]
pub struct PathsTotal {
    pub(super) counted: Counted,
    pub(super) n_customers: u64,
    steps: Steps,
    /// The rows of one customer at which paths begin.
    anchors: Vec<u32>,
}

/// Paths, counted.
#[derive(Default)]
pub(super) struct Counted {
    pub(super) n_paths: u64,
    /// How often each three steps begin a path; those of two where `depth` is 2.
    pub(super) triples: Triples,
    /// From level 2 on: how often which step follows on which.
    pub(super) pairs: Vec<ByNumber<u64>>,
}

/// Two steps as one number.
pub(super) fn pair(from: u32, to: u32) -> u64 {
    u64::from(from) << 32 | u64::from(to)
}

impl Counted {
    /// Whether there is more than can be kept.
    pub(super) fn is_full(&self) -> bool {
        self.triples.n_others() > DIFFERENT_MAX
            || self.pairs.iter().any(|pairs| pairs.len() > DIFFERENT_MAX)
    }

    /// One more path of `n_steps`, by the code of each; without a `k`-th step it is [`END`].
    #[inline]
    fn add(&mut self, n_steps: usize, depth: usize, code: impl Fn(usize) -> u32) {
        self.n_paths += 1;
        self.triples.add([code(0), code(1), if depth > 2 { code(2) } else { END }]);
        for level in 2..n_steps.min(depth - 1) {
            *self.pairs[level - 2].entry(pair(code(level), code(level + 1))).or_insert(0) += 1;
        }
    }
}

impl Plan {
    /// The same where every row is a step: nothing is copied.
    #[inline]
    fn add_plain(&self, rows: &Rows<'_>, total: &mut PathsTotal) {
        let (times, codes) = (rows.times(), rows.labels(0));
        let n_anchors = self.plain_anchors(rows, &mut total.anchors);
        total.n_customers += u64::from(n_anchors > 0);
        for anchor in &total.anchors[..n_anchors] {
            let anchor = *anchor as usize;
            let end = self.plain_end(times, anchor);
            let code = |k: usize| if anchor + k < end { codes[anchor + k] } else { END };
            total.counted.add(end - anchor, self.depth, code);
        }
    }
}

impl Fold for Plan {
    type Total = PathsTotal;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut PathsTotal) {
        if total.counted.is_full() {
            return;
        }
        if self.is_plain {
            return self.add_plain(&rows, total);
        }
        let PathsTotal { counted, n_customers, steps, .. } = total;
        self.take(&rows, steps);
        *n_customers += u64::from(!steps.anchors.is_empty());
        for &anchor in &steps.anchors {
            let path = self.path(steps, anchor);
            let places = path.places();
            let code = |k: usize| places.get(k).map_or(END, |place| steps.codes[*place]);
            counted.add(places.len(), self.depth, code);
        }
    }

    fn total(&self) -> PathsTotal {
        let pairs = vec![ByNumber::default(); self.depth.saturating_sub(3)];
        let counted = Counted { pairs, ..Counted::default() };
        PathsTotal { counted, ..PathsTotal::default() }
    }

    fn merge(&self, into: &mut PathsTotal, other: PathsTotal) {
        into.n_customers += other.n_customers;
        let (into, other) = (&mut into.counted, other.counted);
        into.n_paths += other.n_paths;
        into.triples.merge(&other.triples);
        for (into, other) in into.pairs.iter_mut().zip(other.pairs) {
            for (pair, n) in other {
                *into.entry(pair).or_insert(0) += n;
            }
        }
    }
}

/// A point of an answer: a step at a level, or a step and the one after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The level, from 0: the anchor.
    pub level: usize,
    /// The step there.
    pub step: Step,
    /// The values that are shown at that level.
    pub shown: Vec<Arc<str>>,
    /// The step at the next level, and the values that are shown there.
    pub next: Option<(Step, Vec<Arc<str>>)>,
}

/// The customers behind a point: with a path that goes through it.
#[derive(Clone, Debug)]
pub struct Members {
    plan: Plan,
    ask: Ask,
    level: usize,
    /// What must hold for the step at the level, and for the next; `None` where none is to be.
    step: Option<Marks>,
    next: Option<Option<Marks>>,
    limit: usize,
}

/// The customers so far.
#[derive(Default)]
pub struct MembersTotal {
    behind: Behind,
    steps: Steps,
}

impl Plan {
    /// The fold that lists the customers of a point, `limit` of them at most.
    #[must_use]
    pub fn members(&self, point: &Point, limit: usize) -> Members {
        let mut ask = self.ask.clone();
        let mut bit = |step: &Step, shown: &[Arc<str>]| {
            let tests = tests_of(&self.label, step, shown)?;
            ask.conditions.push(Condition { events: Vec::new(), tests });
            Some(1 << (ask.conditions.len() - 1))
        };
        let step = bit(&point.step, &point.shown);
        let next = point.next.as_ref().map(|(next, shown)| bit(next, shown));
        let limit = limit.min(LISTED_MAX);
        Members { plan: self.clone(), ask, level: point.level, step, next, limit }
    }
}

impl Members {
    /// The customers, of what the fold came to.
    #[must_use]
    pub fn answer(&self, total: MembersTotal) -> Behind {
        total.behind
    }

    fn goes_through(&self, steps: &Steps, path: &Path) -> bool {
        let is = |level: usize, bit: Option<Marks>| match (path.places().get(level), bit) {
            (Some(place), Some(bit)) => steps.marks[*place] & bit != 0,
            // A path ends once, and not where it was not looked at any further.
            (None, None) => level == path.places().len() && level < self.plan.depth,
            _ => false,
        };
        is(self.level, self.step) && self.next.is_none_or(|next| is(self.level + 1, next))
    }
}

impl Fold for Members {
    type Total = MembersTotal;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut MembersTotal) {
        let MembersTotal { behind, steps } = total;
        self.plan.take(&rows, steps);
        let mut anchors = steps.anchors.iter();
        if anchors.any(|anchor| self.goes_through(steps, &self.plan.path(steps, *anchor))) {
            behind.add(rows.customer(), self.limit);
        }
    }

    fn total(&self) -> MembersTotal {
        MembersTotal::default()
    }

    fn merge(&self, into: &mut MembersTotal, other: MembersTotal) {
        into.behind.merge(other.behind, self.limit);
    }
}
