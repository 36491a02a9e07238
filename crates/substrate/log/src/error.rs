//! Why was an entry not taken, or not found?

use base::ErrorKind;

/// A failure of the log: nothing was taken.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The disk has no room; entries are taken again as soon as there is.
    #[error("the disk is full: {free_bytes} bytes are free, {reserve_bytes} are kept in reserve")]
    Full {
        /// Free bytes on the disk of the log.
        free_bytes: u64,
        /// Bytes that must stay free.
        reserve_bytes: u64,
    },
    /// More entries wait than the queue holds.
    #[error("the log is busy: the queue is full")]
    Busy,
    /// The file cannot be used now: locked, or the disk fails.
    #[error("the log is not available")]
    Unavailable {
        /// What the driver said.
        source: sqlx::Error,
    },
    /// The log's writer has ended, after `close` or by a panic.
    #[error("the log is closed")]
    Closed,
    /// The file is not a log of ours.
    #[error("the log is damaged: {what}")]
    Corrupt {
        /// What was found.
        what: String,
    },
}

impl LogError {
    /// What the caller should do.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Corrupt { .. } => ErrorKind::Corrupt,
            Self::Busy => ErrorKind::Limited,
            Self::Full { .. } | Self::Unavailable { .. } | Self::Closed => ErrorKind::Unavailable,
        }
    }
}
