//! Which identifiers must not come back, and which entries of the log still hold some?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::{State, StateError};
use base::{Position, Timestamp};

/// What is remembered of an identifier that was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TombstoneRow {
    /// The keyed hash of kind and value, in hexadecimal digits.
    pub digest: String,
    /// The erasure.
    pub erasure: Position,
    /// Up to when its events are refused for ever.
    pub erased_at: Timestamp,
    /// Whether another customer has given it too: it keeps out only what came under it until then.
    pub is_shared: bool,
    /// Whether somebody lifted it, so that it keeps nothing out.
    pub is_lifted: bool,
}

const PUT_STRIPS: Rows = Rows {
    head: "INSERT INTO log_strips (position) VALUES",
    n_columns: 1,
    tail: " ON CONFLICT (position) DO NOTHING",
};
const DROP_STRIPS: Rows =
    Rows { head: "DELETE FROM log_strips WHERE position IN (", n_columns: 1, tail: ")" };

impl State {
    /// Every tombstone.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn tombstones(&self) -> Result<Vec<TombstoneRow>, StateError> {
        let sql = "SELECT t.digest, t.erasure, t.erased_at, t.shared, \
                   CASE WHEN e.lifted_at IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END \
                   FROM tombstones t JOIN erasures e ON e.id = t.erasure ORDER BY t.digest";
        let rows = self.db().rows(sql, vec![]).await?;
        let tombstone = |row: &crate::Row| {
            Ok(TombstoneRow {
                digest: row.text(0)?,
                erasure: Position::from_sql(row.int(1)?),
                erased_at: row.time(2)?,
                is_shared: row.flag(3)?,
                is_lifted: row.flag(4)?,
            })
        };
        rows.iter().map(tombstone).collect()
    }

    /// How many identifiers an erasure keeps out that no later one does.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn count_tombstones(&self, erasure: Position) -> Result<u64, StateError> {
        let sql = "SELECT COUNT(*) FROM tombstones WHERE erasure = $1 AND shared = 0";
        let row = self.db().row(sql, vec![erasure.into()]).await?;
        row.map_or(Ok(0), |row| Ok(row.int(0)?.cast_unsigned()))
    }

    /// Lets the tombstones of an erasure hold no more; `false` where they were lifted already.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn lift_tombstones(
        &self,
        erasure: Position,
        (by, at): (&str, Timestamp),
    ) -> Result<bool, StateError> {
        let sql = "UPDATE erasures SET lifted_at = $2, lifted_by = $3 \
                   WHERE id = $1 AND lifted_at IS NULL";
        Ok(self.db().execute(sql, vec![erasure.into(), at.into(), by.into()]).await? > 0)
    }

    /// Log entries that hold events which a tombstone kept out, oldest first, at most `n_max`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn log_strips(&self, n_max: usize) -> Result<Vec<Position>, StateError> {
        let sql = "SELECT position FROM log_strips ORDER BY position LIMIT $1";
        let rows = self.db().rows(sql, vec![(n_max as i64).into()]).await?;
        rows.iter().map(|row| Ok(Position::from_sql(row.int(0)?))).collect()
    }

    /// These entries were stripped.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn drop_log_strips(&self, done: &[Position]) -> Result<(), StateError> {
        let mut tx = self.db().begin().await?;
        DROP_STRIPS.write(&mut tx, done, |&at, values| values.push(at.into())).await?;
        tx.commit().await
    }
}

impl Batch {
    /// Notes that these log entries hold events which a tombstone kept out.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_log_strips(&mut self, at: &[Position]) -> Result<(), StateError> {
        PUT_STRIPS.write(self.tx(), at, |&at, values| values.push(at.into())).await?;
        Ok(())
    }
}
