//! How is a formula computed with twice the digits?
//!
//! Numbers as the unevaluated sum of two `f64`: Dekker 1971, "A floating-point technique for
//! extending the available precision", Numerische Mathematik 18:224–242. For formulas that
//! subtract nearly equal numbers.

/// The sum of `high` and `low`, which is at most half a unit in the last place of `high`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Twofold {
    pub high: f64,
    low: f64,
}

impl Twofold {
    /// `high + low`, where `low` is what `high` lost by rounding.
    pub fn new((high, low): (f64, f64)) -> Self {
        Self { high, low }
    }

    /// An integer below 2¹⁰⁶.
    pub fn whole(n: u128) -> Self {
        let high = n as f64;
        // The nearest f64 of an integer is an integer: the difference is exact.
        let low = if high as u128 >= n {
            -((high as u128 - n) as f64)
        } else {
            (n - high as u128) as f64
        };
        Self { high, low }
    }

    pub fn minus(self, other: Self) -> Self {
        let (high, lost) = two_sum(self.high, -other.high);
        quick(high, lost + (self.low - other.low))
    }

    pub fn times(self, other: Self) -> Self {
        let high = self.high * other.high;
        let lost = self.high.mul_add(other.high, -high);
        quick(high, lost + (self.high * other.low + self.low * other.high))
    }

    pub fn over(self, other: Self) -> Self {
        let first = self.high / other.high;
        let rest = self.minus(other.times(Self { high: first, low: 0.0 }));
        quick(first, rest.high / other.high)
    }

    pub fn value(self) -> f64 {
        self.high + self.low
    }
}

fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_in = sum - a;
    (sum, (a - (sum - b_in)) + (b - b_in))
}

fn quick(high: f64, low: f64) -> Twofold {
    let sum = high + low;
    Twofold { high: sum, low: low - (sum - high) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_f64_loses_is_kept() {
        let third = Twofold::whole(1).over(Twofold::whole(3));
        let rest = Twofold::whole(1).minus(third.times(Twofold::whole(3)));
        assert!(rest.value().abs() < 1e-31, "{rest:?}");
        let large = (1_u128 << 80) + 1;
        assert_eq!(Twofold::whole(large).minus(Twofold::whole(large - 1)).value(), 1.0);
    }
}
