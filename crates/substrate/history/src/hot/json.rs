//! How do fields of JSON texts become columns?

use super::column::{Column, ColumnKey};
use super::dictionary::{Coder, Dictionaries};
use timeline::{ABSENT, Field, Picked, Picker};

/// Columns in the making out of the texts of one JSON column, row by row.
pub(crate) struct JsonColumns {
    picker: Picker,
    sinks: Vec<Sink>,
}

struct Sink {
    /// Which of the wanted columns it is.
    place: usize,
    path: usize,
    values: Values,
}

enum Values {
    Codes(Coder),
    Numbers(Vec<f64>),
}

impl JsonColumns {
    /// Those of `wanted` (with their places) that `path_of` finds in this JSON column; `None` where
    /// there are none.
    pub fn of<'k>(
        wanted: impl Iterator<Item = (usize, &'k ColumnKey)>,
        path_of: impl Fn(&Field) -> Option<&str>,
        dictionaries: &Dictionaries,
        n_rows: usize,
    ) -> Option<Self> {
        let mut paths: Vec<&str> = Vec::new();
        let mut sinks = Vec::new();
        for (place, key) in wanted {
            let (ColumnKey::Label(field) | ColumnKey::Number(field)) = key else { continue };
            let Some(path) = path_of(field) else { continue };
            let number = paths.iter().position(|known| *known == path).unwrap_or_else(|| {
                paths.push(path);
                paths.len() - 1
            });
            let values = match key {
                ColumnKey::Number(_) => Values::Numbers(Vec::with_capacity(n_rows)),
                _ => Values::Codes(Coder::new(dictionaries.of(field), n_rows)),
            };
            sinks.push(Sink { place, path: number, values });
        }
        (!sinks.is_empty()).then(|| Self { picker: Picker::new(paths), sinks })
    }

    /// The text of the next row. `found` is for reuse.
    pub fn push<'t>(&mut self, text: &'t str, found: &mut Vec<Option<Picked<'t>>>) {
        self.picker.pick(text, found);
        for sink in &mut self.sinks {
            let picked = found[sink.path].as_ref();
            match &mut sink.values {
                Values::Numbers(numbers) => {
                    numbers.push(picked.and_then(Picked::number).unwrap_or(f64::NAN));
                }
                Values::Codes(coder) => {
                    let code = picked.map_or(ABSENT, |picked| coder.code(&picked.label()));
                    coder.push(code);
                }
            }
        }
    }

    /// Puts the columns to their places.
    pub fn finish(self, columns: &mut [Option<Column>]) {
        for Sink { place, values, .. } in self.sinks {
            columns[place] = Some(match values {
                Values::Numbers(numbers) => Column::Numbers(numbers),
                Values::Codes(coder) => coder.finish(),
            });
        }
    }
}

/// The path of a property.
pub(crate) fn property(field: &Field) -> Option<&str> {
    match field {
        Field::Property(path) => Some(path),
        _ => None,
    }
}

/// The path of a part of the context.
pub(crate) fn context(field: &Field) -> Option<&str> {
    match field {
        Field::Context(path) => Some(path),
        _ => None,
    }
}
