//! How do times, money, identifiers and names of sources travel?

use app::sources::Sources;
use base::{SourceId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// A moment, RFC 3339 in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(value_type = String, format = DateTime, examples("2026-11-21T09:30:00Z"))]
pub struct Time(pub String);

impl From<Timestamp> for Time {
    fn from(moment: Timestamp) -> Self {
        Self(moment.to_string())
    }
}

impl Time {
    /// The same for a moment that may be missing.
    pub fn maybe(moment: Option<Timestamp>) -> Option<Self> {
        moment.map(Self::from)
    }
}

/// An amount in minor units (cents) of its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Money {
    /// Minor units; negative for what was given back.
    pub minor: i64,
    /// ISO 4217; `XXX` where the sender named none.
    #[schema(examples("EUR"))]
    pub currency: String,
}

impl From<base::Money> for Money {
    fn from(money: base::Money) -> Self {
        Self { minor: money.minor, currency: money.currency.code().to_owned() }
    }
}

/// A value that points to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Identifier {
    /// `user_id`, `anonymous_id`, `email`, `phone`, `device_id`, `crm_id`, `social_handle`, or a
    /// name of the sender's own.
    pub kind: String,
    /// The value, normalised for its kind.
    pub value: String,
}

impl From<&lexicon::Identifier> for Identifier {
    fn from(identifier: &lexicon::Identifier) -> Self {
        Self { kind: identifier.kind.slug().to_owned(), value: identifier.value.to_string() }
    }
}

impl From<lexicon::Identifier> for Identifier {
    fn from(identifier: lexicon::Identifier) -> Self {
        Self::from(&identifier)
    }
}

/// A source, by id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceName {
    #[schema(examples("s_0001"))]
    pub id: String,
    pub name: String,
}

impl SourceName {
    /// The source `id` with its present name; its id again where nobody knows it any more.
    pub fn of(id: SourceId, sources: &Sources) -> Self {
        let name = sources.get(id).map_or_else(|| id.to_string(), |source| source.name.clone());
        Self { id: id.to_string(), name }
    }
}

/// The event that says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Evidence {
    pub at: Time,
    /// `null` where it is not known any more.
    pub source: Option<SourceName>,
    /// `null` where it is not known any more.
    pub message_id: Option<String>,
}

impl Evidence {
    /// The wire form of `evidence`.
    pub fn of(evidence: app::customers::Evidence, sources: &Sources) -> Self {
        Self {
            at: evidence.at.into(),
            source: evidence.source.map(|id| SourceName::of(id, sources)),
            message_id: evidence.message_id,
        }
    }
}

/// A JSON object, passed on as it was sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
pub struct JsonObject(pub Box<RawValue>);

impl JsonObject {
    /// The object in `json`; the empty object where the text turns out to be none.
    pub fn of(json: &lexicon::Json) -> Self {
        let raw = RawValue::from_string(json.as_str().to_owned());
        Self(raw.unwrap_or_else(|_| empty_object()))
    }
}

fn empty_object() -> Box<RawValue> {
    RawValue::from_string("{}".to_owned()).expect("two braces are an object")
}
