//! What can fail when history is written or read, and which file was it?

use base::ErrorKind;
use parquet::errors::ParquetError;
use std::error::Error as StdError;
use std::io;

/// A cause that is kept for the operator's log.
pub type Cause = Box<dyn StdError + Send + Sync>;

/// Why history could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// A run does not hold what was written into it: restore it from a backup.
    #[error("history file '{path}' is damaged: {what}")]
    Corrupt {
        /// The run's path in the store.
        path: String,
        /// What is wrong with it.
        what: String,
        /// What the decoder said.
        #[source]
        source: Option<Cause>,
    },
    /// A listed run is not in the store.
    #[error("history file '{path}' is missing")]
    Missing {
        /// The run's path in the store.
        path: String,
    },
    /// A batch of fresh events does not hold what was written into it.
    #[error("a batch of fresh events is damaged: {what}")]
    CorruptBatch {
        /// What is wrong with it.
        what: String,
    },
    /// A batch was written by a newer Rapport.
    #[error("a batch of fresh events has version {version}, the newest known is {known}")]
    TooNew {
        /// The version found.
        version: u8,
        /// The newest version that this program reads.
        known: u8,
    },
    /// The store did not do what it was asked; often the disk or the network.
    #[error("cannot {action} '{path}' in the history store")]
    Unavailable {
        /// What was tried, as a verb.
        action: &'static str,
        /// The path or URL.
        path: String,
        /// What the store said.
        #[source]
        source: Cause,
    },
    /// Rows could not be encoded; a defect of this program.
    #[error("cannot encode history rows")]
    Encode {
        /// What the encoder said.
        #[source]
        source: Cause,
    },
    /// A question was called off.
    #[error("the question was called off")]
    Cancelled,
    /// A question took longer than it was given.
    #[error("the question took longer than {budget:?}")]
    OutOfTime {
        /// How long it was given.
        budget: std::time::Duration,
    },
    /// A question needs more memory at once than it was given.
    #[error("the question needs {needed} bytes of memory at once, {max} are allowed")]
    TooLarge {
        /// What it needs, estimated.
        needed: usize,
        /// What it was given.
        max: usize,
    },
    /// A question asks for more than a question may.
    #[error("a question has {n} conditions, {max} are allowed")]
    TooManyConditions {
        /// How many it has.
        n: usize,
        /// How many it may have.
        max: usize,
    },
    /// What is known of customers could not be had.
    #[error("cannot read the {fact} of customers")]
    Facts {
        /// Which fact.
        fact: String,
        /// What their keeper said.
        #[source]
        source: Cause,
    },
    /// The program is shutting down, or a worker died.
    #[error("the work on history was cut short")]
    CutShort {
        /// What the runtime said.
        #[source]
        source: Cause,
    },
}

impl HistoryError {
    /// What the caller should do.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Corrupt { .. }
            | Self::Missing { .. }
            | Self::CorruptBatch { .. }
            | Self::TooNew { .. } => ErrorKind::Corrupt,
            Self::Unavailable { .. }
            | Self::CutShort { .. }
            | Self::Cancelled
            | Self::Facts { .. } => ErrorKind::Unavailable,
            Self::OutOfTime { .. } | Self::TooLarge { .. } => ErrorKind::Limited,
            Self::TooManyConditions { .. } => ErrorKind::Invalid,
            Self::Encode { .. } => ErrorKind::Internal,
        }
    }

    pub(crate) fn corrupt(path: &str, what: impl Into<String>) -> Self {
        Self::Corrupt { path: path.into(), what: what.into(), source: None }
    }

    pub(crate) fn batch(what: impl Into<String>) -> Self {
        Self::CorruptBatch { what: what.into() }
    }

    pub(crate) fn unavailable(
        action: &'static str,
        path: impl Into<String>,
        source: impl Into<Cause>,
    ) -> Self {
        Self::Unavailable { action, path: path.into(), source: source.into() }
    }

    pub(crate) fn encode(source: impl Into<Cause>) -> Self {
        Self::Encode { source: source.into() }
    }

    /// Tells a store that fails from a file that is wrong.
    pub(crate) fn reading(path: &str, error: ParquetError) -> Self {
        let undecodable = |cause: Cause| Self::Corrupt {
            path: path.into(),
            what: "it cannot be decoded".into(),
            source: Some(cause),
        };
        let cause = match error {
            ParquetError::External(cause) => cause,
            error => return undecodable(error.into()),
        };
        let cause = match cause.downcast::<object_store::Error>() {
            Ok(error) => return Self::fetching(path, *error),
            Err(cause) => cause,
        };
        match cause.downcast::<io::Error>() {
            Ok(error) if error.kind() == io::ErrorKind::NotFound => {
                Self::Missing { path: path.into() }
            }
            Ok(error) => Self::unavailable("read", path, *error),
            Err(cause) => undecodable(cause),
        }
    }

    pub(crate) fn fetching(path: &str, error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing { path: path.into() },
            error => Self::unavailable("read", path, error),
        }
    }
}
