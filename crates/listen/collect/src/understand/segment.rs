//! What does an event of Segment's specification say (and of RudderStack, Jitsu, Dittofeed and our
//! own imports, which follow it)?

use super::context::{Context, Parts};
use super::who::Who;
use super::{Draft, Raw, fault, is_uuid};
use crate::Dialect;
use crate::agent::Agent;
use crate::fields::{self, Fields};
use crate::json_text::ObjectText;
use lexicon::{EventKind, IdentifierKind, Json, LinkRule, Refusal, SourceKind};
use std::borrow::Cow;

/// `context.externalIds` of one event that are looked at.
const EXTERNAL_IDS_MAX: usize = 16;

/// The event's own circumstances, taken apart once.
struct Circumstances<'a> {
    text: &'a str,
    fields: Fields<'a>,
}

pub(super) fn draft(raw: &Raw<'_>, kind: Option<EventKind>) -> Result<Draft, Refusal> {
    if raw.fields.get("mergeProperties").is_some() {
        return merge(raw);
    }
    let kind = kind.map_or_else(|| kind_of(raw), Ok)?;
    let text = raw.object("context")?;
    let circumstances = Circumstances { text, fields: Fields::lenient(text) };
    let traits = traits(raw, kind, &circumstances)?;
    let who = who(raw, kind, &circumstances, &traits)?;
    let (identifiers, links) = who.finish("userId or anonymousId")?;
    Ok(Draft {
        kind,
        name: if kind == EventKind::Track {
            raw.name("event")?
        } else {
            kind.default_name().into()
        },
        identifiers,
        links,
        properties: properties(raw, kind)?,
        traits: Json::from_checked_text(traits.into_owned()),
        traits_once: Json::empty(),
        traits_unset: Vec::new(),
        account_key: account_key(raw, kind, &circumstances)?,
        context: context(raw, &circumstances)?,
    })
}

fn kind_of(raw: &Raw<'_>) -> Result<EventKind, Refusal> {
    let Some(name) = raw.text("type")? else {
        return Err(fault::missing(
            "type",
            "type is missing: track, identify, page, screen, group or alias",
        ));
    };
    EventKind::from_slug(&name).ok_or_else(|| fault::unknown_kind(&name))
}

/// The traits of the customer (identify) or account (group). RudderStack's libraries put the
/// customer's into the context; so do imports with any event, since an order in a file says who
/// bought it. Elsewhere the context of a track call is what a library remembers, and no news.
fn traits<'a>(
    raw: &Raw<'a>,
    kind: EventKind,
    circumstances: &Circumstances<'a>,
) -> Result<Cow<'a, str>, Refusal> {
    let own = match kind {
        EventKind::Identify => raw.object("traits")?,
        EventKind::Group => return raw.object("traits").map(Cow::Borrowed),
        _ if raw.delivery.dialect == Dialect::Import => "{}",
        _ => return Ok(Cow::Borrowed("{}")),
    };
    let Some(circumstantial) = circumstances.fields.object("traits") else {
        return Ok(Cow::Borrowed(own));
    };
    if own.len() <= 2 {
        return Ok(Cow::Borrowed(circumstantial));
    }
    let own_fields = Fields::lenient(own);
    let mut merged = ObjectText::with_capacity(own.len() + circumstantial.len());
    for (name, value) in &own_fields.0 {
        merged.raw(name, value.get());
    }
    let is_new = |name: &str| !own_fields.0.iter().any(|(own, _)| own == name);
    for (name, value) in &Fields::lenient(circumstantial).0 {
        if is_new(name) {
            merged.raw(name, value.get());
        }
    }
    Ok(Cow::Owned(merged.finish()))
}

fn who<'b>(
    raw: &Raw<'b>,
    kind: EventKind,
    circumstances: &Circumstances<'_>,
    traits: &str,
) -> Result<Who<'b>, Refusal> {
    let mut who = Who::new(raw.limits.identifier_chars_max, raw.blocked);
    let user = match raw.text("userId")? {
        Some(value) => who.add(IdentifierKind::UserId, "userId", &value)?,
        None => None,
    };
    let anonymous = raw.text("anonymousId")?;
    let previous = if kind == EventKind::Alias { Some(previous(raw)?) } else { None };
    let anonymous = match &anonymous {
        Some(value) => who.add(IdentifierKind::AnonymousId, "anonymousId", value)?,
        None => None,
    };
    if let (Some(user), Some(anonymous)) = (&user, &anonymous) {
        who.link(user, anonymous, LinkRule::SameEvent);
    }
    if let Some(previous) = previous
        && let Some(target) = user.as_ref().or(anonymous.as_ref())
    {
        let is_anonymous =
            is_uuid(&previous) || anonymous.as_ref().is_some_and(|a| *a.value == *previous);
        let kind = if is_anonymous { IdentifierKind::AnonymousId } else { IdentifierKind::UserId };
        if let Some(previous) = who.add(kind, "previousId", &previous)? {
            who.link(target, &previous, LinkRule::Stated);
        }
    }
    attach_others(&mut who, raw, kind, circumstances, traits);
    Ok(who)
}

