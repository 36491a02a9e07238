//! How do many entries share one sync, and what happens when the disk refuses?
//!
//! One task owns the writing connection. It takes what waits in the queue, up to a bound, writes
//! it in one transaction and answers everybody after the commit. After an error it opens the file
//! anew: what the answer to a failed sync was worth is found out from the file.

use crate::LogError;
use crate::disk::Disk;
use crate::sqlite::{connect_writer, highest};
use crate::wipe::{self, Turn};
use base::Position;
use bytes::Bytes;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteConnection};
use sqlx::{Arguments, Connection};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// Entries of one commit.
const N_ENTRIES_MAX: usize = 1_024;
/// Bytes of one commit: some 10 ms of writing.
const N_BYTES_MAX: usize = 8 << 20;
/// Bytes written after which the write-ahead log is moved into the file.
const CHECKPOINT_BYTES: usize = 8 << 20;
/// Free bytes under which an I/O error is taken for a full disk: less than one commit needs.
const N_BYTES_SCARCE: u64 = 16 << 20;

pub(crate) type Reply<T> = oneshot::Sender<Result<T, LogError>>;

/// What the writer is asked to do.
pub(crate) enum Command {
    /// Append an entry.
    Append { payload: Bytes, reply: Reply<Position> },
    /// Take away the oldest entries up to `through`, at most `max` of them.
    Trim { through: Position, max: usize, reply: Reply<u64> },
    /// Put other payloads in place of those that are there.
    Replace { entries: Vec<(Position, Bytes)>, reply: Reply<u64> },
    /// Zero some of what was deleted.
    Fill { reply: Reply<Turn> },
    /// Cut the write-ahead log to nothing.
    Truncate { reply: Reply<Turn> },
    /// Write what waits, then end.
    Close { reply: Reply<()> },
}

/// The task and what it owns.
pub(crate) struct Writer {
    pub options: SqliteConnectOptions,
    pub connection: Option<SqliteConnection>,
    pub disk: Disk,
    pub queue: mpsc::Receiver<Command>,
    pub queued_bytes: Arc<AtomicUsize>,
    pub head: watch::Sender<Position>,
    pub checkpoint: Checkpoint,
}

/// Moves the write-ahead log into the file. The bulk is moved by a connection of its own while
/// entries go on being written; the rest, which came meanwhile, by the writer between two commits.
#[derive(Default)]
pub(crate) struct Checkpoint {
    n_bytes: usize,
    running: Option<JoinHandle<Result<(), sqlx::Error>>>,
}

struct Waiting {
    payloads: Vec<Bytes>,
    replies: Vec<Reply<Position>>,
    n_bytes: usize,
}

impl Writer {
    /// Works until the queue is closed or `Close` comes.
    pub async fn run(mut self) {
        let mut commands = Vec::with_capacity(N_ENTRIES_MAX);
        while self.queue.recv_many(&mut commands, N_ENTRIES_MAX).await > 0 {
            let mut waiting = Waiting::new();
            for command in commands.drain(..) {
                match command {
                    Command::Append { payload, reply } => {
                        waiting.push(payload, reply);
                        if waiting.n_bytes >= N_BYTES_MAX {
                            self.append(std::mem::replace(&mut waiting, Waiting::new())).await;
                        }
                    }
                    Command::Trim { through, max, reply } => {
                        self.append(std::mem::replace(&mut waiting, Waiting::new())).await;
                        let answer = self.trim(through, max).await;
                        let _ = reply.send(answer);
                    }
                    Command::Close { reply } => {
                        self.append(waiting).await;
                        return self.close(reply).await;
                    }
                    other => {
                        self.append(std::mem::replace(&mut waiting, Waiting::new())).await;
                        self.wipe(other).await;
                    }
                }
            }
            self.append(waiting).await;
            self.look_after_checkpoint().await;
        }
    }

    /// Writes what waits in one transaction and answers everybody.
    async fn append(&mut self, waiting: Waiting) {
        let Waiting { payloads, replies, n_bytes } = waiting;
        if payloads.is_empty() {
            return;
        }
        let answer = self.try_append(payloads, n_bytes).await;
        self.queued_bytes.fetch_sub(n_bytes, Ordering::AcqRel);
        match answer {
            Ok(first) => {
                let last = Position(first.0 + replies.len() as u64 - 1);
                self.head.send_replace(last);
                for (position, reply) in (first.0..).map(Position).zip(replies) {
                    let _ = reply.send(Ok(position));
                }
            }
            Err(error) => {
                let (is_full, free) = self.judge(&error);
                for reply in replies {
                    let _ = reply.send(Err(copy(&error, is_full, free, &self.disk)));
                }
            }
        }
    }

