//! Which questions that well-known clients ask of the catalogues need help?
//!
//! The catalogues themselves come from a crate that also rewrites what DataFusion cannot read. This
//! is what it does not know yet.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{
    ColumnarValue, ScalarUDF, Signature, SimpleScalarUDF, Volatility, create_udf,
};
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

/// What stands between two marks, both included, and what is read instead: columns of SQLAlchemy's
/// inspector for defaults, identities and collations, which nothing here has.
const READ_BETWEEN: [(&str, &str, &str); 5] = [
    ("CASE WHEN pg_catalog.pg_attribute.atthasdef THEN (SELECT", "AS \"default\"", DEFAULT),
    ("(SELECT pg_catalog.pg_get_expr(pg_catalog.pg_attrdef.adbin", "AS \"default\"", DEFAULT),
    ("CASE WHEN (pg_catalog.pg_attribute.attidentity", "AS identity_options", IDENTITY),
    ("(SELECT json_build_object(", "AS identity_options", IDENTITY),
    (
        "CASE WHEN (pg_catalog.pg_attribute.attcollation",
        "AS collation",
        "CAST(NULL AS TEXT) AS collation",
    ),
];
const DEFAULT: &str = "CAST(NULL AS TEXT) AS \"default\"";
const IDENTITY: &str = "CAST(NULL AS TEXT) AS identity_options";

/// SQLAlchemy's questions about what is not here, by words that only they have: enums, domains,
/// keys, indexes, checks, options of tables. No row is the whole answer.
const ABOUT_NOTHING: [&str; 5] = [
    "inherits.parent_table_names",
    "lbl_agg.labels AS labels",
    "domain_constraints.condefs",
    "array_agg(CAST(attr.attname AS TEXT) ORDER BY attr.ord) AS cols",
    "idx_cols.elements",
];
const NOTHING: &str = "SELECT CAST(NULL AS TEXT) AS nothing WHERE false";

/// The text as it is to be read.
pub(crate) fn read_as(text: &str) -> Cow<'_, str> {
    if !text.contains("pg_catalog") && !text.contains("information_schema") {
        return Cow::Borrowed(text);
    }
    if ABOUT_NOTHING.iter().any(|words| text.contains(words)) {
        return Cow::Borrowed(NOTHING);
    }
    let mut read = Cow::Borrowed(text);
    for (from, to) in READ_AS {
        if read.contains(from) {
            read = Cow::Owned(read.replace(from, to));
        }
    }
    for (first, last, to) in READ_BETWEEN {
        let found = read.find(first).and_then(|begin| {
            let end = begin + read[begin..].find(last)? + last.len();
            Some(begin..end)
        });
        if let Some(place) = found {
            read.to_mut().replace_range(place, to);
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

/// Functions about comments and sizes, which nothing here has: they answer nothing.
pub(crate) fn without_answer() -> [ScalarUDF; 5] {
    let named = [
        ("col_description", 2, DataType::Utf8),
        ("obj_description", 2, DataType::Utf8),
        ("pg_table_size", 1, DataType::Int64),
        ("pg_indexes_size", 1, DataType::Int64),
        ("pg_size_pretty", 1, DataType::Utf8),
    ];
    named.map(|(name, n_args, returns)| {
        let nothing = ScalarValue::try_from(&returns).expect("texts and numbers may be missing");
        let answer = move |_: &[ColumnarValue]| Ok(ColumnarValue::Scalar(nothing.clone()));
        let signature = Signature::any(n_args, Volatility::Stable);
        let udf = SimpleScalarUDF::new_with_signature(name, signature, returns, Arc::new(answer));
        ScalarUDF::from(udf)
    })
}

/// `pg_type_is_visible(oid)`: every type is.
pub(crate) fn type_is_visible() -> ScalarUDF {
    let yes = |_: &[ColumnarValue]| Ok(ColumnarValue::Scalar(ScalarValue::Boolean(Some(true))));
    let signature = Signature::any(1, Volatility::Stable);
    let returns = DataType::Boolean;
    let name = "pg_type_is_visible";
    let udf = SimpleScalarUDF::new_with_signature(name, signature, returns, Arc::new(yes));
    ScalarUDF::from(udf)
}

/// `to_regtype(name)`: which extension types are there? None.
pub(crate) fn to_regtype() -> ScalarUDF {
    let none = |_: &[ColumnarValue]| Ok(ColumnarValue::Scalar(ScalarValue::Int32(None)));
    let (text, oid) = (vec![DataType::Utf8], DataType::Int32);
    create_udf("to_regtype", text, oid, Volatility::Stable, Arc::new(none))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_marks_is_read_as_something_else() {
        let text = "SELECT CASE WHEN pg_catalog.pg_attribute.atthasdef THEN (SELECT x) ELSE NULL \
                    END AS \"default\", a FROM pg_catalog.pg_attribute";
        let read = "SELECT CAST(NULL AS TEXT) AS \"default\", a FROM pg_catalog.pg_attribute";
        assert_eq!(read_as(text), read);
        let own = "SELECT '(SELECT json_build_object(' AS identity_options";
        assert_eq!(read_as(own), own, "questions that ask no catalogue are left alone");
        let enums = "SELECT lbl_agg.labels AS labels FROM pg_catalog.pg_type";
        assert_eq!(read_as(enums), NOTHING);
    }
}
