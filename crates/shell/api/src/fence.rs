//! What goes around every request, whoever answers it?
//!
//! Headers that keep browsers strict, a fence for panics, limits by address, and one line of log
//! with nothing secret in it (paths and queries may carry keys: only the route's pattern is told).

use crate::error::ApiError;
use crate::options::Api;
use crate::{address, telemetry};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::ErrorKind;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use std::any::Any;
use std::time::Duration;
use tokio::time::Instant;

const CSP: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                   connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
/// Half a year.
const HSTS: &str = "max-age=15552000";
/// Answers slower than this are told in the log.
const SLOW: Duration = Duration::from_secs(1);

/// A name for the metrics, put on a response by handlers that have no route of their own.
#[derive(Clone, Copy)]
pub struct RouteName(pub &'static str);

/// Measures, logs, and adds the headers.
pub async fn around(State(api): State<Api>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let is_https = address::is_https(request.headers(), &api.options);
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    add_headers(response.headers_mut(), is_https);
    let named = response.extensions().get::<RouteName>().map(|name| name.0);
    let route = named.or(matched.as_ref().map(MatchedPath::as_str)).unwrap_or("other");
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    api.telemetry.count(telemetry::Answer { method: &method, route, status }, took);
    if took >= SLOW {
        tracing::info!(%method, route, status, ms = took.as_millis(), "a slow answer");
    } else {
        tracing::debug!(%method, route, status, us = took.as_micros(), "answered");
    }
    response
}

fn add_headers(headers: &mut HeaderMap, is_https: bool) {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_https {
        let value = HeaderValue::from_static(HSTS);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
}

/// Holds an address to its share of API requests, and keeps answers out of caches.
pub async fn limit_address(State(api): State<Api>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let key = address::client_key(&parts, &api.options);
    if let Err(failure) = api.limiters.check_address(&key) {
        return failure.into_response();
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(no_store);
    response
}

/// What a panic looks like to the client. The panic hook has told the operator where it was.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    let message = "something went wrong here that should not have";
    ApiError::new(ErrorKind::Internal, message)
        .with_hint("report it with the time at which it happened")
        .into_response()
}
