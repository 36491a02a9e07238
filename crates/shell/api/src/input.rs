//! What did the caller send, and is it well-formed?

use crate::error::ApiError;
use app::page::PageQuery;
use axum::extract::{FromRequest, FromRequestParts, Request};
use base::{Error, ErrorKind, Limits, Timestamp};
use bytes::Bytes;
use http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt::Display;
use std::str::FromStr;
use utoipa::IntoParams;

/// Rows of a page when nobody says how many.
const LIMIT_DEFAULT: usize = 50;

/// A JSON body, whatever its `Content-Type` says.
pub struct Body<T> {
    /// What was sent.
    pub value: T,
    /// The same, as it was written.
    pub text: String,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let message = "the body is too large, or did not arrive whole";
            ApiError::new(ErrorKind::Invalid, message).with_status(rejection.status())
        })?;
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let at = error.valid_up_to();
            ApiError::new(ErrorKind::Invalid, format!("the body is not UTF-8 at byte {at}"))
        })?;
        let value = serde_json::from_str(text).map_err(|error| not_json(&error))?;
        Ok(Self { value, text: text.to_owned() })
    }
}

fn not_json(error: &serde_json::Error) -> ApiError {
    let said = error.to_string();
    let failure = ApiError::new(ErrorKind::Invalid, format!("the body is not as expected: {said}"));
    // serde names fields in backticks: "missing field `email`", "unknown field `x`, expected …".
    let field = said.contains(" field `").then(|| said.split('`').nth(1)).flatten();
    match field {
        Some(field) => failure.at(field),
        None => failure,
    }
}

/// Parameters of the query string; those that are not known are refused, not ignored.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let found = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        found.map(|query| Self(query.0)).map_err(|rejection| {
            let said = rejection.body_text();
            let field = said.split('`').nth(1).map(str::to_owned);
            let failure = ApiError::new(ErrorKind::Invalid, said);
            match field {
                Some(field) => failure.at(&field),
                None => failure,
            }
        })
    }
}

/// An id in the path. One that is not of its kind's form is of nobody: 404.
pub struct Id<T>(pub T);

impl<T, S> FromRequestParts<S> for Id<T>
where
    T: FromStr<Err: Display> + Send,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        let text = path.map_err(|_| ApiError::new(ErrorKind::NotFound, "the path has no id"))?.0;
        text.parse()
            .map(Self)
            .map_err(|error: T::Err| ApiError::new(ErrorKind::NotFound, error.to_string()).at("id"))
    }
}

/// Two ids in the path, likewise; the second is called by its own name in the path.
pub struct Two<A, B>(pub A, pub B);

impl<A, B, S> FromRequestParts<S> for Two<A, B>
where
    A: FromStr<Err: Display> + Send,
    B: FromStr<Err: Display> + Send,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = axum::extract::Path::<(String, String)>::from_request_parts(parts, state).await;
        let (a, b) = path.map_err(|_| ApiError::new(ErrorKind::NotFound, "the path has no ids"))?.0;
        let nobody = |error: String| ApiError::new(ErrorKind::NotFound, error);
        let a = a.parse().map_err(|error: A::Err| nobody(error.to_string()).at("id"))?;
        let b = b.parse().map_err(|error: B::Err| nobody(error.to_string()))?;
        Ok(Self(a, b))
    }
}

/// `Idempotency-Key`, where it was sent.
pub struct IdempotencyKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        match value.to_str() {
            Ok(key) if (1..=255).contains(&key.len()) => Ok(Self(Some(key.to_owned()))),
            _ => Err(ApiError::field("Idempotency-Key", "must have 1 to 255 ASCII characters")),
        }
    }
}

/// A parameter that has a form of its own.
pub fn parsed<T: FromStr>(
    field: &str,
    text: Option<&str>,
    expected: &str,
) -> Result<Option<T>, ApiError> {
    words(field, text, |text| text.parse().ok(), expected)
}

/// A parameter that is one of some words.
pub fn words<T>(
    field: &str,
    text: Option<&str>,
    read: impl FnOnce(&str) -> Option<T>,
    expected: &str,
) -> Result<Option<T>, ApiError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    read(text)
        .map(Some)
        .ok_or_else(|| ApiError::field(field, format!("{field} must be {expected}")))
}

/// A parameter that is a moment.
pub fn moment(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, ApiError> {
    words(field, text, Timestamp::parse, "a time like 2026-11-21T09:30:00Z")
}

/// A parameter that is a text, without blanks around it.
pub fn plain(field: &str, text: Option<String>) -> Result<Option<String>, ApiError> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > 512 => {
            Err(ApiError::field(field, format!("{field} must have at most 512 characters")))
        }
        text => Ok(text),
    }
}

/// Which page of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageParams {
    /// Rows of the page, 500 at most.
    #[param(value_type = Option<u32>)]
    pub limit: Option<String>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Which page is asked for.
pub fn page(
    limit: Option<&str>,
    cursor: Option<String>,
    limits: &Limits,
) -> Result<PageQuery, ApiError> {
    let rows_max = limits.page_rows_max;
    let expected = format!("a number from 1 to {rows_max}");
    let limit = parsed::<usize>("limit", limit, &expected)?.unwrap_or(LIMIT_DEFAULT);
    if !(1..=rows_max).contains(&limit) {
        return Err(ApiError::field("limit", format!("limit must be {expected}")));
    }
    Ok(PageQuery { limit, cursor: cursor.filter(|cursor| !cursor.is_empty()) })
}

/// Names the field of an error that is about one.
pub fn about(field: &'static str) -> impl FnOnce(Error) -> ApiError {
    move |error| {
        let is_invalid = error.kind() == ErrorKind::Invalid;
        let failure = ApiError::from(error);
        if is_invalid { failure.at(field) } else { failure }
    }
}
