//! With which write key does a request come?

use crate::fields::{self, Fields};
use crate::form;
use crate::request::Request;
use serde_json::value::RawValue;

/// Characters of a write key; anything longer, or beyond plain ASCII, is none of ours.
const KEY_CHARS_MAX: usize = 200;

/// What an `Authorization` header holds.
enum Header {
    /// A key that stands for the source.
    Key(Box<str>),
    /// A token that stands for the sender; the source is named in the body.
    Bearer(Box<str>),
}

/// The write key, from the strongest claim to the weakest: `Authorization` (Basic with or without
/// colon, or bare), `X-Write-Key`, the body (`writeKey`, `api_key`, `token`), the first event's
/// own token, the query, and last a bearer token.
pub(crate) fn write_key(
    request: &Request<'_>,
    body: &Fields<'_>,
    first_item: Option<&RawValue>,
) -> Option<Box<str>> {
    let header = request.authorization.and_then(authorization);
    if let Some(Header::Key(key)) = header {
        return Some(key);
    }
    let named = request.write_key_header.and_then(|key| key_of(user_part(key)));
    let found = named
        .or_else(|| in_body(body))
        .or_else(|| first_item.and_then(in_event))
        .or_else(|| in_query(request.query));
    found.or(match header {
        Some(Header::Bearer(token)) => Some(token),
        _ => None,
    })
}

fn authorization(value: &str) -> Option<Header> {
    let (scheme, rest) = value.trim().split_once(' ').unwrap_or(("", value));
    if scheme.eq_ignore_ascii_case("bearer") {
        return key_of(rest).map(Header::Bearer);
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return key_of(value).map(Header::Key);
    }
    let decoded = String::from_utf8(form::base64(rest)?).ok()?;
    key_of(user_part(&decoded)).map(Header::Key)
}

/// The part before the colon: the password of Segment's Basic scheme is empty, and a Jitsu key's
/// second half is a secret that we do not know.
fn user_part(key: &str) -> &str {
    key.split_once(':').map_or(key, |(user, _)| user)
}

fn key_of(text: &str) -> Option<Box<str>> {
    let text = text.trim();
    let is_plain =
        (1..=KEY_CHARS_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    is_plain.then(|| text.into())
}

fn in_body(body: &Fields<'_>) -> Option<Box<str>> {
    let names = ["writeKey", "api_key", "token", "$token"];
    names.iter().find_map(|name| key_of(&body.text(name)?))
}

/// PostHog's old browser bodies are a bare list of events, each with its token.
fn in_event(event: &RawValue) -> Option<Box<str>> {
    let event = Fields::lenient(event.get());
    in_body(&event).or_else(|| {
        let properties = Fields::lenient(event.object("properties")?);
        properties.get("token").and_then(fields::text).and_then(|token| key_of(&token))
    })
}

fn in_query(query: Option<&str>) -> Option<Box<str>> {
    let names = ["writeKey", "api_key", "token"];
    names.iter().find_map(|name| key_of(&form::parameter(query, name)?))
}
