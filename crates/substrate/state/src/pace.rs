//! How do the pages of a large commit reach the disk without holding up those who wait for it?
//!
//! A disk serves its writers in turn. A hundred megabytes asked for in one go stand before the few
//! kilobytes of somebody who waits for an acknowledgement, as the event log does. So what a batch
//! writes is brought to the disk piece by piece while it is being written: whoever syncs in between
//! waits for one piece.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What is written in so long a time is one piece: two or three megabytes.
const PIECE: Duration = Duration::from_millis(15);
/// Rows of small commits that together are one piece.
const N_ROWS: u64 = 2_000;

/// Brings SQLite's write-ahead log to the disk by pieces. Cheap to clone.
///
/// The file is opened for reading and only ever synced. SQLite's locks are on other files, so
/// closing this one lets go of none of them.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    path: Arc<Path>,
    file: Arc<Mutex<Option<Arc<File>>>>,
    n_rows: Arc<AtomicU64>,
}

impl Pace {
    /// For the database in `file`.
    pub fn new(file: &str) -> Self {
        let path: PathBuf = format!("{file}-wal").into();
        Self { path: path.into(), file: Arc::default(), n_rows: Arc::default() }
    }

    /// Waits for the commit of `n_rows` rows, and brings to the disk what it has written so far,
    /// again and again.
    pub async fn beside<T>(&self, n_rows: u64, commit: impl Future<Output = T>) -> T {
        let mut commit = pin!(commit);
        let done = loop {
            match tokio::time::timeout(PIECE, &mut commit).await {
                Ok(done) => break done,
                Err(_) => self.sync().await,
            }
        };
        if self.n_rows.fetch_add(n_rows, Ordering::Relaxed) + n_rows >= N_ROWS {
            let pace = self.clone();
            tokio::spawn(async move { pace.sync().await });
        }
        done
    }

    /// A failure is no loss: SQLite syncs before it relies on anything, and hears of it then.
    async fn sync(&self) {
        self.n_rows.store(0, Ordering::Relaxed);
        let pace = self.clone();
        let synced = tokio::task::spawn_blocking(move || pace.file()?.sync_data()).await;
        if let Ok(Err(error)) = synced {
            tracing::debug!(%error, "the tables' write-ahead log was not synced between commits");
        }
    }

    /// SQLite makes the file with the first commit and keeps it while it is open.
    fn file(&self) -> io::Result<Arc<File>> {
        let mut kept = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &*kept {
            return Ok(file.clone());
        }
        Ok(kept.insert(Arc::new(File::open(&self.path)?)).clone())
    }
}
