//! How many take one step after the other, and who stops where?

use super::{LISTED_DEFAULT, allow, named};
use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::Body;
use crate::options::Api;
use crate::wire::insight::funnel::{FunnelAnswer, FunnelOfGroup, FunnelPoint, FunnelQuestion};
use crate::wire::insight::refused;
use crate::wire::insight::told::{BehindPoint, Explained};
use app::access::Right;
use axum::Json;
use axum::extract::State;
use base::ErrorKind;
use timeline::Fold;

/// How many customers take one step after the other.
#[utoipa::path(post, path = "/api/insights/funnel", operation_id = "ask_funnel", tag = "insights",
    request_body = FunnelQuestion, responses((status = 200, body = FunnelAnswer)))]
pub async fn ask_funnel(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: question, .. }: Body<FunnelQuestion>,
) -> Result<Json<FunnelAnswer>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let now = api.engine().now();
    let definition = question.definition()?;
    let refused = |bad| refused(&bad);
    let plan = definition.plan(now).map_err(refused)?;
    allow(plan.ask(), &sight(&api, &caller))?;
    let folded = api.engine().fold(plan.clone()).await?;
    let answer = plan.answer(folded.total, &folded.texts);
    let compared = match definition.plan_compared(now).map_err(refused)? {
        None => None,
        Some(plan) => {
            let folded = api.engine().fold(plan.clone()).await?;
            Some(plan.answer(folded.total, &folded.texts).all)
        }
    };
    let window = definition.period.window(&definition.calendar, now).map_err(refused)?;
    let said = (definition.words(), definition.sql(window));
    let explained = Explained::new(said, window, &question.clock, (&folded.seen, now));
    Ok(Json(FunnelAnswer {
        all: (&answer.all).into(),
        groups: answer.groups.iter().map(Into::into).collect(),
        compared: compared.as_ref().map(FunnelOfGroup::from),
        explained,
    }))
}

/// The customers who reached a step, or stopped before it.
#[utoipa::path(post, path = "/api/insights/funnel/customers", operation_id = "list_funnel_customers",
    tag = "insights", request_body = FunnelPoint, responses((status = 200, body = BehindPoint)))]
pub async fn list_funnel_customers(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: point, .. }: Body<FunnelPoint>,
) -> Result<Json<BehindPoint>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    if !(1..=point.question.steps.len()).contains(&point.step) {
        let message = format!("the funnel has steps 1 to {}", point.question.steps.len());
        return Err(ApiError::new(ErrorKind::Invalid, message).at("step"));
    }
    let limit = point.limit.unwrap_or(LISTED_DEFAULT).min(api.engine().limits().page_rows_max);
    let definition = point.question.definition()?;
    let plan = definition.plan(api.engine().now()).map_err(|bad| refused(&bad))?;
    let members = plan.members(point.inner(), limit);
    allow(members.ask(), &sight(&api, &caller))?;
    let folded = api.engine().fold(members.clone()).await?;
    let behind = members.answer(&folded.total, &folded.texts);
    Ok(Json(named(&api, &caller, behind).await?))
}
