//! What do the records look like, normalised and packed for comparison?

use crate::error::LinkageError;
use crate::kind::{Kind, Prepared, full_name, generation, groups_of};
use crate::metric::letters_of;
use crate::pool::{MISSING, Pool};
use crate::schema::Schema;
use crate::text::fold;

/// A record of a [`Table`]: its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordIdx(pub u32);

/// Which file or system a record comes from, by the caller's numbering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceIdx(pub u16);

/// Records in their normal form: one number per column and record, each distinct value kept once,
/// and for each value how many records have it.
///
/// Memory: 4 bytes per column and record, and per distinct value its text and about 25 bytes.
#[derive(Clone, Debug)]
pub struct Table {
    schema: Schema,
    /// Which pool each column's values are in; given and family names share one, so that swapped
    /// names are told by their numbers.
    pool_of: Vec<usize>,
    pools: Vec<Pool>,
    /// Row by row.
    values: Vec<u32>,
    sources: Vec<SourceIdx>,
    /// For each column: how many records have the value.
    counts: Vec<Vec<u32>>,
    n_present: Vec<u32>,
    scratch: Probe,
}

/// One record in its normal form that is in no table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Probe {
    pub(crate) values: Vec<u32>,
    pub(crate) texts: Vec<String>,
    pub(crate) groups: Vec<u64>,
    pub(crate) letters: Vec<u32>,
}

/// A record as comparisons see it, from a table or from a probe.
pub(crate) trait Row {
    fn values(&self) -> &[u32];
    fn prepared(&self, column: usize) -> Prepared<'_>;
}

/// A record of a table.
#[derive(Clone, Copy)]
pub(crate) struct TableRow<'a> {
    table: &'a Table,
    values: &'a [u32],
}

impl Row for TableRow<'_> {
    fn values(&self) -> &[u32] {
        self.values
    }

    fn prepared(&self, column: usize) -> Prepared<'_> {
        self.table.prepared(column, self.values[column])
    }
}

impl Row for Probe {
    fn values(&self) -> &[u32] {
        &self.values
    }

    fn prepared(&self, column: usize) -> Prepared<'_> {
        Prepared {
            text: &self.texts[column],
            groups: self.groups[column],
            letters: self.letters[column],
        }
    }
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new(schema: Schema) -> Self {
        let n_columns = schema.columns().len();
        let mut pools = Vec::new();
        let mut pool_of = Vec::new();
        let mut name_pool = None;
        for column in schema.columns() {
            let is_name = matches!(column.kind, Kind::GivenName | Kind::FamilyName);
            let pool = match name_pool {
                Some(pool) if is_name => pool,
                _ => {
                    pools.push(Pool::new(is_name));
                    pools.len() - 1
                }
            };
            if is_name {
                name_pool = Some(pool);
            }
            pool_of.push(pool);
        }
        Self {
            schema,
            pool_of,
            pools,
            values: Vec::new(),
            sources: Vec::new(),
            counts: vec![vec![0]; n_columns],
            n_present: vec![0; n_columns],
            scratch: Probe::default(),
        }
    }

    /// The schema.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Records in the table, removed ones counted, whose places are empty.
    #[must_use]
    pub fn n_records(&self) -> usize {
        self.sources.len()
    }

    /// Bytes held, roughly.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        let pools: usize = self.pools.iter().map(Pool::n_bytes).sum();
        let counts: usize = self.counts.iter().map(|counts| counts.capacity() * 4).sum();
        pools + counts + self.values.capacity() * 4 + self.sources.capacity() * 2
    }

    /// Appends a record: one text per field of the schema, empty where it is missing.
    ///
    /// # Errors
    /// [`LinkageError::WrongWidth`].
    pub fn push(&mut self, source: SourceIdx, fields: &[&str]) -> Result<RecordIdx, LinkageError> {
        let mut probe = std::mem::take(&mut self.scratch);
        let normalised = normalise(&self.schema, fields, &mut probe);
        self.scratch = probe;
        normalised?;
        let record = RecordIdx(u32::try_from(self.sources.len()).expect("fewer than 2³² records"));
        self.sources.push(source);
        self.values.resize(self.values.len() + self.schema.columns().len(), MISSING);
        self.fill(record);
        Ok(record)
    }

    /// Puts a record in the place of a removed one.
    pub(crate) fn replace(
        &mut self,
        record: RecordIdx,
        source: SourceIdx,
        fields: &[&str],
    ) -> Result<(), LinkageError> {
        let mut probe = std::mem::take(&mut self.scratch);
        let normalised = normalise(&self.schema, fields, &mut probe);
        self.scratch = probe;
        normalised?;
        self.clear(record);
        self.sources[record.0 as usize] = source;
        self.fill(record);
        Ok(())
    }

    /// Empties the place of a record.
    pub(crate) fn clear(&mut self, record: RecordIdx) {
        let n_columns = self.schema.columns().len();
        let start = record.0 as usize * n_columns;
        for column in 0..n_columns {
            let value = std::mem::replace(&mut self.values[start + column], MISSING);
            if value != MISSING {
                self.counts[column][value as usize] -= 1;
                self.n_present[column] -= 1;
                self.pools[self.pool_of[column]].give_back(value);
            }
        }
    }

    fn fill(&mut self, record: RecordIdx) {
        let n_columns = self.schema.columns().len();
        let start = record.0 as usize * n_columns;
        for column in 0..n_columns {
            let text = &self.scratch.texts[column];
            if text.is_empty() {
                continue;
            }
            let pool = &mut self.pools[self.pool_of[column]];
            let value = pool.take(text);
            let counts = &mut self.counts[column];
            if counts.len() <= value as usize {
                counts.resize(value as usize + 1, 0);
            }
            counts[value as usize] += 1;
            self.n_present[column] += 1;
            self.values[start + column] = value;
        }
    }

    /// A record that is to be compared with the table without being in it.
    pub(crate) fn probe(&self, fields: &[&str]) -> Result<Probe, LinkageError> {
        let mut probe = Probe::default();
        normalise(&self.schema, fields, &mut probe)?;
        for (column, text) in probe.texts.iter().enumerate() {
            probe.letters[column] = letters_of(text);
            probe.values[column] = self.pools[self.pool_of[column]].find(text);
            probe.groups[column] = match self.schema.columns()[column].kind {
                Kind::GivenName | Kind::FamilyName => groups_of(text),
                _ => 0,
            };
        }
        Ok(probe)
    }

    /// The normalised value of a record in a column; `None` where it is missing.
    #[must_use]
    pub fn value(&self, record: RecordIdx, column: usize) -> Option<&str> {
        let value = self.row(record.0).values[column];
        (value != MISSING).then(|| self.prepared(column, value).text)
    }

    /// Where a record comes from.
    #[must_use]
    pub fn source(&self, record: RecordIdx) -> SourceIdx {
        self.sources[record.0 as usize]
    }

    pub(crate) fn row(&self, record: u32) -> TableRow<'_> {
        let n_columns = self.schema.columns().len();
        let start = record as usize * n_columns;
        TableRow { table: self, values: &self.values[start..start + n_columns] }
    }

    pub(crate) fn prepared(&self, column: usize, value: u32) -> Prepared<'_> {
        self.pools[self.pool_of[column]].prepared(value)
    }

    pub(crate) fn sources(&self) -> &[SourceIdx] {
        &self.sources
    }

    /// How many records have `value` in `column`; 0 for values that nobody has.
    pub(crate) fn count(&self, column: usize, value: u32) -> u32 {
        self.counts[column].get(value as usize).copied().unwrap_or(0)
    }

    pub(crate) fn counts(&self, column: usize) -> &[u32] {
        &self.counts[column]
    }

    pub(crate) fn n_present(&self, column: usize) -> u32 {
        self.n_present[column]
    }
}

