//! Where do events come from?

use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::input::{Body, Id, IdempotencyKey, about};
use crate::once::{Creation, create as create_once};
use crate::options::Api;
use crate::wire::list::List;
use crate::wire::source::{NewSource, Source, SourceChange};
use app::SourceActivity;
use app::access::Right;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use base::SourceId;
use http::StatusCode;

/// Every source.
#[utoipa::path(get, path = "/api/sources", operation_id = "list_sources", tag = "sources",
    responses((status = 200, body = List<Source>)))]
pub async fn list(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<List<Source>>, ApiError> {
    caller.require(Right::ViewSources)?;
    let activity = api.engine().source_activity().await?;
    let shows_key = caller.may(Right::ViewWriteKeys);
    let sources = api.engine().sources().all().into_iter().map(|source| {
        let sent = activity.get(&source.id).cloned().unwrap_or_default();
        Source::of(&source, &sent, shows_key)
    });
    Ok(Json(List::whole(sources.collect())))
}

/// Makes a source with a write key of its own.
#[utoipa::path(post, path = "/api/sources", operation_id = "create_source", tag = "sources",
    request_body = NewSource, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Source)))]
pub async fn create(
    State(api): State<Api>,
    caller: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    Body { value: new, text }: Body<NewSource>,
) -> Result<Response, ApiError> {
    caller.require(Right::ChangeSources)?;
    let what = "POST /api/sources";
    let creation = Creation { by: &caller, what, key, body: &text, is_secret: false };
    create_once(&api, creation, async {
        let engine = api.engine();
        let about_it = (new.name.as_str(), new.kind.into());
        let store_ip = engine.store_ip_default();
        let made = engine.sources().create(caller.actor(), about_it, store_ip, engine.now()).await;
        let made = made.map_err(about("name"))?;
        Ok(Source::of(&made, &SourceActivity::default(), caller.may(Right::ViewWriteKeys)))
    })
    .await
}

/// One source.
#[utoipa::path(get, path = "/api/sources/{id}", operation_id = "get_source", tag = "sources",
    params(("id" = String, Path)), responses((status = 200, body = Source)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<SourceId>,
) -> Result<Json<Source>, ApiError> {
    caller.require(Right::ViewSources)?;
    api.engine().sources().find(id)?;
    show(&api, &caller, id).await
}

/// Changes a source.
#[utoipa::path(patch, path = "/api/sources/{id}", operation_id = "change_source", tag = "sources",
    params(("id" = String, Path)), request_body = SourceChange,
    responses((status = 200, body = Source)))]
pub async fn change(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<SourceId>,
    Body { value, .. }: Body<SourceChange>,
) -> Result<Json<Source>, ApiError> {
    caller.require(Right::ChangeSources)?;
    let change = app::sources::SourceChange {
        name: value.name,
        enabled: value.enabled,
        store_ip: value.store_ip,
        plan_mode: value.plan_mode.map(Into::into),
    };
    let engine = api.engine();
    let changed = engine.sources().change(caller.actor(), id, change, engine.now()).await;
    changed.map_err(about("name"))?;
    show(&api, &caller, id).await
}

/// Deletes a source; the events that it sent stay.
#[utoipa::path(delete, path = "/api/sources/{id}", operation_id = "delete_source", tag = "sources",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn delete(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<SourceId>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::ChangeSources)?;
    let engine = api.engine();
    engine.sources().delete(caller.actor(), id, engine.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a source a new write key; the old one stops working at once.
#[utoipa::path(post, path = "/api/sources/{id}/rotate_key", operation_id = "rotate_source_key",
    tag = "sources", params(("id" = String, Path)), responses((status = 200, body = Source)))]
pub async fn rotate_key(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<SourceId>,
) -> Result<Json<Source>, ApiError> {
    caller.require(Right::ChangeSources)?;
    let engine = api.engine();
    engine.sources().rotate_key(caller.actor(), id, engine.now()).await?;
    show(&api, &caller, id).await
}

async fn show(api: &Api, caller: &SignedIn, id: SourceId) -> Result<Json<Source>, ApiError> {
    let source = api.engine().sources().find(id)?;
    let activity = api.engine().source_activity().await?;
    let sent = activity.get(&id).cloned().unwrap_or_default();
    Ok(Json(Source::of(&source, &sent, caller.may(Right::ViewWriteKeys))))
}
