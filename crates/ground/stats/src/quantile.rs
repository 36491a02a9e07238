//! Below which number do so many percent of some numbers lie?

use crate::error::NotEstimable;

/// The quantile of `numbers` at `share` from 0 to 1: type 7 of Hyndman & Fan 1996, "Sample quantiles
/// in statistical packages", The American Statistician 50:361–365, which is the default of R and
/// NumPy and `percentile_cont` of SQL. With h = (n − 1) share, the number at place ⌊h⌋ (from 0, in
/// order of size) and (h − ⌊h⌋) of the way to the next. Reorders `numbers`; exact but for one
/// rounding.
///
/// # Errors
/// Without a number.
///
/// # Panics
/// If a number is NaN or `share` is not from 0 to 1.
pub fn quantile(numbers: &mut [f64], share: f64) -> Result<f64, NotEstimable> {
    assert!((0.0..=1.0).contains(&share), "a share is from 0 to 1");
    if numbers.is_empty() {
        return Err(NotEstimable::TooFewUnits { n: 0, needed: 1 });
    }
    let h = (numbers.len() - 1) as f64 * share;
    let place = h.floor() as usize;
    let (_, &mut low, above) = numbers.select_nth_unstable_by(place, |a, b| {
        a.partial_cmp(b).expect("numbers that can be ordered")
    });
    let rest = h - h.floor();
    let next = above.iter().copied().reduce(f64::min);
    Ok(match next {
        Some(high) if rest > 0.0 => low + (high - low) * rest,
        _ => low,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(numbers: &[f64], share: f64, expected: f64) {
        assert_eq!(quantile(&mut numbers.to_vec(), share), Ok(expected), "{share} of {numbers:?}");
    }

    /// As R's `quantile(x, p)`.
    #[test]
    fn as_type_7_of_r() {
        check(&[3.0, 1.0, 2.0, 10.0], 0.5, 2.5);
        check(&[3.0, 1.0, 2.0, 10.0], 0.25, 1.75);
        check(&[3.0, 1.0, 2.0, 10.0], 0.75, 4.75);
        check(&[3.0, 1.0, 2.0, 10.0], 0.0, 1.0);
        check(&[3.0, 1.0, 2.0, 10.0], 1.0, 10.0);
        check(&[7.0], 0.3, 7.0);
        check(&[2.0, 2.0, 2.0, 5.0], 0.5, 2.0);
        assert!(quantile(&mut [], 0.5).is_err());
    }
}
