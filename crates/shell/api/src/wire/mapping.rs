//! How do the columns of a file become events, as a program says it?
//!
//! The twin of the mapping files of `docs/import.md`, with the same names; a field is always
//! written in full.

use super::word::{ImportCall, ImportEncoding, ImportFormat, ImportRest, ImportRowsAre};
use super::word::{ImportSign, ImportValueForm};
use app::imports::file::FileForm;
use app::imports::mapping as inner;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How one file becomes events.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportMapping {
    /// Message ids are made from it: the same file under the same name again changes nothing.
    pub name: String,
    pub about: Option<String>,
    pub rows: ImportRowsAre,
    /// Columns whose values together are different for every event.
    pub id: Vec<String>,
    pub file: ImportFileForm,
    pub customer: ImportCustomer,
    pub time: Option<ImportTime>,
    pub group: Option<ImportGroup>,
    pub order: Option<ImportOrder>,
    pub properties: BTreeMap<String, ImportField>,
    pub traits: BTreeMap<String, ImportField>,
    /// Where columns go that nothing else names; nowhere where it is null.
    pub rest: Option<ImportRest>,
    /// The first rule whose conditions all hold says what the event is.
    pub events: Vec<ImportRule>,
}

/// How a file is read; what is null is found out from the file.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportFileForm {
    pub format: Option<ImportFormat>,
    /// One character.
    #[schema(value_type = Option<String>)]
    pub delimiter: Option<char>,
    pub encoding: Option<ImportEncoding>,
    pub heading: Option<bool>,
}

/// Whose events they are.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportCustomer {
    pub user_id: Option<ImportField>,
    pub anonymous_id: Option<ImportField>,
    /// Sends the anonymous id beside the user id, which links the two.
    pub anonymous_always: bool,
    pub email: Option<ImportField>,
    pub phone: Option<ImportField>,
}

/// When it happened.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportTime {
    pub column: String,
    /// `iso`, `epoch`, `rfc2822`, or a `strftime` pattern.
    pub format: String,
    /// Of times that carry none, as IANA names it.
    pub zone: String,
}

/// Which rows are one event together.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportGroup {
    pub by: Vec<String>,
    pub within_rows: u64,
}

/// An order.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportOrder {
    pub order_id: ImportField,
    pub currency: Option<ImportField>,
    pub total: Option<ImportField>,
    /// One product per row.
    pub product: BTreeMap<String, ImportField>,
}

/// Where a value comes from: exactly one of `column` and `value`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportField {
    pub column: Option<String>,
    /// The same value for every row.
    #[schema(value_type = Option<serde_json::Value>)]
    pub value: Option<serde_json::Value>,
    /// How the cell is to be read.
    #[serde(rename = "as")]
    pub form: Option<ImportValueForm>,
    /// Put before the cell's text.
    pub prefix: Option<String>,
}

/// What the event is, under which conditions.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportRule {
    pub call: ImportCall,
    pub name: Option<String>,
    pub name_column: Option<String>,
    pub when: Vec<ImportCondition>,
    /// Quantities and sums change their sign.
    pub negate: bool,
    /// Such rows are passed over.
    pub skip: bool,
    pub properties: BTreeMap<String, ImportField>,
}

/// One condition: a column and one test, or the sign of the order's sum.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportCondition {
    pub column: Option<String>,
    pub equals: Option<String>,
    pub one_of: Vec<String>,
    pub starts_with: Option<String>,
    pub empty: Option<bool>,
    pub order_total: Option<ImportSign>,
}

type Fields<T> = BTreeMap<String, T>;

fn one<A, B: From<A>>(value: A) -> B {
    value.into()
}

fn maybe<A, B: From<A>>(value: Option<A>) -> Option<B> {
    value.map(B::from)
}

fn each<A, B: From<A>>(fields: Fields<A>) -> Fields<B> {
    fields.into_iter().map(|(name, field)| (name, field.into())).collect()
}

fn all<A, B: From<A>>(items: Vec<A>) -> Vec<B> {
    items.into_iter().map(B::from).collect()
}

impl From<inner::Field> for ImportField {
    fn from(field: inner::Field) -> Self {
        match field {
            inner::Field::Column(column) => {
                Self { column: Some(column), value: None, form: None, prefix: None }
            }
            inner::Field::Full(full) => Self {
                column: full.column,
                value: full.value,
                form: full.form.map(Into::into),
                prefix: full.prefix,
            },
        }
    }
}

