//! Is it alive, is it ready, and how is it doing?

use crate::address;
use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::options::Api;
use app::access::Right;
use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

/// That the process answers.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: &'static str,
}

/// Whether events are taken and processed.
#[derive(Serialize, ToSchema)]
pub struct Ready {
    /// `ready` or `not_ready`.
    pub status: &'static str,
    /// Why not.
    pub reasons: Vec<String>,
}

/// Whether the process answers at all.
#[utoipa::path(get, path = "/health", operation_id = "get_health", tag = "operations", security(()),
    responses((status = 200, body = Health)))]
pub async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether events are taken and processed.
#[utoipa::path(get, path = "/ready", operation_id = "get_readiness", tag = "operations",
    security(()), responses((status = 200, body = Ready), (status = 503, body = Ready)))]
pub async fn ready(State(api): State<Api>) -> Response {
    let readiness = api.engine().readiness().await;
    let (code, status) = match readiness.is_ready {
        true => (StatusCode::OK, "ready"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not_ready"),
    };
    let mut response = (code, Json(Ready { status, reasons: readiness.reasons })).into_response();
    if !readiness.is_ready {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// Figures for Prometheus: from this machine, or with a token of scope `read`.
#[utoipa::path(get, path = "/metrics", operation_id = "get_metrics", tag = "operations",
    responses((status = 200, content_type = "text/plain", body = String)))]
pub async fn metrics(State(api): State<Api>, request: Request) -> Result<Response, ApiError> {
    let (mut parts, _) = request.into_parts();
    if api.options.is_behind_proxy || !address::is_loopback(&parts) {
        let caller = SignedIn::from_request_parts(&mut parts, &api).await?;
        caller.require(Right::ViewHome)?;
    }
    let text = api.telemetry.text(&api.engine().figures());
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", operation_id = "get_openapi", tag = "operations",
    security(()), responses((status = 200, body = Object)))]
pub async fn openapi(State(api): State<Api>) -> Response {
    let kind = "application/vnd.oai.openapi+json;version=3.1";
    ([(header::CONTENT_TYPE, kind)], api.openapi.clone()).into_response()
}
