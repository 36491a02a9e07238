//! How do many pages reach the disk without holding up those who wait for it?
//!
//! A disk serves its writers in turn. A hundred megabytes asked for in one go stand before the few
//! kilobytes of somebody who waits for an acknowledgement, as the event log does. So what a batch
//! writes, and what is moved from the write-ahead log into the file, is brought to the disk piece
//! by piece while it is being written: whoever syncs in between waits for one piece.

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

/// Brings a file of SQLite's to the disk by pieces. Cheap to clone.
///
/// The file is opened for reading and only ever synced.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    path: Arc<Path>,
    file: Arc<Mutex<Option<Arc<File>>>>,
    has_locks: bool,
    n_rows: Arc<AtomicU64>,
}

impl Pace {
    /// For the write-ahead log of the database in `file`. SQLite's locks are on other files.
    pub fn of_log(file: &str) -> Self {
        Self::new(format!("{file}-wal").into(), false)
    }

    /// For the database in `file` itself, on which SQLite has locks. By the rules of POSIX a process
    /// that closes a file lets go of all its locks on it, however often it has it open; so this one
    /// stays open as long as the process lives.
    pub fn of_file(file: &str) -> Self {
        Self::new(file.into(), true)
    }

    fn new(path: PathBuf, has_locks: bool) -> Self {
        Self { path: path.into(), file: Arc::default(), has_locks, n_rows: Arc::default() }
    }

    /// Waits for what writes, and brings to the disk what it has written so far, again and again.
    pub async fn beside<T>(&self, writing: impl Future<Output = T>) -> T {
        let mut writing = pin!(writing);
        loop {
            match tokio::time::timeout(PIECE, &mut writing).await {
                Ok(done) => break done,
                Err(_) => self.sync().await,
            }
        }
    }

    /// The same for the commit of `n_rows` rows; small ones are brought to the disk together.
    pub async fn beside_commit<T>(&self, n_rows: u64, commit: impl Future<Output = T>) -> T {
        let done = self.beside(commit).await;
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
            tracing::debug!(%error, path = %self.path.display(), "not synced while it is written");
        }
    }

    /// SQLite makes the file with the first commit and keeps it while it is open.
    fn file(&self) -> io::Result<Arc<File>> {
        let mut kept = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &*kept {
            return Ok(file.clone());
        }
        let file = Arc::new(File::open(&self.path)?);
        if self.has_locks {
            std::mem::forget(file.clone());
        }
        Ok(kept.insert(file).clone())
    }
}
