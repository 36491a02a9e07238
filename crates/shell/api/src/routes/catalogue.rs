//! What can a question be put together of?

use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Params, about, page, plain, words};
use crate::options::Api;
use crate::wire::catalogue::{
    CatalogueEvents, CatalogueField, CatalogueProperties, CatalogueTraits, CatalogueValues,
};
use crate::wire::word::word;
use app::access::Right;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use timeline::Field;
use utoipa::IntoParams;

/// What is searched for in names.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CatalogueSearch {
    /// A part of the name, in small letters or capitals.
    q: Option<String>,
    /// How many are wanted, 50 where nothing is said.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// Whose fields are searched.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CataloguePropertiesParams {
    /// The name of the events; without it the fields of all.
    event: Option<String>,
    /// A part of the path.
    q: Option<String>,
    /// How many are wanted, 50 where nothing is said.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// Whose values are searched.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CatalogueValuesParams {
    /// The name of the events; without it the values of all.
    event: Option<String>,
    /// Which field.
    #[param(value_type = CatalogueField)]
    of: Option<String>,
    /// The path of a property or of a part of the context.
    path: Option<String>,
    /// A part of the value.
    q: Option<String>,
    /// How many are wanted, 20 where nothing is said.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// Values where nobody says how many.
const N_VALUES: &str = "20";

/// The names of events, with how often they are there.
#[utoipa::path(get, path = "/api/catalogue/events", operation_id = "catalogue_events",
    tag = "insights", params(CatalogueSearch), responses((status = 200, body = CatalogueEvents)))]
pub async fn events(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<CatalogueSearch>,
) -> Result<Json<CatalogueEvents>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let (q, limit) = wanted(&api, params.q, params.limit.as_deref())?;
    Ok(Json(api.engine().catalogue_events(&q, limit).await?.into()))
}

/// The fields of events, with their types.
#[utoipa::path(get, path = "/api/catalogue/properties", operation_id = "catalogue_properties",
    tag = "insights", params(CataloguePropertiesParams),
    responses((status = 200, body = CatalogueProperties)))]
pub async fn properties(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<CataloguePropertiesParams>,
) -> Result<Json<CatalogueProperties>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let (q, limit) = wanted(&api, params.q, params.limit.as_deref())?;
    let event = params.event.filter(|event| !event.is_empty());
    let sight = sight(&api, &caller);
    let found = api.engine().catalogue_properties(event.as_deref(), (&q, limit), &sight);
    Ok(Json(found.into()))
}

/// The values of a field, with how often they are there.
#[utoipa::path(get, path = "/api/catalogue/values", operation_id = "catalogue_values",
    tag = "insights", params(CatalogueValuesParams),
    responses((status = 200, body = CatalogueValues)))]
pub async fn values(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<CatalogueValuesParams>,
) -> Result<Json<CatalogueValues>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let limit = params.limit.as_deref().or(Some(N_VALUES));
    let (q, limit) = wanted(&api, params.q, limit)?;
    let field = field(params.of.as_deref(), params.path)?;
    let event = params.event.filter(|event| !event.is_empty());
    let sight = sight(&api, &caller);
    let what = (event.as_deref(), field);
    let found = api.engine().catalogue_values(what, (&q, limit), &sight).await;
    Ok(Json(found.map_err(about("path"))?.into()))
}

/// The traits of customers, with their types.
#[utoipa::path(get, path = "/api/catalogue/traits", operation_id = "catalogue_traits",
    tag = "insights", params(CatalogueSearch), responses((status = 200, body = CatalogueTraits)))]
pub async fn traits(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<CatalogueSearch>,
) -> Result<Json<CatalogueTraits>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let (q, limit) = wanted(&api, params.q, params.limit.as_deref())?;
    let sight = sight(&api, &caller);
    Ok(Json(api.engine().catalogue_traits((&q, limit), &sight).await?.into()))
}

fn wanted(api: &Api, q: Option<String>, limit: Option<&str>) -> Result<(String, usize), ApiError> {
    let q = plain("q", q)?.unwrap_or_default();
    Ok((q, page(limit, None, api.engine().limits())?.limit))
}

fn field(of: Option<&str>, path: Option<String>) -> Result<Field, ApiError> {
    let expected = "name, kind, source, property or context";
    let of = words("of", of, word::<CatalogueField>, expected)?;
    let of = of.ok_or_else(|| ApiError::field("of", format!("of must be {expected}")))?;
    let path = || match path.filter(|path| !path.is_empty()) {
        Some(path) if path.len() <= 512 => Ok(Box::from(path)),
        Some(_) => Err(ApiError::field("path", "path must have at most 512 bytes")),
        None => Err(ApiError::field("path", "path must not be empty")),
    };
    Ok(match of {
        CatalogueField::Name => Field::Name,
        CatalogueField::Kind => Field::Kind,
        CatalogueField::Source => Field::Source,
        CatalogueField::Property => Field::Property(path()?),
        CatalogueField::Context => Field::Context(path()?),
    })
}
