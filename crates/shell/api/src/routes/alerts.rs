//! Who wishes to be told when a metric is not as it should be, and what were they told?

use super::insights::Desk;
use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Body, Id, IdempotencyKey, Params, page, parsed};
use crate::once::{Creation, create as create_once};
use crate::options::Api;
use crate::wire::alert::{
    Alert, AlertAttempt, AlertChange, AlertDraft, AlertJudgement, AlertTest, Alerts, Firing,
    Firings, FiringsSeen,
};
use crate::wire::metric::refused;
use app::access::Right;
use app::alerts::AlertRule;
use app::metrics::{Metric, MetricVersion};
use app::traits::Sight;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use base::{AlertId, ErrorKind, FiringId};
use http::StatusCode;
use serde::Deserialize;
use std::collections::HashMap;
use utoipa::IntoParams;

/// Every alert.
#[utoipa::path(get, path = "/api/alerts", operation_id = "list_alerts", tag = "alerts",
    responses((status = 200, body = Alerts)))]
pub async fn list(State(api): State<Api>, caller: SignedIn) -> Result<Json<Alerts>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let mut reader = Reader::new(&api, sight(&api, &caller));
    let mut alerts = Vec::new();
    for kept in api.engine().alerts().list().await? {
        let may_see = reader.may_see(&kept.rule.metric).await?;
        alerts.push(Alert::of(kept, may_see));
    }
    Ok(Json(Alerts { alerts }))
}

/// Makes an alert. The secret of its webhook is told in this answer and never again.
#[utoipa::path(post, path = "/api/alerts", operation_id = "create_alert", tag = "alerts",
    request_body = AlertDraft, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Alert)))]
pub async fn create(
    State(api): State<Api>,
    caller: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    Body { value: draft, text }: Body<AlertDraft>,
) -> Result<Response, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let (what, is_secret) = ("POST /api/alerts", draft.webhook.is_some());
    let creation = Creation { by: &caller, what, key, body: &text, is_secret };
    create_once(&api, creation, async {
        let engine = api.engine();
        let draft = draft.inner()?;
        check(&api, &caller, &draft.rule).await?;
        let made = engine.alerts().create(caller.actor(), draft, engine.now()).await;
        Ok(Alert::with_secret(made.map_err(about_webhook)?))
    })
    .await
}

/// An alert.
#[utoipa::path(get, path = "/api/alerts/{id}", operation_id = "get_alert", tag = "alerts",
    params(("id" = String, Path)), responses((status = 200, body = Alert)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<AlertId>,
) -> Result<Json<Alert>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let kept = api.engine().alerts().get(id).await?;
    let may_see = Reader::new(&api, sight(&api, &caller)).may_see(&kept.rule.metric).await?;
    Ok(Json(Alert::of(kept, may_see)))
}

/// Changes an alert. Another address of its webhook gets a new secret, which is told in this
/// answer and never again.
#[utoipa::path(put, path = "/api/alerts/{id}", operation_id = "change_alert", tag = "alerts",
    params(("id" = String, Path)), request_body = AlertChange,
    responses((status = 200, body = Alert)))]
pub async fn change(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<AlertId>,
    Body { value: change, .. }: Body<AlertChange>,
) -> Result<Json<Alert>, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let engine = api.engine();
    let before = engine.alerts().get(id).await?;
    let what = (id, change.version);
    let draft = change.inner()?;
    check(&api, &caller, &draft.rule).await?;
    let changed = engine.alerts().change(caller.actor(), what, draft, engine.now()).await;
    let changed = changed.map_err(about_webhook)?;
    let is_new = changed.webhook != before.webhook;
    Ok(Json(if is_new { Alert::with_secret(changed) } else { Alert::of(changed, true) }))
}

/// Deletes an alert, and with it all that it told.
#[utoipa::path(delete, path = "/api/alerts/{id}", operation_id = "delete_alert", tag = "alerts",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn delete(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<AlertId>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let engine = api.engine();
    engine.alerts().delete(caller.actor(), id, engine.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What an alert finds of the last span that has ended. Its server is told so as a test; nothing is
/// put down.
#[utoipa::path(post, path = "/api/alerts/{id}/test", operation_id = "test_alert", tag = "alerts",
    params(("id" = String, Path)), responses((status = 200, body = AlertTest)))]
