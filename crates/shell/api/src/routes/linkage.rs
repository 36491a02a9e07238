//! Which customers may be one person, and what do people say about it?

use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Body, Id, PageParams, Params, about, page, parsed, words};
use crate::options::Api;
use crate::wire::linkage::{LinkageRun, LinkageSettings, LinkageSpread, LinkageStatus};
use crate::wire::list::List;
use crate::wire::pair::{
    Duplicates, LinkagePair, NewVerdicts, PairOrder, PairState, PreviewEvents, UndoVerdicts,
    VerdictResults,
};
use crate::wire::upload::UploadMapping;
use crate::wire::word::word;
use app::access::Right;
use app::imports::UploadId;
use app::linkage::{PairOrder as InnerPairOrder, PairState as InnerPairState, PairsQuery};
use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use base::{CustomerId, LinkageRunId, PairId};
use serde::Deserialize;
use utoipa::IntoParams;

/// Bytes of one request with events.
const EVENTS_BYTES_MAX: usize = 32 << 20;

/// The bound for requests with events.
pub fn events_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(EVENTS_BYTES_MAX)
}

/// How linkage stands: agreed, learned, in memory, at work, to be reviewed.
#[utoipa::path(get, path = "/api/linkage", operation_id = "get_linkage", tag = "linkage",
    responses((status = 200, body = LinkageStatus)))]
pub async fn status(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<LinkageStatus>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    Ok(Json(api.engine().linkage_status().await?.into()))
}

/// What was agreed about linkage.
#[utoipa::path(get, path = "/api/linkage/settings", operation_id = "get_linkage_settings",
    tag = "linkage", responses((status = 200, body = LinkageSettings)))]
pub async fn settings(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<LinkageSettings>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    Ok(Json(LinkageSettings::from(&*api.engine().linkage_settings())))
}

/// Agrees on something else about linkage.
#[utoipa::path(put, path = "/api/linkage/settings", operation_id = "change_linkage_settings",
    tag = "linkage", request_body = LinkageSettings,
    responses((status = 200, body = LinkageSettings)))]
pub async fn change(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value, .. }: Body<LinkageSettings>,
) -> Result<Json<LinkageSettings>, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    let settings = api.engine().change_linkage(caller.actor(), value.into()).await?;
    Ok(Json(LinkageSettings::from(&*settings)))
}

/// Runs, newest first.
#[utoipa::path(get, path = "/api/linkage/runs", operation_id = "list_linkage_runs",
    tag = "linkage", params(PageParams), responses((status = 200, body = List<LinkageRun>)))]
pub async fn runs(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<PageParams>,
) -> Result<Json<List<LinkageRun>>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let page = page(params.limit.as_deref(), params.cursor, api.engine().limits())?;
    let found = api.engine().linkage_runs(&page).await.map_err(about("cursor"))?;
    Ok(Json(found.map(LinkageRun::from).into()))
}

/// Compares all customers with each other: learns, links what is sure, asks about the rest. The
/// answer comes as soon as it runs.
#[utoipa::path(post, path = "/api/linkage/runs", operation_id = "start_linkage_run",
    tag = "linkage", responses((status = 200, body = LinkageRun)))]
pub async fn start(State(api): State<Api>, caller: SignedIn) -> Result<Json<LinkageRun>, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    Ok(Json(api.engine().start_linkage(caller.actor()).await?.into()))
}

/// One run.
#[utoipa::path(get, path = "/api/linkage/runs/{id}", operation_id = "get_linkage_run",
    tag = "linkage", params(("id" = String, Path)), responses((status = 200, body = LinkageRun)))]
pub async fn run(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<LinkageRunId>,
) -> Result<Json<LinkageRun>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    Ok(Json(api.engine().linkage_run(id).await?.into()))
}

/// Ends the run at work, within about a second; what it has linked stays.
#[utoipa::path(post, path = "/api/linkage/runs/{id}/cancel", operation_id = "cancel_linkage_run",
    tag = "linkage", params(("id" = String, Path)), responses((status = 200, body = LinkageRun)))]
pub async fn cancel(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<LinkageRunId>,
) -> Result<Json<LinkageRun>, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    Ok(Json(api.engine().cancel_linkage(caller.actor(), id).await?.into()))
}

/// Takes a run back: withdraws every link that it made and that still counts, and drops its open
/// questions.
#[utoipa::path(post, path = "/api/linkage/runs/{id}/undo", operation_id = "undo_linkage_run",
    tag = "linkage", params(("id" = String, Path)), responses((status = 200, body = LinkageRun)))]
pub async fn undo(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<LinkageRunId>,
) -> Result<Json<LinkageRun>, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    Ok(Json(api.engine().undo_linkage(caller.actor(), id).await?.into()))
}

/// Which pairs are meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PairParams {
    /// `open` where nothing is said; `all` for every state.
    #[param(value_type = Option<PairState>)]
    state: Option<String>,
    #[param(value_type = Option<PairOrder>)]
    order: Option<String>,
    /// Only those that this run found.
    run: Option<String>,
    /// Only those with this customer on one side.
    customer: Option<String>,
    /// 50 where nothing is said.
    limit: Option<String>,
    cursor: Option<String>,
}

