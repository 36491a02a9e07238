//! What arrived just now, and what became of it?

use super::scalar::{Identifier, SourceName, Time};
use super::word::{DebugStatus, EventKind, RefusalReason};
use app::sources::Sources;
use app::traits::{Sight, WITHHELD};
use serde::Serialize;
use utoipa::ToSchema;

/// One event as the debugger lists it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DebugEvent {
    /// Where it stands in the log, for ever.
    #[schema(examples("p_0001.3"))]
    pub seq: String,
    pub received_at: Time,
    /// `null` where it was not understood.
    pub occurred_at: Option<Time>,
    pub source: SourceName,
    pub kind: Option<EventKind>,
    pub name: Option<String>,
    pub status: DebugStatus,
    pub customer_id: Option<String>,
    /// The identifier that it came under.
    pub came_under: Option<Identifier>,
    pub message_id: Option<String>,
    /// What is wrong with it.
    pub refusals: Vec<Refusal>,
}

/// One thing that is wrong with one event.
#[derive(Debug, Serialize, ToSchema)]
pub struct Refusal {
    pub reason: RefusalReason,
    /// Where: a path like `properties.products[2].price`.
    pub field: String,
    pub message: String,
}

impl From<lexicon::Refusal> for Refusal {
    fn from(refusal: lexicon::Refusal) -> Self {
        Self { reason: refusal.reason.into(), field: refusal.field, message: refusal.message }
    }
}

impl DebugEvent {
    /// The wire form of `event`, for somebody with this `sight`.
    pub fn of(event: app::debugger::DebugEvent, sources: &Sources, sight: &Sight) -> Self {
        Self {
            seq: event.seq.to_string(),
            received_at: event.received_at.into(),
            occurred_at: Time::maybe(event.occurred_at),
            source: SourceName::of(event.source, sources),
            kind: event.kind.map(EventKind::from),
            name: event.name,
            status: event.status.into(),
            customer_id: event.customer.map(|id| id.to_string()),
            came_under: event.came_under.map(|under| sight.identifier(under).into()),
            message_id: event.message_id,
            refusals: event.refusals.into_iter().map(Refusal::from).collect(),
        }
    }
}

/// One event, raw and as understood.
#[derive(Debug, Serialize, ToSchema)]
pub struct DebugDetail {
    #[serde(flatten)]
    pub event: DebugEvent,
    /// The JSON as it was sent; `null` once the log has let go of it.
    pub raw: Option<serde_json::Value>,
    /// Whether the log has let go of it.
    pub raw_expired: bool,
    /// The event as it was understood.
    pub understood: Option<serde_json::Value>,
    pub delivery: Delivery,
}

/// How an event came.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// Whose manner of speaking the sender used.
    pub dialect: String,
    pub sent_at: Option<Time>,
    /// The sender's address, where it may be kept.
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub agent: Option<Agent>,
}

/// A user agent in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Agent {
    pub browser: Option<String>,
    pub os: Option<String>,
    pub device: Option<String>,
}

impl From<app::debugger::AgentInfo> for Agent {
    fn from(agent: app::debugger::AgentInfo) -> Self {
        Self { browser: agent.browser, os: agent.os, device: agent.device }
    }
}

impl DebugDetail {
    /// The wire form of `detail`, for somebody with this `sight`.
    pub fn of(detail: app::debugger::DebugDetail, sources: &Sources, sight: &Sight) -> Self {
        let delivery = detail.delivery;
        let mut understood = detail.understood;
        understood.iter_mut().for_each(|value| sight.look_over(value));
        Self {
            event: DebugEvent::of(detail.event, sources, sight),
            raw: detail.raw.map(|text| raw_value(&text, sight)),
            raw_expired: detail.raw_expired,
            understood,
            delivery: Delivery {
                dialect: delivery.dialect,
                sent_at: Time::maybe(delivery.sent_at),
                ip: delivery.ip,
                user_agent: delivery.user_agent,
                agent: delivery.agent.map(Agent::from),
            },
        }
    }
}

/// The JSON as sent; as a text where a parser with ordinary bounds cannot read it (too deep). What
/// cannot be read cannot be looked over, and is withheld as a whole from those who may not see
/// everything.
fn raw_value(text: &str, sight: &Sight) -> serde_json::Value {
    match serde_json::from_str(text) {
        Ok(mut value) => {
            sight.look_over(&mut value);
            value
        }
        Err(_) if sight.is_clear() => text.into(),
        Err(_) => WITHHELD.into(),
    }
}

/// How many events of a live stream were left out because they came too fast.
#[derive(Debug, Serialize, ToSchema)]
pub struct Gap {
    pub skipped: u64,
}
