//! What was agreed that a source sends, and what does it send?

use super::scalar::Time;
use super::word::{EventKind, PlanMode, PropertyType, RefusalReason};
use collect::TrackingPlan;
use collect::plan::{PlannedEvent, PlannedProperty};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A tracking plan: the agreed (or observed) events with their properties.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    pub events: Vec<PlanEvent>,
}

/// One event of a plan.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PlanEvent {
    pub name: String,
    pub kind: EventKind,
    /// How often it was seen; `null` in a pinned plan.
    #[serde(default)]
    #[schema(read_only)]
    pub n: Option<u64>,
    pub properties: Vec<PlanProperty>,
}

/// One property of an event of a plan.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PlanProperty {
    pub name: String,
    /// The types that it may have.
    pub types: Vec<PropertyType>,
    /// Whether the event must carry it.
    pub required: bool,
    /// How often it was seen; `null` in a pinned plan.
    #[serde(default)]
    #[schema(read_only)]
    pub n: Option<u64>,
    /// A value that was seen.
    #[serde(default)]
    #[schema(read_only)]
    pub example: Option<String>,
}

impl From<&TrackingPlan> for Plan {
    fn from(plan: &TrackingPlan) -> Self {
        Self { events: plan.events.iter().map(PlanEvent::from).collect() }
    }
}

impl From<&PlannedEvent> for PlanEvent {
    fn from(event: &PlannedEvent) -> Self {
        let properties = event.properties.iter().map(|property| PlanProperty {
            name: property.name.to_string(),
            types: property.types.iter().copied().map(PropertyType::from).collect(),
            required: property.required,
            n: property.n,
            example: property.example.as_deref().map(str::to_owned),
        });
        Self {
            name: event.name.to_string(),
            kind: event.kind.into(),
            n: event.n,
            properties: properties.collect(),
        }
    }
}

impl From<Plan> for TrackingPlan {
    /// What was counted while observing is no part of an agreement, and is left behind.
    fn from(plan: Plan) -> Self {
        Self { events: plan.events.into_iter().map(PlannedEvent::from).collect() }
    }
}

impl From<PlanEvent> for PlannedEvent {
    fn from(event: PlanEvent) -> Self {
        let properties = event.properties.into_iter().map(|property| PlannedProperty {
            name: property.name.into(),
            types: property.types.into_iter().map(Into::into).collect(),
            required: property.required,
            n: None,
            example: None,
        });
        Self {
            name: event.name.into(),
            kind: event.kind.into(),
            n: None,
            properties: properties.collect(),
        }
    }
}

/// What a source does that was not agreed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Violation {
    pub event: String,
    pub property: Option<String>,
    pub reason: RefusalReason,
    pub message: String,
    pub n: u64,
    pub last_at: Time,
}

impl From<app::plan::Violation> for Violation {
    fn from(violation: app::plan::Violation) -> Self {
        Self {
            event: violation.event,
            property: violation.property,
            reason: violation.reason.into(),
            message: violation.message,
            n: violation.n,
            last_at: violation.last_at.into(),
        }
    }
}

/// A source's plan beside what it sends.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourcePlan {
    pub mode: PlanMode,
    /// What was agreed; `null` where nothing was.
    pub pinned: Option<Plan>,
    pub pinned_at: Option<Time>,
    /// Who agreed.
    pub pinned_by: Option<String>,
    /// What it sends.
    pub observed: Plan,
    pub violations: Vec<Violation>,
}

/// A plan to pin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanChange {
    /// `null` unpins.
    pub plan: Option<Plan>,
    pub mode: PlanMode,
}
