//! What does a column of a table hold, in the words of SQL?

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use std::sync::Arc;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `BIGINT`
    Int,
    /// `DOUBLE PRECISION`
    Float,
    /// `TEXT`
    Text,
    /// `BOOLEAN`
    Bool,
    /// `TIMESTAMPTZ`, in microseconds
    Time,
}

/// A column as schemas, the UI and the docs show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Whether a value may be missing.
    pub may_be_null: bool,
    /// What it says, in one sentence.
    pub doc: &'static str,
}

impl Kind {
    /// The word for it in SQL.
    #[must_use]
    pub fn sql(self) -> &'static str {
        match self {
            Self::Int => "BIGINT",
            Self::Float => "DOUBLE PRECISION",
            Self::Text => "TEXT",
            Self::Bool => "BOOLEAN",
            Self::Time => "TIMESTAMPTZ",
        }
    }

    pub(crate) fn arrow(self) -> DataType {
        match self {
            Self::Int => DataType::Int64,
            Self::Float => DataType::Float64,
            Self::Text => DataType::Utf8View,
            Self::Bool => DataType::Boolean,
            Self::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        }
    }
}

/// A column that always has a value.
pub(crate) const fn always(name: &'static str, kind: Kind, doc: &'static str) -> Column {
    Column { name, kind, may_be_null: false, doc }
}

/// A column whose value may be missing.
pub(crate) const fn maybe(name: &'static str, kind: Kind, doc: &'static str) -> Column {
    Column { name, kind, may_be_null: true, doc }
}

pub(crate) fn schema_of(columns: &[Column]) -> SchemaRef {
    let field = |c: &Column| Field::new(c.name, c.kind.arrow(), c.may_be_null);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}