    async fn try_append(
        &mut self,
        payloads: Vec<Bytes>,
        n_bytes: usize,
    ) -> Result<Position, Failure> {
        if !self.disk.has_room(n_bytes as u64, Instant::now()) {
            return Err(Failure::NoRoom);
        }
        self.connect().await?;
        let first = Position(self.head.borrow().0 + 1);
        let connection = self.connection.as_mut().expect("it was opened two lines above");
        let result = write(connection, first, payloads).await;
        if result.is_err() {
            self.connection = None;
        }
        result?;
        self.checkpoint.n_bytes += n_bytes;
        Ok(first)
    }

    /// Opens the connection anew where the last one failed. The head is what the file says then:
    /// a commit whose answer was lost may have happened.
    async fn connect(&mut self) -> Result<(), Failure> {
        if self.connection.is_some() {
            return Ok(());
        }
        let mut connection = connect_writer(&self.options).await?;
        let found = highest(&mut connection).await?;
        self.head.send_if_modified(|known| {
            let is_news = found > *known;
            *known = found.max(*known);
            is_news
        });
        self.connection = Some(connection);
        Ok(())
    }

    async fn trim(&mut self, through: Position, max: usize) -> Result<u64, LogError> {
        match self.try_trim(through, max).await {
            Ok(n) => Ok(n),
            Err(failure) => {
                self.connection = None;
                let (is_full, free) = self.judge(&failure);
                Err(copy(&failure, is_full, free, &self.disk))
            }
        }
    }

    /// Carries out a command that takes content out of the file.
    async fn wipe(&mut self, command: Command) {
        match command {
            Command::Replace { entries, reply } => {
                let answer = match self.connect().await {
                    Ok(()) => wipe::replace(self.open_connection(), &entries).await,
                    Err(failure) => Err(failure.into_database()),
                };
                let _ = reply.send(self.judged(answer));
            }
            Command::Fill { reply } => {
                let answer = match self.connect().await {
                    Ok(()) => wipe::fill(self.open_connection()).await,
                    Err(failure) => Err(failure.into_database()),
                };
                let _ = reply.send(self.judged(answer));
            }
            Command::Truncate { reply } => {
                // Two cannot move the write-ahead log at the same time.
                if let Some(running) = self.checkpoint.running.take() {
                    let _ = running.await;
                }
                let answer = match self.connect().await {
                    Ok(()) => wipe::truncate(self.open_connection()).await,
                    Err(failure) => Err(failure.into_database()),
                };
                let _ = reply.send(self.judged(answer));
            }
            Command::Append { .. } | Command::Trim { .. } | Command::Close { .. } => {
                unreachable!("the loop carries these out itself")
            }
        }
    }

    fn open_connection(&mut self) -> &mut SqliteConnection {
        self.connection.as_mut().expect("the caller has opened it")
    }

    /// The answer for the caller; after a failure the file is opened anew next time.
    fn judged<T>(&mut self, answer: Result<T, sqlx::Error>) -> Result<T, LogError> {
        answer.map_err(|error| {
            self.connection = None;
            let failure = Failure::Database(error);
            let (is_full, free) = self.judge(&failure);
            copy(&failure, is_full, free, &self.disk)
        })
    }

    async fn try_trim(&mut self, through: Position, max: usize) -> Result<u64, Failure> {
        self.connect().await?;
        let connection = self.connection.as_mut().expect("it was opened a line above");
        Ok(trim(connection, through, max).await?)
    }

    /// Whether a failure means a full disk, and how much is free.
    fn judge(&mut self, failure: &Failure) -> (bool, u64) {
        self.disk.forget();
        let free = self.disk.free_bytes(Instant::now());
        let is_full = match failure {
            Failure::NoRoom => true,
            Failure::Database(error) => match code(error) {
                Some(13) => true,
                Some(10) => free < N_BYTES_SCARCE.max(self.disk.reserve_bytes()),
                _ => false,
            },
        };
        if !is_full {
            tracing::error!(%failure, "the log could not be written");
        }
        (is_full, free)
    }

