//! How does a test tell what happened?

use base::{SourceId, Timestamp};
use lexicon::{Event, EventKind, Identifier, IdentifierKind, Json};
use serde_json::Value;

/// 2026-01-01T00:00:00Z in microseconds.
pub(crate) const NEW_YEAR: i64 = 1_767_225_600_000_000;

/// The start of day `n`, where day 0 is the first of January 2026, UTC.
pub(crate) fn day(n: i64) -> Timestamp {
    Timestamp(NEW_YEAR + n * 86_400_000_000)
}

fn json(value: &Value) -> Json {
    Json::from_map(value.as_object().expect("a test writes an object"))
}

/// A track event of a signed-in customer with no properties.
pub(crate) fn track(at: Timestamp, name: &str) -> Event {
    Event {
        message_id: format!("m-{}-{name}", at.0).into(),
        kind: EventKind::Track,
        name: name.into(),
        identifiers: vec![Identifier::new(IdentifierKind::UserId, "u1").expect("a good id")],
        links: Vec::new(),
        occurred_at: at,
        received_at: at,
        source: SourceId(1),
        properties: Json::empty(),
        traits: Json::empty(),
        traits_once: Json::empty(),
        traits_unset: Vec::new(),
        account_key: None,
        context: Json::empty(),
    }
}

/// A call of another kind, with its default name.
pub(crate) fn call(at: Timestamp, kind: EventKind) -> Event {
    Event { kind, ..track(at, kind.default_name()) }
}

/// An identify call with these traits.
pub(crate) fn identify(at: Timestamp, traits: &Value) -> Event {
    call(at, EventKind::Identify).traits(traits)
}

/// How a test adds to an event.
pub(crate) trait Tell: Sized {
    fn properties(self, value: &Value) -> Self;
    fn traits(self, value: &Value) -> Self;
    fn once(self, value: &Value) -> Self;
    fn context(self, value: &Value) -> Self;
    fn unset(self, name: &str) -> Self;
    fn account(self, key: &str) -> Self;
    fn source(self, source: u64) -> Self;
    fn anonymous(self) -> Self;
}

impl Tell for Event {
    fn properties(self, value: &Value) -> Self {
        Self { properties: json(value), ..self }
    }

    fn traits(self, value: &Value) -> Self {
        Self { traits: json(value), ..self }
    }

    fn once(self, value: &Value) -> Self {
        Self { traits_once: json(value), ..self }
    }

    fn context(self, value: &Value) -> Self {
        Self { context: json(value), ..self }
    }

    fn unset(mut self, name: &str) -> Self {
        self.traits_unset.push(name.into());
        self
    }

    fn account(self, key: &str) -> Self {
        Self { account_key: Some(key.into()), ..self }
    }

    fn source(self, source: u64) -> Self {
        Self { source: SourceId(source), ..self }
    }

    fn anonymous(self) -> Self {
        let identifier = Identifier::new(IdentifierKind::AnonymousId, "a1").expect("a good id");
        Self { identifiers: vec![identifier], ..self }
    }
}
