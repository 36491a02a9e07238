//! Why could a file not be read, a mapping not be used, or an import not go on?

use base::ErrorKind;
use std::io;
use std::path::PathBuf;

/// What stops an import as a whole. A single bad row is no error: it is a [`crate::Reject`].
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The file cannot be opened.
    #[error("'{}' cannot be opened", path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file cannot be read further: the disk, the compression or a row without an end.
    #[error("reading stopped after row {row}: {why}")]
    Read {
        /// Rows that were read before.
        row: u64,
        /// What is wrong with the bytes that follow.
        why: String,
    },
    /// The file is of a kind that is not read here.
    #[error("the file cannot be imported: {why}")]
    Unsupported {
        /// What it is, and what to do instead.
        why: String,
    },
    /// The file holds no rows.
    #[error("the file holds no rows")]
    Empty,
    /// The text is no mapping.
    #[error("the mapping cannot be read: {why}")]
    MappingText {
        /// Line and cause.
        why: String,
    },
    /// The mapping contradicts itself or does not fit the file.
    #[error("the mapping does not fit: {why}")]
    Mapping {
        /// Which part of the mapping: a path like `order.product.price`.
        field: String,
        /// What is wrong, and what is there instead.
        why: String,
    },
    /// A file of ours (mapping, rejects) cannot be written.
    #[error("'{}' cannot be written", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl SyncError {
    /// What the caller should do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Open { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                ErrorKind::NotFound
            }
            Self::Write { .. } => ErrorKind::Unavailable,
            _ => ErrorKind::Invalid,
        }
    }

    pub(crate) fn mapping(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Mapping { field: field.into(), why: why.into() }
    }
}

impl From<SyncError> for base::Error {
    fn from(error: SyncError) -> Self {
        let public = Self::new(error.kind(), error.to_string());
        public.with_source(error)
    }
}
