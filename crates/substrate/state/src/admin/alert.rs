//! Who is told when a metric is not as it should be?

use super::audit::{self, AuditRow};
use super::{Admin, next_id};
use crate::{Row, StateError, Tx};
use base::{AlertId, FiringId, Timestamp};

/// An alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRow {
    /// Which alert.
    pub id: AlertId,
    /// Counts every change, from 1.
    pub version: u64,
    /// The key of the metric that it watches.
    pub metric: String,
    /// When it fires, as JSON.
    pub rule: String,
    /// Whose server is told, and the secret that signs what it is told.
    pub webhook: Option<(String, String)>,
    /// Whether it watches at all.
    pub is_on: bool,
    /// Who made it.
    pub owner: String,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
    /// Where the last span ended that was judged.
    pub judged_until: Timestamp,
    /// What was found then, as JSON.
    pub judgement: Option<String>,
}

/// One time that an alert had something to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiringRow {
    /// Which firing.
    pub id: FiringId,
    /// Of which alert.
    pub alert: AlertId,
    /// The span whose number it was.
    pub span: (Timestamp, Timestamp),
    /// The metric's key.
    pub metric: String,
    /// The version of the metric.
    pub metric_version: u64,
    /// When it was told.
    pub fired_at: Timestamp,
    /// What was found, as JSON.
    pub judgement: String,
    /// How far it is on its way to somebody's server, where there is one.
    pub delivery: Option<DeliveryRow>,
}

/// A firing on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// How often it was tried.
    pub n_attempts: u64,
    /// When it is tried next; `None` once it arrived or was given up.
    pub next_at: Option<Timestamp>,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
}

/// One attempt to deliver a firing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// Of which firing.
    pub firing: FiringId,
    /// Which attempt, from 1.
    pub attempt: u64,
    /// When.
    pub at: Timestamp,
    /// The status that was answered, where one was.
    pub status: Option<u16>,
    /// What came of it.
    pub message: String,
}

/// What was found of a span.
#[derive(Clone, Debug)]
pub struct JudgedRow<'a> {
    /// By which alert.
    pub alert: AlertId,
    /// In which version: one that was changed meanwhile is not the one that looked.
    pub version: u64,
    /// Where the span ended.
    pub until: Timestamp,
    /// What was found, as JSON.
    pub judgement: &'a str,
    /// What is to be told; its id is found here.
    pub firing: Option<&'a FiringRow>,
}

const ALERTS: &str = "SELECT id, version, metric, rule, webhook_url, webhook_secret, is_on, owner,
    changed_at, changed_by, judged_until, judgement FROM alerts";

const FIRINGS: &str = "SELECT f.id, f.alert, f.span_begin, f.span_end, f.metric, f.metric_version,
    f.fired_at, f.judgement, d.n_attempts, d.next_at, d.delivered_at
    FROM alert_firings f LEFT JOIN alert_deliveries d ON d.firing = f.id";

