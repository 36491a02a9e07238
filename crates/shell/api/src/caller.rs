//! Who is asking, and did they mean to?

use crate::cookie;
use crate::error::ApiError;
use crate::options::Api;
use app::access::{Actor, Caller, Right};
use app::traits::Sight;
use axum::extract::FromRequestParts;
use base::ErrorKind;
use http::request::Parts;
use http::{HeaderMap, Method, header};

/// The header that a page of another site cannot send without our leave, which it never gets.
const CSRF_HEADER: &str = "x-rapport-csrf";

/// Somebody who showed a good session cookie or bearer token. Handlers still ask for the right.
#[derive(Clone, Debug)]
pub struct SignedIn {
    caller: Caller,
}

impl SignedIn {
    /// Nothing if the caller has the right.
    pub fn require(&self, right: Right) -> Result<(), ApiError> {
        Ok(self.caller.require(right)?)
    }

    /// Whether the caller has the right.
    pub fn may(&self, right: Right) -> bool {
        self.caller.may(right)
    }

    /// How the audit log names the caller.
    pub fn actor(&self) -> &Actor {
        &self.caller.actor
    }

    /// The caller.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

impl FromRequestParts<Api> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        let caller = identify(api, &parts.method, &parts.headers).await?;
        api.limiters.check_caller(&caller.key())?;
        Ok(Self { caller })
    }
}

/// What the caller may see of customers.
pub fn sight(api: &Api, caller: &SignedIn) -> Sight {
    api.engine().traits().settings().sight(caller.caller())
}

async fn identify(api: &Api, method: &Method, headers: &HeaderMap) -> Result<Caller, ApiError> {
    let now = api.engine().now();
    let access = api.engine().access();
    if let Some(token) = bearer(headers) {
        return Ok(access.caller_by_token(token, now).await?);
    }
    let Some(secret) = cookie::session(headers) else {
        return Err(ApiError::new(ErrorKind::Unauthenticated, "nobody is signed in")
            .with_hint("sign in, or send an API token as 'Authorization: Bearer …'"));
    };
    check_intent(method, headers)?;
    Ok(access.caller_by_cookie(secret, now).await?)
}

/// Browsers send cookies along whoever asks: a change needs a sign that our own page asked.
pub fn check_intent(method: &Method, headers: &HeaderMap) -> Result<(), ApiError> {
    if method.is_safe() || headers.get(CSRF_HEADER).is_some_and(|value| value == "1") {
        return Ok(());
    }
    Err(ApiError::new(ErrorKind::Denied, "the request lacks the header x-rapport-csrf")
        .with_hint("send 'x-rapport-csrf: 1' with every change made by session cookie"))
}

/// The token in `Authorization: Bearer …`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