pub async fn test(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<AlertId>,
) -> Result<Json<AlertTest>, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let engine = api.engine();
    let alert = engine.alerts().get(id).await?;
    check(&api, &caller, &alert.rule).await?;
    let found = engine.try_alert(&alert).await?;
    let posted = match &found {
        Some(found) => engine.test_webhook(&alert, found).await?,
        None => None,
    };
    Ok(Json(AlertTest {
        judgement: found.as_ref().map(|found| AlertJudgement::of(found, true)),
        delivery: posted.map(|posted| AlertAttempt::of(posted, engine.now())),
    }))
}

/// Which firings.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FiringParams {
    /// The id of an alert; all of them where nothing is said.
    alert: Option<String>,
    /// Rows of the page, 500 at most.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What alerts told, the newest first.
#[utoipa::path(get, path = "/api/alerts/firings", operation_id = "list_firings", tag = "alerts",
    params(FiringParams), responses((status = 200, body = Firings)))]
pub async fn firings(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<FiringParams>,
) -> Result<Json<Firings>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let engine = api.engine();
    let alert = parsed::<AlertId>("alert", params.alert.as_deref(), "an id like w_0001")?;
    let page = page(params.limit.as_deref(), params.cursor, engine.limits())?;
    let (alerts, key) = (engine.alerts(), caller.caller().key());
    let found = alerts.firings(alert, &key, &page).await?;
    let mut reader = Reader::new(&api, sight(&api, &caller));
    let mut firings = Vec::new();
    for kept in found.items {
        let may_see = reader.may_see(&kept.metric).await?;
        firings.push(Firing::of(kept, may_see));
    }
    let n_unseen = alerts.n_unseen(&key).await?;
    Ok(Json(Firings { firings, next_cursor: found.next, n_unseen }))
}

/// Says that whoever asks has looked at all firings up to one.
#[utoipa::path(post, path = "/api/alerts/firings/seen", operation_id = "see_firings",
    tag = "alerts", request_body = FiringsSeen, responses((status = 204)))]
pub async fn see(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: seen, .. }: Body<FiringsSeen>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let through: FiringId =
        seen.through.parse().map_err(|_| ApiError::field("through", "an id like f_0001"))?;
    api.engine().alerts().see(&caller.caller().key(), through).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// That the metric is there, can be asked by these spans, and may be seen by whoever makes the
/// alert: what an alert tells would show it.
async fn check(api: &Api, caller: &SignedIn, rule: &AlertRule) -> Result<(), ApiError> {
    let found = api.engine().metrics().get(&rule.metric).await;
    let metric = found.map_err(|error| match error.kind() {
        ErrorKind::NotFound => ApiError::field("metric", error.message()),
        _ => error.into(),
    })?;
    let desk = Desk::of(api, caller)?;
    let plan = rule.plan(&metric.metric, 1, desk.now()).map_err(|bad| refused(&bad))?;
    desk.allow(plan.ask())
}

fn about_webhook(error: base::Error) -> ApiError {
    let is_of_webhook = error.kind() == ErrorKind::Invalid && error.message().contains("webhook");
    let failure = ApiError::from(error);
    if is_of_webhook { failure.at("webhook.url") } else { failure }
}

/// Somebody who reads what alerts told, and may not see every metric.
struct Reader<'a> {
    api: &'a Api,
    sight: Sight,
    known: HashMap<String, bool>,
}

impl<'a> Reader<'a> {
    fn new(api: &'a Api, sight: Sight) -> Self {
        Self { api, sight, known: HashMap::new() }
    }

    /// Whether they may see the numbers of a metric; not those of one that is not there any more,
    /// unless they see everything.
    async fn may_see(&mut self, key: &str) -> Result<bool, ApiError> {
        if self.sight.is_clear() {
            return Ok(true);
        }
        if let Some(known) = self.known.get(key) {
            return Ok(*known);
        }
        let may_see = match self.api.engine().metrics().versions(key).await {
            Ok(versions) => self.may_see_all(key, versions).await?,
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(error.into()),
        };
        self.known.insert(key.to_owned(), may_see);
        Ok(may_see)
    }

    /// Whether they may see what every version of a metric looks at.
    async fn may_see_all(&self, key: &str, versions: Vec<MetricVersion>) -> Result<bool, ApiError> {
        let desk = Desk::new(self.api, self.sight.clone());
        let kept = self.api.engine().metrics().get(key).await?.metric;
        for version in versions {
            let then = Metric { measure: version.measure, ..kept.clone() };
            let rule = AlertRule::by_week(key);
            let plan = rule.plan(&then, 1, desk.now());
            if plan.is_ok_and(|plan| desk.allow(plan.ask()).is_err()) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
