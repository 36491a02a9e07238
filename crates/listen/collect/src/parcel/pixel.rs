//! Which event does the address of an image carry?

use super::{Parcel, RawItem};
use crate::fields::Fields;
use crate::refused::Refused;
use crate::request::Request;
use crate::{Dialect, clock, credentials, form};
use base::Limits;
use lexicon::{EventKind, Json};
use serde_json::{Map, Value};

/// Names in a dotted path: `context.page.url` has three.
const PATH_NAMES_MAX: usize = 8;

/// Reads a pixel's query: `data` holds the whole event as base 64 (Segment), or every parameter is
/// one field, dots leading into objects (RudderStack): `properties.plan=pro`.
pub(super) fn read(
    dialect: Dialect,
    kind: EventKind,
    request: &Request<'_>,
    limits: &Limits,
) -> Result<Parcel, Refused> {
    let query = request.query.unwrap_or_default();
    if query.len() > limits.event_bytes_max {
        let status = dialect.bounds(limits).too_large_status;
        return Err(Refused::too_large(status, "query", limits.event_bytes_max));
    }
    let json = match form::parameter(request.query, "data") {
        Some(data) => encoded(&data)?,
        None => assembled(query, kind)?,
    };
    let fields = Fields::lenient(&json);
    let parcel = Parcel {
        dialect,
        write_key: credentials::write_key(request, &fields, None),
        sent_at: fields.get("sentAt").and_then(clock::moment),
        shared: Json::empty(),
        items: vec![RawItem { kind: Some(kind), json: json.as_str().into() }],
        is_single: true,
    };
    Ok(parcel)
}

fn encoded(data: &str) -> Result<String, Refused> {
    let text = form::base64(data).and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.ok_or_else(|| {
        Refused::invalid("invalid_encoding", "data is not base 64 of a text").at("data")
    })?;
    match Fields::read(&text) {
        Ok(_) => Ok(text),
        Err(error) if error.is_data() => {
            Err(Refused::invalid("wrong_type", "data must hold one object").at("data"))
        }
        Err(error) => Err(Refused::json(&error).at("data")),
    }
}

fn assembled(query: &str, kind: EventKind) -> Result<String, Refused> {
    let mut event = Map::new();
    for (name, value) in form::parameters(query) {
        if name == "writeKey" {
            continue;
        }
        let names: Vec<&str> = name.split('.').collect();
        if names.len() > PATH_NAMES_MAX {
            let message = format!("a name in the query has more than {PATH_NAMES_MAX} parts");
            let shown: String = name.chars().take(80).collect();
            return Err(Refused::invalid("too_deep", message).at(shown));
        }
        insert(&mut event, &names, Value::String(value.into_owned()));
    }
    if kind == EventKind::Track {
        // What RudderStack's gateway assumes.
        event.entry("event").or_insert_with(|| "Unknown Event".into());
    }
    Ok(Value::Object(event).to_string())
}

/// Puts `value` at the path `names`; a value that stands in the way gives way to the object.
fn insert(object: &mut Map<String, Value>, names: &[&str], value: Value) {
    let Some((first, rest)) = names.split_first() else {
        return;
    };
    if rest.is_empty() {
        object.insert((*first).to_owned(), value);
        return;
    }
    let inner = object.entry(*first).or_insert_with(|| Value::Object(Map::new()));
    if !inner.is_object() {
        *inner = Value::Object(Map::new());
    }
    if let Value::Object(inner) = inner {
        insert(inner, rest, value);
    }
}
