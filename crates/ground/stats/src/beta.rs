//! How much of a beta distribution lies below a point, and below which point lies how much of it?
//!
//! The regularised incomplete beta function I(x; a, b), of which the distributions of t, F and the
//! binomial are special cases. Near 0 and near 1 it matters that neither `x` nor `1 − x` is
//! rounded away: points are given and found as a [`Point`] that carries both.

use crate::gamma::{LN_SQRT_2PI, stirling_error};

/// A point between 0 and 1, and its distance from 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub x: f64,
    /// 1 − x, with a precision of its own.
    pub y: f64,
}

impl Point {
    /// The point `x`.
    pub fn at(x: f64) -> Self {
        Self { x, y: 1.0 - x }
    }

    /// The point with ln(x / (1 − x)) = `logit`.
    pub fn at_logit(logit: f64) -> Self {
        let small = (-logit.abs()).exp();
        let (large, small) = (1.0 / (1.0 + small), small / (1.0 + small));
        if logit > 0.0 { Self { x: large, y: small } } else { Self { x: small, y: large } }
    }

    fn mirrored(self) -> Self {
        Self { x: self.y, y: self.x }
    }
}

/// I(x; a, b): the probability that a beta variable with parameters `a`, `b` > 0 is at most `x`.
#[must_use]
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    assert!(a > 0.0 && b > 0.0, "the parameters of a beta distribution are positive");
    match x {
        x if x <= 0.0 => 0.0,
        x if x >= 1.0 => 1.0,
        x => tails(Point::at(x), a, b).0,
    }
}

/// The `x` with I(x; a, b) = `p`, for `p` from 0 to 1.
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    assert!((0.0..=1.0).contains(&p), "a probability is from 0 to 1");
    match p {
        0.0 => 0.0,
        1.0 => 1.0,
        // At most half is sought from below: the smaller tail keeps its digits.
        p if p <= 0.5 => Point::at_logit(logit_of_lower(p, (a, b), (a / b).ln())).x,
        p => Point::at_logit(logit_of_lower(1.0 - p, (b, a), (b / a).ln())).y,
    }
}

/// The logit of the point below which lies `p`, 0 < `p` ≤ 1, sought from `start` on. Newton's method on ln I as a function
/// of the logit: it is concave, so that the steps do not overshoot; a step out of the bracket is
/// replaced by halving it.
pub(crate) fn logit_of_lower(p: f64, (a, b): (f64, f64), start: f64) -> f64 {
    const STEPS_MAX: usize = 200;
    let (mut low, mut high) = (-745.0, 745.0);
    let mut logit = start.clamp(low, high);
    for _ in 0..STEPS_MAX {
        let point = Point::at_logit(logit);
        let (lower, _) = tails(point, a, b);
        if lower < p {
            low = logit;
        } else {
            high = logit;
        }
        let step = (lower / p).ln() * lower / power(point, a, b);
        let next = logit - step;
        let next = if next > low && next < high { next } else { f64::midpoint(low, high) };
        if (next - logit).abs() <= 2.0 * f64::EPSILON * logit.abs().max(1e-3) {
            return next;
        }
        logit = next;
    }
    logit
}

/// I(x; a, b) and 1 − I(x; a, b), the smaller of them without cancellation.
pub(crate) fn tails(point: Point, a: f64, b: f64) -> (f64, f64) {
    if point.x <= (a + 1.0) / (a + b + 2.0) {
        let lower = power(point, a, b) / fraction(point, a, b);
        (lower, 1.0 - lower)
    } else {
        let upper = power(point.mirrored(), b, a) / fraction(point.mirrored(), b, a);
        (1.0 - upper, upper)
    }
}

/// x^a (1 − x)^b / B(a, b), which is the derivative of I by the logit of x. Loader 2000, "Fast and
/// accurate computation of binomial probabilities": no large numbers are subtracted.
fn power(Point { x, y }: Point, a: f64, b: f64) -> f64 {
    let n = a + b;
    let exponent = stirling_error(n) - stirling_error(a) - stirling_error(b);
    let exponent = exponent - deviance(a, n * x) - deviance(b, n * y);
    ((a / n).sqrt() * b.sqrt()) * (exponent - LN_SQRT_2PI).exp()
}

/// a ln(a / m) + m − a, also where `a` and `m` are nearly the same.
fn deviance(a: f64, m: f64) -> f64 {
    if (a - m).abs() >= 0.1 * (a + m) {
        return a * (a / m).ln() + m - a;
    }
    // With v = (a − m) / (a + m): (a − m) v + 2 a (v³/3 + v⁵/5 + …); |v| < 0.1, so each term is
    // smaller by a hundred.
    let v = (a - m) / (a + m);
    let square = v * v;
    let (mut sum, mut term) = ((a - m) * v, 2.0 * a * v);
    for k in 1..40 {
        term *= square;
        let next = sum + term / f64::from(2 * k + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// The continued fraction F with I = x^a (1 − x)^b / (B(a, b) F): Didonato & Morris 1992,
/// "Algorithm 708", ACM TOMS 18:360–373, procedure BFRAC, by the method of Lentz.
fn fraction(Point { x, y }: Point, a: f64, b: f64) -> f64 {
    const TERMS_MAX: u32 = 1_000_000;
    const TINY: f64 = 1e-300;
    let nonzero = |value: f64| if value == 0.0 { TINY } else { value };
    let lambda = a * y - b * x + 1.0;
    let below = |m: f64| {
        let even = a + 2.0 * m;
        let odd = if m == 0.0 { 0.0 } else { m * (b - m) * x / (even - 1.0) };
        m + odd + (a + m) / (even + 1.0) * (lambda + m * (2.0 - x))
    };
    let above = |m: f64| {
        let odd = a + 2.0 * m - 1.0;
        (a + m - 1.0) / odd * ((a + b + m - 1.0) / odd) * m * (b - m) * x * x
    };
    let mut value = nonzero(below(0.0));
    let (mut c, mut d) = (value, 0.0);
    for m in 1..TERMS_MAX {
        let m = f64::from(m);
        let (above, below) = (above(m), below(m));
        d = nonzero(below + above * d).recip();
        c = nonzero(below + above / c);
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}
