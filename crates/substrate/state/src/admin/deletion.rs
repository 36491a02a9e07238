//! What was deleted, by whom, and can still come back?
//!
//! What people make by hand is marked as deleted first. Nobody finds it by its id any more, and
//! taking the mark off brings it back as it was.

use super::Admin;
use super::audit::AuditRow;
use crate::{Row, StateError};
use base::Timestamp;

/// That something was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedRow {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// A table whose rows are marked before they go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Boards.
    Boards,
    /// Saved questions in SQL.
    Queries,
}

impl Kept {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Boards, Self::Queries];

    /// One of two statements, of which each table has its own.
    const fn pick(self, of_boards: &'static str, of_queries: &'static str) -> &'static str {
        match self {
            Self::Boards => of_boards,
            Self::Queries => of_queries,
        }
    }
}

impl Admin {
    /// Marks a row as deleted; `false` where there is none, or it is marked already.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn mark_deleted(
        &self,
        (of, id): (Kept, i64),
        deleted: &DeletedRow,
        audit: &AuditRow,
    ) -> Result<bool, StateError> {
        let sql = of.pick(
            "UPDATE boards SET deleted_at = $1, deleted_by = $2
             WHERE id = $3 AND deleted_at IS NULL",
            "UPDATE queries SET deleted_at = $1, deleted_by = $2
             WHERE id = $3 AND deleted_at IS NULL",
        );
        let values = vec![deleted.at.into(), deleted.by.as_str().into(), id.into()];
        Ok(self.execute_audited(sql, values, audit).await? == 1)
    }

    /// Takes the mark of a row off; `false` where it has none.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn unmark_deleted(
        &self,
        (of, id): (Kept, i64),
        audit: &AuditRow,
    ) -> Result<bool, StateError> {
        let sql = of.pick(
            "UPDATE boards SET deleted_at = NULL, deleted_by = NULL
             WHERE id = $1 AND deleted_at IS NOT NULL",
            "UPDATE queries SET deleted_at = NULL, deleted_by = NULL
             WHERE id = $1 AND deleted_at IS NOT NULL",
        );
        Ok(self.execute_audited(sql, vec![id.into()], audit).await? == 1)
    }

    /// Removes for good what was marked before `before`; how many rows these were.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn forget_deleted(&self, of: Kept, before: Timestamp) -> Result<u64, StateError> {
        let sql = of.pick(
            "DELETE FROM boards WHERE deleted_at < $1",
            "DELETE FROM queries WHERE deleted_at < $1",
        );
        self.db.execute(sql, vec![before.into()]).await
    }

    /// Whether a table may have one more row, of `n_max`; what was deleted does not count.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn has_room(&self, of: Kept, n_max: u64) -> Result<bool, StateError> {
        let sql = of.pick(
            "SELECT COUNT(*) FROM boards WHERE deleted_at IS NULL",
            "SELECT COUNT(*) FROM queries WHERE deleted_at IS NULL",
        );
        let row = self.db.row(sql, vec![]).await?;
        Ok(row.map_or(Ok(0), |row| row.int(0))?.cast_unsigned() < n_max)
    }
}

/// The mark of a row, whose two columns begin at `first`.
pub(super) fn deleted_row(row: &Row, first: usize) -> Result<Option<DeletedRow>, StateError> {
    let mark = row.time_opt(first)?.zip(row.text_opt(first + 1)?);
    Ok(mark.map(|(at, by)| DeletedRow { at, by }))
}
