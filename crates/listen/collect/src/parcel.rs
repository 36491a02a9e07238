//! Which raw events does a request bring, and with what in common?

mod envelope;
mod pixel;

use crate::dialect::{Bounds, posthog};
use crate::fields::{self, Fields};
use crate::inflate::{Wrapping, data_field, inflate};
use crate::json_text::{ObjectText, Unkept, tidy};
use crate::refused::Refused;
use crate::request::Request;
use crate::route::{Call, Endpoint};
use crate::{Dialect, clock, credentials, form};
use base::{Limits, Timestamp};
use envelope::Envelope;
use lexicon::{EventKind, Json};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Events that one request may bring at all. Up to here, those beyond the dialect's own bound are
/// refused one by one; beyond it the request is refused, so that its memory is bounded.
const ITEMS_MAX: usize = 25_000;

/// One event as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawItem {
    /// Its kind, where the endpoint named it; else the event says so itself.
    pub kind: Option<EventKind>,
    /// The event: well-formed JSON of any type.
    pub json: Box<str>,
}

/// The events of one request, split but not yet understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Whose words it is in: the endpoint's, or RudderStack's where a Segment path was used by one
    /// of its libraries.
    pub dialect: Dialect,
    /// The write key it came with.
    pub write_key: Option<Box<str>>,
    /// When the client says that it sent it.
    pub sent_at: Option<Timestamp>,
    /// What all its events share: `{"context":{…},"integrations":{…}}`, either may be absent.
    pub shared: Json,
    /// The events, in the order of the request.
    pub items: Vec<RawItem>,
    /// Whether the request was for this one event: if it cannot be understood, the client is told
    /// so with a 400, whereas a batch is answered with 200 whatever is in it.
    pub is_single: bool,
}

/// Reads the request that came to `endpoint`: unwraps, checks sizes, splits.
///
/// Broken *events* are not complained of here: they come out as items which
/// [`crate::understand()`] refuses one by one.
///
/// # Errors
/// The request as a whole cannot be taken; the error says what to answer.
pub fn read(
    endpoint: &Endpoint,
    request: &Request<'_>,
    limits: &Limits,
) -> Result<Parcel, Refused> {
    match &endpoint.call {
        Call::Discard | Call::Ask(_) => Ok(nothing(endpoint.dialect)),
        Call::Pixel(kind) => pixel::read(endpoint.dialect, *kind, request, limits),
        _ => {
            let bounds = endpoint.dialect.bounds(limits);
            let body = unwrapped_body(endpoint, request, limits)?;
            let text = std::str::from_utf8(&body).map_err(|error| not_utf8(&error))?;
            let (parcel, bounds) = split(endpoint, request, text, limits, bounds)?;
            if text.len() > bounds.body_bytes_max {
                return Err(Refused::too_large(
                    bounds.too_large_status,
                    "body",
                    bounds.body_bytes_max,
                ));
            }
            Ok(parcel)
        }
    }
}

fn nothing(dialect: Dialect) -> Parcel {
    Parcel {
        dialect,
        write_key: None,
        sent_at: None,
        shared: Json::empty(),
        items: Vec::new(),
        is_single: false,
    }
}

fn not_utf8(error: &std::str::Utf8Error) -> Refused {
    let at = error.valid_up_to();
    Refused::invalid("invalid_utf8", format!("the body is not valid UTF-8 at byte {at}"))
}

fn unwrapped_body<'r>(
    endpoint: &Endpoint,
    request: &Request<'r>,
    limits: &Limits,
) -> Result<Cow<'r, [u8]>, Refused> {
    // A Segment path may turn out to be used by a RudderStack library, which may send more.
    let widest = match endpoint.dialect {
        Dialect::Segment => Dialect::RudderStack.bounds(limits),
        dialect => dialect.bounds(limits),
    };
    let too_large_status = endpoint.dialect.bounds(limits).too_large_status;
    let sent_bytes_max = sent_bytes_max(endpoint, limits);
    if request.body.len() > sent_bytes_max {
        return Err(Refused::too_large(too_large_status, "body", sent_bytes_max));
    }
    let compression = form::parameter(request.query, "compression");
    let wrapping = Wrapping {
        content_encoding: request.content_encoding,
        compression: compression.as_deref(),
        bytes_max: widest.body_bytes_max,
        too_large_status,
    };
    match form::parameter(request.query, "data") {
        Some(data) if request.body.is_empty() => {
            let data = data_field(&data).ok_or_else(|| {
                let message = "data is neither JSON nor base 64 of it";
                Refused::invalid("invalid_encoding", message).at("data")
            })?;
            inflate(&data, &wrapping).map(|body| Cow::Owned(body.into_owned()))
        }
        _ => inflate(request.body, &wrapping),
    }
}

