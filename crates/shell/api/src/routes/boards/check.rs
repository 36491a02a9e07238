//! Can what is put on a board be answered?

use crate::error::ApiError;
use crate::options::Api;
use crate::routes::insights;
use crate::wire::board::{Card, CardAsk, MetricAsk};
use crate::wire::metric::refused;
use app::metrics::MetricPlan;
use base::{Duration, Error, ErrorKind, Timestamp};

/// A card may ask of days that are still to come, up to so far ahead.
const AHEAD: Duration = Duration::days(366);

/// That every card which is new, or asks something else than those of `before`, can be answered once
/// its days are there. A card that could be answered once is no reason to refuse a change of others.
///
/// # Errors
/// `Invalid`, naming the field: `cards[3].ask.question.steps`.
pub async fn asks(api: &Api, before: &[Card], cards: &[Card]) -> Result<(), ApiError> {
    let then = api.engine().now().plus(AHEAD);
    let known: Vec<_> = before.iter().map(written).collect();
    for (k, card) in cards.iter().enumerate() {
        if known.contains(&written(card)) {
            continue;
        }
        let checked = match &card.ask {
            CardAsk::Question(question) => {
                insights::check(question, then).map_err(|bad| bad.within("question"))
            }
            CardAsk::Metric(ask) => metric(api, ask, then).await,
        };
        checked.map_err(|bad| bad.within(&format!("cards[{k}].ask")))?;
    }
    Ok(())
}

/// What a card asks, to be compared.
fn written(card: &Card) -> Option<String> {
    serde_json::to_string(&card.ask).ok()
}

async fn metric(api: &Api, ask: &MetricAsk, now: Timestamp) -> Result<(), ApiError> {
    let metrics = api.engine().metrics();
    metrics.get(&ask.metric).await.map_err(|error| missing(error, "metric"))?;
    let kept = metrics.get_version(&ask.metric, ask.over.version).await;
    let kept = kept.map_err(|error| missing(error, "version"))?;
    let plan = MetricPlan::new(&kept.metric, ask.over.frame()?, now);
    plan.map(|_| ()).map_err(|bad| refused(&bad))
}

/// What is named and not there is a mistake of the card, not of the address.
fn missing(error: Error, field: &str) -> ApiError {
    match error.kind() {
        ErrorKind::NotFound => ApiError::field(field, error.message()),
        _ => error.into(),
    }
}
