//! How does a SQLite file keep the log?

use crate::disk::Disk;
use crate::wipe::Turn;
use crate::writer::{Checkpoint, Command, Reply, Writer};
use crate::{Entry, EventLog, LogError};
use base::Position;
use bytes::Bytes;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteRow, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Row};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};

/// Readers that may be at work at the same time.
const N_READERS: u32 = 4;
/// Entries that one turn of the writer takes away, so that a trim holds nobody up for long.
const N_TRIMMED: usize = 256;
/// How often the write-ahead log is tried to be cut before a reader is taken to be stuck, and the
/// pause in between.
const N_TRUNCATIONS: usize = 20;
const TRUNCATION_PAUSE: Duration = Duration::from_millis(100);
/// The name of the file in the directory.
const FILE: &str = "log.sqlite";

/// How a log is to behave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogOptions {
    /// Bytes that must stay free on the disk; below that, appends are refused as `Full`.
    pub reserve_bytes: u64,
    /// Entries that may wait for the writer; more are refused as `Busy`.
    pub n_queued_max: usize,
    /// Bytes that may wait for the writer; more are refused as `Busy`.
    pub queued_bytes_max: usize,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self { reserve_bytes: 512 << 20, n_queued_max: 4_096, queued_bytes_max: 128 << 20 }
    }
}

/// A log in a SQLite file of its own. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SqliteLog {
    readers: SqlitePool,
    queue: mpsc::Sender<Command>,
    queued_bytes: Arc<AtomicUsize>,
    queued_bytes_max: usize,
    reserve_bytes: Arc<AtomicU64>,
    head: watch::Receiver<Position>,
}

impl SqliteLog {
    /// Opens the log in `dir`, which is made if it is not there.
    ///
    /// # Errors
    /// `Unavailable`, and `Corrupt` where the file is something else.
    pub async fn open(dir: &Path, options: LogOptions) -> Result<Self, LogError> {
        Self::open_as(dir, &options, connect_options(&dir.join(FILE))).await
    }

    /// A log whose file may not grow beyond so many pages, as if the disk ended there.
    #[cfg(test)]
    pub(crate) async fn open_limited(
        dir: &Path,
        options: LogOptions,
        n_pages: u32,
    ) -> Result<Self, LogError> {
        let limited =
            connect_options(&dir.join(FILE)).pragma("max_page_count", n_pages.to_string());
        Self::open_as(dir, &options, limited).await
    }

    async fn open_as(
        dir: &Path,
        options: &LogOptions,
        connect: SqliteConnectOptions,
    ) -> Result<Self, LogError> {
        tokio::fs::create_dir_all(dir).await.map_err(|error| unavailable(error.into()))?;
        let mut connection = connect_writer(&connect).await.map_err(unavailable)?;
        let found = highest(&mut connection).await.map_err(unavailable)?;
        let pool = SqlitePoolOptions::new().max_connections(N_READERS).min_connections(1);
        let pool = pool.idle_timeout(None).max_lifetime(None).test_before_acquire(false);
        let reading = connect.clone().pragma("query_only", "ON");
        let readers = pool.connect_with(reading).await.map_err(unavailable)?;
        let (queue, commands) = mpsc::channel(options.n_queued_max);
        let (head, watched) = watch::channel(found);
        let reserve_bytes = Arc::new(AtomicU64::new(options.reserve_bytes));
        let queued_bytes = Arc::new(AtomicUsize::new(0));
        let writer = Writer {
            options: connect,
            connection: Some(connection),
            disk: Disk::new(dir, reserve_bytes.clone()),
            queue: commands,
            queued_bytes: queued_bytes.clone(),
            head,
            checkpoint: Checkpoint::default(),
        };
        tokio::spawn(writer.run());
        let queued_bytes_max = options.queued_bytes_max;
        Ok(Self { readers, queue, queued_bytes, queued_bytes_max, reserve_bytes, head: watched })
    }

