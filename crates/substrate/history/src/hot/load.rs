//! How are keys and columns read out of a run?

use super::column::{Column, ColumnKey};
use super::dictionary::Coder;
use super::json::{self, JsonColumns};
use super::keys::SourceKeys;
use super::table::Loader;
use crate::columns::{self, CONTEXT, CUSTOMER, IDENTIFIER, KIND, NAME, OCCURRED_AT};
use crate::columns::{PROPERTIES, SEQ, SOURCE};
use crate::error::HistoryError;
use crate::run::RunMeta;
use crate::source::RunFile;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{Array, RecordBatch, StringArray};
use std::sync::Arc;
use timeline::{ABSENT, Field};

/// Rows decoded at once where columns are numbers or codes.
const KEY_ROWS: usize = 16 << 10;
/// The same where there is text among them: about a megabyte.
const TEXT_ROWS: usize = 2 << 10;

/// Whose the rows of a run are, and when: into `times`, which is empty.
pub(crate) async fn keys(
    loader: &Loader<'_>,
    run: &RunMeta,
    times: Vec<i64>,
) -> Result<SourceKeys, HistoryError> {
    let file = RunFile::open(loader.store, run).await?;
    let leaves = &[CUSTOMER, OCCURRED_AT];
    loader.count_read(file.n_bytes_of(leaves));
    let mut rows = file.some(leaves, KEY_ROWS)?;
    let mut keys = SourceKeys { times, ..SourceKeys::default() };
    keys.times.reserve_exact(run.n_rows as usize);
    while let Some(batch) = rows.next().await? {
        let wrong = || HistoryError::corrupt(&run.path, "a key column is not what it must be");
        let customers = columns::numbers(&batch, 0).ok_or_else(wrong)?;
        let times = columns::times(&batch, 1).ok_or_else(wrong)?;
        if !keys.extend(customers, times) {
            return Err(HistoryError::corrupt(&run.path, "its rows are not sorted"));
        }
    }
    if keys.times.len() as u64 != run.n_rows {
        return Err(HistoryError::corrupt(&run.path, "rows are missing"));
    }
    Ok(keys)
}

/// The columns `wanted` of a run, in their order.
pub(crate) async fn columns(
    loader: &Loader<'_>,
    run: &RunMeta,
    wanted: &[ColumnKey],
) -> Result<Vec<Column>, HistoryError> {
    let file = RunFile::open(loader.store, run).await?;
    let mut reading = Reading::new(loader, &file, wanted);
    let leaves = reading.leaves();
    if !leaves.is_empty() {
        loader.count_read(file.n_bytes_of(&leaves));
        let has_text = leaves.iter().any(|leaf| [PROPERTIES, CONTEXT].contains(leaf));
        let mut rows = file.some(&leaves, if has_text { TEXT_ROWS } else { KEY_ROWS })?;
        while let Some(batch) = rows.next().await? {
            let wrong = || HistoryError::corrupt(&run.path, "a column is not what it must be");
            reading.take(&batch, &leaves).ok_or_else(wrong)?;
        }
    }
    let columns = reading.finish();
    if columns.iter().any(|column| column.len() as u64 != run.n_rows) {
        return Err(HistoryError::corrupt(&run.path, "rows are missing"));
    }
    Ok(columns)
}

/// Columns in the making.
struct Reading {
    columns: Vec<Option<Column>>,
    fixed: Vec<(usize, Leaves, Fixed)>,
    json: Vec<(usize, JsonColumns)>,
}

/// From which of the run's columns one is made: from one, or from a field's numbers and texts.
#[derive(Clone, Copy)]
enum Leaves {
    One(usize),
    Two(usize, usize),
}

/// A column that is made from others than JSON.
enum Fixed {
    Keys(Vec<u64>),
    Texts { coder: Coder, codes: CodesOfValues },
    Sources { coder: Coder, last: Option<(u64, u32)> },
    Numbers(Vec<f64>),
    Labels { coder: Coder, codes: CodesOfValues },
}

