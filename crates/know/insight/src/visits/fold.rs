//! Where does each visit begin and end, and what do all of them add up to?

use super::sets::Sets;
use super::{Bounce, COUNTED, Plan, VIEW};
use crate::kept::seen_whole;
use base::Timestamp;
use std::ops::Range;
use timeline::{Ask, BOUT_PAUSE, CustomerBouts, Fold, Rows};

/// What some visits of one customer add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) n_visits: u64,
    pub(super) n_bounces: u64,
    pub(super) n_events: u64,
    pub(super) n_views: u64,
    /// In µs.
    pub(super) duration: u64,
}

/// What the visits of many customers add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) all: Tally,
    /// How many customers, and how their tallies scatter: sums over customers of the squared
    /// number of visits, of its products with bounces, views and duration, and of their squares.
    pub(super) n_customers: u64,
    pub(super) xx: u128,
    pub(super) xy: [u128; 3],
    pub(super) yy: [u128; 3],
}

/// What a number of customers come to.
#[derive(Default)]
pub struct VisitsTotal {
    pub(super) all: Sums,
    /// By span.
    pub(super) spans: Vec<Sums>,
    /// What the visits of each kind add up to, by the number of the kind.
    pub(super) of_kind: Vec<Sums>,
    /// How many customers have visits of just these kinds.
    pub(super) sets: Sets<u64>,
    /// The visits of one customer with their kinds.
    parts: Vec<(u32, Tally)>,
    kinds: Vec<u32>,
}

/// One visit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit {
    /// When it began.
    pub(super) at: i64,
    pub(super) is_bounce: bool,
    tally: Tally,
}

impl Tally {
    fn take(&mut self, other: &Self) {
        self.n_visits += other.n_visits;
        self.n_bounces += other.n_bounces;
        self.n_events += other.n_events;
        self.n_views += other.n_views;
        self.duration += other.duration;
    }
}

impl Sums {
    /// One more customer.
    fn add(&mut self, tally: &Tally) {
        self.all.take(tally);
        self.n_customers += 1;
        let x = u128::from(tally.n_visits);
        self.xx += x * x;
        let ys = [tally.n_bounces, tally.n_views, tally.duration].map(u128::from);
        for (k, y) in ys.into_iter().enumerate() {
            self.xy[k] += x * y;
            self.yy[k] += y * y;
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.all.take(&other.all);
        self.n_customers += other.n_customers;
        self.xx += other.xx;
        for k in 0..3 {
            self.xy[k] += other.xy[k];
            self.yy[k] += other.yy[k];
        }
    }
}

impl Plan {
    /// Each visit of a customer that begins in the period, with its rows, in order.
    #[inline]
    pub(super) fn visits(&self, rows: &Rows<'_>, mut each: impl FnMut(Visit, Range<usize>)) {
        if let Some(bouts) = self.bouts(rows) {
            let mut begin = 0;
            for k in 1..bouts.len() {
                if bouts.firsts[k] - bouts.lasts[k - 1] > self.gap {
                    let end = bouts.rows(k).start;
                    self.close(rows, begin..end, &mut each);
                    begin = end;
                }
            }
            return self.close(rows, begin..rows.len(), &mut each);
        }
        let (times, marks) = (rows.times(), rows.marks());
        // The rows of the visit, its end, and when it is over at the latest.
        let (mut begin, mut end, mut last, mut over_at) = (0, 0, i64::MIN, i64::MIN);
        for (row, (&at, &mark)) in times.iter().zip(marks).enumerate() {
            if mark & COUNTED == 0 {
                continue;
            }
            if at >= over_at || at - last > self.gap {
                self.close(rows, begin..end, &mut each);
                begin = row;
                over_at = self.days.as_ref().map_or(i64::MAX, |days| days.end(days.place(at)));
            }
            (end, last) = (row + 1, at);
        }
        self.close(rows, begin..end, &mut each);
    }

    /// The bouts of a customer, where visits are made of whole ones.
    #[inline]
    pub(super) fn bouts<'a>(&self, rows: &Rows<'a>) -> Option<CustomerBouts<'a>> {
        let is_whole = self.all_count && self.days.is_none() && self.gap >= BOUT_PAUSE;
        rows.bouts().filter(|_| is_whole)
    }

    #[inline]
    fn close(
        &self,
        rows: &Rows<'_>,
        visit: Range<usize>,
        each: &mut impl FnMut(Visit, Range<usize>),
    ) {
        let times = &rows.times()[visit.clone()];
        let (Some(&first), Some(&last)) = (times.first(), times.last()) else { return };
        if !self.window.holds(Timestamp(first)) {
            return;
        }
        let (mut n_events, mut n_views) = (0u32, 0u32);
        for mark in &rows.marks()[visit.clone()] {
            n_events += u32::from(mark & COUNTED != 0);
            n_views += u32::from(mark & VIEW != 0);
        }
        let (n_events, n_views) = (u64::from(n_events), u64::from(n_views));
        let is_bounce = match self.bounce {
            Bounce::OneView => n_views <= 1,
            Bounce::OneEvent => n_events == 1,
        };
        let duration = (last - first) as u64;
        let n_bounces = u64::from(is_bounce);
        let tally = Tally { n_visits: 1, n_bounces, n_events, n_views, duration };
        each(Visit { at: first, is_bounce, tally }, visit);
    }
}

impl Fold for Plan {
    type Total = VisitsTotal;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut VisitsTotal) {
        let VisitsTotal { all, spans, of_kind, sets, parts, kinds } = total;
        parts.clear();
        let (mut mine, mut last) = (Tally::default(), None);
        self.visits(&rows, |visit, range| {
            mine.take(&visit.tally);
            if let Some(series) = &self.spans {
                // Visits come in order of time: those of a span come one after the other.
                let span = series.place(visit.at);
                let (of, mut tally) = last.unwrap_or((span, Tally::default()));
                if of != span {
                    spans[of].add(&tally);
                    tally = Tally::default();
                }
                tally.take(&visit.tally);
                last = Some((span, tally));
            }
            if let Some(reading) = &self.reading {
                parts.push((sets.number(reading.key(&rows, range)), visit.tally));
            }
        });
        if mine.n_visits > 0 {
            all.add(&mine);
        }
        if let Some((span, tally)) = last {
            spans[span].add(&tally);
        }
        if parts.is_empty() {
            return;
        }
        parts.sort_unstable_by_key(|(kind, _)| *kind);
        of_kind.resize_with(sets.keys().len(), Sums::default);
        kinds.clear();
        for of_one in parts.chunk_by(|a, b| a.0 == b.0) {
            let mut tally = Tally::default();
            of_one.iter().for_each(|(_, part)| tally.take(part));
            of_kind[of_one[0].0 as usize].add(&tally);
            kinds.push(of_one[0].0);
        }
        *sets.of(kinds) += 1;
    }

    fn total(&self) -> VisitsTotal {
        let n_spans = self.spans.as_ref().map_or(0, super::Spans::len);
        VisitsTotal { spans: vec![Sums::default(); n_spans], ..VisitsTotal::default() }
    }

    fn merge(&self, into: &mut VisitsTotal, other: VisitsTotal) {
        into.all.merge(&other.all);
        for (into, sums) in into.spans.iter_mut().zip(&other.spans) {
            into.merge(sums);
        }
        let numbers = into.sets.merge(other.sets, |into, n| *into += n);
        into.of_kind.resize_with(into.sets.keys().len(), Sums::default);
        for (number, sums) in numbers.into_iter().zip(&other.of_kind) {
            into.of_kind[number as usize].merge(sums);
        }
    }
}
