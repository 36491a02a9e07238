//! How good is a linkage, where the truth is known?

use crate::table::RecordIdx;
use std::collections::HashMap;

/// Precision and recall over pairs of records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// Pairs linked that are one person.
    pub n_right: u64,
    /// Pairs linked that are not.
    pub n_wrong: u64,
    /// Pairs of one person that are not linked.
    pub n_missed: u64,
}

impl Quality {
    /// The quality of linked `pairs`. Every record has its person in `truth`; with `across`, two
    /// records of one source are no pair.
    #[must_use]
    pub fn of_pairs(pairs: &[(RecordIdx, RecordIdx)], truth: &Truth<'_>) -> Self {
        let mut n_right = 0;
        for (a, b) in pairs {
            n_right += u64::from(truth.is_same(*a, *b));
        }
        let n_true = truth.n_pairs();
        Self { n_right, n_wrong: pairs.len() as u64 - n_right, n_missed: n_true - n_right }
    }

    /// The quality of clusters: all pairs within them count as linked.
    #[must_use]
    pub fn of_clusters(clusters: &[RecordIdx], truth: &Truth<'_>) -> Self {
        let mut members: HashMap<RecordIdx, Vec<RecordIdx>> = HashMap::new();
        for (root, record) in clusters.iter().zip(0u32..) {
            members.entry(*root).or_default().push(RecordIdx(record));
        }
        let mut pairs = Vec::new();
        for group in members.values() {
            for (at, a) in group.iter().enumerate() {
                let others = group[at + 1..].iter().filter(|b| truth.is_pair(*a, **b));
                pairs.extend(others.map(|b| (*a, *b)));
            }
        }
        Self::of_pairs(&pairs, truth)
    }

    /// Of the linked pairs the share that is right, in [0, 1]; `None` if nothing was linked.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        ratio(self.n_right, self.n_right + self.n_wrong)
    }

    /// Of the pairs of one person the share that is linked, in [0, 1]; `None` if there are none.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        ratio(self.n_right, self.n_right + self.n_missed)
    }

    /// The harmonic mean of both, in [0, 1]; `None` if there is nothing to link and nothing was.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        ratio(2 * self.n_right, 2 * self.n_right + self.n_wrong + self.n_missed)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Who each record is in truth.
#[derive(Clone, Copy, Debug)]
pub struct Truth<'a> {
    /// The person of each record, by any numbering.
    pub persons: &'a [u32],
    /// The source of each record where only pairs across sources count; empty otherwise.
    pub sources: &'a [u16],
}

impl Truth<'_> {
    /// Whether two records are one person.
    #[must_use]
    pub fn is_same(&self, a: RecordIdx, b: RecordIdx) -> bool {
        self.persons[a.0 as usize] == self.persons[b.0 as usize]
    }

    fn is_pair(&self, a: RecordIdx, b: RecordIdx) -> bool {
        self.sources.is_empty() || self.sources[a.0 as usize] != self.sources[b.0 as usize]
    }

    fn n_pairs(&self) -> u64 {
        let mut n = HashMap::<u32, u64>::new();
        let mut own = HashMap::<(u32, u16), u64>::new();
        for (at, person) in self.persons.iter().enumerate() {
            *n.entry(*person).or_default() += 1;
            if let Some(source) = self.sources.get(at) {
                *own.entry((*person, *source)).or_default() += 1;
            }
        }
        let pairs = |n: &u64| n * (n - 1) / 2;
        n.values().map(pairs).sum::<u64>() - own.values().map(pairs).sum::<u64>()
    }
}

/// Do probabilities mean what they say? Pairs by their probability, in ten equal bins.
#[derive(Clone, Debug, PartialEq)]
pub struct Reliability {
    /// The bins, from [0, 0.1) to [0.9, 1].
    pub bins: Vec<ReliabilityBin>,
}

/// One bin of a reliability curve.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReliabilityBin {
    /// Pairs in it.
    pub n: u64,
    /// Sum of their probabilities.
    pub expected: f64,
    /// How many of them are one person.
    pub observed: u64,
}

impl Reliability {
    /// The curve of pairs with their probabilities and whether they are one person.
    #[must_use]
    pub fn of(pairs: impl IntoIterator<Item = (f64, bool)>) -> Self {
        let mut bins = vec![ReliabilityBin::default(); 10];
        for (probability, is_same) in pairs {
            let at = ((probability * 10.0) as usize).min(9);
            bins[at].n += 1;
            bins[at].expected += probability;
            bins[at].observed += u64::from(is_same);
        }
        Self { bins }
    }

    /// The mean distance between probability and frequency, each bin weighed by its pairs
    /// (expected calibration error, Naeini, Cooper and Hauskrecht 2015), in [0, 1]; `None`
    /// without pairs.
    #[must_use]
    pub fn error(&self) -> Option<f64> {
        let n: u64 = self.bins.iter().map(|bin| bin.n).sum();
        let off: f64 = self.bins.iter().map(|b| (b.expected - b.observed as f64).abs()).sum();
        (n > 0).then(|| off / n as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_once() {
        let truth = Truth { persons: &[1, 1, 1, 2, 2], sources: &[] };
        let clusters = [0, 0, 2, 3, 0].map(RecordIdx);
        let quality = Quality::of_clusters(&clusters, &truth);
        // Linked: 0-1, 0-4, 1-4; true: 0-1, 0-2, 1-2, 3-4.
        assert_eq!(quality, Quality { n_right: 1, n_wrong: 2, n_missed: 3 });
        assert_eq!(quality.precision(), Some(1.0 / 3.0));
        assert_eq!(quality.recall(), Some(0.25));
        assert_eq!(quality.f1(), Some(2.0 / 7.0));
        let across = Truth { persons: &[1, 1, 1, 2, 2], sources: &[0, 0, 1, 0, 0] };
        assert_eq!(across.n_pairs(), 2);
        let nothing = Quality { n_right: 0, n_wrong: 0, n_missed: 0 };
        assert_eq!(nothing.f1(), None);
    }

    #[test]
    fn the_curve_sees_what_is_off() {
        let pairs = (0..100).map(|at| (0.75, at % 4 != 0)).chain((0..100).map(|_| (0.95, false)));
        let curve = Reliability::of(pairs);
        assert_eq!(curve.bins[7], ReliabilityBin { n: 100, expected: 75.0, observed: 75 });
        let error = curve.error().expect("there are pairs");
        assert!((error - 0.475).abs() < 1e-9, "{error}");
        assert_eq!(Reliability::of([]).error(), None);
    }
}
