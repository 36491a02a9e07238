//! How many people ordered because of one customer, beyond those who would have ordered anyway?
//!
//! # Definition (version 1)
//!
//! `influence = Σ (yᵢ − p̂₀ᵢ)` over the pairs that count, where pair *i* is a person whom the
//! customer referred or mentioned, at the first time; `yᵢ` is 1 where they ordered after the clock
//! began and within the window; `p̂₀ᵢ` is the share of comparable people whom nobody had reached
//! who ordered within a window of the same length ([`Comparison`]). Unit: people.
//!
//! This is the effect on those reached under exact matching on coarse cells (Iacus, King and Porro
//! 2012, "Causal inference without balance checking: coarsened exact matching", Political Analysis
//! 20:1–24); matching to tell influence from likeness after Aral, Muchnik and Sundararajan 2009
//! ("Distinguishing influence-based contagion from homophily-driven diffusion in dynamic
//! networks", PNAS 106:21544–21549).
//!
//! # Assumptions
//!
//! Within a cell nothing that makes people order also makes them be reached; the people reached
//! decide independently of each other; those who never came at all are not compared.
//!
//! # Uncertainty
//!
//! See [`interval`]: Newcombe's hybrid of two Wilson intervals. The people reached have chances
//! `pᵢ` of their own; the variance of their sum, `Σ pᵢ(1−pᵢ)`, is at most that of `n` equal ones.
//! The comparisons of several pairs share people, which is answered by the least favourable case,
//! that all are made with the same ones.

mod comparison;
pub mod interval;

pub use comparison::{Comparison, Person};

use crate::NotEstimable;
use crate::fact::Way;
use base::{Duration, Timestamp};
use interval::Proportion;

/// The version of the definition above; any change of the number is a new one.
pub const VERSION: u32 = 1;
/// Confidence of the interval: how many of a hundred such intervals hold the truth.
pub const LEVEL: f64 = 0.95;
/// Pairs from which on a number is given. Below, even all of them ordering against none would
/// leave an interval wider than one half.
pub const PAIRS_MIN: usize = 5;
/// People that one pair is compared with at least: the error of its base rate is then at most
/// √(¼/20) = 0.11, and less in the mean over pairs.
pub const COMPARED_MIN: usize = 20;
/// The clock begins at most this long after a newcomer became known.
pub const NEWCOMER: Duration = Duration::days(7);

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long after the clock began an order counts.
    pub window: Duration,
    /// Up to when events are known.
    pub now: Timestamp,
}

/// Somebody whom the customer referred or mentioned.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// When that happened first.
    pub at: Timestamp,
    /// Who said so then.
    pub way: Way,
    /// The person reached.
    pub person: &'a Person,
}

/// What became of a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// It counts: whether the person ordered, and the base rate.
    Counts {
        /// When the clock began.
        since: Timestamp,
        /// Whether an order followed.
        ordered: bool,
        /// The share of comparable people who ordered.
        base_rate: f64,
        /// How many those are.
        n_compared: usize,
    },
    /// Its window is still open.
    Open,
    /// The person had been known for longer and named the referrer themselves.
    OwnWord,
    /// There are too few people to compare with.
    NoMatch {
        /// How many there are.
        n_compared: usize,
    },
}

/// The score of one customer.
#[derive(Clone, Debug, PartialEq)]
pub struct Influence {
    /// What became of each pair, in their order.
    pub verdicts: Vec<Verdict>,
    /// The number, or why there is none.
    pub estimate: Result<Estimate, NotEstimable>,
}

/// People who ordered beyond those who would have anyway.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Pairs that count.
    pub n: usize,
    /// Of these, people who ordered.
    pub n_ordered: usize,
    /// People who would have ordered anyway: the sum of the base rates.
    pub expected: f64,
    /// `n_ordered − expected`.
    pub extra: f64,
    /// The interval around it at [`LEVEL`].
    pub interval: (f64, f64),
}

/// The score of a customer who reached `pairs`, each a different person.
#[must_use]
pub fn influence(pairs: &[Pair<'_>], comparison: &Comparison<'_>) -> Influence {
    let verdicts: Vec<Verdict> = pairs.iter().map(|pair| comparison.judge(pair)).collect();
    let estimate = if pairs.is_empty() { Err(NotEstimable::Nobody) } else { estimate(&verdicts) };
    Influence { verdicts, estimate }
}

fn estimate(verdicts: &[Verdict]) -> Result<Estimate, NotEstimable> {
    let counted = verdicts.iter().filter_map(|verdict| match *verdict {
        Verdict::Counts { ordered, base_rate, n_compared, .. } => {
            Some((ordered, base_rate, n_compared as f64))
        }
        _ => None,
    });
    let counted: Vec<(bool, f64, f64)> = counted.collect();
    let n = counted.len();
    if n < PAIRS_MIN {
        return Err(NotEstimable::TooFewUnits { n, needed: PAIRS_MIN });
    }
    let n_ordered = counted.iter().filter(|(ordered, ..)| *ordered).count();
    let expected: f64 = counted.iter().map(|(_, rate, _)| rate).sum();
    // As if all comparisons were made with the same people: standard deviations add, not
    // variances, so that the base rate is as uncertain as with this many independent people.
    let spread: f64 = counted.iter().map(|(.., m)| 1.0 / m.sqrt()).sum::<f64>() / n as f64;
    let reached = Proportion { rate: n_ordered as f64 / n as f64, n: n as f64 };
    let base = Proportion { rate: expected / n as f64, n: spread.powi(-2) };
    let (low, high) = interval::difference(reached, base);
    Ok(Estimate {
        n,
        n_ordered,
        expected,
        extra: n_ordered as f64 - expected,
        interval: (low * n as f64, high * n as f64),
    })
}