fn previous<'a>(raw: &Raw<'a>) -> Result<Cow<'a, str>, Refusal> {
    raw.text("previousId")?.ok_or_else(|| {
        fault::missing(
            "previousId",
            "previousId is missing: an alias says that two ids are the same",
        )
    })
}

/// Identifiers that come as traits, are listed, or belong to the device.
fn attach_others(
    who: &mut Who<'_>,
    raw: &Raw<'_>,
    kind: EventKind,
    circumstances: &Circumstances<'_>,
    traits: &str,
) {
    let traits = match kind {
        EventKind::Identify => traits,
        _ => circumstances.fields.object("traits").unwrap_or("{}"),
    };
    attach_traits(who, &Fields::lenient(traits));
    if let Some(ids) = circumstances.fields.get("externalIds") {
        attach_external(who, ids.get());
    }
    if let Some(device) = circumstances.fields.object("device") {
        let device = Fields::lenient(device);
        let system = device.text("type").unwrap_or_default().to_ascii_lowercase();
        let is_mobile = raw.delivery.source_kind == SourceKind::Mobile
            || matches!(system.as_str(), "ios" | "android");
        if let Some(id) = device.text("id").filter(|_| is_mobile) {
            who.attach(IdentifierKind::DeviceId, &id, LinkRule::Attached);
        }
    }
}

/// How a sender says that an address was shown to be the customer's own: the claims of OpenID
/// Connect, and what others call them.
const EMAIL_VERIFIED: [&str; 2] = ["email_verified", "emailVerified"];
const PHONE_VERIFIED: [&str; 4] =
    ["phone_verified", "phoneVerified", "phone_number_verified", "phoneNumberVerified"];

/// The customer's traits that are identifiers themselves.
pub(super) fn attach_traits(who: &mut Who<'_>, traits: &Fields<'_>) {
    let addresses = [
        ("email", IdentifierKind::Email, &EMAIL_VERIFIED[..]),
        ("phone", IdentifierKind::Phone, &PHONE_VERIFIED[..]),
    ];
    for (name, kind, verified) in addresses {
        if let Some(value) = traits.get(name).and_then(fields::text_or_number) {
            let is_verified = verified.iter().any(|claim| traits.boolean(claim) == Some(true));
            let rule = if is_verified { LinkRule::Verified } else { LinkRule::Trait };
            who.attach(kind, &value, rule);
        }
    }
}

/// `[{"id","type","collection":"users","encoding":"none"}]`; an id that is encoded (hashed) is
/// another kind than the plain one.
fn attach_external(who: &mut Who<'_>, list: &str) {
    let Ok(list) = serde_json::from_str::<Vec<&serde_json::value::RawValue>>(list) else {
        return;
    };
    for entry in list.into_iter().take(EXTERNAL_IDS_MAX) {
        let entry = Fields::lenient(entry.get());
        let id = entry.get("id").and_then(fields::text_or_number);
        let (Some(id), Some(kind)) = (id, entry.text("type")) else {
            continue;
        };
        let is_user = entry.text("collection").is_none_or(|name| name == "users");
        let slug = match entry.text("encoding") {
            Some(encoding) if encoding != "none" => Cow::Owned(format!("{kind}_{encoding}")),
            _ => kind,
        };
        if is_user && !slug.is_empty() && slug.len() <= 100 {
            who.attach(IdentifierKind::from_slug(&slug), &id, LinkRule::Attached);
        }
    }
}

/// The properties; a page's or screen's name and category join them.
fn properties(raw: &Raw<'_>, kind: EventKind) -> Result<Json, Refusal> {
    let own = raw.object("properties")?;
    match kind {
        EventKind::Track => Ok(Json::from_checked_text(own)),
        EventKind::Page | EventKind::Screen => named(raw, own),
        EventKind::Identify | EventKind::Group | EventKind::Alias => Ok(Json::empty()),
    }
}

