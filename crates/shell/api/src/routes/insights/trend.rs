//! How often, by how many, with which numbers, over time?

use super::{LISTED_DEFAULT, allow, named};
use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::Body;
use crate::options::Api;
use crate::wire::insight::refused;
use crate::wire::insight::told::{BehindPoint, Explained};
use crate::wire::insight::trend::{TrendAnswer, TrendCompared, TrendPoint, TrendQuestion};
use app::access::Right;
use app::insights::Seen;
use axum::Json;
use axum::extract::State;
use base::ErrorKind;
use insight::TooMuch;
use insight::trend::{Answer, Plan};
use timeline::Fold;

/// How often something happens, to how many, with which numbers, over time.
#[utoipa::path(post, path = "/api/insights/trend", operation_id = "ask_trend", tag = "insights",
    request_body = TrendQuestion, responses((status = 200, body = TrendAnswer)))]
pub async fn ask_trend(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: question, .. }: Body<TrendQuestion>,
) -> Result<Json<TrendAnswer>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let now = api.engine().now();
    let definition = question.definition()?;
    let plan = definition.plan(now).map_err(|bad| refused(&bad))?;
    allow(plan.ask(), &sight(&api, &caller))?;
    let (answer, seen) = answered(&api, &plan).await?;
    let compared = match definition.plan_compared(now).map_err(|bad| refused(&bad))? {
        None => None,
        Some(plan) => {
            let folded = api.engine().fold(plan.clone()).await?;
            let before = plan.answer_in(&answer.groups, folded.total, &folded.texts);
            Some(TrendCompared::of(&before.map_err(too_much)?))
        }
    };
    let said = (definition.words(), Some(plan.sql()));
    let window = plan.spans().window();
    let TrendCompared { spans, lines } = TrendCompared::of(&answer);
    Ok(Json(TrendAnswer {
        spans,
        groups: answer.groups.iter().map(Into::into).collect(),
        lines,
        compared,
        explained: Explained::new(said, window, &question.clock, (&seen, now)),
    }))
}

/// The customers behind a point of a trend.
#[utoipa::path(post, path = "/api/insights/trend/customers", operation_id = "list_trend_customers",
    tag = "insights", request_body = TrendPoint, responses((status = 200, body = BehindPoint)))]
pub async fn list_trend_customers(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: point, .. }: Body<TrendPoint>,
) -> Result<Json<BehindPoint>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let missing = |field: &str| {
        ApiError::new(ErrorKind::Invalid, format!("the answer has no such {field}")).at(field)
    };
    if point.series >= point.question.series.len() {
        return Err(missing("series"));
    }
    let plan = point.question.definition()?.plan(api.engine().now());
    let plan = plan.map_err(|bad| refused(&bad))?;
    allow(plan.ask(), &sight(&api, &caller))?;
    if point.span.is_some_and(|span| span >= plan.spans().len()) {
        return Err(missing("span"));
    }
    // Which values have a group of their own follows from the answer.
    let (answer, _) = answered(&api, &plan).await?;
    let group = answer.groups.get(point.group).ok_or_else(|| missing("group"))?;
    let limit = point.limit.unwrap_or(LISTED_DEFAULT).min(api.engine().limits().page_rows_max);
    let behind = plan.behind((point.series, group, point.span), &answer, limit);
    let folded = api.engine().fold(behind.clone()).await?;
    let behind = behind.answer(folded.total, &folded.texts);
    Ok(Json(named(&api, &caller, behind).await?))
}

async fn answered(api: &Api, plan: &Plan) -> Result<(Answer, Seen), ApiError> {
    let folded = api.engine().fold(plan.clone()).await?;
    let answer = plan.answer(folded.total, &folded.texts).map_err(too_much)?;
    Ok((answer, folded.seen))
}

fn too_much(too_much: TooMuch) -> ApiError {
    ApiError::new(ErrorKind::Limited, too_much.to_string())
}
