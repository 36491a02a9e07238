//! Which paths and sizes does Jitsu have?

use super::Bounds;
use crate::route::{Call, Method};
use base::Limits;
use lexicon::EventKind;

/// `/api/s/{type}` and `/api/s/s2s/{type}`; the type `event` leaves it to the body.
pub(crate) fn route(method: Method, parts: &[&str]) -> Option<Call> {
    match (method, parts) {
        (Method::Post, ["api", "s", name] | ["api", "s", "s2s", name]) => call(name),
        _ => None,
    }
}

fn call(name: &str) -> Option<Call> {
    match name {
        "batch" => Some(Call::Batch),
        "event" => Some(Call::Typed),
        _ => EventKind::from_slug(name).map(Call::Single),
    }
}

pub(crate) fn bounds(limits: &Limits) -> Bounds {
    super::rudderstack::bounds(limits)
}
