//! Which files were brought in, how far, and which rows were not taken?

use super::audit::{self, AuditRow};
use super::{Admin, next_id};
use crate::{Row, StateError, Tx};
use base::{ImportId, Timestamp};

/// An import as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// Which import.
    pub id: ImportId,
    /// What it was begun with.
    pub file: NewImport,
    /// The slug of its state.
    pub state: String,
    /// The row at which it goes on, from 0; rows before it are durable.
    pub resume_row: u64,
    /// Events that its rows became.
    pub n_events: u64,
    /// Events of these that had been taken before.
    pub n_duplicates: u64,
    /// Rows that were not taken.
    pub n_rejected: u64,
    /// Bytes of the file that were read.
    pub bytes_done: u64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it ended, where that is not plain.
    pub message: Option<String>,
}

/// What an import is begun with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewImport {
    /// Of the file's content.
    pub fingerprint: String,
    /// What the file is called.
    pub file_name: String,
    /// What the mapping is called.
    pub mapping_name: String,
    /// Of the mapping's content.
    pub mapping_hash: String,
    /// Bytes of the file.
    pub bytes_total: u64,
    /// Rows of the file, where that is known.
    pub n_rows_total: Option<u64>,
}

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectRow {
    /// Which row of the file, from 1.
    pub row: u64,
    /// Which column is to blame.
    pub column: Option<String>,
    /// Why.
    pub reason: String,
}

const COLUMNS: &str = "SELECT id, fingerprint, file_name, mapping_name, mapping_hash, bytes_total,
    n_rows_total, state, resume_row, n_events, n_duplicates, n_rejected, bytes_done, started_at,
    finished_at, message FROM imports";

impl Admin {
    /// The newest imports before `before` (all where `None`), newest first, `limit` at most.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn imports(
        &self,
        before: Option<ImportId>,
        limit: usize,
    ) -> Result<Vec<ImportRow>, StateError> {
        let sql = format!("{COLUMNS} WHERE id < $1 ORDER BY id DESC LIMIT $2");
        let before = before.map_or(i64::MAX, ImportId::to_sql);
        let rows = self.db.rows(sql, vec![before.into(), (limit as i64).into()]).await?;
        rows.iter().map(import).collect()
    }

    /// The import `id`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn import(&self, id: ImportId) -> Result<Option<ImportRow>, StateError> {
        let row = self.db.row(format!("{COLUMNS} WHERE id = $1"), vec![id.to_sql().into()]).await?;
        row.as_ref().map(import).transpose()
    }

    /// The newest import of the same content by the same mapping that is not in `state`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn import_not_in(
        &self,
        state: &str,
        file: &NewImport,
    ) -> Result<Option<ImportRow>, StateError> {
        let sql = format!(
            "{COLUMNS} WHERE fingerprint = $1 AND mapping_hash = $2 AND state <> $3
             ORDER BY id DESC LIMIT 1"
        );
        let (print, hash) = (file.fingerprint.as_str(), file.mapping_hash.as_str());
        let row = self.db.row(sql, vec![print.into(), hash.into(), state.into()]).await?;
        row.as_ref().map(import).transpose()
    }

    /// Begins an import; the id in `row` is replaced by the real one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn create_import(
        &self,
        mut row: ImportRow,
        audit: &AuditRow,
    ) -> Result<ImportRow, StateError> {
        let mut tx = self.db.begin().await?;
        let next = "SELECT COALESCE(MAX(id), CAST(0 AS BIGINT)) + 1 FROM imports";
        row.id = ImportId::from_sql(next_id(&mut tx, next).await?);
        let sql = "INSERT INTO imports (id, fingerprint, file_name, mapping_name, mapping_hash,
                   bytes_total, n_rows_total, state, resume_row, n_events, n_duplicates,
                   n_rejected, bytes_done, started_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0, $9)";
        let values = vec![
            row.id.to_sql().into(),
            row.file.fingerprint.as_str().into(),
            row.file.file_name.as_str().into(),
            row.file.mapping_name.as_str().into(),
            row.file.mapping_hash.as_str().into(),
            row.file.bytes_total.cast_signed().into(),
            row.file.n_rows_total.map(u64::cast_signed).into(),
            row.state.as_str().into(),
            row.started_at.into(),
        ];
        tx.execute(sql, values).await?;
        let audit = AuditRow { target: row.id.to_string(), ..audit.clone() };
        audit::record(&mut tx, &audit).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Moves a running import from `from_row` on to where `row` says, with the rejects on the way,
    /// both or neither. `false` where it was not running or not at `from_row`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn advance_import(
        &self,
        from_row: u64,
        row: &ImportRow,
        rejects: &[RejectRow],
    ) -> Result<bool, StateError> {
        let mut tx = self.db.begin().await?;
        let sql = "UPDATE imports SET resume_row = $1, n_events = $2, n_rejected = $3,
                   bytes_done = $4 WHERE id = $5 AND resume_row = $6 AND state = $7";
        let values = vec![
            row.resume_row.cast_signed().into(),
            row.n_events.cast_signed().into(),
            row.n_rejected.cast_signed().into(),
            row.bytes_done.cast_signed().into(),
            row.id.to_sql().into(),
            from_row.cast_signed().into(),
            row.state.as_str().into(),
        ];
        if tx.execute(sql, values).await? == 0 {
            return Ok(false);
        }
        put_rejects(&mut tx, row.id, rejects).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Adds what the processor found out about an import's events.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn count_import(
        &self,
        id: ImportId,
        n_duplicates: u64,
        rejects: &[RejectRow],
    ) -> Result<(), StateError> {
        let mut tx = self.db.begin().await?;
        let sql = "UPDATE imports SET n_duplicates = n_duplicates + $1,
                   n_rejected = n_rejected + $2 WHERE id = $3";
        let n_rejected = rejects.len() as i64;
        let values = vec![n_duplicates.cast_signed().into(), n_rejected.into(), id.to_sql().into()];
        tx.execute(sql, values).await?;
        put_rejects(&mut tx, id, rejects).await?;
        tx.commit().await
    }

    /// Sets the state of an import, why, and when it ended.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_import_state(&self, row: &ImportRow) -> Result<(), StateError> {
        let sql = "UPDATE imports SET state = $1, message = $2, finished_at = $3 WHERE id = $4";
        let state = row.state.as_str();
        let (message, id) = (row.message.as_deref(), row.id.to_sql());
        let values = vec![state.into(), message.into(), row.finished_at.into(), id.into()];
        self.db.execute(sql, values).await?;
        Ok(())
    }

    /// Rejects of an import after the place `after` (0 for the first), each with its place.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn import_rejects(
        &self,
        id: ImportId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, RejectRow)>, StateError> {
        let sql = "SELECT ordinal, row_number, column_name, reason FROM import_rejects
                   WHERE import_id = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3";
        let values = vec![id.to_sql().into(), after.into(), (limit as i64).into()];
        self.db.rows(sql, values).await?.iter().map(reject).collect()
    }
}

