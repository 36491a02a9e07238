//! How do the attempts of all customers add up?

use super::attempt::{Attempt, STEPS_MAX, Scratch, Timeline};
use super::held::Combined;
use super::{At, Plan};
use crate::breakdown::{Codes, Group};
use crate::kept::seen_whole;
use crate::listed::Listed;
use crate::{Behind, LISTED_MAX};
use std::sync::Arc;
use timeline::{ABSENT, Ask, Fold, Rows, Texts};

/// What a number of customers come to.
#[derive(Default)]
pub struct FunnelTotal {
    /// By the code of the group.
    pub(super) groups: Vec<Reached>,
    room: Room,
}

/// The customers of one group.
#[derive(Clone, Default)]
pub(super) struct Reached {
    /// How many got to each level and no deeper.
    pub(super) n_at: [u64; STEPS_MAX + 1],
    /// From one step to the next, for each that was reached, in µs; the last: from the first step
    /// to the last.
    pub(super) took: Vec<Vec<i64>>,
}

/// What is used again from customer to customer.
#[derive(Default)]
struct Room {
    scratch: Scratch,
    combined: Combined,
}

impl Plan {
    /// The attempt with which the customer is counted, and the code of their group.
    #[inline]
    fn attempt(&self, rows: &Rows<'_>, room: &mut Room, has_rows: bool) -> (Attempt, u32) {
        let (times, marks) = (rows.times(), rows.marks());
        let values = match self.n_held {
            0 => &[],
            1 => rows.labels(0),
            n => room.combined.of(&std::array::from_fn::<_, { super::HELD_MAX }, _>(|k| {
                rows.labels(k.min(n - 1))
            })),
        };
        let line = Timeline { times, marks, values };
        let attempt = self.rules.best(line, &mut room.scratch, has_rows);
        let code = match self.codes {
            _ if attempt.level == 0 => ABSENT,
            Codes::Label(k) => {
                let step = if self.at == At::First { 0 } else { attempt.level - 1 };
                rows.labels(k)[attempt.rows[step] as usize]
            }
            codes => codes.of_customer(rows),
        };
        (attempt, code)
    }
}

impl Reached {
    fn add(&mut self, attempt: &Attempt, times: Option<&[i64]>, n_steps: usize) {
        self.n_at[attempt.level] += 1;
        let Some(times) = times.filter(|_| attempt.level > 1) else { return };
        self.took.resize_with(n_steps, Vec::new);
        let at = |step: usize| times[attempt.rows[step] as usize];
        for step in 1..attempt.level {
            self.took[step - 1].push(at(step) - at(step - 1));
        }
        if attempt.level == n_steps {
            self.took[n_steps - 1].push(at(n_steps - 1) - at(0));
        }
    }

    /// Those of both.
    pub(super) fn merge(&mut self, other: Self) {
        for (n, other) in self.n_at.iter_mut().zip(other.n_at) {
            *n += other;
        }
        if self.took.is_empty() {
            self.took = other.took;
            return;
        }
        for (took, mut other) in self.took.iter_mut().zip(other.took) {
            took.append(&mut other);
        }
    }
}

impl Fold for Plan {
    type Total = FunnelTotal;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    #[inline]
    fn whole(&self, rows: Rows<'_>, total: &mut FunnelTotal) {
        let (attempt, code) = self.attempt(&rows, &mut total.room, self.has_rows());
        if attempt.level == 0 {
            return;
        }
        let code = code as usize;
        if total.groups.len() <= code {
            total.groups.resize_with(code + 1, Reached::default);
        }
        let times = self.has_times.then(|| rows.times());
        total.groups[code].add(&attempt, times, self.rules.n_steps);
    }

    fn total(&self) -> FunnelTotal {
        FunnelTotal::default()
    }

    fn merge(&self, into: &mut FunnelTotal, other: FunnelTotal) {
        if into.groups.len() < other.groups.len() {
            into.groups.resize_with(other.groups.len(), Reached::default);
        }
        for (into, other) in into.groups.iter_mut().zip(other.groups) {
            into.merge(other);
        }
    }
}

/// A point of a funnel.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The step, from 1.
    pub step: usize,
    /// Which side of it.
    pub side: Side,
    /// The group, and the values of the answer that have a group of their own.
    pub group: (Group, Vec<Arc<str>>),
}

/// On which side of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Those who reached it.
    Reached,
    /// Those who reached the one before, and not it; of the first step: nobody.
    Dropped,
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
    pub fn answer(&self, total: &MembersTotal, texts: &[Texts]) -> Behind {
        let (group, shown) = &self.point.group;
        let texts = self.plan.codes.texts(&self.plan.ask, texts);
        total.listed.of(group, (shown, texts), self.limit)
    }

    fn takes(&self, level: usize) -> bool {
        match self.point.side {
            Side::Reached => level >= self.point.step,
            Side::Dropped => level > 0 && level + 1 == self.point.step,
        }
    }
}

/// Customers by the code of their group.
#[derive(Default)]
pub struct MembersTotal {
    listed: Listed,
    room: Room,
}

impl Fold for Members {
    type Total = MembersTotal;

    fn ask(&self) -> &Ask {
        &self.plan.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut MembersTotal) {
        let (attempt, code) = self.plan.attempt(&rows, &mut total.room, true);
        if attempt.level > 0 && self.takes(attempt.level) {
            total.listed.add(code, rows.customer(), self.limit);
        }
    }

    fn total(&self) -> MembersTotal {
        MembersTotal::default()
    }

    fn merge(&self, into: &mut MembersTotal, other: MembersTotal) {
        into.listed.merge(other.listed, self.limit);
    }
}
