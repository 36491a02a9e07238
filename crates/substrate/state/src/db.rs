//! How does a statement reach the database, whichever it is, and who may write?
//!
//! One text serves both: parameters are `$1`, `$2`, …; numbers are `BIGINT`, flags 0 and 1, times
//! µs; upserts are `ON CONFLICT`. SQLite has one writing connection, which a transaction holds;
//! readers never wait for it (WAL).

use crate::checkpoint::Checkpoints;
use crate::pace::Pace;
use crate::value::{postgres_arguments, sqlite_arguments};
use crate::{Row, Sql, StateError, Value, schema};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Postgres, Sqlite, Transaction};
use std::str::FromStr;
use std::time::Duration;

/// Readers that may be at work at the same time.
const N_READERS: u32 = 8;
/// How long a statement waits for a connection or a lock before it answers `Unavailable`.
const WAIT: Duration = Duration::from_secs(10);
/// Prepared statements that a connection keeps; ours number about 150, bulk shapes included.
const N_STATEMENTS: usize = 512;

/// The state database: connections for one writer and many readers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Pools,
}

#[derive(Clone, Debug)]
enum Pools {
    Sqlite { writer: SqlitePool, readers: SqlitePool, checkpoints: Checkpoints, pace: Pace },
    Postgres { writers: PgPool, readers: PgPool },
}

/// A transaction on the writing side. Dropped without [`Tx::commit`], it is rolled back.
#[derive(Debug)]
pub struct Tx {
    inner: TxInner,
}

#[derive(Debug)]
enum TxInner {
    Sqlite(SqliteTx),
    Postgres(Transaction<'static, Postgres>),
}

#[derive(Debug)]
struct SqliteTx {
    tx: Transaction<'static, Sqlite>,
    n_rows: u64,
    checkpoints: Checkpoints,
    /// Who brings it to the disk, where the commit does not.
    pace: Option<Pace>,
}

/// What a power failure may do to a transaction that was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Durability {
    /// Nothing: the disk has said that it is safe.
    Synced,
    /// The last of them may be undone, latest first, since the log has what they were made from.
    /// The next [`Durability::Synced`] transaction makes all before it safe.
    Replayable,
}

impl Durability {
    /// One connection writes, so that each transaction says anew what holds for it.
    fn sqlite_begin(self) -> &'static str {
        match self {
            Self::Synced => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
            Self::Replayable => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
        }
    }
}

/// Which of the two databases it is, for the few who must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// A file of our own.
    Sqlite,
    /// A server.
    Postgres,
}

impl Dialect {
    /// The name as it is shown to people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

impl Db {
    /// Opens the database at `url` (`sqlite:PATH`, created if missing, or `postgres://…`) and
    /// brings its schema up to date.
    ///
    /// # Errors
    /// `BadUrl`, `Open`, and `NewerSchema` where a newer program wrote it.
    pub async fn open(url: &str) -> Result<Self, StateError> {
        let pools = match url.split_once(':') {
            Some(("sqlite", path)) => open_sqlite(path.strip_prefix("//").unwrap_or(path)).await,
            Some(("postgres" | "postgresql", _)) => open_postgres(url).await,
            _ => return Err(StateError::BadUrl { url: without_password(url) }),
        };
        let opened = |source| StateError::Open { url: without_password(url), source };
        let db = Self { pools: pools.map_err(opened)? };
        schema::migrate(&db).await?;
        Ok(db)
    }

