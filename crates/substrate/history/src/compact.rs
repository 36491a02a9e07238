//! How do several runs become one, with everybody's rows where they belong now?
//!
//! A merge of sorted streams: per input one row group of compressed bytes and two batches of rows
//! are in memory, whatever the size of the files. Rows whose customer has changed would break the
//! order (and mostly belong into another bucket), so they go aside, are sorted in bounded lots and
//! come out as small mixed runs, which later jobs spread over their buckets.

use crate::columns::{self, KeyView};
use crate::encode::RunEncoder;
use crate::error::HistoryError;
use crate::event::RowKey;
use crate::plan::Job;
use crate::rewrite::{Rewrite, is_whole, kind_and_name};
use crate::run::{RunMeta, Stamp};
use crate::source::{RunFile, RunStream};
use crate::store::{RunStore, Upload};
use crate::typed::FIELDS_MAX;
use crate::write::Splitter;
use arrow_array::{RecordBatch, UInt32Array};
use arrow_select::concat::concat_batches;
use arrow_select::interleave::interleave_record_batch;
use arrow_select::take::take_record_batch;
use base::Position;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use timeline::Field;

/// Rows decoded at once from each input.
const INPUT_ROWS: usize = 2 << 10;
/// Rows put together at once.
const OUTPUT_ROWS: usize = 8 << 10;
/// Moved rows kept in memory before they are written: about 30 MB.
const MOVED_ROWS: usize = 32 << 10;

/// What a compaction came to. The caller lists and unlists in one transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Runs that take over.
    pub added: Vec<RunMeta>,
    /// Paths of the runs that they replace.
    pub removed: Vec<String>,
    /// Rows written.
    pub n_rows: u64,
    /// Rows among them whose customer has changed.
    pub n_moved: u64,
    /// Rows dropped.
    pub n_dropped: u64,
    /// Rows that stayed with other texts.
    pub n_redacted: u64,
}

/// Does one job; every file is durable on return, and none of the inputs is touched.
pub(crate) async fn compact(
    store: &RunStore,
    job: &Job,
    rewrite: &Rewrite,
    worth: Arc<[Field]>,
    seed: u64,
) -> Result<Compacted, HistoryError> {
    let before = job.inputs.iter().map(|run| run.written_through).min().unwrap_or_default();
    let worth = with_columns_so_far(store, job, &worth).await?;
    let mut sink = Sink::open(store, job, rewrite.written_through(before), worth, seed).await?;
    let merged = merge(store, job, rewrite, &mut sink).await;
    let mut outcome = sink.close(job, merged).await?;
    outcome.removed = job.inputs.iter().map(|run| run.path.clone()).collect();
    Ok(outcome)
}

/// What is worth columns now, and what was when the inputs were written, as far as there is room:
/// a restart does not forget which fields are asked for.
async fn with_columns_so_far(
    store: &RunStore,
    job: &Job,
    worth: &Arc<[Field]>,
) -> Result<Arc<[Field]>, HistoryError> {
    let mut all = worth.to_vec();
    for run in &job.inputs {
        for field in RunFile::open(store, run).await?.fields() {
            if all.len() < FIELDS_MAX && !all.contains(&field) {
                all.push(field);
            }
        }
    }
    Ok(all.into())
}

async fn merge(
    store: &RunStore,
    job: &Job,
    rewrite: &Rewrite,
    sink: &mut Sink<'_>,
) -> Result<(), HistoryError> {
    let mut merge = Merge::open(store, &job.inputs).await?;
    while let Some(lot) = merge.next_lot().await? {
        let keys = KeyView::of(&lot).expect("inputs were checked to have the columns of a run");
        let mut kept = Vec::with_capacity(keys.len());
        let mut moved = Vec::new();
        let mut customers = Vec::new();
        for (row, place) in (0..keys.len()).zip(0u32..) {
            let key = keys.key(row);
            match rewrite.customer_of(&key, keys.identifier(row), || kind_and_name(&lot, row)) {
                None => sink.outcome.n_dropped += 1,
                Some(customer) if customer == key.customer => kept.push(place),
                Some(customer) => {
                    moved.push(place);
                    customers.push(customer);
                }
            }
        }
        if kept.len() == keys.len() {
            let lot = sink.redact(rewrite, lot)?;
            sink.keep(&lot).await?;
            continue;
        }
        let rows = sink.redact(rewrite, part(&lot, kept)?)?;
        sink.keep(&rows).await?;
        if !moved.is_empty() {
            let rows = columns::with_customers(&part(&lot, moved)?, customers)?;
            let rows = sink.redact(rewrite, rows)?;
            sink.moved(rows).await?;
        }
    }
    Ok(())
}

