//! What arrived just now, and what became of it?

mod detail;
mod list;
mod recent;

pub use recent::Recent;

use crate::seq::EventSeq;
use crate::traits::Sight;
use base::{CustomerId, SourceId, Timestamp};
use lexicon::{EventKind, Identifier, Refusal};

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DebugStatus {
    /// It was taken.
    Accepted,
    /// It was taken, though the tracking plan does not agree with it.
    Flagged,
    /// It was not taken; the refusals say why.
    Refused,
    /// It had been taken before.
    Duplicate,
}

impl DebugStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Flagged, Self::Refused, Self::Duplicate];

    /// The status as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Flagged => "flagged",
            Self::Refused => "refused",
            Self::Duplicate => "duplicate",
        }
    }

    /// The status written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.slug() == slug)
    }
}

/// Which events to show; what is `None` does not restrict.
#[derive(Clone, Debug, Default)]
pub struct DebugQuery {
    /// Only from this source.
    pub source: Option<SourceId>,
    /// Only of this kind.
    pub kind: Option<EventKind>,
    /// Only with this outcome.
    pub status: Option<DebugStatus>,
    /// Only where the name, an identifier, the message id or a refusal contains this, in any case.
    pub text: Option<String>,
    /// What whoever asks may see; nothing else is sought.
    pub sight: Sight,
}

impl DebugQuery {
    /// Whether `event` is asked for.
    #[must_use]
    pub fn matches(&self, event: &DebugEvent) -> bool {
        self.source.is_none_or(|source| source == event.source)
            && self.kind.is_none_or(|kind| Some(kind) == event.kind)
            && self.status.is_none_or(|status| status == event.status)
            && self
                .text
                .as_deref()
                .is_none_or(|text| event.contains(&text.to_lowercase(), &self.sight))
    }
}

/// One event as the debugger lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebugEvent {
    /// Which event.
    pub seq: EventSeq,
    /// When it reached us.
    pub received_at: Timestamp,
    /// When it happened, where that was understood.
    pub occurred_at: Option<Timestamp>,
    /// Where it came from.
    pub source: SourceId,
    /// Which call it was, where that was understood.
    pub kind: Option<EventKind>,
    /// Its name, where that was understood.
    pub name: Option<String>,
    /// What became of it.
    pub status: DebugStatus,
    /// The customer that it was put down to.
    pub customer: Option<CustomerId>,
    /// The identifier that it came under.
    pub came_under: Option<Identifier>,
    /// The sender's id of it.
    pub message_id: Option<String>,
    /// What is wrong with it.
    pub refusals: Vec<Refusal>,
}

impl DebugEvent {
    /// Whether any of its words that `sight` may see contains `text`, which is in lower case.
    fn contains(&self, text: &str, sight: &Sight) -> bool {
        let has = |words: &str| words.to_lowercase().contains(text);
        self.name.as_deref().is_some_and(has)
            || self.message_id.as_deref().is_some_and(has)
            || self.came_under.as_ref().is_some_and(|i| has(&sight.identifier(i.clone()).value))
            || self.refusals.iter().any(|r| has(&r.field) || has(&r.message))
    }
}

/// What one batch of the processor brought, for those who watch.
#[derive(Clone, Debug)]
pub struct DebugBatch {
    /// The events, oldest first; at most 200.
    pub events: Vec<DebugEvent>,
    /// How many more there were.
    pub n_skipped: u64,
}

/// One event, raw and as understood.
#[derive(Clone, Debug)]
pub struct DebugDetail {
    /// The event as listed.
    pub event: DebugEvent,
    /// The JSON as it was sent; `None` once the log has let go of it.
    pub raw: Option<Box<str>>,
    /// Whether the log has let go of it.
    pub raw_expired: bool,
    /// The event as it was understood.
    pub understood: Option<serde_json::Value>,
    /// How it came.
    pub delivery: DeliveryInfo,
}

/// How an event came.
#[derive(Clone, Debug, Default)]
pub struct DeliveryInfo {
    /// Whose manner of speaking the sender used.
    pub dialect: String,
    /// When the sender says that it sent.
    pub sent_at: Option<Timestamp>,
    /// The sender's address, where it may be kept.
    pub ip: Option<String>,
    /// The sender's program.
    pub user_agent: Option<String>,
    /// The same, parsed.
    pub agent: Option<AgentInfo>,
}

/// A user agent in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentInfo {
    /// The browser or library.
    pub browser: Option<String>,
    /// The operating system.
    pub os: Option<String>,
    /// The class of device.
    pub device: Option<String>,
}
