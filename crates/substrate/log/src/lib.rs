//! Where do accepted events rest, durably and in order, until they are history?
//!
//! An entry is one request's worth of events, opaque here. `append` answers once the entry is on
//! disk; entries that arrive together share one sync. Entries are numbered from 1 without ever
//! using a number twice, across restarts and trims.

mod disk;
mod error;
mod sqlite;
mod wipe;
mod writer;

#[cfg(test)]
mod tests;

pub use error::LogError;
pub use sqlite::{LogOptions, SqliteLog};

use base::Position;
use bytes::Bytes;
use tokio::sync::watch;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub position: Position,
    /// What was appended.
    pub payload: Bytes,
}

/// A durable sequence of entries with one order for all readers.
#[async_trait::async_trait]
pub trait EventLog: Send + Sync + 'static {
    /// Appends an entry; answers its number once it is durable. A caller who goes away before the
    /// answer may or may not have been heard.
    ///
    /// # Errors
    /// `Full`, `Busy`, `Unavailable`, `Closed`: the entry was not taken, and may be sent again.
    async fn append(&self, payload: Bytes) -> Result<Position, LogError>;

    /// The durable entries behind `after`, in order: at most `max_entries`, and no more than
    /// `max_bytes` of payload, but at least one where there is one.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    async fn read_after(
        &self,
        after: Position,
        max_entries: usize,
        max_bytes: usize,
    ) -> Result<Vec<Entry>, LogError>;

    /// The entry with this number; `None` where it was trimmed or never was.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    async fn entry(&self, at: Position) -> Result<Option<Entry>, LogError>;

    /// Forgets the entries up to and with `through`; answers how many they were.
    ///
    /// # Errors
    /// `Unavailable`, `Closed`.
    async fn trim(&self, through: Position) -> Result<u64, LogError>;

    /// Puts other payloads in place of those at these positions, for instance without the events of
    /// somebody who is erased; positions that were trimmed are passed over. Answers how many were
    /// replaced. What was there before is out of reach, and out of the file after [`Self::purge`].
    ///
    /// # Errors
    /// `Full`, `Unavailable`, `Closed`: nothing was replaced.
    async fn replace(&self, entries: Vec<(Position, Bytes)>) -> Result<u64, LogError>;

    /// The last position that was ever replaced, 0 before the first: who reads the log again from
    /// before it does not read what others read the first time.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn replaced_through(&self) -> Result<Position, LogError>;

    /// Overwrites on disk whatever trimmed and replaced entries left behind. Entries go on being
    /// appended meanwhile.
    ///
    /// # Errors
    /// `Busy` where readers were in the way all the time, `Full`, `Unavailable`, `Closed`; it can
    /// be begun again.
    async fn purge(&self) -> Result<(), LogError>;

    /// The number of the last durable entry ever appended, trimmed or not; 0 before the first.
    fn head(&self) -> Position;

    /// Tells when `head` moves.
    fn watch(&self) -> watch::Receiver<Position>;

    /// Writes what waits and closes the file; appends afterwards are refused as
    /// [`LogError::Closed`].
    ///
    /// # Errors
    /// [`LogError::Unavailable`].
    async fn close(&self) -> Result<(), LogError>;
}
