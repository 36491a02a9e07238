//! How does one thread give the customers of a bucket to all folds?
//!
//! Customers who are nowhere but in the bucket's own table are given as slices of it. Those who are
//! touched by strays, and short stretches between two of them, are put together in a lot.

use super::delta::{Delta, Stray};
use super::folding::Known;
use super::lot::{Lot, Own};
use super::pass::{Totals, Work};
use super::question::{Question, Tables};
use super::slab::{Scratch, Slab, Strip};
use crate::error::HistoryError;
use crate::hot::{ColumnKey, View};
use base::CustomerId;
use std::ops::Range;
use std::sync::atomic::Ordering;
use timeline::{BoutsFrom, Window};

/// Rows whose marks are computed at once: few enough to stay in the cache nearest to the core.
const SLAB_ROWS: usize = 16 << 10;
/// Below so many rows it costs less to copy a stretch than to give it by itself.
const STRETCH_ROWS_MIN: usize = 1 << 10;

/// Where the window is shorter than one to so many of the time that a bucket spans, it costs less
/// to copy the rows that are in it than to look at all.
const NARROW: i128 = 4;

/// One thread of the second round of a pass.
pub(crate) struct Worker<'w> {
    work: &'w Work,
    delta: &'w Delta,
    tables: Vec<Tables>,
    scratch: Scratch,
    lot: Lot,
    /// When the first and the last row of the bucket happened.
    span: (i64, i64),
    /// Whether all rows of the bucket have a name that counts.
    are_named: bool,
    totals: Totals,
    n_rows: u64,
    n_customers: u64,
}

impl<'w> Worker<'w> {
    pub fn new(work: &'w Work, delta: &'w Delta) -> Self {
        Self {
            work,
            delta,
            tables: work.questions.iter().map(|_| Tables::default()).collect(),
            scratch: Scratch::default(),
            lot: Lot::default(),
            span: (i64::MIN, i64::MAX),
            are_named: false,
            totals: work.folds.iter().map(|fold| fold.start()).collect(),
            n_rows: 0,
            n_customers: 0,
        }
    }

    /// What all its buckets came to.
    pub fn finish(self) -> Totals {
        self.work.n_rows.fetch_add(self.n_rows, Ordering::Relaxed);
        self.work.n_customers.fetch_add(self.n_customers, Ordering::Relaxed);
        self.totals
    }

    /// Gives all customers of a bucket: those of its table, and those of `strays` (sorted).
    pub fn bucket(&mut self, bucket: usize, strays: &[Stray]) -> Result<(), HistoryError> {
        let work = self.work;
        let table = work.buckets[bucket].as_ref();
        let own = table.map(|table| work.view(table, &work.wanted.columns)).transpose()?;
        let own = own.unwrap_or_default();
        for (tables, question) in self.tables.iter_mut().zip(&work.questions) {
            tables.extend(question, &work.dictionaries_of);
        }
        self.span = span_of(&own, strays);
        self.are_named = own.keys.is_part() || (table.is_none() && work.has_names());
        // Where times alone are looked at, customers are told by their first and last.
        let is_narrow = !own.columns.is_empty() && is_narrow(work.hull, own.keys.span);
        let seqs = || {
            let table = table.expect("rows of a bucket have a table");
            Ok(work.view(table, &[ColumnKey::Seq])?.columns.remove(0))
        };
        let customers = &own.keys.customers;
        let of_all = if is_narrow { &[][..] } else { customers };
        let traits = work.traits.codes(&*work.options.traits, of_all)?;
        let (mut from, mut rest) = (0, strays);
        for customer in touched(strays, &work.stale[bucket]) {
            let until = from + customers[from..].partition_point(|known| *known < customer);
            if is_narrow {
                self.narrow_stretch(&own, from..until)?;
            } else {
                self.stretch(&own, &traits, from..until, true)?;
            }
            let is_here = customers.get(until) == Some(&customer);
            from = until + usize::from(is_here);
            let is_stale = work.stale[bucket].binary_search(&customer).is_ok();
            let rows = if is_here && !is_stale { own.keys.rows(until) } else { 0..0 };
            let (theirs, later) = rest.split_at(rest.partition_point(|s| s.customer <= customer));
            rest = later;
            self.lot.push(customer, Own { rows, times: &own.keys.times, seqs: &seqs }, theirs)?;
            if self.lot.n_rows() >= SLAB_ROWS {
                self.give_lot(&own)?;
            }
        }
        if is_narrow {
            self.narrow_stretch(&own, from..customers.len())?;
        } else {
            self.stretch(&own, &traits, from..customers.len(), false)?;
        }
        self.give_lot(&own)?;
        work.progressed(table.map_or(0, |table| table.n_rows()));
        Ok(())
    }