/// The codes of the values of a dictionary array, for as long as batches share the values.
#[derive(Default)]
struct CodesOfValues {
    values: Option<Arc<dyn Array>>,
    codes: Vec<u32>,
}

impl Reading {
    fn new(loader: &Loader<'_>, file: &RunFile<'_>, wanted: &[ColumnKey]) -> Self {
        let n_rows = file.meta.n_rows as usize;
        let mut columns: Vec<Option<Column>> = wanted.iter().map(|_| None).collect();
        let mut fixed = Vec::new();
        for (place, key) in wanted.iter().enumerate() {
            if let ColumnKey::Number(Field::Name | Field::Kind | Field::Source) = key {
                columns[place] = Some(Column::Numbers(vec![f64::NAN; n_rows]));
            } else if let Some((leaves, made)) = Fixed::of(key, file, loader) {
                fixed.push((place, leaves, made));
            }
        }
        let is_fixed = |place: usize| fixed.iter().any(|(known, ..)| *known == place);
        let of = |leaf: usize, path_of: fn(&Field) -> Option<&str>| {
            let wanted = wanted.iter().enumerate().filter(|(place, _)| !is_fixed(*place));
            JsonColumns::of(wanted, path_of, loader.dictionaries, n_rows).map(|made| (leaf, made))
        };
        let json = [of(PROPERTIES, json::property), of(CONTEXT, json::context)];
        Self { columns, fixed, json: json.into_iter().flatten().collect() }
    }

    /// The run's columns that it takes, in order.
    fn leaves(&self) -> Vec<usize> {
        let mut leaves: Vec<usize> = self.json.iter().map(|(leaf, _)| *leaf).collect();
        for (_, of, _) in &self.fixed {
            match *of {
                Leaves::One(leaf) => leaves.push(leaf),
                Leaves::Two(numbers, texts) => leaves.extend([numbers, texts]),
            }
        }
        leaves.sort_unstable();
        leaves.dedup();
        leaves
    }

    /// The next rows; `None` where a column is not what it must be.
    fn take(&mut self, batch: &RecordBatch, leaves: &[usize]) -> Option<()> {
        let place_of = |leaf: usize| leaves.binary_search(&leaf).ok();
        for (_, of, fixed) in &mut self.fixed {
            match *of {
                Leaves::One(leaf) => fixed.take(batch, place_of(leaf)?)?,
                Leaves::Two(numbers, texts) => {
                    fixed.take_labels(batch, place_of(numbers)?, place_of(texts)?)?;
                }
            }
        }
        for (leaf, json) in &mut self.json {
            let texts: &StringArray = columns::texts(batch, place_of(*leaf)?)?;
            let mut found = Vec::new();
            for row in 0..texts.len() {
                json.push(texts.value(row), &mut found);
            }
        }
        Some(())
    }

    fn finish(mut self) -> Vec<Column> {
        for (place, _, fixed) in self.fixed {
            self.columns[place] = Some(match fixed {
                Fixed::Keys(keys) => Column::Keys(keys),
                Fixed::Numbers(numbers) => Column::Numbers(numbers),
                Fixed::Texts { coder, .. }
                | Fixed::Sources { coder, .. }
                | Fixed::Labels { coder, .. } => coder.finish(),
            });
        }
        for (_, json) in self.json {
            json.finish(&mut self.columns);
        }
        let columns = self.columns.into_iter();
        columns.map(|column| column.expect("every field has its place")).collect()
    }
}