fn part(rows: &RecordBatch, places: Vec<u32>) -> Result<RecordBatch, HistoryError> {
    take_record_batch(rows, &UInt32Array::from(places)).map_err(HistoryError::encode)
}

/// Where merged rows go.
struct Sink<'a> {
    store: &'a RunStore,
    output: Output,
    moved: Vec<RecordBatch>,
    n_moved_open: usize,
    outcome: Compacted,
    written_through: Position,
    seed: u64,
}

enum Output {
    /// One run, which may be large: it streams into the store.
    Run { encoder: Box<RunEncoder>, upload: Upload },
    /// One run per bucket out of a bounded number of rows.
    Split(Splitter),
}

impl<'a> Sink<'a> {
    async fn open(
        store: &'a RunStore,
        job: &Job,
        written_through: Position,
        worth: Arc<[Field]>,
        seed: u64,
    ) -> Result<Self, HistoryError> {
        let output = if job.split {
            Output::Split(Splitter::new(true, &worth))
        } else {
            let encoder = Box::new(RunEncoder::new(worth));
            Output::Run { encoder, upload: store.upload(seed).await? }
        };
        let (moved, outcome) = (Vec::new(), Compacted::default());
        Ok(Self { store, output, moved, n_moved_open: 0, outcome, written_through, seed })
    }

    fn stamp(&self, bucket: u16, level: u8) -> Stamp {
        Stamp { bucket, level, written_through: self.written_through }
    }

    /// The rows with the texts that they are to have.
    fn redact(
        &mut self,
        rewrite: &Rewrite,
        rows: RecordBatch,
    ) -> Result<RecordBatch, HistoryError> {
        let (rows, n_redacted) = rewrite.redact(rows)?;
        self.outcome.n_redacted += n_redacted;
        Ok(rows)
    }

    async fn keep(&mut self, rows: &RecordBatch) -> Result<(), HistoryError> {
        self.outcome.n_rows += rows.num_rows() as u64;
        match &mut self.output {
            Output::Run { encoder, upload } => {
                encoder.write(rows)?;
                upload.pump(encoder).await
            }
            Output::Split(splitter) => splitter.write(rows),
        }
    }

    async fn moved(&mut self, rows: RecordBatch) -> Result<(), HistoryError> {
        self.outcome.n_rows += rows.num_rows() as u64;
        self.outcome.n_moved += rows.num_rows() as u64;
        self.n_moved_open += rows.num_rows();
        self.moved.push(rows);
        if self.n_moved_open >= MOVED_ROWS { self.write_moved().await } else { Ok(()) }
    }

    async fn write_moved(&mut self) -> Result<(), HistoryError> {
        if self.moved.is_empty() {
            return Ok(());
        }
        let rows = concat_batches(&columns::schema(), &self.moved).map_err(HistoryError::encode)?;
        self.moved.clear();
        self.n_moved_open = 0;
        let keys = KeyView::of(&rows).expect("moved rows have the columns of a run");
        let mut order: Vec<(RowKey, u32)> =
            (0..keys.len()).zip(0u32..).map(|(row, place)| (keys.key(row), place)).collect();
        order.sort_unstable();
        let mut encoder = RunEncoder::new(Arc::default());
        encoder.write(&part(&rows, order.into_iter().map(|(_, place)| place).collect())?)?;
        let file = encoder.finish(self.stamp(RunMeta::MIXED, 0), self.seed)?;
        self.outcome.added.push(file.1.clone());
        self.store.put_all(vec![file]).await
    }