    /// Which database it is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match &self.pools {
            Pools::Sqlite { .. } => Dialect::Sqlite,
            Pools::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// All rows of a question, read beside the writer: what has been committed.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn rows(
        &self,
        sql: impl Into<Sql>,
        values: Vec<Value<'_>>,
    ) -> Result<Vec<Row>, StateError> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => {
                sqlite_rows(&mut *readers.acquire().await?, sql.into(), values).await
            }
            Pools::Postgres { readers, .. } => {
                postgres_rows(&mut *readers.acquire().await?, sql.into(), values).await
            }
        }
    }

    /// The first row of a question, if there is one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn row(
        &self,
        sql: impl Into<Sql>,
        values: Vec<Value<'_>>,
    ) -> Result<Option<Row>, StateError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Carries out one change in a transaction of its own; answers how many rows it touched.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn execute(
        &self,
        sql: impl Into<Sql>,
        values: Vec<Value<'_>>,
    ) -> Result<u64, StateError> {
        let mut tx = self.begin().await?;
        let n_rows = tx.execute(sql, values).await?;
        tx.commit().await?;
        Ok(n_rows)
    }

    /// Begins a transaction that may write; waits for the writer before it where there is one.
    ///
    /// # Errors
    /// `Unavailable` where the wait takes longer than ten seconds.
    pub async fn begin(&self) -> Result<Tx, StateError> {
        self.begin_as(Durability::Synced).await
    }

    /// Like [`Db::begin`], for a transaction that a power failure may or may not undo.
    ///
    /// # Errors
    /// `Unavailable` where the wait takes longer than ten seconds.
    pub(crate) async fn begin_as(&self, durability: Durability) -> Result<Tx, StateError> {
        let inner = match &self.pools {
            Pools::Sqlite { writer, checkpoints, pace, .. } => TxInner::Sqlite(SqliteTx {
                tx: writer.begin_with(durability.sqlite_begin()).await?,
                n_rows: 0,
                checkpoints: checkpoints.clone(),
                pace: (durability == Durability::Replayable).then(|| pace.clone()),
            }),
            Pools::Postgres { writers, .. } => {
                let mut tx = writers.begin().await?;
                if durability == Durability::Replayable {
                    sqlx::raw_sql("SET LOCAL synchronous_commit = off").execute(&mut *tx).await?;
                }
                TxInner::Postgres(tx)
            }
        };
        Ok(Tx { inner })
    }

    /// Bytes of the database on disk.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn size_bytes(&self) -> Result<u64, StateError> {
        let sql = match self.dialect() {
            Dialect::Sqlite => {
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            }
            Dialect::Postgres => "SELECT pg_database_size(current_database())",
        };
        let row = self.row(sql, vec![]).await?;
        row.map_or(Ok(0), |row| Ok(row.int(0)?.cast_unsigned()))
    }

    /// Moves the write-ahead log into the file and cuts it to nothing; `false` while a reader is in
    /// its way. PostgreSQL looks after its own.
    pub(crate) async fn truncate(&self) -> Result<bool, StateError> {
        let Pools::Sqlite { writer, .. } = &self.pools else { return Ok(true) };
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let row = sqlx::query(sql).fetch_one(&mut *writer.acquire().await?).await?;
        Ok(Row::Sqlite(row).int(0)? == 0)
    }

    /// Writes every table anew without what was deleted (SQLite), or lets the room of dead rows be
    /// used again (PostgreSQL).
    pub(crate) async fn vacuum(&self) -> Result<(), StateError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                let mut writer = writer.acquire().await?;
                // In memory, what is larger than that would have no place.
                let sql = "PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY";
                sqlx::raw_sql(sql).execute(&mut *writer).await?;
            }
            Pools::Postgres { writers, .. } => {
                sqlx::raw_sql("VACUUM").execute(writers).await?;
            }
        }
        Ok(())
    }

    /// Closes every connection, after what runs on them is done.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres { writers, readers } => {
                readers.close().await;
                writers.close().await;
            }
        }
    }
}

impl Tx {
    /// Which database it is.
    pub(crate) fn dialect(&self) -> Dialect {
        match &self.inner {
            TxInner::Sqlite(_) => Dialect::Sqlite,
            TxInner::Postgres(_) => Dialect::Postgres,
        }
    }

    /// All rows of a question, or of a change with `RETURNING`.
    ///
    /// # Errors
    /// See [`StateError`]; afterwards the transaction can only be dropped.
    pub async fn rows(
        &mut self,
        sql: impl Into<Sql>,
        values: Vec<Value<'_>>,
    ) -> Result<Vec<Row>, StateError> {
        match &mut self.inner {
            TxInner::Sqlite(sqlite) => sqlite_rows(&mut sqlite.tx, sql.into(), values).await,
            TxInner::Postgres(tx) => postgres_rows(tx, sql.into(), values).await,
        }
    }