impl Admin {
    /// Every alert, the newest first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn alerts(&self) -> Result<Vec<AlertRow>, StateError> {
        let rows = self.db.rows(format!("{ALERTS} ORDER BY id DESC"), vec![]).await?;
        rows.iter().map(alert_row).collect()
    }

    /// The alert with this id.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn alert(&self, id: AlertId) -> Result<Option<AlertRow>, StateError> {
        let row = self.db.row(format!("{ALERTS} WHERE id = $1"), vec![id.to_sql().into()]).await?;
        row.as_ref().map(alert_row).transpose()
    }

    /// Makes an alert; the id in `row` is replaced by the real one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_alert(
        &self,
        mut row: AlertRow,
        audit: &AuditRow,
    ) -> Result<AlertRow, StateError> {
        let next = "SELECT COALESCE(MAX(id), CAST(0 AS BIGINT)) + 1 FROM alerts";
        let sql = "INSERT INTO alerts (id, version, metric, rule, webhook_url, webhook_secret,
                   is_on, owner, changed_at, changed_by, judged_until)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let values = vec![
            row.version.cast_signed().into(),
            row.metric.as_str().into(),
            row.rule.as_str().into(),
            row.webhook.as_ref().map(|(url, _)| url.as_str()).into(),
            row.webhook.as_ref().map(|(_, secret)| secret.as_str()).into(),
            i64::from(row.is_on).into(),
            row.owner.as_str().into(),
            row.changed_at.into(),
            row.changed_by.as_str().into(),
            row.judged_until.into(),
        ];
        let of = (AlertId::from_sql, values);
        row.id = self.insert_audited((next, sql), of, audit).await?;
        Ok(row)
    }

    /// Changes all of an alert but its owner; what was found before is forgotten. `false` where its
    /// version is not the one before that of `row`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn change_alert(&self, row: &AlertRow, audit: &AuditRow) -> Result<bool, StateError> {
        let sql = "UPDATE alerts SET version = $1, metric = $2, rule = $3, webhook_url = $4,
                   webhook_secret = $5, is_on = $6, changed_at = $7, changed_by = $8,
                   judged_until = $9, judgement = NULL WHERE id = $10 AND version = $11";
        let values = vec![
            row.version.cast_signed().into(),
            row.metric.as_str().into(),
            row.rule.as_str().into(),
            row.webhook.as_ref().map(|(url, _)| url.as_str()).into(),
            row.webhook.as_ref().map(|(_, secret)| secret.as_str()).into(),
            i64::from(row.is_on).into(),
            row.changed_at.into(),
            row.changed_by.as_str().into(),
            row.judged_until.into(),
            row.id.to_sql().into(),
            (row.version.cast_signed() - 1).into(),
        ];
        Ok(self.execute_audited(sql, values, audit).await? == 1)
    }

    /// Deletes an alert with all that it told; `false` where there is none.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn delete_alert(&self, id: AlertId, audit: &AuditRow) -> Result<bool, StateError> {
        let mut tx = self.db.begin().await?;
        for sql in [
            "DELETE FROM alert_attempts WHERE firing IN
             (SELECT id FROM alert_firings WHERE alert = $1)",
            "DELETE FROM alert_deliveries WHERE firing IN
             (SELECT id FROM alert_firings WHERE alert = $1)",
            "DELETE FROM alert_firings WHERE alert = $1",
        ] {
            tx.execute(sql, vec![id.to_sql().into()]).await?;
        }
        if tx.execute("DELETE FROM alerts WHERE id = $1", vec![id.to_sql().into()]).await? == 0 {
            return Ok(false);
        }
        audit::record(&mut tx, audit).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Puts down what was found of a span, and what is to be told of it, both or neither, and never
    /// twice for one alert and span: `true` where a firing was put down.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_judged(&self, judged: &JudgedRow<'_>) -> Result<bool, StateError> {
        let mut tx = self.db.begin().await?;
        let sql = "UPDATE alerts SET judged_until = $1, judgement = $2
                   WHERE id = $3 AND version = $4 AND judged_until < $1";
        let values = vec![
            judged.until.into(),
            judged.judgement.into(),
            judged.alert.to_sql().into(),
            judged.version.cast_signed().into(),
        ];
        if tx.execute(sql, values).await? == 0 {
            return Ok(false);
        }
        let is_told = match judged.firing {
            Some(firing) => put_firing(&mut tx, firing).await?,
            None => false,
        };
        tx.commit().await?;
        Ok(is_told)
    }

    /// The newest firings before `before` (all where `None`), newest first, `limit` at most; of one
    /// alert or of all.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn firings(
        &self,
        alert: Option<AlertId>,
        before: Option<FiringId>,
        limit: usize,
    ) -> Result<Vec<FiringRow>, StateError> {
        let sql = format!(
            "{FIRINGS} WHERE f.id < $1 AND (f.alert = $2 OR $2 < 0) ORDER BY f.id DESC LIMIT $3"
        );
        let before = before.map_or(i64::MAX, FiringId::to_sql);
        let alert = alert.map_or(-1, AlertId::to_sql);
        let values = vec![before.into(), alert.into(), (limit as i64).into()];
        self.db.rows(sql, values).await?.iter().map(firing_row).collect()
    }

    /// Firings that are to be delivered by `now`, `limit` at most.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn firings_due(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<FiringRow>, StateError> {
        let sql = format!("{FIRINGS} WHERE d.next_at <= $1 ORDER BY d.next_at, f.id LIMIT $2");
        let rows = self.db.rows(sql, vec![now.into(), (limit as i64).into()]).await?;
        rows.iter().map(firing_row).collect()
    }

    /// Puts down one attempt to deliver, and when the next one is due.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_attempt(
        &self,
        attempt: &AttemptRow,
        delivery: DeliveryRow,
    ) -> Result<(), StateError> {
        let mut tx = self.db.begin().await?;
        let sql = "INSERT INTO alert_attempts (firing, attempt, at, status, message)
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let values = vec![
            attempt.firing.to_sql().into(),
            attempt.attempt.cast_signed().into(),
            attempt.at.into(),
            attempt.status.map(i64::from).into(),
            attempt.message.as_str().into(),
        ];
        tx.execute(sql, values).await?;
        let sql = "UPDATE alert_deliveries SET n_attempts = $1, next_at = $2, delivered_at = $3
                   WHERE firing = $4";
        let values = vec![
            delivery.n_attempts.cast_signed().into(),
            delivery.next_at.into(),
            delivery.delivered_at.into(),
            attempt.firing.to_sql().into(),
        ];
        tx.execute(sql, values).await?;
        tx.commit().await
    }

    /// The attempts to deliver the firings from `first` to `last`, in their order.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn attempts(
        &self,
        (first, last): (FiringId, FiringId),
    ) -> Result<Vec<AttemptRow>, StateError> {
        let sql = "SELECT firing, attempt, at, status, message FROM alert_attempts
                   WHERE firing >= $1 AND firing <= $2 ORDER BY firing, attempt";
        let values = vec![first.to_sql().into(), last.to_sql().into()];
        self.db.rows(sql, values).await?.iter().map(attempt_row).collect()
    }

    /// Up to which firing `reader` has looked; 0 for none.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn seen_firing(&self, reader: &str) -> Result<FiringId, StateError> {
        let sql = "SELECT firing FROM alert_readers WHERE reader = $1";
        let row = self.db.row(sql, vec![reader.into()]).await?;
        row.map_or(Ok(FiringId(0)), |row| Ok(FiringId::from_sql(row.int(0)?)))
    }

    /// Remembers that `reader` has looked up to a firing; never takes back what was seen.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_seen_firing(&self, reader: &str, to: FiringId) -> Result<(), StateError> {
        let sql = "INSERT INTO alert_readers (reader, firing) VALUES ($1, $2)
                   ON CONFLICT (reader) DO UPDATE SET firing = excluded.firing
                   WHERE excluded.firing > alert_readers.firing";
        self.db.execute(sql, vec![reader.into(), to.to_sql().into()]).await?;
        Ok(())
    }

    /// How many firings came after this one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn n_firings_after(&self, after: FiringId) -> Result<u64, StateError> {
        let sql = "SELECT COUNT(*) FROM alert_firings WHERE id > $1";
        let row = self.db.row(sql, vec![after.to_sql().into()]).await?;
        row.map_or(Ok(0), |row| Ok(row.int(0)?.cast_unsigned()))
    }
}

