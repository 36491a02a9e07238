//! What happened on a day that a chart alone does not tell?

use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::input::{Body, Id, IdempotencyKey};
use crate::once::{Creation, create as create_once};
use crate::options::Api;
use crate::wire::note::{Note, NoteChange, NoteDraft, Notes};
use app::access::Right;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use base::NoteId;
use http::StatusCode;

/// Every note.
#[utoipa::path(get, path = "/api/notes", operation_id = "list_notes", tag = "notes",
    responses((status = 200, body = Notes)))]
pub async fn list(State(api): State<Api>, caller: SignedIn) -> Result<Json<Notes>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let notes = api.engine().notes().list().await?;
    Ok(Json(Notes { notes: notes.into_iter().map(Note::from).collect() }))
}

/// Writes a note beside a day.
#[utoipa::path(post, path = "/api/notes", operation_id = "write_note", tag = "notes",
    request_body = NoteDraft, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Note)))]
pub async fn create(
    State(api): State<Api>,
    caller: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    Body { value: draft, text }: Body<NoteDraft>,
) -> Result<Response, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let what = "POST /api/notes";
    let creation = Creation { by: &caller, what, key, body: &text, is_secret: false };
    create_once(&api, creation, async {
        let engine = api.engine();
        let content = draft.inner()?;
        let made = engine.notes().create(caller.actor(), content, engine.now()).await?;
        Ok(Note::from(made))
    })
    .await
}

/// Changes a note.
#[utoipa::path(put, path = "/api/notes/{id}", operation_id = "change_note", tag = "notes",
    params(("id" = String, Path)), request_body = NoteChange,
    responses((status = 200, body = Note)))]
pub async fn change(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<NoteId>,
    Body { value: change, .. }: Body<NoteChange>,
) -> Result<Json<Note>, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let engine = api.engine();
    let what = (id, change.version);
    let content = change.inner()?;
    let changed = engine.notes().change(caller.actor(), what, content, engine.now()).await?;
    Ok(Json(changed.into()))
}

/// Deletes a note.
#[utoipa::path(delete, path = "/api/notes/{id}", operation_id = "delete_note", tag = "notes",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn delete(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<NoteId>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::ChangeBoards)?;
    let engine = api.engine();
    engine.notes().delete(caller.actor(), id, engine.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
