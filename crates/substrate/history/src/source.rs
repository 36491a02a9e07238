//! How are rows got out of a run, without a panic whatever its bytes are?

use crate::columns::{CUSTOMER, OCCURRED_AT};
use crate::error::HistoryError;
use crate::run::RunMeta;
use crate::store::RunStore;
use crate::typed::{self, N_FIXED};
use arrow_array::RecordBatch;
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt};
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, RowSelection};
use parquet::arrow::async_reader::{
    AsyncFileReader, ParquetRecordBatchStream, ParquetRecordBatchStreamBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use std::fs::File;
use std::future::Future;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use timeline::Field;

/// Bytes read at the end of a file in the hope that footer and page index lie in them.
const FOOTER_GUESS_BYTES: usize = 64 << 10;

/// A run with its footer read.
pub(crate) struct RunFile<'a> {
    store: &'a RunStore,
    pub meta: &'a RunMeta,
    footer: ArrowReaderMetadata,
}

/// Pages of one row group that may hold rows of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub row_group: usize,
    pub rows: Range<usize>,
    /// The oldest and newest time in it, where every row in it is the customer's.
    pub times: Option<(i64, i64)>,
}

impl<'a> RunFile<'a> {
    pub async fn open(store: &'a RunStore, meta: &'a RunMeta) -> Result<Self, HistoryError> {
        Ok(Self { store, meta, footer: store.footer(meta).await? })
    }

    pub fn n_row_groups(&self) -> usize {
        self.footer.metadata().num_row_groups()
    }

    pub fn damaged(&self, what: &str) -> HistoryError {
        HistoryError::corrupt(&self.meta.path, what)
    }

    /// The pages in which `customer` lies, oldest first, by the page index alone.
    pub fn spans(&self, customer: u64) -> Result<Vec<Span>, HistoryError> {
        let mut spans = Vec::new();
        for row_group in 0..self.n_row_groups() {
            self.spans_of(row_group, customer, &mut spans)?;
        }
        Ok(spans)
    }

    fn spans_of(
        &self,
        row_group: usize,
        customer: u64,
        spans: &mut Vec<Span>,
    ) -> Result<(), HistoryError> {
        let metadata = self.footer.metadata();
        let no_index = || self.damaged("it has no page index");
        let of_group = metadata.column_index().and_then(|c| c.get(row_group));
        let columns = of_group.ok_or_else(no_index)?;
        let (Some(ColumnIndexMetaData::INT64(pages)), Some(ColumnIndexMetaData::INT64(times))) =
            (columns.get(CUSTOMER), columns.get(OCCURRED_AT))
        else {
            return Err(no_index());
        };
        let offsets = metadata.offset_index().and_then(|o| o.get(row_group));
        let offsets = offsets.ok_or_else(no_index)?;
        let starts_of = |column: usize| offsets.get(column).map(|o| o.page_locations());
        let starts = starts_of(CUSTOMER).ok_or_else(no_index)?;
        let time_starts = starts_of(OCCURRED_AT).ok_or_else(no_index)?;
        let (mins, maxs) = (pages.min_values(), pages.max_values());
        let n_rows = metadata.row_group(row_group).num_rows();
        if mins.len() != starts.len() || maxs.len() != starts.len() {
            return Err(self.damaged("its page index does not fit its pages"));
        }
        let first = maxs.partition_point(|max| max.cast_unsigned() < customer);
        for page in first..starts.len() {
            if mins[page].cast_unsigned() > customer {
                break;
            }
            let begin = starts[page].first_row_index;
            let end = starts.get(page + 1).map_or(n_rows, |next| next.first_row_index);
            if begin < 0 || begin >= end || end > n_rows {
                return Err(self.damaged("its pages are not in order"));
            }
            // Key columns are cut after the same number of rows, so their pages match.
            let same = time_starts.get(page).is_some_and(|t| t.first_row_index == begin)
                && time_starts.len() == starts.len();
            let alone = mins[page] == maxs[page] && same;
            let time = times.min_values().get(page).zip(times.max_values().get(page));
            spans.push(Span {
                row_group,
                rows: begin as usize..end as usize,
                times: time.filter(|_| alone).map(|(&min, &max)| (min, max)),
            });
        }
        Ok(())
    }

