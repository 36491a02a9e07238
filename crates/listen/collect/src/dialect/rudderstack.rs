//! Which paths and sizes does RudderStack have beyond Segment's?
//!
//! Its `/v1/{type}` and `/v1/batch` are Segment's paths; a parcel from there is taken for
//! RudderStack's when the first event's library says so.

use super::{Bounds, LARGE_EVENT_BYTES_MAX};
use crate::route::{Call, Method, Question};
use base::Limits;
use lexicon::EventKind;

/// RudderStack's default for a whole request.
const BODY_BYTES_MAX: usize = 4_000 << 10;

/// `/v1/merge`, `/beacon/v1/batch`, `/pixel/v1/track|page`, `/sourceConfig`, and the SDK's reports
/// about itself.
pub(crate) fn route(method: Method, parts: &[&str]) -> Option<Call> {
    match (method, parts) {
        (Method::Post, ["v1", "merge"]) => Some(Call::Typed),
        (Method::Post, ["beacon", "v1", "batch"]) => Some(Call::Batch),
        (Method::Get, ["pixel", "v1", "track"]) => Some(Call::Pixel(EventKind::Track)),
        (Method::Get, ["pixel", "v1", "page"]) => Some(Call::Pixel(EventKind::Page)),
        (Method::Get, ["sourceConfig"]) => Some(Call::Ask(Question::SourceConfig)),
        (Method::Post, ["rsaMetrics"]) => Some(Call::Discard),
        _ => None,
    }
}

pub(crate) fn bounds(limits: &Limits) -> Bounds {
    Bounds {
        body_bytes_max: BODY_BYTES_MAX.min(limits.body_bytes_inflated_max),
        event_bytes_max: LARGE_EVENT_BYTES_MAX,
        events_max: limits.events_per_batch_max,
        too_large_status: 413,
    }
}
