//! Which questions in SQL were saved?

use super::Admin;
use super::audit::AuditRow;
use super::deletion::{DeletedRow, deleted_row};
use crate::{Row, StateError};
use base::{QueryId, Timestamp};

/// A saved question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryRow {
    /// Which question.
    pub id: QueryId,
    /// What its maker calls it.
    pub name: String,
    /// Its text.
    pub query: String,
    /// How its answer is shown, as JSON.
    pub look: Option<String>,
    /// Who saved it first.
    pub owner: String,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// That it was deleted.
    pub deleted: Option<DeletedRow>,
}

const SELECT: &str = "SELECT id, name, query, look, owner, changed_at, deleted_at, deleted_by
    FROM queries";

impl Admin {
    /// Every saved question, by name.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn queries(&self) -> Result<Vec<QueryRow>, StateError> {
        let sql = format!("{SELECT} WHERE deleted_at IS NULL ORDER BY name, id");
        self.db.rows(sql, vec![]).await?.iter().map(query_row).collect()
    }

    /// Every question that was deleted and can come back, the one that was deleted last first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn deleted_queries(&self) -> Result<Vec<QueryRow>, StateError> {
        let sql =
            format!("{SELECT} WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id DESC");
        self.db.rows(sql, vec![]).await?.iter().map(query_row).collect()
    }

    /// The saved question with this id, also where it was deleted.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn query(&self, id: QueryId) -> Result<Option<QueryRow>, StateError> {
        let row = self.db.row(format!("{SELECT} WHERE id = $1"), vec![id.into()]).await?;
        row.as_ref().map(query_row).transpose()
    }

    /// Saves a question; the id in `row` is replaced by the real one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_query(
        &self,
        mut row: QueryRow,
        audit: &AuditRow,
    ) -> Result<QueryRow, StateError> {
        let next = "SELECT COALESCE(MAX(id), CAST(0 AS BIGINT)) + 1 FROM queries";
        let sql = "INSERT INTO queries (id, name, query, look, owner, changed_at)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let values = vec![
            row.name.as_str().into(),
            row.query.as_str().into(),
            row.look.as_deref().into(),
            row.owner.as_str().into(),
            row.changed_at.into(),
        ];
        let of = (QueryId::from_sql, values);
        row.id = self.insert_audited((next, sql), of, audit).await?;
        Ok(row)
    }

    /// Saves it anew, its owner apart; `false` where there is none.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn change_query(&self, row: &QueryRow, audit: &AuditRow) -> Result<bool, StateError> {
        let sql = "UPDATE queries SET name = $1, query = $2, look = $3, changed_at = $4
                   WHERE id = $5 AND deleted_at IS NULL";
        let values = vec![
            row.name.as_str().into(),
            row.query.as_str().into(),
            row.look.as_deref().into(),
            row.changed_at.into(),
            row.id.into(),
        ];
        Ok(self.execute_audited(sql, values, audit).await? == 1)
    }
}

fn query_row(row: &Row) -> Result<QueryRow, StateError> {
    Ok(QueryRow {
        id: QueryId::from_sql(row.int(0)?),
        name: row.text(1)?,
        query: row.text(2)?,
        look: row.text_opt(3)?,
        owner: row.text(4)?,
        changed_at: row.time(5)?,
        deleted: deleted_row(row, 6)?,
    })
}
