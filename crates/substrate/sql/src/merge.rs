//! How do rows of many sorted inputs become one sorted stream?
//!
//! Rows of a customer lie beside each other in each input, and mostly one input has all of them
//! that come next. So what is merged are not rows but stretches: as many rows of the input that is
//! first as come before the next input's first row.

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch, StringViewBuilder,
};
use datafusion::arrow::buffer::ScalarBuffer;
use datafusion::arrow::datatypes::{
    ArrowPrimitiveType, DataType, Int64Type, SchemaRef, TimeUnit, TimestampMicrosecondType,
};
use datafusion::error::{DataFusionError, Result as DfResult};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::{StreamExt, stream};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;

/// What rows are sorted by: customer, time, number; what is not there is 0.
type Key = [i64; N_KEYS];
const N_KEYS: usize = 3;

/// The rows of all inputs, sorted by the columns `keys`, as each of the inputs is: at most three,
/// whole numbers or times that are never missing.
pub(crate) fn merged(
    schema: SchemaRef,
    inputs: Vec<SendableRecordBatchStream>,
    keys: Vec<usize>,
    context: &TaskContext,
) -> DfResult<SendableRecordBatchStream> {
    if keys.is_empty() || keys.len() > N_KEYS {
        return Err(DataFusionError::Internal(format!("merged by {} keys", keys.len())));
    }
    let merge = Merge {
        schema: schema.clone(),
        keys,
        inputs: inputs.into_iter().map(Input::new).collect(),
        order: BinaryHeap::new(),
        picked: Picked::default(),
        batch_rows: context.session_config().batch_size(),
        memory: MemoryConsumer::new("timelines").register(context.memory_pool()),
        n_bytes: 0,
        is_begun: false,
    };
    let batches = stream::try_unfold(merge, |mut merge| async move {
        Ok(merge.next().await?.map(|batch| (batch, merge)))
    });
    Ok(Box::pin(RecordBatchStreamAdapter::new(schema, batches)))
}

struct Merge {
    schema: SchemaRef,
    keys: Vec<usize>,
    inputs: Vec<Input>,
    /// The first key of each input that has rows left.
    order: BinaryHeap<Reverse<(Key, usize)>>,
    picked: Picked,
    batch_rows: usize,
    memory: MemoryReservation,
    n_bytes: usize,
    is_begun: bool,
}

impl Merge {
    async fn next(&mut self) -> DfResult<Option<RecordBatch>> {
        if !self.is_begun {
            self.is_begun = true;
            for input in 0..self.inputs.len() {
                if let Some(key) = self.load(input).await? {
                    self.order.push(Reverse((key, input)));
                }
            }
        }
        while self.picked.n_rows < self.batch_rows
            && let Some(Reverse((_, first))) = self.order.pop()
        {
            let next = self.order.peek().map(|Reverse(next)| *next);
            let room = self.batch_rows - self.picked.n_rows;
            let input = &mut self.inputs[first];
            let rows = input.before(next, first, room);
            self.picked.add(input, rows);
            let key = match input.key() {
                Some(key) => Some(key),
                None => self.load(first).await?,
            };
            self.order.extend(key.map(|key| Reverse((key, first))));
        }
        self.picked.take(&self.schema)
    }

    /// Takes the next batch with rows of an input; gives its first key.
    async fn load(&mut self, input: usize) -> DfResult<Option<Key>> {
        let input = &mut self.inputs[input];
        self.n_bytes -= input.n_bytes;
        input.load(&self.keys).await?;
        self.n_bytes += input.n_bytes;
        self.memory.try_resize(self.n_bytes)?;
        Ok(input.key())
    }
}

/// A sorted stream, and the batch of it that is looked at.
struct Input {
    batches: Option<SendableRecordBatchStream>,
    batch: Option<RecordBatch>,
    keys: Vec<ScalarBuffer<i64>>,
    /// The first row that is not picked yet.
    at: usize,
    n_rows: usize,
    n_bytes: usize,
    /// The place of the batch among those that rows were picked of, and after how many batches.
    held: Option<(usize, usize)>,
}

impl Input {
    fn new(batches: SendableRecordBatchStream) -> Self {
        let (batches, keys) = (Some(batches), Vec::new());
        Self { batches, batch: None, keys, at: 0, n_rows: 0, n_bytes: 0, held: None }
    }

    async fn load(&mut self, keys: &[usize]) -> DfResult<()> {
        (self.batch, self.at, self.n_rows, self.n_bytes, self.held) = (None, 0, 0, 0, None);
        while let Some(batches) = &mut self.batches {
            let Some(batch) = batches.next().await.transpose()? else {
                self.batches = None;
                break;
            };
            if batch.num_rows() > 0 {
                let column = |&key: &usize| numbers(batch.column(key));
                self.keys = keys.iter().map(column).collect::<DfResult<_>>()?;
                (self.n_rows, self.n_bytes) = (batch.num_rows(), batch.get_array_memory_size());
                self.batch = Some(batch);
                break;
            }
        }
        Ok(())
    }

