//! Which answers were put side by side, and how do others see them?

mod check;
mod shared;
mod templates;

pub use shared::*;

use super::{insights, metrics};
use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Body, Id, IdempotencyKey, Two};
use crate::once::{Creation, create as create_once};
use crate::options::Api;
use crate::wire::board::{
    Board, BoardChange, BoardLine, BoardLink, BoardTemplates, Boards, CardAnswer, CardAsk,
    NewBoard, cards, content, deleted,
};
use crate::wire::insight::stored::StoredAnswer;
use app::access::Right;
use app::boards::{Board as KeptBoard, BoardContent};
use app::traits::Sight;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use base::{BoardId, ErrorKind};
use http::StatusCode;

/// Every board.
#[utoipa::path(get, path = "/api/boards", operation_id = "list_boards", tag = "boards",
    responses((status = 200, body = Boards)))]
pub async fn list(State(api): State<Api>, caller: SignedIn) -> Result<Json<Boards>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let (engine, boards) = (api.engine(), api.engine().boards());
    let lines = boards.list().await?.into_iter().map(BoardLine::from).collect();
    let gone = match caller.may(Right::ChangeBoards) {
        true => boards.deleted(engine.now()).await?,
        false => Vec::new(),
    };
    Ok(Json(Boards { boards: lines, deleted: deleted(gone) }))
}

/// The boards that can be made at once.
#[utoipa::path(get, path = "/api/boards/templates", operation_id = "list_board_templates",
    tag = "boards", responses((status = 200, body = BoardTemplates)))]
pub async fn list_templates(caller: SignedIn) -> Result<Json<BoardTemplates>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let templates = templates::all().iter().map(templates::Template::told);
    Ok(Json(BoardTemplates { templates: templates.collect::<Result<_, _>>()? }))
}

/// Makes a board: an empty one, or one from a template.
#[utoipa::path(post, path = "/api/boards", operation_id = "create_board", tag = "boards",
    request_body = NewBoard, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Board)))]
pub async fn create(
    State(api): State<Api>,
    caller: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    Body { value: new, text }: Body<NewBoard>,
) -> Result<Response, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let what = "POST /api/boards";
    let creation = Creation { by: &caller, what, key, body: &text, is_secret: false };
    create_once(&api, creation, async {
        let engine = api.engine();
        let content = begun(new)?;
        let made = engine.boards().create(caller.actor(), content, engine.now()).await?;
        Board::of(made, true)
    })
    .await
}

/// What a new board begins with.
fn begun(new: NewBoard) -> Result<BoardContent, ApiError> {
    let Some(key) = &new.template else {
        let name = new.name.ok_or_else(|| ApiError::field("name", "a board has a name"))?;
        return content((name, new.note.unwrap_or_default()), &[]);
    };
    let template = templates::find(key)
        .ok_or_else(|| ApiError::field("template", format!("there is no template '{key}'")))?;
    let name = new.name.unwrap_or_else(|| template.name.to_owned());
    let note = new.note.unwrap_or_else(|| template.note.to_owned());
    content((name, note), &template.cards()?)
}

/// A board.
#[utoipa::path(get, path = "/api/boards/{id}", operation_id = "get_board", tag = "boards",
    params(("id" = String, Path)), responses((status = 200, body = Board)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<BoardId>,
) -> Result<Json<Board>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let kept = api.engine().boards().get(id).await?;
    Ok(Json(Board::of(kept, caller.may(Right::ChangeBoards))?))
}

/// Changes a board as a whole.
#[utoipa::path(put, path = "/api/boards/{id}", operation_id = "change_board", tag = "boards",
    params(("id" = String, Path)), request_body = BoardChange,
    responses((status = 200, body = Board)))]
pub async fn change(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<BoardId>,
    Body { value: change, .. }: Body<BoardChange>,
) -> Result<Json<Board>, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let engine = api.engine();
    let what = (id, change.version);
    let content = change.content()?;
    let before = engine.boards().get(id).await?;
    if before.version == change.version {
        let known = cards(&before.content.cards).unwrap_or_default();
        check::asks(&api, &known, &change.cards).await?;
    }
    let changed = engine.boards().change(caller.actor(), what, content, engine.now()).await?;
    Ok(Json(Board::of(changed, true)?))
}

/// Deletes a board; the link to it leads nowhere. For 30 days both can come back.
#[utoipa::path(delete, path = "/api/boards/{id}", operation_id = "delete_board", tag = "boards",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn delete(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<BoardId>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let engine = api.engine();
    engine.boards().delete(caller.actor(), id, engine.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings a deleted board back, and the link to it.
#[utoipa::path(post, path = "/api/boards/{id}/restore", operation_id = "restore_board",
    tag = "boards", params(("id" = String, Path)), responses((status = 200, body = Board)))]
pub async fn restore(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<BoardId>,
) -> Result<Json<Board>, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let engine = api.engine();
    let there = engine.boards().restore(caller.actor(), id, engine.now()).await?;
    Ok(Json(Board::of(there, true)?))
}

/// The link to a board, by which anybody may look; it is made if there is none.
#[utoipa::path(post, path = "/api/boards/{id}/link", operation_id = "share_board", tag = "boards",
    params(("id" = String, Path)), responses((status = 200, body = BoardLink)))]
pub async fn share(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<BoardId>,
) -> Result<Json<BoardLink>, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let engine = api.engine();
    Ok(Json(engine.boards().share(caller.actor(), id, engine.now()).await?.into()))
}

/// Takes the link to a board back: it leads nowhere from now on.
#[utoipa::path(delete, path = "/api/boards/{id}/link", operation_id = "unshare_board",
    tag = "boards", params(("id" = String, Path)), responses((status = 204)))]
pub async fn unshare(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<BoardId>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let engine = api.engine();
    engine.boards().unshare(caller.actor(), id, engine.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The answer of a card as it is now.
#[utoipa::path(post, path = "/api/boards/{id}/cards/{card}/answer", operation_id = "answer_card",
    tag = "boards", params(("id" = String, Path), ("card" = String, Path)),
    responses((status = 200, body = CardAnswer)))]
pub async fn answer(
    State(api): State<Api>,
    caller: SignedIn,
    Two(id, card): Two<BoardId, String>,
) -> Result<Json<CardAnswer>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let board = api.engine().boards().get(id).await?;
    Ok(Json(answered(&api, &sight(&api, &caller), (&board, &card)).await?))
}

/// The answer of a card for somebody with this sight.
async fn answered(
    api: &Api,
    sight: &Sight,
    (board, id): (&KeptBoard, &str),
) -> Result<CardAnswer, ApiError> {
    let card = cards(&board.content.cards)?.into_iter().find(|card| card.id == id);
    let card = card.ok_or_else(|| {
        ApiError::new(ErrorKind::NotFound, "the board has no such card").at("card")
    })?;
    Ok(match &card.ask {
        CardAsk::Question(question) => {
            CardAnswer { told: insights::answer(api, sight, question).await?, metric: None }
        }
        CardAsk::Metric(ask) => {
            let found = metrics::answered(api, sight, &ask.metric, &ask.over).await?;
            let told = StoredAnswer::Trend(found.answer);
            CardAnswer { told, metric: Some(found.metric.into()) }
        }
    })
}
