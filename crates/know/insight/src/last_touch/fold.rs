//! To which touch is each outcome of a customer credited?

use super::Plan;
use crate::kept::seen_whole;
use base::Timestamp;
use stats::ExactSum;
use timeline::{Ask, Fold, Marks, Rows};

/// What is credited to one touch.
#[derive(Clone, Debug, Default)]
pub(super) struct Credit {
    pub(super) n: u64,
    pub(super) sum: ExactSum,
}

/// What a number of customers come to.
#[derive(Default)]
pub struct LastTouchTotal {
    /// By the code of the touch.
    pub(super) touched: Vec<Credit>,
    pub(super) untouched: Credit,
}

impl Credit {
    pub(super) fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.sum.merge(&other.sum);
    }
}

/// The bits of the marks.
const OUTCOME: Marks = 1;
const TOUCH: Marks = 2;

impl Plan {
    /// Each outcome of the period, and the row of the touch that it is credited to.
    #[inline]
    pub(super) fn credits(&self, rows: &Rows<'_>, mut each: impl FnMut(usize, Option<usize>)) {
        let (times, marks) = (rows.times(), rows.marks());
        let mut touch = None;
        // Touches up to here were looked at: those of the moment of an outcome count for it.
        let mut seen = 0;
        for (row, &at) in times.iter().enumerate() {
            if marks[row] & OUTCOME == 0 || !self.window.holds(Timestamp(at)) {
                continue;
            }
            while seen < times.len() && times[seen] <= at {
                if marks[seen] & TOUCH != 0 {
                    touch = Some(seen);
                }
                seen += 1;
            }
            each(row, touch.filter(|touch| at - times[*touch] <= self.within));
        }
    }
}

impl Fold for Plan {
    type Total = LastTouchTotal;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut LastTouchTotal) {
        let codes = rows.labels(0);
        self.credits(&rows, |row, touch| {
            let credit = match touch.map(|touch| codes[touch] as usize) {
                None => &mut total.untouched,
                Some(code) => {
                    if total.touched.len() <= code {
                        total.touched.resize_with(code + 1, Credit::default);
                    }
                    &mut total.touched[code]
                }
            };
            credit.n += 1;
            if self.has_value && !rows.numbers(0)[row].is_nan() {
                credit.sum.add(rows.numbers(0)[row]);
            }
        });
    }

    fn total(&self) -> LastTouchTotal {
        LastTouchTotal::default()
    }

    fn merge(&self, into: &mut LastTouchTotal, other: LastTouchTotal) {
        if into.touched.len() < other.touched.len() {
            into.touched.resize_with(other.touched.len(), Credit::default);
        }
        for (into, other) in into.touched.iter_mut().zip(&other.touched) {
            into.merge(other);
        }
        into.untouched.merge(&other.untouched);
    }
}
