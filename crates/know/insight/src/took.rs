//! How long did something take?

use base::Duration;

/// How long it took a number of times, exact to the microsecond.
#[derive(Clone, Debug, PartialEq)]
pub struct Took {
    /// How many times it happened, at least once.
    pub n: u64,
    /// The mean, rounded to the nearest microsecond.
    pub mean: Duration,
    /// A quarter took at most this long.
    pub quarter: Duration,
    /// The median.
    pub median: Duration,
    /// Three quarters took at most this long.
    pub three_quarters: Duration,
    /// How often it took how long, by the steps of [`BINS`]; steps at the end that are empty are
    /// left out.
    pub bins: Vec<Bin>,
}

/// How often it took so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    /// At least this.
    pub from: Duration,
    /// Less than this; open at the end.
    pub until: Option<Duration>,
    /// How often.
    pub n: u64,
}

/// Where the bins of a distribution begin after the first, which begins at 0: each is about three
/// times as long as the one before, and ends at a length of time that has a name.
pub const BINS: [Duration; 13] = [
    Duration::seconds(10),
    Duration::seconds(30),
    Duration::seconds(60),
    Duration::seconds(5 * 60),
    Duration::seconds(15 * 60),
    Duration::hours(1),
    Duration::hours(4),
    Duration::hours(12),
    Duration::days(1),
    Duration::days(3),
    Duration::days(7),
    Duration::days(30),
    Duration::days(90),
];

impl Took {
    /// Of lengths in µs, none negative; `None` where there are none. They are reordered.
    ///
    /// Quantiles lie between two lengths as they do in numpy and in SQL's `percentile_cont`
    /// (type 7 of Hyndman and Fan 1996, "Sample quantiles in statistical packages", The American
    /// Statistician 50:361–365), rounded down to the microsecond.
    #[must_use]
    pub fn of(lengths: &mut [i64]) -> Option<Self> {
        if lengths.is_empty() {
            return None;
        }
        let n = lengths.len() as i128;
        let sum: i128 = lengths.iter().map(|length| i128::from(*length)).sum();
        let bins = bins(lengths);
        let [quarter, median, three_quarters] = [1, 2, 3].map(|q| quantile(lengths, q));
        Some(Self {
            n: lengths.len() as u64,
            mean: Duration(((2 * sum + n).div_euclid(2 * n)) as i64),
            quarter,
            median,
            three_quarters,
            bins,
        })
    }
}

/// The `q`-th of the quarters.
fn quantile(lengths: &mut [i64], q: usize) -> Duration {
    let place = (lengths.len() - 1) * q;
    let (floor, rest) = (place / 4, (place % 4) as i64);
    let (_, low, above) = lengths.select_nth_unstable(floor);
    let low = *low;
    let high = above.iter().min().copied().filter(|_| rest > 0).unwrap_or(low);
    Duration(low + ((i128::from(high - low) * i128::from(rest)) / 4) as i64)
}

fn bins(lengths: &[i64]) -> Vec<Bin> {
    let mut n_in = [0; BINS.len() + 1];
    for length in lengths {
        n_in[BINS.partition_point(|bound| bound.0 <= *length)] += 1;
    }
    let last = n_in.iter().rposition(|n| *n > 0).unwrap_or(0);
    let bin = |k: usize| Bin {
        from: if k == 0 { Duration(0) } else { BINS[k - 1] },
        until: BINS.get(k).copied(),
        n: n_in[k],
    };
    (0..=last).map(bin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_numpy() {
        // numpy.percentile([5, 1, 9, 4], [25, 50, 75]) == [3.25, 4.5, 6.0], in seconds here.
        let mut lengths = [5, 1, 9, 4].map(|s| Duration::seconds(s).0);
        let took = Took::of(&mut lengths).expect("there are some");
        assert_eq!((took.quarter.0, took.median.0), (3_250_000, 4_500_000));
        assert_eq!((took.three_quarters.0, took.mean.0), (6_000_000, 4_750_000));
        let all = Bin { from: Duration(0), until: Some(BINS[0]), n: 4 };
        assert_eq!(took.bins, [all]);
        assert_eq!(Took::of(&mut []), None);
    }

    #[test]
    fn a_bound_begins_its_bin() {
        let took = Took::of(&mut [Duration::hours(1).0, Duration::days(400).0]).expect("two");
        let filled: Vec<_> = took.bins.iter().filter(|bin| bin.n > 0).collect();
        assert_eq!(filled[0].from, Duration::hours(1));
        assert_eq!((filled[1].from, filled[1].until), (Duration::days(90), None));
    }
}
