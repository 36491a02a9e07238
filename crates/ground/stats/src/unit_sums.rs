//! What do units come to on average, when each has a number of things and a sum?
//!
//! A unit (a customer) has `x` things (orders) that add up to `y` (revenue). Two means are asked
//! for: `y` per unit, and `y` per thing. What varies from sample to sample is which units there
//! are, not which things: a unit's things are alike. So both intervals count units.

use crate::error::NotEstimable;
use crate::estimate::{Estimate, around};
use crate::exact_sum::ExactSum;
use crate::twofold::Twofold;

/// Exact sums over units: the same for any order and grouping, to the last bit.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct UnitSums {
    n: u64,
    x: u128,
    xx: u128,
    y: ExactSum,
    yy: ExactSum,
    xy: ExactSum,
}

impl UnitSums {
    /// One more unit, with `x` things that add up to `y`. The sums are exact; in the sums of squares
    /// `y` is rounded.
    pub fn add(&mut self, x: u64, y: &ExactSum) {
        self.add_things(x, y);
        self.add_unit(x, y.value());
    }

    /// The first half of [`add`](Self::add): things of a unit that is added by itself.
    pub fn add_things(&mut self, x: u64, y: &ExactSum) {
        self.x += u128::from(x);
        self.y.merge(y);
    }

    /// The second half of [`add`](Self::add): a unit whose things were added before, in one part or
    /// in several. A sum beyond what can be written counts as the largest number.
    pub fn add_unit(&mut self, x: u64, y: f64) {
        // Squares of larger numbers are beyond the largest number.
        let y = y.clamp(-1e150, 1e150);
        self.n += 1;
        self.xx += u128::from(x) * u128::from(x);
        self.yy.add_product(y, y);
        self.xy.add_product(x as f64, y);
    }

    /// `n` more units without a thing.
    pub fn add_idle(&mut self, n: u64) {
        self.n += n;
    }

    /// The units of another.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.x += other.x;
        self.xx += other.xx;
        self.y.merge(&other.y);
        self.yy.merge(&other.yy);
        self.xy.merge(&other.xy);
    }

    /// How many units there are.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// How many things they have together.
    #[must_use]
    pub fn n_things(&self) -> u128 {
        self.x
    }

    /// What all add up to.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.y.value()
    }

    /// The mean of `y` over units, with the interval by Student's t.
    ///
    /// # Errors
    /// Without a unit, or where the sum is beyond the largest number.
    pub fn per_unit(&self) -> Result<Estimate, NotEstimable> {
        if self.n == 0 {
            return Err(NotEstimable::TooFewUnits { n: 0, needed: 1 });
        }
        let (y, n) = (Twofold::new(self.y.value_twice()), Twofold::whole(u128::from(self.n)));
        let value = finite(y.over(n).value())?;
        // Σ (y − ȳ)² = Σ y² − (Σ y)² / n.
        let squares = Twofold::new(self.yy.value_twice()).minus(y.times(y).over(n));
        let n = self.n as f64;
        let interval = around(value, squares.value() / (n * (n - 1.0).max(1.0)), self.n);
        Ok(Estimate { value, n: self.n, interval })
    }

    /// `Σy / Σx`, the mean per thing, with the interval of a ratio of two sums over units: Cochran
    /// 1977, "Sampling techniques", 3rd edition, sections 6.3 and 6.4, without the correction for a finite
    /// population; t with n − 1 degrees of freedom. With R = Σy / Σx its variance is about
    /// `n / (n − 1) · Σ(y − R x)² / (Σx)²`; the error of that falls with 1/n. Where every unit has one
    /// thing it is the interval of an ordinary mean.
    ///
    /// # Errors
    /// Without a thing, or where the sum is beyond the largest number.
    pub fn per_thing(&self) -> Result<Estimate, NotEstimable> {
        if self.x == 0 {
            return Err(NotEstimable::TooFewUnits { n: 0, needed: 1 });
        }
        let (y, x) = (Twofold::new(self.y.value_twice()), Twofold::whole(self.x));
        let ratio = y.over(x);
        let value = finite(ratio.value())?;
        // Σ (y − R x)² = (Σy² − R Σxy) − R (Σxy − R Σx²).
        let (yy, xy) = (self.yy.value_twice(), Twofold::new(self.xy.value_twice()));
        let left = Twofold::new(yy).minus(ratio.times(xy));
        let right = ratio.times(xy.minus(ratio.times(Twofold::whole(self.xx))));
        let squares = left.minus(right);
        // Below this share of Σy² it is nothing but what the formula itself lost.
        const LOST: f64 = 1e-28;
        let squares = if squares.value() <= yy.0 * LOST { 0.0 } else { squares.value() };
        let (n, x) = (self.n as f64, self.x as f64);
        let interval = around(value, n / (n - 1.0).max(1.0) * squares / (x * x), self.n);
        Ok(Estimate { value, n: self.n, interval })
    }
}

