//! What does a PostHog event say?

mod circumstances;
mod properties;

use super::segment::attach_traits;
use super::who::Who;
use super::{Draft, Raw, fault, is_uuid};
use crate::fields::{self, Fields};
use crate::json_text::ObjectText;
use lexicon::{EventKind, IdentifierKind, Json, LinkRule, Refusal, RefusalReason};
use std::borrow::Cow;

/// What posthog-js sends as everybody's id where it may not set cookies.
const COOKIELESS: &str = "$posthog_cookieless";
/// Group types that mean an organisation of customers, which an account is.
const ORGANISATIONS: [&str; 7] =
    ["company", "organization", "organisation", "account", "customer", "workspace", "tenant"];

pub(super) fn draft(raw: &Raw<'_>) -> Result<Draft, Refusal> {
    let fields = Fields::lenient(raw.object("properties")?);
    let name = match raw.fields.get("event") {
        None if raw.fields.get("$distinct_id").is_some() => "$identify".into(),
        _ => raw.name("event")?,
    };
    let kind = kind_of(&name);
    let account_key = account_key(raw, kind, &fields)?;
    let traits = layered(raw, &fields, "$set");
    let who = who(raw, &name, &fields, &Fields::lenient(&traits), account_key.as_deref())?;
    let (identifiers, links) = who.finish("distinct_id")?;
    Ok(Draft {
        kind,
        name: if kind == EventKind::Track { name } else { kind.default_name().into() },
        identifiers,
        links,
        properties: properties::kept(raw, kind, &fields)?,
        traits: match kind {
            EventKind::Group => group_traits(&fields),
            _ => Json::from_checked_text(traits.into_owned()),
        },
        traits_once: Json::from_checked_text(layered(raw, &fields, "$set_once").into_owned()),
        traits_unset: unset(raw, &fields),
        account_key,
        context: circumstances::context(raw, &fields),
    })
}

fn kind_of(name: &str) -> EventKind {
    match name {
        "$identify" | "$set" | "$set_once" | "$unset" => EventKind::Identify,
        "$create_alias" | "$merge_dangerously" => EventKind::Alias,
        "$groupidentify" => EventKind::Group,
        "$pageview" => EventKind::Page,
        "$screen" => EventKind::Screen,
        _ => EventKind::Track,
    }
}

/// `$set` and its relatives stand beside the properties, among them, or both; beside counts more.
fn layered<'a>(raw: &Raw<'a>, fields: &Fields<'a>, name: &str) -> Cow<'a, str> {
    let (outer, inner) = (raw.fields.object(name), fields.object(name));
    let (outer, inner) = match (outer, inner) {
        (Some(outer), Some(inner)) => (outer, inner),
        (outer, inner) => return Cow::Borrowed(outer.or(inner).unwrap_or("{}")),
    };
    let outer = Fields::lenient(outer);
    let mut text = ObjectText::with_capacity(inner.len() * 2);
    for (name, value) in &outer.0 {
        text.raw(name, value.get());
    }
    for (name, value) in &Fields::lenient(inner).0 {
        if !outer.0.iter().any(|(known, _)| known == name) {
            text.raw(name, value.get());
        }
    }
    Cow::Owned(text.finish())
}

fn group_traits(fields: &Fields<'_>) -> Json {
    fields.object("$group_set").map_or_else(Json::empty, Json::from_checked_text)
}

/// The names in `$unset`: a list, or the names of an object's fields.
fn unset(raw: &Raw<'_>, fields: &Fields<'_>) -> Vec<Box<str>> {
    let Some(names) = raw.fields.get("$unset").or_else(|| fields.get("$unset")) else {
        return Vec::new();
    };
    if names.get().starts_with('{') {
        return Fields::lenient(names.get()).0.into_iter().map(|(name, _)| name.into()).collect();
    }
    serde_json::from_str(names.get()).unwrap_or_default()
}

fn who<'b>(
    raw: &Raw<'b>,
    event: &str,
    fields: &Fields<'_>,
    traits: &Fields<'_>,
    account_key: Option<&str>,
) -> Result<Who<'b>, Refusal> {
    let mut who = Who::new(raw.limits.identifier_chars_max, raw.blocked);
    let Some(id) = distinct_id(raw, fields)? else {
        return Ok(who);
    };
    if event == "$groupidentify" && is_of_group(&id, fields) {
        // Server libraries make up an id for an account that nobody is behind.
        let kind = IdentifierKind::Custom("account".into());
        who.add(kind, "$group_key", account_key.unwrap_or_default())?;
        return Ok(who);
    }
    let is_anonymous = is_anonymous(raw, event, &id, fields);
    let kind = if is_anonymous { IdentifierKind::AnonymousId } else { IdentifierKind::UserId };
    let main = who.add(kind, "distinct_id", &id)?;
    if let Some(main) = &main {
        if !is_anonymous && is_uuid(&id) {
            // The same value elsewhere reads as an anonymous id: say here that it is the same.
            who.attach(IdentifierKind::AnonymousId, &id, LinkRule::SameEvent);
        }
        if event == "$identify"
            && let Some(before) = fields.get("$anon_distinct_id").and_then(fields::text_or_number)
        {
            who.attach(IdentifierKind::AnonymousId, &before, LinkRule::SameEvent);
        }
        if let "$create_alias" | "$merge_dangerously" = event {
            let alias = alias(fields)?;
            if let Some(other) = who.add(kind_by_form(&alias), "properties.alias", &alias)? {
                who.link(main, &other, LinkRule::Stated);
            }
        }
        attach_traits(&mut who, traits);
    }
    Ok(who)
}

