//! Which files were brought in, and how does one bring a file in?

use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::input::{Body, Id, IdempotencyKey, PageParams, Params, about, page};
use crate::live::{Watcher, event, stream as live_stream};
use crate::once::{Creation, create};
use crate::options::Api;
use crate::wire::import::{FinishImport, Import, ImportReject, ImportRows, NewImport};
use crate::wire::list::List;
use app::access::Right;
use app::imports::Uploads;
use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use axum::response::sse::Event;
use base::ImportId;

/// Bytes of one request with rows.
const ROWS_BYTES_MAX: usize = 32 << 20;

/// The bound for requests with rows.
pub fn rows_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(ROWS_BYTES_MAX)
}

/// Imports, newest first.
#[utoipa::path(get, path = "/api/imports", operation_id = "list_imports", tag = "imports",
    params(PageParams), responses((status = 200, body = List<Import>)))]
pub async fn list(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<PageParams>,
) -> Result<Json<List<Import>>, ApiError> {
    caller.require(Right::ViewImports)?;
    let page = page(params.limit.as_deref(), params.cursor, api.engine().limits())?;
    let found = api.engine().imports().list(&page).await.map_err(about("cursor"))?;
    let uploads = api.engine().imports().uploads();
    Ok(Json(found.map(|import| Import::of(import, uploads)).into()))
}

/// One import.
#[utoipa::path(get, path = "/api/imports/{id}", operation_id = "get_import", tag = "imports",
    params(("id" = String, Path)), responses((status = 200, body = Import)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<ImportId>,
) -> Result<Json<Import>, ApiError> {
    caller.require(Right::ViewImports)?;
    told(&api, api.engine().imports().get(id).await?)
}

/// Rows of an import that were not taken; the first ten thousand are kept.
#[utoipa::path(get, path = "/api/imports/{id}/rejects", operation_id = "list_import_rejects",
    tag = "imports", params(("id" = String, Path), PageParams),
    responses((status = 200, body = List<ImportReject>)))]
pub async fn rejects(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<ImportId>,
    Params(params): Params<PageParams>,
) -> Result<Json<List<ImportReject>>, ApiError> {
    caller.require(Right::ViewImports)?;
    let page = page(params.limit.as_deref(), params.cursor, api.engine().limits())?;
    let found = api.engine().imports().rejects(id, &page).await.map_err(about("cursor"))?;
    Ok(Json(found.map(ImportReject::from).into()))
}

/// Every change of every import, as it happens: events `import`.
#[utoipa::path(get, path = "/api/imports/stream", operation_id = "stream_imports", tag = "imports",
    responses((status = 200, content_type = "text/event-stream", body = Import)))]
pub async fn stream(State(api): State<Api>, caller: SignedIn) -> Result<Response, ApiError> {
    caller.require(Right::ViewImports)?;
    let imports = api.engine().imports();
    live_stream(&api, Changes { uploads: imports.uploads().clone() }, imports.changes())
}

/// Begins an import, or goes on with the one of the same file by the same mapping.
#[utoipa::path(post, path = "/api/imports", operation_id = "begin_import", tag = "imports",
    request_body = NewImport, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Import)))]
pub async fn begin(
    State(api): State<Api>,
    caller: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, text }: Body<NewImport>,
) -> Result<Response, ApiError> {
    caller.require(Right::RunImports)?;
    let what = "POST /api/imports";
    let creation = Creation { by: &caller, what, key, body: &text, is_secret: false };
    create(&api, creation, async {
        let engine = api.engine();
        let begun = engine.imports().begin(caller.actor(), value.into(), engine.now()).await?;
        Ok(Import::of(begun, engine.imports().uploads()))
    })
    .await
}

/// Takes rows; answered when they are durable. Rows that were taken before are not taken twice.
#[utoipa::path(post, path = "/api/imports/{id}/rows", operation_id = "add_import_rows",
    tag = "imports", params(("id" = String, Path)), request_body = ImportRows,
    responses((status = 200, body = Import)))]
pub async fn rows(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<ImportId>,
    Body { value, .. }: Body<ImportRows>,
) -> Result<Json<Import>, ApiError> {
    caller.require(Right::RunImports)?;
    let events = value.events.into_iter().map(Box::<str>::from);
    let rows = app::ImportRows {
        from_row: value.from_row,
        to_row: value.to_row,
        events: events.collect(),
        rejects: value.rejects.into_iter().map(Into::into).collect(),
        bytes_done: value.bytes_done,
    };
    told(&api, api.engine().import_rows(id, rows).await?)
}

/// Ends an import.
#[utoipa::path(post, path = "/api/imports/{id}/finish", operation_id = "finish_import",
    tag = "imports", params(("id" = String, Path)), request_body = FinishImport,
    responses((status = 200, body = Import)))]
pub async fn finish(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<ImportId>,
    Body { value, .. }: Body<FinishImport>,
) -> Result<Json<Import>, ApiError> {
    caller.require(Right::RunImports)?;
    let engine = api.engine();
    let end = (value.state.into(), value.message);
    told(&api, engine.imports().finish(id, end, engine.now()).await?)
}

/// Stops an import that runs on the server; it can go on where it was.
#[utoipa::path(post, path = "/api/imports/{id}/stop", operation_id = "stop_import",
    tag = "imports", params(("id" = String, Path)), responses((status = 200, body = Import)))]
pub async fn stop(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<ImportId>,
) -> Result<Json<Import>, ApiError> {
    caller.require(Right::RunImports)?;
    let imports = api.engine().imports();
    let import = imports.get(id).await?;
    imports.uploads().stop(id)?;
    told(&api, import)
}

fn told(api: &Api, import: app::imports::Import) -> Result<Json<Import>, ApiError> {
    Ok(Json(Import::of(import, api.engine().imports().uploads())))
}

struct Changes {
    uploads: Uploads,
}

impl Watcher for Changes {
    type News = app::imports::Import;
    const EVENTS_PER_SECOND_MAX: usize = 20;

    fn look(&self, news: app::imports::Import) -> (Vec<Event>, u64) {
        (vec![event("import", &Import::of(news, &self.uploads))], 0)
    }

    /// The next change of the same import tells everything again.
    fn gap(&self, _: u64) -> Option<Event> {
        None
    }
}
