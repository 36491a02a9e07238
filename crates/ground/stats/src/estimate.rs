//! How far off may a share or a mean be that is known from few?

use crate::error::NotEstimable;
use crate::normal::normal_isf;
use crate::student::t_isf;

/// The confidence of intervals unless something else is said.
pub const LEVEL: f64 = 0.95;

/// A stretch of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// A number that is estimated from some units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// From how many units.
    pub n: u64,
    /// The confidence interval at [`LEVEL`], or why there is none.
    pub interval: Result<Interval, NotEstimable>,
}

/// The share `k` of `n`, with Wilson's interval: Wilson 1927, "Probable inference, the law of
/// succession, and statistical inference", JASA 22:209–212; recommended for all `n` by Brown, Cai
/// & DasGupta 2001, "Interval estimation for a binomial proportion", Statistical Science
/// 16:101–133. With p̂ = k/n and z the normal point of the level:
///
/// `(p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)`
///
/// # Errors
/// If `n` is 0.
///
/// # Panics
/// If `k` is more than `n`.
pub fn share(k: u64, n: u64) -> Result<Estimate, NotEstimable> {
    if n == 0 {
        return Err(NotEstimable::TooFewUnits { n, needed: 1 });
    }
    Ok(Estimate { value: k as f64 / n as f64, n, interval: Ok(wilson(k, n, LEVEL)) })
}

/// Wilson's interval for the share `k` of `n` at a level; see [`share`].
///
/// # Panics
/// If `k` is more than `n`, or `n` is 0.
#[must_use]
pub fn wilson(k: u64, n: u64, level: f64) -> Interval {
    assert!(0 < n && k <= n, "a part of at least one");
    let z = normal_isf(0.5 - 0.5 * level);
    let (share, n_units) = (k as f64 / n as f64, n as f64);
    let z2 = z * z;
    let middle = share + z2 / (2.0 * n_units);
    let half = z * (share * (1.0 - share) / n_units + z2 / (4.0 * n_units * n_units)).sqrt();
    let below = 1.0 + z2 / n_units;
    // At the ends the formula gives 0 and 1 but for rounding.
    let low = if k == 0 { 0.0 } else { (middle - half) / below };
    let high = if k == n { 1.0 } else { (middle + half) / below };
    Interval { low, high }
}

/// The mean of `n` whole numbers, given their sum and the sum of their squares, with the interval by
/// Student's t: `mean ± t(n − 1) s / √n`.
///
/// # Errors
/// Without a number.
pub fn mean_of_counts(n: u64, sum: u128, squares: u128) -> Result<Estimate, NotEstimable> {
    if n == 0 {
        return Err(NotEstimable::TooFewUnits { n, needed: 1 });
    }
    let value = sum as f64 / n as f64;
    // n Σd² − (Σd)² is exact, and is n (n − 1) times the variance.
    let scatter = (squares * u128::from(n)).saturating_sub(sum * sum) as f64;
    let units = n as f64;
    let variance = scatter / (units * (units - 1.0).max(1.0) * units);
    Ok(Estimate { value, n, interval: around(value, variance, n) })
}

/// The interval `value ± t · error` at [`LEVEL`], where `variance` is the square of the standard
/// error and rests on `n` units (t with n − 1 degrees of freedom).
pub(crate) fn around(value: f64, variance: f64, n: u64) -> Result<Interval, NotEstimable> {
    if n < 2 {
        return Err(NotEstimable::TooFewUnits { n, needed: 2 });
    }
    if variance <= 0.0 {
        return Err(NotEstimable::ZeroVariance { n });
    }
    let half = t_isf(0.5 - 0.5 * LEVEL, (n - 1) as f64) * variance.sqrt();
    if !half.is_finite() {
        return Err(NotEstimable::TooLarge);
    }
    Ok(Interval { low: value - half, high: value + half })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe 1998, "Two-sided confidence intervals for the single proportion", Statistics in
    /// Medicine 17:857–872, table I, method 3.
    #[test]
    fn shares_are_as_published() {
        for (k, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let found = wilson(k, n, 0.95);
            let is_near = (found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5;
            assert!(is_near, "{k} of {n}: {found:?}, published {low} to {high}");
        }
        assert_eq!(wilson(20, 20, 0.95).high, 1.0);
    }

    /// By hand, of 1, 2, 2, 3 and 7: s² = (67 − 15²/5) / 4 = 5.5 and t(0.975, 4) = 2.776.
    #[test]
    fn a_mean_of_counts() {
        let found = mean_of_counts(5, 15, 1 + 4 + 4 + 9 + 49).expect("five");
        let half = 2.776_445_105_197_793 * (5.5_f64 / 5.0).sqrt();
        let interval = found.interval.expect("they differ");
        assert_eq!(found.value, 3.0);
        assert!((interval.high - 3.0 - half).abs() < 1e-12, "{interval:?}");
        assert!((3.0 - half - interval.low).abs() < 1e-12, "{interval:?}");
    }

    #[test]
    fn nobody_has_no_share() {
        assert_eq!(share(0, 0), Err(NotEstimable::TooFewUnits { n: 0, needed: 1 }));
        let one = share(1, 1).expect("one of one");
        assert_eq!((one.value, one.n), (1.0, 1));
    }
}