    /// The `columns` of some rows of a row group, in their order.
    pub async fn rows(
        &self,
        row_group: usize,
        ranges: &[Range<usize>],
        columns: &[usize],
    ) -> Result<RecordBatch, HistoryError> {
        let n_rows = self.footer.metadata().row_group(row_group).num_rows() as usize;
        let wanted: usize = ranges.iter().map(Range::len).sum();
        let selection = RowSelection::from_consecutive_ranges(ranges.iter().cloned(), n_rows);
        let read = async {
            let stream = self
                .builder()
                .with_row_groups(vec![row_group])
                .with_projection(self.mask(columns))
                .with_row_selection(selection)
                .with_batch_size(wanted.max(1))
                .build()
                .map_err(|e| HistoryError::reading(&self.meta.path, e))?;
            let batches: Vec<RecordBatch> = stream
                .try_collect()
                .await
                .map_err(|e| HistoryError::reading(&self.meta.path, e))?;
            match batches.as_slice() {
                [only] => Ok(only.clone()),
                [] => Err(self.damaged("rows are missing")),
                [first, ..] => arrow_select::concat::concat_batches(&first.schema(), &batches)
                    .map_err(HistoryError::encode),
            }
        };
        let rows = guarded(self.store, self.meta, read).await?;
        if rows.num_rows() == wanted { Ok(rows) } else { Err(self.damaged("rows are missing")) }
    }

    /// Every row with every column of events, in order.
    pub fn all(&self, batch_rows: usize) -> Result<RunStream<'a>, HistoryError> {
        let fixed: Vec<usize> = (0..N_FIXED).collect();
        let all = self.builder().with_projection(self.mask(&fixed));
        let stream = all.with_batch_size(batch_rows).build();
        let stream = stream.map_err(|e| HistoryError::reading(&self.meta.path, e))?;
        Ok(RunStream { store: self.store, meta: self.meta, stream })
    }

    /// Some columns of every row, in order; names and kinds as codes of a dictionary.
    pub fn some(
        &self,
        columns: &[usize],
        batch_rows: usize,
    ) -> Result<RunStream<'a>, HistoryError> {
        let fail = |e| HistoryError::reading(&self.meta.path, e);
        let options =
            RunStore::reader_options().with_schema(typed::with_codes(self.footer.schema()));
        let coded = ArrowReaderMetadata::try_new(self.footer.metadata().clone(), options);
        let reader = reader(self.store, self.meta);
        let stream =
            ParquetRecordBatchStreamBuilder::new_with_metadata(reader, coded.map_err(fail)?)
                .with_projection(self.mask(columns))
                .with_batch_size(batch_rows)
                .build()
                .map_err(fail)?;
        Ok(RunStream { store: self.store, meta: self.meta, stream })
    }

    /// Where the columns of a field lie, where it has any: of its numbers, of its texts.
    pub fn leaves_of(&self, field: &Field) -> Option<(usize, usize)> {
        typed::leaves_of(self.footer.schema(), field)
    }

    /// The fields that have columns of their own.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        typed::fields_of(self.footer.schema())
    }

    /// How many bytes `columns` take in the file.
    pub fn n_bytes_of(&self, columns: &[usize]) -> u64 {
        let groups = self.footer.metadata().row_groups().iter();
        let of_group = groups.flat_map(|group| {
            columns.iter().map(|&column| group.column(column).compressed_size().max(0))
        });
        of_group.sum::<i64>().cast_unsigned()
    }

    fn mask(&self, columns: &[usize]) -> ProjectionMask {
        ProjectionMask::leaves(self.footer.parquet_schema(), columns.iter().copied())
    }

    fn builder(&self) -> ParquetRecordBatchStreamBuilder<ObjectBytes> {
        let reader = reader(self.store, self.meta);
        ParquetRecordBatchStreamBuilder::new_with_metadata(reader, self.footer.clone())
    }
}

/// All rows of a run, batch by batch. One row group of compressed bytes is in memory at a time.
pub(crate) struct RunStream<'a> {
    store: &'a RunStore,
    pub meta: &'a RunMeta,
    stream: ParquetRecordBatchStream<ObjectBytes>,
}

impl RunStream<'_> {
    pub async fn next(&mut self) -> Result<Option<RecordBatch>, HistoryError> {
        let stream = &mut self.stream;
        let path = &self.meta.path;
        let next = async { stream.next().await.transpose() };
        guarded(self.store, self.meta, next.map(|r| r.map_err(|e| HistoryError::reading(path, e))))
            .await
    }
}

