//! How many visits and visitors are there, where nothing else is asked?

use super::{COUNTED, Plan};
use base::{CustomerId, Timestamp};
use timeline::{Ask, Fold, Rows};

/// The fold that counts visits, and looks at nothing that this does not take.
#[derive(Clone, Debug)]
pub struct Counts {
    plan: Plan,
    ask: Ask,
}

/// How many visits begin in the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountsTotal {
    /// Visits.
    pub n_visits: u64,
    /// Customers who have one of them.
    pub n_visitors: u64,
}

/// The visits of one customer so far.
#[derive(Debug)]
pub struct Counting {
    n_visits: u64,
    /// When the last event that counts happened, and when the visit is over at the latest.
    last: i64,
    over_at: i64,
}

impl Plan {
    /// The fold that counts the same visits, and tells nothing else of them: faster where nothing
    /// else is looked at.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut ask = Ask::every(self.ask.window);
        if !self.all_count {
            ask.conditions = self.ask.conditions[..2].to_vec();
        }
        Counts { plan: self.clone(), ask }
    }
}

impl Counts {
    /// How many visits of whole bouts begin in the period; `None` where visits are not made of
    /// whole bouts.
    #[inline]
    fn of_bouts(&self, rows: &Rows<'_>) -> Option<u64> {
        let bouts = self.plan.bouts(rows)?;
        let (firsts, lasts) = (bouts.firsts, bouts.lasts);
        let counts = |at: i64| self.plan.window.holds(Timestamp(at));
        let begins = firsts[1..].iter().zip(lasts);
        let begins = begins.map(|(&first, last)| (first - last > self.plan.gap) & counts(first));
        Some(u64::from(counts(firsts[0])) + begins.map(u64::from).sum::<u64>())
    }
}

impl Fold for Counts {
    type State = Counting;
    type Total = CountsTotal;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    fn start(&self) -> Counting {
        Counting { n_visits: 0, last: i64::MIN, over_at: i64::MIN }
    }

    fn step(&self, state: &mut Counting, rows: Rows<'_>) {
        let marks = rows.marks();
        for (row, &at) in rows.times().iter().enumerate() {
            if marks.get(row).is_some_and(|marks| marks & COUNTED == 0) {
                continue;
            }
            if at >= state.over_at || at - state.last > self.plan.gap {
                state.n_visits += u64::from(self.plan.window.holds(Timestamp(at)));
                let days = self.plan.days.as_ref();
                state.over_at = days.map_or(i64::MAX, |days| days.end(days.place(at)));
            }
            state.last = at;
        }
    }

    fn finish(&self, state: Counting, _: CustomerId, total: &mut CountsTotal) {
        total.n_visits += state.n_visits;
        total.n_visitors += u64::from(state.n_visits > 0);
    }

    #[inline]
    fn whole(&self, rows: Rows<'_>, total: &mut CountsTotal) {
        let mut state = self.start();
        match self.of_bouts(&rows) {
            Some(n_visits) => state.n_visits = n_visits,
            None => self.step(&mut state, rows),
        }
        self.finish(state, rows.customer(), total);
    }

    fn total(&self) -> CountsTotal {
        CountsTotal::default()
    }

    fn merge(&self, into: &mut CountsTotal, other: CountsTotal) {
        into.n_visits += other.n_visits;
        into.n_visitors += other.n_visitors;
    }
}
