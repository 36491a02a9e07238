//! How uncertain is a rate, and the difference of two?
//!
//! Newcombe 1998a, "Two-sided confidence intervals for the single proportion", Statistics in
//! Medicine 17:857–872 (method 3, Wilson's), and 1998b, "Interval estimation for the difference
//! between independent proportions", ibid. 17:873–890 (method 10). The second is the method of
//! variance estimates recovery (Zou and Donner 2008, ibid. 27:1693–1702), which holds for
//! estimates in general and so for rates with an effective number of units.

/// The 97.5 % point of the normal distribution, for intervals at 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// A rate and the number of units that it rests on; not always a whole number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportion {
    /// From 0 to 1.
    pub rate: f64,
    /// More than 0.
    pub n: f64,
}

/// Wilson's interval at 95 %:
/// `(2np̂ + z² ± z √(z² + 4np̂(1 − p̂))) / (2(n + z²))`.
#[must_use]
pub fn wilson(Proportion { rate, n }: Proportion) -> (f64, f64) {
    assert!(n > 0.0 && (0.0..=1.0).contains(&rate), "a rate of somebody is from 0 to 1");
    let z2 = Z * Z;
    let middle = 2.0 * n * rate + z2;
    let half = Z * (z2 + 4.0 * n * rate * (1.0 - rate)).sqrt();
    let below = 2.0 * (n + z2);
    (((middle - half) / below).max(0.0), ((middle + half) / below).min(1.0))
}

/// The interval at 95 % for `a − b`: `d − √((p̂ₐ − lₐ)² + (u_b − p̂_b)²)` to
/// `d + √((uₐ − p̂ₐ)² + (p̂_b − l_b)²)`, where `l` and `u` are the ends of Wilson's intervals.
#[must_use]
pub fn difference(a: Proportion, b: Proportion) -> (f64, f64) {
    let ((low_a, high_a), (low_b, high_b)) = (wilson(a), wilson(b));
    let d = a.rate - b.rate;
    (d - (a.rate - low_a).hypot(high_b - b.rate), d + (high_a - a.rate).hypot(b.rate - low_b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(x: f64, n: f64) -> Proportion {
        Proportion { rate: x / n, n }
    }

    fn near((low, high): (f64, f64), expected: (f64, f64), what: &str) {
        let good = (low - expected.0).abs() < 5e-5 && (high - expected.1).abs() < 5e-5;
        assert!(good, "{what}: {low:.4} to {high:.4}, published {expected:?}");
    }

    /// Newcombe 1998a, table I, method 3.
    #[test]
    fn one_rate_is_as_published() {
        for (x, n, expected) in [
            (81.0, 263.0, (0.2553, 0.3662)),
            (15.0, 148.0, (0.0624, 0.1605)),
            (0.0, 20.0, (0.0, 0.1611)),
            (1.0, 29.0, (0.0061, 0.1718)),
        ] {
            near(wilson(of(x, n)), expected, &format!("{x}/{n}"));
        }
    }

    /// Newcombe 1998b, table II, method 10.
    #[test]
    fn differences_are_as_published() {
        for (a, b, expected) in [
            ((56.0, 70.0), (48.0, 80.0), (0.0524, 0.3339)),
            ((9.0, 10.0), (3.0, 10.0), (0.1705, 0.8090)),
            ((6.0, 7.0), (2.0, 7.0), (0.0582, 0.8062)),
            ((5.0, 56.0), (0.0, 29.0), (-0.0381, 0.1926)),
            ((0.0, 10.0), (0.0, 20.0), (-0.1611, 0.2775)),
            ((0.0, 10.0), (0.0, 10.0), (-0.2775, 0.2775)),
            ((10.0, 10.0), (0.0, 20.0), (0.6791, 1.0)),
            ((10.0, 10.0), (0.0, 10.0), (0.6075, 1.0)),
        ] {
            near(difference(of(a.0, a.1), of(b.0, b.1)), expected, &format!("{a:?} − {b:?}"));
        }
    }
}
