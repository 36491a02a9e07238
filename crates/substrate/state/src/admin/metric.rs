//! What does the house mean by its numbers?

use super::Admin;
use super::audit::{self, AuditRow};
use crate::{Row, StateError, Tx};
use base::Timestamp;

/// A metric as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricRow {
    /// Its key, which never changes.
    pub metric: String,
    /// Counts every change, from 1.
    pub revision: u64,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub note: String,
    /// Who answers for it.
    pub owner: String,
    /// What counts as good, as JSON.
    pub good: String,
    /// Whether it is out of use.
    pub is_archived: bool,
    /// When any of this was changed last.
    pub changed_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
    /// What is measured now.
    pub now: MetricVersionRow,
}

/// What was measured under one version of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricVersionRow {
    /// Which version, from 1.
    pub version: u64,
    /// In what it is counted, as JSON.
    pub unit: String,
    /// What is measured, as JSON.
    pub measure: String,
    /// Since when.
    pub changed_at: Timestamp,
    /// Who said so.
    pub changed_by: String,
}

const SELECT: &str = "SELECT m.metric, m.revision, m.name, m.note, m.owner, m.good, m.is_archived,
    m.changed_at, m.changed_by, v.version, v.unit, v.measure, v.changed_at, v.changed_by
    FROM metrics m JOIN metric_versions v ON v.metric = m.metric AND v.version = m.version";

impl Admin {
    /// Every metric, those out of use too, by name.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn metrics(&self) -> Result<Vec<MetricRow>, StateError> {
        let rows = self.db.rows(format!("{SELECT} ORDER BY m.name, m.metric"), vec![]).await?;
        rows.iter().map(metric_row).collect()
    }

    /// The metric with this key.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn metric(&self, metric: &str) -> Result<Option<MetricRow>, StateError> {
        let row = self.db.row(format!("{SELECT} WHERE m.metric = $1"), vec![metric.into()]).await?;
        row.as_ref().map(metric_row).transpose()
    }

    /// What the metric measured under each version, the newest first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn metric_versions(&self, metric: &str) -> Result<Vec<MetricVersionRow>, StateError> {
        let sql = "SELECT version, unit, measure, changed_at, changed_by FROM metric_versions
                   WHERE metric = $1 ORDER BY version DESC";
        let rows = self.db.rows(sql, vec![metric.into()]).await?;
        rows.iter().map(|row| version_row(row, 0)).collect()
    }

    /// Adds a metric with its first version.
    ///
    /// # Errors
    /// `Conflict` where the key is taken; else see [`StateError`].
    pub async fn put_metric(&self, row: &MetricRow, audit: &AuditRow) -> Result<(), StateError> {
        let mut tx = self.db.begin().await?;
        let sql = "INSERT INTO metrics (metric, revision, version, name, note, owner, good,
                   is_archived, changed_at, changed_by)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values = vec![
            row.metric.as_str().into(),
            row.revision.cast_signed().into(),
            row.now.version.cast_signed().into(),
            row.name.as_str().into(),
            row.note.as_str().into(),
            row.owner.as_str().into(),
            row.good.as_str().into(),
            i64::from(row.is_archived).into(),
            row.changed_at.into(),
            row.changed_by.as_str().into(),
        ];
        tx.execute(sql, values).await?;
        put_version(&mut tx, row).await?;
        audit::record(&mut tx, audit).await?;
        tx.commit().await
    }

    /// Changes a metric, with a new version where `row` names one that there is not yet; `false`
    /// where its revision is not the one before that of `row`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn change_metric(
        &self,
        row: &MetricRow,
        audit: &AuditRow,
    ) -> Result<bool, StateError> {
        let mut tx = self.db.begin().await?;
        let sql = "UPDATE metrics SET revision = $1, version = $2, name = $3, note = $4,
                   owner = $5, good = $6, is_archived = $7, changed_at = $8, changed_by = $9
                   WHERE metric = $10 AND revision = $11";
        let values = vec![
            row.revision.cast_signed().into(),
            row.now.version.cast_signed().into(),
            row.name.as_str().into(),
            row.note.as_str().into(),
            row.owner.as_str().into(),
            row.good.as_str().into(),
            i64::from(row.is_archived).into(),
            row.changed_at.into(),
            row.changed_by.as_str().into(),
            row.metric.as_str().into(),
            (row.revision.cast_signed() - 1).into(),
        ];
        if tx.execute(sql, values).await? == 0 {
            return Ok(false);
        }
        put_version(&mut tx, row).await?;
        audit::record(&mut tx, audit).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Adds the version that a metric is at, unless it is there.
async fn put_version(tx: &mut Tx, row: &MetricRow) -> Result<(), StateError> {
    let sql = "INSERT INTO metric_versions (metric, version, unit, measure, changed_at, changed_by)
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let values = vec![
        row.metric.as_str().into(),
        row.now.version.cast_signed().into(),
        row.now.unit.as_str().into(),
        row.now.measure.as_str().into(),
        row.now.changed_at.into(),
        row.now.changed_by.as_str().into(),
    ];
    tx.execute(sql, values).await?;
    Ok(())
}

fn metric_row(row: &Row) -> Result<MetricRow, StateError> {
    Ok(MetricRow {
        metric: row.text(0)?,
        revision: row.int(1)?.cast_unsigned(),
        name: row.text(2)?,
        note: row.text(3)?,
        owner: row.text(4)?,
        good: row.text(5)?,
        is_archived: row.flag(6)?,
        changed_at: row.time(7)?,
        changed_by: row.text(8)?,
        now: version_row(row, 9)?,
    })
}

/// A version whose columns begin at `first`.
fn version_row(row: &Row, first: usize) -> Result<MetricVersionRow, StateError> {
    Ok(MetricVersionRow {
        version: row.int(first)?.cast_unsigned(),
        unit: row.text(first + 1)?,
        measure: row.text(first + 2)?,
        changed_at: row.time(first + 3)?,
        changed_by: row.text(first + 4)?,
    })
}
