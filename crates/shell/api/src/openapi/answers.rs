//! What can a program count on in an answer?
//!
//! Every property is sent, as `null` where there is nothing to tell; and the rows of a list are
//! the same things that other answers speak of.

use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::{OpenApi, Ref, RefOr, Schema};

const SCHEMAS: &str = "#/components/schemas/";
/// How lists are called, before the name of what they list.
const LIST: &str = "List_";

/// What is told as it was asked: who asks need not say everything, so neither does the description.
const AS_ASKED: [&str; 3] = ["StoredQuestion", "TrendSeries", "Selection"];

/// Says so in the description, wherever an answer is described.
pub fn describe(document: &mut OpenApi) {
    name_rows(document);
    let told = told(document);
    let components = document.components.get_or_insert_default();
    for (name, schema) in &mut components.schemas {
        if told.contains(name) {
            require_all(schema);
        }
    }
}

/// Rows are described once, under their own name, not in every list anew.
fn name_rows(document: &mut OpenApi) {
    let schemas = &mut document.components.get_or_insert_default().schemas;
    let names: BTreeSet<String> = schemas.keys().cloned().collect();
    for (name, schema) in schemas {
        let row = name.strip_prefix(LIST).filter(|row| names.contains(*row));
        let (Some(row), RefOr::T(Schema::Object(list))) = (row, schema) else { continue };
        if let Some(RefOr::T(Schema::Array(items))) = list.properties.get_mut("items") {
            items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(row).into()));
        }
    }
}

/// The names of all schemas that some answer is made of.
fn told(document: &OpenApi) -> BTreeSet<String> {
    let document = serde_json::to_value(document).expect("the description is JSON");
    let mut told = BTreeSet::new();
    let paths = document["paths"].as_object().into_iter().flat_map(|paths| paths.values());
    for operation in paths.flat_map(|path| path.as_object()).flat_map(|path| path.values()) {
        follow(&operation["responses"], &document, &mut told);
    }
    told
}

/// Adds the schemas that `value` refers to, and those that they refer to.
fn follow(value: &Value, document: &Value, told: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| follow(item, document, told)),
        Value::Object(fields) => fields.values().for_each(|field| follow(field, document, told)),
        Value::String(text) => {
            let Some(name) = text.strip_prefix(SCHEMAS) else { return };
            if AS_ASKED.contains(&name) {
                return;
            }
            if told.insert(name.to_owned()) {
                follow(&document["components"]["schemas"][name], document, told);
            }
        }
        _ => {}
    }
}

fn require_all(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.required = object.properties.keys().cloned().collect();
        }
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter_mut().for_each(require_all),
        _ => {}
    }
}
