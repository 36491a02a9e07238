//! What do the failures of the stores mean to a caller?

use base::Error;
use event_log::LogError;
use history::HistoryError;

/// A failure of history, in words for a caller.
pub fn history(error: HistoryError) -> Error {
    Error::new(error.kind(), "the timelines could not be read or written").with_source(error)
}

/// A failure of the log, in words for a caller.
pub fn log(error: LogError) -> Error {
    let kind = error.kind();
    let message = error.to_string();
    Error::new(kind, message).with_source(error)
}
