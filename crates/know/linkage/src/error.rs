//! What can go wrong when records are linked, and when is there no answer?

/// A request that makes no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LinkageError {
    /// A schema without fields.
    #[error("a schema needs at least one field")]
    NoFields,
    /// A schema with more columns than a pair's levels can hold.
    #[error("{n} columns, at most {n_max} can be compared")]
    TooManyColumns {
        /// Columns asked for.
        n: usize,
        /// Columns that are possible.
        n_max: usize,
    },
    /// A record with more or fewer values than the schema has fields.
    #[error("a record of {n} values where the schema has {expected} fields")]
    WrongWidth {
        /// Values given.
        n: usize,
        /// Fields of the schema.
        expected: usize,
    },
    /// A model that was made for another schema, or whose numbers are no probabilities.
    #[error("the stored model is not valid: {what}")]
    BadModel {
        /// What is wrong with it.
        what: String,
    },
}

/// Why there is no model to be learned.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotEstimable {
    /// Too few records to learn anything from.
    #[error("{n} records, at least {needed} are needed")]
    TooFewRecords {
        /// Records there are.
        n: usize,
        /// Records needed.
        needed: usize,
    },
    /// No column tells records apart: each is empty or has one value only.
    #[error("no field tells records apart: each is empty or has one value only")]
    NoTellingField,
    /// No pair of records agrees in anything rare: as far as can be seen, nobody is there twice.
    #[error("no pair of records agrees in anything rare, so there are no matches to learn from")]
    NoCandidates,
    /// The estimates had not settled when the iterations ended.
    #[error("not settled after {iterations} iterations, still moving by {change:.2e}")]
    NotConverged {
        /// Iterations made.
        iterations: usize,
        /// The largest change of a probability in the last one.
        change: f64,
    },
    /// Somebody wanted it to end.
    #[error("learning was stopped")]
    Stopped,
}
