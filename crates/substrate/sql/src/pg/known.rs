//! Which questions that well-known clients ask of the catalogues need help?
//!
//! The catalogues themselves come from a crate that also rewrites what DataFusion cannot read. This
//! is what it does not know yet.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use std::borrow::Cow;
use std::sync::Arc;

/// The version of PostgreSQL that clients are told; the catalogues are modelled on it.
pub(crate) const SERVER_VERSION: &str = "16.6 (Rapport)";

/// What stands in a text, and what is read instead.
const READ_AS: [(&str, &str); 6] = [
    // psql's \d+: storage options, which nothing here has.
    (
        "pg_catalog.array_to_string(c.reloptions || array(select 'toast.' || x from \
         pg_catalog.unnest(tc.reloptions) x), ', ')",
        "''",
    ),
    // pgjdbc's primary keys and best row identifier: tables have no keys, so no row is left.
    ("(information_schema._pg_expandarray(i.indkey)).n", "1"),
    ("information_schema._pg_expandarray(i.indkey) AS KEYS", "1 AS KEYS"),
    ("information_schema._pg_expandarray(i.indkey) AS keys", "1 AS keys"),
    ("(result.KEYS).x", "result.KEYS"),
    ("(i.keys).x", "i.keys"),
];

/// The text as it is to be read.
pub(crate) fn read_as(text: &str) -> Cow<'_, str> {
    let mut read = Cow::Borrowed(text);
    for (from, to) in READ_AS {
        if read.contains(from) {
            read = Cow::Owned(read.replace(from, to));
        }
    }
    read
}

/// `version()`: SQLAlchemy reads the number of PostgreSQL out of it.
pub(crate) fn version() -> ScalarUDF {
    let text = |_: &[ColumnarValue]| {
        let version = format!("PostgreSQL {SERVER_VERSION}");
        Ok(ColumnarValue::Scalar(ScalarValue::Utf8(Some(version))))
    };
    create_udf("version", vec![], DataType::Utf8, Volatility::Stable, Arc::new(text))
}

/// `to_regtype(name)`: which extension types are there? None.
pub(crate) fn to_regtype() -> ScalarUDF {
    let none = |_: &[ColumnarValue]| Ok(ColumnarValue::Scalar(ScalarValue::Int32(None)));
    let (text, oid) = (vec![DataType::Utf8], DataType::Int32);
    create_udf("to_regtype", text, oid, Volatility::Stable, Arc::new(none))
}
