//! Which rows were not taken, why, and where can they be mended?

use crate::SyncError;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// One row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The row's number, from 1; a heading is not counted.
    pub row: u64,
    /// The column at fault, where one is.
    pub column: Option<String>,
    /// What is wrong, in a sentence that quotes what was found.
    pub reason: String,
    /// The row's cells as they stood, in the order of the file's columns.
    pub cells: Vec<String>,
}

/// Writes rejected rows to a CSV file: `rapport_row`, `rapport_column`, `rapport_reason`, then the
/// columns of the imported file. Because those keep their names, the mended file imports with the
/// same mapping; the three columns in front are in nobody's way.
#[derive(Debug)]
pub struct RejectWriter {
    path: PathBuf,
    csv: csv::Writer<BufWriter<File>>,
    n_columns: usize,
}

impl RejectWriter {
    /// Starts the file anew, with a heading.
    ///
    /// # Errors
    /// [`SyncError::Write`].
    pub fn create(path: &Path, columns: &[String]) -> Result<Self, SyncError> {
        let file = File::create(path).map_err(|e| write_error(path, e))?;
        let mut writer = Self::over(path, file, columns.len());
        let own = ["rapport_row", "rapport_column", "rapport_reason"].map(str::to_owned);
        writer.record(own.iter().chain(columns))?;
        Ok(writer)
    }

    fn over(path: &Path, file: File, n_columns: usize) -> Self {
        let csv = csv::WriterBuilder::new().flexible(true).from_writer(BufWriter::new(file));
        Self { path: path.to_owned(), csv, n_columns }
    }

    /// Writes one rejected row.
    ///
    /// # Errors
    /// [`SyncError::Write`].
    pub fn write(&mut self, reject: &Reject) -> Result<(), SyncError> {
        let own = [
            reject.row.to_string(),
            reject.column.clone().unwrap_or_default(),
            reject.reason.clone(),
        ];
        let missing = self.n_columns.saturating_sub(reject.cells.len());
        let padding = vec![String::new(); missing];
        self.record(own.iter().chain(&reject.cells).chain(&padding))
    }

    fn record<'a>(&mut self, cells: impl Iterator<Item = &'a String>) -> Result<(), SyncError> {
        let written = self.csv.write_record(cells);
        written.map_err(|e| write_error(&self.path, std::io::Error::other(e)))
    }

    /// Brings everything written so far to the file.
    ///
    /// # Errors
    /// [`SyncError::Write`].
    pub fn flush(&mut self) -> Result<(), SyncError> {
        self.csv.flush().map_err(|e| write_error(&self.path, e))
    }
}

/// A file of rejected rows that is made where there are any.
#[derive(Debug)]
pub struct RejectFile {
    path: PathBuf,
    columns: Vec<String>,
    writer: Option<RejectWriter>,
    n_written: u64,
}

impl RejectFile {
    /// The file at `path` for rows with these columns; nothing is there yet.
    #[must_use]
    pub fn new(path: &Path, columns: Vec<String>) -> Self {
        Self { path: path.to_owned(), columns, writer: None, n_written: 0 }
    }

    /// Writes these rows, through to the file.
    ///
    /// # Errors
    /// [`SyncError::Write`].
    pub fn write(&mut self, rejects: &[Reject]) -> Result<(), SyncError> {
        if rejects.is_empty() {
            return Ok(());
        }
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => self.writer.insert(RejectWriter::create(&self.path, &self.columns)?),
        };
        rejects.iter().try_for_each(|reject| writer.write(reject))?;
        self.n_written += rejects.len() as u64;
        writer.flush()
    }

    /// How many rows were written.
    #[must_use]
    pub fn n_written(&self) -> u64 {
        self.n_written
    }

    /// Where they are.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn write_error(path: &Path, source: std::io::Error) -> SyncError {
    SyncError::Write { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rejects.csv");
        let columns = ["a".to_owned(), "b".to_owned()];
        let reject = |row, cells: &[&str]| Reject {
            row,
            column: Some("a".to_owned()),
            reason: "'x, y' is not a number".to_owned(),
            cells: cells.iter().map(|&c| c.to_owned()).collect(),
        };
        let mut writer = RejectWriter::create(&path, &columns).unwrap();
        writer.write(&reject(3, &["x, y", "1"])).unwrap();
        writer.write(&reject(9, &["x, y"])).unwrap();
        writer.flush().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let expected = "rapport_row,rapport_column,rapport_reason,a,b\n\
            3,a,\"'x, y' is not a number\",\"x, y\",1\n\
            9,a,\"'x, y' is not a number\",\"x, y\",\n";
        assert_eq!(text, expected);
    }
}
