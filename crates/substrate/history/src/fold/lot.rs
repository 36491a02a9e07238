//! How are customers put together whose rows lie in several tables?

use super::delta::Stray;
use super::slab::{Slab, Strip};
use crate::error::HistoryError;
use crate::hot::{Column, Keys};
use base::CustomerId;
use std::ops::Range;
use std::sync::Arc;

/// Customers put together piece by piece, to be given to folds like any others.
#[derive(Debug, Default)]
pub(crate) struct Lot {
    pub customers: Vec<CustomerId>,
    ends: Vec<u32>,
    times: Vec<i64>,
    /// Where the rows lie: in which table, and where there.
    pieces: Vec<(usize, Range<usize>)>,
    columns: Vec<Column>,
    pub traits: Vec<Vec<u32>>,
}

/// The table of the bucket's own rows, in [`Lot::pieces`]; the strays' tables come after it.
const OWN: usize = 0;

/// A customer's rows in the table of the bucket.
pub(crate) struct Own<'a> {
    pub rows: Range<usize>,
    pub times: &'a [i64],
    /// Numbers of the events; asked for only where times are equal.
    pub seqs: &'a dyn Fn() -> Result<Arc<Column>, HistoryError>,
}

impl Lot {
    pub fn clear(&mut self) {
        self.customers.clear();
        self.ends.clear();
        self.times.clear();
        self.pieces.clear();
    }

    pub fn n_rows(&self) -> usize {
        self.times.len()
    }

    /// Adds a customer who comes after all before: their own rows and the strays, both sorted.
    pub fn push(
        &mut self,
        customer: CustomerId,
        mut own: Own<'_>,
        strays: &[Stray],
    ) -> Result<(), HistoryError> {
        for stray in strays {
            self.push_own(own.split_before(stray)?, own.times);
            self.times.push(stray.time);
            let row = stray.row as usize;
            self.pieces.push((1 + stray.table as usize, row..row + 1));
        }
        self.push_own(own.rows, own.times);
        if self.ends.last().copied().unwrap_or(0) as usize != self.times.len() {
            self.customers.push(customer);
            self.ends.push(u32::try_from(self.times.len()).expect("a lot has below 2^32 rows"));
        }
        Ok(())
    }

    /// Adds customers at consecutive places of the bucket's table, who come after all before, with
    /// the rows that are theirs.
    pub fn push_whole(&mut self, keys: &Keys, places: Range<usize>, rows: Range<usize>) {
        let before = self.times.len() as u32;
        let first = rows.start as u32;
        self.customers.extend_from_slice(&keys.customers[places.clone()]);
        self.ends.extend(keys.ends[places].iter().map(|end| end - first + before));
        self.push_own(rows, &keys.times);
    }

    /// Adds some rows of the bucket's table, of a customer who comes after all before.
    pub fn push_some(&mut self, customer: CustomerId, rows: Range<usize>, times: &[i64]) {
        self.push_own(rows, times);
        self.customers.push(customer);
        self.ends.push(u32::try_from(self.times.len()).expect("a lot has below 2^32 rows"));
    }

    fn push_own(&mut self, rows: Range<usize>, times: &[i64]) {
        if !rows.is_empty() {
            self.times.extend_from_slice(&times[rows.clone()]);
            self.pieces.push((OWN, rows));
        }
    }

    /// Fetches the columns of all rows, out of the bucket's own and those of the strays' tables.
    /// A bucket without a table has no columns, and no rows either.
    pub fn fill(&mut self, n_columns: usize, own: &[Arc<Column>], strays: &[Vec<Arc<Column>>]) {
        let column = |place: usize| {
            let of_strays = || strays.iter().map(|columns| &*columns[place]);
            // Where there is no table of the bucket, any column of the same sort holds its place.
            let first = own.get(place).map(|column| &**column).or_else(|| of_strays().next());
            let all: Vec<&Column> = first.into_iter().chain(of_strays()).collect();
            Column::arranged(&all, self.pieces.iter().cloned(), self.times.len())
        };
        self.columns = (0..n_columns).map(column).collect();
    }

    pub fn slab(&self) -> Slab<'_> {
        let rows = 0..self.times.len();
        Slab {
            customers: &self.customers,
            start: 0,
            ends: &self.ends,
            times: &self.times,
            spans: &[],
            bouts: None,
            columns: self.columns.iter().map(|column| Strip::of(column, rows.clone())).collect(),
            traits: self.traits.iter().map(Vec::as_slice).collect(),
        }
    }
}

impl Own<'_> {
    /// Takes away the rows that come before a stray.
    fn split_before(&mut self, stray: &Stray) -> Result<Range<usize>, HistoryError> {
        let begin = self.rows.start;
        let left = &self.times[self.rows.clone()];
        // Mostly a stray is newer than all that lies in files.
        self.rows.start += match left.last() {
            Some(&last) if last < stray.time => left.len(),
            _ => left.partition_point(|&at| at < stray.time),
        };
        while !self.rows.is_empty() && self.times[self.rows.start] == stray.time {
            if (self.seqs)()?.keys()[self.rows.start] > stray.seq {
                break;
            }
            self.rows.start += 1;
        }
        Ok(begin..self.rows.start)
    }
}
