//! How do the attempts of all customers add up?

use super::attempt::{Attempt, STEPS_MAX, Scratch, Timeline};
use super::held::Combined;
use super::{At, Plan};
use crate::breakdown::Group;
use crate::kept::seen_whole;
use crate::listed::Listed;
use crate::visits::{Arrivals, Kinds};
use crate::{Behind, LISTED_MAX};
use std::sync::Arc;
use timeline::{ABSENT, Ask, Fold, Marks, Rows, Texts};

/// What a number of customers come to.
#[derive(Default)]
pub struct FunnelTotal {
    /// By the code of the group.
    pub(super) groups: Vec<Reached>,
    /// What the codes are numbers of, where customers are told apart by channel.
    pub(super) kinds: Kinds,
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
    marks: Vec<Marks>,
}

impl Plan {
    /// The attempt with which the customer is counted, and the code of their group.
    #[inline]
    fn attempt(
        &self,
        rows: &Rows<'_>,
        (room, kinds): (&mut Room, &mut Kinds),
        has_rows: bool,
    ) -> (Attempt, u32) {
        if let Some(arrivals) = &self.arrivals {
            return self.arrived(arrivals, rows, (room, kinds));
        }
        let attempt = self.best(rows, rows.marks(), room, has_rows);
        let code = match self.codes {
            _ if attempt.level == 0 => ABSENT,
            codes => codes.at(rows, self.told_at(&attempt)),
        };
        (attempt, code)
    }

    /// The same where the code is the kind of the visit in which an event of the attempt stands.
    fn arrived(
        &self,
        arrivals: &Arrivals,
        rows: &Rows<'_>,
        (room, kinds): (&mut Room, &mut Kinds),
    ) -> (Attempt, u32) {
        let (inner, n_before) = arrivals.inner(rows);
        let mut marks = std::mem::take(&mut room.marks);
        marks.clear();
        marks.extend(inner.marks().iter().map(|marks| arrivals.own(*marks)));
        let mut attempt = self.best(&inner, &marks, room, true);
        room.marks = marks;
        for row in &mut attempt.rows[..attempt.level] {
            *row += n_before as u32;
        }
        let code = match attempt.level {
            0 => ABSENT,
            _ => arrivals.kind(rows, self.told_at(&attempt), kinds),
        };
        (attempt, code)
    }

    /// The row of the event that says in which group the customer is.
    #[inline]
    fn told_at(&self, attempt: &Attempt) -> usize {
        let step = if self.at == At::First { 0 } else { attempt.level - 1 };
        attempt.rows[step] as usize
    }

    #[inline]
    fn best(&self, rows: &Rows<'_>, marks: &[Marks], room: &mut Room, has_rows: bool) -> Attempt {
        let times = rows.times();
        let values = match self.n_held {
            0 => &[],
            1 => rows.labels(0),
            n => room.combined.of(&std::array::from_fn::<_, { super::HELD_MAX }, _>(|k| {
                rows.labels(k.min(n - 1))
            })),
        };
        let line = Timeline { times, marks, values };
        self.rules.best(line, &mut room.scratch, has_rows)
    }
}

impl FunnelTotal {
    /// Gives groups new codes, by the old ones; several may become one.
    pub(super) fn renumber(&mut self, codes: &[u32]) {
        for (code, reached) in codes.iter().zip(std::mem::take(&mut self.groups)) {
            let code = *code as usize;
            if self.groups.len() <= code {
                self.groups.resize_with(code + 1, Reached::default);
            }
            self.groups[code].merge(reached);
        }
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
        let FunnelTotal { room, kinds, .. } = total;
        let (attempt, code) = self.attempt(&rows, (room, kinds), self.has_rows());
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

    fn merge(&self, into: &mut FunnelTotal, mut other: FunnelTotal) {
        if self.arrivals.is_some() {
            other.renumber(&into.kinds.merge(&other.kinds));
        }
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
        let Some(arrivals) = &self.plan.arrivals else {
            let texts = self.plan.codes.texts(&self.plan.ask, texts);
            return total.listed.of(group, (shown, texts), self.limit);
        };
        let (channels, codes) = arrivals.channels(&total.kinds, texts);
        let listed = total.listed.clone().renumbered(&codes, self.limit);
        listed.of(group, (shown, Some(&channels)), self.limit)
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
    kinds: Kinds,
    room: Room,
}

impl Fold for Members {
    type Total = MembersTotal;

    fn ask(&self) -> &Ask {
        &self.plan.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut MembersTotal) {
        let MembersTotal { room, kinds, .. } = total;
        let (attempt, code) = self.plan.attempt(&rows, (room, kinds), true);
        if attempt.level > 0 && self.takes(attempt.level) {
            total.listed.add(code, rows.customer(), self.limit);
        }
    }

    fn total(&self) -> MembersTotal {
        MembersTotal::default()
    }

    fn merge(&self, into: &mut MembersTotal, other: MembersTotal) {
        let listed = match self.plan.arrivals {
            None => other.listed,
            Some(_) => other.listed.renumbered(&into.kinds.merge(&other.kinds), self.limit),
        };
        into.listed.merge(listed, self.limit);
    }
}
