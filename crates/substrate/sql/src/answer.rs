//! How does an answer come: in which pieces, within which bounds, and how is it stopped?

use crate::error::SqlError;
use crate::limits::SqlLimits;
use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::execution::SendableRecordBatchStream;
use futures::{Stream, StreamExt};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// Batches that are made before somebody takes them.
pub(crate) const BATCHES_AHEAD: usize = 2;

/// The answer to a question: its columns, and its rows batch by batch. Dropping it stops the work.
#[derive(Debug)]
pub struct Answer {
    schema: SchemaRef,
    parts: mpsc::Receiver<Part>,
    canceller: Canceller,
    begun: Instant,
    /// What was taken already, to see how it begins.
    ahead: Option<Result<RecordBatch, SqlError>>,
    is_over: bool,
}

/// A piece of an answer on its way.
#[derive(Debug)]
pub(crate) enum Part {
    Batch(RecordBatch),
    Failed(SqlError),
    End,
}

/// Stops a question from elsewhere.
#[derive(Clone, Debug)]
pub struct Canceller {
    work: AbortHandle,
    is_stopped: Arc<AtomicBool>,
}

impl Canceller {
    pub(crate) fn new(work: AbortHandle) -> Self {
        Self { work, is_stopped: Arc::default() }
    }

    /// Stops the work; the answer ends with [`SqlError::Stopped`].
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
        self.work.abort();
    }
}

impl Answer {
    pub(crate) fn new(parts: mpsc::Receiver<Part>, canceller: Canceller) -> Self {
        let (schema, begun) = (Arc::new(Schema::empty()), Instant::now());
        Self { schema, parts, canceller, begun, ahead: None, is_over: false }
    }

    pub(crate) fn with_schema(mut self, schema: SchemaRef) -> Self {
        self.schema = schema;
        self
    }

    /// The columns.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// How long it has been at work, its turn included.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Waits for the first batch, which is kept: what fails at once is known before anything is
    /// handed on.
    ///
    /// # Errors
    /// What ended the answer before its first row.
    pub async fn begun(mut self) -> Result<Self, SqlError> {
        match self.next().await {
            Some(Err(error)) => Err(error),
            Some(Ok(batch)) => {
                self.ahead = Some(Ok(batch));
                Ok(self)
            }
            None => Ok(self),
        }
    }

    /// What stops it from elsewhere.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        self.canceller.clone()
    }

    /// All batches.
    ///
    /// # Errors
    /// What ended the answer early.
    pub async fn collect(mut self) -> Result<Vec<RecordBatch>, SqlError> {
        let mut batches = Vec::new();
        while let Some(batch) = self.next().await {
            batches.push(batch?);
        }
        Ok(batches)
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.canceller.work.abort();
    }
}

impl Stream for Answer {
    type Item = Result<RecordBatch, SqlError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(ahead) = self.ahead.take() {
            return Poll::Ready(Some(ahead));
        }
        if self.is_over {
            return Poll::Ready(None);
        }
        let part = ready!(self.parts.poll_recv(context));
        let part = match part {
            Some(Part::Batch(batch)) => return Poll::Ready(Some(Ok(batch))),
            Some(Part::Failed(error)) => Some(Err(error)),
            Some(Part::End) => None,
            // The work ended without saying how: it was stopped.
            None => Some(Err(SqlError::Stopped)),
        };
        self.is_over = true;
        Poll::Ready(part)
    }
}

/// Sends batches on until they end or meet a bound; gives how it ended.
pub(crate) async fn send_batches(
    mut batches: SendableRecordBatchStream,
    parts: &mpsc::Sender<Part>,
    limits: &SqlLimits,
    until: Instant,
    n_sent: &AtomicU64,
) -> Result<(), SqlError> {
    let late = |_| SqlError::Time { seconds: limits.time_max.as_secs() };
    let (mut n_rows, mut n_bytes) = (0, 0);
    while let Some(batch) = tokio::time::timeout_at(until, batches.next()).await.map_err(late)? {
        let batch = batch.map_err(|error| SqlError::of(error, limits.memory_bytes_max))?;
        n_rows += batch.num_rows();
        n_bytes += bytes(&batch);
        if n_rows > limits.rows_max {
            let over = n_rows - limits.rows_max;
            let allowed = batch.slice(0, batch.num_rows() - over);
            n_sent.fetch_add(allowed.num_rows() as u64, Ordering::Relaxed);
            let sent = parts.send(Part::Batch(allowed));
            // Nobody listening is no error of the question.
            let _ = tokio::time::timeout_at(until, sent).await.map_err(late)?;
            return Err(SqlError::Rows { rows_max: limits.rows_max });
        }
        if n_bytes > limits.bytes_max {
            return Err(SqlError::Bytes { bytes_max: limits.bytes_max });
        }
        let n_more = batch.num_rows() as u64;
        let sent = tokio::time::timeout_at(until, parts.send(Part::Batch(batch))).await;
        if sent.map_err(late)?.is_err() {
            return Ok(());
        }
        n_sent.fetch_add(n_more, Ordering::Relaxed);
    }
    Ok(())
}

/// The bytes of the rows of a batch, without what its buffers hold besides.
fn bytes(batch: &RecordBatch) -> usize {
    let column = |column: &Arc<dyn Array>| {
        let slice = column.to_data().get_slice_memory_size();
        slice.unwrap_or_else(|_| column.get_array_memory_size())
    };
    batch.columns().iter().map(column).sum()
}
