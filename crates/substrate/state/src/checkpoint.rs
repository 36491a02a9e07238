//! When does SQLite's write-ahead log move into the file, and who waits for it?
//!
//! Nobody, as a rule: a connection of its own moves it right after a large commit, while the next
//! batch is still being made up. Pages reach the log only when a transaction commits, so the mover
//! has the time between two commits to itself and gets to the log's end; the next commit then
//! begins the log anew, and it does not grow. What is moved reaches the disk in pieces (see
//! [`Pace`]).

use crate::pace::Pace;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc;

/// Rows written after which the log is moved. Large batches write the same pages again and again,
/// and a page is moved once however often it was written: seldom is cheap.
const N_ROWS: u64 = 150_000;

/// Tells the mover what was committed. It ends when the last of these is gone.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoints {
    n_rows: Arc<AtomicU64>,
    wake: mpsc::Sender<()>,
}

impl Checkpoints {
    /// Starts the mover for the database that `options` open; `pace` is that of its file.
    pub fn start(options: SqliteConnectOptions, pace: Pace) -> Self {
        let (wake, woken) = mpsc::channel(1);
        tokio::spawn(serve(options, pace, woken));
        Self { n_rows: Arc::default(), wake }
    }

    /// So many rows were committed.
    pub fn committed(&self, n_rows: u64) {
        let n_before = self.n_rows.fetch_add(n_rows, Ordering::Relaxed);
        if n_before + n_rows >= N_ROWS {
            self.n_rows.store(0, Ordering::Relaxed);
            // A full channel means that the mover is at work: it is woken once more behind that.
            let _ = self.wake.try_send(());
        }
    }
}

async fn serve(options: SqliteConnectOptions, pace: Pace, mut woken: mpsc::Receiver<()>) {
    let mut connection = None;
    while woken.recv().await.is_some() {
        if let Err(error) = pace.beside(checkpoint(&options, &mut connection)).await {
            connection = None;
            tracing::warn!(%error, "the write-ahead log of the tables stays where it is for now");
        }
    }
    if let Some(connection) = connection {
        // Closing may fail as it likes: the log is read again at the next start.
        let _ = connection.close().await;
    }
}

async fn checkpoint(
    options: &SqliteConnectOptions,
    kept: &mut Option<SqliteConnection>,
) -> Result<(), sqlx::Error> {
    let connection = match kept {
        Some(connection) => connection,
        None => kept.insert(options.connect().await?),
    };
    sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(connection).await?;
    Ok(())
}