/// Fills the texts of `out`; its numbers are reset.
fn normalise(schema: &Schema, fields: &[&str], out: &mut Probe) -> Result<(), LinkageError> {
    let expected = schema.fields().len();
    if fields.len() != expected {
        return Err(LinkageError::WrongWidth { n: fields.len(), expected });
    }
    let n_columns = schema.columns().len();
    out.texts.resize_with(n_columns, String::new);
    out.texts.iter_mut().for_each(String::clear);
    out.values.clear();
    out.values.resize(n_columns, MISSING);
    out.groups.clear();
    out.groups.resize(n_columns, 0);
    out.letters.clear();
    out.letters.resize(n_columns, 0);
    let mut column = 0;
    for (field, text) in schema.fields().iter().zip(fields) {
        if field.kind == Kind::FullName {
            continue;
        }
        let definition = field.kind.definition();
        (definition.normalise)(text, schema.notation(), &mut out.texts[column]);
        column += 1;
    }
    for (field, text) in schema.fields().iter().zip(fields) {
        match field.kind {
            Kind::FullName => take_apart(schema, text, out),
            Kind::GivenName | Kind::FamilyName => note_generation(schema, text, out),
            _ => {}
        }
    }
    Ok(())
}

fn take_apart(schema: &Schema, text: &str, out: &mut Probe) {
    let parts = full_name(text);
    for (column, part) in [(schema.given(), parts.given), (schema.family(), parts.family)] {
        if let Some(column) = column.filter(|&column| out.texts[column].is_empty()) {
            let normalise = schema.columns()[column].kind.definition().normalise;
            normalise(part, schema.notation(), &mut out.texts[column]);
        }
    }
    note_generation(schema, text, out);
}

/// Jr, Sr and their like stand at the end of a name, or at the end of the family name.
fn note_generation(schema: &Schema, text: &str, out: &mut Probe) {
    let Some(column) = schema.generation().filter(|&column| out.texts[column].is_empty()) else {
        return;
    };
    if !text.contains([' ', ',']) {
        return;
    }
    let found = text.split([' ', ',']).filter_map(|word| generation(fold(word).as_str())).next();
    out.texts[column].push_str(found.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::DateNotation;
    use crate::schema::Field;

    #[test]
    fn names_are_taken_apart_and_generations_found() {
        let fields = vec![Field::new("name", Kind::FullName), Field::new("mail", Kind::Email)];
        let schema = Schema::new(fields, DateNotation::default()).expect("two fields");
        let mut table = Table::new(schema);
        let a = table.push(SourceIdx(0), &["Dobbins Jr, David", "D@x.org"]).expect("two values");
        let shown: Vec<_> = (0..4).map(|column| table.value(a, column)).collect();
        assert_eq!(shown, [Some("d@x.org"), Some("david"), Some("dobbins"), Some("jr")]);
        assert_eq!(
            table.push(SourceIdx(0), &["one"]),
            Err(LinkageError::WrongWidth { n: 1, expected: 2 })
        );
        let b = table.push(SourceIdx(0), &["David Dobbins", ""]).expect("two values");
        assert_eq!(table.value(b, 3), None);
        let david = table.row(a.0).values()[1];
        assert_eq!(table.count(1, david), 2);
        table.clear(a);
        assert_eq!(table.count(1, david), 1);
        assert_eq!(table.value(a, 1), None);
    }
}