    /// Bytes that must stay free from now on.
    pub fn set_reserve_bytes(&self, n_bytes: u64) {
        self.reserve_bytes.store(n_bytes, Ordering::Relaxed);
    }

    /// Bytes of the file, without what waits in its write-ahead log.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn size_bytes(&self) -> Result<u64, LogError> {
        let sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
        let row = sqlx::query(sql).fetch_one(&self.readers).await.map_err(unavailable)?;
        Ok(row.try_get::<i64, _>(0).map_err(unavailable)?.cast_unsigned())
    }

    /// Has the writer do something, and waits for it.
    async fn command<T>(&self, of: impl FnOnce(Reply<T>) -> Command) -> Result<T, LogError> {
        let (reply, answer) = oneshot::channel();
        self.queue.send(of(reply)).await.map_err(|_| LogError::Closed)?;
        answer.await.unwrap_or(Err(LogError::Closed))
    }

    /// Counts the bytes as waiting, if they may wait. One entry may always wait, however large.
    fn reserve_queue(&self, n_bytes: usize) -> bool {
        let waiting = self.queued_bytes.fetch_add(n_bytes, Ordering::AcqRel);
        let fits = waiting == 0 || waiting + n_bytes <= self.queued_bytes_max;
        if !fits {
            self.queued_bytes.fetch_sub(n_bytes, Ordering::AcqRel);
        }
        fits
    }
}

#[async_trait::async_trait]
impl EventLog for SqliteLog {
    async fn append(&self, payload: Bytes) -> Result<Position, LogError> {
        let n_bytes = payload.len();
        if !self.reserve_queue(n_bytes) {
            return Err(LogError::Busy);
        }
        let (reply, answer) = oneshot::channel();
        if let Err(refused) = self.queue.try_send(Command::Append { payload, reply }) {
            self.queued_bytes.fetch_sub(n_bytes, Ordering::AcqRel);
            return Err(match refused {
                TrySendError::Full(_) => LogError::Busy,
                TrySendError::Closed(_) => LogError::Closed,
            });
        }
        answer.await.unwrap_or(Err(LogError::Closed))
    }

    async fn read_after(
        &self,
        after: Position,
        max_entries: usize,
        max_bytes: usize,
    ) -> Result<Vec<Entry>, LogError> {
        let sql = "SELECT position, LENGTH(payload) FROM entries WHERE position > $1 \
                   ORDER BY position LIMIT $2";
        let sizes = sqlx::query(sql).bind(after.to_sql()).bind(max_entries as i64);
        let sizes = sizes.fetch_all(&self.readers).await.map_err(unavailable)?;
        let max_bytes = i64::try_from(max_bytes).unwrap_or(i64::MAX);
        let (mut last, mut n_bytes) = (None, 0);
        for row in &sizes {
            n_bytes += number(row, 1)?;
            if last.is_some() && n_bytes > max_bytes {
                break;
            }
            last = Some(number(row, 0)?);
        }
        let Some(last) = last else { return Ok(Vec::new()) };
        let sql = "SELECT position, payload FROM entries WHERE position > $1 AND position <= $2 \
                   ORDER BY position";
        let rows = sqlx::query(sql).bind(after.to_sql()).bind(last);
        rows.fetch_all(&self.readers).await.map_err(unavailable)?.iter().map(entry).collect()
    }

    async fn entry(&self, at: Position) -> Result<Option<Entry>, LogError> {
        let sql = "SELECT position, payload FROM entries WHERE position = $1";
        let row = sqlx::query(sql).bind(at.to_sql()).fetch_optional(&self.readers).await;
        row.map_err(unavailable)?.as_ref().map(entry).transpose()
    }

    async fn trim(&self, through: Position) -> Result<u64, LogError> {
        let mut n_trimmed = 0;
        loop {
            let n = self.command(|reply| Command::Trim { through, max: N_TRIMMED, reply }).await?;
            n_trimmed += n;
            if n < N_TRIMMED as u64 {
                return Ok(n_trimmed);
            }
        }
    }

