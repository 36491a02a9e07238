//! How does what was deleted leave the file, and not only the table?
//!
//! SQLite puts pages that it needs no more on a list and leaves their content where it is; what is
//! freed *within* a page is zeroed at once (`secure_delete=FAST`, which costs no writing). So free
//! pages are taken into a table of zeros, which is dropped: they are on the list again, empty. At
//! last the write-ahead log, which still has the pages as they were, is moved into the file and
//! cut to nothing.

use base::Position;
use bytes::Bytes;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Row};

/// Bytes of zeros that one turn writes: some 20 ms, so that nobody waits long behind it.
const TURN_BYTES: i64 = 8 << 20;

/// What a turn came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// There is more to do.
    More,
    /// No page of the file holds anything that was deleted.
    Clean,
}

/// Puts other payloads in place of those that are there; answers how many there were.
pub(crate) async fn replace(
    connection: &mut SqliteConnection,
    entries: &[(Position, Bytes)],
) -> Result<u64, sqlx::Error> {
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut n_replaced = 0;
    for (position, payload) in entries {
        let sql = "UPDATE entries SET payload = $2 WHERE position = $1";
        let update = sqlx::query(sql).bind(position.to_sql()).bind(&payload[..]);
        n_replaced += update.execute(&mut *tx).await?.rows_affected();
    }
    let last = entries.iter().map(|(position, _)| position.to_sql()).max().unwrap_or(0);
    let sql = "UPDATE replaced SET through = MAX(through, $1)";
    sqlx::query(sql).bind(last).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(n_replaced)
}

/// Fills some of the free pages with zeros.
pub(crate) async fn fill(connection: &mut SqliteConnection) -> Result<Turn, sqlx::Error> {
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    let sql = "SELECT freelist_count, page_size FROM pragma_freelist_count(), pragma_page_size()";
    let row = sqlx::query(sql).fetch_one(&mut *tx).await?;
    let (n_free, page_bytes) = (row.try_get::<i64, _>(0)?, row.try_get::<i64, _>(1)?);
    if n_free == 0 {
        // What the table gives back is zeros but for a number per page.
        sqlx::raw_sql("DROP TABLE IF EXISTS zeros").execute(&mut *tx).await?;
        tx.commit().await?;
        return Ok(Turn::Clean);
    }
    let table = "CREATE TABLE IF NOT EXISTS zeros (id INTEGER PRIMARY KEY, zeros BLOB) STRICT";
    sqlx::raw_sql(table).execute(&mut *tx).await?;
    // Two pages more than are free, so that none of them is left over.
    let n_bytes = TURN_BYTES.min((n_free + 2) * page_bytes);
    let sql = "INSERT INTO zeros (zeros) VALUES (ZEROBLOB($1))";
    sqlx::query(sql).bind(n_bytes).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(Turn::More)
}

/// Moves the write-ahead log into the file and cuts it to nothing; `More` while a reader is in its
/// way.
pub(crate) async fn truncate(connection: &mut SqliteConnection) -> Result<Turn, sqlx::Error> {
    let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await?;
    let is_busy: i64 = row.try_get(0)?;
    Ok(if is_busy == 0 { Turn::Clean } else { Turn::More })
}