pub(crate) fn reader(store: &RunStore, meta: &RunMeta) -> ObjectBytes {
    ObjectBytes {
        objects: store.objects.clone(),
        path: ObjectPath::from(meta.path.as_str()),
        file: store.in_file_system(&meta.path),
        n_bytes: meta.bytes,
    }
}

/// The bytes of one file, for the decoder. Files in a folder are read right here, which callers
/// expect ([`RunStore::reading`]): asking the store instead took a change of threads per read.
pub(crate) struct ObjectBytes {
    objects: Arc<dyn ObjectStore>,
    path: ObjectPath,
    file: Option<PathBuf>,
    n_bytes: u64,
}

impl ObjectBytes {
    /// A damaged footer may name bytes that there are not; asking the store for them would look
    /// like a fault of the store.
    fn inside(&self, range: &Range<u64>) -> Result<(), ParquetError> {
        if range.start <= range.end && range.end <= self.n_bytes {
            Ok(())
        } else {
            Err(ParquetError::EOF(format!("bytes {range:?} of {}", self.n_bytes)))
        }
    }
}

impl AsyncFileReader for ObjectBytes {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes, ParquetError>> {
        async move {
            let mut parts = self.get_byte_ranges(vec![range]).await?;
            parts.pop().ok_or_else(|| ParquetError::EOF("no bytes".into()))
        }
        .boxed()
    }

    fn get_byte_ranges(
        &mut self,
        ranges: Vec<Range<u64>>,
    ) -> BoxFuture<'_, Result<Vec<Bytes>, ParquetError>> {
        async move {
            ranges.iter().try_for_each(|range| self.inside(range))?;
            match &self.file {
                Some(file) => Ok(read_ranges(file, &ranges)?),
                None => Ok(self.objects.get_ranges(&self.path, &ranges).await?),
            }
        }
        .boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        _options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Result<Arc<ParquetMetaData>, ParquetError>> {
        async move {
            let n_bytes = self.n_bytes;
            let footer = ParquetMetaDataReader::new()
                .with_page_index_policy(PageIndexPolicy::Optional)
                .with_prefetch_hint(Some(FOOTER_GUESS_BYTES))
                .load_and_finish(self, n_bytes)
                .await?;
            Ok(Arc::new(footer))
        }
        .boxed()
    }
}

fn read_ranges(path: &Path, ranges: &[Range<u64>]) -> std::io::Result<Vec<Bytes>> {
    let mut file = File::open(path)?;
    let mut read = |range: &Range<u64>| {
        let mut bytes = vec![0; (range.end - range.start) as usize];
        file.seek(SeekFrom::Start(range.start))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes.into())
    };
    ranges.iter().map(&mut read).collect()
}

pub(crate) async fn load_footer(
    store: &RunStore,
    meta: &RunMeta,
) -> Result<ArrowReaderMetadata, HistoryError> {
    let load = async {
        let footer = reader(store, meta).get_metadata(None).await;
        let footer =
            footer.and_then(|f| ArrowReaderMetadata::try_new(f, RunStore::reader_options()));
        footer.map_err(|e| HistoryError::reading(&meta.path, e))
    };
    let footer = guarded(store, meta, load).await?;
    if !typed::is_schema_of_run(footer.schema()) {
        return Err(HistoryError::corrupt(&meta.path, "it has other columns than a run"));
    }
    let n_rows = footer.metadata().file_metadata().num_rows();
    if u64::try_from(n_rows) != Ok(meta.n_rows) {
        return Err(HistoryError::corrupt(
            &meta.path,
            format!("it says to have {n_rows} rows, {} were written", meta.n_rows),
        ));
    }
    Ok(footer)
}

/// Turns a decoder's panic into the error that it is, and finds out whether a failing read is due
/// to a file of the wrong length.
async fn guarded<T>(
    store: &RunStore,
    meta: &RunMeta,
    work: impl Future<Output = Result<T, HistoryError>>,
) -> Result<T, HistoryError> {
    let done = AssertUnwindSafe(work).catch_unwind().await;
    let error = match done {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => error,
        Err(_) => return Err(HistoryError::corrupt(&meta.path, "its decoder gave up")),
    };
    if matches!(error, HistoryError::Unavailable { .. })
        && let Ok(head) = store.objects.head(&ObjectPath::from(meta.path.as_str())).await
        && head.size != meta.bytes
    {
        let what = format!("it is {} bytes long, {} were written", head.size, meta.bytes);
        return Err(HistoryError::corrupt(&meta.path, what));
    }
    Err(error)
}
