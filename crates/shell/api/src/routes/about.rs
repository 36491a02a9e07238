//! What is running here?

use crate::VERSION;
use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::options::Api;
use crate::wire::home::About;
use app::access::Right;
use axum::Json;
use axum::extract::State;

/// Version, sizes and kinds of stores.
#[utoipa::path(get, path = "/api/about", operation_id = "get_about", tag = "settings",
    responses((status = 200, body = About)))]
pub async fn get(State(api): State<Api>, caller: SignedIn) -> Result<Json<About>, ApiError> {
    caller.require(Right::ViewHome)?;
    Ok(Json(About::of(api.engine().about().await?, VERSION)))
}
