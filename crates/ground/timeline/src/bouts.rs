//! When does a customer do something, if not every moment matters?
//!
//! Events come in bouts: a visit, a mail and the clicks in it. A *bout* are rows of one customer
//! none of which comes later than [`BOUT_PAUSE`] after the one before. Who asks for days, weeks or
//! visits has less to look at where each bout begins and ends than at every row.

use std::ops::Range;

/// Between two rows of a bout at most, in µs: five minutes.
pub const BOUT_PAUSE: i64 = 5 * 60 * 1_000_000;

/// Bouts are worth keeping where there are at most one to so many rows.
const ROWS_PER_BOUT_MIN: usize = 3;

/// The bouts of many customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bouts {
    /// Where the bouts of each customer end.
    of: Vec<u32>,
    /// Where the rows of each bout end.
    ends: Vec<u32>,
    /// When its first row happened, in µs UTC.
    firsts: Vec<i64>,
    /// When its last row happened.
    lasts: Vec<i64>,
}

/// The bouts of customers who begin at some place among those with bouts.
#[derive(Clone, Copy, Debug)]
pub struct BoutsFrom<'a> {
    /// All bouts.
    pub bouts: &'a Bouts,
    /// The place of the first customer.
    pub place: usize,
}

/// The bouts of one customer, in order.
#[derive(Clone, Copy, Debug)]
pub struct CustomerBouts<'a> {
    /// When the first row of each happened, in µs UTC.
    pub firsts: &'a [i64],
    /// When the last row of each happened.
    pub lasts: &'a [i64],
    ends: &'a [u32],
    /// The number of the first row.
    start: u32,
}

impl Bouts {
    /// The bouts of customers whose rows end at `ends`; `None` where they are too many to be worth
    /// it.
    ///
    /// # Panics
    /// If rows end where there are none.
    #[must_use]
    pub fn few(ends: &[u32], times: &[i64]) -> Option<Self> {
        let (of, begins) = begins(ends, times);
        let is_worth_it = begins.len() * ROWS_PER_BOUT_MIN <= times.len();
        is_worth_it.then(|| Self::begun(of, &begins, times))
    }

    /// The same, however many they are.
    ///
    /// # Panics
    /// If rows end where there are none.
    #[must_use]
    pub fn all(ends: &[u32], times: &[i64]) -> Self {
        let (of, begins) = begins(ends, times);
        Self::begun(of, &begins, times)
    }

    fn begun(of: Vec<u32>, begins: &[u32], times: &[i64]) -> Self {
        let mut ends: Vec<u32> = begins.iter().skip(1).copied().collect();
        ends.extend((!begins.is_empty()).then_some(times.len() as u32));
        let firsts = begins.iter().map(|&row| times[row as usize]).collect();
        let lasts = ends.iter().map(|&end| times[end as usize - 1]).collect();
        Self { of, ends, firsts, lasts }
    }

    /// Bytes that they take.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        size_of_val(&self.of[..])
            + size_of_val(&self.ends[..])
            + size_of_val(&self.firsts[..])
            + size_of_val(&self.lasts[..])
    }
}

impl<'a> BoutsFrom<'a> {
    /// Which bouts are those of the customer at `place`.
    #[inline]
    pub(crate) fn range(self, place: usize) -> Range<usize> {
        let of = &self.bouts.of;
        let place = self.place + place;
        let from = if place == 0 { 0 } else { of[place - 1] as usize };
        from..of[place] as usize
    }

    /// All bouts of the customer at `place`.
    #[inline]
    pub(crate) fn whole(self, place: usize) -> CustomerBouts<'a> {
        let bouts = self.range(place);
        let start = if bouts.start == 0 { 0 } else { self.bouts.ends[bouts.start - 1] };
        self.some(bouts, start)
    }

    /// Some bouts of one customer, of which the first begins with the row `start`.
    #[inline]
    pub(crate) fn some(self, bouts: Range<usize>, start: u32) -> CustomerBouts<'a> {
        let Bouts { ends, firsts, lasts, .. } = self.bouts;
        let (firsts, lasts) = (&firsts[bouts.clone()], &lasts[bouts.clone()]);
        CustomerBouts { firsts, lasts, ends: &ends[bouts], start }
    }
}

impl CustomerBouts<'_> {
    /// How many there are.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Which of the customer's rows are the `k`-th.
    #[must_use]
    #[inline]
    pub fn rows(&self, k: usize) -> Range<usize> {
        let begin = if k == 0 { self.start } else { self.ends[k - 1] };
        (begin - self.start) as usize..(self.ends[k] - self.start) as usize
    }
}

