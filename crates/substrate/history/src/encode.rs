//! How are sorted rows encoded into a run?

use crate::columns::{self, KeyView};
use crate::error::HistoryError;
use crate::event::RowKey;
use crate::run::{Fingerprint, RunMeta, run_path};
use arrow_array::RecordBatch;
use base::{CustomerId, Timestamp};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

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
    writer: ArrowWriter<Vec<u8>>,
    fingerprint: Fingerprint,
    n_bytes: u64,
    last: Option<RowKey>,
    first: Option<RowKey>,
    n_rows: u64,
    times: (i64, i64),
    seqs: (u64, u64),
}

impl RunEncoder {
    pub fn new() -> Result<Self, HistoryError> {
        let options =
            ArrowWriterOptions::new().with_properties(properties()).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(Vec::new(), columns::schema(), options)
            .map_err(HistoryError::encode)?;
        Ok(Self {
            writer,
            fingerprint: Fingerprint::default(),
            n_bytes: 0,
            last: None,
            first: None,
            n_rows: 0,
            times: (i64::MAX, i64::MIN),
            seqs: (u64::MAX, u64::MIN),
        })
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
            self.last = Some(key);
            self.first.get_or_insert(key);
            self.times = (self.times.0.min(key.occurred_at), self.times.1.max(key.occurred_at));
            self.seqs = (self.seqs.0.min(key.seq), self.seqs.1.max(key.seq));
        }
        self.n_rows += rows.num_rows() as u64;
        self.writer.write(rows).map_err(HistoryError::encode)
    }

    pub fn is_empty(&self) -> bool {
        self.n_rows == 0
    }

    /// Bytes that lie ready, where they are at least `n_min`.
    pub fn take_ready(&mut self, n_min: usize) -> Option<Bytes> {
        if self.writer.inner().len() < n_min {
            return None;
        }
        let bytes = std::mem::take(self.writer.inner_mut());
        Some(self.account(bytes))
    }

    /// The last bytes, and what is now known of the run; `seed` keeps its path unique.
    ///
    /// # Panics
    /// If no row was written: an empty run is not a run.
    pub fn finish(
        mut self,
        bucket: u16,
        level: u8,
        seed: u64,
    ) -> Result<(Bytes, RunMeta), HistoryError> {
        self.writer.finish().map_err(HistoryError::encode)?;
        let bytes = std::mem::take(self.writer.inner_mut());
        let bytes = self.account(bytes);
        let first = self.first.expect("a run has rows");
        let last = self.last.expect("a run has rows");
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
        };
        Ok((bytes, meta))
    }

    fn account(&mut self, bytes: Vec<u8>) -> Bytes {
        self.fingerprint.add(&bytes);
        self.n_bytes += bytes.len() as u64;
        bytes.into()
    }
}

fn properties() -> WriterProperties {
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
    for name in ["kind", "name", "source"] {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(name), true);
    }
    for name in ["customer", "occurred_at"] {
        let column = ColumnPath::from(name);
        properties = properties.set_column_statistics_enabled(column, EnabledStatistics::Page);
    }
    properties.build()
}
