//! Who belongs to whom, and who makes others buy?

use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Id, PageParams, Params, Two, about, page, parsed};
use crate::options::Api;
use crate::wire::by_hand::SaidByHand;
use crate::wire::list::List;
use crate::wire::relation::{Influence, Influencers, Relations};
use app::access::Right;
use app::relations::HouseholdKey;
use axum::Json;
use axum::extract::State;
use base::{CustomerId, Position};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

/// Everything that relates a customer to others: households, referrals, mentions.
#[utoipa::path(get, path = "/api/customers/{id}/relations", operation_id = "get_relations",
    tag = "relations", params(("id" = String, Path)),
    responses((status = 200, body = Relations)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<CustomerId>,
) -> Result<Json<Relations>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let engine = api.engine();
    let sight = sight(&api, &caller);
    let view = engine.relations(id, &sight).await?;
    Ok(Json(Relations::of(view, engine.sources(), &sight)))
}

/// How long an order counts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WindowParams {
    /// From 7 to 365; 30 where nothing is said.
    #[param(value_type = Option<u32>)]
    window_days: Option<String>,
}

impl WindowParams {
    fn days(&self) -> Result<Option<u32>, ApiError> {
        parsed("window_days", self.window_days.as_deref(), "a number of days from 7 to 365")
    }
}

/// How many people ordered because of a customer, beyond those who would have anyway.
#[utoipa::path(get, path = "/api/customers/{id}/influence", operation_id = "get_influence",
    tag = "relations", params(("id" = String, Path), WindowParams),
    responses((status = 200, body = Influence)))]
pub async fn influence(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<CustomerId>,
    Params(params): Params<WindowParams>,
) -> Result<Json<Influence>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let sight = sight(&api, &caller);
    let found = api.engine().influence(id, params.days()?, &sight).await;
    Ok(Json(Influence::of(found.map_err(about("window_days"))?, &sight)))
}

/// The customers with the most influence, by the lower end of the interval.
#[utoipa::path(get, path = "/api/influencers", operation_id = "list_influencers",
    tag = "relations", params(WindowParams), responses((status = 200, body = Influencers)))]
pub async fn influencers(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<WindowParams>,
) -> Result<Json<Influencers>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let sight = sight(&api, &caller);
    let found = api.engine().influencers(params.days()?, &sight).await;
    Ok(Json(Influencers::of(found.map_err(about("window_days"))?, &sight)))
}

/// Takes a customer out of a household, for good.
#[utoipa::path(delete, path = "/api/customers/{id}/households/{key}",
    operation_id = "remove_from_household", tag = "relations",
    params(("id" = String, Path), ("key" = String, Path)), responses((status = 204)))]
pub async fn remove(
    State(api): State<Api>,
    caller: SignedIn,
    Two(id, key): Two<CustomerId, HouseholdKey>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    api.engine().remove_from_household(caller.actor(), id, key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a customer back into a household that they were taken out of.
#[utoipa::path(put, path = "/api/customers/{id}/households/{key}",
    operation_id = "put_back_into_household", tag = "relations",
    params(("id" = String, Path), ("key" = String, Path)), responses((status = 204)))]
pub async fn put_back(
    State(api): State<Api>,
    caller: SignedIn,
    Two(id, key): Two<CustomerId, HouseholdKey>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    api.engine().put_back_into_household(caller.actor(), id, key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What people said by hand of who belongs where (members, domains, households), newest first.
#[utoipa::path(get, path = "/api/relations/by_hand", operation_id = "list_said_by_hand",
    tag = "relations", params(PageParams), responses((status = 200, body = List<SaidByHand>)))]
pub async fn by_hand(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<PageParams>,
) -> Result<Json<List<SaidByHand>>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let page = page(params.limit.as_deref(), params.cursor, api.engine().limits())?;
    let found = api.engine().said_by_hand(&page).await.map_err(about("cursor"))?;
    Ok(Json(found.map(SaidByHand::from).into()))
}

/// Takes back what was said by hand: what was said there before holds again.
#[utoipa::path(post, path = "/api/relations/by_hand/{id}/undo", operation_id = "undo_said_by_hand",
    tag = "relations", params(("id" = String, Path)),
    responses((status = 200, body = SaidByHand)))]
pub async fn undo_by_hand(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<Position>,
) -> Result<Json<SaidByHand>, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    Ok(Json(api.engine().take_back_word(caller.actor(), id).await?.into()))
}
