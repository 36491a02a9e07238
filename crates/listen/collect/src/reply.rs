//! What does a client library want to hear?

use crate::dialect::Dialect;
use crate::fields::Fields;
use crate::form;
use crate::parcel::Parcel;
use crate::refused::Refused;
use crate::route::{Call, Endpoint, Question};
use serde_json::{Value, json};
use std::borrow::Cow;

/// A transparent image of one pixel: what an `<img>` wants for an answer.
const PIXEL_GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x01D\0;";

/// An answer, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: Cow<'static, [u8]>,
}

impl Reply {
    fn json(status: u16, body: &Value) -> Self {
        let body = Cow::Owned(body.to_string().into_bytes());
        Self { status, content_type: "application/json", body }
    }

    fn script(body: String) -> Self {
        let body = Cow::Owned(body.into_bytes());
        Self { status: 200, content_type: "application/javascript; charset=utf-8", body }
    }
}

/// The events of `parcel` are durable.
#[must_use]
pub fn success(endpoint: &Endpoint, path: &str, parcel: &Parcel) -> Reply {
    match (endpoint.dialect, &endpoint.call) {
        (_, Call::Pixel(_)) => {
            Reply { status: 200, content_type: "image/gif", body: Cow::Borrowed(PIXEL_GIF) }
        }
        (Dialect::Dittofeed, _) => {
            Reply { status: 204, content_type: "application/json", body: Cow::Borrowed(b"") }
        }
        (Dialect::PostHog, Call::Batch) if path.starts_with("/i/v1/") => per_event(parcel),
        _ => Reply {
            status: 200,
            content_type: "application/json",
            body: Cow::Borrowed(br#"{"success":true,"status":1}"#),
        },
    }
}

/// PostHog's Capture V1 wants to hear about every event by its uuid.
fn per_event(parcel: &Parcel) -> Reply {
    let uuids = parcel
        .items
        .iter()
        .filter_map(|item| Fields::lenient(&item.json).text("uuid").map(Cow::into_owned));
    let results: serde_json::Map<_, _> =
        uuids.map(|uuid| (uuid, json!({"result": "ok"}))).collect();
    Reply::json(200, &json!({"success": true, "status": 1, "results": results}))
}

/// The request was refused. `field` is there for people who read the body; client libraries read
/// the others.
#[must_use]
pub fn failure(refused: &Refused) -> Reply {
    let message = match refused.hint {
        Some(hint) => format!("{} ({hint})", refused.message),
        None => refused.message.clone(),
    };
    let mut body = failure_body(refused.code, &message);
    if let Some(field) = &refused.field {
        body["field"] = Value::String(field.clone());
    }
    Reply::json(refused.status, &body)
}

/// A failure that is not about the request itself, such as 429 and 503 (the caller adds
/// `Retry-After`).
#[must_use]
pub fn failure_with(status: u16, code: &str, message: &str) -> Reply {
    Reply::json(status, &failure_body(code, message))
}

fn failure_body(code: &str, message: &str) -> Value {
    json!({"success": false, "code": code, "message": message, "detail": message, "error": message})
}

/// What an answer to a [`Question`] is made of.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The address under which the client reached us: host and perhaps port.
    pub host: &'a str,
    /// `http` or `https`.
    pub protocol: &'a str,
    /// The query string of the question.
    pub query: Option<&'a str>,
    /// The source that the key belongs to: its id and name. Asked for by RudderStack only.
    pub source: Option<(&'a str, &'a str)>,
    /// An id for this request.
    pub request_id: &'a str,
}

/// Answers a question of a client library. Feature flags, surveys and experiments are not served
/// to PostHog's libraries yet: they get valid answers with nothing in them.
#[must_use]
pub fn answer(question: &Question, facts: &Facts<'_>) -> Reply {
    match question {
        Question::Settings { write_key } => Reply::json(200, &segment_settings(write_key, facts)),
        Question::SourceConfig => source_config(facts),
        Question::Config { token } => Reply::json(200, &posthog_config(token)),
        Question::ConfigScript { token } => Reply::script(posthog_script(token)),
        Question::Flags => Reply::json(200, &flags(facts)),
        Question::Decide => Reply::json(200, &decide(facts)),
        Question::FlagDefinitions => {
            Reply::json(200, &json!({"flags": [], "group_type_mapping": {}, "cohorts": {}}))
        }
        Question::Surveys => Reply::json(200, &json!({"surveys": [], "survey_config": null})),
        Question::WebExperiments => Reply::json(200, &json!({"experiments": []})),
        Question::EarlyAccessFeatures => Reply::json(200, &json!({"earlyAccessFeatures": []})),
        Question::Script => Reply::script(String::new()),
    }
}

fn segment_settings(write_key: &str, facts: &Facts<'_>) -> Value {
    let enabled = json!({"__default": {"enabled": true, "integrations": {}}});
    json!({
        "integrations": {"Segment.io": {
            "apiKey": write_key,
            "apiHost": format!("{}/v1", facts.host),
            "protocol": facts.protocol,
        }},
        "plan": {"track": enabled, "identify": enabled, "group": enabled},
        "edgeFunction": {},
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": false,
        "remotePlugins": [],
    })
}

fn source_config(facts: &Facts<'_>) -> Reply {
    let Some((id, name)) = facts.source else {
        return failure(&Refused::unauthenticated("no source has this write key"));
    };
    let write_key = form::parameter(facts.query, "writeKey");
    let off = json!({"enabled": false});
    Reply::json(
        200,
        &json!({"source": {
            "id": id,
            "name": name,
            "writeKey": write_key,
            "config": {"statsCollection": {"errors": off, "metrics": off}},
            "enabled": true,
            "workspaceId": "rapport",
            "destinations": [],
            "dataplanes": {},
        }}),
    )
}

/// `hasFeatureFlags` stays true, so that pages that wait for flags hear that there are none.
fn posthog_config(token: &str) -> Value {
    json!({
        "token": token,
        "supportedCompression": ["gzip", "gzip-js"],
        "hasFeatureFlags": true,
        "captureDeadClicks": false,
        "capturePerformance": {"network_timing": false, "web_vitals": false},
        "autocapture_opt_out": false,
        "autocaptureExceptions": false,
        "elementsChainAsString": true,
        "errorTracking": {"autocaptureExceptions": false, "suppressionRules": []},
        "sessionRecording": false,
        "heatmaps": false,
        "surveys": false,
        "defaultIdentifiedOnly": true,
        "siteApps": [],
    })
}

fn posthog_script(token: &str) -> String {
    let (key, config) = (json!(token), posthog_config(token));
    format!(
        "(function(){{window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{{}};\
         window._POSTHOG_REMOTE_CONFIG[{key}]={{config:{config},siteApps:[]}};}})();"
    )
}

fn flags(facts: &Facts<'_>) -> Value {
    let version: u32 = form::parameter(facts.query, "v").and_then(|v| v.parse().ok()).unwrap_or(1);
    if version < 2 {
        return decide(facts);
    }
    json!({"flags": {}, "errorsWhileComputingFlags": false, "requestId": facts.request_id})
}

fn decide(facts: &Facts<'_>) -> Value {
    json!({
        "config": {"enable_collect_everything": true},
        "toolbarParams": {},
        "isAuthenticated": false,
        "supportedCompression": ["gzip", "gzip-js"],
        "featureFlags": {},
        "featureFlagPayloads": {},
        "errorsWhileComputingFlags": false,
        "sessionRecording": false,
        "siteApps": [],
        "capturePerformance": false,
        "autocapture_opt_out": false,
        "surveys": false,
        "requestId": facts.request_id,
    })
}
