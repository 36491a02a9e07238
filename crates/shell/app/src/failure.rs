//! What do the failures of the stores mean to a caller?

use base::Error;
use event_log::LogError;
use history::HistoryError;

/// A failure of history, in words for a caller.
pub fn history(error: HistoryError) -> Error {
    Error::new(error.kind(), "the timelines could not be read or written").with_source(error)
}

/// Why a question about behaviour has no answer, in words for a caller.
pub fn question(error: HistoryError) -> Error {
    match error {
        HistoryError::OutOfTime { .. }
        | HistoryError::TooLarge { .. }
        | HistoryError::TooManyConditions { .. }
        | HistoryError::Cancelled => Error::new(error.kind(), error.to_string())
            .with_hint("ask for a shorter period or for fewer groups"),
        error => history(error),
    }
}

/// A failure of the log, in words for a caller.
pub fn log(error: LogError) -> Error {
    let kind = error.kind();
    let message = error.to_string();
    Error::new(kind, message).with_source(error)
}
