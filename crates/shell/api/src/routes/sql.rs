//! What do events and customers say to somebody who asks in SQL?

use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::input::{Body, Id};
use crate::options::Api;
use crate::sql::{SqlDesk, SqlForm};
use crate::wire::sql::{
    SavedQueries, SavedQuery, SavedQueryDraft, SqlAnswer, SqlPlan, SqlPlanQuestion, SqlQuestion,
    SqlSchema, deleted,
};
use app::access::Right;
use axum::Json;
use axum::body::Body as Sent;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base::{ErrorKind, QueryId};
use http::{HeaderMap, HeaderValue, StatusCode, header};

/// Answers a question in SQL, as JSON, CSV or Arrow. The rows are sent while they are made; who
/// closes the request stops the work.
#[utoipa::path(post, path = "/api/sql", operation_id = "ask_sql", tag = "sql",
    request_body = SqlQuestion,
    responses((status = 200, content(
        (SqlAnswer = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.apache.arrow.stream"),
    ))))]
pub async fn ask(
    State(api): State<Api>,
    caller: SignedIn,
    headers: HeaderMap,
    Body { value: question, .. }: Body<SqlQuestion>,
) -> Result<Response, ApiError> {
    let desk = desk(&api, &caller)?;
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let question = question.inner(accept)?;
    let form = question.form;
    let bytes = desk.ask(caller.caller(), question).await?;
    let mut response = Sent::from_stream(bytes).into_response();
    let (media_type, file) = media(form);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Some(file) = file {
        let named = HeaderValue::from_static(file);
        response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    }
    Ok(response)
}

/// The media type of a form, and how a browser names the file.
fn media(form: SqlForm) -> (&'static str, Option<&'static str>) {
    match form {
        SqlForm::Json => ("application/json", None),
        SqlForm::Csv => ("text/csv; charset=utf-8", Some("attachment; filename=\"answer.csv\"")),
        SqlForm::Arrow => {
            ("application/vnd.apache.arrow.stream", Some("attachment; filename=\"answer.arrows\""))
        }
    }
}

/// How a question would be carried out.
#[utoipa::path(post, path = "/api/sql/plan", operation_id = "plan_sql", tag = "sql",
    request_body = SqlPlanQuestion, responses((status = 200, body = SqlPlan)))]
pub async fn plan(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: question, .. }: Body<SqlPlanQuestion>,
) -> Result<Json<SqlPlan>, ApiError> {
    let desk = desk(&api, &caller)?;
    Ok(Json(SqlPlan { text: desk.plan(caller.caller(), &question.query).await? }))
}

/// Tables, columns and functions.
#[utoipa::path(get, path = "/api/sql/schema", operation_id = "get_sql_schema", tag = "sql",
    responses((status = 200, body = SqlSchema)))]
pub async fn schema(State(api): State<Api>, caller: SignedIn) -> Result<Json<SqlSchema>, ApiError> {
    Ok(Json(desk(&api, &caller)?.schema().into()))
}

/// Questions that were saved, by name.
#[utoipa::path(get, path = "/api/sql/queries", operation_id = "list_queries", tag = "sql",
    responses((status = 200, body = SavedQueries)))]
pub async fn queries(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<SavedQueries>, ApiError> {
    caller.require(Right::AskSql)?;
    let (access, now) = (api.engine().access(), api.engine().now());
    let queries = access.saved_queries().await?.into_iter().map(Into::into).collect();
    let gone = deleted(access.deleted_queries(now).await?);
    Ok(Json(SavedQueries { queries, deleted: gone }))
}

/// Saves a question, for everybody who may ask in SQL.
#[utoipa::path(post, path = "/api/sql/queries", operation_id = "save_query", tag = "sql",
    request_body = SavedQueryDraft, responses((status = 200, body = SavedQuery)))]
pub async fn save(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: draft, .. }: Body<SavedQueryDraft>,
) -> Result<Json<SavedQuery>, ApiError> {
    caller.require(Right::AskSql)?;
    let engine = api.engine();
    let saved = engine.access().save_query(caller.actor(), draft.into(), engine.now()).await?;
    Ok(Json(saved.into()))
}

/// Saves a question anew.
#[utoipa::path(put, path = "/api/sql/queries/{id}", operation_id = "change_query", tag = "sql",
    params(("id" = String, Path)), request_body = SavedQueryDraft,
    responses((status = 200, body = SavedQuery)))]
pub async fn change(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<QueryId>,
    Body { value: draft, .. }: Body<SavedQueryDraft>,
) -> Result<Json<SavedQuery>, ApiError> {
    caller.require(Right::AskSql)?;
    let (engine, actor) = (api.engine(), caller.actor());
    let saved = engine.access().change_query(actor, id, draft.into(), engine.now()).await?;
    Ok(Json(saved.into()))
}

/// Deletes a saved question; for 30 days it can come back.
#[utoipa::path(delete, path = "/api/sql/queries/{id}", operation_id = "delete_query", tag = "sql",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn delete(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<QueryId>,
) -> Result<StatusCode, ApiError> {
    caller.require(Right::AskSql)?;
    let engine = api.engine();
    engine.access().delete_query(caller.actor(), id, engine.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings a deleted question back.
#[utoipa::path(post, path = "/api/sql/queries/{id}/restore", operation_id = "restore_query",
    tag = "sql", params(("id" = String, Path)), responses((status = 200, body = SavedQuery)))]
pub async fn restore(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<QueryId>,
) -> Result<Json<SavedQuery>, ApiError> {
    caller.require(Right::AskSql)?;
    let engine = api.engine();
    let there = engine.access().restore_query(caller.actor(), id, engine.now()).await?;
    Ok(Json(there.into()))
}

/// Who answers, for somebody who may ask.
fn desk<'a>(api: &'a Api, caller: &SignedIn) -> Result<&'a dyn SqlDesk, ApiError> {
    caller.require(Right::AskSql)?;
    api.options
        .sql
        .as_deref()
        .ok_or_else(|| ApiError::new(ErrorKind::Unavailable, "this server was built without SQL"))
}