    /// Gives untouched customers at consecutive places, slab by slab; a short stretch may go into
    /// the lot.
    fn stretch(
        &mut self,
        own: &View,
        traits: &[Vec<u32>],
        places: Range<usize>,
        may_be_lotted: bool,
    ) -> Result<(), HistoryError> {
        if places.is_empty() {
            return Ok(());
        }
        let keys = &own.keys;
        let rows = keys.rows(places.start).start..keys.ends[places.end - 1] as usize;
        if may_be_lotted && rows.len() < STRETCH_ROWS_MIN {
            self.lot.push_whole(keys, places, rows);
            return Ok(());
        }
        let mut from = places.start;
        while from < places.end {
            self.work.check()?;
            let start = keys.rows(from).start;
            let limit = (start + SLAB_ROWS) as u32;
            let fits = keys.ends[from..places.end].partition_point(|&end| end <= limit);
            let until = from + fits.max(1);
            let rows = start..keys.ends[until - 1] as usize;
            self.count(until - from, rows.len());
            let slab = Slab {
                customers: &keys.customers[from..until],
                start: start as u32,
                ends: &keys.ends[from..until],
                times: &keys.times[rows.clone()],
                spans: &keys.spans[from..until],
                bouts: keys.bouts.as_ref().map(|bouts| BoutsFrom { bouts, place: from }),
                columns: own.columns.iter().map(|c| Strip::of(c, rows.clone())).collect(),
                traits: traits.iter().map(|codes| &codes[from..until]).collect(),
            };
            let working = (&self.tables[..], &mut self.scratch, &mut self.totals);
            give(self.work, &slab, (self.span, self.are_named), working);
            from = until;
        }
        Ok(())
    }

    /// Puts what untouched customers at consecutive places have in the window into the lot.
    fn narrow_stretch(&mut self, own: &View, places: Range<usize>) -> Result<(), HistoryError> {
        let (keys, window) = (&own.keys, self.work.hull);
        for place in places {
            let rows = keys.rows_in(place, window);
            if !rows.is_empty() {
                self.lot.push_some(keys.customers[place], rows, &keys.times);
                if self.lot.n_rows() >= SLAB_ROWS {
                    self.give_lot(own)?;
                }
            }
        }
        Ok(())
    }

    /// Gives the customers of the lot, and empties it.
    fn give_lot(&mut self, own: &View) -> Result<(), HistoryError> {
        if self.lot.n_rows() > 0 {
            let work = self.work;
            work.check()?;
            self.count(self.lot.customers.len(), self.lot.n_rows());
            self.lot.fill(work.wanted.columns.len(), &own.columns, &self.delta.tables);
            self.lot.traits = work.traits.codes(&*work.options.traits, &self.lot.customers)?;
            let working = (&self.tables[..], &mut self.scratch, &mut self.totals);
            give(work, &self.lot.slab(), (self.span, self.are_named), working);
        }
        self.lot.clear();
        Ok(())
    }

    fn count(&mut self, n_customers: usize, n_rows: usize) {
        self.n_customers += n_customers as u64;
        self.n_rows += n_rows as u64;
    }
}

/// Gives a slab to all folds.
fn give(
    work: &Work,
    slab: &Slab<'_>,
    (span, are_named): ((i64, i64), bool),
    (tables, scratch, totals): (&[Tables], &mut Scratch, &mut Totals),
) {
    let folds = work.folds.iter().zip(&work.questions).zip(tables);
    for (((fold, question), tables), total) in folds.zip(totals) {
        if question.may_count(tables) {
            let all_count = question.all_count(are_named && work.folds.len() == 1);
            let known = Known { window: window_in(question, span), all_count, whom: &[] };
            let question = (question, &work.traits);
            slab.give(&**fold, question, known, (tables, scratch, &mut **total));
        }
    }
}

/// The window of a question, where not all of `span` lies in it.
fn window_in(question: &Question, span: (i64, i64)) -> Option<Window> {
    let Window { from, until } = question.window;
    let is_inside = from.0 <= span.0 && (span.1 < until.0 || until.0 == i64::MAX);
    (!is_inside).then_some(question.window)
}

/// Whether a window is short beside the time that rows span.
fn is_narrow(window: Window, span: (i64, i64)) -> bool {
    let length = |from: i64, until: i64| i128::from(until) - i128::from(from);
    let (from, until) = (window.from.0.max(span.0), window.until.0.min(span.1));
    length(from, until).max(0) * NARROW < length(span.0, span.1)
}

/// When the first and the last of all rows happened.
fn span_of(own: &View, strays: &[Stray]) -> (i64, i64) {
    let (first, last) =
        if own.keys.times.is_empty() { (i64::MAX, i64::MIN) } else { own.keys.span };
    strays
        .iter()
        .fold((first, last), |(first, last), stray| (first.min(stray.time), last.max(stray.time)))
}

/// The customers of `strays` (sorted) and of `stale`, ascending, each once.
fn touched(strays: &[Stray], stale: &[CustomerId]) -> Vec<CustomerId> {
    let mut touched: Vec<CustomerId> = strays.iter().map(|stray| stray.customer).collect();
    touched.dedup();
    if !stale.is_empty() {
        touched.extend_from_slice(stale);
        touched.sort_unstable();
        touched.dedup();
    }
    touched
}
