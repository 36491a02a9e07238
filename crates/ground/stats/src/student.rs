//! How much of Student's t distribution lies above a point, and above which point lies how much?

use crate::beta::{Point, logit_of_lower, tails};
use crate::normal::normal_isf;

/// The probability that a variable with Student's t distribution and `df` > 0 degrees of freedom
/// is more than `t`.
#[must_use]
pub fn t_sf(t: f64, df: f64) -> f64 {
    assert!(df > 0.0, "degrees of freedom are positive");
    // P(|T| > t) = I(df / (df + t²); df/2, ½).
    let above = if t == 0.0 {
        1.0
    } else {
        let ratio = t * (t / df);
        let point = Point { x: 1.0 / (1.0 + ratio), y: ratio / (1.0 + ratio) };
        tails(point, 0.5 * df, 0.5).0
    };
    if t >= 0.0 { 0.5 * above } else { 1.0 - 0.5 * above }
}

/// The `t` with [`t_sf`]`(t, df) = p`, 0 < `p` < 1.
#[must_use]
pub fn t_isf(p: f64, df: f64) -> f64 {
    assert!(df > 0.0, "degrees of freedom are positive");
    assert!(p > 0.0 && p < 1.0, "a probability between 0 and 1");
    match p {
        0.5 => 0.0,
        p if p > 0.5 => -t_isf(1.0 - p, df),
        // x / (1 − x) = df / t², whose logarithm is found.
        p => {
            let start = (df / near(p, df).powi(2)).ln();
            df.sqrt() * (-0.5 * logit_of_lower(2.0 * p, (0.5 * df, 0.5), start)).exp()
        }
    }
}

/// About [`t_isf`]: the first terms of Abramowitz & Stegun 26.7.5. Where to begin to seek.
fn near(p: f64, df: f64) -> f64 {
    let z = normal_isf(p);
    let square = z * z;
    let first = (square + 1.0) * z / 4.0;
    let second = ((5.0 * square + 16.0) * square + 3.0) * z / 96.0;
    z + first / df + second / (df * df)
}
