//! Which cells does the next row of a Parquet file have?

mod delta;
mod pages;
mod promises;
mod thrift;

use super::names::Names;
use super::{COLUMNS_MAX, Outcome, ROW_BYTES_MAX};
use crate::SyncError;
use crate::row::{CellKind, Row};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{DataType, Field, TimeUnit};
use base::Timestamp;
use pages::Pages;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels};
use parquet::errors::ParquetError;
use serde_json::{Map, Value};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

/// Rows that are decoded at a time.
const BATCH_ROWS: usize = 1_024;

/// A Parquet file, open.
pub(super) struct Columnar {
    reader: ParquetRecordBatchReader,
    columns: Vec<String>,
    paths: Vec<Vec<usize>>,
    leaves: Vec<Leaf>,
    next: usize,
    n_in_batch: usize,
    n_read: u64,
    n_rows: u64,
    bytes_total: u64,
}

/// One column of the batch at hand, with the structs around it (whose nulls hide it).
struct Leaf {
    around: Vec<ArrayRef>,
    array: ArrayRef,
}

impl Columnar {
    pub(super) fn open(path: &Path) -> Result<Self, SyncError> {
        let failed = |source| SyncError::Open { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(failed)?;
        let bytes_total = file.metadata().map_err(failed)?.len();
        let metadata = fenced(|| metadata(&mut file))?;
        let n_rows = metadata.metadata().file_metadata().num_rows();
        let n_rows = u64::try_from(n_rows).unwrap_or(0);
        let mut layout = Layout::default();
        for (index, field) in metadata.schema().fields().iter().enumerate() {
            layout.add(field, field.name(), vec![index]);
        }
        let Layout { columns, paths, .. } = layout;
        let reader = fenced(|| reader(file, &metadata))?;
        let leaves = Vec::new();
        Ok(Self {
            reader,
            columns,
            paths,
            leaves,
            next: 0,
            n_in_batch: 0,
            n_read: 0,
            n_rows,
            bytes_total,
        })
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(super) fn n_rows(&self) -> u64 {
        self.n_rows
    }

    pub(super) fn bytes_total(&self) -> u64 {
        self.bytes_total
    }

    /// Parquet is not read from front to back; the share of rows stands for the share of bytes.
    pub(super) fn bytes_done(&self) -> u64 {
        let share = self.n_read as f64 / self.n_rows.max(1) as f64;
        (self.bytes_total as f64 * share.min(1.0)) as u64
    }

    pub(super) fn read(&mut self, row: &mut Row) -> Result<Outcome, String> {
        while self.next == self.n_in_batch {
            let batch = catch_unwind(AssertUnwindSafe(|| self.reader.next()));
            match batch {
                Err(_) => return Err("the Parquet file is damaged".to_owned()),
                Ok(None) => return Ok(Outcome::End),
                Ok(Some(Err(e))) => return Err(e.to_string()),
                Ok(Some(Ok(batch))) => self.take_batch(&batch)?,
            }
        }
        for leaf in &self.leaves {
            leaf.put(self.next, row);
            if row.n_bytes() > ROW_BYTES_MAX {
                row.clear();
                self.pass();
                let reason = "the row is longer than 16 MiB".to_owned();
                return Ok(Outcome::Bad { reason });
            }
        }
        self.pass();
        Ok(Outcome::Row)
    }

    fn pass(&mut self) {
        self.next += 1;
        self.n_read += 1;
    }

    fn take_batch(&mut self, batch: &RecordBatch) -> Result<(), String> {
        let leaves = self.paths.iter().map(|path| Leaf::at(batch, path));
        self.leaves = leaves.collect::<Result<_, String>>()?;
        (self.next, self.n_in_batch) = (0, batch.num_rows());
        Ok(())
    }
}

/// What the file says about itself, if that can be so.
fn metadata(file: &mut File) -> Result<ArrowReaderMetadata, ParquetError> {
    let damaged = || ParquetError::General("it promises more than it holds".to_owned());
    if !promises::footer_holds(file)? {
        return Err(damaged());
    }
    let metadata = ArrowReaderMetadata::load(file, ArrowReaderOptions::new())?;
    if !promises::pages_hold(file, metadata.metadata())? {
        return Err(damaged());
    }
    Ok(metadata)
}

fn reader(
    file: File,
    metadata: &ArrowReaderMetadata,
) -> Result<ParquetRecordBatchReader, ParquetError> {
    let hint = Some(metadata.schema().fields());
    let levels =
        parquet_to_arrow_field_levels(metadata.parquet_schema(), ProjectionMask::all(), hint)?;
    let pages = Pages::new(file, Arc::clone(metadata.metadata()));
    ParquetRecordBatchReader::try_new_with_row_groups(&levels, &pages, BATCH_ROWS, None)
}

/// Runs what may panic on a damaged file; the library checks much, but not everything.
fn fenced<T>(step: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, SyncError> {
    let why = match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(e)) => format!("it is no readable Parquet file ({e})"),
        Err(_) => "it is a damaged Parquet file".to_owned(),
    };
    Err(SyncError::Unsupported { why })
}

/// The columns that a schema comes to, and how each is found in a batch.
#[derive(Default)]
struct Layout {
    names: Names,
    columns: Vec<String>,
    paths: Vec<Vec<usize>>,
}

impl Layout {
    fn add(&mut self, field: &Field, name: &str, path: Vec<usize>) {
        if let DataType::Struct(inner) = field.data_type() {
            for (index, field) in inner.iter().enumerate() {
                let path = [path.as_slice(), &[index]].concat();
                self.add(field, &format!("{name}.{}", field.name()), path);
            }
        } else if self.columns.len() < COLUMNS_MAX {
            self.columns.push(self.names.give(name));
            self.paths.push(path);
        }
    }
}

impl Leaf {
    fn at(batch: &RecordBatch, path: &[usize]) -> Result<Self, String> {
        let mut array = batch.column(path[0]).clone();
        let mut around = Vec::new();
        for &index in &path[1..] {
            let inner = array.as_struct().column(index).clone();
            around.push(std::mem::replace(&mut array, inner));
        }
        Ok(Self { around, array: plain(&array)? })
    }

