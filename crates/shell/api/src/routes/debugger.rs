//! What arrived just now, and what became of it?

use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Id, Params, about, page, parsed, plain, words};
use crate::live::{Watcher, event, stream as live_stream};
use crate::options::Api;
use crate::wire::debug::{DebugDetail, DebugEvent, Gap};
use crate::wire::list::List;
use crate::wire::word;
use app::EventSeq;
use app::access::Right;
use app::debugger::{DebugBatch, DebugQuery, DebugStatus};
use app::sources::Sources;
use app::traits::Sight;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::response::sse::Event;
use lexicon::EventKind;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// Which events to show; what is left out does not restrict.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DebugParams {
    /// Only from this source.
    source: Option<String>,
    /// Only calls of this kind.
    #[param(value_type = Option<word::EventKind>)]
    kind: Option<String>,
    /// Only what became this.
    #[param(value_type = Option<word::DebugStatus>)]
    status: Option<String>,
    /// Only where the name, an identifier, the message id or a refusal contains this.
    text: Option<String>,
    /// Rows of the page, 500 at most.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What arrived, newest first.
#[utoipa::path(get, path = "/api/debugger", operation_id = "list_debug_events", tag = "debugger",
    params(DebugParams), responses((status = 200, body = List<DebugEvent>)))]
pub async fn list(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<DebugParams>,
) -> Result<Json<List<DebugEvent>>, ApiError> {
    caller.require(Right::ViewEvents)?;
    let engine = api.engine();
    let page = page(params.limit.as_deref(), params.cursor.clone(), engine.limits())?;
    let sight = sight(&api, &caller);
    let query = query(params, &sight)?;
    let found = engine.debugger(&query, &page).await.map_err(about("cursor"))?;
    let sources = engine.sources();
    Ok(Json(found.map(|event| DebugEvent::of(event, sources, &sight)).into()))
}

/// One event, raw and as understood.
#[utoipa::path(get, path = "/api/debugger/{seq}", operation_id = "get_debug_event",
    tag = "debugger", params(("seq" = String, Path)),
    responses((status = 200, body = DebugDetail)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Id(seq): Id<EventSeq>,
) -> Result<Json<DebugDetail>, ApiError> {
    caller.require(Right::ViewEvents)?;
    let detail = api.engine().debugger_one(seq).await?;
    Ok(Json(DebugDetail::of(detail, api.engine().sources(), &sight(&api, &caller))))
}

/// What arrives, as it arrives: events `debug`, and `gap` where more came than is shown.
#[utoipa::path(get, path = "/api/debugger/stream", operation_id = "stream_debug_events",
    tag = "debugger", params(DebugParams),
    responses((status = 200, content_type = "text/event-stream", body = DebugEvent)))]
pub async fn stream(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<DebugParams>,
) -> Result<Response, ApiError> {
    caller.require(Right::ViewEvents)?;
    let sources = api.engine().sources().clone();
    let sight = sight(&api, &caller);
    let watcher = Debugger { query: query(params, &sight)?, sources, sight };
    live_stream(&api, watcher, api.engine().debugger_live())
}

fn query(params: DebugParams, sight: &Sight) -> Result<DebugQuery, ApiError> {
    let kinds = "track, identify, page, screen, group or alias";
    let statuses = "accepted, flagged, refused or duplicate";
    Ok(DebugQuery {
        source: parsed("source", params.source.as_deref(), "the id of a source, like s_0001")?,
        kind: words("kind", params.kind.as_deref(), EventKind::from_slug, kinds)?,
        status: words("status", params.status.as_deref(), DebugStatus::from_slug, statuses)?,
        text: plain("text", params.text)?,
        sight: sight.clone(),
    })
}

struct Debugger {
    query: DebugQuery,
    sources: Sources,
    sight: Sight,
}

impl Watcher for Debugger {
    type News = Arc<DebugBatch>;
    const EVENTS_PER_SECOND_MAX: usize = 50;

    fn look(&self, news: Arc<DebugBatch>) -> (Vec<Event>, u64) {
        let wanted = news.events.iter().filter(|event| self.query.matches(event));
        let wanted = wanted.map(|found| {
            event("debug", &DebugEvent::of(found.clone(), &self.sources, &self.sight))
        });
        (wanted.collect(), news.n_skipped)
    }

    fn gap(&self, n_skipped: u64) -> Option<Event> {
        Some(event("gap", &Gap { skipped: n_skipped }))
    }
}
