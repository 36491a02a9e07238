//! Which rules of identity hold, what would others change, and who was a customer when?

use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Body, Id, Params};
use crate::options::Api;
use crate::wire::identity::{IdentityRules, IdentityRulesPreview, IdentitySettings, IdentityThen};
use app::access::Right;
use axum::Json;
use axum::extract::State;
use base::{CustomerId, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;

/// The rules of identity: which evidence makes two identifiers one customer.
#[utoipa::path(get, path = "/api/settings/identity", operation_id = "get_identity_settings",
    tag = "settings", responses((status = 200, body = IdentitySettings)))]
pub async fn settings(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<IdentitySettings>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    Ok(Json(read(&api).await?))
}

/// Agrees on other rules. Every link is judged anew; when the answer is there, every page shows it.
#[utoipa::path(put, path = "/api/settings/identity", operation_id = "change_identity_settings",
    tag = "settings", request_body = IdentityRules,
    responses((status = 200, body = IdentitySettings)))]
pub async fn change(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: rules, .. }: Body<IdentityRules>,
) -> Result<Json<IdentitySettings>, ApiError> {
    caller.require(Right::ChangeTraits)?;
    api.engine().change_identity_rules(caller.actor(), rules.into_rules()).await?;
    Ok(Json(read(&api).await?))
}

/// What other rules would change; nothing does.
#[utoipa::path(post, path = "/api/settings/identity/preview",
    operation_id = "preview_identity_settings", tag = "settings", request_body = IdentityRules,
    responses((status = 200, body = IdentityRulesPreview)))]
pub async fn preview(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: rules, .. }: Body<IdentityRules>,
) -> Result<Json<IdentityRulesPreview>, ApiError> {
    caller.require(Right::ChangeTraits)?;
    Ok(Json(api.engine().preview_identity_rules(rules.into_rules()).await?.into()))
}

/// At which moment.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ThenParams {
    /// RFC 3339; now where nothing is said.
    at: Option<String>,
}

/// Who we thought this was, when: the identifiers that pointed to the customer at a moment, and
/// when any came or went.
#[utoipa::path(get, path = "/api/customers/{id}/identity", operation_id = "get_identity_then",
    tag = "customers", params(("id" = String, Path), ThenParams),
    responses((status = 200, body = IdentityThen)))]
pub async fn then(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<CustomerId>,
    Params(params): Params<ThenParams>,
) -> Result<Json<IdentityThen>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let at = match params.at.as_deref() {
        None => api.engine().now(),
        Some(text) => Timestamp::parse(text)
            .ok_or_else(|| ApiError::field("at", "expected a time, like 2026-11-21T09:30:00Z"))?,
    };
    let sight = sight(&api, &caller);
    Ok(Json(api.engine().identity_then(id, at, &sight).await?.into()))
}

async fn read(api: &Api) -> Result<IdentitySettings, ApiError> {
    let engine = api.engine();
    let versions = engine.identity_rule_versions().await?;
    Ok(IdentitySettings::of(&engine.identity_rules(), versions))
}
