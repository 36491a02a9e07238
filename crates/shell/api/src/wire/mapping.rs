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

impl From<FileForm> for ImportFileForm {
    fn from(form: FileForm) -> Self {
        Self {
            format: form.format.map(Into::into),
            delimiter: form.delimiter,
            encoding: form.encoding.map(Into::into),
            heading: form.heading,
        }
    }
}

impl From<ImportFileForm> for FileForm {
    fn from(form: ImportFileForm) -> Self {
        Self {
            format: form.format.map(Into::into),
            delimiter: form.delimiter,
            encoding: form.encoding.map(Into::into),
            heading: form.heading,
        }
    }
}

impl From<inner::Customer> for ImportCustomer {
    fn from(customer: inner::Customer) -> Self {
        Self {
            user_id: customer.user_id.map(Into::into),
            anonymous_id: customer.anonymous_id.map(Into::into),
            anonymous_always: customer.anonymous_always,
            email: customer.email.map(Into::into),
            phone: customer.phone.map(Into::into),
        }
    }
}

impl From<ImportCustomer> for inner::Customer {
    fn from(customer: ImportCustomer) -> Self {
        Self {
            user_id: customer.user_id.map(Into::into),
            anonymous_id: customer.anonymous_id.map(Into::into),
            anonymous_always: customer.anonymous_always,
            email: customer.email.map(Into::into),
            phone: customer.phone.map(Into::into),
        }
    }
}

impl From<inner::Time> for ImportTime {
    fn from(time: inner::Time) -> Self {
        Self { column: time.column, format: time.format, zone: time.zone }
    }
}

impl From<ImportTime> for inner::Time {
    fn from(time: ImportTime) -> Self {
        Self { column: time.column, format: time.format, zone: time.zone }
    }
}

impl From<inner::Group> for ImportGroup {
    fn from(group: inner::Group) -> Self {
        Self { by: group.by, within_rows: group.within_rows }
    }
}

impl From<ImportGroup> for inner::Group {
    fn from(group: ImportGroup) -> Self {
        Self { by: group.by, within_rows: group.within_rows }
    }
}

impl From<inner::Order> for ImportOrder {
    fn from(order: inner::Order) -> Self {
        Self {
            order_id: order.order_id.into(),
            currency: order.currency.map(Into::into),
            total: order.total.map(Into::into),
            product: each(order.product),
        }
    }
}

impl From<ImportOrder> for inner::Order {
    fn from(order: ImportOrder) -> Self {
        Self {
            order_id: order.order_id.into(),
            currency: order.currency.map(Into::into),
            total: order.total.map(Into::into),
            product: each(order.product),
        }
    }
}

impl From<inner::Condition> for ImportCondition {
    fn from(condition: inner::Condition) -> Self {
        Self {
            column: condition.column,
            equals: condition.equals,
            one_of: condition.one_of,
            starts_with: condition.starts_with,
            empty: condition.empty,
            order_total: condition.order_total.map(Into::into),
        }
    }
}

impl From<ImportCondition> for inner::Condition {
    fn from(condition: ImportCondition) -> Self {
        Self {
            column: condition.column,
            equals: condition.equals,
            one_of: condition.one_of,
            starts_with: condition.starts_with,
            empty: condition.empty,
            order_total: condition.order_total.map(Into::into),
        }
    }
}

impl From<inner::EventRule> for ImportRule {
    fn from(rule: inner::EventRule) -> Self {
        Self {
            call: rule.call.into(),
            name: rule.name,
            name_column: rule.name_column,
            when: all(rule.when),
            negate: rule.negate,
            skip: rule.skip,
            properties: each(rule.properties),
        }
    }
}

impl From<ImportRule> for inner::EventRule {
    fn from(rule: ImportRule) -> Self {
        Self {
            call: rule.call.into(),
            name: rule.name,
            name_column: rule.name_column,
            when: all(rule.when),
            negate: rule.negate,
            skip: rule.skip,
            properties: each(rule.properties),
        }
    }
}

impl From<inner::Mapping> for ImportMapping {
    fn from(mapping: inner::Mapping) -> Self {
        Self {
            name: mapping.name,
            about: mapping.about,
            rows: mapping.rows.into(),
            id: mapping.id,
            file: mapping.file.into(),
            customer: mapping.customer.into(),
            time: mapping.time.map(Into::into),
            group: mapping.group.map(Into::into),
            order: mapping.order.map(Into::into),
            properties: each(mapping.properties),
            traits: each(mapping.traits),
            rest: mapping.rest.map(Into::into),
            events: all(mapping.events),
        }
    }
}

impl From<ImportMapping> for inner::Mapping {
    fn from(mapping: ImportMapping) -> Self {
        Self {
            name: mapping.name,
            about: mapping.about,
            rows: mapping.rows.into(),
            id: mapping.id,
            file: mapping.file.into(),
            customer: mapping.customer.into(),
            time: mapping.time.map(Into::into),
            group: mapping.group.map(Into::into),
            order: mapping.order.map(Into::into),
            properties: each(mapping.properties),
            traits: each(mapping.traits),
            rest: mapping.rest.map(Into::into),
            events: all(mapping.events),
        }
    }
}

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
