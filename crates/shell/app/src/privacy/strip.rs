//! What is left of an entry of the log without somebody?
//!
//! An entry is one request, and may hold the events of many people. Their places stay, because
//! events are numbered by them: an event that goes leaves an empty object behind, which says
//! nothing and is nobody's.

use super::needles::Needles;
use crate::edits::EditOrder;
use crate::entry::LogEntry;
use crate::relations::{RelateOrder, WordPlace};
use base::IdentifierId;
use collect::Delivery;
use lexicon::{Event, Json, SourceKind};
use std::collections::BTreeSet;

/// What is left of an event.
const NOTHING: &str = "{}";

/// What was done to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stripped {
    /// What is to be kept in its place.
    pub payload: Vec<u8>,
    /// Events that went.
    pub n_events: u64,
}

/// The entry without the events of which `goes` says so, as `understand` reads them, and without
/// mentions of `needles` elsewhere; `None` where it stays as it is.
pub(crate) fn strip(
    entry: LogEntry,
    understand: impl Fn(&Delivery, usize) -> Option<Event>,
    needles: &Needles,
    ids: &BTreeSet<IdentifierId>,
    goes: impl Fn(&Event) -> bool,
) -> Option<Stripped> {
    match entry {
        LogEntry::Delivery(delivery) => strip_delivery(delivery, understand, needles, goes),
        LogEntry::Edit(order) => strip_edit(order, needles, ids),
        LogEntry::Rules(_) | LogEntry::Erase(_) | LogEntry::Redact(_) | LogEntry::Relist(_) => None,
        // An erasure looks into the tables for these: `strip_words`.
        LogEntry::Relate(_) => None,
    }
}

fn strip_delivery(
    mut delivery: Delivery,
    understand: impl Fn(&Delivery, usize) -> Option<Event>,
    needles: &Needles,
    goes: impl Fn(&Event) -> bool,
) -> Option<Stripped> {
    let (mut n_events, mut is_changed) = (0, false);
    for index in 0..delivery.items.len() {
        let text = &*delivery.items[index].json;
        if text == NOTHING {
            continue;
        }
        let other = match understand(&delivery, index) {
            Some(event) if goes(&event) => Some(NOTHING.to_owned()),
            Some(_) => needles.redact_json(text),
            // Whose it is nobody can say: where it mentions them it goes.
            None => needles.redact_json(text).map(|_| NOTHING.to_owned()),
        };
        if let Some(other) = other {
            n_events += u64::from(other == NOTHING);
            delivery.items[index].json = other.into();
            is_changed = true;
        }
    }
    is_changed |= strip_envelope(&mut delivery, needles, n_events);
    is_changed.then(|| Stripped { payload: delivery.encode(), n_events })
}

/// What all events of the request share: it goes with the last of them, and from a customer's own
/// browser or phone with any.
fn strip_envelope(delivery: &mut Delivery, needles: &Needles, n_gone: u64) -> bool {
    let is_personal = matches!(delivery.source_kind, SourceKind::Browser | SourceKind::Mobile);
    let is_empty = delivery.items.iter().all(|item| &*item.json == NOTHING);
    let mut is_changed = false;
    if n_gone > 0 && (is_empty || is_personal) {
        is_changed |= delivery.ip.take().is_some() | delivery.user_agent.take().is_some();
        if is_personal {
            delivery.shared = Json::empty();
        }
    }
    if let Some(other) = needles.redact_json(delivery.shared.as_str()) {
        delivery.shared = Json::from_checked_text(other);
        is_changed = true;
    }
    is_changed
}

/// A decision keeps which links it changed, by number; what was said about it goes.
fn strip_edit(
    mut edit: EditOrder,
    needles: &Needles,
    ids: &BTreeSet<IdentifierId>,
) -> Option<Stripped> {
    let is_about =
        edit.changes.iter().any(|change| change.ends().iter().any(|id| ids.contains(id)));
    let is_mentioned = needles.redact_plain(&edit.reason).is_some();
    if edit.reason.is_empty() || !(is_about || is_mentioned) {
        return None;
    }
    edit.reason = String::new();
    Some(Stripped { payload: LogEntry::encode_edit(&edit), n_events: 0 })
}

/// Words by hand keep only what `is_kept` of their identifiers and households, and none that
/// mentions them.
pub(super) fn strip_words(
    mut order: RelateOrder,
    needles: &Needles,
    is_kept: impl Fn(IdentifierId, &str) -> bool,
) -> Option<Stripped> {
    let n_words = order.words.len();
    let is_mentioned = |text: &str| needles.redact_plain(text).is_some();
    order.words.retain(|word| match &word.place {
        WordPlace::Domain { account, domain } => !is_mentioned(account) && !is_mentioned(domain),
        WordPlace::Member { identifier, .. } => is_kept(*identifier, ""),
        WordPlace::Household { household, identifier } => is_kept(*identifier, household),
    });
    let is_changed = order.words.len() < n_words;
    is_changed.then(|| Stripped { payload: LogEntry::encode_relate(&order), n_events: 0 })
}
