//! How do rows of tables become columns without those who bring them knowing Arrow?

use crate::columns::{Column, Kind};
use base::Timestamp;
use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, RecordBatch, RecordBatchOptions,
    StringViewBuilder, TimestampMicrosecondBuilder,
};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use std::sync::Arc;

/// One value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A text.
    Text(&'a str),
    /// Yes or no.
    Bool(bool),
    /// A moment.
    Time(Timestamp),
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl From<Option<i64>> for Cell<'_> {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Null, Self::Int)
    }
}

/// Gathers rows of a table; only the columns that are asked for.
#[derive(Debug)]
pub struct Rows {
    columns: Vec<(Column, Builder)>,
    n_rows: usize,
    wrong: Option<String>,
}

#[derive(Debug)]
enum Builder {
    Int(Int64Builder),
    Float(Float64Builder),
    Text(StringViewBuilder),
    Bool(BooleanBuilder),
    Time(TimestampMicrosecondBuilder),
}

impl Rows {
    pub(crate) fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        let columns = columns.into_iter().map(|column| (column, Builder::new(column.kind)));
        Self { columns: columns.collect(), n_rows: 0, wrong: None }
    }

    /// Whether the column is asked for; what is costly to make need not be made otherwise.
    #[must_use]
    pub fn wants(&self, name: &str) -> bool {
        self.columns.iter().any(|(column, _)| column.name == name)
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.n_rows
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n_rows == 0
    }

    /// Adds a row; `cell` gives the value of a column by its name. A value that the column cannot
    /// hold, or a missing one that must not be, fails the question.
    pub fn push<'a>(&mut self, cell: impl Fn(&'static str) -> Cell<'a>) {
        for (column, builder) in &mut self.columns {
            let cell = cell(column.name);
            let fits = (cell != Cell::Null || column.may_be_null) && builder.push(cell);
            if !fits {
                let kind = column.kind.sql();
                let wrong = format!("column '{}' ({kind}) was given {cell:?}", column.name);
                self.wrong.get_or_insert(wrong);
                return;
            }
        }
        self.n_rows += 1;
    }

    pub(crate) fn finish(self, schema: SchemaRef) -> Result<RecordBatch, ArrowError> {
        if let Some(wrong) = self.wrong {
            return Err(ArrowError::InvalidArgumentError(wrong));
        }
        let options = RecordBatchOptions::new().with_row_count(Some(self.n_rows));
        let columns = self.columns.into_iter().map(|(_, builder)| builder.finish()).collect();
        RecordBatch::try_new_with_options(schema, columns, &options)
    }
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Int => Self::Int(Int64Builder::new()),
            Kind::Float => Self::Float(Float64Builder::new()),
            Kind::Text => Self::Text(StringViewBuilder::new()),
            Kind::Bool => Self::Bool(BooleanBuilder::new()),
            Kind::Time => Self::Time(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
        }
    }

    /// Whether the value fits.
    fn push(&mut self, cell: Cell<'_>) -> bool {
        match (self, cell) {
            (Self::Int(column), Cell::Null) => column.append_null(),
            (Self::Int(column), Cell::Int(value)) => column.append_value(value),
            (Self::Float(column), Cell::Null) => column.append_null(),
            (Self::Float(column), Cell::Float(value)) => column.append_value(value),
            (Self::Text(column), Cell::Null) => column.append_null(),
            (Self::Text(column), Cell::Text(value)) => column.append_value(value),
            (Self::Bool(column), Cell::Null) => column.append_null(),
            (Self::Bool(column), Cell::Bool(value)) => column.append_value(value),
            (Self::Time(column), Cell::Null) => column.append_null(),
            (Self::Time(column), Cell::Time(value)) => column.append_value(value.0),
            _ => return false,
        }
        true
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Int(mut column) => Arc::new(column.finish()),
            Self::Float(mut column) => Arc::new(column.finish()),
            Self::Text(mut column) => Arc::new(column.finish()),
            Self::Bool(mut column) => Arc::new(column.finish()),
            Self::Time(mut column) => Arc::new(column.finish()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::{always, maybe, schema_of};

    #[test]
    fn a_value_that_does_not_fit_is_an_error_and_no_row() {
        let columns = [always("n", Kind::Int, ""), maybe("t", Kind::Text, "")];
        let mut rows = Rows::new(columns);
        rows.push(|name| if name == "n" { Cell::Int(1) } else { Cell::Null });
        assert_eq!(rows.len(), 1);
        assert!(rows.wants("t") && !rows.wants("x"));
        rows.push(|_| Cell::Null);
        assert_eq!(rows.len(), 1);
        let error = rows.finish(schema_of(&columns)).unwrap_err().to_string();
        assert!(error.contains("'n' (BIGINT) was given Null"), "{error}");
    }

    #[test]
    fn rows_without_columns_are_counted() {
        let mut rows = Rows::new([]);
        rows.push(|_| Cell::Null);
        rows.push(|_| Cell::Null);
        assert_eq!(rows.finish(schema_of(&[])).unwrap().num_rows(), 2);
    }
}
