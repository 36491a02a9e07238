//! How does a file come in by the browser: sent, looked at, tried out, imported?

use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::input::{Body, Id, Params, about, plain, words};
use crate::options::Api;
use crate::wire::import::Import;
use crate::wire::list::List;
use crate::wire::upload::{Upload, UploadLook, UploadMapping, UploadPreview};
use crate::wire::word::{ImportShape, word};
use app::access::Right;
use app::imports::{Mapping, Receipt, UploadId};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base::{ErrorKind, ImportId};
use bytes::Bytes;
use futures::StreamExt;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use std::io::{self, Read};
use tokio::sync::mpsc;
use utoipa::IntoParams;

/// Bytes of a file that are sent at a time.
const BLOCK_BYTES: usize = 64 << 10;

/// Files that were uploaded and are still here, newest first: one's own; everybody's for admins.
#[utoipa::path(get, path = "/api/uploads", operation_id = "list_uploads", tag = "imports",
    responses((status = 200, body = List<Upload>)))]
pub async fn list(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<List<Upload>>, ApiError> {
    caller.require(Right::RunImports)?;
    let uploads = api.engine().imports().uploads().list(caller.caller());
    let items = uploads.into_iter().map(Upload::from).collect();
    Ok(Json(app::page::Page { items, next: None }.into()))
}

/// What the file is called.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UploadParams {
    /// Such as `orders.csv`.
    file_name: String,
}

/// Takes in a file: the body is the file as it is. Nothing of it is imported yet.
#[utoipa::path(post, path = "/api/uploads", operation_id = "upload_file", tag = "imports",
    params(UploadParams),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = Upload)))]
pub async fn upload(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<UploadParams>,
    headers: HeaderMap,
    body: axum::body::Body,
) -> Result<Json<Upload>, ApiError> {
    caller.require(Right::RunImports)?;
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse().ok());
    let engine = api.engine();
    let uploads = engine.imports().uploads();
    let begun = uploads.receive(caller.caller(), &params.file_name, announced).await;
    let mut receipt: Receipt = begun.map_err(about("file_name"))?;
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| broken_off())?;
        receipt.write(&part).await?;
    }
    let upload = receipt.finish(engine.now()).await?;
    let detail = format!("'{}', {} bytes", upload.file_name, upload.n_bytes);
    let target = upload.id.to_string();
    let line = (target.as_str(), detail.as_str());
    engine.access().audit(caller.actor(), "import.uploaded", line, engine.now()).await?;
    Ok(Json(upload.into()))
}

/// One uploaded file.
#[utoipa::path(get, path = "/api/uploads/{id}", operation_id = "get_upload", tag = "imports",
    params(("id" = String, Path)), responses((status = 200, body = Upload)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<UploadId>,
) -> Result<Json<Upload>, ApiError> {
    caller.require(Right::RunImports)?;
    Ok(Json(api.engine().imports().uploads().get(caller.caller(), &id)?.into()))
}

/// Deletes an uploaded file and what is left of it, at once.
#[utoipa::path(delete, path = "/api/uploads/{id}", operation_id = "delete_upload",
    tag = "imports", params(("id" = String, Path)), responses((status = 204)))]
pub async fn delete(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<UploadId>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::RunImports)?;
    api.engine().imports().uploads().remove(caller.caller(), &id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Of which shape a person says that the file is.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LookParams {
    /// Where it is given, the mapping is proposed for it.
    #[param(value_type = Option<ImportShape>)]
    shape: Option<String>,
}

/// What is in an uploaded file, and the mapping that seems right.
#[utoipa::path(get, path = "/api/uploads/{id}/look", operation_id = "look_at_upload",
    tag = "imports", params(("id" = String, Path), LookParams),
    responses((status = 200, body = UploadLook)))]
pub async fn look(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<UploadId>,
    Params(params): Params<LookParams>,
) -> Result<Json<UploadLook>, ApiError> {
    caller.require(Right::RunImports)?;
    let shape = plain("shape", params.shape)?;
    let shape = words("shape", shape.as_deref(), word::<ImportShape>, "one of the shapes")?;
    let engine = api.engine();
    let look = engine.look_at_upload(caller.caller(), &id, shape.map(Into::into)).await?;
    Ok(Json(UploadLook::of(look, engine.imports().uploads())))
}

/// What would become of the first rows of the file under a mapping. Nothing is imported.
#[utoipa::path(post, path = "/api/uploads/{id}/preview", operation_id = "preview_upload",
    tag = "imports", params(("id" = String, Path)), request_body = UploadMapping,
    responses((status = 200, body = UploadPreview)))]
pub async fn preview(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<UploadId>,
    Body { value, .. }: Body<UploadMapping>,
) -> Result<Json<UploadPreview>, ApiError> {
    caller.require(Right::RunImports)?;
    let mapping = Mapping::from(value.mapping);
    let rehearsal = api.engine().rehearse_upload(caller.caller(), &id, &mapping).await?;
    Ok(Json(UploadPreview::of(rehearsal, mapping.to_toml().ok())))
}

/// Imports the file by a mapping, or goes on where the same import stopped. The answer comes as
/// soon as it runs; `/api/imports/stream` tells how far it is.
#[utoipa::path(post, path = "/api/uploads/{id}/import", operation_id = "import_upload",
    tag = "imports", params(("id" = String, Path)), request_body = UploadMapping,
    responses((status = 200, body = Import)))]
pub async fn import(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<UploadId>,
    Body { value, .. }: Body<UploadMapping>,
) -> Result<Json<Import>, ApiError> {
    caller.require(Right::RunImports)?;
    let engine = api.engine();
    let import = engine.import_upload(caller.caller(), &id, value.mapping.into()).await;
    let import = import.map_err(about("mapping"))?;
    Ok(Json(Import::of(import, engine.imports().uploads())))
}

/// The rows of an uploaded file that were not taken, with their cells: mended, they can be
/// imported by the same mapping. Kept for a day.
#[utoipa::path(get, path = "/api/imports/{id}/rejects.csv", operation_id = "get_rejects_file",
    tag = "imports", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn rejects_file(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<ImportId>,
) -> Result<Response, ApiError> {
    caller.require(Right::RunImports)?;
    let uploads = api.engine().imports().uploads();
    let upload = uploads.of_import(id).ok_or_else(no_rejects)?;
    uploads.get(caller.caller(), &upload.id)?;
    let file = std::fs::File::open(uploads.rejects_file(&upload.id)).map_err(|_| no_rejects())?;
    let name = format!("attachment; filename=\"import-{id}-rejects.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, axum::body::Body::from_stream(blocks(file))).into_response())
}

/// The file, read on a thread of its own and no further ahead than the reader takes.
fn blocks(mut file: std::fs::File) -> impl futures::Stream<Item = io::Result<Bytes>> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        loop {
            let mut block = vec![0; BLOCK_BYTES];
            let read = file.read(&mut block);
            let is_end = !matches!(read, Ok(n) if n > 0);
            let block = read.map(|n| {
                block.truncate(n);
                Bytes::from(block)
            });
            let is_empty = block.as_ref().is_ok_and(Bytes::is_empty);
            if is_empty || sender.blocking_send(block).is_err() || is_end {
                return;
            }
        }
    });
    futures::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|block| (block, receiver))
    })
}

fn broken_off() -> ApiError {
    ApiError::new(ErrorKind::Invalid, "the file did not arrive whole; nothing of it was kept")
        .with_hint("upload it again")
}

fn no_rejects() -> ApiError {
    ApiError::new(ErrorKind::NotFound, "no rejected rows are kept for this import")
        .with_hint("they are kept for a day after an import of an uploaded file")
}
