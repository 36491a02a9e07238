//! Why is there no answer, and what should the asker do?

use base::ErrorKind;
use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::parquet::errors::ParquetError;
use history::HistoryError;
use std::error::Error as StdError;

/// A cause that is kept for the operator's log.
pub type Cause = Box<dyn StdError + Send + Sync>;

/// Why a question was not answered, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum SqlError {
    /// The text is longer than what is read.
    #[error("the question is longer than {bytes_max} bytes")]
    TooLong {
        /// The bound.
        bytes_max: usize,
    },
    /// The question is larger or deeper than what is planned.
    #[error("the question has more than {max} {what}")]
    TooComplex {
        /// What there is too much of.
        what: &'static str,
        /// The bound.
        max: usize,
    },
    /// Something else than a question.
    #[error("{what} is not answered here: SQL only reads, with SELECT, EXPLAIN and SHOW")]
    ReadsOnly {
        /// The word that the statement begins with.
        what: String,
    },
    /// The question cannot be understood, or fails on the data.
    #[error("{message}")]
    Invalid {
        /// What is wrong with it.
        message: String,
    },
    /// It needs more memory than there is for questions.
    #[error(
        "the question needs more memory than questions may use together ({bytes_max} bytes): \
         group, sort or join less, or narrow the time range"
    )]
    Memory {
        /// The bound.
        bytes_max: usize,
        /// Which part of the plan asked for too much.
        #[source]
        source: Cause,
    },
    /// It takes longer than a question may.
    #[error("the question took longer than {seconds} s: narrow the time range or ask for less")]
    Time {
        /// The bound.
        seconds: u64,
    },
    /// The answer has too many rows.
    #[error("the answer has more than {rows_max} rows: add a LIMIT or a condition")]
    Rows {
        /// The bound.
        rows_max: usize,
    },
    /// The answer has too many bytes.
    #[error("the answer has more than {bytes_max} bytes: ask for fewer columns or rows")]
    Bytes {
        /// The bound.
        bytes_max: usize,
    },
    /// Others are being answered.
    #[error("{n_max} questions are being answered already, and this one waited in vain")]
    Busy {
        /// How many are answered at the same time.
        n_max: usize,
    },
    /// Somebody stopped it.
    #[error("the question was stopped")]
    Stopped,
    /// The history cannot be read.
    #[error("the history cannot be read")]
    History {
        /// What is wrong with it.
        #[source]
        source: HistoryError,
    },
    /// A table of the shell cannot be read.
    #[error("table '{table}' cannot be read")]
    Table {
        /// Its name.
        table: &'static str,
        /// What the shell said.
        #[source]
        source: Cause,
    },
    /// A defect of this program.
    #[error("the question cannot be answered because of a defect")]
    Defect {
        /// What went wrong.
        #[source]
        source: Cause,
    },
}

impl SqlError {
    /// What the caller should do.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::TooLong { .. }
            | Self::TooComplex { .. }
            | Self::Invalid { .. }
            | Self::Memory { .. }
            | Self::Time { .. }
            | Self::Rows { .. }
            | Self::Bytes { .. } => ErrorKind::Invalid,
            Self::ReadsOnly { .. } => ErrorKind::Denied,
            Self::Busy { .. } => ErrorKind::Limited,
            Self::Stopped | Self::Table { .. } => ErrorKind::Unavailable,
            Self::History { source } => source.kind(),
            Self::Defect { .. } => ErrorKind::Internal,
        }
    }

    /// The five letters that PostgreSQL's clients know it by.
    #[must_use]
    pub fn sqlstate(&self) -> &'static str {
        match self {
            Self::TooLong { .. } | Self::TooComplex { .. } => "54001",
            Self::Rows { .. } | Self::Bytes { .. } => "54000",
            Self::Invalid { .. } => "42000",
            Self::ReadsOnly { .. } => "25006",
            Self::Memory { .. } => "53200",
            Self::Time { .. } | Self::Stopped => "57014",
            Self::Busy { .. } => "53300",
            Self::History { .. } | Self::Table { .. } => "58000",
            Self::Defect { .. } => "XX000",
        }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid { message: message.into() }
    }

    pub(crate) fn of(error: DataFusionError, memory_bytes_max: usize) -> Self {
        use DataFusionError as E;
        match error {
            E::Context(_, inner) | E::Diagnostic(_, inner) => Self::of(*inner, memory_bytes_max),
            E::Shared(inner) => Self::shared(&inner, memory_bytes_max),
            E::Collection(mut all) if !all.is_empty() => {
                Self::of(all.swap_remove(0), memory_bytes_max)
            }
            E::ResourcesExhausted(_) => {
                Self::Memory { bytes_max: memory_bytes_max, source: error.into() }
            }
            E::External(cause) => Self::outer(cause),
            E::ArrowError(arrow, _) => Self::arrow(*arrow, memory_bytes_max),
            E::ParquetError(parquet) => match *parquet {
                ParquetError::External(cause) => Self::outer(cause),
                parquet => Self::Defect { source: parquet.into() },
            },
            E::SQL(..) | E::Plan(_) | E::SchemaError(..) | E::Configuration(_) => {
                Self::invalid(plain(&error))
            }
            E::NotImplemented(_) | E::Execution(_) => Self::invalid(plain(&error)),
            error => Self::Defect { source: error.into() },
        }
    }

    fn arrow(error: ArrowError, memory_bytes_max: usize) -> Self {
        match error {
            ArrowError::ExternalError(cause) => match cause.downcast::<DataFusionError>() {
                Ok(inner) => Self::of(*inner, memory_bytes_max),
                Err(cause) => Self::outer(cause),
            },
            // What values do to functions: divisions by zero, texts that are no numbers.
            error => Self::invalid(error.to_string()),
        }
    }

    /// An error that several parts of a plan share can be looked at only.
    fn shared(error: &DataFusionError, memory_bytes_max: usize) -> Self {
        match error.find_root() {
            root @ DataFusionError::ResourcesExhausted(_) => {
                Self::Memory { bytes_max: memory_bytes_max, source: root.to_string().into() }
            }
            root @ (DataFusionError::Execution(_) | DataFusionError::ArrowError(..)) => {
                Self::invalid(plain(root))
            }
            root => Self::Defect { source: root.to_string().into() },
        }
    }

    fn outer(cause: Cause) -> Self {
        let cause = match cause.downcast::<Self>() {
            Ok(error) => return *error,
            Err(cause) => cause,
        };
        match cause.downcast::<HistoryError>() {
            Ok(source) => Self::History { source: *source },
            Err(source) => Self::Defect { source },
        }
    }
}

/// What DataFusion says, without where in it the error came from.
fn plain(error: &DataFusionError) -> String {
    error.strip_backtrace()
}
