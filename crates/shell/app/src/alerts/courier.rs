//! Was somebody's server told, and when is it tried again?

use super::message::{Data, Message};
use super::stored::read_judgement;
use super::{Alert, Judgement, Posted};
use crate::engine::Engine;
use base::{Duration, Error, Timestamp};
use state::admin::{AttemptRow, DeliveryRow, FiringRow};

/// Firings that are told in one round.
const AT_ONCE: usize = 20;
/// Seconds from one attempt to the next, as Standard Webhooks advise; after the last it is given
/// up.
const WAITS: [i64; 7] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400];

/// Tells what is due; how many attempts were made.
///
/// # Errors
/// Where the tables cannot be read or written.
pub async fn deliver_due(engine: &Engine) -> Result<usize, Error> {
    let _turn = engine.shared.telling.lock().await;
    let alerts = engine.alerts();
    let due = alerts.admin.firings_due(engine.now(), AT_ONCE).await?;
    for firing in &due {
        // Gone are only the firings of an alert that was deleted meanwhile.
        let Ok(alert) = alerts.get(firing.alert).await else { continue };
        let posted = post(engine, &alert, firing).await?;
        let now = engine.now();
        let (attempt, delivery) = after(firing, posted, now);
        alerts.admin.put_attempt(&attempt, delivery).await?;
    }
    Ok(due.len())
}

async fn post(engine: &Engine, alert: &Alert, firing: &FiringRow) -> Result<Posted, Error> {
    let Some(webhook) = &alert.webhook else {
        return Ok(Posted { status: Some(410), message: "the alert tells no server now".into() });
    };
    let found = read_judgement(&firing.judgement)?;
    let whose = (alert.id.to_string(), Some(firing.id.to_string()));
    let message = Message {
        kind: "alert.fired",
        timestamp: firing.fired_at.to_string(),
        data: Data::of(&found, whose, (&firing.metric, firing.metric_version)),
    };
    // The moment is part of it: numbers of firings that were deleted are given again.
    let id = format!("msg_{}_{}", firing.id, firing.fired_at.0);
    let is_inside_allowed = engine.shared.options.webhooks_reach_inside;
    Ok(message.post(webhook, (&id, engine.now()), is_inside_allowed).await)
}

/// What is put down of an attempt, and when the next one is due.
fn after(firing: &FiringRow, posted: Posted, now: Timestamp) -> (AttemptRow, DeliveryRow) {
    let n_before = firing.delivery.map_or(0, |delivery| delivery.n_attempts);
    let wait = usize::try_from(n_before).ok().and_then(|k| WAITS.get(k));
    let is_over = posted.is_taken() || posted.is_gone();
    let next_at = wait.filter(|_| !is_over).map(|wait| now.plus(Duration::seconds(*wait)));
    let delivery = DeliveryRow {
        n_attempts: n_before + 1,
        next_at,
        delivered_at: posted.is_taken().then_some(now),
    };
    let attempt = AttemptRow {
        firing: firing.id,
        attempt: n_before + 1,
        at: now,
        status: posted.status,
        message: posted.message,
    };
    (attempt, delivery)
}

impl Engine {
    /// Tells an alert's server a judgement as a test, once.
    ///
    /// # Errors
    /// `NotFound` where its metric is gone.
    pub async fn test_webhook(
        &self,
        alert: &Alert,
        found: &Judgement,
    ) -> Result<Option<Posted>, Error> {
        let Some(webhook) = &alert.webhook else { return Ok(None) };
        let now = self.now();
        let metric = self.metrics().get(&alert.rule.metric).await?.metric;
        let message = Message {
            kind: "alert.test",
            timestamp: now.to_string(),
            data: Data::of(
                found,
                (alert.id.to_string(), None),
                (&metric.id, u64::from(metric.version)),
            ),
        };
        let id = format!("msg_test_{}_{}", alert.id, now.0);
        let is_inside_allowed = self.shared.options.webhooks_reach_inside;
        Ok(Some(message.post(webhook, (&id, now), is_inside_allowed).await))
    }
}
