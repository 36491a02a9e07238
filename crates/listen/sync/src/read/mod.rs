//! What are the rows of this file?

pub(crate) mod bytes;
mod columnar;
mod delimited;
mod encoding;
mod json_lines;
mod names;
mod sniff;

use crate::{Row, SyncError};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Bytes of one row. A longer one is a quote that was never closed, or no table at all.
pub const ROW_BYTES_MAX: usize = 16 << 20;

/// Columns of one file. JSON lines may bring new ones with every row; they end here.
pub const COLUMNS_MAX: usize = 2_000;

/// What sort of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// Lines of cells between delimiters (CSV, TSV, …).
    Csv,
    /// A JSON object on every line.
    Jsonl,
    /// Apache Parquet.
    Parquet,
}

/// How the bytes of a text file become letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8. A cell that is not UTF-8 is read as Windows-1252.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, low byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, high byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Windows-1252, which Latin-1 is part of.
    #[serde(rename = "latin-1")]
    Latin1,
}

/// How a file is to be read. What is not said is found out from the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileForm {
    /// What sort of file it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<FileFormat>,
    /// What parts the cells of a CSV file: one ASCII character, `"\t"` for a tab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// How bytes become letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// Whether the first row of a CSV file names the columns; else they are `column_1`, ….
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<bool>,
}

/// What came of reading one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The row is there.
    Row,
    /// There was a row, but it cannot be understood; the cells hold what there was of it.
    Bad {
        /// What is wrong with it.
        reason: String,
    },
    /// There are no more rows.
    End,
}

/// A file, open for reading row by row.
pub struct Table {
    rows: Rows,
    form: FileForm,
    n_read: u64,
}

enum Rows {
    Delimited(delimited::Delimited),
    JsonLines(json_lines::JsonLines),
    Columnar(Box<columnar::Columnar>),
}

impl Table {
    /// Opens `path` as `form` says; what the form leaves open is found out from the first bytes.
    ///
    /// # Errors
    /// [`SyncError::Open`], [`SyncError::Unsupported`] for a file that is no table, and
    /// [`SyncError::Empty`].
    pub fn open(path: &Path, form: &FileForm) -> Result<Self, SyncError> {
        let form = sniff::complete(path, form)?;
        let rows = match form.format {
            Some(FileFormat::Parquet) => Rows::Columnar(Box::new(columnar::Columnar::open(path)?)),
            Some(FileFormat::Jsonl) => Rows::JsonLines(json_lines::JsonLines::open(path, &form)?),
            _ => Rows::Delimited(delimited::Delimited::open(path, &form)?),
        };
        Ok(Self { rows, form, n_read: 0 })
    }

    /// How the file is read, with nothing left open.
    #[must_use]
    pub fn form(&self) -> &FileForm {
        &self.form
    }

    /// The names of the columns, in order; no name comes twice. For JSON lines the list grows
    /// while rows bring new fields; nested objects are columns with points (`address.city`).
    #[must_use]
    pub fn columns(&self) -> &[String] {
        match &self.rows {
            Rows::Delimited(rows) => rows.columns(),
            Rows::JsonLines(rows) => rows.columns(),
            Rows::Columnar(rows) => rows.columns(),
        }
    }

    /// Makes JSON lines have these columns before any row brings them.
    pub(crate) fn expect_columns(&mut self, names: &[String]) {
        if let Rows::JsonLines(rows) = &mut self.rows {
            names.iter().for_each(|name| rows.expect_column(name));
        }
    }

    /// Makes JSON lines keep the line as it stands and not look for cells.
    pub(crate) fn keep_whole_lines(&mut self) -> bool {
        match &mut self.rows {
            Rows::JsonLines(rows) => {
                rows.keep_whole_lines();
                true
            }
            _ => false,
        }
    }

    /// Reads the next row into `row`.
    ///
    /// # Errors
    /// [`SyncError::Read`] where the file cannot be read any further.
    pub fn read(&mut self, row: &mut Row) -> Result<Outcome, SyncError> {
        row.clear();
        let outcome = match &mut self.rows {
            Rows::Delimited(rows) => rows.read(row),
            Rows::JsonLines(rows) => rows.read(row),
            Rows::Columnar(rows) => rows.read(row),
        };
        let outcome = outcome.map_err(|why| SyncError::Read { row: self.n_read, why })?;
        self.n_read += u64::from(outcome != Outcome::End);
        Ok(outcome)
    }

    /// How many rows were read.
    #[must_use]
    pub fn n_read(&self) -> u64 {
        self.n_read
    }

    /// How many rows the file has, where its format says so.
    #[must_use]
    pub fn n_rows(&self) -> Option<u64> {
        match &self.rows {
            Rows::Columnar(rows) => Some(rows.n_rows()),
            _ => None,
        }
    }

    /// Bytes of the file on disk that were read, for a progress bar; runs a buffer ahead.
    #[must_use]
    pub fn bytes_done(&self) -> u64 {
        match &self.rows {
            Rows::Delimited(rows) => rows.progress().done(),
            Rows::JsonLines(rows) => rows.progress().done(),
            Rows::Columnar(rows) => rows.bytes_done(),
        }
    }

    /// Bytes of the file on disk.
    #[must_use]
    pub fn bytes_total(&self) -> u64 {
        match &self.rows {
            Rows::Delimited(rows) => rows.progress().total(),
            Rows::JsonLines(rows) => rows.progress().total(),
            Rows::Columnar(rows) => rows.bytes_total(),
        }
    }
}

#[cfg(test)]
mod tests;
