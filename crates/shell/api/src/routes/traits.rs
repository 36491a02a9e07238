//! What was said of a trait, what does a customer permit, and what is agreed about traits?

use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Body, Id, Params, plain};
use crate::options::Api;
use crate::wire::consent::Permission;
use crate::wire::traits::{TraitHistory, TraitSettings, TraitSettingsChange};
use app::access::Right;
use axum::Json;
use axum::extract::State;
use base::CustomerId;
use lexicon::{Channel, Purpose};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which trait.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TraitParams {
    /// The name of the trait.
    name: String,
}

/// What was said of one trait of a customer: which values, when, and from where.
#[utoipa::path(get, path = "/api/customers/{id}/traits", operation_id = "get_trait_history",
    tag = "customers", params(("id" = String, Path), TraitParams),
    responses((status = 200, body = TraitHistory)))]
pub async fn history(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<CustomerId>,
    Params(params): Params<TraitParams>,
) -> Result<Json<TraitHistory>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let engine = api.engine();
    let sight = sight(&api, &caller);
    let history = engine.trait_history(id, &params.name, &sight).await?;
    Ok(Json(TraitHistory::of(history, engine.sources())))
}

/// What for, and by which channel.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PermissionParams {
    /// `marketing`, `analytics`, …
    purpose: String,
    /// `email`, `sms`, …; every channel where nothing is said.
    channel: Option<String>,
}

/// Whether a customer permits something: yes or no, since when, and why.
#[utoipa::path(get, path = "/api/customers/{id}/permission", operation_id = "get_permission",
    tag = "customers", params(("id" = String, Path), PermissionParams),
    responses((status = 200, body = Permission)))]
pub async fn permission(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<CustomerId>,
    Params(params): Params<PermissionParams>,
) -> Result<Json<Permission>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let purpose = Purpose::new(&params.purpose)
        .ok_or_else(|| ApiError::field("purpose", "the purpose must not be empty"))?;
    let channel = Channel::new(&plain("channel", params.channel)?.unwrap_or_default());
    let engine = api.engine();
    let permission = engine.permission(id, &purpose, &channel).await?;
    Ok(Json(Permission::of(permission, engine.sources())))
}

/// What is agreed about traits: which value counts, and who may see it.
#[utoipa::path(get, path = "/api/settings/traits", operation_id = "get_trait_settings",
    tag = "settings", responses((status = 200, body = TraitSettings)))]
pub async fn settings(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<TraitSettings>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let engine = api.engine();
    let settings = engine.traits().settings();
    Ok(Json(TraitSettings::of(&settings, engine.sources(), engine.lists_progress())))
}

/// Agrees on something else about traits. Customer pages show it at once; lists are written anew in
/// the background, and `lists` says how far that is.
#[utoipa::path(put, path = "/api/settings/traits", operation_id = "change_trait_settings",
    tag = "settings", request_body = TraitSettingsChange,
    responses((status = 200, body = TraitSettings)))]
pub async fn change(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: change, .. }: Body<TraitSettingsChange>,
) -> Result<Json<TraitSettings>, ApiError> {
    caller.require(Right::ChangeTraits)?;
    let change = change
        .into_change()
        .map_err(|field| ApiError::field(field, "expected ids of sources, like s_0001"))?;
    let engine = api.engine();
    let (traits, sources) = (engine.traits(), engine.sources());
    let settings = traits.change(caller.actor(), change, sources, engine.now()).await?;
    Ok(Json(TraitSettings::of(&settings, sources, engine.lists_progress())))
}
