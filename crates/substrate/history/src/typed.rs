//! Which fields lie in columns of their own, beside the JSON that they come from?
//!
//! A field that is asked for often is written twice: in its JSON, which stays the truth, and as two
//! columns behind those of every run, one of its numbers and one of its texts (a value is one or
//! the other; yes and no are texts). A run without the columns says nothing about the field: its
//! JSON is read instead. Runs that are worth it get them when they are written: those of fields
//! that are often asked for and occur among the first rows.

use crate::columns::{self, CONTEXT, PROPERTIES};
use crate::error::HistoryError;
use arrow_array::builder::{Float64Builder, StringBuilder};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field as Column, Schema, SchemaRef};
use std::sync::{Arc, Mutex, PoisonError};
use timeline::{Field, Picked, Picker};

/// Columns of every run, before those of fields.
pub(crate) const N_FIXED: usize = 12;
/// Fields of one run at most: each costs about half a kilobyte per row group, even where it is
/// empty.
pub(crate) const FIELDS_MAX: usize = 48;
/// Questions that ask for a field before it gets columns.
const QUESTIONS_MIN: u32 = 3;
/// Fields whose questions are counted.
const COUNTED_MAX: usize = 1_000;

/// What senders of the common vocabularies (Segment's, Google's) put where insights look.
const PROPERTIES_DEFAULT: [&str; 14] = [
    "revenue",
    "total",
    "value",
    "price",
    "quantity",
    "currency",
    "category",
    "product_id",
    "order_id",
    "coupon",
    "path",
    "url",
    "referrer",
    "title",
];
const CONTEXT_DEFAULT: [&str; 13] = [
    "page.path",
    "page.url",
    "page.referrer",
    "campaign.name",
    "campaign.source",
    "campaign.medium",
    "campaign.term",
    "campaign.content",
    "locale",
    "location.country",
    "rapport.agent.browser",
    "rapport.agent.os",
    "rapport.agent.device",
];

/// Fields that are worth columns, and how often others were asked for.
#[derive(Debug)]
pub(crate) struct Worth {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    fields: Vec<Field>,
    counted: Vec<(Field, u32)>,
}

impl Default for Worth {
    fn default() -> Self {
        let properties = PROPERTIES_DEFAULT.iter().map(|path| Field::Property((*path).into()));
        let context = CONTEXT_DEFAULT.iter().map(|path| Field::Context((*path).into()));
        let state = State { fields: properties.chain(context).collect(), counted: Vec::new() };
        Self { state: Mutex::new(state) }
    }
}

impl Worth {
    /// The fields.
    pub fn fields(&self) -> Vec<Field> {
        self.lock(|state| state.fields.clone())
    }

    /// These instead.
    pub fn set(&self, mut fields: Vec<Field>) {
        fields.retain(|field| json_of(field).is_some());
        fields.truncate(FIELDS_MAX);
        self.lock(|state| state.fields = fields);
    }

    /// These too, as far as there is room.
    pub fn add(&self, fields: impl Iterator<Item = Field>) {
        self.lock(|state| {
            for field in fields {
                if state.fields.len() < FIELDS_MAX && !state.fields.contains(&field) {
                    state.fields.push(field);
                }
            }
        });
    }

    /// A question asks for `field`.
    pub fn note(&self, field: &Field) {
        self.lock(|state| state.note(field));
    }

    fn lock<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        // Lists that grow by one: never half done.
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn note(&mut self, field: &Field) {
        let is_full = self.fields.len() >= FIELDS_MAX;
        if json_of(field).is_none() || is_full || self.fields.contains(field) {
            return;
        }
        let place = self.counted.iter().position(|(known, _)| known == field);
        let place = match place {
            Some(place) => place,
            None if self.counted.len() >= COUNTED_MAX => return,
            None => {
                self.counted.push((field.clone(), 0));
                self.counted.len() - 1
            }
        };
        self.counted[place].1 += 1;
        if self.counted[place].1 >= QUESTIONS_MIN {
            self.fields.push(self.counted.swap_remove(place).0);
        }
    }
}

/// The column of JSON in which a field stands, and where in it.
pub(crate) fn json_of(field: &Field) -> Option<(usize, &str)> {
    match field {
        Field::Property(path) => Some((PROPERTIES, path)),
        Field::Context(path) => Some((CONTEXT, path)),
        Field::Name | Field::Kind | Field::Source => None,
    }
}

/// The names of a field's columns: of its numbers, of its texts.
fn names_of(field: &Field) -> Option<(String, String)> {
    let (json, path) = json_of(field)?;
    let sort = if json == PROPERTIES { 'p' } else { 'c' };
    Some((format!("{sort}:{path}"), format!("{sort}t:{path}")))
}

/// Where the columns of `field` lie in a run of this schema: of its numbers, of its texts.
pub(crate) fn leaves_of(schema: &Schema, field: &Field) -> Option<(usize, usize)> {
    let (numbers, texts) = names_of(field)?;
    let place = |name: &str| schema.fields().iter().position(|column| column.name() == name);
    Some((place(&numbers)?, place(&texts)?))
}

/// The fields that have columns in a run of this schema.
pub(crate) fn fields_of(schema: &Schema) -> impl Iterator<Item = Field> {
    schema.fields().iter().skip(N_FIXED).filter_map(|column| {
        let (sort, path) = column.name().split_once(':')?;
        match sort {
            "p" => Some(Field::Property(path.into())),
            "c" => Some(Field::Context(path.into())),
            _ => None,
        }
    })
}

