//! What was agreed that a source sends, and what does it send?

use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::input::{Body, Id};
use crate::options::Api;
use crate::wire::plan::{Plan, PlanChange, SourcePlan, Violation};
use crate::wire::scalar::Time;
use app::access::Right;
use axum::Json;
use axum::extract::State;
use base::{ErrorKind, SourceId};
use collect::TrackingPlan;
use collect::plan::PlanError;
use lexicon::PlanMode;

/// A source's plan beside what it sends.
#[utoipa::path(get, path = "/api/sources/{id}/plan", operation_id = "get_plan", tag = "sources",
    params(("id" = String, Path)), responses((status = 200, body = SourcePlan)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<SourceId>,
) -> Result<Json<SourcePlan>, ApiError> {
    caller.require(Right::ViewSources)?;
    show(&api, id).await
}

/// Agrees on a plan, or on none, and on how strictly it is held to.
#[utoipa::path(put, path = "/api/sources/{id}/plan", operation_id = "change_plan", tag = "sources",
    params(("id" = String, Path)), request_body = PlanChange,
    responses((status = 200, body = SourcePlan)))]
pub async fn put(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<SourceId>,
    Body { value: change, .. }: Body<PlanChange>,
) -> Result<Json<SourcePlan>, ApiError> {
    caller.require(Right::ChangePlans)?;
    let plan = change.plan.map(TrackingPlan::from);
    if let Some(plan) = &plan {
        plan.validate().map_err(|error| not_a_plan(&error))?;
    }
    pin_it(&api, &caller, id, (plan, change.mode.into())).await
}

/// Agrees on what was observed.
#[utoipa::path(post, path = "/api/sources/{id}/plan/pin", operation_id = "pin_observed_plan",
    tag = "sources", params(("id" = String, Path)), responses((status = 200, body = SourcePlan)))]
pub async fn pin(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<SourceId>,
) -> Result<Json<SourcePlan>, ApiError> {
    caller.require(Right::ChangePlans)?;
    let source = api.engine().sources().find(id)?;
    let observed = api.engine().plan_observed(id).await?.plan;
    if observed.events.is_empty() {
        return Err(ApiError::new(
            ErrorKind::Conflict,
            "nothing was observed that could be pinned",
        )
        .with_hint("send some events first"));
    }
    // Through the wire form, which leaves behind what was only counted.
    let plan = TrackingPlan::from(Plan::from(&observed));
    pin_it(&api, &caller, id, (Some(plan), source.plan_mode)).await
}

async fn pin_it(
    api: &Api,
    caller: &SignedIn,
    id: SourceId,
    agreed: (Option<TrackingPlan>, PlanMode),
) -> Result<Json<SourcePlan>, ApiError> {
    let engine = api.engine();
    engine.sources().pin_plan(caller.actor(), id, agreed, engine.now()).await?;
    show(api, id).await
}

async fn show(api: &Api, id: SourceId) -> Result<Json<SourcePlan>, ApiError> {
    let source = api.engine().sources().find(id)?;
    let observed = api.engine().plan_observed(id).await?;
    Ok(Json(SourcePlan {
        mode: source.plan_mode.into(),
        pinned: source.plan.as_deref().map(Plan::from),
        pinned_at: Time::maybe(source.pinned_at),
        pinned_by: source.pinned_by.clone(),
        observed: Plan::from(&observed.plan),
        violations: observed.violations.into_iter().map(Violation::from).collect(),
    }))
}

fn not_a_plan(error: &PlanError) -> ApiError {
    match error {
        PlanError::Content { field, what } => {
            ApiError::field(&format!("plan.{field}"), format!("{field}: {what}"))
        }
        PlanError::Form { .. } => ApiError::field("plan", error.to_string()),
    }
}
