//! Which fields does the next line's object have?

use super::bytes::{Line, Progress, decoded, read_line};
use super::encoding::cell_text;
use super::{COLUMNS_MAX, Encoding, FileForm, Outcome};
use crate::SyncError;
use crate::event::beyond_float;
use crate::row::{CellKind, Row};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io::{BufReader, Read};
use std::path::Path;

/// Objects deeper than this stay JSON in one cell.
const DEPTH_MAX: usize = 5;

/// A file of JSON lines, open.
pub(super) struct JsonLines {
    bytes: BufReader<Box<dyn Read + Send>>,
    line: Vec<u8>,
    columns: Vec<String>,
    places: HashMap<String, usize>,
    whole_lines: bool,
    always_latin: bool,
    progress: Progress,
}

impl JsonLines {
    pub(super) fn open(path: &Path, form: &FileForm) -> Result<Self, SyncError> {
        let (bytes, progress) = decoded(path, form.encoding)?;
        Ok(Self {
            bytes: BufReader::with_capacity(64 << 10, bytes),
            line: Vec::new(),
            columns: Vec::new(),
            places: HashMap::new(),
            whole_lines: false,
            always_latin: form.encoding == Some(Encoding::Latin1),
            progress,
        })
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    pub(super) fn keep_whole_lines(&mut self) {
        self.whole_lines = true;
    }

    pub(super) fn expect_column(&mut self, name: &str) {
        self.place(name);
    }

    fn place(&mut self, name: &str) -> Option<usize> {
        if let Some(&index) = self.places.get(name) {
            return Some(index);
        }
        let index = self.columns.len();
        if index == COLUMNS_MAX {
            return None;
        }
        self.columns.push(name.to_owned());
        self.places.insert(name.to_owned(), index);
        Some(index)
    }

    pub(super) fn read(&mut self, row: &mut Row) -> Result<Outcome, String> {
        loop {
            let read = read_line(&mut self.bytes, &mut self.line).map_err(|e| e.to_string())?;
            match read {
                Line::End => return Ok(Outcome::End),
                Line::TooLong => {
                    let reason = "the line is longer than 16 MiB".to_owned();
                    return Ok(Outcome::Bad { reason });
                }
                Line::Whole if self.line.iter().all(u8::is_ascii_whitespace) => {}
                Line::Whole => return Ok(self.understand(row)),
            }
        }
    }

    fn understand(&mut self, row: &mut Row) -> Outcome {
        let line = std::mem::take(&mut self.line);
        let text = cell_text(&line, self.always_latin);
        let text = text.trim_start_matches('\u{feff}').trim();
        let outcome = self.understand_text(text, row);
        self.line = line;
        outcome
    }

    fn understand_text(&mut self, text: &str, row: &mut Row) -> Outcome {
        if self.whole_lines {
            row.whole = Some(text.into());
            return Outcome::Row;
        }
        match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(object)) => {
                self.flatten(&object, "", 0, row);
                Outcome::Row
            }
            Ok(_) => bad(row, text, "the line is not a JSON object".to_owned()),
            Err(e) => {
                let immense = lexicon::immense_number(text).filter(|path| !path.is_empty());
                let reason = immense.map(|path| beyond_float(&path));
                bad(row, text, reason.unwrap_or_else(|| format!("the line is not JSON: {e}")))
            }
        }
    }

    fn flatten(&mut self, object: &Map<String, Value>, prefix: &str, depth: usize, row: &mut Row) {
        for (key, value) in object {
            let name = format!("{prefix}{key}");
            match value {
                Value::Object(inner) if depth < DEPTH_MAX && !inner.is_empty() => {
                    self.flatten(inner, &format!("{name}."), depth + 1, row);
                }
                _ => {
                    if let Some(index) = self.place(&name) {
                        put(row, index, value);
                    }
                }
            }
        }
    }
}

fn bad(row: &mut Row, text: &str, reason: String) -> Outcome {
    row.push_text(text);
    Outcome::Bad { reason }
}

fn put(row: &mut Row, index: usize, value: &Value) {
    match value {
        Value::Null => row.put(index, CellKind::Missing, ""),
        Value::Bool(true) => row.put(index, CellKind::Boolean, "true"),
        Value::Bool(false) => row.put(index, CellKind::Boolean, "false"),
        Value::Number(number) => row.put(index, CellKind::Number, &number.to_string()),
        Value::String(text) if text.trim().is_empty() => row.put(index, CellKind::Missing, ""),
        Value::String(text) => row.put(index, CellKind::Text, text.trim()),
        Value::Array(_) | Value::Object(_) => row.put(index, CellKind::Json, &value.to_string()),
    }
}
