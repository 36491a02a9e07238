//! How is a question of any insight answered?

use super::desk::Desk;
use super::question::Question;
use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::Body;
use crate::options::Api;
use crate::wire::insight::stored::{StoredAnswer, StoredQuestion};
use crate::wire::insight::who;
use app::access::Right;
use app::traits::Sight;
use axum::Json;
use axum::extract::State;
use base::Timestamp;

/// Any question about behaviour, with the name of its insight.
#[utoipa::path(post, path = "/api/insights/ask", operation_id = "ask", tag = "insights",
    request_body = StoredQuestion, responses((status = 200, body = StoredAnswer)))]
pub async fn ask(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: question, .. }: Body<StoredQuestion>,
) -> Result<Json<StoredAnswer>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    Ok(Json(answer(&api, &sight(&api, &caller), &question).await?))
}

/// That a question can be answered as it stands `now`, whoever asks it.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn check(question: &StoredQuestion, now: Timestamp) -> Result<(), ApiError> {
    use StoredQuestion as Q;
    match question {
        Q::Trend(question) => planned(question, now),
        Q::Funnel(question) => planned(question, now),
        Q::Retention(question) => planned(question, now),
        Q::Visits(question) => planned(question, now),
        Q::Paths(question) => planned(question, now),
        Q::Lifecycle(question) => planned(question, now),
        Q::Stickiness(question) => planned(question, now),
        Q::Rfm(question) => planned(question, now),
        Q::LastTouch(question) => planned(question, now),
    }
}

fn planned<Q: Question>(question: &Q, now: Timestamp) -> Result<(), ApiError> {
    who(question.who())?;
    question.plan(now)?;
    question.plan_compared(now)?;
    Ok(())
}

/// The answer for somebody who may ask, and has this sight.
///
/// # Errors
/// `Invalid`, naming the field; `Denied` where it looks at what they may not see; and those of
/// [`Engine::fold`](app::Engine::fold).
pub async fn answer(
    api: &Api,
    sight: &Sight,
    question: &StoredQuestion,
) -> Result<StoredAnswer, ApiError> {
    use StoredQuestion as Q;
    let desk = Desk::new(api, sight.clone());
    Ok(match question {
        Q::Trend(question) => StoredAnswer::Trend(desk.ask(question).await?),
        Q::Funnel(question) => StoredAnswer::Funnel(desk.ask(question).await?),
        Q::Retention(question) => StoredAnswer::Retention(desk.ask(question).await?),
        Q::Visits(question) => StoredAnswer::Visits(desk.ask(question).await?.into()),
        Q::Paths(question) => StoredAnswer::Paths(desk.ask(question).await?),
        Q::Lifecycle(question) => StoredAnswer::Lifecycle(desk.ask(question).await?),
        Q::Stickiness(question) => StoredAnswer::Stickiness(desk.ask(question).await?),
        Q::Rfm(question) => StoredAnswer::Rfm(desk.ask(question).await?),
        Q::LastTouch(question) => StoredAnswer::LastTouch(desk.ask(question).await?),
    })
}
