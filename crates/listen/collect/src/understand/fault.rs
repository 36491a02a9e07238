//! How is each thing that can be wrong with an event put into words?

use crate::fields;
use lexicon::{Refusal, RefusalReason};
use serde_json::value::RawValue;

/// Characters of a value that are shown in a sentence.
const SHOWN_CHARS_MAX: usize = 60;
/// Characters of a path to a field; the sender chose its names.
const FIELD_CHARS_MAX: usize = 200;

fn refusal(reason: RefusalReason, field: &str, message: String) -> Refusal {
    Refusal { reason, field: field.to_owned(), message }
}

pub(super) fn missing(field: &str, message: &str) -> Refusal {
    refusal(RefusalReason::Missing, field, message.to_owned())
}

pub(super) fn wrong_type(field: &str, expected: &str, raw: &RawValue) -> Refusal {
    let found = fields::what(raw);
    let message = format!("{field} must be {expected}, but is {found}");
    refusal(RefusalReason::WrongType, field, message)
}

pub(super) fn not_an_object(index: usize) -> Refusal {
    let message = format!("the event with number {index} is not a JSON object");
    refusal(RefusalReason::WrongType, &format!("batch[{index}]"), message)
}

pub(super) fn unknown_kind(found: &str) -> Refusal {
    let shown: String = found.chars().take(SHOWN_CHARS_MAX).collect();
    let message = format!(
        "type '{shown}' is not known: expected track, identify, page, screen, group or alias"
    );
    refusal(RefusalReason::UnknownKind, "type", message)
}

pub(super) fn not_a_time(field: &str, raw: &RawValue) -> Refusal {
    let shown: String = raw.get().chars().take(SHOWN_CHARS_MAX).collect();
    let message = format!("{field} must be a time like 2026-01-31T12:00:00Z, but is {shown}");
    refusal(RefusalReason::WrongType, field, message)
}

pub(super) fn too_early(field: &str) -> Refusal {
    refusal(RefusalReason::OutOfRange, field, format!("{field} lies before the year 1900"))
}

pub(super) fn too_long(field: &str, chars_max: usize) -> Refusal {
    let message = format!("{field} is longer than {chars_max} characters");
    refusal(RefusalReason::TooLarge, field, message)
}

pub(super) fn too_many_fields(field: &str, n: usize, n_max: usize) -> Refusal {
    let message = format!("{field} has {n} fields, at most {n_max} are taken");
    refusal(RefusalReason::TooLarge, field, message)
}

pub(super) fn too_deep(index: usize, depth_max: usize) -> Refusal {
    let message = format!("the event is nested more than {depth_max} deep");
    refusal(RefusalReason::TooLarge, &format!("batch[{index}]"), message)
}

pub(super) fn immense(index: usize, path: &str) -> Refusal {
    // An event that is nothing but a number has no field; its place in the batch has to do.
    let batch = format!("batch[{index}]");
    let field = if path.is_empty() { batch.as_str() } else { path };
    let field: String = field.chars().take(FIELD_CHARS_MAX).collect();
    let message = format!("{field} is a number beyond 1.8e308, which nothing can compute with");
    refusal(RefusalReason::OutOfRange, &field, message)
}

pub(super) fn event_too_large(index: usize, n_bytes: usize, bytes_max: usize) -> Refusal {
    let message = format!("the event has {n_bytes} bytes, at most {bytes_max} are taken");
    refusal(RefusalReason::TooLarge, &format!("batch[{index}]"), message)
}

pub(super) fn beyond_batch(index: usize, n_max: usize) -> Refusal {
    let message = format!("a batch may have {n_max} events; those behind are not taken");
    refusal(RefusalReason::TooLarge, &format!("batch[{index}]"), message)
}
