//! What did this customer do?

use super::scalar::{Identifier, JsonObject, SourceName, Time};
use super::word::EventKind;
use app::sources::Sources;
use app::traits::Sight;
use serde::Serialize;
use utoipa::ToSchema;

/// One event of one customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEvent {
    #[schema(examples("p_0001.3"))]
    pub seq: String,
    pub occurred_at: Time,
    pub received_at: Time,
    pub kind: EventKind,
    pub name: String,
    pub source: SourceName,
    /// The identifier that it came under.
    pub came_under: Identifier,
    pub message_id: String,
    pub properties: JsonObject,
    pub traits: JsonObject,
    pub context: JsonObject,
}

impl TimelineEvent {
    /// The wire form of `event`, for somebody with this `sight`.
    pub fn of(event: &app::customers::TimelineEvent, sources: &Sources, sight: &Sight) -> Self {
        Self {
            seq: event.seq.to_string(),
            occurred_at: event.occurred_at.into(),
            received_at: event.received_at.into(),
            kind: event.kind.into(),
            name: event.name.clone(),
            source: SourceName::of(event.source, sources),
            came_under: sight.identifier(event.came_under.clone()).into(),
            message_id: event.message_id.clone(),
            properties: JsonObject::of(&sight.json(&event.properties)),
            traits: JsonObject::of(&sight.json(&event.traits)),
            context: JsonObject::of(&sight.json(&event.context)),
        }
    }
}
