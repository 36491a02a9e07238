//! Who is signed in, and how does one sign in and out?

use crate::caller::check_intent;
use crate::error::ApiError;
use crate::input::Body;
use crate::options::Api;
use crate::wire::session::{Session, SessionUser, SignIn, SignedIn};
use crate::{VERSION, address, cookie};
use app::access::{Secret, SignInRefused, User};
use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use base::ErrorKind;
use http::{HeaderMap, StatusCode, header};

/// Who is signed in; never 401.
#[utoipa::path(get, path = "/api/session", operation_id = "get_session", tag = "session",
    security(()), responses((status = 200, body = Session)))]
pub async fn get(State(api): State<Api>, headers: HeaderMap) -> Result<Json<Session>, ApiError> {
    let access = api.engine().access();
    let user = match cookie::session(&headers) {
        Some(secret) => access.session_user(secret, api.engine().now()).await?,
        None => None,
    };
    let first_run = user.is_none() && access.is_first_run().await?;
    let user = user.as_ref().map(SessionUser::from);
    Ok(Json(Session { user, first_run, version: VERSION.to_owned() }))
}

/// Signs in with a password.
#[utoipa::path(post, path = "/api/session", operation_id = "sign_in", tag = "session", security(()),
    request_body = SignIn, responses((status = 200, body = SignedIn)))]
pub async fn sign_in(State(api): State<Api>, request: Request) -> Result<Response, ApiError> {
    check_intent(request.method(), request.headers())?;
    let headers = request.headers().clone();
    let client = address::client(&headers, request.extensions(), &api.options);
    let client = client.map_or_else(|| "local".to_owned(), |ip| ip.to_string());
    let said = Body::<SignIn>::from_request(request, &()).await?.value;
    let credentials = (said.email.as_str(), said.password.as_str());
    let now = api.engine().now();
    let signed_in = api.engine().access().sign_in(credentials, &client, now).await;
    let (user, secret) = signed_in.map_err(refused)?;
    Ok(welcome(&api, &headers, &user, &secret))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", operation_id = "sign_out", tag = "session",
    security(()), responses((status = 204)))]
pub async fn sign_out(State(api): State<Api>, request: Request) -> Result<Response, ApiError> {
    check_intent(request.method(), request.headers())?;
    if let Some(secret) = cookie::session(request.headers()) {
        api.engine().access().sign_out(secret).await?;
    }
    let gone = cookie::end(address::is_https(request.headers(), &api.options));
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response())
}

/// The answer that signs somebody in.
pub fn welcome(api: &Api, headers: &HeaderMap, user: &User, secret: &Secret) -> Response {
    let is_https = address::is_https(headers, &api.options);
    let cookie = cookie::begin(secret.reveal(), is_https);
    let body = Json(SignedIn { user: SessionUser::from(user) });
    ([(header::SET_COOKIE, cookie)], body).into_response()
}

fn refused(refused: SignInRefused) -> ApiError {
    match refused {
        SignInRefused::Wrong => {
            ApiError::new(ErrorKind::Unauthenticated, "the address or the password is wrong")
                .with_hint("an administrator can make a link for a new password")
        }
        SignInRefused::TooManyTries { wait_seconds } => {
            let message = format!("too many tries failed: wait {wait_seconds} seconds");
            ApiError::new(ErrorKind::Limited, message).retry_after(wait_seconds)
        }
        SignInRefused::Failed(error) => error.into(),
    }
}