    async fn look_after_checkpoint(&mut self) {
        if self.checkpoint.running.as_ref().is_some_and(JoinHandle::is_finished) {
            let done = self.checkpoint.running.take().expect("it was there a line above").await;
            if let (Ok(Ok(())), Some(connection)) = (done, self.connection.as_mut()) {
                let rest = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(connection).await;
                if let Err(error) = rest {
                    tracing::warn!(%error, "the rest of the write-ahead log stays where it is");
                }
            }
        }
        if self.checkpoint.running.is_none() && self.checkpoint.n_bytes >= CHECKPOINT_BYTES {
            self.checkpoint.n_bytes = 0;
            self.checkpoint.running = Some(tokio::spawn(checkpoint(self.options.clone())));
        }
    }

    async fn close(mut self, reply: Reply<()>) {
        if let Some(running) = self.checkpoint.running.take() {
            let _ = running.await;
        }
        let result = match self.connection.take() {
            Some(connection) => connection.close().await,
            None => Ok(()),
        };
        let _ = reply.send(result.map_err(|source| LogError::Unavailable { source }));
    }
}

impl Waiting {
    fn new() -> Self {
        Self { payloads: Vec::new(), replies: Vec::new(), n_bytes: 0 }
    }

    fn push(&mut self, payload: Bytes, reply: Reply<Position>) {
        self.n_bytes += payload.len();
        self.payloads.push(payload);
        self.replies.push(reply);
    }
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("there is no room")]
    NoRoom,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Failure {
    fn into_database(self) -> sqlx::Error {
        match self {
            Self::Database(error) => error,
            Self::NoRoom => sqlx::Error::Protocol("there is no room".to_owned()),
        }
    }
}

/// SQLite's primary result code.
fn code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?.parse::<u32>().ok()?;
    Some(code & 0xff)
}

/// The failure for one of many who wait.
fn copy(failure: &Failure, is_full: bool, free_bytes: u64, disk: &Disk) -> LogError {
    match failure {
        _ if is_full => LogError::Full { free_bytes, reserve_bytes: disk.reserve_bytes() },
        Failure::NoRoom => LogError::Full { free_bytes, reserve_bytes: disk.reserve_bytes() },
        Failure::Database(error) => {
            LogError::Unavailable { source: sqlx::Error::Protocol(error.to_string()) }
        }
    }
}

/// Statements for so many entries at once, from the largest.
const INSERTS: [(usize, &str); 3] = [
    (
        16,
        "INSERT INTO entries (position, payload) VALUES ($1,$2),($3,$4),($5,$6),($7,$8),\
         ($9,$10),($11,$12),($13,$14),($15,$16),($17,$18),($19,$20),($21,$22),($23,$24),\
         ($25,$26),($27,$28),($29,$30),($31,$32)",
    ),
    (4, "INSERT INTO entries (position, payload) VALUES ($1,$2),($3,$4),($5,$6),($7,$8)"),
    (1, "INSERT INTO entries (position, payload) VALUES ($1,$2)"),
];

async fn write(
    connection: &mut SqliteConnection,
    first: Position,
    payloads: Vec<Bytes>,
) -> Result<(), sqlx::Error> {
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut entries = (first.0..).zip(payloads);
    let mut n_left = entries.size_hint().1.unwrap_or_default();
    while let Some((n, sql)) = INSERTS.into_iter().find(|&(n, _)| n <= n_left) {
        let mut arguments = SqliteArguments::default();
        for (position, payload) in entries.by_ref().take(n) {
            arguments.add(position.cast_signed()).map_err(sqlx::Error::Encode)?;
            arguments.add(Vec::from(payload)).map_err(sqlx::Error::Encode)?;
        }
        sqlx::query_with(sql, arguments).execute(&mut *tx).await?;
        n_left -= n;
    }
    tx.commit().await
}

/// The head is put down before entries go, so that no number is used twice.
async fn trim(
    connection: &mut SqliteConnection,
    through: Position,
    max: usize,
) -> Result<u64, sqlx::Error> {
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    let head = "UPDATE head SET position = MAX(position, (SELECT COALESCE(MAX(position), 0) \
                FROM entries))";
    sqlx::query(head).execute(&mut *tx).await?;
    let delete = "DELETE FROM entries WHERE position IN (SELECT position FROM entries \
                  WHERE position <= $1 ORDER BY position LIMIT $2)";
    let done =
        sqlx::query(delete).bind(through.to_sql()).bind(max as i64).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(done.rows_affected())
}

/// Moves most of the write-ahead log while entries go on being written; twice, because the first
/// round takes so long that the second has something to do, and the writer less.
async fn checkpoint(options: SqliteConnectOptions) -> Result<(), sqlx::Error> {
    let mut connection = SqliteConnection::connect_with(&options).await?;
    for _ in 0..2 {
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&mut connection).await?;
    }
    connection.close().await
}
