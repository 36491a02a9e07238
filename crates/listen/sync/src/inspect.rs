//! What is in this file, and what would become of it?

use crate::column::{ColumnProfile, Observer};
use crate::mapping::{Mapping, Rows};
use crate::propose::{Proposal, propose};
use crate::read::{FileForm, Outcome, Table};
use crate::row::Row;
use crate::{Conversion, Reject, SyncError, fingerprint};
use std::path::Path;

/// Rows that are looked at to tell what the columns hold.
pub const SAMPLE_ROWS: u64 = 10_000;

/// Bytes of rows that are looked at; wide files end here.
const SAMPLE_BYTES: usize = 32 << 20;

/// Events that are shown before an import.
pub const PREVIEW_EVENTS: usize = 10;

/// What was found out about a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// How the file is read.
    pub form: FileForm,
    /// Its columns, judged by the first rows.
    pub columns: Vec<ColumnProfile>,
    /// Rows that were looked at.
    pub n_rows_seen: u64,
    /// Of them, rows that cannot be read at all.
    pub n_rows_bad: u64,
    /// Rows of the file, where its format says so; else [`count_rows`] reads it through.
    pub n_rows: Option<u64>,
    /// Bytes on disk.
    pub n_bytes: u64,
    /// A fingerprint of the bytes on disk.
    pub fingerprint: String,
    /// The mapping that seems right, with reasons.
    pub proposal: Proposal,
    /// The first events under that mapping; empty where the mapping is not complete.
    pub preview: Preview,
}

/// The first events of a file as they would arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Raw Segment events, in the order of the file.
    pub events: Vec<String>,
    /// Rows before the last of them that would be rejected.
    pub rejects: Vec<Reject>,
    /// Rows before the last of them that the mapping passes over.
    pub n_skipped: u64,
}

/// Looks at the file: form, columns, a proposal, and what would arrive under it. Reads the file
/// once for its fingerprint and the beginning of it twice.
///
/// # Errors
/// As [`Table::open`] and [`fingerprint::fingerprint`].
pub fn inspect(path: &Path) -> Result<Inspection, SyncError> {
    let mut table = Table::open(path, &FileForm::default())?;
    let (columns, n_rows_bad) = observe(&mut table)?;
    let file = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let proposal = propose(&mapping_name(&file), table.form(), &columns);
    let preview = match proposal.mapping.check() {
        Ok(()) => preview(path, &proposal.mapping, PREVIEW_EVENTS)?,
        Err(_) => Preview::default(),
    };
    Ok(Inspection {
        form: table.form().clone(),
        n_rows_seen: table.n_read(),
        n_rows_bad,
        n_rows: table.n_rows(),
        n_bytes: table.bytes_total(),
        fingerprint: fingerprint::fingerprint(path)?,
        columns,
        proposal,
        preview,
    })
}

fn observe(table: &mut Table) -> Result<(Vec<ColumnProfile>, u64), SyncError> {
    let mut observers: Vec<Observer> = Vec::new();
    let (mut row, mut n_good, mut n_bad, mut n_bytes) = (Row::default(), 0, 0, 0);
    while table.n_read() < SAMPLE_ROWS && n_bytes < SAMPLE_BYTES {
        match table.read(&mut row)? {
            Outcome::End => break,
            Outcome::Bad { .. } => n_bad += 1,
            Outcome::Row => {
                n_bytes += row.n_bytes();
                for name in &table.columns()[observers.len()..] {
                    let mut observer = Observer::new(name);
                    observer.skip(n_good);
                    observers.push(observer);
                }
                for (index, observer) in observers.iter_mut().enumerate() {
                    observer.see(row.cell(index));
                }
                n_good += 1;
            }
        }
    }
    if observers.is_empty() {
        let nothing = Observer::new;
        observers.extend(table.columns().iter().map(|name| nothing(name)));
    }
    Ok((observers.iter().map(Observer::profile).collect(), n_bad))
}

/// The first `n_events` events of the file under `mapping`.
///
/// # Errors
/// As [`Conversion::new`], and what its chunks report.
pub fn preview(path: &Path, mapping: &Mapping, n_events: usize) -> Result<Preview, SyncError> {
    let mut preview = Preview::default();
    for chunk in Conversion::new(path, mapping, 0)? {
        let chunk = chunk?;
        preview.n_skipped += chunk.n_skipped;
        preview.rejects.extend(chunk.rejects);
        let room = n_events.saturating_sub(preview.events.len());
        preview.events.extend(chunk.events.into_iter().take(room));
        if preview.events.len() >= n_events || preview.rejects.len() >= 1_000 {
            break;
        }
    }
    Ok(preview)
}

/// How many rows the file has under `mapping`'s form; reads it through where its format does not
/// say.
///
/// # Errors
/// As [`Table::open`] and [`Table::read`].
pub fn count_rows(path: &Path, mapping: &Mapping) -> Result<u64, SyncError> {
    let mut table = Table::open(path, &mapping.file)?;
    if let Some(n_rows) = table.n_rows() {
        return Ok(n_rows);
    }
    if mapping.rows == Rows::Segment {
        table.keep_whole_lines();
    }
    let mut row = Row::default();
    while table.read(&mut row)? != Outcome::End {}
    Ok(table.n_read())
}

/// A name for the mapping of a file called `file`: that name, without endings and strange signs.
#[must_use]
pub fn mapping_name(file: &str) -> String {
    let file = file.to_lowercase();
    let mut stem = file.as_str();
    for ending in [".gz", ".zst", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", ".parquet"]
    {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    let plain = |c: char| if c.is_alphanumeric() { c } else { '_' };
    let name: String = stem.chars().map(plain).collect();
    if name.trim_matches('_').is_empty() { "import".to_owned() } else { name }
}
