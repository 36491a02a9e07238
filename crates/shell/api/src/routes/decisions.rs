//! What did people decide about who is who, and what may they decide?

use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Body, Id, IdempotencyKey, PageParams, Params, about, page};
use crate::once::{Creation, create as create_once};
use crate::options::Api;
use crate::wire::decision::{Decision, DecisionPreview, NewDecision};
use crate::wire::list::List;
use app::access::Right;
use app::edits::Decided;
use app::page::Page;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use base::{CustomerId, Position};

/// Every decision, newest first.
#[utoipa::path(get, path = "/api/decisions", operation_id = "list_decisions", tag = "decisions",
    params(PageParams), responses((status = 200, body = List<Decision>)))]
pub async fn list(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<PageParams>,
) -> Result<Json<List<Decision>>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let page = page(params.limit.as_deref(), params.cursor, api.engine().limits())?;
    let engine = api.engine();
    let found = engine.decisions(&page).await.map_err(about("cursor"))?;
    let told = engine.by_name(found.items).await?;
    let sight = sight(&api, &caller);
    let items = told.into_iter().map(|told| Decision::of(told, &sight)).collect();
    Ok(Json(Page { items, next: found.next }.into()))
}

/// The decisions about one customer, newest first.
#[utoipa::path(get, path = "/api/customers/{id}/decisions",
    operation_id = "list_customer_decisions", tag = "decisions", params(("id" = String, Path)),
    responses((status = 200, body = List<Decision>)))]
pub async fn about_customer(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<CustomerId>,
) -> Result<Json<List<Decision>>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let engine = api.engine();
    let told = engine.by_name(engine.decisions_about(id).await?).await?;
    let sight = sight(&api, &caller);
    Ok(Json(List::whole(told.into_iter().map(|told| Decision::of(told, &sight)).collect())))
}

/// What would be different if this were decided; nothing changes.
#[utoipa::path(post, path = "/api/decisions/preview", operation_id = "preview_decision",
    tag = "decisions", request_body = NewDecision,
    responses((status = 200, body = DecisionPreview)))]
pub async fn preview(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: new, .. }: Body<NewDecision>,
) -> Result<Json<DecisionPreview>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let preview = api.engine().preview_decision(&new.wish()?).await?;
    let preview = sight(&api, &caller).preview(preview);
    Ok(Json(DecisionPreview::of(preview, api.engine().sources())))
}

/// Merges customers, withdraws or restores links, or parts identifiers from a customer. When the
/// answer is there, every page shows it.
#[utoipa::path(post, path = "/api/decisions", operation_id = "decide", tag = "decisions",
    request_body = NewDecision, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Decision)))]
pub async fn decide(
    State(api): State<Api>,
    caller: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    Body { value: new, text }: Body<NewDecision>,
) -> Result<Response, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    let wish = new.wish()?;
    let what = "POST /api/decisions";
    let creation = Creation { by: &caller, what, key, body: &text, is_secret: false };
    create_once(&api, creation, async {
        let decided = api.engine().decide(caller.actor(), &wish, &new.reason).await?;
        one(&api, &caller, decided).await
    })
    .await
}

/// Takes a decision back; the customers are then what follows from the links that are left.
#[utoipa::path(post, path = "/api/decisions/{id}/undo", operation_id = "undo_decision",
    tag = "decisions", params(("id" = String, Path)), responses((status = 200, body = Decision)))]
pub async fn undo(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<Position>,
) -> Result<Json<Decision>, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    let decided = api.engine().undo_decision(caller.actor(), id).await?;
    Ok(Json(one(&api, &caller, decided).await?))
}

/// What would be different if a decision were taken back; nothing changes.
#[utoipa::path(get, path = "/api/decisions/{id}/undo", operation_id = "preview_undo",
    tag = "decisions", params(("id" = String, Path)),
    responses((status = 200, body = DecisionPreview)))]
pub async fn preview_undo(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<Position>,
) -> Result<Json<DecisionPreview>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let preview = api.engine().preview_undo(id).await?;
    let preview = sight(&api, &caller).preview(preview);
    Ok(Json(DecisionPreview::of(preview, api.engine().sources())))
}

async fn one(api: &Api, caller: &SignedIn, decided: Decided) -> Result<Decision, ApiError> {
    let told = api.engine().by_name(vec![decided]).await?.pop().expect("of one, one is told");
    Ok(Decision::of(told, &sight(api, caller)))
}