async fn put_firing(tx: &mut Tx, row: &FiringRow) -> Result<bool, StateError> {
    let next = "SELECT COALESCE(MAX(id), CAST(0 AS BIGINT)) + 1 FROM alert_firings";
    let id = next_id(tx, next).await?;
    let sql = "INSERT INTO alert_firings (id, alert, span_begin, span_end, metric, metric_version,
               fired_at, judgement) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    let values = vec![
        id.into(),
        row.alert.to_sql().into(),
        row.span.0.into(),
        row.span.1.into(),
        row.metric.as_str().into(),
        row.metric_version.cast_signed().into(),
        row.fired_at.into(),
        row.judgement.as_str().into(),
    ];
    if tx.execute(sql, values).await? == 0 {
        return Ok(false);
    }
    if let Some(delivery) = row.delivery {
        let sql = "INSERT INTO alert_deliveries (firing, n_attempts, next_at) VALUES ($1, 0, $2)";
        tx.execute(sql, vec![id.into(), delivery.next_at.into()]).await?;
    }
    Ok(true)
}

fn alert_row(row: &Row) -> Result<AlertRow, StateError> {
    Ok(AlertRow {
        id: AlertId::from_sql(row.int(0)?),
        version: row.int(1)?.cast_unsigned(),
        metric: row.text(2)?,
        rule: row.text(3)?,
        webhook: row.text_opt(4)?.zip(row.text_opt(5)?),
        is_on: row.flag(6)?,
        owner: row.text(7)?,
        changed_at: row.time(8)?,
        changed_by: row.text(9)?,
        judged_until: row.time(10)?,
        judgement: row.text_opt(11)?,
    })
}

fn firing_row(row: &Row) -> Result<FiringRow, StateError> {
    let n_attempts = row.int_opt(8)?.map(i64::cast_unsigned);
    let (next_at, delivered_at) = (row.time_opt(9)?, row.time_opt(10)?);
    Ok(FiringRow {
        id: FiringId::from_sql(row.int(0)?),
        alert: AlertId::from_sql(row.int(1)?),
        span: (row.time(2)?, row.time(3)?),
        metric: row.text(4)?,
        metric_version: row.int(5)?.cast_unsigned(),
        fired_at: row.time(6)?,
        judgement: row.text(7)?,
        delivery: n_attempts.map(|n_attempts| DeliveryRow { n_attempts, next_at, delivered_at }),
    })
}

fn attempt_row(row: &Row) -> Result<AttemptRow, StateError> {
    Ok(AttemptRow {
        firing: FiringId::from_sql(row.int(0)?),
        attempt: row.int(1)?.cast_unsigned(),
        at: row.time(2)?,
        status: row.int_opt(3)?.and_then(|status| u16::try_from(status).ok()),
        message: row.text(4)?,
    })
}
