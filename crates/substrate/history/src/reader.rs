//! How do readers that bring a decoder of their own get at runs and fresh events?
//!
//! They take a [`Snapshot`](crate::Snapshot) ([`History::everything`](crate::History::everything)),
//! open each run with [`RunStore::reader`], and take fresh events as columns
//! ([`FreshBatch::rows`]).

use crate::columns::Rows;
use crate::error::HistoryError;
use crate::pack::FreshBatch;
use crate::run::RunMeta;
use crate::source::{ObjectBytes, reader};
use crate::store::RunStore;
use arrow_array::RecordBatch;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use std::ops::Range;
use std::sync::Arc;

/// The bytes of one run, with its footer and page index from the cache. Keeps the file from being
/// removed. Reads of a store in a folder block where they are asked for.
pub struct RunReader {
    store: RunStore,
    run: Arc<RunMeta>,
    bytes: ObjectBytes,
}

impl RunStore {
    /// Opens a run for a decoder; nothing is read yet.
    #[must_use]
    pub fn reader(&self, run: &Arc<RunMeta>) -> RunReader {
        RunReader { store: self.clone(), run: run.clone(), bytes: reader(self, run) }
    }
}

impl AsyncFileReader for RunReader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes, ParquetError>> {
        self.bytes.get_bytes(range)
    }

    fn get_byte_ranges(
        &mut self,
        ranges: Vec<Range<u64>>,
    ) -> BoxFuture<'_, Result<Vec<Bytes>, ParquetError>> {
        self.bytes.get_byte_ranges(ranges)
    }

    fn get_metadata<'a>(
        &'a mut self,
        _options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Result<Arc<ParquetMetaData>, ParquetError>> {
        async move {
            let footer = self.store.footer(&self.run).await;
            let footer = footer.map_err(|e| ParquetError::External(Box::new(e)))?;
            Ok(footer.metadata().clone())
        }
        .boxed()
    }
}

impl FreshBatch {
    /// Every event in the columns of a run ([`schema`](crate::schema)), sorted as in a run.
    ///
    /// # Errors
    /// [`HistoryError::CorruptBatch`].
    pub fn rows(&self) -> Result<RecordBatch, HistoryError> {
        let mut rows = Rows::new();
        self.events()?.iter().for_each(|event| rows.push(event));
        rows.take()
    }
}
