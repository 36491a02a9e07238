//! Where do events come from?

use super::audit::{self, AuditRow};
use super::{Admin, next_id};
use crate::{Row, StateError, Tx};
use base::{SourceId, Timestamp};

/// A source as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    /// Which source.
    pub id: SourceId,
    /// What people call it.
    pub name: String,
    /// The slug of its kind.
    pub kind: String,
    /// With what senders show that they may write; no two sources share one.
    pub write_key: String,
    /// Whether it takes events.
    pub is_enabled: bool,
    /// Whether senders' addresses are kept.
    pub store_ip: bool,
    /// The slug of the plan's mode.
    pub plan_mode: String,
    /// The pinned tracking plan as JSON.
    pub plan: Option<String>,
    /// When it was pinned.
    pub pinned_at: Option<Timestamp>,
    /// Who pinned it.
    pub pinned_by: Option<String>,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it was deleted; its name stays for the events that it sent.
    pub deleted_at: Option<Timestamp>,
}

impl Admin {
    /// Every source, deleted ones too, by id.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn sources(&self) -> Result<Vec<SourceRow>, StateError> {
        let sql = "SELECT id, name, kind, write_key, is_enabled, store_ip, plan_mode, plan,
                   pinned_at, pinned_by, created_at, deleted_at FROM sources ORDER BY id";
        self.db.rows(sql, vec![]).await?.iter().map(source).collect()
    }

    /// Makes a source; the id in `row` is replaced by the real one.
    ///
    /// # Errors
    /// `Conflict` where the write key is taken.
    pub async fn create_source(
        &self,
        mut row: SourceRow,
        audit: &AuditRow,
    ) -> Result<SourceRow, StateError> {
        let mut tx = self.db.begin().await?;
        let next = "SELECT COALESCE(MAX(id), CAST(0 AS BIGINT)) + 1 FROM sources";
        row.id = SourceId::from_sql(next_id(&mut tx, next).await?);
        let sql = "INSERT INTO sources (id, name, kind, write_key, is_enabled, store_ip, plan_mode,
                   created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = vec![
            row.id.into(),
            row.name.as_str().into(),
            row.kind.as_str().into(),
            row.write_key.as_str().into(),
            row.is_enabled.into(),
            row.store_ip.into(),
            row.plan_mode.as_str().into(),
            row.created_at.into(),
        ];
        tx.execute(sql, values).await?;
        let audit = AuditRow { target: row.id.to_string(), ..audit.clone() };
        audit::record(&mut tx, &audit).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Stores everything about a source but its id and birth.
    ///
    /// # Errors
    /// `Conflict` where the write key is taken.
    pub async fn update_source(&self, row: &SourceRow, audit: &AuditRow) -> Result<(), StateError> {
        let mut tx = self.db.begin().await?;
        update(&mut tx, row).await?;
        audit::record(&mut tx, audit).await?;
        tx.commit().await
    }
}

async fn update(tx: &mut Tx, row: &SourceRow) -> Result<(), StateError> {
    let sql = "UPDATE sources SET name = $1, write_key = $2, is_enabled = $3, store_ip = $4,
               plan_mode = $5, plan = $6, pinned_at = $7, pinned_by = $8, deleted_at = $9
               WHERE id = $10";
    let values = vec![
        row.name.as_str().into(),
        row.write_key.as_str().into(),
        row.is_enabled.into(),
        row.store_ip.into(),
        row.plan_mode.as_str().into(),
        row.plan.as_deref().into(),
        row.pinned_at.into(),
        row.pinned_by.as_deref().into(),
        row.deleted_at.into(),
        row.id.into(),
    ];
    tx.execute(sql, values).await?;
    Ok(())
}

fn source(row: &Row) -> Result<SourceRow, StateError> {
    Ok(SourceRow {
        id: SourceId::from_sql(row.int(0)?),
        name: row.text(1)?,
        kind: row.text(2)?,
        write_key: row.text(3)?,
        is_enabled: row.flag(4)?,
        store_ip: row.flag(5)?,
        plan_mode: row.text(6)?,
        plan: row.text_opt(7)?,
        pinned_at: row.time_opt(8)?,
        pinned_by: row.text_opt(9)?,
        created_at: row.time(10)?,
        deleted_at: row.time_opt(11)?,
    })
}