fn sent_bytes_max(endpoint: &Endpoint, limits: &Limits) -> usize {
    match endpoint.dialect {
        Dialect::PostHog => posthog::sent_bytes_max(&endpoint.call).min(limits.body_bytes_max),
        _ => limits.body_bytes_max,
    }
}

fn split(
    endpoint: &Endpoint,
    request: &Request<'_>,
    text: &str,
    limits: &Limits,
    bounds: Bounds,
) -> Result<(Parcel, Bounds), Refused> {
    let envelope = Envelope::read(text, &endpoint.call)?;
    if envelope.n_items > ITEMS_MAX {
        return Err(too_many(&envelope, bounds));
    }
    let write_key = credentials::write_key(request, &envelope.fields, envelope.first());
    let sent_at = ["sentAt", "sent_at"].iter().find_map(|name| envelope.fields.get(name));
    let kind = match endpoint.call {
        Call::Single(kind) => Some(kind),
        _ => None,
    };
    let dialect = spoken(endpoint.dialect, &envelope);
    let items = envelope.items.iter().map(|raw| RawItem { kind, json: raw.get().into() });
    let parcel = Parcel {
        dialect,
        write_key,
        sent_at: sent_at.and_then(clock::moment),
        shared: shared(endpoint, &envelope.fields, limits)?,
        items: items.collect(),
        is_single: envelope.is_single,
    };
    Ok((parcel, dialect.bounds(limits)))
}

fn too_many(envelope: &Envelope<'_>, bounds: Bounds) -> Refused {
    let message =
        format!("the batch has {} events, {ITEMS_MAX} are taken at once", envelope.n_items);
    let refused = Refused::invalid("batch_too_large", message).at("batch");
    Refused { status: bounds.too_large_status, ..refused }.with_hint("send fewer events per batch")
}

/// RudderStack's libraries call Segment's paths. The name of the browser's gives it away; those
/// for servers call themselves by Segment's names, but each of their events says its `channel`.
fn spoken(dialect: Dialect, envelope: &Envelope<'_>) -> Dialect {
    if dialect != Dialect::Segment {
        return dialect;
    }
    let is_rudder = |fields: &Fields<'_>| {
        let context = Fields::lenient(fields.object("context")?);
        let library = Fields::lenient(context.object("library")?);
        let name = library.text("name")?.to_ascii_lowercase();
        Some(name.contains("rudder"))
    };
    let event = envelope.first().map(|raw| Fields::lenient(raw.get())).unwrap_or_default();
    let has_channel = event.get("channel").is_some();
    match is_rudder(&envelope.fields).or_else(|| is_rudder(&event)) {
        Some(is_rudder) if is_rudder || has_channel => Dialect::RudderStack,
        _ => dialect,
    }
}

fn shared(endpoint: &Endpoint, fields: &Fields<'_>, limits: &Limits) -> Result<Json, Refused> {
    if endpoint.is_single() || endpoint.dialect == Dialect::PostHog {
        return Ok(Json::empty());
    }
    let mut shared = ObjectText::with_capacity(0);
    for name in ["context", "integrations"] {
        match fields.get(name) {
            Some(raw) if raw.get().starts_with('{') => shared.raw(name, raw.get()),
            Some(raw) => return Err(not_an_object(name, raw)),
            None => {}
        }
    }
    if shared.is_empty() {
        return Ok(Json::empty());
    }
    let shared = shared.finish();
    let tidied = tidy(&shared, limits.json_depth_max).map_err(|why| match why {
        Unkept::TooDeep => {
            let depth_max = limits.json_depth_max;
            let message = format!("context is nested more than {depth_max} deep");
            Refused::invalid("too_deep", message).at("context")
        }
        Unkept::Immense(path) => {
            let message = format!("{path} is a number beyond 1.8e308");
            Refused::invalid("out_of_range", message).at(path)
        }
    })?;
    Ok(Json::from_checked_text(tidied.into_owned()))
}

fn not_an_object(name: &str, raw: &RawValue) -> Refused {
    let found = fields::what(raw);
    Refused::invalid("wrong_type", format!("{name} must be an object, but is {found}")).at(name)
}