    /// Finishes all files, or takes back what was begun.
    async fn close(
        mut self,
        job: &Job,
        merged: Result<(), HistoryError>,
    ) -> Result<Compacted, HistoryError> {
        let moved = match merged {
            Ok(()) => self.write_moved().await,
            error => error,
        };
        let stamp = self.stamp(job.bucket, job.level);
        match (self.output, moved) {
            (Output::Run { upload, .. }, Err(error)) => {
                // The first error says more; what could not be removed is found as an orphan.
                drop(upload.abort().await);
                return Err(error);
            }
            (Output::Split(_), Err(error)) => return Err(error),
            (Output::Run { encoder, upload }, Ok(())) if encoder.is_empty() => {
                upload.abort().await?;
            }
            (Output::Run { encoder, upload }, Ok(())) => {
                let (rest, meta) = encoder.finish(stamp, self.seed)?;
                upload.finish(rest, &meta).await?;
                self.outcome.added.push(meta);
            }
            (Output::Split(splitter), Ok(())) => {
                let files = splitter.finish(stamp, self.seed)?;
                self.outcome.added.extend(files.iter().map(|(_, meta)| meta.clone()));
                self.store.put_all(files).await?;
            }
        }
        Ok(self.outcome)
    }
}

/// Sorted runs as one sorted stream.
struct Merge<'a> {
    inputs: Vec<Input<'a>>,
    heap: BinaryHeap<Reverse<(RowKey, usize)>>,
}

struct Input<'a> {
    stream: RunStream<'a>,
    batch: RecordBatch,
    row: usize,
    /// Where the current batch lies among those of the lot in the making.
    slot: Option<usize>,
    last: Option<RowKey>,
}

impl<'a> Merge<'a> {
    async fn open(store: &'a RunStore, runs: &'a [RunMeta]) -> Result<Self, HistoryError> {
        let mut merge = Self { inputs: Vec::new(), heap: BinaryHeap::new() };
        for (number, run) in runs.iter().enumerate() {
            let stream = RunFile::open(store, run).await?.all(INPUT_ROWS)?;
            let batch = RecordBatch::new_empty(columns::schema());
            let mut input = Input { stream, batch, row: 0, slot: None, last: None };
            if let Some(key) = input.head().await? {
                merge.heap.push(Reverse((key, number)));
            }
            merge.inputs.push(input);
        }
        Ok(merge)
    }

    /// The next rows in order, at most [`OUTPUT_ROWS`].
    async fn next_lot(&mut self) -> Result<Option<RecordBatch>, HistoryError> {
        let mut batches: Vec<RecordBatch> = Vec::new();
        let mut places = Vec::with_capacity(OUTPUT_ROWS);
        self.inputs.iter_mut().for_each(|input| input.slot = None);
        while places.len() < OUTPUT_ROWS {
            let Some(Reverse((_, number))) = self.heap.pop() else {
                break;
            };
            let input = &mut self.inputs[number];
            let slot = *input.slot.get_or_insert_with(|| {
                batches.push(input.batch.clone());
                batches.len() - 1
            });
            places.push((slot, input.row));
            input.row += 1;
            if let Some(key) = input.head().await? {
                self.heap.push(Reverse((key, number)));
            }
        }
        if places.is_empty() {
            return Ok(None);
        }
        let batches: Vec<&RecordBatch> = batches.iter().collect();
        interleave_record_batch(&batches, &places).map(Some).map_err(HistoryError::encode)
    }
}

impl Input<'_> {
    /// The key of the next row; fetches the next batch where this one is used up.
    async fn head(&mut self) -> Result<Option<RowKey>, HistoryError> {
        while self.row == self.batch.num_rows() {
            let Some(batch) = self.stream.next().await? else {
                return Ok(None);
            };
            if !is_whole(&batch) {
                let what = "a column is not what it must be";
                return Err(HistoryError::corrupt(&self.stream.meta.path, what));
            }
            self.batch = batch;
            self.row = 0;
            self.slot = None;
        }
        let path = &self.stream.meta.path;
        let wrong = || HistoryError::corrupt(path, "a key column is not what it must be");
        let key = KeyView::of(&self.batch).ok_or_else(wrong)?.key(self.row);
        if self.last.is_some_and(|last| last > key) {
            return Err(HistoryError::corrupt(path, "its rows are not sorted"));
        }
        self.last = Some(key);
        Ok(Some(key))
    }
}