/// Where the bouts of each customer end, and the rows at which bouts begin.
fn begins(ends: &[u32], times: &[i64]) -> (Vec<u32>, Vec<u32>) {
    let is_new = |pair: &[i64]| usize::from(is_apart(pair[0], pair[1]));
    // One too many at most where one customer ends and the next begins.
    let n_most = ends.len() + times.windows(2).map(is_new).sum::<usize>();
    let mut begins = vec![0u32; n_most + 1];
    let mut of = Vec::with_capacity(ends.len());
    let (mut n, mut begin) = (0, 0);
    for &end in ends {
        begins[n] = begin;
        n += usize::from(begin < end);
        let theirs = &times[begin as usize..end as usize];
        // Noted at every row and kept where one begins: no branch to be guessed wrong.
        for (row, pair) in (begin + 1..).zip(theirs.windows(2)) {
            begins[n] = row;
            n += is_new(pair);
        }
        of.push(n as u32);
        begin = end;
    }
    begins.truncate(n);
    (of, begins)
}

/// Whether `next` is more than [`BOUT_PAUSE`] after `at`, or before it.
fn is_apart(at: i64, next: i64) -> bool {
    // What is between two times may be more than fits an `i64`.
    next.wrapping_sub(at).cast_unsigned() > BOUT_PAUSE.cast_unsigned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Columns, Window};
    use base::{CustomerId, Timestamp};
    use proptest::prelude::*;

    /// The bouts of some rows, said plainly.
    fn plain(times: &[i64]) -> Vec<(i64, i64, usize)> {
        let bouts = times.chunk_by(|a, b| i128::from(*b) - i128::from(*a) <= BOUT_PAUSE.into());
        bouts.map(|bout| (bout[0], bout[bout.len() - 1], bout.len())).collect()
    }

    fn check(customers: &[Vec<i64>], skipped: usize, window: Window) {
        let customers: Vec<Vec<i64>> =
            customers.iter().filter(|c| !c.is_empty()).cloned().collect();
        let ids: Vec<CustomerId> = (0..customers.len() as u64).map(CustomerId).collect();
        let mut end = 0;
        let ends: Vec<u32> = customers
            .iter()
            .map(|times| {
                end += times.len() as u32;
                end
            })
            .collect();
        let times = customers.concat();
        let n_bouts: usize = customers.iter().map(|times| plain(times).len()).sum();
        let bouts = Bouts::all(&ends, &times);
        let is_worth_it = n_bouts * ROWS_PER_BOUT_MIN <= times.len();
        assert_eq!(Bouts::few(&ends, &times), is_worth_it.then(|| bouts.clone()));
        let skipped = skipped.min(customers.len());
        let spans: Vec<(i64, i64)> =
            customers.iter().map(|times| (times[0], times[times.len() - 1])).collect();
        let start = if skipped == 0 { 0 } else { ends[skipped - 1] };
        let columns = Columns {
            customers: &ids[skipped..],
            start,
            ends: &ends[skipped..],
            times: &times[start as usize..],
            spans: &spans[skipped..],
            bouts: Some(BoutsFrom { bouts: &bouts, place: skipped }),
            marks: &[],
            numbers: &[],
            labels: &[],
            traits: &[],
        };
        for (place, theirs) in customers[skipped..].iter().enumerate() {
            let rows = columns.rows(place);
            let clipped = rows.clip(window);
            let holds = |at: &i64| window.holds(Timestamp(*at));
            let inside: Vec<i64> = theirs.iter().copied().filter(holds).collect();
            assert_eq!(clipped.times(), inside);
            let is_cut = |at: i64| {
                let apart = |pair: &[i64]| pair[0] < at && at <= pair[1];
                let cut = theirs.windows(2).find(|pair| apart(pair));
                cut.is_some_and(|pair| !is_apart(pair[0], pair[1]))
            };
            let is_whole = !is_cut(window.from.0) && !is_cut(window.until.0);
            for (rows, times, is_there) in
                [(rows, theirs, true), (clipped, &inside, is_whole && !inside.is_empty())]
            {
                let found = rows.bouts().map(|bouts| {
                    let of = |k: usize| (bouts.firsts[k], bouts.lasts[k], bouts.rows(k).len());
                    (0..bouts.len()).map(of).collect::<Vec<_>>()
                });
                assert_eq!(found, is_there.then(|| plain(times)));
            }
        }
    }

    #[test]
    fn extremes_are_apart() {
        let window = Window { from: Timestamp(0), until: Timestamp(BOUT_PAUSE + 1) };
        check(&[vec![i64::MIN, i64::MAX], vec![0; 10], vec![0, BOUT_PAUSE, BOUT_PAUSE]], 1, window);
        check(&[], 0, window);
    }

    proptest! {
        #[test]
        fn bouts_are_rows_close_to_each_other(
            customers in prop::collection::vec(prop::collection::vec(0i64..100, 0..30), 0..8),
            skipped in 0usize..4,
            (from, until) in (-1i64..101, -1i64..101),
        ) {
            let at = |number: i64| number * BOUT_PAUSE / 4;
            let mut customers = customers;
            for times in &mut customers {
                times.sort_unstable();
                times.iter_mut().for_each(|time| *time = at(*time));
            }
            let (from, until) = (from.min(until), from.max(until));
            check(&customers, skipped, Window { from: Timestamp(at(from)), until: Timestamp(at(until)) });
        }
    }
}
