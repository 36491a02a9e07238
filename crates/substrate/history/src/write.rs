//! How do events come out of memory into sorted files?

use crate::columns::{KeyView, Rows};
use crate::encode::RunEncoder;
use crate::error::HistoryError;
use crate::pack::{BlockReader, FreshBatch};
use crate::rewrite::Rewrite;
use crate::run::{N_BUCKETS, RunMeta, Stamp, bucket_of};
use crate::store::{RunStore, blocking};
use arrow_array::{RecordBatch, UInt32Array};
use arrow_select::take::take_record_batch;
use base::{CustomerId, Position};
use bytes::Bytes;
use std::sync::Arc;
use timeline::Field;

/// Below this many rows 64 files are not worth their footers; they go into one mixed run.
pub(crate) const SPLIT_ROWS_MIN: u64 = 16 << 10;
/// Rows that are spread over the buckets at once: about 256 for each.
const CHUNK_ROWS: usize = 16 << 10;
/// Rows of a flush from which its runs get columns of fields; smaller ones are merged soon.
const TYPED_ROWS_MIN: usize = 256 << 10;
/// Inflated blocks kept while batches are read across.
const INFLATED_BYTES: usize = 64 << 20;

/// Spreads sorted rows over the runs of all buckets, or keeps them in one mixed run.
pub(crate) struct Splitter {
    encoders: Vec<RunEncoder>,
    split: bool,
}

impl Splitter {
    /// A splitter whose runs get columns of the fields that are `worth` it.
    pub fn new(split: bool, worth: &Arc<[Field]>) -> Self {
        let n = if split { usize::from(N_BUCKETS) } else { 1 };
        let encoders = (0..n).map(|_| RunEncoder::new(worth.clone())).collect();
        Self { encoders, split }
    }

    pub fn write(&mut self, rows: &RecordBatch) -> Result<(), HistoryError> {
        if !self.split {
            return self.encoders[0].write(rows);
        }
        let keys = KeyView::of(rows).expect("rows are built with the columns of a run");
        let mut places = vec![Vec::new(); self.encoders.len()];
        for (row, &customer) in (0u32..).zip(keys.customers()) {
            places[usize::from(bucket_of(CustomerId(customer)))].push(row);
        }
        for (encoder, places) in self.encoders.iter_mut().zip(places) {
            if !places.is_empty() {
                let part = take_record_batch(rows, &UInt32Array::from(places));
                encoder.write(&part.map_err(HistoryError::encode)?)?;
            }
        }
        Ok(())
    }

    /// What was written. Of `stamp` the bucket counts for nothing.
    pub fn finish(self, stamp: Stamp, seed: u64) -> Result<Vec<(Bytes, RunMeta)>, HistoryError> {
        let split = self.split;
        let buckets = (0..).map(|b| if split { b } else { RunMeta::MIXED });
        let written = buckets.zip(self.encoders).filter(|(_, encoder)| !encoder.is_empty());
        written.map(|(bucket, encoder)| encoder.finish(Stamp { bucket, ..stamp }, seed)).collect()
    }
}

/// Writes the events of `batches` as sorted runs, durable on return.
pub(crate) async fn write_runs(
    store: &RunStore,
    batches: Vec<Arc<FreshBatch>>,
    rewrite: Rewrite,
    worth: Arc<[Field]>,
    seed: u64,
) -> Result<Vec<RunMeta>, HistoryError> {
    let files = blocking(move || encode_batches(&batches, &rewrite, worth, seed)).await?;
    let runs = files.iter().map(|(_, meta)| meta.clone()).collect();
    store.put_all(files).await?;
    Ok(runs)
}

fn encode_batches(
    batches: &[Arc<FreshBatch>],
    rewrite: &Rewrite,
    mut worth: Arc<[Field]>,
    seed: u64,
) -> Result<Vec<(Bytes, RunMeta)>, HistoryError> {
    let mut order = Vec::with_capacity(batches.iter().map(|b| b.n_events()).sum());
    for (number, batch) in batches.iter().enumerate() {
        for row in 0..batch.n_events() {
            let mut key = batch.key(row);
            let identifier = batch.identifier(row);
            let named = || Some((batch.kind(row), batch.name(row)));
            if let Some(customer) = rewrite.customer_of(&key, identifier, named) {
                key.customer = customer;
                order.push((key, number, row));
            }
        }
    }
    order.sort_unstable();
    if order.len() < TYPED_ROWS_MIN {
        worth = Arc::default();
    }
    let mut splitter = Splitter::new(order.len() as u64 >= SPLIT_ROWS_MIN, &worth);
    let mut reader = BlockReader::new(INFLATED_BYTES)?;
    let mut rows = Rows::new();
    for (key, number, row) in order {
        let mut event = reader.event(&batches[number], row)?;
        event.customer = CustomerId(key.customer);
        rewrite.redact_event(&mut event);
        rows.push(&event);
        if rows.len() == CHUNK_ROWS {
            splitter.write(&rows.take()?)?;
        }
    }
    if rows.len() > 0 {
        splitter.write(&rows.take()?)?;
    }
    // Each batch is right through its own position.
    let before = batches.iter().map(|batch| batch.position()).min().unwrap_or(Position(0));
    let written_through = rewrite.written_through(before);
    splitter.finish(Stamp { bucket: RunMeta::MIXED, level: 0, written_through }, seed)
}
