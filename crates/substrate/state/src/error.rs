//! What can go wrong between us and the tables?

use base::ErrorKind;

/// A failure of the state database: the operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The URL names no database that we speak.
    #[error("'{url}' is no database URL: expected 'sqlite:PATH' or 'postgres://…'")]
    BadUrl {
        /// The URL without its password.
        url: String,
    },
    /// The database could not be opened.
    #[error("cannot open the state database at '{url}'")]
    Open {
        /// The URL without its password.
        url: String,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// A newer version of the program wrote the schema; this one would damage it.
    #[error("the state database has schema {found}, this program knows up to {known}: upgrade it")]
    NewerSchema {
        /// The schema in the database.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// Try again later: locked, disconnected, out of connections, or the disk is full.
    #[error("the state database is not available")]
    Unavailable {
        /// What the driver said.
        source: sqlx::Error,
    },
    /// Somebody else holds or has changed what was to be changed.
    #[error("the change conflicts with what is there: {what}")]
    Conflict {
        /// The constraint or the thing.
        what: String,
    },
    /// What is stored cannot be what we wrote.
    #[error("the state database holds what it cannot: {what}")]
    Corrupt {
        /// What was found.
        what: String,
    },
    /// A statement was refused by the database: our bug.
    #[error("the state database refused a statement")]
    Refused {
        /// What the driver said.
        source: sqlx::Error,
    },
}

impl StateError {
    /// What the caller should do.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::BadUrl { .. } => ErrorKind::Invalid,
            Self::Open { source, .. } if is_damage(source) => ErrorKind::Corrupt,
            Self::Open { .. } | Self::Unavailable { .. } => ErrorKind::Unavailable,
            Self::Conflict { .. } => ErrorKind::Conflict,
            Self::NewerSchema { .. } | Self::Corrupt { .. } => ErrorKind::Corrupt,
            Self::Refused { .. } => ErrorKind::Internal,
        }
    }

    /// A value read that cannot be one of ours.
    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into() }
    }
}

impl From<sqlx::Error> for StateError {
    fn from(source: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &source {
            E::Database(error) if error.is_unique_violation() => {
                Self::Conflict { what: error.message().to_owned() }
            }
            E::Database(_) if is_damage(&source) => {
                Self::Corrupt { what: "the file is damaged, or no database".into() }
            }
            E::Database(error) if is_passing(error.code().as_deref()) => {
                Self::Unavailable { source }
            }
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => {
                Self::Unavailable { source }
            }
            E::ColumnDecode { .. } | E::Decode(_) => {
                Self::Corrupt { what: "a value of another type".into() }
            }
            _ => Self::Refused { source },
        }
    }
}

/// Whether SQLite says that the file is damaged (11) or none of its own (26).
fn is_damage(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    let code = error.code().and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|n| matches!(n & 0xff, 11 | 26))
}

/// Whether the same statement may succeed later. SQLite's extended result codes keep the primary
/// code in their low byte: 5 busy, 6 locked, 10 I/O, 13 full, 14 cannot open. PostgreSQL's classes:
/// 08 connection, 40 transaction rolled back, 53 resources, 55 in use, 57 operator, 58 system.
fn is_passing(code: Option<&str>) -> bool {
    let Some(code) = code else { return false };
    if code.len() == 5 && !matches!(&code[..2], "00") {
        return matches!(&code[..2], "08" | "40" | "53" | "55" | "57" | "58");
    }
    code.parse::<u32>().is_ok_and(|n| matches!(n & 0xff, 5 | 6 | 10 | 13 | 14))
}
