//! Which events are too new to lie in files, and which of them are this customer's?

use crate::error::HistoryError;
use crate::event::{Cursor, RowKey};
use crate::filter::{Sieve, TimelineQuery};
use crate::found::Found;
use crate::pack::{BlockReader, FreshBatch};
use base::{CustomerId, Position};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The newest events, in memory; the state database keeps the same batches.
///
/// Each event costs its part of the packed batch and about 100 bytes of index.
#[derive(Debug, Default)]
pub struct Fresh {
    batches: BTreeMap<Position, Arc<FreshBatch>>,
    index: BTreeMap<RowKey, Place>,
    n_bytes: usize,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    batch: Position,
    row: u32,
}

/// A full B-tree leaf spends this much on one entry, half-filled ones twice; two thirds is usual.
const INDEX_BYTES_PER_EVENT: usize = (size_of::<RowKey>() + size_of::<Place>()) * 3 / 2;

impl Fresh {
    /// Takes a batch in; one that is there already is left alone (`false`).
    pub fn add(&mut self, batch: FreshBatch) -> bool {
        let position = batch.position();
        if self.batches.contains_key(&position) {
            return false;
        }
        for row in 0..batch.n_events() {
            let place = Place {
                batch: position,
                row: u32::try_from(row).expect("a batch has fewer than 2^32 rows"),
            };
            self.index.insert(batch.key(row), place);
        }
        self.n_bytes += batch.n_bytes() + batch.n_events() * INDEX_BYTES_PER_EVENT;
        self.batches.insert(position, Arc::new(batch));
        true
    }

    /// How many events it holds.
    #[must_use]
    pub fn n_events(&self) -> usize {
        self.index.len()
    }

    /// Memory that it takes, in bytes, estimated.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    /// Every batch, oldest first; cheap, the batches are shared.
    #[must_use]
    pub fn batches(&self) -> Vec<Arc<FreshBatch>> {
        self.batches.values().cloned().collect()
    }

    /// Forgets the batches through `position`: they lie in files now.
    pub fn drop_through(&mut self, position: Position) {
        let kept = self.batches.split_off(&Position(position.0.saturating_add(1)));
        for batch in self.batches.values() {
            self.n_bytes -= batch.n_bytes() + batch.n_events() * INDEX_BYTES_PER_EVENT;
        }
        self.batches = kept;
        if self.batches.is_empty() {
            self.index.clear();
        } else {
            self.index.retain(|_, place| place.batch > position);
        }
    }

    /// Whether rows lie in it that say `customer` although their identifier came to point to
    /// somebody else at `moved_at`.
    pub(crate) fn may_hold_stale(&self, customer: CustomerId, moved_at: Position) -> bool {
        let first = RowKey { customer: customer.0, occurred_at: i64::MIN, seq: 0 };
        let last = RowKey { customer: customer.0, occurred_at: i64::MAX, seq: u64::MAX };
        self.index.range(first..=last).any(|(_, place)| place.batch < moved_at)
    }

    pub(crate) fn timeline(
        &self,
        query: &TimelineQuery<'_>,
        sieve: &Sieve<'_>,
    ) -> Result<Vec<Found>, HistoryError> {
        let mut reader = BlockReader::new(0)?;
        query.customers.iter().map(|&c| self.one(c, query, sieve, &mut reader)).collect()
    }

    fn one(
        &self,
        customer: CustomerId,
        query: &TimelineQuery<'_>,
        sieve: &Sieve<'_>,
        reader: &mut BlockReader,
    ) -> Result<Found, HistoryError> {
        let key = |at: Cursor| RowKey {
            customer: customer.0,
            occurred_at: at.occurred_at.0,
            seq: at.seq,
        };
        let first = RowKey { customer: customer.0, occurred_at: sieve.since(), seq: 0 };
        let end = key(sieve.start(query.before));
        let mut found = Found::default();
        if first >= end {
            return Ok(found);
        }
        for (key, place) in self.index.range(first..end).rev() {
            if found.n_scanned >= query.scan_rows_max.max(1) {
                break;
            }
            found.n_scanned += 1;
            found.frontier = Some(key.cursor());
            let (batch, row) = (&self.batches[&place.batch], place.row as usize);
            if query.identifiers.contains(&batch.identifier(row))
                && takes(sieve, batch, row, reader)?
            {
                found.events.push(reader.event(batch, row)?);
                if found.events.len() > query.limit {
                    return Ok(found);
                }
            }
        }
        if found.n_scanned < query.scan_rows_max.max(1) {
            found.frontier = None;
        }
        Ok(found)
    }
}

fn takes(
    sieve: &Sieve<'_>,
    batch: &FreshBatch,
    row: usize,
    reader: &mut BlockReader,
) -> Result<bool, HistoryError> {
    let name = batch.name(row);
    Ok(sieve.takes_name(batch.kind(row).slug(), name)
        && (!sieve.needs_text() || sieve.takes_text(name, reader.properties(batch, row)?)))
}