fn finite(value: f64) -> Result<f64, NotEstimable> {
    if value.is_finite() { Ok(value) } else { Err(NotEstimable::TooLarge) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moments::Moments;
    use proptest::prelude::*;

    fn sums(units: &[(u64, f64)]) -> UnitSums {
        let mut sums = UnitSums::default();
        units.iter().for_each(|(x, y)| sums.add(*x, &[*y].into_iter().collect()));
        sums
    }

    #[test]
    fn units_with_one_thing_each_are_an_ordinary_mean() {
        let hours = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
        let sums = sums(&hours.map(|y| (1, y)));
        let interval = sums.per_thing().and_then(|mean| mean.interval).expect("an interval");
        assert!((interval.low - 0.700_114_2).abs() < 1e-6, "{interval:?}");
    }

    /// By hand: R = 30/12, so that the residuals y − R x are −1, ½, 1½, −1, 0; t(0.975, 4) = 2.776.
    #[test]
    fn a_ratio_of_sums() {
        let sums = sums(&[(2, 4.0), (1, 3.0), (3, 9.0), (2, 4.0), (4, 10.0)]);
        let found = sums.per_thing().expect("a ratio");
        assert_eq!((found.value, found.n), (2.5, 5));
        let squares: f64 = 1.0 + 0.25 + 2.25 + 1.0;
        let half = 2.776_445_105_197_793 * (5.0 / 4.0 * squares / 144.0).sqrt();
        let interval = found.interval.expect("they differ");
        assert!((interval.high - 2.5 - half).abs() < 1e-12, "{interval:?}");
        assert!((2.5 - half - interval.low).abs() < 1e-12, "{interval:?}");
    }

    #[test]
    fn the_same_for_all_has_no_interval() {
        let sums = sums(&[(2, 0.2), (1, 0.1), (4, 0.4)]);
        let found = sums.per_thing().expect("a ratio");
        assert_eq!(found.interval, Err(NotEstimable::ZeroVariance { n: 3 }));
        assert_eq!(
            UnitSums::default().per_unit().unwrap_err().to_string(),
            "0 are too few, at least 1 are needed"
        );
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_moments_agree(
            units in prop::collection::vec((1..5_u64, -1e6..1e6_f64), 2..40),
            split in 0..40_usize,
        ) {
            let whole = sums(&units);
            let (left, right) = units.split_at(split.min(units.len()));
            let mut merged = sums(right);
            merged.merge(&sums(left));
            prop_assert_eq!(&merged, &whole);
            prop_assert_eq!(merged.per_thing(), whole.per_thing());
            let moments: Moments = units.iter().map(|(_, y)| *y).collect();
            let (ours, theirs) = (whole.per_unit().unwrap(), moments.mean().unwrap());
            let (ours, theirs) = (ours.interval.unwrap(), theirs.interval.unwrap());
            let scale = theirs.high - theirs.low;
            prop_assert!((ours.low - theirs.low).abs() < 1e-9 * scale);
            prop_assert!((ours.high - theirs.high).abs() < 1e-9 * scale);
        }
    }
}
