//! Who changed what, and when?

use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::input::{PageParams, Params, about, page};
use crate::options::Api;
use crate::wire::list::List;
use crate::wire::person::AuditEntry;
use app::access::Right;
use axum::Json;
use axum::extract::State;

/// The audit log, newest first.
#[utoipa::path(get, path = "/api/audit", operation_id = "list_audit", tag = "settings",
    params(PageParams), responses((status = 200, body = List<AuditEntry>)))]
pub async fn list(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<PageParams>,
) -> Result<Json<List<AuditEntry>>, ApiError> {
    caller.require(Right::ViewAudit)?;
    let page = page(params.limit.as_deref(), params.cursor, api.engine().limits())?;
    let found = api.engine().access().audit_log(&page).await.map_err(about("cursor"))?;
    Ok(Json(found.map(AuditEntry::from).into()))
}
