//! When do alerts look at their metrics?

use super::judge::closed;
use super::stored::write_judgement;
use super::{Alert, Alerts, Judgement, courier};
use crate::engine::Engine;
use crate::metrics::KeptMetric;
use base::{Error, FiringId, Timestamp};
use state::admin::{DeliveryRow, FiringRow, JudgedRow};
use std::sync::{Arc, Weak};
use tokio::sync::watch;
use tokio::time::Duration as Pause;

/// How often is looked for spans that have ended, and for what is to be delivered.
const LOOK_EVERY: Pause = Pause::from_secs(2);
/// How long is rested after something failed.
const LOOK_AGAIN: Pause = Pause::from_secs(30);

/// What is done again and again.
#[derive(Clone, Copy)]
enum Chore {
    Judge,
    Deliver,
}

/// Starts to watch, and to tell: two tasks, so that a slow server keeps no alert waiting.
pub fn begin(engine: &Arc<Engine>) {
    for chore in [Chore::Judge, Chore::Deliver] {
        let stop = engine.stop.subscribe();
        engine.attend(tokio::spawn(run(Arc::downgrade(engine), chore, stop)));
    }
}

async fn run(engine: Weak<Engine>, chore: Chore, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let Some(engine) = engine.upgrade() else { return };
        let done = tokio::select! {
            done = one_round(&engine, chore) => done,
            _ = stop.changed() => return,
        };
        let pause = match done {
            Ok(_) => LOOK_EVERY,
            Err(error) => {
                tracing::error!(error = ?error, "alerts could not be looked at, or told");
                LOOK_AGAIN
            }
        };
        drop(engine);
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn one_round(engine: &Engine, chore: Chore) -> Result<usize, Error> {
    match chore {
        Chore::Judge => engine.judge_alerts().await,
        Chore::Deliver => courier::deliver_due(engine).await,
    }
}

impl Engine {
    /// Judges every span that has ended since alerts last looked; how many alerts fired. Runs by
    /// itself every few seconds.
    ///
    /// # Errors
    /// Where the tables cannot be read or written. An alert whose metric cannot be asked keeps the
    /// others from nothing: that is told to the operator.
    pub async fn judge_alerts(&self) -> Result<usize, Error> {
        let (alerts, now) = (self.alerts(), self.now());
        let mut n_fired = 0;
        for alert in alerts.list().await?.into_iter().filter(|alert| alert.is_on) {
            let until = closed(&alert.rule, now);
            if until <= alert.judged_until {
                continue;
            }
            match self.judge_alert(&alerts, &alert, until).await {
                Ok(n) => n_fired += n,
                Err(error) => tracing::warn!(alert = %alert.id, %error, "an alert cannot look"),
            }
        }
        Ok(n_fired)
    }

    /// Delivers what is due to be told to somebody's server; how many attempts were made. Runs by
    /// itself every few seconds.
    ///
    /// # Errors
    /// Where the tables cannot be read or written.
    pub async fn deliver_firings(&self) -> Result<usize, Error> {
        courier::deliver_due(self).await
    }

    /// What an alert finds of the last span that has ended, whether or not it has looked at it
    /// before; nothing is put down.
    ///
    /// # Errors
    /// `NotFound` where there is no such alert or metric; else as [`Engine::fold`].
    pub async fn try_alert(&self, alert: &Alert) -> Result<Option<Judgement>, Error> {
        let metric = self.metrics().get(&alert.rule.metric).await?.metric;
        let until = closed(&alert.rule, self.now());
        let calendar = &alert.rule.calendar;
        let from = calendar.begin(alert.rule.grain, Timestamp(until.0 - 1));
        Ok(self.judge_spans((&alert.rule, &metric), (from, until)).await?.pop())
    }

    async fn judge_alert(
        &self,
        alerts: &Alerts,
        alert: &Alert,
        until: Timestamp,
    ) -> Result<usize, Error> {
        let kept = self.metrics().get(&alert.rule.metric).await?;
        let spans = (alert.judged_until, until);
        let mut n_fired = 0;
        for found in self.judge_spans((&alert.rule, &kept.metric), spans).await? {
            n_fired += usize::from(alerts.put(alert, &kept, &found, self.now()).await?);
        }
        Ok(n_fired)
    }
}

impl Alerts {
    /// Puts down what was found; whether a firing came of it.
    async fn put(
        &self,
        alert: &Alert,
        kept: &KeptMetric,
        found: &Judgement,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let judgement = write_judgement(found);
        let waiting = DeliveryRow { n_attempts: 0, next_at: Some(now), delivered_at: None };
        let firing = found.fires.then(|| FiringRow {
            id: FiringId(0),
            alert: alert.id,
            span: (found.from, found.until),
            metric: kept.metric.id.to_string(),
            metric_version: u64::from(kept.metric.version),
            fired_at: now,
            judgement: judgement.clone(),
            delivery: alert.webhook.as_ref().map(|_| waiting),
        });
        let judged = JudgedRow {
            alert: alert.id,
            version: alert.version,
            until: found.until,
            judgement: &judgement,
            firing: firing.as_ref(),
        };
        Ok(self.admin.put_judged(&judged).await?)
    }
}