    /// The key of the first row that is not picked yet.
    fn key(&self) -> Option<Key> {
        (self.at < self.n_rows).then(|| self.key_of(self.at))
    }

    fn key_of(&self, row: usize) -> Key {
        let mut key = [0; N_KEYS];
        for (part, column) in key.iter_mut().zip(&self.keys) {
            *part = column[row];
        }
        key
    }

    /// The rows from here on that come before the first one of the next input, at most `room`.
    fn before(&self, next: Option<(Key, usize)>, own: usize, room: usize) -> Range<usize> {
        let last = self.n_rows.min(self.at + room);
        let Some((next, other)) = next else { return self.at..last };
        let is_before = |row: usize| {
            let customer = self.keys[0][row];
            customer < next[0] || customer == next[0] && (self.key_of(row), own) < (next, other)
        };
        // The first one is: its input is the first.
        let end = (self.at + 1..last).find(|&row| !is_before(row)).unwrap_or(last);
        self.at..end
    }
}

/// Rows for the next batch, in their order: stretches of batches.
#[derive(Default)]
struct Picked {
    batches: Vec<RecordBatch>,
    stretches: Vec<(usize, Range<usize>)>,
    n_rows: usize,
    /// Counts the batches that were taken.
    n_taken: usize,
}

impl Picked {
    fn add(&mut self, input: &mut Input, rows: Range<usize>) {
        let Some(batch) = &input.batch else { return };
        let place = match input.held {
            Some((n_taken, place)) if n_taken == self.n_taken => place,
            _ => {
                self.batches.push(batch.clone());
                self.batches.len() - 1
            }
        };
        input.held = Some((self.n_taken, place));
        input.at = rows.end;
        self.n_rows += rows.len();
        self.stretches.push((place, rows));
    }

    /// The rows as a batch; `None` where there are none.
    fn take(&mut self, schema: &SchemaRef) -> DfResult<Option<RecordBatch>> {
        let n_taken = self.n_taken + 1;
        let picked = std::mem::replace(self, Self { n_taken, ..Self::default() });
        if picked.n_rows == 0 {
            return Ok(None);
        }
        let columns = (0..schema.fields().len()).map(|column| picked.column(column));
        Ok(Some(RecordBatch::try_new(schema.clone(), columns.collect::<DfResult<_>>()?)?))
    }

    fn column(&self, column: usize) -> DfResult<ArrayRef> {
        let kind = self.batches[0].column(column).data_type();
        match kind {
            DataType::Int64 => Ok(Arc::new(self.numbers::<Int64Type>(column))),
            DataType::Timestamp(TimeUnit::Microsecond, zone) => {
                let times = self.numbers::<TimestampMicrosecondType>(column);
                Ok(Arc::new(times.with_timezone_opt(zone.clone())))
            }
            DataType::Utf8View => Ok(self.texts(column)),
            other => Err(DataFusionError::Internal(format!("{other} in timelines"))),
        }
    }

    fn numbers<T: ArrowPrimitiveType<Native = i64>>(&self, column: usize) -> PrimitiveArray<T> {
        let all = |batch: &RecordBatch| batch.column(column).as_primitive::<T>().values().clone();
        let all: Vec<ScalarBuffer<i64>> = self.batches.iter().map(all).collect();
        let mut numbers = Vec::with_capacity(self.n_rows);
        for (batch, rows) in &self.stretches {
            numbers.extend_from_slice(&all[*batch][rows.clone()]);
        }
        PrimitiveArray::new(numbers.into(), None)
    }

    /// The texts, copied: otherwise a few rows would keep every page that they lie in.
    fn texts(&self, column: usize) -> ArrayRef {
        let all: Vec<_> =
            self.batches.iter().map(|batch| batch.column(column).as_string_view()).collect();
        let mut texts = StringViewBuilder::with_capacity(self.n_rows);
        for (batch, rows) in &self.stretches {
            rows.clone().for_each(|row| texts.append_value(all[*batch].value(row)));
        }
        Arc::new(texts.finish())
    }
}

