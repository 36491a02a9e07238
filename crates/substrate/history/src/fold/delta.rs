//! Which rows do not lie where their customer's other rows lie?
//!
//! Those of fresh batches and of mixed runs, and those under customers whom they have left.

use super::question::Wanted;
use crate::error::HistoryError;
use crate::hot::{Column, ColumnKey, Loader, Names, Table, View};
use crate::moves::Moves;
use crate::run::{N_BUCKETS, bucket_of};
use base::{CustomerId, IdentifierId, Timestamp};
use std::sync::Arc;
use timeline::{Field, Window};

/// A row that is away from the others of its customer. Sorted as rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stray {
    pub customer: CustomerId,
    pub time: i64,
    pub seq: u64,
    /// In which of [`Delta::tables`] it lies, and where there.
    pub table: u32,
    pub row: u32,
}

/// All strays.
#[derive(Debug, Default)]
pub(crate) struct Delta {
    /// The wanted columns of each table that has strays.
    pub tables: Vec<Vec<Arc<Column>>>,
    /// The strays by bucket, not sorted yet.
    pub buckets: Vec<Vec<Stray>>,
}

/// The strays of one table.
pub(crate) struct Found {
    columns: Vec<Arc<Column>>,
    strays: Vec<Stray>,
}

impl Delta {
    /// Those of `finds`, but for the rows of the customers `without` (ascending).
    pub fn of(finds: Vec<Found>, without: &[CustomerId]) -> Self {
        let buckets = vec![Vec::new(); usize::from(N_BUCKETS)];
        let mut delta = Self { tables: Vec::new(), buckets };
        for (table, Found { columns, strays }) in (0u32..).zip(finds) {
            delta.tables.push(columns);
            for stray in strays {
                if without.binary_search(&stray.customer).is_ok() {
                    continue;
                }
                let bucket = usize::from(bucket_of(stray.customer));
                delta.buckets[bucket].push(Stray { table, ..stray });
            }
        }
        delta
    }
}

/// Looks for strays.
pub(crate) struct Search<'a> {
    pub wanted: &'a Wanted,
    pub moves: &'a Moves,
    /// Rows outside count for nobody.
    pub window: Window,
    /// Rows with other names count for nobody.
    pub names: Option<&'a Names>,
    pub loader: Loader<'a>,
}

impl Search<'_> {
    /// All rows of a mixed run or a fresh batch.
    pub fn all_of(&self, table: &Table) -> Result<Found, HistoryError> {
        let mut view = self.view(table)?;
        let may_count = self.may_count();
        let mut strays = Vec::new();
        for place in 0..view.keys.customers.len() {
            let first = view.keys.rows(place).start as u32;
            self.strays_of(&view, place, (first, &may_count), &mut strays);
        }
        view.columns.truncate(self.wanted.columns.len());
        Ok(Found { columns: view.columns, strays })
    }

    /// The rows of those of `stale` (ascending) who are in the table; `None` where nobody is.
    pub fn stale_of(
        &self,
        table: &Table,
        stale: &[CustomerId],
    ) -> Result<Option<Found>, HistoryError> {
        let keys = table.view(&[], &self.loader)?.keys;
        let places: Vec<usize> = stale
            .iter()
            .filter_map(|customer| keys.customers.binary_search(customer).ok())
            .collect();
        if places.is_empty() {
            return Ok(None);
        }
        let view = self.view(table)?;
        let may_count = self.may_count();
        let (mut strays, mut n_rows) = (Vec::new(), 0);
        for &place in &places {
            self.strays_of(&view, place, (n_rows, &may_count), &mut strays);
            n_rows += view.keys.rows(place).len() as u32;
        }
        let pieces = || places.iter().map(|&place| (0, view.keys.rows(place)));
        let part = |column: &Arc<Column>| {
            Arc::new(Column::arranged(&[&**column], pieces(), n_rows as usize))
        };
        let columns = view.columns.iter().take(self.wanted.columns.len()).map(part).collect();
        Ok(Some(Found { columns, strays }))
    }

    /// The wanted columns, then those that tell whose a row is and where it comes, then names where
    /// they decide.
    fn view(&self, table: &Table) -> Result<View, HistoryError> {
        let mut columns = self.wanted.columns.clone();
        columns.extend([ColumnKey::Seq, ColumnKey::Identifier]);
        columns.extend(self.names.map(|_| ColumnKey::Label(Field::Name)));
        table.view(&columns, &self.loader)
    }

    /// By code of a name whether its rows may count; asked for when the names are loaded.
    fn may_count(&self) -> Vec<bool> {
        let dictionary = self.loader.dictionaries.of(&Field::Name);
        self.names.map_or_else(Vec::new, |names| dictionary.which(names))
    }

    /// The rows of the customer at `place` that may count, with whom they belong to now; the first
    /// of the customer's rows has the number `first`.
    fn strays_of(
        &self,
        view: &View,
        place: usize,
        (first, may_count): (u32, &[bool]),
        strays: &mut Vec<Stray>,
    ) {
        let n_wanted = self.wanted.columns.len();
        let (seqs, identifiers) =
            (view.columns[n_wanted].keys(), view.columns[n_wanted + 1].keys());
        let names = view.columns.get(n_wanted + 2);
        let written = view.keys.customers[place];
        let is_touched = self.moves.is_touched(written);
        for (number, row) in (first..).zip(view.keys.rows(place)) {
            let time = view.keys.times[row];
            let counts = self.window.holds(Timestamp(time))
                && names.is_none_or(|names| may_count[names.code(row) as usize]);
            if !counts {
                continue;
            }
            let owner = if is_touched {
                self.moves.customer_of(IdentifierId(identifiers[row]), written)
            } else {
                Some(written)
            };
            if let Some(customer) = owner {
                strays.push(Stray { customer, time, seq: seqs[row], table: 0, row: number });
            }
        }
    }
}

/// The customers under whom rows may lie that are not theirs, or who are among those `without`: their
/// rows are looked at one by one. By bucket, ascending.
pub(crate) fn stale_by_bucket(moves: &Moves, without: &[CustomerId]) -> Vec<Vec<CustomerId>> {
    let mut buckets = vec![Vec::new(); usize::from(N_BUCKETS)];
    let stale = moves.iter_stale().map(|(written, _)| written);
    for written in stale.chain(without.iter().copied()) {
        buckets[usize::from(bucket_of(written))].push(written);
    }
    for customers in &mut buckets {
        customers.sort_unstable();
        customers.dedup();
    }
    buckets
}
