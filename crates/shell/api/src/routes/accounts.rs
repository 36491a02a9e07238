//! Which organisations do customers belong to?

use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Body, Id, Params, Two, about, page, plain};
use crate::options::Api;
use crate::wire::account::{
    Account, AccountRow, AccountSettings, AccountSettingsChange, MemberDecision,
};
use crate::wire::list::List;
use app::access::Right;
use axum::Json;
use axum::extract::State;
use base::{AccountId, CustomerId};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which accounts to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AccountsParams {
    /// The beginning of the key, or a part of the name.
    q: Option<String>,
    /// Rows of the page, 500 at most.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Accounts, by key.
#[utoipa::path(get, path = "/api/accounts", operation_id = "list_accounts", tag = "accounts",
    params(AccountsParams), responses((status = 200, body = List<AccountRow>)))]
pub async fn list(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<AccountsParams>,
) -> Result<Json<List<AccountRow>>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let page = page(params.limit.as_deref(), params.cursor, api.engine().limits())?;
    let text = plain("q", params.q)?;
    let found = api.engine().accounts(text.as_deref(), &page).await;
    let found = found.map_err(about("cursor"))?;
    Ok(Json(found.map(AccountRow::from).into()))
}

/// Everything known of one account.
#[utoipa::path(get, path = "/api/accounts/{id}", operation_id = "get_account", tag = "accounts",
    params(("id" = String, Path)), responses((status = 200, body = Account)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<AccountId>,
) -> Result<Json<Account>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    shown(&api, &caller, id).await
}

/// Lets an account claim a domain: customers with an address of it are suggested as members.
#[utoipa::path(put, path = "/api/accounts/{id}/domains/{domain}",
    operation_id = "claim_domain", tag = "accounts",
    params(("id" = String, Path), ("domain" = String, Path)),
    responses((status = 200, body = Account)))]
pub async fn claim_domain(
    State(api): State<Api>,
    caller: SignedIn,
    Two(id, domain): Two<AccountId, String>,
) -> Result<Json<Account>, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    let claimed = api.engine().claim_domain(caller.actor(), id, &domain).await;
    claimed.map_err(about("domain"))?;
    shown(&api, &caller, id).await
}

/// Takes back that an account claims a domain by hand.
#[utoipa::path(delete, path = "/api/accounts/{id}/domains/{domain}",
    operation_id = "drop_domain", tag = "accounts",
    params(("id" = String, Path), ("domain" = String, Path)),
    responses((status = 200, body = Account)))]
pub async fn drop_domain(
    State(api): State<Api>,
    caller: SignedIn,
    Two(id, domain): Two<AccountId, String>,
) -> Result<Json<Account>, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    api.engine().drop_domain(caller.actor(), id, &domain).await?;
    shown(&api, &caller, id).await
}

/// Says that a customer belongs to an account, or that they do not.
#[utoipa::path(put, path = "/api/accounts/{id}/members/{customer}",
    operation_id = "judge_member", tag = "accounts", request_body = MemberDecision,
    params(("id" = String, Path), ("customer" = String, Path)),
    responses((status = 200, body = Account)))]
pub async fn judge_member(
    State(api): State<Api>,
    caller: SignedIn,
    Two(id, customer): Two<AccountId, CustomerId>,
    Body { value: decision, .. }: Body<MemberDecision>,
) -> Result<Json<Account>, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    let engine = api.engine();
    engine.judge_member(caller.actor(), (id, customer), decision.is_member).await?;
    shown(&api, &caller, id).await
}

/// Takes back what was said by hand of a customer as a member of an account.
#[utoipa::path(delete, path = "/api/accounts/{id}/members/{customer}",
    operation_id = "unjudge_member", tag = "accounts",
    params(("id" = String, Path), ("customer" = String, Path)),
    responses((status = 200, body = Account)))]
pub async fn unjudge_member(
    State(api): State<Api>,
    caller: SignedIn,
    Two(id, customer): Two<AccountId, CustomerId>,
) -> Result<Json<Account>, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    api.engine().unjudge_member(caller.actor(), (id, customer)).await?;
    shown(&api, &caller, id).await
}

/// What is agreed about accounts: which e-mail domains say nothing about an organisation.
#[utoipa::path(get, path = "/api/settings/accounts", operation_id = "get_account_settings",
    tag = "settings", responses((status = 200, body = AccountSettings)))]
pub async fn settings(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<AccountSettings>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    Ok(Json(AccountSettings::from(&*api.engine().account_rules().settings())))
}

/// Agrees on something else about accounts. Pages show it at once.
#[utoipa::path(put, path = "/api/settings/accounts", operation_id = "change_account_settings",
    tag = "settings", request_body = AccountSettingsChange,
    responses((status = 200, body = AccountSettings)))]
pub async fn change(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: change, .. }: Body<AccountSettingsChange>,
) -> Result<Json<AccountSettings>, ApiError> {
    caller.require(Right::ChangeTraits)?;
    let engine = api.engine();
    let rules = engine.account_rules();
    let settings = rules.change(caller.actor(), change.into(), engine.now()).await?;
    Ok(Json(AccountSettings::from(&*settings)))
}

async fn shown(api: &Api, caller: &SignedIn, id: AccountId) -> Result<Json<Account>, ApiError> {
    let engine = api.engine();
    let account = engine.account(id).await?;
    Ok(Json(Account::of(account, engine.sources(), &sight(api, caller))))
}