    async fn replace(&self, entries: Vec<(Position, Bytes)>) -> Result<u64, LogError> {
        self.command(|reply| Command::Replace { entries, reply }).await
    }

    async fn replaced_through(&self) -> Result<Position, LogError> {
        let row = sqlx::query("SELECT through FROM replaced").fetch_one(&self.readers).await;
        Ok(Position::from_sql(number(&row.map_err(unavailable)?, 0)?))
    }

    async fn purge(&self) -> Result<(), LogError> {
        while self.command(|reply| Command::Fill { reply }).await? == Turn::More {}
        for _ in 0..N_TRUNCATIONS {
            if self.command(|reply| Command::Truncate { reply }).await? == Turn::Clean {
                return Ok(());
            }
            tokio::time::sleep(TRUNCATION_PAUSE).await;
        }
        Err(LogError::Busy)
    }

    fn head(&self) -> Position {
        *self.head.borrow()
    }

    fn watch(&self) -> watch::Receiver<Position> {
        self.head.clone()
    }

    async fn close(&self) -> Result<(), LogError> {
        let (reply, answer) = oneshot::channel();
        self.readers.close().await;
        match self.queue.send(Command::Close { reply }).await {
            Ok(()) => answer.await.unwrap_or(Ok(())),
            Err(_) => Ok(()),
        }
    }
}

/// Large pages, because entries are large; checkpoints only when the writer says so.
fn connect_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .page_size(16_384)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .pragma("wal_autocheckpoint", "0")
        .pragma("journal_size_limit", "67108864")
        .pragma("cache_size", "-16384")
        .pragma("secure_delete", "FAST")
        .disable_statement_logging()
}

/// The writing connection, with the tables in place.
pub(crate) async fn connect_writer(
    options: &SqliteConnectOptions,
) -> Result<SqliteConnection, sqlx::Error> {
    let mut connection = SqliteConnection::connect_with(options).await?;
    let tables = "CREATE TABLE IF NOT EXISTS entries \
                  (position INTEGER PRIMARY KEY, payload BLOB NOT NULL) STRICT; \
                  CREATE TABLE IF NOT EXISTS head \
                  (id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL) STRICT; \
                  INSERT INTO head (id, position) VALUES (1, 0) ON CONFLICT DO NOTHING; \
                  CREATE TABLE IF NOT EXISTS replaced \
                  (id INTEGER PRIMARY KEY CHECK (id = 1), through INTEGER NOT NULL) STRICT; \
                  INSERT INTO replaced (id, through) VALUES (1, 0) ON CONFLICT DO NOTHING;";
    sqlx::raw_sql(tables).execute(&mut connection).await?;
    Ok(connection)
}

/// The largest number ever given, as far as the file knows.
pub(crate) async fn highest(connection: &mut SqliteConnection) -> Result<Position, sqlx::Error> {
    let sql = "SELECT MAX((SELECT position FROM head), \
               (SELECT COALESCE(MAX(position), 0) FROM entries))";
    let row = sqlx::query(sql).fetch_one(connection).await?;
    Ok(Position::from_sql(row.try_get(0)?))
}

fn number(row: &SqliteRow, idx: usize) -> Result<i64, LogError> {
    row.try_get(idx).map_err(unavailable)
}

fn entry(row: &SqliteRow) -> Result<Entry, LogError> {
    let payload: Vec<u8> = row.try_get(1).map_err(unavailable)?;
    Ok(Entry { position: Position::from_sql(number(row, 0)?), payload: payload.into() })
}

/// A damaged file will not get better by waiting; everything else may. SQLite's codes: 11 corrupt,
/// 26 not a database.
fn unavailable(source: sqlx::Error) -> LogError {
    let code = source.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    match (code.map(|code| code & 0xff), &source) {
        (Some(11 | 26), _) => LogError::Corrupt { what: "the file is not a whole database".into() },
        (_, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) => {
            LogError::Corrupt { what: "an entry of another type".into() }
        }
        _ => LogError::Unavailable { source },
    }
}
