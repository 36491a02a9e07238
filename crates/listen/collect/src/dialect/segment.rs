//! Which paths and sizes does Segment's HTTP tracking API have?

use super::Bounds;
use crate::route::{Call, Method, Question, key_in_path};
use base::Limits;
use lexicon::EventKind;

/// `/v1/track`, `/v1/t`, `/v1/batch`, `/v1/b`, `/v1/import`, `/v1/pixel/track`,
/// `/v1/projects/{key}/settings`, `/v1/m` (the browser SDK's metrics about itself).
pub(crate) fn route(method: Method, parts: &[&str]) -> Option<Call> {
    match (method, parts) {
        (Method::Post, ["v1", "batch" | "b" | "import"]) => Some(Call::Batch),
        (Method::Post, ["v1", "m"]) => Some(Call::Discard),
        (Method::Post, ["v1", name]) => kind(name).map(Call::Single),
        (Method::Get, ["v1", "pixel", name]) => kind(name).map(Call::Pixel),
        (Method::Get, ["v1", "projects", key, "settings"]) => {
            key_in_path(key).map(|write_key| Call::Ask(Question::Settings { write_key }))
        }
        _ => None,
    }
}

fn kind(name: &str) -> Option<EventKind> {
    match name {
        "t" => Some(EventKind::Track),
        "i" => Some(EventKind::Identify),
        "p" => Some(EventKind::Page),
        "s" => Some(EventKind::Screen),
        "g" => Some(EventKind::Group),
        "a" => Some(EventKind::Alias),
        _ => EventKind::from_slug(name),
    }
}

pub(crate) fn bounds(limits: &Limits) -> Bounds {
    Bounds {
        body_bytes_max: limits.segment_batch_bytes_max.min(limits.body_bytes_inflated_max),
        event_bytes_max: limits.event_bytes_max,
        events_max: limits.events_per_batch_max,
        too_large_status: 400,
    }
}
