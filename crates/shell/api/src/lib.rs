//! What can be asked of Rapport over HTTP, and in which words does it answer?
//!
//! [`router`] is the whole server: the paths of client libraries, the API under `/api`, the
//! operator's paths, and the files of the UI. It decides nothing: it reads requests, asks the
//! engine, and writes answers.

mod address;
mod body;
mod caller;
mod collecting;
mod cookie;
mod cors;
mod error;
mod fence;
mod input;
mod live;
mod once;
mod openapi;
mod operations;
mod options;
pub mod questions;
mod rate;
mod routes;
mod serve;
pub mod sql;
mod telemetry;
#[cfg(test)]
mod tests;
mod ui;
mod wire;

pub use openapi::openapi_json;
pub use options::{ApiOptions, Rates};
pub use serve::{HEAD_WITHIN, serve};
pub use ui::UiAssets;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};

use base::ErrorKind;
use error::ApiError;
use http::StatusCode;
use options::Api;
use tower_http::catch_panic::CatchPanicLayer;

/// The version that the API tells.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The whole server, to be given to [`serve()`], which tells it the clients' addresses.
pub fn router(options: ApiOptions) -> Router {
    let (routes, document) = openapi::routes();
    let api = Api::new(options, openapi::text(&document));
    let limited = from_fn_with_state(api.clone(), fence::limit_address);
    routes
        .route_layer(limited)
        .method_not_allowed_fallback(wrong_method)
        .fallback(elsewhere)
        .layer(CatchPanicLayer::custom(fence::panicked))
        .layer(from_fn_with_state(api.clone(), fence::around))
        .with_state(api)
}

async fn wrong_method() -> ApiError {
    ApiError::new(ErrorKind::Invalid, "this path does not take this method")
        .with_status(StatusCode::METHOD_NOT_ALLOWED)
}

/// What is none of the API's paths is for client libraries, or for the UI.
async fn elsewhere(State(api): State<Api>, request: Request) -> Response {
    let path = request.uri().path();
    if collect::is_collect_path(path) {
        return collecting::serve(&api, request).await;
    }
    if path == "/api" || path.starts_with("/api/") {
        return ApiError::new(ErrorKind::NotFound, "the API has no such path")
            .with_hint("the paths are listed at /api/openapi.json")
            .into_response();
    }
    ui::serve(&api, request.method(), path, request.headers())
}
