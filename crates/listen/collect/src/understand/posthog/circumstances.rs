//! Which of a PostHog event's properties are circumstances, in the words of Segment's context?

use super::super::Raw;
use super::super::context::Context;
use crate::agent::Agent;
use crate::fields::Fields;
use crate::json_text::ObjectText;
use serde_json::value::RawValue;

/// A group of circumstances: its name in the context, and its fields with the properties they
/// come from.
type Group = (&'static str, &'static [(&'static str, &'static str)]);

const GROUPS: [Group; 6] = [
    ("library", &[("name", "$lib"), ("version", "$lib_version")]),
    (
        "page",
        &[
            ("url", "$current_url"),
            ("path", "$pathname"),
            ("referrer", "$referrer"),
            ("title", "title"),
        ],
    ),
    (
        "campaign",
        &[
            ("source", "utm_source"),
            ("medium", "utm_medium"),
            ("name", "utm_campaign"),
            ("content", "utm_content"),
            ("term", "utm_term"),
        ],
    ),
    ("screen", &[("width", "$screen_width"), ("height", "$screen_height")]),
    (
        "device",
        &[
            ("id", "$device_id"),
            ("model", "$device_model"),
            ("manufacturer", "$device_manufacturer"),
            ("name", "$device_name"),
        ],
    ),
    ("app", &[("name", "$app_name"), ("version", "$app_version"), ("build", "$app_build")]),
];

const SINGLE: [(&str, &str); 4] = [
    ("timezone", "$timezone"),
    ("locale", "$browser_language"),
    ("sessionId", "$session_id"),
    ("userAgent", "$raw_user_agent"),
];

/// Whether it is the word that posthog-js has for "came from nowhere": no referrer then.
pub(super) fn is_direct(property: &str, value: &RawValue) -> bool {
    property == "$referrer" && value.get() == "\"$direct\""
}

/// The context of the event, and what is known of its browser.
pub(super) fn context(raw: &Raw<'_>, fields: &Fields<'_>) -> Context {
    let mut text = ObjectText::with_capacity(512);
    for (name, members) in GROUPS {
        let mut group = ObjectText::with_capacity(128);
        for (member, property) in members {
            if let Some(value) = fields.get(property).filter(|value| !is_direct(property, value)) {
                group.raw(member, value.get());
            }
        }
        if !group.is_empty() {
            text.raw(name, &group.finish());
        }
    }
    for (name, property) in SINGLE {
        if let Some(value) = fields.get(property) {
            text.raw(name, value.get());
        }
    }
    newer_protocol(raw, fields, &mut text);
    let from_customer = raw.is_from_customer() || is_client_library(fields);
    if let Some(ip) = raw.ip(fields.text("$ip").as_deref(), from_customer) {
        text.text("ip", &ip.to_string());
    }
    let said = fields.text("$raw_user_agent");
    let sender = raw.delivery.user_agent.as_deref().filter(|_| from_customer && said.is_none());
    if let Some(sender) = sender {
        text.text("userAgent", sender);
    }
    Context::written(text, agent(fields, said.as_deref().or(sender)))
}

/// PostHog's newer protocol has no `$lib` and `$session_id` among the properties: the library is the
/// user agent of the request, the session a field of the event.
fn newer_protocol(raw: &Raw<'_>, fields: &Fields<'_>, text: &mut ObjectText) {
    let sender = raw.delivery.user_agent.as_deref().and_then(|sender| sender.split_once('/'));
    if let Some((name, version)) = sender
        && name.starts_with("posthog-")
        && fields.get("$lib").is_none()
    {
        let mut library = ObjectText::with_capacity(64);
        library.text("name", name);
        library.text("version", version);
        text.raw("library", &library.finish());
    }
    let session = raw.fields.get("session_id").filter(|_| fields.get("$session_id").is_none());
    if let Some(session) = session {
        text.raw("sessionId", session.get());
    }
}

/// Whether the library runs in the customer's hands.
fn is_client_library(fields: &Fields<'_>) -> bool {
    fields.text("$lib").is_some_and(|library| {
        ["web", "js", "posthog-ios", "posthog-android", "posthog-react-native", "posthog-flutter"]
            .contains(&&*library)
    })
}

/// What the library found out itself goes before what the user agent says.
fn agent(fields: &Fields<'_>, user_agent: Option<&str>) -> Agent {
    let mut agent = user_agent.map(Agent::parse).unwrap_or_default();
    let told = |name| fields.text(name).filter(|text| !text.is_empty()).map(|text| text.into());
    agent.browser = told("$browser").or(agent.browser);
    agent.os = told("$os").or(agent.os);
    let device = fields.text("$device_type").map(|text| text.to_ascii_lowercase());
    agent.device = device.filter(|text| !text.is_empty()).map(Into::into).or(agent.device);
    agent
}
