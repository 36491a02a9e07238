//! Why is there no number?

/// Why something cannot be estimated. Shown where the number would stand.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum NotEstimable {
    /// There are too few units.
    #[error("{n} are too few, at least {needed} are needed")]
    TooFewUnits {
        /// How many there are.
        n: u64,
        /// How many there must be.
        needed: u64,
    },
    /// All are the same: nothing is known of how they scatter.
    #[error("all {n} are the same, which says nothing about how far others would be off")]
    ZeroVariance {
        /// How many there are.
        n: u64,
    },
    /// What is divided by is zero.
    #[error("what is divided by is 0")]
    ZeroBaseline,
    /// It is a number of one stretch of time; those of several do not come to one number.
    #[error("it is a number of each stretch of time, not of several together")]
    OnlyBySpan,
    /// The number is beyond what can be written.
    #[error("the number is too large to be written")]
    TooLarge,
}
