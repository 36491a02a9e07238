//! Under which circumstances did it happen, as they are stored?

use super::Raw;
use crate::agent::{self, Agent};
use crate::fields::Fields;
use crate::json_text::ObjectText;
use base::Timestamp;
use lexicon::{Json, SourceKind};
use std::net::IpAddr;

/// The circumstances of one event before its time is known.
pub(super) struct Context {
    /// The object's text; complete unless something is added.
    text: Text,
    agent: Agent,
}

enum Text {
    /// As it was sent: nothing to add or to take away so far.
    AsSent(Box<str>),
    /// Put together anew.
    Written(ObjectText),
}

/// What the sender and the server know, from which a context is put together.
pub(super) struct Parts<'a> {
    /// The event's own context.
    pub own: &'a Fields<'a>,
    /// The same as text.
    pub own_text: &'a str,
    /// The batch's context; the event's own fields go before.
    pub shared: Fields<'a>,
    /// The event's and the batch's `integrations`, where they say something.
    pub integrations: Option<&'a str>,
    /// The address to keep.
    pub ip: Option<IpAddr>,
    /// The user agent where the server knows it and the event does not say.
    pub user_agent: Option<&'a str>,
    /// What the user agent stands for.
    pub agent: Agent,
}

/// The fields that are ours: a sender cannot set them.
fn is_ours(name: &str) -> bool {
    matches!(name, "ip" | "rapport")
}

impl Context {
    /// Puts the parts together; copies the text where that is enough.
    pub(super) fn assemble(parts: Parts<'_>) -> Self {
        let has_ours = parts.own.0.iter().any(|(name, _)| is_ours(name));
        let plain = !has_ours
            && parts.shared.0.is_empty()
            && parts.integrations.is_none()
            && parts.ip.is_none()
            && parts.user_agent.is_none();
        if plain {
            return Self { text: Text::AsSent(parts.own_text.into()), agent: parts.agent };
        }
        let mut text = ObjectText::with_capacity(parts.own_text.len() + 192);
        for (name, value) in parts.own.0.iter().filter(|(name, _)| !is_ours(name)) {
            text.raw(name, value.get());
        }
        let is_new = |name: &str| !is_ours(name) && parts.own.get(name).is_none();
        for (name, value) in parts.shared.0.iter().filter(|(name, _)| is_new(name)) {
            text.raw(name, value.get());
        }
        if let Some(integrations) = parts.integrations {
            text.raw("integrations", integrations);
        }
        if let Some(user_agent) = parts.user_agent {
            text.text("userAgent", user_agent);
        }
        if let Some(ip) = parts.ip {
            text.text("ip", &ip.to_string());
        }
        Self { text: Text::Written(text), agent: parts.agent }
    }

    /// A context that was written elsewhere, still open.
    pub(super) fn written(text: ObjectText, agent: Agent) -> Self {
        Self { text: Text::Written(text), agent }
    }

    /// The finished object: `rapport` holds what Rapport made of the rest.
    pub(super) fn finish(self, original: Option<Timestamp>) -> Json {
        let ours = ours(&self.agent, original);
        let text = match (self.text, ours) {
            (Text::AsSent(text), None) => return Json::from_checked_text(text),
            (Text::AsSent(text), Some(ours)) => append(&text, &ours),
            (Text::Written(text), None) => text.finish(),
            (Text::Written(mut text), Some(ours)) => {
                text.raw("rapport", &ours);
                text.finish()
            }
        };
        Json::from_checked_text(text)
    }
}

/// `text` is an object without blanks around its braces.
fn append(text: &str, ours: &str) -> String {
    let open = text.strip_suffix('}').unwrap_or("{");
    let comma = if open.len() > 1 { "," } else { "" };
    [open, comma, "\"rapport\":", ours, "}"].concat()
}

fn ours(agent: &Agent, original: Option<Timestamp>) -> Option<String> {
    if agent.is_unknown() && original.is_none() {
        return None;
    }
    let mut ours = ObjectText::with_capacity(96);
    if !agent.is_unknown() {
        let mut text = ObjectText::with_capacity(64);
        let parts = [("browser", &agent.browser), ("os", &agent.os), ("device", &agent.device)];
        for (name, value) in parts {
            if let Some(value) = value {
                text.text(name, value);
            }
        }
        ours.raw("agent", &text.finish());
    }
    if let Some(original) = original {
        ours.text("original_timestamp", &original.to_string());
    }
    Some(ours.finish())
}

impl Raw<'_> {
    /// Whether the one who sent the request is the customer's own device, so that its address and
    /// user agent are the customer's.
    pub(super) fn is_from_customer(&self) -> bool {
        matches!(self.delivery.source_kind, SourceKind::Browser | SourceKind::Mobile)
    }

    /// The address to keep: what the event says, else the sender's where that is the customer's.
    pub(super) fn ip(&self, said: Option<&str>, from_customer: bool) -> Option<IpAddr> {
        if !self.delivery.store_ip {
            return None;
        }
        let sender = self.delivery.ip.as_deref().filter(|_| from_customer);
        said.and_then(agent::address).or_else(|| sender.and_then(agent::address))
    }
}