    fn put(&self, index: usize, row: &mut Row) {
        if self.around.iter().any(|array| array.is_null(index)) {
            return row.push(CellKind::Missing, "");
        }
        let (kind, text) = cell_of(&self.array, index);
        match kind {
            CellKind::Text => row.push_text(&text),
            _ => row.push(kind, &text),
        }
    }
}

/// The array without the wrappings that only save space.
fn plain(array: &ArrayRef) -> Result<ArrayRef, String> {
    let target = match array.data_type() {
        DataType::Dictionary(_, values) => values.as_ref().clone(),
        DataType::Timestamp(unit, zone) if *unit != TimeUnit::Microsecond => {
            DataType::Timestamp(TimeUnit::Microsecond, zone.clone())
        }
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        DataType::Float16 => DataType::Float32,
        _ => return Ok(array.clone()),
    };
    arrow_cast::cast(array, &target).map_err(|e| e.to_string())
}

/// The kind and the text of one value.
fn cell_of(array: &ArrayRef, index: usize) -> (CellKind, String) {
    if array.is_null(index) {
        return (CellKind::Missing, String::new());
    }
    macro_rules! number {
        ($kind:ty) => {
            (CellKind::Number, array.as_primitive::<$kind>().value(index).to_string())
        };
    }
    match array.data_type() {
        DataType::Null => (CellKind::Missing, String::new()),
        DataType::Boolean => (CellKind::Boolean, array.as_boolean().value(index).to_string()),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float32 => {
            let value = array.as_primitive::<Float32Type>().value(index);
            real(value.is_finite(), value.to_string())
        }
        DataType::Float64 => {
            let value = array.as_primitive::<Float64Type>().value(index);
            real(value.is_finite(), value.to_string())
        }
        DataType::Decimal128(..) => {
            (CellKind::Number, array.as_primitive::<Decimal128Type>().value_as_string(index))
        }
        DataType::Utf8 => (CellKind::Text, array.as_string::<i32>().value(index).to_owned()),
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            let micros = array.as_primitive::<TimestampMicrosecondType>().value(index);
            let text = Timestamp(micros).to_string();
            let local = text.trim_end_matches('Z').to_owned();
            (CellKind::Time, if zone.is_some() { text } else { local })
        }
        DataType::Date32 | DataType::Date64 => (CellKind::Time, shown(array, index)),
        kind if kind.is_nested() => (CellKind::Json, json_of(array, index, 0).to_string()),
        _ => (CellKind::Text, shown(array, index)),
    }
}

fn real(is_finite: bool, text: String) -> (CellKind, String) {
    if is_finite { (CellKind::Number, text) } else { (CellKind::Missing, String::new()) }
}

fn shown(array: &ArrayRef, index: usize) -> String {
    let options = FormatOptions::new().with_display_error(true);
    let formatter = ArrayFormatter::try_new(array, &options);
    formatter.map(|f| f.value(index).to_string()).unwrap_or_default()
}

/// A list, map or struct as JSON.
fn json_of(array: &ArrayRef, index: usize, depth: usize) -> Value {
    if array.is_null(index) || depth > 32 {
        return Value::Null;
    }
    let list = |items: &ArrayRef| {
        (0..items.len()).map(|i| json_of(items, i, depth + 1)).collect::<Vec<_>>()
    };
    match array.data_type() {
        DataType::List(_) => Value::Array(list(&array.as_list::<i32>().value(index))),
        DataType::LargeList(_) => Value::Array(list(&array.as_list::<i64>().value(index))),
        DataType::FixedSizeList(..) => Value::Array(list(&array.as_fixed_size_list().value(index))),
        DataType::Struct(fields) => {
            let columns = fields.iter().zip(array.as_struct().columns());
            let members = columns.map(|(f, a)| (f.name().clone(), json_of(a, index, depth + 1)));
            Value::Object(members.collect())
        }
        DataType::Map(..) => {
            let entries = array.as_map().value(index);
            let keys = list(entries.column(0));
            let values = list(entries.column(1));
            let name = |key: Value| key.as_str().map_or_else(|| key.to_string(), str::to_owned);
            Value::Object(keys.into_iter().map(name).zip(values).collect::<Map<_, _>>())
        }
        _ => scalar(array, index),
    }
}

fn scalar(array: &ArrayRef, index: usize) -> Value {
    let Ok(array) = plain(array) else { return Value::Null };
    match cell_of(&array, index) {
        (CellKind::Missing, _) => Value::Null,
        (CellKind::Number | CellKind::Boolean, text) => {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        (_, text) => Value::String(text),
    }
}
