//! How does what was deleted leave the database, and not only its tables?
//!
//! SQLite: what is freed within a page is zeroed at once (`secure_delete=FAST`); free pages are
//! taken into a table of zeros that is dropped, and the write-ahead log is moved into the file and
//! cut. PostgreSQL: dead rows are vacuumed, so that their room is used again; its own files and
//! its write-ahead log are its operator's.

use crate::db::Dialect;
use crate::{State, StateError, Tx};
use std::time::Duration;

/// Bytes of zeros that one transaction writes: some 20 ms, so that nobody waits long behind it.
const TURN_BYTES: i64 = 8 << 20;
/// How often the write-ahead log is tried to be cut before a reader is taken to be stuck, and the
/// pause in between: another connection may be moving it just now.
const N_TRUNCATIONS: usize = 20;
const TRUNCATION_PAUSE: Duration = Duration::from_millis(100);

impl State {
    /// Overwrites what deleted and changed rows left behind.
    ///
    /// # Errors
    /// `Unavailable` where readers were in the way all the time; it can be begun again.
    pub async fn purge(&self) -> Result<(), StateError> {
        match self.db().dialect() {
            Dialect::Postgres => self.db().vacuum().await,
            Dialect::Sqlite => {
                while self.fill().await? {}
                self.truncate_write_ahead_log().await
            }
        }
    }

    /// Writes the whole file anew, without anything that is not a row: the last resort where
    /// [`Self::purge`] was not enough, since it takes the file's size in room, and writers wait.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn rebuild(&self) -> Result<(), StateError> {
        self.db().vacuum().await?;
        self.truncate_write_ahead_log().await
    }

    /// Fills some free pages with zeros; whether there is more to do.
    async fn fill(&self) -> Result<bool, StateError> {
        let mut tx = self.db().begin().await?;
        let sql =
            "SELECT freelist_count, page_size FROM pragma_freelist_count(), pragma_page_size()";
        let row = tx.row(sql, vec![]).await?;
        let row = row.ok_or_else(|| StateError::corrupt("no count of free pages"))?;
        let (n_free, page_bytes) = (row.int(0)?, row.int(1)?);
        if n_free == 0 {
            // What the table gives back is zeros but for a number per page.
            script(&mut tx, "DROP TABLE IF EXISTS zeros").await?;
            tx.commit().await?;
            return Ok(false);
        }
        let table = "CREATE TABLE IF NOT EXISTS zeros (id INTEGER PRIMARY KEY, zeros BLOB) STRICT";
        script(&mut tx, table).await?;
        // Two pages more than are free, so that none of them is left over.
        let n_bytes = TURN_BYTES.min((n_free + 2) * page_bytes);
        tx.execute("INSERT INTO zeros (zeros) VALUES (ZEROBLOB($1))", vec![n_bytes.into()]).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn truncate_write_ahead_log(&self) -> Result<(), StateError> {
        for _ in 0..N_TRUNCATIONS {
            if self.db().truncate().await? {
                return Ok(());
            }
            tokio::time::sleep(TRUNCATION_PAUSE).await;
        }
        Err(StateError::Unavailable { source: sqlx::Error::PoolTimedOut })
    }
}

async fn script(tx: &mut Tx, sql: &str) -> Result<(), StateError> {
    tx.script(sql.to_owned()).await
}