    /// The first row of a question, if there is one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn row(
        &mut self,
        sql: impl Into<Sql>,
        values: Vec<Value<'_>>,
    ) -> Result<Option<Row>, StateError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Carries out a change; answers how many rows it touched.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn execute(
        &mut self,
        sql: impl Into<Sql>,
        values: Vec<Value<'_>>,
    ) -> Result<u64, StateError> {
        match &mut self.inner {
            TxInner::Sqlite(sqlite) => {
                let query = sqlx::query_with(sql.into().into_sqlx(), sqlite_arguments(values)?);
                let n_rows = query.execute(&mut *sqlite.tx).await?.rows_affected();
                sqlite.n_rows += n_rows;
                Ok(n_rows)
            }
            TxInner::Postgres(tx) => {
                let query = sqlx::query_with(sql.into().into_sqlx(), postgres_arguments(values)?);
                Ok(query.execute(&mut **tx).await?.rows_affected())
            }
        }
    }

    /// Carries out several statements without parameters, as migrations do.
    ///
    /// # Errors
    /// See [`StateError`].
    pub(crate) async fn script(&mut self, sql: String) -> Result<(), StateError> {
        let script = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
        match &mut self.inner {
            TxInner::Sqlite(sqlite) => script.execute(&mut *sqlite.tx).await.map(|_| ())?,
            TxInner::Postgres(tx) => script.execute(&mut **tx).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Makes everything true and visible at once, and as durable as it was begun.
    ///
    /// # Errors
    /// See [`StateError`]; whether it happened is then unknown until it is read again.
    pub async fn commit(self) -> Result<(), StateError> {
        match self.inner {
            TxInner::Sqlite(sqlite) => {
                let SqliteTx { tx, n_rows, checkpoints, pace } = sqlite;
                match pace {
                    Some(pace) => pace.beside_commit(n_rows, tx.commit()).await?,
                    None => tx.commit().await?,
                }
                checkpoints.committed(n_rows);
            }
            TxInner::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Undoes everything at once, and waits until it is undone.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn rollback(self) -> Result<(), StateError> {
        match self.inner {
            TxInner::Sqlite(sqlite) => sqlite.tx.rollback().await?,
            TxInner::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}

async fn sqlite_rows(
    connection: &mut SqliteConnection,
    sql: Sql,
    values: Vec<Value<'_>>,
) -> Result<Vec<Row>, StateError> {
    let query = sqlx::query_with::<Sqlite, _>(sql.into_sqlx(), sqlite_arguments(values)?);
    Ok(query.fetch_all(connection).await?.into_iter().map(Row::Sqlite).collect())
}

async fn postgres_rows(
    connection: &mut PgConnection,
    sql: Sql,
    values: Vec<Value<'_>>,
) -> Result<Vec<Row>, StateError> {
    let query = sqlx::query_with::<Postgres, _>(sql.into_sqlx(), postgres_arguments(values)?);
    Ok(query.fetch_all(connection).await?.into_iter().map(Row::Postgres).collect())
}

/// The write-ahead log is moved in the background (see [`Checkpoints`]); should it grow to 256 MB
/// all the same, the commit that finds it so moves it. Readers map the file, so that a warm row
/// costs no system call.
async fn open_sqlite(path: &str) -> Result<Pools, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(WAIT)
        .statement_cache_capacity(N_STATEMENTS)
        .row_buffer_size(1_024)
        .pragma("cache_size", "-65536")
        .pragma("temp_store", "MEMORY")
        .pragma("secure_delete", "FAST")
        .pragma("mmap_size", "1073741824")
        .pragma("wal_autocheckpoint", "65536")
        .pragma("journal_size_limit", "268435456")
        .disable_statement_logging();
    let writer = sqlite_pool(1).after_release(|writer, _| Box::pin(is_usable(writer)));
    let writer = writer.connect_with(options.clone()).await?;
    let checkpoints =
        Checkpoints::start(options.clone().pragma("cache_size", "-1024"), Pace::of_file(path));
    let reading = options.pragma("query_only", "ON").pragma("cache_size", "-8192");
    let readers = sqlite_pool(N_READERS).connect_with(reading).await?;
    Ok(Pools::Sqlite { writer, readers, checkpoints, pace: Pace::of_log(path) })
}

/// Whether a connection that is given back can be used again. A full disk or a failing one may have
/// undone a transaction by itself; then the rollback fails, the driver believes the transaction
/// still open, and the connection could never begin another.
async fn is_usable(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // Waits for the rollback that the transaction's end has sent on its way.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

fn sqlite_pool(n_max: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(n_max)
        .min_connections(1)
        .acquire_timeout(WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

async fn open_postgres(url: &str) -> Result<Pools, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("rapport")
        .statement_cache_capacity(N_STATEMENTS)
        .options([("lock_timeout", format!("{}ms", WAIT.as_millis()))])
        .disable_statement_logging();
    let pool = |n_max| {
        // A connection is tested when it is given back, not again when it is taken.
        PgPoolOptions::new().max_connections(n_max).acquire_timeout(WAIT).test_before_acquire(false)
    };
    let writers = pool(4).connect_with(options.clone()).await?;
    Ok(Pools::Postgres { writers, readers: pool(N_READERS).connect_with(options).await? })
}

/// The URL as it may be shown: `postgres://user:secret@host` loses the secret.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((user, host)) = rest.rsplit_once('@') else { return url.to_owned() };
    let name = user.split(':').next().unwrap_or_default();
    format!("{scheme}://{name}@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SQLite's numbers: 1 syncs at checkpoints only, 2 at each commit.
    #[tokio::test]
    async fn only_what_can_be_had_again_is_committed_without_a_sync() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", dir.path().join("s").display())).await.unwrap();
        for (durability, level) in
            [(Durability::Replayable, 1), (Durability::Synced, 2), (Durability::Replayable, 1)]
        {
            let mut tx = db.begin_as(durability).await.unwrap();
            let row = tx.row("PRAGMA synchronous", vec![]).await.unwrap().unwrap();
            assert_eq!(row.int(0).unwrap(), level, "{durability:?}");
            tx.commit().await.unwrap();
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(without_password("postgres://a:b@h/d"), "postgres://a@h/d");
        assert_eq!(without_password("postgres://a:p@ss@h/d"), "postgres://a@h/d");
        assert_eq!(without_password("sqlite:x"), "sqlite:x");
    }
}
