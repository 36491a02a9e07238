//! Which programs may call the API?

use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::input::{Body, Id, IdempotencyKey, moment};
use crate::once::{Creation, create as create_once};
use crate::options::Api;
use crate::wire::list::List;
use crate::wire::person::{MadeToken, NewToken, Token};
use app::access::Right;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use base::TokenId;
use http::StatusCode;

/// Every token that was not revoked.
#[utoipa::path(get, path = "/api/tokens", operation_id = "list_tokens", tag = "settings",
    responses((status = 200, body = List<Token>)))]
pub async fn list(State(api): State<Api>, caller: SignedIn) -> Result<Json<List<Token>>, ApiError> {
    caller.require(Right::ManageTokens)?;
    let tokens = api.engine().access().tokens().await?;
    Ok(Json(List::whole(tokens.into_iter().map(Token::from).collect())))
}

/// Makes a token; its secret is told this once.
#[utoipa::path(post, path = "/api/tokens", operation_id = "create_token", tag = "settings",
    request_body = NewToken, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = MadeToken)))]
pub async fn create(
    State(api): State<Api>,
    caller: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, text }: Body<NewToken>,
) -> Result<Response, ApiError> {
    caller.require(Right::ManageTokens)?;
    let what = "POST /api/tokens";
    let creation = Creation { by: &caller, what, key, body: &text, is_secret: true };
    create_once(&api, creation, async {
        let expires_at = value.expires_at.as_ref().map(|time| time.0.as_str());
        let new = app::access::NewToken {
            name: value.name,
            scopes: value.scopes.into_iter().map(Into::into).collect(),
            expires_at: moment("expires_at", expires_at)?,
        };
        let engine = api.engine();
        let made = engine.access().create_token(caller.actor(), new, engine.now()).await?;
        let (token, secret) = made;
        Ok(MadeToken { token: secret.reveal().to_owned(), made: token.into() })
    })
    .await
}

/// Makes a token stop working at once.
#[utoipa::path(delete, path = "/api/tokens/{id}", operation_id = "revoke_token", tag = "settings",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn revoke(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<TokenId>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::ManageTokens)?;
    let engine = api.engine();
    engine.access().revoke_token(caller.actor(), id, engine.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