fn named(raw: &Raw<'_>, own: &str) -> Result<Json, Refusal> {
    let (name, category) = (raw.text("name")?, raw.text("category")?);
    if name.is_none() && category.is_none() {
        return Ok(Json::from_checked_text(own));
    }
    let fields = Fields::lenient(own);
    let mut text = ObjectText::with_capacity(own.len() + 64);
    for (field, value) in [("name", name), ("category", category)] {
        if let Some(value) = value.filter(|_| fields.get(field).is_none()) {
            text.text(field, &value);
        }
    }
    let taken = |name: &str, value: &str| value == "null" && matches!(name, "name" | "category");
    for (name, value) in fields.0.iter().filter(|(name, value)| !taken(name, value.get())) {
        text.raw(name, value.get());
    }
    Ok(Json::from_checked_text(text.finish()))
}

/// The account: of a group call, or on whose behalf something was done (`context.groupId`).
fn account_key(
    raw: &Raw<'_>,
    kind: EventKind,
    circumstances: &Circumstances<'_>,
) -> Result<Option<Box<str>>, Refusal> {
    if kind != EventKind::Group {
        let key = circumstances.fields.text("groupId");
        let key = key.as_deref().map(str::trim).filter(|key| !key.is_empty());
        let fits = |key: &&str| key.chars().count() <= raw.limits.identifier_chars_max;
        return Ok(key.filter(fits).map(Box::from));
    }
    let Some(key) = raw.text("groupId")? else {
        return Err(fault::missing("groupId", "groupId is missing: it names the account"));
    };
    let chars_max = raw.limits.identifier_chars_max;
    if key.chars().count() > chars_max {
        return Err(fault::too_long("groupId", chars_max));
    }
    Ok(Some(key.trim().into()))
}

fn context(raw: &Raw<'_>, circumstances: &Circumstances<'_>) -> Result<Context, Refusal> {
    let shared = Fields::lenient(raw.delivery.shared.as_str());
    let shared_context = Fields::lenient(shared.object("context").unwrap_or("{}"));
    let own = &circumstances.fields;
    let said = |name: &str| own.text(name).or_else(|| shared_context.text(name));
    let direct = own.boolean("direct").or_else(|| shared_context.boolean("direct"));
    let from_customer = raw.is_from_customer() || direct == Some(true);
    let user_agent = said("userAgent");
    let sender =
        raw.delivery.user_agent.as_deref().filter(|_| from_customer && user_agent.is_none());
    let agent = user_agent.as_deref().or(sender).map(Agent::parse).unwrap_or_default();
    let ip = raw.ip(said("ip").as_deref(), from_customer);
    let integrations = Some(raw.object("integrations")?)
        .filter(|text| text.len() > 2)
        .or_else(|| shared.object("integrations").filter(|text| text.len() > 2));
    Ok(Context::assemble(Parts {
        own,
        own_text: circumstances.text,
        shared: shared_context,
        integrations,
        ip,
        user_agent: sender,
        agent,
    }))
}

/// RudderStack's `merge`: two identifiers by kind and value that are the same customer.
fn merge(raw: &Raw<'_>) -> Result<Draft, Refusal> {
    let list = raw.fields.get("mergeProperties").map_or("[]", serde_json::value::RawValue::get);
    let entries: Vec<Fields<'_>> = serde_json::from_str(list).map_err(|_| {
        fault::missing("mergeProperties", "mergeProperties must be a list of {type, value}")
    })?;
    let mut who = Who::new(raw.limits.identifier_chars_max, raw.blocked);
    let mut kept = Vec::new();
    for entry in entries.iter().take(EXTERNAL_IDS_MAX) {
        let value = entry.get("value").and_then(fields::text_or_number);
        if let (Some(kind), Some(value)) = (entry.text("type"), value) {
            kept.extend(who.add(merge_kind(&kind), "mergeProperties", &value)?);
        }
    }
    for pair in kept.windows(2) {
        who.link(&pair[0], &pair[1], LinkRule::Stated);
    }
    let text = raw.object("context")?;
    let circumstances = Circumstances { text, fields: Fields::lenient(text) };
    let (identifiers, links) = who.finish("mergeProperties with two identifiers")?;
    Ok(Draft {
        kind: EventKind::Alias,
        name: EventKind::Alias.default_name().into(),
        identifiers,
        links,
        properties: Json::empty(),
        traits: Json::empty(),
        traits_once: Json::empty(),
        traits_unset: Vec::new(),
        account_key: None,
        context: context(raw, &circumstances)?,
    })
}

fn merge_kind(name: &str) -> IdentifierKind {
    match name {
        "mobile" | "phone" => IdentifierKind::Phone,
        "userId" => IdentifierKind::UserId,
        "anonymousId" => IdentifierKind::AnonymousId,
        "" => IdentifierKind::Custom("unnamed".into()),
        _ => IdentifierKind::from_slug(name),
    }
}
