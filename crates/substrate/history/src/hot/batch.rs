//! Which columns does a fresh batch have?

use super::column::{Column, ColumnKey};
use super::dictionary::{Coder, Dictionaries};
use super::json::{self, JsonColumns};
use super::keys::SourceKeys;
use crate::error::HistoryError;
use crate::pack::{BlockReader, FreshBatch};
use timeline::Field;

/// Whose the rows are, and when.
pub(crate) fn keys(batch: &FreshBatch) -> SourceKeys {
    let mut keys = SourceKeys::default();
    for row in 0..batch.n_events() {
        let key = batch.key(row);
        let is_sorted = keys.extend(&[key.customer], &[key.occurred_at]);
        assert!(is_sorted, "a packed batch is sorted");
    }
    keys
}

/// The columns `wanted`, in their order.
pub(crate) fn columns(
    batch: &FreshBatch,
    wanted: &[ColumnKey],
    dictionaries: &Dictionaries,
) -> Result<Vec<Column>, HistoryError> {
    let mut columns: Vec<Option<Column>> =
        wanted.iter().map(|key| fixed(batch, key, dictionaries)).collect();
    let n_rows = batch.n_events();
    let of = |path_of: fn(&Field) -> Option<&str>| {
        JsonColumns::of(wanted.iter().enumerate(), path_of, dictionaries, n_rows)
    };
    let (mut properties, mut context) = (of(json::property), of(json::context));
    if properties.is_some() || context.is_some() {
        let mut reader = BlockReader::new(0)?;
        for row in 0..n_rows {
            let texts = reader.json_texts(batch, row)?;
            for (columns, text) in [(&mut properties, texts.0), (&mut context, texts.1)] {
                if let Some(columns) = columns {
                    columns.push(text, &mut Vec::new());
                }
            }
        }
    }
    for json in [properties, context].into_iter().flatten() {
        json.finish(&mut columns);
    }
    Ok(columns.into_iter().map(|column| column.expect("every field has its place")).collect())
}

/// A column that needs no text.
fn fixed(batch: &FreshBatch, key: &ColumnKey, dictionaries: &Dictionaries) -> Option<Column> {
    let rows = 0..batch.n_events();
    let coded = |field: &Field, text: &dyn Fn(&mut Coder, usize) -> u32| {
        let mut coder = Coder::new(dictionaries.of(field), rows.len());
        for row in rows.clone() {
            let code = text(&mut coder, row);
            coder.push(code);
        }
        Some(coder.finish())
    };
    match key {
        ColumnKey::Seq => Some(Column::Keys(rows.map(|row| batch.key(row).seq).collect())),
        ColumnKey::Identifier => {
            Some(Column::Keys(rows.map(|row| batch.identifier(row).0).collect()))
        }
        ColumnKey::Label(field) => match field {
            Field::Name => coded(field, &|coder, row| coder.code(batch.name(row))),
            Field::Kind => coded(field, &|coder, row| coder.code(batch.kind(row).slug())),
            Field::Source => {
                coded(field, &|coder, row| coder.code(&batch.source(row).0.to_string()))
            }
            Field::Property(_) | Field::Context(_) => None,
        },
        ColumnKey::Number(field) => match field {
            Field::Name | Field::Kind | Field::Source => {
                Some(Column::Numbers(vec![f64::NAN; batch.n_events()]))
            }
            Field::Property(_) | Field::Context(_) => None,
        },
    }
}