/// Pairs of customers who may be one person, with both sides and the evidence.
#[utoipa::path(get, path = "/api/linkage/pairs", operation_id = "list_linkage_pairs",
    tag = "linkage", params(PairParams), responses((status = 200, body = List<LinkagePair>)))]
pub async fn pairs(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<PairParams>,
) -> Result<Json<List<LinkagePair>>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let state = match params.state.as_deref() {
        None | Some("") => Some(InnerPairState::Open),
        Some("all") => None,
        text => {
            words("state", text, word::<PairState>, "a state of pairs, or all")?.map(Into::into)
        }
    };
    let order = words("order", params.order.as_deref(), word::<PairOrder>, "an order of pairs")?;
    let order = order.map_or(InnerPairOrder::Doubtful, Into::into);
    let run = parsed::<LinkageRunId>("run", params.run.as_deref(), "a run like r_0001")?;
    let customer = params.customer.as_deref();
    let customer = parsed::<CustomerId>("customer", customer, "a customer like c_0011")?;
    let page = page(params.limit.as_deref(), params.cursor, api.engine().limits())?;
    let query = PairsQuery { state, run, customer, order, page };
    let found = api.engine().linkage_pairs(&query, &sight(&api, &caller)).await;
    Ok(Json(found.map_err(about("cursor"))?.map(LinkagePair::from).into()))
}

/// How many of the pairs that are kept are how likely: what other thresholds would mean.
#[utoipa::path(get, path = "/api/linkage/spread", operation_id = "get_linkage_spread",
    tag = "linkage", responses((status = 200, body = LinkageSpread)))]
pub async fn spread(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<LinkageSpread>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let review_at = api.engine().linkage_settings().review_at;
    Ok(Json(LinkageSpread::new(api.engine().linkage_spread().await?, review_at)))
}

/// One pair.
#[utoipa::path(get, path = "/api/linkage/pairs/{id}", operation_id = "get_linkage_pair",
    tag = "linkage", params(("id" = String, Path)), responses((status = 200, body = LinkagePair)))]
pub async fn pair(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<PairId>,
) -> Result<Json<LinkagePair>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    Ok(Json(api.engine().linkage_pair(id, &sight(&api, &caller)).await?.into()))
}

/// Takes what people say about pairs. When the answer is there, every page shows it.
#[utoipa::path(post, path = "/api/linkage/verdicts", operation_id = "judge_linkage_pairs",
    tag = "linkage", request_body = NewVerdicts,
    responses((status = 200, body = VerdictResults)))]
pub async fn judge(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value, .. }: Body<NewVerdicts>,
) -> Result<Json<VerdictResults>, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    let (verdicts, sight) = (value.read()?, sight(&api, &caller));
    let results = api.engine().judge_pairs(caller.actor(), &verdicts, &sight).await;
    Ok(Json(results.map_err(about("verdicts"))?.into()))
}

/// Takes verdicts back: the questions are open again, and who was merged is parted.
#[utoipa::path(post, path = "/api/linkage/verdicts/undo", operation_id = "unjudge_linkage_pairs",
    tag = "linkage", request_body = UndoVerdicts,
    responses((status = 200, body = VerdictResults)))]
pub async fn unjudge(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value, .. }: Body<UndoVerdicts>,
) -> Result<Json<VerdictResults>, ApiError> {
    caller.require(Right::ChangeIdentity)?;
    let (ids, sight) = (value.read()?, sight(&api, &caller));
    let results = api.engine().unjudge_pairs(caller.actor(), &ids, &sight).await;
    Ok(Json(results.map_err(about("pair_ids"))?.into()))
}

/// Which of these events are of customers already, and which rows are there twice. Nothing is
/// stored.
#[utoipa::path(post, path = "/api/linkage/preview", operation_id = "preview_duplicates",
    tag = "linkage", request_body = PreviewEvents,
    responses((status = 200, body = Duplicates)))]
pub async fn preview(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value, .. }: Body<PreviewEvents>,
) -> Result<Json<Duplicates>, ApiError> {
    caller.require(Right::RunImports)?;
    let sight = sight(&api, &caller);
    let found = api.engine().preview_import(value.into_rows(), &sight).await;
    Ok(Json(found.map_err(about("events"))?.into()))
}

/// Which rows of an uploaded file are of customers already, and which are there twice, under a
/// mapping; of a long file about ten thousand rows are looked at, spread evenly over its first
/// million. Nothing is imported. Rows are counted from 0.
#[utoipa::path(post, path = "/api/uploads/{id}/duplicates", operation_id = "find_duplicates",
    tag = "imports", params(("id" = String, Path)), request_body = UploadMapping,
    responses((status = 200, body = Duplicates)))]
pub async fn duplicates(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<UploadId>,
    Body { value, .. }: Body<UploadMapping>,
) -> Result<Json<Duplicates>, ApiError> {
    caller.require(Right::RunImports)?;
    let (engine, sight) = (api.engine(), sight(&api, &caller));
    let mapping = value.mapping.into();
    let found = engine.preview_upload(caller.caller(), (&id, &mapping), &sight).await;
    Ok(Json(found.map_err(about("mapping"))?.into()))
}