impl Fixed {
    /// How a column is made, if not from JSON; and from what.
    fn of(key: &ColumnKey, file: &RunFile<'_>, loader: &Loader<'_>) -> Option<(Leaves, Self)> {
        let n_rows = file.meta.n_rows as usize;
        let coder = |field| Coder::new(loader.dictionaries.of(field), n_rows);
        let codes = CodesOfValues::default;
        Some(match key {
            ColumnKey::Seq => (Leaves::One(SEQ), Self::Keys(Vec::with_capacity(n_rows))),
            ColumnKey::Identifier => {
                (Leaves::One(IDENTIFIER), Self::Keys(Vec::with_capacity(n_rows)))
            }
            ColumnKey::Label(field @ (Field::Name | Field::Kind)) => {
                let leaf = if *field == Field::Name { NAME } else { KIND };
                (Leaves::One(leaf), Self::Texts { coder: coder(field), codes: codes() })
            }
            ColumnKey::Label(field @ Field::Source) => {
                (Leaves::One(SOURCE), Self::Sources { coder: coder(field), last: None })
            }
            ColumnKey::Number(field) => {
                let (numbers, _) = file.leaves_of(field)?;
                (Leaves::One(numbers), Self::Numbers(Vec::with_capacity(n_rows)))
            }
            ColumnKey::Label(field) => {
                let (numbers, texts) = file.leaves_of(field)?;
                let made = Self::Labels { coder: coder(field), codes: codes() };
                (Leaves::Two(numbers, texts), made)
            }
        })
    }

    fn take(&mut self, batch: &RecordBatch, place: usize) -> Option<()> {
        match self {
            Self::Keys(keys) => keys.extend_from_slice(columns::numbers(batch, place)?),
            Self::Texts { coder, codes } => {
                let column = batch.columns().get(place)?.as_dictionary_opt::<Int32Type>()?;
                if column.null_count() > 0 {
                    return None;
                }
                let codes = codes.of(column.values(), coder)?;
                let keys = column.keys().values();
                // A negative number is the largest of all.
                let last = keys.iter().map(|key| key.cast_unsigned()).max();
                if last.is_some_and(|last| last as usize >= codes.len()) {
                    return None;
                }
                coder.extend(keys.iter().map(|&key| codes[key as usize]));
            }
            Self::Sources { coder, last } => {
                for &source in columns::numbers(batch, place)? {
                    let code = match *last {
                        Some((known, code)) if known == source => code,
                        _ => coder.code(&source.to_string()),
                    };
                    *last = Some((source, code));
                    coder.push(code);
                }
            }
            Self::Numbers(numbers) => {
                let column = batch.columns().get(place)?.as_primitive_opt::<Float64Type>()?;
                numbers.extend(column.iter().map(|number| number.unwrap_or(f64::NAN)));
            }
            Self::Labels { .. } => return None,
        }
        Some(())
    }

    /// A field that lies in two columns: a row has a text, or a number, or neither.
    fn take_labels(&mut self, batch: &RecordBatch, numbers: usize, texts: usize) -> Option<()> {
        let Self::Labels { coder, codes } = self else { return None };
        let numbers = batch.columns().get(numbers)?.as_primitive_opt::<Float64Type>()?;
        let texts = batch.columns().get(texts)?.as_dictionary_opt::<Int32Type>()?;
        let codes = codes.of(texts.values(), coder)?;
        for (text, number) in texts.keys().iter().zip(numbers) {
            let code = match (text, number) {
                (Some(text), _) => *codes.get(usize::try_from(text).ok()?)?,
                (None, Some(number)) => coder.code(&number.to_string()),
                (None, None) => ABSENT,
            };
            coder.push(code);
        }
        Some(())
    }
}

impl CodesOfValues {
    fn of(&mut self, values: &Arc<dyn Array>, coder: &mut Coder) -> Option<&[u32]> {
        let is_same = self.values.as_ref().is_some_and(|known| Arc::ptr_eq(known, values));
        if !is_same {
            let texts = values.as_string_opt::<i32>()?;
            self.codes.clear();
            // A page may name only some of the values; the others have no text to be found by.
            let code = |text: Option<&str>| text.map_or(ABSENT, |text| coder.code(text));
            self.codes.extend(texts.iter().map(code));
            self.values = Some(values.clone());
        }
        Some(&self.codes)
    }
}
