//! Why is there no number?

/// Why an effect cannot be estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEstimable {
    /// Nobody was referred or mentioned.
    #[error("nobody was referred or mentioned yet")]
    Nobody,
    /// Too few people were reached of whom enough is known.
    #[error("{n} people can be compared so far, and at least {needed} are needed")]
    TooFewUnits {
        /// Pairs that count.
        n: usize,
        /// Pairs that are needed.
        needed: usize,
    },
}