/// The values of a column of whole numbers or times.
fn numbers(column: &ArrayRef) -> DfResult<ScalarBuffer<i64>> {
    if column.null_count() > 0 {
        return Err(DataFusionError::Internal("a key of a timeline is missing".into()));
    }
    match column.data_type() {
        DataType::Int64 => Ok(column.as_primitive::<Int64Type>().values().clone()),
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            Ok(column.as_primitive::<TimestampMicrosecondType>().values().clone())
        }
        other => Err(DataFusionError::Internal(format!("{other} as a key of a timeline"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::hash::mix64;
    use datafusion::arrow::array::{Int64Array, StringViewArray, TimestampMicrosecondArray};
    use datafusion::arrow::datatypes::{Field, Schema};
    use datafusion::prelude::{SessionConfig, SessionContext};
    use futures::TryStreamExt;

    type Row = (i64, i64, i64, String);

    fn schema() -> SchemaRef {
        let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        Arc::new(Schema::new(vec![
            Field::new("name", DataType::Utf8View, false),
            Field::new("customer", DataType::Int64, false),
            Field::new("time", time, false),
            Field::new("number", DataType::Int64, false),
        ]))
    }

    fn batch(rows: &[Row]) -> RecordBatch {
        let names: StringViewArray = rows.iter().map(|row| Some(row.3.as_str())).collect();
        let times: TimestampMicrosecondArray = rows.iter().map(|row| Some(row.1)).collect();
        let numbers = |of: fn(&Row) -> i64| -> ArrayRef {
            Arc::new(rows.iter().map(|row| Some(of(row))).collect::<Int64Array>())
        };
        let times = Arc::new(times.with_timezone("UTC"));
        let columns = vec![Arc::new(names), numbers(|row| row.0), times, numbers(|row| row.2)];
        RecordBatch::try_new(schema(), columns).unwrap()
    }

    fn rows(batches: &[RecordBatch]) -> Vec<Row> {
        let of = |batch: &RecordBatch| {
            let number = |column: usize| numbers(batch.column(column)).unwrap();
            let (customers, times, seqs) = (number(1), number(2), number(3));
            let names = batch.column(0).as_string_view().clone();
            let row =
                move |row| (customers[row], times[row], seqs[row], names.value(row).to_owned());
            (0..batch.num_rows()).map(row).collect::<Vec<Row>>()
        };
        batches.iter().flat_map(of).collect()
    }

    async fn check(seed: u64, n_inputs: u64, n_customers: u64, batch_rows: usize) {
        let mut all: Vec<Row> = Vec::new();
        let mut inputs = Vec::new();
        for input in 0..n_inputs {
            let draw = |n: u64| mix64(seed ^ (input << 40) ^ n);
            let row = |n: u64| {
                let customer = (draw(n) % n_customers) as i64;
                let number = (n * n_inputs + input) as i64;
                let name =
                    ["short", "a name of more than twelve bytes"][(draw(n) >> 9 & 1) as usize];
                (customer, (draw(n) >> 20 & 7) as i64, number, format!("{name} {number}"))
            };
            let mut sorted: Vec<Row> = (0..draw(1 << 30) % 300).map(row).collect();
            sorted.sort();
            all.extend(sorted.iter().cloned());
            // Batches without rows come too.
            let mut batches = vec![Ok(batch(&[]))];
            batches.extend(sorted.chunks(draw(1 << 31) as usize % 40 + 1).map(|of| Ok(batch(of))));
            batches.push(Ok(batch(&[])));
            let batches = RecordBatchStreamAdapter::new(schema(), stream::iter(batches));
            inputs.push(Box::pin(batches) as SendableRecordBatchStream);
        }
        all.sort();
        let config = SessionConfig::new().with_batch_size(batch_rows);
        let context = SessionContext::new_with_config(config).task_ctx();
        let merged = merged(schema(), inputs, vec![1, 2, 3], &context).unwrap();
        let merged: Vec<RecordBatch> = merged.try_collect().await.unwrap();
        assert!(merged.iter().all(|batch| (1..=batch_rows).contains(&batch.num_rows())));
        assert!(rows(&merged) == all, "seed {seed}: {} rows", all.len());
    }

    #[tokio::test]
    async fn rows_come_in_their_order_from_wherever_they_lie() {
        for seed in 0..40 {
            check(seed, seed % 9, seed % 13 + 1, seed as usize % 70 + 1).await;
        }
    }

    #[tokio::test]
    async fn a_missing_key_is_an_error() {
        let schema = Arc::new(Schema::new(vec![Field::new("customer", DataType::Int64, true)]));
        let missing = RecordBatch::try_new(
            schema.clone(),
            vec![Arc::new(Int64Array::from(vec![Some(1), None])) as ArrayRef],
        );
        let batches = stream::iter([Ok(missing.unwrap())]);
        let input = RecordBatchStreamAdapter::new(schema.clone(), batches);
        let context = SessionContext::new().task_ctx();
        let merged = merged(schema, vec![Box::pin(input)], vec![0], &context).unwrap();
        assert!(merged.try_collect::<Vec<_>>().await.is_err());
    }
}
