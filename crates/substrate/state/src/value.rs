//! How do values travel to a statement and back, whichever database it is?

use crate::StateError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Row as _, SqlSafeStr, SqlStr};
use std::borrow::Cow;
use std::sync::Arc;

/// The text of a statement: a literal, or assembled from literals. User input never goes into the
/// text; it goes into [`Value`]s.
#[derive(Clone, Debug)]
pub enum Sql {
    /// Known at compile time.
    Fixed(&'static str),
    /// Assembled once and used often.
    Shared(Arc<str>),
}

impl Sql {
    pub(crate) fn into_sqlx(self) -> SqlStr {
        match self {
            Self::Fixed(text) => text.into_sql_str(),
            Self::Shared(text) => AssertSqlSafe(text).into_sql_str(),
        }
    }
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self::Fixed(text)
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        Self::Shared(text.into())
    }
}

impl From<Arc<str>> for Sql {
    fn from(text: Arc<str>) -> Self {
        Self::Shared(text)
    }
}

/// A parameter of a statement. `NULL` keeps its type, which PostgreSQL asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// A `BIGINT` column; also times in µs, and flags as 0 and 1.
    Int(Option<i64>),
    /// A `TEXT` column.
    Text(Option<Cow<'a, str>>),
    /// A `BYTEA` column (`BLOB` in SQLite).
    Blob(Option<Cow<'a, [u8]>>),
}

macro_rules! value_from {
    ($($from:ty => |$x:ident| $to:expr),* $(,)?) => {
        $(impl<'a> From<$from> for Value<'a> {
            fn from($x: $from) -> Self {
                $to
            }
        })*
    };
}

value_from! {
    i64 => |x| Value::Int(Some(x)),
    Option<i64> => |x| Value::Int(x),
    bool => |x| Value::Int(Some(i64::from(x))),
    base::Timestamp => |x| Value::Int(Some(x.0)),
    Option<base::Timestamp> => |x| Value::Int(x.map(|t| t.0)),
    base::CustomerId => |x| Value::Int(Some(x.to_sql())),
    base::IdentifierId => |x| Value::Int(Some(x.to_sql())),
    base::AccountId => |x| Value::Int(Some(x.to_sql())),
    base::SourceId => |x| Value::Int(Some(x.to_sql())),
    base::QueryId => |x| Value::Int(Some(x.to_sql())),
    base::Position => |x| Value::Int(Some(x.to_sql())),
    &'a str => |x| Value::Text(Some(storable(x.into()))),
    String => |x| Value::Text(Some(storable(x.into()))),
    Option<&'a str> => |x| Value::Text(x.map(|x| storable(x.into()))),
    Option<String> => |x| Value::Text(x.map(|x| storable(x.into()))),
    &'a [u8] => |x| Value::Blob(Some(Cow::Borrowed(x))),
    Vec<u8> => |x| Value::Blob(Some(Cow::Owned(x))),
    Option<Vec<u8>> => |x| Value::Blob(x.map(Cow::Owned)),
}

/// The text as it can be stored: PostgreSQL's has no NUL, so it becomes U+FFFD in both databases.
pub(crate) fn storable(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.as_bytes().contains(&0) { text.replace('\0', "\u{fffd}").into() } else { text }
}

pub(crate) fn sqlite_arguments(values: Vec<Value<'_>>) -> Result<SqliteArguments, StateError> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        let added = match value {
            Value::Int(x) => arguments.add(x),
            Value::Text(x) => arguments.add(x.map(Cow::into_owned)),
            Value::Blob(x) => arguments.add(x.map(Cow::into_owned)),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

pub(crate) fn postgres_arguments(values: Vec<Value<'_>>) -> Result<PgArguments, StateError> {
    let mut arguments = PgArguments::default();
    for value in values {
        let added = match value {
            Value::Int(x) => arguments.add(x),
            Value::Text(x) => arguments.add(x.as_deref()),
            Value::Blob(x) => arguments.add(x.as_deref()),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// One row of an answer; columns are asked for by their index from 0.
#[derive(Debug)]
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

macro_rules! get {
    ($self:ident, $idx:ident) => {
        match $self {
            Self::Sqlite(row) => Ok(row.try_get($idx)?),
            Self::Postgres(row) => Ok(row.try_get($idx)?),
        }
    };
}

impl Row {
    /// The number in a `BIGINT` column. `SUM` is `NUMERIC` in PostgreSQL: write
    /// `CAST(SUM(x) AS BIGINT)`; literals are 32 bits there: `CAST(0 AS BIGINT)`.
    ///
    /// # Errors
    /// Where the column is missing, `NULL` or of another type.
    pub fn int(&self, idx: usize) -> Result<i64, StateError> {
        get!(self, idx)
    }

    /// The number in a `BIGINT` column, `None` for `NULL`.
    ///
    /// # Errors
    /// Where the column is missing or of another type.
    pub fn int_opt(&self, idx: usize) -> Result<Option<i64>, StateError> {
        get!(self, idx)
    }

    /// The flag kept as 0 or 1 in a `BIGINT` column.
    ///
    /// # Errors
    /// Where the column is missing, `NULL` or of another type.
    pub fn flag(&self, idx: usize) -> Result<bool, StateError> {
        Ok(self.int(idx)? != 0)
    }

    /// The moment kept in µs in a `BIGINT` column.
    ///
    /// # Errors
    /// Where the column is missing, `NULL` or of another type.
    pub fn time(&self, idx: usize) -> Result<base::Timestamp, StateError> {
        self.int(idx).map(base::Timestamp)
    }

    /// The moment kept in µs in a `BIGINT` column, `None` for `NULL`.
    ///
    /// # Errors
    /// Where the column is missing or of another type.
    pub fn time_opt(&self, idx: usize) -> Result<Option<base::Timestamp>, StateError> {
        Ok(self.int_opt(idx)?.map(base::Timestamp))
    }

    /// The text in a `TEXT` column.
    ///
    /// # Errors
    /// Where the column is missing, `NULL` or of another type.
    pub fn text(&self, idx: usize) -> Result<String, StateError> {
        get!(self, idx)
    }

    /// The text in a `TEXT` column, `None` for `NULL`.
    ///
    /// # Errors
    /// Where the column is missing or of another type.
    pub fn text_opt(&self, idx: usize) -> Result<Option<String>, StateError> {
        get!(self, idx)
    }

    /// The bytes in a `BYTEA` column.
    ///
    /// # Errors
    /// Where the column is missing, `NULL` or of another type.
    pub fn blob(&self, idx: usize) -> Result<Vec<u8>, StateError> {
        get!(self, idx)
    }
}
