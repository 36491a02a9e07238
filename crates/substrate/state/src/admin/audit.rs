//! Who changed what, and when?

use super::Admin;
use crate::{Row, StateError, Tx};
use base::Timestamp;

/// One change, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// When.
    pub at: Timestamp,
    /// What sort of somebody (`user`, `token`, `cli`, `system`).
    pub actor_kind: String,
    /// Who.
    pub actor_name: String,
    /// What was done, as `noun.verb`.
    pub action: String,
    /// To what.
    pub target: String,
    /// What about it.
    pub detail: String,
}

/// One change with its place in the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// The place, from 1.
    pub id: i64,
    /// The change.
    pub row: AuditRow,
}

impl Admin {
    /// Writes down something that changed no table here.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn audit(&self, row: &AuditRow) -> Result<(), StateError> {
        let mut tx = self.db.begin().await?;
        record(&mut tx, row).await?;
        tx.commit().await
    }

    /// The newest entries before `before` (all where `None`), newest first, `limit` at most.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn audit_log(
        &self,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StateError> {
        let sql = "SELECT id, at, actor_kind, actor_name, action, target, detail FROM audit
                   WHERE id < $1 ORDER BY id DESC LIMIT $2";
        let values = vec![before.unwrap_or(i64::MAX).into(), (limit as i64).into()];
        self.db.rows(sql, values).await?.iter().map(entry).collect()
    }
}

pub(super) async fn record(tx: &mut Tx, row: &AuditRow) -> Result<(), StateError> {
    let id = super::next_id(tx, "SELECT COALESCE(MAX(id), CAST(0 AS BIGINT)) + 1 FROM audit");
    let id = id.await?;
    let sql = "INSERT INTO audit (id, at, actor_kind, actor_name, action, target, detail)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = vec![
        id.into(),
        row.at.into(),
        row.actor_kind.as_str().into(),
        row.actor_name.as_str().into(),
        row.action.as_str().into(),
        row.target.as_str().into(),
        row.detail.as_str().into(),
    ];
    tx.execute(sql, values).await?;
    Ok(())
}

fn entry(row: &Row) -> Result<AuditEntry, StateError> {
    let change = AuditRow {
        at: row.time(1)?,
        actor_kind: row.text(2)?,
        actor_name: row.text(3)?,
        action: row.text(4)?,
        target: row.text(5)?,
        detail: row.text(6)?,
    };
    Ok(AuditEntry { id: row.int(0)?, row: change })
}
