//! Who has an account, and who is to have one?

use crate::address;
use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::input::{Body, Id, IdempotencyKey, about};
use crate::once::{Creation, create};
use crate::options::Api;
use crate::wire::list::List;
use crate::wire::person::{InviteLink, NewInvite, User, UserChange};
use app::access::{Right, Secret};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use base::{Timestamp, UserId};
use http::HeaderMap;

/// Everybody who has an account.
#[utoipa::path(get, path = "/api/users", operation_id = "list_users", tag = "settings",
    responses((status = 200, body = List<User>)))]
pub async fn list(State(api): State<Api>, caller: SignedIn) -> Result<Json<List<User>>, ApiError> {
    caller.require(Right::ManageUsers)?;
    let users = api.engine().access().users().await?;
    Ok(Json(List::whole(users.into_iter().map(User::from).collect())))
}

/// Makes a link with which somebody makes their account.
#[utoipa::path(post, path = "/api/users/invite", operation_id = "invite_user", tag = "settings",
    request_body = NewInvite, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = InviteLink)))]
pub async fn invite(
    State(api): State<Api>,
    caller: SignedIn,
    headers: HeaderMap,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, text }: Body<NewInvite>,
) -> Result<Response, ApiError> {
    caller.require(Right::ManageUsers)?;
    let what = "POST /api/users/invite";
    let creation = Creation { by: &caller, what, key, body: &text, is_secret: true };
    create(&api, creation, async {
        let engine = api.engine();
        let (actor, role) = (caller.actor(), value.role.into());
        let made = engine.access().invite_user(actor, &value.email, role, engine.now()).await;
        Ok(link(&api, &headers, &made.map_err(about("email"))?))
    })
    .await
}

/// Changes a user's role, or shuts them out.
#[utoipa::path(patch, path = "/api/users/{id}", operation_id = "change_user", tag = "settings",
    params(("id" = String, Path)), request_body = UserChange,
    responses((status = 200, body = User)))]
pub async fn change(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<UserId>,
    Body { value, .. }: Body<UserChange>,
) -> Result<Json<User>, ApiError> {
    caller.require(Right::ManageUsers)?;
    let change =
        app::access::UserChange { role: value.role.map(Into::into), is_disabled: value.disabled };
    let engine = api.engine();
    let changed = engine.access().change_user(caller.actor(), id, change, engine.now()).await?;
    Ok(Json(changed.into()))
}

/// Makes a link with which a user sets a new password.
#[utoipa::path(post, path = "/api/users/{id}/reset", operation_id = "reset_user_password",
    tag = "settings", params(("id" = String, Path)), responses((status = 200, body = InviteLink)))]
pub async fn reset(
    State(api): State<Api>,
    caller: SignedIn,
    headers: HeaderMap,
    Id(id): Id<UserId>,
) -> Result<Json<InviteLink>, ApiError> {
    caller.require(Right::ManageUsers)?;
    let engine = api.engine();
    let made = engine.access().reset_link(caller.actor(), id, engine.now()).await?;
    Ok(Json(link(&api, &headers, &made)))
}

fn link(api: &Api, headers: &HeaderMap, made: &(Secret, Timestamp)) -> InviteLink {
    let base = address::base_url(headers, &api.options);
    let invite_url = format!("{base}/invite/{}", made.0.reveal());
    InviteLink { invite_url, expires_at: made.1.into() }
}
