//! How does a failure look on the wire?

use crate::wire::word;
use axum::response::{IntoResponse, Response};
use base::{Error, ErrorKind};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use std::error::Error as StdError;
use utoipa::ToSchema;

/// Seconds after which a sender may come again when we cannot tell better.
const RETRY_AFTER_SECONDS: u32 = 5;

/// A failure on its way out: the one error form of the API.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    body: Failure,
    retry_after_seconds: Option<u32>,
}

/// Every answer that is not a success.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    pub error: Failure,
}

/// What happened, and what could be done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Failure {
    pub kind: word::ErrorKind,
    /// One sentence for people; not part of the contract.
    pub message: String,
    /// What could be done next.
    pub hint: Option<String>,
    /// The field or parameter at fault.
    pub field: Option<String>,
}

impl ApiError {
    /// A failure of `kind` that says `message`.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::from(Error::new(kind, message))
    }

    /// The request is not as it should be at `field`.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message).at(field)
    }

    /// Names the field at fault.
    pub fn at(mut self, field: &str) -> Self {
        self.body.field = Some(field.to_owned());
        self
    }

    /// Says that the field at fault is a part of `place`.
    pub fn within(mut self, place: &str) -> Self {
        self.body.field = Some(match self.body.field {
            Some(field) => format!("{place}.{field}"),
            None => place.to_owned(),
        });
        self
    }

    /// Says what could be done next.
    pub fn with_hint(mut self, hint: &str) -> Self {
        self.body.hint = Some(hint.to_owned());
        self
    }

    /// Answers with a status of its own; the kind stays.
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Says when to come again.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds.max(1));
        self
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let kind = error.kind();
        if matches!(kind, ErrorKind::Internal | ErrorKind::Corrupt | ErrorKind::Unavailable) {
            tracing::error!(kind = kind.slug(), cause = %causes(&error), "{error}");
        }
        let waits = matches!(kind, ErrorKind::Limited | ErrorKind::Unavailable);
        Self {
            status: StatusCode::from_u16(kind.http_status()).expect("kinds have valid statuses"),
            body: Failure {
                kind: kind.into(),
                message: error.message().to_owned(),
                hint: error.hint().map(str::to_owned),
                field: None,
            },
            retry_after_seconds: waits.then_some(RETRY_AFTER_SECONDS),
        }
    }
}

impl From<ApiError> for Error {
    /// What it says, for those who are not asked over HTTP.
    fn from(failure: ApiError) -> Self {
        let Failure { kind, message, hint, field } = failure.body;
        let message = match field {
            Some(field) => format!("{field}: {message}"),
            None => message,
        };
        let error = Self::new(kind.into(), message);
        match hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = axum::Json(ErrorBody { error: self.body });
        let mut response = (self.status, body).into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The chain of causes, for the operator's log; never for the wire.
pub fn causes(error: &dyn StdError) -> String {
    let mut words = Vec::new();
    let mut cause = error.source();
    while let Some(found) = cause {
        words.push(found.to_string());
        cause = found.source();
    }
    words.join(": ")
}