impl From<ImportField> for inner::Field {
    /// The short form where it says everything, so that equal mappings are equal.
    fn from(field: ImportField) -> Self {
        match field {
            ImportField { column: Some(column), value: None, form: None, prefix: None } => {
                Self::Column(column)
            }
            ImportField { column, value, form, prefix } => {
                let form = form.map(Into::into);
                Self::Full(inner::FullField { column, value, form, prefix })
            }
        }
    }
}

/// Two structs with the same fields, each made from the other; behind a field stands by which
/// function its value is, where it is not the same.
macro_rules! mirrors {
    ($name:ident, $inner:path { $($field:ident $(: $by:ident)?),* $(,)? }) => {
        impl From<$inner> for $name {
            fn from(inner: $inner) -> Self {
                Self { $($field: mirrors!(@ inner.$field $(, $by)?)),* }
            }
        }

        impl From<$name> for $inner {
            fn from(wire: $name) -> Self {
                Self { $($field: mirrors!(@ wire.$field $(, $by)?)),* }
            }
        }
    };
    (@ $value:expr) => { $value };
    (@ $value:expr, $by:ident) => { $by($value) };
}

mirrors!(ImportFileForm, FileForm { format: maybe, delimiter, encoding: maybe, heading });
mirrors!(
    ImportCustomer,
    inner::Customer {
        user_id: maybe,
        anonymous_id: maybe,
        anonymous_always,
        email: maybe,
        phone: maybe,
    }
);
mirrors!(ImportTime, inner::Time { column, format, zone });
mirrors!(ImportGroup, inner::Group { by, within_rows });
mirrors!(ImportOrder, inner::Order { order_id: one, currency: maybe, total: maybe, product: each });
mirrors!(
    ImportCondition,
    inner::Condition { column, equals, one_of, starts_with, empty, order_total: maybe }
);
mirrors!(
    ImportRule,
    inner::EventRule { call: one, name, name_column, when: all, negate, skip, properties: each }
);
mirrors!(
    ImportMapping,
    inner::Mapping {
        name,
        about,
        rows: one,
        id,
        file: one,
        customer: one,
        time: maybe,
        group: maybe,
        order: maybe,
        properties: each,
        traits: each,
        rest: maybe,
        events: all,
    }
);

#[cfg(test)]
mod tests {
    use super::*;
    use inner::Mapping;

    /// Everything that a mapping can say, or nearly.
    const FULL: &str = r#"
        name = "shop"
        about = "the old shop"
        id = ["a", "b"]
        rest = "traits"
        [file]
        format = "csv"
        delimiter = ";"
        encoding = "latin-1"
        heading = true
        [customer]
        user_id = { column = "c", as = "integer" }
        anonymous_id = { column = "o", prefix = "order-" }
        anonymous_always = true
        email = "mail"
        phone = "tel"
        [time]
        column = "when"
        format = "%d.%m.%Y"
        zone = "Europe/Berlin"
        [group]
        by = ["o"]
        within_rows = 500
        [order]
        order_id = "o"
        currency = { value = "EUR" }
        total = { column = "sum", as = "decimal_comma" }
        [order.product]
        name = "article"
        [properties]
        shop = { value = "old" }
        [traits]
        city = "town"
        [[events]]
        name = "Order Refunded"
        when = [{ order_total = "negative" }, { column = "x", one_of = ["y", "z"] }]
        negate = true
        [[events]]
        skip = true
        when = [{ column = "x", starts_with = "test" }, { column = "q", empty = true }]
        [[events]]
        call = "identify"
    "#;

    #[test]
    fn a_mapping_comes_back_as_it_went_and_keeps_its_fingerprint() {
        for text in [FULL, "name = \"dump\"\nrows = \"segment\""] {
            let mapping = Mapping::from_toml(text).unwrap();
            let sent = serde_json::to_string(&ImportMapping::from(mapping.clone())).unwrap();
            let back: Mapping = serde_json::from_str::<ImportMapping>(&sent).unwrap().into();
            assert_eq!(back, mapping);
            assert_eq!(back.fingerprint().unwrap(), mapping.fingerprint().unwrap());
        }
    }
}
