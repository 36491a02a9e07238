//! Which relations does one event tell of?
//!
//! Most events tell of none: they are let go after a glance at their text.

use crate::account::{self, AccountClaim};
use crate::fact::{Fact, Reference, RelationKind, Way};
use crate::text::{plain, text};
use lexicon::{Event, EventKind, IdentifierKind};
use serde_json::{Map, Value};

/// People whom one event may mention.
const MENTIONS_MAX: usize = 16;

/// What one event says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Who referred or mentions whom.
    pub facts: Vec<Fact>,
    /// Codes that are the speaker's own.
    pub codes: Vec<Box<str>>,
    /// The speaker's place in accounts.
    pub accounts: Vec<AccountClaim>,
}

/// What `event` says of relations; `None` where it says nothing.
#[must_use]
pub fn hear(event: &Event) -> Option<Heard> {
    let mut heard = Heard { accounts: account::claims(event), ..Heard::default() };
    match event.kind {
        EventKind::Track => hear_track(event, &mut heard),
        EventKind::Identify => hear_identify(event, &mut heard),
        _ => {}
    }
    let is_empty = heard.facts.is_empty() && heard.codes.is_empty() && heard.accounts.is_empty();
    (!is_empty).then_some(heard)
}

fn hear_track(event: &Event, heard: &mut Heard) {
    let raw = event.properties.as_str();
    let is_mention = matches!(&*event.name, "Mentioned" | "Customer Mentioned" | "User Mentioned");
    let is_invitation = matches!(&*event.name, "Referral Sent" | "Invite Sent" | "Invitation Sent");
    if !is_mention && !is_invitation && !may_refer(raw) {
        return;
    }
    let properties = event.properties.to_map();
    if is_mention {
        heard.facts.extend(mentions(&properties).map(|other| fact(event, MENTION, other)));
        return;
    }
    let owns =
        is_invitation || matches!(&*event.name, "Referral Code Created" | "Referral Code Shared");
    let code = text(&properties, &["referral_code", "referralCode"]);
    let code = code.and_then(|code| Reference::code(&code));
    if owns {
        heard.codes.extend(code.into_iter().filter_map(code_text));
        let invited = invited(&properties).into_iter();
        heard.facts.extend(invited.map(|other| fact(event, INVITATION, other)));
        return;
    }
    let referrers = code.into_iter().chain(referrers(&properties));
    heard.facts.extend(referrers.take(1).map(|other| fact(event, CAME_BY, other)));
}

fn hear_identify(event: &Event, heard: &mut Heard) {
    if !may_refer(event.traits.as_str()) {
        return;
    }
    let traits = event.traits.to_map();
    let own = text(&traits, &["referral_code", "referralCode"]);
    heard.codes.extend(own.and_then(|code| Reference::code(&code)).and_then(code_text));
    let used = text(&traits, &["referred_by_code", "referredByCode"]);
    let used = used.and_then(|code| Reference::code(&code)).into_iter();
    let referrers = used.chain(referrers(&traits));
    heard.facts.extend(referrers.take(1).map(|other| fact(event, CAME_BY, other)));
}

const MENTION: (RelationKind, Way) = (RelationKind::Mention, Way::Outward);
const INVITATION: (RelationKind, Way) = (RelationKind::Referral, Way::Outward);
const CAME_BY: (RelationKind, Way) = (RelationKind::Referral, Way::Inward);

/// Whether the text of some properties may hold one of the fields that are read: `"referral…`,
/// `"referrer…` and `"referred…`, but not a page's `"referrer"`.
fn may_refer(raw: &str) -> bool {
    raw.match_indices("\"referr").any(|(at, found)| {
        let rest = &raw[at + found.len()..];
        rest.starts_with("al") || (rest.starts_with("e") && !rest[1..].starts_with("r\""))
    })
}

/// Who referred the speaker, by the strongest name first.
fn referrers(map: &Map<String, Value>) -> impl Iterator<Item = Reference> {
    let named = |names: &[&str], kind| {
        text(map, names).and_then(|value| Reference::identifier(kind, &value))
    };
    let id = named(&["referrer_id", "referrerId"], IdentifierKind::UserId);
    let email = named(&["referrer_email", "referrerEmail"], IdentifierKind::Email);
    id.into_iter().chain(email)
}

/// Whom the speaker invited, by the strongest name.
fn invited(map: &Map<String, Value>) -> Option<Reference> {
    let id = text(map, &["referred_id", "referredId", "invitee_id", "inviteeId"]);
    let email = text(map, &["referred_email", "referredEmail", "invitee_email", "inviteeEmail"]);
    let id = id.and_then(|id| Reference::identifier(IdentifierKind::UserId, &id));
    id.or_else(|| email.and_then(|email| Reference::identifier(IdentifierKind::Email, &email)))
}

/// Whom the speaker mentions, each once.
fn mentions(map: &Map<String, Value>) -> impl Iterator<Item = Reference> {
    let network = text(map, &["network", "platform"]);
    let one = |names: [&[&str]; 3], map: &Map<String, Value>, network: Option<&str>| {
        let by = |names: &[&str], kind| {
            text(map, names).and_then(|value| Reference::identifier(kind, &value))
        };
        by(names[0], IdentifierKind::UserId)
            .or_else(|| by(names[1], IdentifierKind::Email))
            .or_else(|| Reference::handle(network, &text(map, names[2])?))
    };
    let direct = [
        ["mentioned_id", "mentionedId"].as_slice(),
        &["mentioned_email", "mentionedEmail"],
        &["mentioned_handle", "mentionedHandle"],
    ];
    let mut all: Vec<Reference> = one(direct, map, network.as_deref()).into_iter().collect();
    let listed = map.get("mentions").and_then(Value::as_array);
    for entry in listed.into_iter().flatten().take(MENTIONS_MAX) {
        let found = match entry {
            Value::Object(entry) => {
                let own = text(entry, &["network", "platform"]);
                let network = own.as_deref().or(network.as_deref());
                one([&["id"], &["email"], &["handle"]], entry, network)
            }
            other => plain(other).and_then(|handle| Reference::handle(network.as_deref(), &handle)),
        };
        all.extend(found);
    }
    all.sort_unstable();
    all.dedup();
    all.into_iter().take(MENTIONS_MAX)
}

fn code_text(reference: Reference) -> Option<Box<str>> {
    match reference {
        Reference::Code(code) => Some(code),
        Reference::Identifier(_) => None,
    }
}

fn fact(event: &Event, (kind, way): (RelationKind, Way), other: Reference) -> Fact {
    Fact {
        kind,
        way,
        other,
        at: event.occurred_at,
        source: event.source,
        message_id: event.message_id.clone(),
    }
}

#[cfg(test)]
mod tests;