/// Whether these are the columns of a run.
pub(crate) fn is_schema_of_run(schema: &Schema) -> bool {
    let fixed = columns::schema();
    let fields = schema.fields();
    fields.len() >= N_FIXED
        && fields[..N_FIXED] == fixed.fields()[..]
        && fields[N_FIXED..]
            .iter()
            .all(|column| matches!(column.data_type(), DataType::Float64 | DataType::Utf8))
}

/// The same columns, with texts that repeat themselves as codes of a dictionary.
pub(crate) fn with_codes(schema: &Schema) -> SchemaRef {
    let coded = |(place, column): (usize, &Arc<Column>)| {
        let is_text = place >= N_FIXED && *column.data_type() == DataType::Utf8;
        if !is_text && ![columns::KIND, columns::NAME].contains(&place) {
            return column.clone();
        }
        let codes = DataType::Dictionary(DataType::Int32.into(), DataType::Utf8.into());
        Arc::new(Column::new(column.name(), codes, column.is_nullable()))
    };
    let columns: Vec<Arc<Column>> = schema.fields().iter().enumerate().map(coded).collect();
    Arc::new(Schema::new(columns))
}

/// The fields that one run has columns of.
#[derive(Debug)]
pub(crate) struct Typed {
    sheets: Vec<Sheet>,
    schema: SchemaRef,
}

/// The fields that come from one column of JSON.
#[derive(Debug)]
struct Sheet {
    json: usize,
    fields: Vec<Field>,
    picker: Picker,
}

impl Sheet {
    fn new(json: usize, fields: Vec<Field>) -> Self {
        let paths = fields.iter().filter_map(|field| json_of(field).map(|(_, path)| path));
        let picker = Picker::new(paths);
        Self { json, fields, picker }
    }

    /// Gives `take` what stands in the fields of each row.
    fn each<'t>(&self, rows: &'t RecordBatch, mut take: impl FnMut(&[Option<Picked<'t>>])) {
        let texts = columns::texts(rows, self.json);
        let texts = texts.expect("rows are built with the columns of a run");
        let mut found = Vec::new();
        for row in 0..texts.len() {
            self.picker.pick(texts.value(row), &mut found);
            take(&found);
        }
    }

    /// Those of its fields that occur in `rows`.
    fn occurring(&self, rows: &RecordBatch) -> Vec<Field> {
        let mut occurs = vec![false; self.fields.len()];
        self.each(rows, |found| {
            for (occurs, found) in occurs.iter_mut().zip(found) {
                *occurs |= found.is_some();
            }
        });
        let fields = self.fields.iter().zip(occurs).filter(|(_, occurs)| *occurs);
        fields.map(|(field, _)| field.clone()).collect()
    }
}

impl Typed {
    /// Those of `fields` that occur in the first rows of a run.
    pub fn choose(fields: &[Field], rows: &RecordBatch) -> Self {
        let sheet = |json: usize| {
            let of = |field: &&Field| json_of(field).is_some_and(|(column, _)| column == json);
            let sheet = Sheet::new(json, fields.iter().filter(of).cloned().collect());
            Sheet::new(json, sheet.occurring(rows))
        };
        let sheets = [sheet(PROPERTIES), sheet(CONTEXT)];
        let mut all: Vec<Arc<Column>> = columns::schema().fields().to_vec();
        for (numbers, texts) in sheets.iter().flat_map(|s| &s.fields).filter_map(names_of) {
            all.push(Arc::new(Column::new(numbers, DataType::Float64, true)));
            all.push(Arc::new(Column::new(texts, DataType::Utf8, true)));
        }
        let sheets = sheets.into_iter().filter(|sheet| !sheet.fields.is_empty()).collect();
        Self { sheets, schema: Arc::new(Schema::new(all)) }
    }

    /// The columns of the run.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The rows with the columns of fields.
    pub fn extend(&self, rows: &RecordBatch) -> Result<RecordBatch, HistoryError> {
        let mut all = rows.columns().to_vec();
        for sheet in &self.sheets {
            let new = |_| (Float64Builder::new(), StringBuilder::new());
            let mut made: Vec<_> = sheet.fields.iter().map(new).collect();
            sheet.each(rows, |found| {
                for ((numbers, texts), found) in made.iter_mut().zip(found) {
                    numbers.append_option(found.as_ref().and_then(Picked::number));
                    match found {
                        None | Some(Picked::Number(_)) => texts.append_null(),
                        Some(text) => texts.append_value(text.label()),
                    }
                }
            });
            for (mut numbers, mut texts) in made {
                all.push(Arc::new(numbers.finish()) as ArrayRef);
                all.push(Arc::new(texts.finish()) as ArrayRef);
            }
        }
        RecordBatch::try_new(self.schema.clone(), all).map_err(HistoryError::encode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_worth_columns_after_some_questions() {
        let worth = Worth::default();
        let field = Field::Property("colour".into());
        for _ in 1..QUESTIONS_MIN {
            worth.note(&field);
            worth.note(&Field::Name);
        }
        assert!(!worth.fields().contains(&field));
        worth.note(&field);
        assert!(worth.fields().contains(&field) && !worth.fields().contains(&Field::Name));
        worth.set(vec![Field::Name, field.clone()]);
        assert_eq!(worth.fields(), [field]);
    }
}
