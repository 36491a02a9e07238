//! Which organisations do customers belong to?

use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Id, Params, about, page, plain};
use crate::options::Api;
use crate::wire::account::{Account, AccountRow};
use crate::wire::list::List;
use app::access::Right;
use axum::Json;
use axum::extract::State;
use base::AccountId;
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
    let engine = api.engine();
    let account = engine.account(id).await?;
    Ok(Json(Account::of(account, engine.sources(), &sight(&api, &caller))))
}
