//! What does somebody see who has a link to a board, and nothing else?
//!
//! Answers as those get them who may see least, and nobody behind them.

use super::answered;
use crate::error::ApiError;
use crate::options::Api;
use crate::wire::board::{CardAnswer, SharedBoard};
use axum::Json;
use axum::extract::{Path, State};
use base::ErrorKind;
use tokio::sync::Semaphore;

/// Questions of strangers that are answered at the same time: a link that is passed around must
/// not keep those waiting who are signed in.
static TURN: Semaphore = Semaphore::const_new(1);

/// The board that a link leads to.
#[utoipa::path(get, path = "/api/shared/{token}", operation_id = "get_shared_board",
    tag = "boards", security(()), params(("token" = String, Path)),
    responses((status = 200, body = SharedBoard)))]
pub async fn get_shared(
    State(api): State<Api>,
    Path(token): Path<String>,
) -> Result<Json<SharedBoard>, ApiError> {
    Ok(Json(SharedBoard::of(api.engine().boards().shared(&token).await?)?))
}

/// The answer of a card of the board that a link leads to.
#[utoipa::path(post, path = "/api/shared/{token}/cards/{card}", operation_id = "answer_shared_card",
    tag = "boards", security(()), params(("token" = String, Path), ("card" = String, Path)),
    responses((status = 200, body = CardAnswer)))]
pub async fn answer_shared(
    State(api): State<Api>,
    Path((token, card)): Path<(String, String)>,
) -> Result<Json<CardAnswer>, ApiError> {
    let board = api.engine().boards().shared(&token).await?;
    let sight = api.engine().traits().settings().least_sight();
    let _turn = TURN.acquire().await.map_err(|_| {
        ApiError::new(ErrorKind::Unavailable, "questions are not answered any more")
    })?;
    Ok(Json(answered(&api, &sight, (&board, &card)).await?))
}
