//! What can be wrong with stored lives and with what is to be judged live?

use thiserror::Error;

/// Stored bytes are no lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// There is not even a version.
    #[error("stored lives are empty")]
    Empty,
    /// Written by a later version of the program.
    #[error("stored lives have version {found}, this program reads up to {newest}")]
    UnknownVersion {
        /// The version that was found.
        found: u8,
        /// The newest that is read.
        newest: u8,
    },
    /// They end too early, or say what cannot be.
    #[error("stored lives are damaged: {what}")]
    Damaged {
        /// What is wrong.
        what: &'static str,
    },
}

/// The definitions together are more than is judged live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TooMuch {
    /// Too many different behaviours.
    #[error("the definitions need {n} different behaviours in all, at most {most} are kept")]
    Leaves {
        /// How many there would be.
        n: usize,
        /// How many there may be.
        most: usize,
    },
    /// One sequence or keyed test looks at too many kinds of events.
    #[error("one test looks at {n} different kinds of events, at most {most} fit into it")]
    Marks {
        /// How many there would be.
        n: usize,
        /// How many there may be.
        most: usize,
    },
    /// One keyed test looks at too many fields.
    #[error("one test looks at {n} different fields, at most {most} fit into it")]
    Columns {
        /// How many there would be.
        n: usize,
        /// How many there may be.
        most: usize,
    },
}
