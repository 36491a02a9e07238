//! What sort of file is this, judging by its first bytes?

use super::bytes::unpacked;
use super::encoding::{Utf16Reader, cell_text};
use super::{Encoding, FileForm, FileFormat};
use crate::SyncError;
use crate::decimal::{Decimal, Mark};
use std::io::Read;
use std::path::Path;

/// Bytes that are looked at.
const SAMPLE_BYTES: u64 = 256 << 10;

/// Rows that are looked at to find the delimiter.
const SAMPLE_ROWS: usize = 200;

/// Delimiters that are tried, the most usual first: an earlier one wins a tie.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Fills in what `form` leaves open.
pub(super) fn complete(path: &Path, form: &FileForm) -> Result<FileForm, SyncError> {
    let mut form = form.clone();
    let sample = sample(path)?;
    if sample.is_empty() {
        return Err(SyncError::Empty);
    }
    let is_parquet = sample.starts_with(b"PAR1");
    if form.format == Some(FileFormat::Parquet) || form.format.is_none() && is_parquet {
        form.format = Some(FileFormat::Parquet);
        return Ok(form);
    }
    let encoding = *form.encoding.get_or_insert_with(|| encoding_of(&sample));
    let text = text_of(&sample, encoding);
    let format = *form.format.get_or_insert_with(|| format_of(&text));
    if let Some(why) = why_not(&text, format) {
        return Err(SyncError::Unsupported { why: why.to_owned() });
    }
    if format == FileFormat::Csv {
        let delimiter = *form.delimiter.get_or_insert_with(|| char::from(delimiter_of(&text)));
        let Ok(byte) = u8::try_from(delimiter) else {
            return Err(SyncError::mapping("file.delimiter", "it must be one ASCII character"));
        };
        form.heading.get_or_insert_with(|| has_heading(&text, byte));
    }
    Ok(form)
}

fn sample(path: &Path) -> Result<Vec<u8>, SyncError> {
    let (bytes, _) = unpacked(path)?;
    let mut sample = Vec::new();
    let read = bytes.take(SAMPLE_BYTES).read_to_end(&mut sample);
    match read {
        // A file that breaks off later is read as far as it goes; the reader will say where.
        Err(e) if sample.is_empty() => Err(SyncError::Read { row: 0, why: e.to_string() }),
        _ => Ok(sample),
    }
}

fn encoding_of(sample: &[u8]) -> Encoding {
    let zeros = |parity: usize| {
        sample.iter().skip(parity).step_by(2).take(2_000).filter(|&&b| b == 0).count()
    };
    let n_pairs = (sample.len() / 2).min(2_000);
    match sample {
        [0xff, 0xfe, ..] => Encoding::Utf16Le,
        [0xfe, 0xff, ..] => Encoding::Utf16Be,
        // Without a mark: Western text in UTF-16 has a zero in nearly every pair of bytes.
        _ if n_pairs > 1 && zeros(1) * 10 > n_pairs * 7 => Encoding::Utf16Le,
        _ if n_pairs > 1 && zeros(0) * 10 > n_pairs * 7 => Encoding::Utf16Be,
        _ => match std::str::from_utf8(sample) {
            Err(e) if e.error_len().is_some() => Encoding::Latin1,
            _ => Encoding::Utf8,
        },
    }
}

fn text_of(sample: &[u8], encoding: Encoding) -> String {
    let mut text = String::new();
    match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let mut reader = Utf16Reader::new(sample, encoding == Encoding::Utf16Be);
            let _ = reader.read_to_string(&mut text);
        }
        Encoding::Latin1 => text = cell_text(sample, true).into_owned(),
        Encoding::Utf8 => text = String::from_utf8_lossy(sample).into_owned(),
    }
    text.trim_start_matches('\u{feff}').to_owned()
}

fn format_of(text: &str) -> FileFormat {
    let first = text.trim_start().lines().next().unwrap_or_default();
    if first.starts_with('{') { FileFormat::Jsonl } else { FileFormat::Csv }
}

/// Files that look like a table to a program but not to a person.
fn why_not(text: &str, format: FileFormat) -> Option<&'static str> {
    let start = text.trim_start();
    let n_controls = text.chars().take(4_000).filter(|c| *c == '\0').count();
    if start.is_empty() {
        return Some("it holds blanks only");
    }
    if text.starts_with("PK\u{3}\u{4}") {
        return Some("it is a ZIP archive or a spreadsheet (XLSX); save it as CSV");
    }
    if n_controls > 0 {
        return Some("it is not a text file, and not Parquet");
    }
    if format == FileFormat::Csv && start.starts_with("[{") {
        return Some("it is one JSON array; write one object per line (jq -c '.[]' FILE)");
    }
    let begins = |with: &str| start.get(..with.len()).is_some_and(|s| s.eq_ignore_ascii_case(with));
    if begins("<!doctype") || begins("<html") || begins("<?xml") {
        return Some("it is a web page or XML, not a table");
    }
    None
}

fn records(text: &str, delimiter: u8, n: usize) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let rows = reader.records().filter_map(Result::ok).take(n);
    rows.map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// The delimiter that parts the most rows into the same number of cells, and the most cells.
fn delimiter_of(text: &str) -> u8 {
    let mut best = (0usize, b',');
    for delimiter in DELIMITERS {
        let mut widths: Vec<usize> =
            records(text, delimiter, SAMPLE_ROWS).iter().map(Vec::len).collect();
        // The sample may end in the middle of a row.
        if widths.len() > 2 && text.len() as u64 >= SAMPLE_BYTES {
            widths.pop();
        }
        widths.sort_unstable();
        let Some(&usual) = widths.get(widths.len() / 2) else { continue };
        let n_usual = widths.iter().filter(|&&w| w == usual).count();
        let share = n_usual * 1_000 / widths.len();
        let score = if usual < 2 { 0 } else { share * share * usual.min(50) };
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

/// A heading names most columns and is no data itself: no numbers, no addresses, no times.
fn has_heading(text: &str, delimiter: u8) -> bool {
    let rows = records(text, delimiter, 1);
    let Some(first) = rows.first() else { return false };
    let is_name = |cell: &String| {
        Decimal::parse(cell, Mark::Point).is_none()
            && !cell.contains('@')
            && base::Timestamp::parse(cell).is_none()
    };
    let named = first.iter().filter(|cell| !cell.is_empty()).all(is_name);
    let n_empty = first.iter().filter(|cell| cell.is_empty()).count();
    named && n_empty * 2 < first.len()
}
