//! Why is there no answer, and what should the asker do?

use base::ErrorKind;
use datafusion::arrow::error::ArrowError;
use datafusion::common::Diagnostic;
use datafusion::error::DataFusionError;
use datafusion::parquet::errors::ParquetError;
use datafusion::sql::sqlparser::parser::ParserError;
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
    #[error("{message}{}", Place::told(*.place))]
    Invalid {
        /// What is wrong with it.
        message: String,
        /// Where, as far as that is known.
        place: Option<Place>,
        /// What may have been meant.
        hint: Option<String>,
    },
    /// The asker may not.
    #[error("{message}")]
    Denied {
        /// What they may not.
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
            Self::ReadsOnly { .. } | Self::Denied { .. } => ErrorKind::Denied,
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
            Self::Denied { .. } => "42501",
            Self::Memory { .. } => "53200",
            Self::Time { .. } | Self::Stopped => "57014",
            Self::Busy { .. } => "53300",
            Self::History { .. } | Self::Table { .. } => "58000",
            Self::Defect { .. } => "XX000",
        }
    }

    /// What the asker could do about it, where that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Invalid { hint, .. } => hint.as_deref(),
            _ => None,
        }
    }

    /// What is wrong, and where in the text, for whoever is shown the place by itself.
    pub(crate) fn apart(&self) -> (String, Option<Place>) {
        match self {
            Self::Invalid { message, place, .. } => (message.clone(), *place),
            other => (other.to_string(), None),
        }
    }

    /// What is wrong with a question. A parser says where at the end of its message, and what may
    /// have been meant in the middle of it.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        let (message, place) = Place::split(message.into());
        let (message, hint) = split_hint(&message);
        Self::Invalid { message, place, hint }
    }

    /// The same with the place that a diagnosis names, where nothing else does.
    fn placed(self, diagnosis: &Diagnostic) -> Self {
        match self {
            Self::Invalid { message, place, hint } => {
                let told = diagnosis
                    .span
                    .map(|span| Place { line: span.start.line, column: span.start.column });
                Self::Invalid { message, place: place.or(told), hint }
            }
            other => other,
        }
    }

    /// What the shell said of a table; a refusal stays one.
    pub(crate) fn of_table(table: &'static str, source: Cause) -> Self {
        match source.downcast::<Self>() {
            Ok(error) => *error,
            Err(source) => Self::Table { table, source },
        }
    }

    pub(crate) fn of(error: DataFusionError, memory_bytes_max: usize) -> Self {
        use DataFusionError as E;
        match error {
            E::Context(_, inner) => Self::of(*inner, memory_bytes_max),
            E::Diagnostic(diagnosis, inner) => {
                Self::of(*inner, memory_bytes_max).placed(&diagnosis)
            }
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

/// What DataFusion says, without where in it the error came from and which part of it said so.
fn plain(error: &DataFusionError) -> String {
    use DataFusionError as E;
    let message = match error {
        E::SQL(parser, _) => match &**parser {
            ParserError::ParserError(message) | ParserError::TokenizerError(message) => {
                message.clone()
            }
            ParserError::RecursionLimitExceeded => "the question is too deep".to_owned(),
        },
        other => other.message().into_owned(),
    };
    let end = message.find(DataFusionError::BACK_TRACE_SEP).unwrap_or(message.len());
    message[..end].trim().to_owned()
}

/// A message without what may have been meant, and that.
fn split_hint(message: &str) -> (String, Option<String>) {
    let Some(begin) = message.find("Did you mean ") else { return (message.to_owned(), None) };
    let rest = &message[begin..];
    let end = rest.find('?').map_or(rest.len(), |end| end + 1);
    let hint = rest[..end].replace("Did you mean", "did you mean");
    let without = format!("{}{}", &message[..begin], rest[end..].trim_start_matches(['.', ' ']));
    (without.trim().to_owned(), Some(hint))
}

/// A place in the text of a question, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The character in it.
    pub column: u64,
}

impl Place {
    const LINE: &str = " at Line: ";
    const COLUMN: &str = ", Column: ";

    /// Which character of `text` it is, from 1; `None` where the text has no such place.
    pub(crate) fn character(self, text: &str) -> Option<usize> {
        let line = usize::try_from(self.line).ok()?.checked_sub(1)?;
        let column = usize::try_from(self.column).ok()?;
        let mut lines = text.split_inclusive('\n');
        let before: usize = lines.by_ref().take(line).map(|line| line.chars().count()).sum();
        let is_there = (1..=lines.next()?.chars().count() + 1).contains(&column);
        is_there.then_some(before + column)
    }

    fn told(place: Option<Self>) -> String {
        place.map_or_else(String::new, |Self { line, column }| {
            format!(" at line {line}, column {column}")
        })
    }

    /// A message without the place at its end, and that.
    fn split(message: String) -> (String, Option<Self>) {
        let found = || {
            let (said, place) = message.rsplit_once(Self::LINE)?;
            let (line, column) = place.split_once(Self::COLUMN)?;
            let place = Self { line: line.parse().ok()?, column: column.trim().parse().ok()? };
            Some((said.to_owned(), (place.line > 0).then_some(place)))
        };
        found().unwrap_or((message, None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_characters_of_the_text() {
        let check = |line, column, character: Option<usize>| {
            let text = "SELECT 'ä',\n  nme FROM x";
            assert_eq!(Place { line, column }.character(text), character, "{line}:{column}");
        };
        check(1, 8, Some(8));
        check(2, 3, Some(15));
        check(2, 13, Some(25));
        check(2, 14, None);
        check(3, 1, None);
        check(0, 0, None);
    }

    #[test]
    fn a_message_is_taken_apart() {
        let check = |said: &str, told: &str, hint: Option<&str>| {
            let error = SqlError::invalid(said);
            assert_eq!((error.to_string().as_str(), error.hint()), (told, hint));
        };
        check(
            "Expected: x, found: y at Line: 2, Column: 7",
            "Expected: x, found: y at line 2, column 7",
            None,
        );
        check("at Line: x", "at Line: x", None);
        check(
            "No field named nme. Did you mean 'customers.name'?.",
            "No field named nme.",
            Some("did you mean 'customers.name'?"),
        );
    }
}
