//! What did people write beside the days on which something happened?

use super::Admin;
use super::audit::AuditRow;
use crate::{Row, StateError};
use base::{NoteId, Timestamp};

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// Which note.
    pub id: NoteId,
    /// Counts every change, from 1.
    pub version: u64,
    /// A day of the calendar, as `2026-03-01`.
    pub day: String,
    /// What happened.
    pub text: String,
    /// Who wrote it first.
    pub owner: String,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
}

const SELECT: &str = "SELECT id, version, day, text, owner, changed_at, changed_by FROM notes";

impl Admin {
    /// Every note, by day.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn notes(&self) -> Result<Vec<NoteRow>, StateError> {
        let rows = self.db.rows(format!("{SELECT} ORDER BY day, id"), vec![]).await?;
        rows.iter().map(note_row).collect()
    }

    /// The note with this id.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn note(&self, id: NoteId) -> Result<Option<NoteRow>, StateError> {
        let row = self.db.row(format!("{SELECT} WHERE id = $1"), vec![id.to_sql().into()]).await?;
        row.as_ref().map(note_row).transpose()
    }

    /// Writes a note; the id in `row` is replaced by the real one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_note(
        &self,
        mut row: NoteRow,
        audit: &AuditRow,
    ) -> Result<NoteRow, StateError> {
        let next = "SELECT COALESCE(MAX(id), CAST(0 AS BIGINT)) + 1 FROM notes";
        let sql = "INSERT INTO notes (id, version, day, text, owner, changed_at, changed_by)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = vec![
            row.version.cast_signed().into(),
            row.day.as_str().into(),
            row.text.as_str().into(),
            row.owner.as_str().into(),
            row.changed_at.into(),
            row.changed_by.as_str().into(),
        ];
        let of = (NoteId::from_sql, values);
        row.id = self.insert_audited((next, sql), of, audit).await?;
        Ok(row)
    }

    /// Changes all of a note but its owner; `false` where its version is not the one before that
    /// of `row`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn change_note(&self, row: &NoteRow, audit: &AuditRow) -> Result<bool, StateError> {
        let sql = "UPDATE notes SET version = $1, day = $2, text = $3, changed_at = $4,
                   changed_by = $5 WHERE id = $6 AND version = $7";
        let values = vec![
            row.version.cast_signed().into(),
            row.day.as_str().into(),
            row.text.as_str().into(),
            row.changed_at.into(),
            row.changed_by.as_str().into(),
            row.id.to_sql().into(),
            (row.version.cast_signed() - 1).into(),
        ];
        Ok(self.execute_audited(sql, values, audit).await? == 1)
    }

    /// Deletes a note; `false` where there is none.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn delete_note(&self, id: NoteId, audit: &AuditRow) -> Result<bool, StateError> {
        let sql = "DELETE FROM notes WHERE id = $1";
        Ok(self.execute_audited(sql, vec![id.to_sql().into()], audit).await? == 1)
    }
}

fn note_row(row: &Row) -> Result<NoteRow, StateError> {
    Ok(NoteRow {
        id: NoteId::from_sql(row.int(0)?),
        version: row.int(1)?.cast_unsigned(),
        day: row.text(2)?,
        text: row.text(3)?,
        owner: row.text(4)?,
        changed_at: row.time(5)?,
        changed_by: row.text(6)?,
    })
}
