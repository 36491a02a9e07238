//! How are sorted rows encoded into a run?

use crate::columns::KeyView;
use crate::error::HistoryError;
use crate::event::RowKey;
use crate::run::{Fingerprint, RunMeta, Stamp, run_path};
use crate::typed::{N_FIXED, Typed};
use arrow_array::RecordBatch;
use arrow_schema::Schema;
use base::{CustomerId, Timestamp};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::sync::Arc;
use timeline::Field;

/// Rows of a row group: what a fold decodes at once, and what compaction holds per input.
const ROW_GROUP_ROWS: usize = 64 << 10;
/// Rows of a page of a key column, about 8 kB packed: decoding one takes tens of microseconds.
const PAGE_ROWS: usize = 2 << 10;
/// Text of one page before compression: small, since a customer's page of events must inflate
/// whole pages; not smaller, since context repeats itself and compresses the better the longer.
const PAGE_TEXT_BYTES: usize = 48 << 10;
/// Rows between two looks at the size of a page.
const PAGE_CHECK_ROWS: usize = 32;

/// Writes one run into memory, piece by piece; the caller takes the bytes away.
pub(crate) struct RunEncoder {
    /// Fields that get columns where they occur among the first rows.
    worth: Arc<[Field]>,
    /// Made when the first rows are there.
    writer: Option<(ArrowWriter<Vec<u8>>, Typed)>,
    fingerprint: Fingerprint,
    n_bytes: u64,
    last: Option<RowKey>,
    first: Option<RowKey>,
    n_rows: u64,
    n_customers: u64,
    times: (i64, i64),
    seqs: (u64, u64),
}

impl RunEncoder {
    /// A run in the making; those of `worth` that occur among its first rows get columns of their
    /// own.
    pub fn new(worth: Arc<[Field]>) -> Self {
        Self {
            worth,
            writer: None,
            fingerprint: Fingerprint::default(),
            n_bytes: 0,
            last: None,
            first: None,
            n_rows: 0,
            n_customers: 0,
            times: (i64::MAX, i64::MIN),
            seqs: (u64::MAX, u64::MIN),
        }
    }

    /// Adds rows that come after all before in the order of runs.
    ///
    /// # Panics
    /// If they do not: such a file would hide events.
    pub fn write(&mut self, rows: &RecordBatch) -> Result<(), HistoryError> {
        let keys = KeyView::of(rows).expect("rows are built with the columns of a run");
        for row in 0..keys.len() {
            let key = keys.key(row);
            assert!(self.last.is_none_or(|last| last <= key), "the rows of a run are sorted");
            let is_same = self.last.is_some_and(|last| last.customer == key.customer);
            self.n_customers += u64::from(!is_same);
            self.last = Some(key);
            self.first.get_or_insert(key);
            self.times = (self.times.0.min(key.occurred_at), self.times.1.max(key.occurred_at));
            self.seqs = (self.seqs.0.min(key.seq), self.seqs.1.max(key.seq));
        }
        self.n_rows += rows.num_rows() as u64;
        if self.writer.is_none() {
            let typed = Typed::choose(&self.worth, rows);
            self.writer = Some((writer(&typed)?, typed));
        }
        let (writer, typed) = self.writer.as_mut().expect("it was made just now");
        writer.write(&typed.extend(rows)?).map_err(HistoryError::encode)
    }

    pub fn is_empty(&self) -> bool {
        self.n_rows == 0
    }

    /// Bytes that lie ready, where they are at least `n_min`.
    pub fn take_ready(&mut self, n_min: usize) -> Option<Bytes> {
        let (writer, _) = self.writer.as_mut()?;
        if writer.inner().len() < n_min {
            return None;
        }
        let bytes = std::mem::take(writer.inner_mut());
        Some(self.account(bytes))
    }

    /// The last bytes, and what is now known of the run; `seed` keeps its path unique.
    ///
    /// # Panics
    /// If no row was written: an empty run is not a run.
    pub fn finish(mut self, stamp: Stamp, seed: u64) -> Result<(Bytes, RunMeta), HistoryError> {
        let (writer, _) = self.writer.as_mut().expect("a run has rows");
        writer.finish().map_err(HistoryError::encode)?;
        let bytes = std::mem::take(writer.inner_mut());
        let bytes = self.account(bytes);
        let first = self.first.expect("a run has rows");
        let last = self.last.expect("a run has rows");
        let Stamp { bucket, level, written_through } = stamp;
        let meta = RunMeta {
            path: run_path(bucket, self.seqs, seed, self.fingerprint.finish()),
            bucket,
            level,
            n_rows: self.n_rows,
            bytes: self.n_bytes,
            min_customer: CustomerId(first.customer),
            max_customer: CustomerId(last.customer),
            min_time: Timestamp(self.times.0),
            max_time: Timestamp(self.times.1),
            written_through,
            n_customers: self.n_customers,
        };
        Ok((bytes, meta))
    }

    fn account(&mut self, bytes: Vec<u8>) -> Bytes {
        self.fingerprint.add(&bytes);
        self.n_bytes += bytes.len() as u64;
        bytes.into()
    }
}

fn writer(typed: &Typed) -> Result<ArrowWriter<Vec<u8>>, HistoryError> {
    let properties = properties(typed.schema());
    let options =
        ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    ArrowWriter::try_new_with_options(Vec::new(), typed.schema().clone(), options)
        .map_err(HistoryError::encode)
}

fn properties(schema: &Schema) -> WriterProperties {
    let zstd = ZstdLevel::try_new(1).expect("zstd has a level 1");
    let mut properties = WriterProperties::builder()
        .set_created_by("rapport".into())
        .set_compression(Compression::ZSTD(zstd))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_data_page_size_limit(PAGE_TEXT_BYTES)
        .set_write_batch_size(PAGE_CHECK_ROWS);
    for name in ["customer", "occurred_at", "seq", "identifier", "received_at"] {
        let column = ColumnPath::from(name);
        properties = properties.set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
    }
    let of_fields = schema.fields().iter().skip(N_FIXED).map(|column| column.name().clone());
    for name in ["kind", "name", "source"].into_iter().map(String::from).chain(of_fields) {
        // One name however many dots are in it: a path of one part.
        let column = ColumnPath::new(vec![name]);
        properties = properties.set_column_dictionary_enabled(column, true);
    }
    for name in ["customer", "occurred_at"] {
        let column = ColumnPath::from(name);
        properties = properties.set_column_statistics_enabled(column, EnabledStatistics::Page);
    }
    properties.build()
}
