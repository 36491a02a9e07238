//! Is there room on the disk?

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long an answer of the file system counts: long against a commit, short against the time in
/// which a disk fills up by the reserve.
const CHECK_EVERY: Duration = Duration::from_millis(250);

/// Watches the free bytes of the disk on which the log lies.
#[derive(Debug)]
pub(crate) struct Disk {
    dir: PathBuf,
    reserve_bytes: std::sync::Arc<AtomicU64>,
    checked: Option<(Instant, u64)>,
}

impl Disk {
    pub fn new(dir: &Path, reserve_bytes: std::sync::Arc<AtomicU64>) -> Self {
        Self { dir: dir.to_owned(), reserve_bytes, checked: None }
    }

    /// The bytes that must stay free.
    pub fn reserve_bytes(&self) -> u64 {
        self.reserve_bytes.load(Ordering::Relaxed)
    }

    /// Free bytes, asked anew where the last answer is old. A file system that does not answer is
    /// taken to have room: SQLite finds out.
    pub fn free_bytes(&mut self, now: Instant) -> u64 {
        match self.checked {
            Some((at, free)) if now.duration_since(at) < CHECK_EVERY => free,
            _ => self.ask(now),
        }
    }

    /// Whether `n_bytes` more leave the reserve untouched. Where they would not, the file system is
    /// asked anew, so that a log that was full takes entries as soon as there is room.
    pub fn has_room(&mut self, n_bytes: u64, now: Instant) -> bool {
        let needed = self.reserve_bytes().saturating_add(n_bytes);
        self.free_bytes(now) >= needed || self.ask(now) >= needed
    }

    /// Forgets the last answer.
    pub fn forget(&mut self) {
        self.checked = None;
    }

    fn ask(&mut self, now: Instant) -> u64 {
        let free = fs4::available_space(&self.dir).unwrap_or(u64::MAX);
        self.checked = Some((now, free));
        free
    }
}
