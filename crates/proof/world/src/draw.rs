//! From which distributions does the world draw?
//!
//! Only what the world needs, each by the textbook method. Numbers come from
//! the platform's `ln`, `exp` and `cos`, so a world is repeatable on one
//! platform; another C library may round the last bit differently.

use crate::seed::Stream;

impl Stream {
    /// True with probability `p`; always one draw, whatever `p` is.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Uniform on `[low, high)`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A uniform index below `n`; `n` must not be 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "an index below 0 does not exist");
        ((self.unit() * n as f64) as usize).min(n - 1)
    }

    /// One of the items, each as likely as the other.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// An index with probability in proportion to its weight.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.unit() * weights.iter().sum::<f64>();
        for (i, weight) in weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return i;
            }
        }
        weights.len() - 1
    }

    /// An index from running totals of weights, by bisection.
    pub(crate) fn cumulative(&mut self, totals: &[f64]) -> usize {
        let last = totals.len() - 1;
        let target = self.unit() * totals[last];
        totals.partition_point(|total| *total <= target).min(last)
    }

    /// Standard normal (Box and Muller 1958; the second value is not kept).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Log-normal with the given median; `sigma` is the deviation of the logarithm.
    pub(crate) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    /// Exponential with the given mean.
    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Gamma with the given shape and mean (Marsaglia and Tsang 2000).
    pub(crate) fn gamma(&mut self, shape: f64, mean: f64) -> f64 {
        mean / shape * self.standard_gamma(shape)
    }

    fn standard_gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = (1.0 - self.unit()).powf(1.0 / shape);
            return boost * self.standard_gamma(shape + 1.0);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            let u = 1.0 - self.unit();
            if v > 0.0 && u.ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Beta with parameters `a` and `b`.
    pub(crate) fn beta(&mut self, a: f64, b: f64) -> f64 {
        let x = self.standard_gamma(a);
        x / (x + self.standard_gamma(b))
    }

    /// Poisson with a small mean (Knuth's product; the work grows with the mean).
    pub(crate) fn poisson(&mut self, mean: f64) -> usize {
        let limit = (-mean).exp();
        let mut product = self.unit();
        let mut n = 0;
        while product > limit {
            product *= self.unit();
            n += 1;
        }
        n
    }

    /// Geometric on 0, 1, 2, … with the given mean.
    pub(crate) fn geometric(&mut self, mean: f64) -> usize {
        let success = 1.0 / (1.0 + mean);
        ((1.0 - self.unit()).ln() / (1.0 - success).ln()) as usize
    }
}

#[cfg(test)]
mod tests {
    use crate::seed::{Seed, Stream};

    type Draw = fn(&mut Stream) -> f64;

    fn mean_of(draw: impl Fn(&mut Stream) -> f64) -> f64 {
        let mut stream = Seed::root(42).stream();
        (0..40_000).map(|_| draw(&mut stream)).sum::<f64>() / 40_000.0
    }

    /// Means over 40,000 draws; 4 % leaves more than 4 standard errors for each.
    #[test]
    fn means_are_those_of_the_distributions() {
        let cases: [(&str, f64, Draw); 7] = [
            ("exponential", 3.0, |s| s.exponential(3.0)),
            ("gamma below 1", 2.0, |s| s.gamma(0.7, 2.0)),
            ("gamma above 1", 5.0, |s| s.gamma(2.5, 5.0)),
            ("beta", 0.4, |s| s.beta(2.0, 3.0)),
            ("poisson", 1.7, |s| s.poisson(1.7) as f64),
            ("geometric", 2.2, |s| s.geometric(2.2) as f64),
            ("log-normal", (0.5_f64 * 0.25).exp(), |s| s.log_normal(1.0, 0.5)),
        ];
        for (name, expected, draw) in cases {
            let mean = mean_of(draw);
            assert!((mean / expected - 1.0).abs() < 0.04, "{name}: {mean} is not {expected}");
        }
    }

    #[test]
    fn weights_and_running_totals_choose_alike() {
        let mut left = Seed::root(3).stream();
        let mut right = Seed::root(3).stream();
        for _ in 0..2000 {
            let i = left.weighted(&[1.0, 0.0, 3.0]);
            assert_eq!(i, right.cumulative(&[1.0, 1.0, 4.0]));
            assert_ne!(i, 1, "a weight of 0 is never chosen");
        }
    }
}
