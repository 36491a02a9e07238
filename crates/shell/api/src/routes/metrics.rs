//! On which numbers did the house agree, and what do they come to?

use super::insights::Desk;
use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Body, IdempotencyKey};
use crate::once::{Creation, create as create_once};
use crate::options::Api;
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::trend::{TrendAnswer, TrendCompared};
use crate::wire::metric::{
    Metric, MetricAnswer, MetricChange, MetricDraft, MetricQuestion, MetricVersion, MetricVersions,
    Metrics, UsualMetric, UsualMetrics, UsualMetricsWish, currency, refused, told,
};
use app::access::Right;
use app::metrics::{MetricPlan, usual};
use app::traits::Sight;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

/// Every metric, those out of use too.
#[utoipa::path(get, path = "/api/metrics", operation_id = "list_metrics", tag = "metrics",
    responses((status = 200, body = Metrics)))]
pub async fn list(State(api): State<Api>, caller: SignedIn) -> Result<Json<Metrics>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let metrics = api.engine().metrics().list().await?;
    Ok(Json(Metrics { metrics: metrics.iter().map(Metric::of).collect() }))
}

/// Adds a metric.
#[utoipa::path(post, path = "/api/metrics", operation_id = "create_metric", tag = "metrics",
    request_body = MetricDraft, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Metric)))]
pub async fn create(
    State(api): State<Api>,
    caller: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    Body { value: draft, text }: Body<MetricDraft>,
) -> Result<Response, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let what = "POST /api/metrics";
    let creation = Creation { by: &caller, what, key, body: &text, is_secret: false };
    create_once(&api, creation, async {
        let metric = draft.inner(&caller.actor().name)?;
        metric.check().map_err(|bad| refused(&bad))?;
        let engine = api.engine();
        let made = engine.metrics().create(caller.actor(), metric, engine.now()).await?;
        Ok(Metric::of(&made))
    })
    .await
}

/// A metric.
#[utoipa::path(get, path = "/api/metrics/{key}", operation_id = "get_metric", tag = "metrics",
    params(("key" = String, Path)), responses((status = 200, body = Metric)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Path(key): Path<String>,
) -> Result<Json<Metric>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    Ok(Json(Metric::of(&api.engine().metrics().get(&key).await?)))
}

/// Changes a metric: a new version where something else is measured or counted, else its words
/// alone. A metric that was out of use is in use again.
#[utoipa::path(put, path = "/api/metrics/{key}", operation_id = "change_metric", tag = "metrics",
    params(("key" = String, Path)), request_body = MetricChange,
    responses((status = 200, body = Metric)))]
pub async fn change(
    State(api): State<Api>,
    caller: SignedIn,
    Path(key): Path<String>,
    Body { value: change, .. }: Body<MetricChange>,
) -> Result<Json<Metric>, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let engine = api.engine();
    let revision = change.revision;
    let to = change.inner(&key)?;
    to.check().map_err(|bad| refused(&bad))?;
    let what = (key.as_str(), revision);
    let changed = engine.metrics().change(caller.actor(), what, to, engine.now()).await?;
    Ok(Json(Metric::of(&changed)))
}

/// Takes a metric out of use; boards that show it go on.
#[utoipa::path(delete, path = "/api/metrics/{key}", operation_id = "archive_metric",
    tag = "metrics", params(("key" = String, Path)), responses((status = 204)))]
pub async fn archive(
    State(api): State<Api>,
    caller: SignedIn,
    Path(key): Path<String>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let engine = api.engine();
    engine.metrics().archive(caller.actor(), &key, engine.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a metric measured under each version.
#[utoipa::path(get, path = "/api/metrics/{key}/versions", operation_id = "list_metric_versions",
    tag = "metrics", params(("key" = String, Path)),
    responses((status = 200, body = MetricVersions)))]
pub async fn versions(
    State(api): State<Api>,
    caller: SignedIn,
    Path(key): Path<String>,
) -> Result<Json<MetricVersions>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let versions = api.engine().metrics().versions(&key).await?;
    Ok(Json(MetricVersions { versions: versions.iter().map(MetricVersion::of).collect() }))
}

/// What a metric comes to over some time.
#[utoipa::path(post, path = "/api/metrics/{key}/answer", operation_id = "answer_metric",
    tag = "metrics", params(("key" = String, Path)), request_body = MetricQuestion,
    responses((status = 200, body = MetricAnswer)))]
pub async fn answer(
    State(api): State<Api>,
    caller: SignedIn,
    Path(key): Path<String>,
    Body { value: question, .. }: Body<MetricQuestion>,
) -> Result<Json<MetricAnswer>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    Ok(Json(answered(&api, &sight(&api, &caller), &key, &question).await?))
}

/// The metrics that nearly every house has.
#[utoipa::path(get, path = "/api/metrics/usual", operation_id = "list_usual_metrics",
    tag = "metrics", responses((status = 200, body = UsualMetrics)))]
pub async fn list_usual(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<UsualMetrics>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let there = api.engine().metrics().list().await?;
    let told = |metric: insight::metric::Metric| UsualMetric {
        is_there: there.iter().any(|kept| kept.metric.id == metric.id),
        key: metric.id.to_string(),
        name: metric.name.to_string(),
        note: metric.description.to_string(),
        words: metric.measure.words(),
    };
    Ok(Json(UsualMetrics { metrics: usual(None).into_iter().map(told).collect() }))
}

/// Adds those of the usual metrics that are not there yet; answers those that were added.
#[utoipa::path(post, path = "/api/metrics/usual", operation_id = "add_usual_metrics",
    tag = "metrics", request_body = UsualMetricsWish, responses((status = 200, body = Metrics)))]
pub async fn add_usual(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: wish, .. }: Body<UsualMetricsWish>,
) -> Result<Json<Metrics>, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let money = wish.currency.as_deref().map(|code| currency("currency", code)).transpose()?;
    let engine = api.engine();
    let (metrics, keys) = (engine.metrics(), wish.keys.as_deref());
    let added = metrics.add_usual(caller.actor(), (money, keys), engine.now()).await?;
    Ok(Json(Metrics { metrics: added.iter().map(Metric::of).collect() }))
}

/// The answer for somebody who may ask, and has this sight.
///
/// # Errors
/// `NotFound` where there is no such metric; else those of
/// [`insights::answer`](super::insights::answer).
pub async fn answered(
    api: &Api,
    sight: &Sight,
    key: &str,
    question: &MetricQuestion,
) -> Result<MetricAnswer, ApiError> {
    let engine = api.engine();
    let desk = Desk::new(api, sight.clone());
    let kept = engine.metrics().get_version(key, question.version).await?;
    let plan = MetricPlan::new(&kept.metric, question.frame()?, desk.now());
    let plan = plan.map_err(|bad| refused(&bad))?;
    desk.allow(plan.ask())?;
    let found = engine.answer_metric(plan).await?;
    let unit = &kept.metric.unit;
    let metric = Metric::of(&kept);
    let said = Said {
        words: found.words,
        sql: Some(found.sql),
        unit: Some(unit.words()),
        window: found.window,
        left_out: metric.definition.left_out(),
    };
    let TrendCompared { spans, lines } = told(&found.answer, unit);
    let answer = TrendAnswer {
        spans,
        groups: found.answer.groups.iter().map(Into::into).collect(),
        lines,
        compared: found.compared.as_ref().map(|before| told(before, unit)),
        explained: Explained::new(said, &question.clock, (&found.seen, desk.now())),
    };
    Ok(MetricAnswer { metric, answer })
}