fn distinct_id<'a>(raw: &Raw<'a>, fields: &Fields<'a>) -> Result<Option<Cow<'a, str>>, Refusal> {
    let id =
        match raw.text("distinct_id")? {
            Some(id) => Some(id),
            None => match fields.get("distinct_id") {
                Some(value) => Some(fields::text_or_number(value).ok_or_else(|| {
                    fault::wrong_type("properties.distinct_id", "a string", value)
                })?),
                None => raw.text("$distinct_id")?,
            },
        };
    if id.as_deref() == Some(COOKIELESS) {
        return Err(Refusal {
            reason: RefusalReason::BlockedValue,
            field: "distinct_id".to_owned(),
            message: "the page may set no cookies, so that nobody can be told apart".to_owned(),
        });
    }
    Ok(id)
}

fn is_of_group(id: &str, fields: &Fields<'_>) -> bool {
    let (kind, key) = (fields.text("$group_type"), fields.get("$group_key"));
    let key = key.and_then(fields::text_or_number);
    matches!((kind, key), (Some(kind), Some(key)) if id.strip_prefix('$')
        .and_then(|rest| rest.strip_prefix(&*kind))
        .and_then(|rest| rest.strip_prefix('_')) == Some(&*key))
}

/// Whether the id stands for a device rather than for somebody who has signed in.
fn is_anonymous(raw: &Raw<'_>, event: &str, id: &str, fields: &Fields<'_>) -> bool {
    if fields.text("$device_id").is_some_and(|device| device == id) {
        return true;
    }
    if event == "$identify" {
        return false;
    }
    match fields.boolean("$is_identified") {
        Some(is_identified) => !is_identified,
        None => wants_profile(raw, fields) == Some(false) || is_uuid(id),
    }
}

/// Whether the sender wants a profile made; the newer protocol says so beside the properties.
fn wants_profile(raw: &Raw<'_>, fields: &Fields<'_>) -> Option<bool> {
    fields.boolean("$process_person_profile").or_else(|| {
        Fields::lenient(raw.fields.object("options")?).boolean("process_person_profile")
    })
}

fn kind_by_form(id: &str) -> IdentifierKind {
    if is_uuid(id) { IdentifierKind::AnonymousId } else { IdentifierKind::UserId }
}

fn alias<'a>(fields: &Fields<'a>) -> Result<Cow<'a, str>, Refusal> {
    fields.get("alias").and_then(fields::text_or_number).ok_or_else(|| {
        fault::missing("properties.alias", "properties.alias is missing: it is the other id")
    })
}

/// The account: of `$groupidentify`, or among the `$groups` of any event the first that means an
/// organisation. Groups of another type carry it in their key (`project:7`).
fn account_key(
    raw: &Raw<'_>,
    kind: EventKind,
    fields: &Fields<'_>,
) -> Result<Option<Box<str>>, Refusal> {
    let key = if kind == EventKind::Group {
        let key = fields.get("$group_key").and_then(fields::text_or_number);
        let (Some(group_type), Some(key)) = (fields.text("$group_type"), key) else {
            let message = "$group_type and $group_key are needed to name the account";
            return Err(fault::missing("properties.$group_key", message));
        };
        Some(key_of(&group_type, &key))
    } else {
        fields.object("$groups").and_then(|groups| organisation(&Fields::lenient(groups)))
    };
    let chars_max = raw.limits.identifier_chars_max;
    match key {
        Some(key) if key.chars().count() > chars_max => {
            Err(fault::too_long("properties.$groups", chars_max))
        }
        key => Ok(key.filter(|key| !key.is_empty()).map(Into::into)),
    }
}

fn organisation(groups: &Fields<'_>) -> Option<String> {
    ORGANISATIONS.iter().find_map(|name| {
        let key = groups.get(name).and_then(fields::text_or_number)?;
        (!key.is_empty()).then(|| key_of(name, &key))
    })
}

fn key_of(group_type: &str, key: &str) -> String {
    if ORGANISATIONS.contains(&group_type) { key.to_owned() } else { format!("{group_type}:{key}") }
}
