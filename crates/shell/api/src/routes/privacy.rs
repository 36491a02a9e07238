//! What did customers ask for, whose data rest, and how long are events kept?

use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::input::{Body, Id, IdempotencyKey, PageParams, Params, about, page};
use crate::once::{Creation, create as create_once};
use crate::options::Api;
use crate::wire::list::List;
use crate::wire::privacy::{
    ConsentReport, NewPrivacyRequest, NewSuspension, PrivacyRequest, PrivacyRequestChange,
    PrivacyRequestSummary, RetentionChange, RetentionPreview, RetentionRules, RetentionTrial,
    Suspension, customer, request,
};
use app::access::Right;
use app::privacy::{RequestKind, RequestQuery, RequestStatus};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use base::{CustomerId, RequestId};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which requests to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RequestsParams {
    /// One or more of `open`, `in_progress`, `done`, `refused`, with commas between them.
    status: Option<String>,
    /// One or more of `access`, `erasure`, `restriction`, `rectification`, `objection`.
    kind: Option<String>,
    customer_id: Option<String>,
    /// Rows of the page, 500 at most.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Requests: the open ones first, the one due first on top.
#[utoipa::path(get, path = "/api/privacy/requests", operation_id = "list_privacy_requests",
    tag = "privacy", params(RequestsParams),
    responses((status = 200, body = List<PrivacyRequest>)))]
pub async fn list(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<RequestsParams>,
) -> Result<Json<List<PrivacyRequest>>, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    let page = page(params.limit.as_deref(), params.cursor, api.engine().limits())?;
    let query = RequestQuery {
        kinds: several("kind", params.kind.as_deref(), RequestKind::from_slug)?,
        statuses: several("status", params.status.as_deref(), RequestStatus::from_slug)?,
        customer: customer(params.customer_id.as_deref())?,
    };
    let found = api.engine().privacy_requests(&query, &page).await.map_err(about("cursor"))?;
    Ok(Json(found.map(PrivacyRequest::from).into()))
}

fn several<T>(
    field: &str,
    text: Option<&str>,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, ApiError> {
    let words = text.unwrap_or("").split(',').map(str::trim).filter(|word| !word.is_empty());
    let word = |word: &str| {
        read(word).ok_or_else(|| ApiError::field(field, format!("there is no {field} '{word}'")))
    };
    words.map(word).collect()
}

/// How many requests there are, and when the next is due.
#[utoipa::path(get, path = "/api/privacy/requests/summary",
    operation_id = "get_privacy_request_summary", tag = "privacy",
    responses((status = 200, body = PrivacyRequestSummary)))]
pub async fn summary(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<PrivacyRequestSummary>, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    Ok(Json(api.engine().privacy_request_summary().await?.into()))
}

/// Puts down a request that came.
#[utoipa::path(post, path = "/api/privacy/requests", operation_id = "create_privacy_request",
    tag = "privacy", request_body = NewPrivacyRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PrivacyRequest)))]
pub async fn create(
    State(api): State<Api>,
    caller: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    Body { value: new, text }: Body<NewPrivacyRequest>,
) -> Result<Response, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    let new = new.read()?;
    let what = "POST /api/privacy/requests";
    let creation = Creation { by: &caller, what, key, body: &text, is_secret: false };
    create_once(&api, creation, async {
        let created = api.engine().create_privacy_request(caller.actor(), new).await?;
        Ok(PrivacyRequest::from(created))
    })
    .await
}

/// One request.
#[utoipa::path(get, path = "/api/privacy/requests/{id}", operation_id = "get_privacy_request",
    tag = "privacy", params(("id" = String, Path)),
    responses((status = 200, body = PrivacyRequest)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<RequestId>,
) -> Result<Json<PrivacyRequest>, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    Ok(Json(api.engine().privacy_request(id).await?.into()))
}

/// Changes a request, or closes it.
#[utoipa::path(patch, path = "/api/privacy/requests/{id}",
    operation_id = "change_privacy_request", tag = "privacy", params(("id" = String, Path)),
    request_body = PrivacyRequestChange, responses((status = 200, body = PrivacyRequest)))]
