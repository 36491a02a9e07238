//! Which cells does the next line of a CSV file have?

use super::bytes::{Progress, RowGuard, decoded};
use super::encoding::cell_text;
use super::names::Names;
use super::{COLUMNS_MAX, Encoding, FileForm, Outcome};
use crate::{Row, SyncError};
use csv::ByteRecord;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A CSV file, open.
pub(super) struct Delimited {
    reader: csv::Reader<RowGuard>,
    since_row: Arc<AtomicU64>,
    record: ByteRecord,
    /// The first record, where it turned out to be data.
    waiting: Option<ByteRecord>,
    columns: Vec<String>,
    always_latin: bool,
    progress: Progress,
}

impl Delimited {
    pub(super) fn open(path: &Path, form: &FileForm) -> Result<Self, SyncError> {
        let (bytes, progress) = decoded(path, form.encoding)?;
        let (guard, since_row) = RowGuard::new(bytes);
        let delimiter = form.delimiter.and_then(|d| u8::try_from(d).ok()).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(64 << 10)
            .from_reader(guard);
        let mut first = ByteRecord::new();
        let read = reader.read_byte_record(&mut first);
        let any = read.map_err(|e| SyncError::Read { row: 0, why: e.to_string() })?;
        if !any {
            return Err(SyncError::Empty);
        }
        if first.len() > COLUMNS_MAX {
            let why = format!("its first row has {} columns, over {COLUMNS_MAX}", first.len());
            return Err(SyncError::Unsupported { why });
        }
        let always_latin = form.encoding == Some(Encoding::Latin1);
        let heading = form.heading.unwrap_or(true);
        let columns = column_names(&first, heading, always_latin);
        let waiting = (!heading).then_some(first);
        let record = ByteRecord::new();
        Ok(Self { reader, since_row, record, waiting, columns, always_latin, progress })
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    pub(super) fn read(&mut self, row: &mut Row) -> Result<Outcome, String> {
        self.since_row.store(0, Ordering::Relaxed);
        match self.waiting.take() {
            Some(record) => self.record = record,
            None => {
                let read = self.reader.read_byte_record(&mut self.record);
                if !read.map_err(|e| words(&e))? {
                    return Ok(Outcome::End);
                }
            }
        }
        for cell in &self.record {
            row.push_text(&cell_text(cell, self.always_latin));
        }
        Ok(self.check_width(row))
    }

    fn check_width(&self, row: &Row) -> Outcome {
        let (expected, found) = (self.columns.len(), row.len());
        let surplus_is_empty = (expected..found).all(|index| row.cell(index).is_missing());
        if found >= expected && surplus_is_empty {
            return Outcome::Row;
        }
        let reason = format!("the row has {found} cells where the heading has {expected}");
        Outcome::Bad { reason }
    }
}

fn words(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(e) => e.to_string(),
        _ => error.to_string(),
    }
}

/// The heading's names, each once: empty ones and repetitions get a number.
fn column_names(first: &ByteRecord, heading: bool, always_latin: bool) -> Vec<String> {
    let mut names = Names::default();
    let name = |(index, cell): (usize, &[u8])| {
        let cell = cell_text(cell, always_latin);
        match cell.trim_start_matches('\u{feff}').trim() {
            name if heading && !name.is_empty() => names.give(name),
            _ => names.give(&format!("column_{}", index + 1)),
        }
    };
    first.iter().enumerate().map(name).collect()
}
