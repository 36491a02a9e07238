//! What came in, and what needs attention?

use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::options::Api;
use crate::wire::home::{Home, HomeSource};
use app::access::Right;
use axum::Json;
use axum::extract::State;

/// The figures of the first page.
#[utoipa::path(get, path = "/api/home", operation_id = "get_home", tag = "home",
    responses((status = 200, body = Home)))]
pub async fn get(State(api): State<Api>, caller: SignedIn) -> Result<Json<Home>, ApiError> {
    caller.require(Right::ViewHome)?;
    let engine = api.engine();
    let (home, activity) = tokio::try_join!(engine.home(), engine.source_activity())?;
    let sources = engine.sources().all().into_iter().map(|source| {
        let sent = activity.get(&source.id).cloned().unwrap_or_default();
        HomeSource::of(&source, &sent)
    });
    Ok(Json(Home::of(home, sources.collect())))
}