pub async fn change(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<RequestId>,
    Body { value: change, .. }: Body<PrivacyRequestChange>,
) -> Result<Json<PrivacyRequest>, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    let changed = api.engine().change_privacy_request(caller.actor(), id, change.read()?).await?;
    Ok(Json(changed.into()))
}

/// Everybody whose data rest, the latest first.
#[utoipa::path(get, path = "/api/privacy/suspensions", operation_id = "list_suspensions",
    tag = "privacy", responses((status = 200, body = List<Suspension>)))]
pub async fn suspensions(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<List<Suspension>>, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    let found = api.engine().suspensions().await?;
    Ok(Json(List::whole(found.into_iter().map(Suspension::from).collect())))
}

/// Lets the data of a customer rest: they are kept, and used for nothing.
#[utoipa::path(post, path = "/api/customers/{id}/suspension", operation_id = "suspend_customer",
    tag = "privacy", params(("id" = String, Path)), request_body = NewSuspension,
    responses((status = 200, body = Suspension)))]
pub async fn suspend(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<CustomerId>,
    Body { value: new, .. }: Body<NewSuspension>,
) -> Result<Json<Suspension>, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    let of = request(new.request_id.as_deref())?;
    Ok(Json(api.engine().suspend(caller.actor(), id, &new.reason, of).await?.into()))
}

/// Lets the data of a customer be used again.
#[utoipa::path(delete, path = "/api/customers/{id}/suspension", operation_id = "resume_customer",
    tag = "privacy", params(("id" = String, Path)), responses((status = 204)))]
pub async fn resume(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<CustomerId>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    api.engine().resume(caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How long events are kept.
#[utoipa::path(get, path = "/api/privacy/retention", operation_id = "get_retention",
    tag = "privacy", responses((status = 200, body = RetentionRules)))]
pub async fn retention(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<RetentionRules>, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    Ok(Json(RetentionRules::from(&*api.engine().retention())))
}

/// Agrees on how long events are kept. What is too old goes within a day.
#[utoipa::path(put, path = "/api/privacy/retention", operation_id = "change_retention",
    tag = "privacy", request_body = RetentionChange,
    responses((status = 200, body = RetentionRules)))]
pub async fn change_retention(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: change, .. }: Body<RetentionChange>,
) -> Result<Json<RetentionRules>, ApiError> {
    caller.require(Right::EraseCustomers)?;
    let rules = change.rules.into_iter().map(Into::into).collect();
    let agreed = api.engine().change_retention(caller.actor(), change.version, rules).await;
    Ok(Json(RetentionRules::from(&*agreed.map_err(about("rules"))?)))
}

/// How much would go by these rules; nothing changes. Reads every event.
#[utoipa::path(post, path = "/api/privacy/retention/preview", operation_id = "preview_retention",
    tag = "privacy", request_body = RetentionTrial,
    responses((status = 200, body = RetentionPreview)))]
pub async fn preview_retention(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: trial, .. }: Body<RetentionTrial>,
) -> Result<Json<RetentionPreview>, ApiError> {
    caller.require(Right::EraseCustomers)?;
    let rules = trial.rules.into_iter().map(Into::into).collect();
    let preview = api.engine().preview_retention(rules).await.map_err(about("rules"))?;
    Ok(Json(preview.into()))
}

/// Who agreed to what, in numbers; at most a minute old.
#[utoipa::path(get, path = "/api/privacy/consents", operation_id = "get_consent_report",
    tag = "privacy", responses((status = 200, body = ConsentReport)))]
pub async fn consents(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<ConsentReport>, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    let report = api.engine().consent_report().await?;
    Ok(Json(ConsentReport::of(&report, api.engine().sources())))
}

/// So that lists of erasures and of requests are asked for alike.
pub(crate) fn page_of(api: &Api, params: PageParams) -> Result<app::page::PageQuery, ApiError> {
    page(params.limit.as_deref(), params.cursor, api.engine().limits())
}
