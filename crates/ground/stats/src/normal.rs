//! How much of a normal distribution lies above a point, and above which point lies how much?

/// 1/√(2π).
const INV_SQRT_2PI: f64 = 0.398_942_280_401_432_7;

/// The probability that a standard normal variable is more than `x`. Relative error below 10⁻¹³,
/// also far out.
#[must_use]
pub fn normal_sf(x: f64) -> f64 {
    // From here on the continued fraction takes at most some hundred terms.
    const TAIL: f64 = 2.0;
    if x >= TAIL {
        tail(x)
    } else if x <= -TAIL {
        1.0 - tail(-x)
    } else {
        0.5 - from_middle(x)
    }
}

/// The `x` with [`normal_sf`]`(x) = p`, 0 < `p` < 1. Newton's method on ln p, which is concave in
/// `x`.
#[must_use]
pub fn normal_isf(p: f64) -> f64 {
    assert!(p > 0.0 && p < 1.0, "a probability between 0 and 1");
    if p > 0.5 {
        return -normal_isf(1.0 - p);
    }
    // To begin with: ln sf(x) is about −x²/2.
    let mut x = (-2.0 * (2.0 * p).ln()).max(0.0).sqrt();
    for _ in 0..100 {
        let above = normal_sf(x);
        let step = (above / p).ln() * above / density(x);
        x += step;
        if step.abs() <= 2.0 * f64::EPSILON * x.abs() || step == 0.0 {
            break;
        }
    }
    x
}

/// The density at `x`; `x²` in two parts, as in Cody 1969, so that its rounding does not show.
fn density(x: f64) -> f64 {
    let near = (x * 16.0).trunc() / 16.0;
    INV_SQRT_2PI * (-0.5 * near * near).exp() * (-0.5 * (x - near) * (x + near)).exp()
}

/// The probability of being between 0 and `x`: Abramowitz & Stegun 26.2.11.
fn from_middle(x: f64) -> f64 {
    let (mut sum, mut term, mut k) = (x, x, 1.0);
    while term.abs() > sum.abs() * f64::EPSILON / 4.0 {
        k += 2.0;
        term *= x * x / k;
        sum += term;
    }
    sum * density(x)
}

/// The probability above `x` > 0: the continued fraction of Abramowitz & Stegun 26.2.14, from its
/// end. 200 terms are enough from 2 on.
fn tail(x: f64) -> f64 {
    let fraction = (1..=200).rev().fold(x, |below, k| x + f64::from(k) / below);
    density(x) / fraction
}
