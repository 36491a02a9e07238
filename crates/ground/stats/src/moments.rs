//! How large are some numbers on average, and how far do they scatter?

use crate::error::NotEstimable;
use crate::estimate::{Estimate, around};

/// Number, mean and sum of squared deviations from the mean (M₂), one number at a time or merged:
/// Chan, Golub & LeVeque 1983, "Algorithms for computing the sample variance", The American
/// Statistician 37:242–247. The last bits depend on the order; where they must not, use
/// [`UnitSums`](crate::UnitSums).
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Moments {
    n: u64,
    mean: f64,
    m2: f64,
}

impl Moments {
    /// One more number.
    pub fn add(&mut self, number: f64) {
        self.n += 1;
        let off = number - self.mean;
        self.mean += off / self.n as f64;
        self.m2 += off * (number - self.mean);
    }

    /// All of the numbers of another.
    pub fn merge(&mut self, other: &Self) {
        if other.n == 0 {
            return;
        }
        let n = self.n + other.n;
        let off = other.mean - self.mean;
        let share = other.n as f64 / n as f64;
        self.mean += off * share;
        self.m2 += other.m2 + off * off * (self.n as f64 * share);
        self.n = n;
    }

    /// How many there are.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Their variance, M₂ / (n − 1).
    ///
    /// # Errors
    /// With fewer than two.
    pub fn variance(&self) -> Result<f64, NotEstimable> {
        if self.n < 2 {
            return Err(NotEstimable::TooFewUnits { n: self.n, needed: 2 });
        }
        Ok(self.m2 / (self.n - 1) as f64)
    }

    /// Their mean, with the interval by Student's t: `mean ± t(n − 1) √(variance / n)`. It assumes
    /// numbers that are drawn independently of each other, and about normal or many.
    ///
    /// # Errors
    /// Without a number.
    pub fn mean(&self) -> Result<Estimate, NotEstimable> {
        if self.n == 0 {
            return Err(NotEstimable::TooFewUnits { n: 0, needed: 1 });
        }
        let interval = self.variance().and_then(|s2| around(self.mean, s2 / self.n as f64, self.n));
        Ok(Estimate { value: self.mean, n: self.n, interval })
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> Self {
        let mut moments = Self::default();
        numbers.into_iter().for_each(|number| moments.add(number));
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NIST StRD, univariate summary statistics: certified mean and standard deviation of the set
    /// NumAcc3, made to be hard: 1,000,000.2 and then 500 times 1,000,000.1 and 1,000,000.3.
    #[test]
    fn certified_values_of_nist() {
        let pairs = (0..1000).map(|k| if k % 2 == 0 { 1_000_000.1 } else { 1_000_000.3 });
        let moments: Moments = std::iter::once(1_000_000.2).chain(pairs).collect();
        let found = moments.mean().expect("many numbers");
        assert!((found.value - 1_000_000.2).abs() < 1e-9, "{}", found.value);
        let deviation = moments.variance().expect("many numbers").sqrt();
        assert!((deviation - 0.1).abs() < 1e-9, "{deviation}");
    }

    /// Student 1908, "The probable error of a mean": the additional hours of sleep of Cushny and
    /// Peebles' ten patients; R's `t.test(extra)` for the difference of the two drugs.
    #[test]
    fn students_sleep() {
        let hours = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
        let estimate = hours.into_iter().collect::<Moments>().mean().expect("ten patients");
        let interval = estimate.interval.expect("they differ");
        assert!((estimate.value - 1.58).abs() < 1e-12);
        assert!((interval.low - 0.700_114_2).abs() < 1e-6, "{interval:?}");
        assert!((interval.high - 2.459_885_8).abs() < 1e-6, "{interval:?}");
    }

    #[test]
    fn merged_is_as_at_once() {
        let numbers: Vec<f64> = (0..100).map(|k| f64::from(k * k % 37) / 7.0).collect();
        let whole: Moments = numbers.iter().copied().collect();
        for split in [0, 1, 50, 99, 100] {
            let mut left: Moments = numbers[..split].iter().copied().collect();
            left.merge(&numbers[split..].iter().copied().collect());
            assert_eq!(left.n(), whole.n());
            assert!((left.mean - whole.mean).abs() < 1e-12);
            assert!((left.m2 - whole.m2).abs() < 1e-9);
        }
    }

    #[test]
    fn too_few_or_all_the_same_have_no_interval() {
        let mean = |numbers: &[f64]| numbers.iter().copied().collect::<Moments>().mean();
        assert_eq!(mean(&[]), Err(NotEstimable::TooFewUnits { n: 0, needed: 1 }));
        let one = mean(&[5.0]).expect("a number");
        assert_eq!(one.interval, Err(NotEstimable::TooFewUnits { n: 1, needed: 2 }));
        let same = mean(&[5.0, 5.0]).expect("two numbers");
        assert_eq!(same.interval, Err(NotEstimable::ZeroVariance { n: 2 }));
    }
}
