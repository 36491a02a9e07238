//! What is a one-time link good for?

use super::session::welcome;
use crate::caller::check_intent;
use crate::error::ApiError;
use crate::input::Body;
use crate::options::Api;
use crate::wire::session::{AcceptInvite, Invite, SignedIn};
use app::access::Acceptance;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, Method};

/// What the link is good for.
#[utoipa::path(get, path = "/api/invites/{token}", operation_id = "get_invite", tag = "session",
    security(()), params(("token" = String, Path)), responses((status = 200, body = Invite)))]
pub async fn get(
    State(api): State<Api>,
    Path(token): Path<String>,
) -> Result<Json<Invite>, ApiError> {
    let invite = api.engine().access().find_invite(&token, api.engine().now()).await?;
    Ok(Json(invite.into()))
}

/// Uses the link up: makes the account or sets the password, and signs in.
#[utoipa::path(post, path = "/api/invites/{token}", operation_id = "accept_invite", tag = "session",
    security(()), params(("token" = String, Path)), request_body = AcceptInvite,
    responses((status = 200, body = SignedIn)))]
pub async fn accept(
    State(api): State<Api>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Body { value, .. }: Body<AcceptInvite>,
) -> Result<Response, ApiError> {
    check_intent(&Method::POST, &headers)?;
    let said = Acceptance { name: value.name, email: value.email, password: value.password };
    let access = api.engine().access();
    let (user, secret) = access.accept_invite(&token, &said, api.engine().now()).await?;
    Ok(welcome(&api, &headers, &user, &secret))
}
