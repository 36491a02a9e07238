//! Is a run still what was written?

use crate::columns::{self, KeyView};
use crate::error::HistoryError;
use crate::event::RowKey;
use crate::run::{Fingerprint, RunMeta, bucket_of};
use crate::source::RunFile;
use crate::store::RunStore;
use arrow_array::RecordBatch;
use base::CustomerId;
use futures::TryStreamExt;
use object_store::ObjectStoreExt;
use object_store::path::Path as ObjectPath;

const BATCH_ROWS: usize = 4 << 10;

/// What has been seen of a run's rows so far.
struct Seen {
    n_rows: u64,
    n_customers: u64,
    first: Option<RowKey>,
    last: Option<RowKey>,
    times: (i64, i64),
}

impl RunStore {
    /// Reads a run from end to end: its bytes against the fingerprint in its path, its rows
    /// against their order, their bucket and what the list says of them. Memory: one row group.
    ///
    /// # Errors
    /// [`HistoryError::Corrupt`] saying what does not fit, [`HistoryError::Missing`] or
    /// [`HistoryError::Unavailable`].
    pub async fn verify(&self, run: &RunMeta) -> Result<(), HistoryError> {
        self.verify_bytes(run).await?;
        self.footers.remove(&run.path);
        let mut rows = RunFile::open(self, run).await?.all(BATCH_ROWS)?;
        let mut seen = Seen::default();
        while let Some(batch) = rows.next().await? {
            seen.look(run, &batch)?;
        }
        seen.compare(run)
    }

    async fn verify_bytes(&self, run: &RunMeta) -> Result<(), HistoryError> {
        let fail = |e| HistoryError::fetching(&run.path, e);
        let file = self.objects.get(&ObjectPath::from(run.path.as_str())).await.map_err(fail)?;
        let mut bytes = file.into_stream();
        let mut print = Fingerprint::default();
        let mut n_bytes = 0;
        while let Some(part) = bytes.try_next().await.map_err(fail)? {
            n_bytes += part.len() as u64;
            print.add(&part);
        }
        if n_bytes != run.bytes {
            let what = format!("it is {n_bytes} bytes long, {} were written", run.bytes);
            return Err(HistoryError::corrupt(&run.path, what));
        }
        if run.fingerprint() == Some(print.finish()) {
            Ok(())
        } else {
            Err(HistoryError::corrupt(&run.path, "its bytes are not those that were written"))
        }
    }
}

impl Default for Seen {
    fn default() -> Self {
        let times = (i64::MAX, i64::MIN);
        Self { n_rows: 0, n_customers: 0, first: None, last: None, times }
    }
}

impl Seen {
    fn look(&mut self, run: &RunMeta, batch: &RecordBatch) -> Result<(), HistoryError> {
        let corrupt = |what: &str| HistoryError::corrupt(&run.path, what);
        let wrong = || corrupt("a column is not what it must be");
        let keys = KeyView::of(batch).ok_or_else(wrong)?;
        columns::events(batch).ok_or_else(wrong)?;
        for row in 0..keys.len() {
            let key = keys.key(row);
            if self.last.is_some_and(|last| last > key) {
                return Err(corrupt("its rows are not sorted"));
            }
            let bucket = bucket_of(CustomerId(key.customer));
            if run.bucket != RunMeta::MIXED && run.bucket != bucket {
                return Err(corrupt("a row lies in the wrong bucket"));
            }
            let is_same = self.last.is_some_and(|last| last.customer == key.customer);
            self.n_customers += u64::from(!is_same);
            self.first.get_or_insert(key);
            self.last = Some(key);
            self.times = (self.times.0.min(key.occurred_at), self.times.1.max(key.occurred_at));
        }
        self.n_rows += keys.len() as u64;
        Ok(())
    }

    fn compare(&self, run: &RunMeta) -> Result<(), HistoryError> {
        let ends = (self.first.map(|k| k.customer), self.last.map(|k| k.customer));
        let same = self.n_rows == run.n_rows
            && (run.n_customers == self.n_customers || run.n_customers == 0)
            && ends == (Some(run.min_customer.0), Some(run.max_customer.0))
            && self.times == (run.min_time.0, run.max_time.0);
        if same {
            Ok(())
        } else {
            Err(HistoryError::corrupt(&run.path, "its rows are not those that the list names"))
        }
    }
}
