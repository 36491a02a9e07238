//! Which paths and sizes does PostHog's capture API have?

use super::{Bounds, LARGE_EVENT_BYTES_MAX};
use crate::route::{Call, Method, Question, key_in_path};
use base::Limits;

/// Bytes of a body as sent, on `/batch`.
const BATCH_BYTES_MAX: usize = 20 << 20;
/// Bytes of a body as sent, on every other capture path.
const EVENT_BYTES_MAX: usize = 2 << 20;

pub(crate) fn route(method: Method, parts: &[&str]) -> Option<Call> {
    capture(method, parts).or_else(|| question(method, parts).map(Call::Ask))
}

fn capture(method: Method, parts: &[&str]) -> Option<Call> {
    match (method, parts) {
        (Method::Post, ["i", "v1", "analytics", "events"] | ["i", "v0", "ai", "batch"])
        | (_, ["batch"]) => Some(Call::Batch),
        (_, ["e" | "capture" | "track" | "engage"] | ["i", "v0", "e"]) => Some(Call::Capture),
        (_, ["s"]) | (Method::Post, ["i", "v1", "logs" | "metrics"]) => Some(Call::Discard),
        _ => None,
    }
}

fn question(method: Method, parts: &[&str]) -> Option<Question> {
    match (method, parts) {
        (Method::Get, ["array", token, "config"]) => {
            key_in_path(token).map(|token| Question::Config { token })
        }
        (Method::Get, ["array", token, "config.js"]) => {
            key_in_path(token).map(|token| Question::ConfigScript { token })
        }
        (Method::Get, ["flags", "definitions"])
        | (Method::Get, ["api", "feature_flag", "local_evaluation"]) => {
            Some(Question::FlagDefinitions)
        }
        (_, ["flags"]) => Some(Question::Flags),
        (_, ["decide"]) => Some(Question::Decide),
        (Method::Get, ["api", "surveys"]) => Some(Question::Surveys),
        (Method::Get, ["api", "web_experiments"]) => Some(Question::WebExperiments),
        (Method::Get, ["api", "early_access_features"]) => Some(Question::EarlyAccessFeatures),
        (Method::Get, ["static", .., file]) => file.ends_with(".js").then_some(Question::Script),
        _ => None,
    }
}

pub(crate) fn bounds(limits: &Limits) -> Bounds {
    Bounds {
        body_bytes_max: BATCH_BYTES_MAX.min(limits.body_bytes_inflated_max),
        event_bytes_max: LARGE_EVENT_BYTES_MAX,
        events_max: usize::MAX,
        too_large_status: 413,
    }
}

/// Bytes of a body as sent, which PostHog bounds by path.
pub(crate) fn sent_bytes_max(call: &Call) -> usize {
    if matches!(call, Call::Batch) { BATCH_BYTES_MAX } else { EVENT_BYTES_MAX }
}