async fn put_rejects(tx: &mut Tx, id: ImportId, rejects: &[RejectRow]) -> Result<(), StateError> {
    if rejects.is_empty() {
        return Ok(());
    }
    let last = "SELECT COALESCE(MAX(ordinal), CAST(0 AS BIGINT)) FROM import_rejects
                WHERE import_id = $1";
    let last = tx.row(last, vec![id.to_sql().into()]).await?.map_or(Ok(0), |row| row.int(0))?;
    let sql = "INSERT INTO import_rejects (import_id, ordinal, row_number, column_name, reason)
               VALUES ($1, $2, $3, $4, $5)";
    for (reject, ordinal) in rejects.iter().zip(last + 1..) {
        let values = vec![
            id.to_sql().into(),
            ordinal.into(),
            reject.row.cast_signed().into(),
            reject.column.as_deref().into(),
            reject.reason.as_str().into(),
        ];
        tx.execute(sql, values).await?;
    }
    Ok(())
}

fn import(row: &Row) -> Result<ImportRow, StateError> {
    let file = NewImport {
        fingerprint: row.text(1)?,
        file_name: row.text(2)?,
        mapping_name: row.text(3)?,
        mapping_hash: row.text(4)?,
        bytes_total: row.int(5)?.cast_unsigned(),
        n_rows_total: row.int_opt(6)?.map(i64::cast_unsigned),
    };
    Ok(ImportRow {
        id: ImportId::from_sql(row.int(0)?),
        file,
        state: row.text(7)?,
        resume_row: row.int(8)?.cast_unsigned(),
        n_events: row.int(9)?.cast_unsigned(),
        n_duplicates: row.int(10)?.cast_unsigned(),
        n_rejected: row.int(11)?.cast_unsigned(),
        bytes_done: row.int(12)?.cast_unsigned(),
        started_at: row.time(13)?,
        finished_at: row.time_opt(14)?,
        message: row.text_opt(15)?,
    })
}

fn reject(row: &Row) -> Result<(i64, RejectRow), StateError> {
    let reject = RejectRow {
        row: row.int(1)?.cast_unsigned(),
        column: row.text_opt(2)?,
        reason: row.text(3)?,
    };
    Ok((row.int(0)?, reject))
}
