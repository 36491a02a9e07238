//! Where do events come from?

use super::scalar::Time;
use super::word::{PlanMode, SourceKind};
use app::SourceActivity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A source with what it sent lately.
#[derive(Debug, Serialize, ToSchema)]
pub struct Source {
    #[schema(examples("s_0001"))]
    pub id: String,
    pub name: String,
    pub kind: SourceKind,
    /// `null` for those who may not see write keys.
    pub write_key: Option<String>,
    /// A source that is off refuses events.
    pub enabled: bool,
    /// Whether senders' addresses are kept.
    pub store_ip: bool,
    pub plan_mode: PlanMode,
    /// Whether a tracking plan is pinned.
    pub has_plan: bool,
    pub created_at: Time,
    pub last_event_at: Option<Time>,
    pub n_24h: u64,
    pub n_refused_24h: u64,
}

impl Source {
    /// The wire form of `source`, its write key only where the reader may see it.
    pub fn of(source: &app::sources::Source, sent: &SourceActivity, shows_key: bool) -> Self {
        Self {
            id: source.id.to_string(),
            name: source.name.clone(),
            kind: source.kind.into(),
            write_key: shows_key.then(|| source.write_key.clone()),
            enabled: source.enabled,
            store_ip: source.store_ip,
            plan_mode: source.plan_mode.into(),
            has_plan: source.plan.is_some(),
            created_at: source.created_at.into(),
            last_event_at: Time::maybe(sent.last_event_at),
            n_24h: sent.n_24h,
            n_refused_24h: sent.n_refused_24h,
        }
    }
}

/// A source to create.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSource {
    pub name: String,
    /// `browser`, `mobile` or `server`.
    pub kind: SourceKind,
}

/// What to change about a source; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceChange {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub store_ip: Option<bool>,
    #[serde(default)]
    pub enabled: Option<bool>,
    #[serde(default)]
    pub plan_mode: Option<PlanMode>,
}
