//! How does a request that is sent twice have its effect once?

use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::options::Api;
use app::access::{Begun, RequestKey, StoredAnswer};
use axum::response::{IntoResponse, Response};
use base::ErrorKind;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

/// A request that makes something.
pub struct Creation<'a> {
    /// Who asks.
    pub by: &'a SignedIn,
    /// For what: method and path.
    pub what: &'a str,
    /// `Idempotency-Key`, where it was sent.
    pub key: Option<String>,
    /// The body, as it was written.
    pub body: &'a str,
    /// Whether the answer holds a secret, which is told once and kept nowhere.
    pub is_secret: bool,
}

/// Carries out `work`, or answers as it was answered before under the same key.
pub async fn create<T, Fut>(
    api: &Api,
    creation: Creation<'_>,
    work: Fut,
) -> Result<Response, ApiError>
where
    T: Serialize,
    Fut: Future<Output = Result<T, ApiError>>,
{
    let Some(key) = &creation.key else {
        return Ok(axum::Json(work.await?).into_response());
    };
    let access = api.engine().access();
    let of = RequestKey::new(creation.by.caller(), creation.what, key, creation.body);
    match access.begin_answer(&of, api.engine().now()).await? {
        Begun::New => {}
        Begun::Answered(answer) => return replay(answer),
        Begun::AtWork => return Err(conflict("the first request with this key is at work")),
        Begun::OtherRequest => return Err(conflict("another request was sent with this key")),
    }
    let made = match work.await {
        Ok(made) => made,
        Err(failure) => {
            access.abandon_answer(&of).await?;
            return Err(failure);
        }
    };
    let body = serde_json::to_string(&made).map_err(|_| unwritable())?;
    let kept = (!creation.is_secret).then(|| body.clone());
    access.answered(&of, &StoredAnswer { status: 200, body: kept }).await?;
    Ok(json(StatusCode::OK, body))
}

fn replay(answer: StoredAnswer) -> Result<Response, ApiError> {
    let Some(body) = answer.body else {
        let message = "this was made before; its secret was told then and is not kept";
        return Err(conflict(message).with_hint("revoke it and make a new one"));
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = json(status, body);
    let name = HeaderName::from_static("idempotent-replay");
    response.headers_mut().insert(name, HeaderValue::from_static("true"));
    Ok(response)
}

fn json(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn conflict(message: &str) -> ApiError {
    ApiError::new(ErrorKind::Conflict, message).at("Idempotency-Key")
}

fn unwritable() -> ApiError {
    ApiError::new(ErrorKind::Internal, "the answer could not be written")
}
