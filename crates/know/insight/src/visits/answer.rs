//! What do visits say?

use super::Plan;
use super::fold::{Sums, Tally, VisitsTotal};
use crate::breakdown::{Group, Groups};
use stats::{Estimate, Interval, LEVEL, NotEstimable, t_isf};
use timeline::{Texts, Window};

/// The visits of all, of each group, and over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// All visits of the period.
    pub all: Visits,
    /// By group, those with the most visits first; empty without a dimension.
    pub rows: Vec<VisitsRow>,
    /// Over time; empty without a grain.
    pub series: Vec<SpanVisits>,
}

/// Some visits.
#[derive(Clone, Debug, PartialEq)]
pub struct Visits {
    /// How many.
    pub n_visits: u64,
    /// How many customers have one of them.
    pub n_visitors: u64,
    /// Events in them.
    pub n_events: u64,
    /// Page views in them.
    pub n_views: u64,
    /// The share of bounces. The intervals of this and the next two count customers, not visits,
    /// because the visits of one customer are alike; in a group that was put together of several
    /// values, who came by two of them counts as two there.
    pub bounce: Result<Estimate, NotEstimable>,
    /// Page views per visit.
    pub views_per_visit: Result<Estimate, NotEstimable>,
    /// The mean time from the first event of a visit to its last, in seconds.
    pub duration_s: Result<Estimate, NotEstimable>,
}

/// The visits of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct VisitsRow {
    /// Which.
    pub group: Group,
    /// Its visits.
    pub visits: Visits,
}

/// The visits that begin in an hour, day, week….
#[derive(Clone, Debug, PartialEq)]
pub struct SpanVisits {
    /// What of it is in the period.
    pub window: Window,
    /// What it is called.
    pub name: String,
    /// Whether all of it is in the period.
    pub is_whole: bool,
    /// Its visits.
    pub visits: Visits,
}

impl Plan {
    /// The answer, of what the fold came to.
    #[must_use]
    pub fn answer(&self, total: &VisitsTotal, texts: &[Texts]) -> Answer {
        self.answer_by(total, texts, None)
    }

    /// The answer in the groups of another answer. What is neither shown there nor absent is
    /// "other", where there is such a group; else it is in the whole alone.
    #[must_use]
    pub fn answer_in(&self, total: &VisitsTotal, texts: &[Texts], groups: &[Group]) -> Answer {
        self.answer_by(total, texts, Some(groups))
    }

    fn answer_by(&self, total: &VisitsTotal, texts: &[Texts], groups: Option<&[Group]>) -> Answer {
        Answer {
            all: visits(&total.all, total.all.n_customers),
            rows: self.rows(total, texts, groups),
            series: self.series(total),
        }
    }

    fn rows(
        &self,
        total: &VisitsTotal,
        texts: &[Texts],
        groups: Option<&[Group]>,
    ) -> Vec<VisitsRow> {
        let Some(reading) = &self.reading else { return Vec::new() };
        // What kinds stand for, numbered anew: many of them stand for the same.
        let mut values = Texts::default();
        let mut weights = vec![0];
        let mut codes = Vec::new();
        for (key, sums) in total.sets.keys().iter().zip(&total.of_kind) {
            let code = reading.text(key, texts).map_or(timeline::ABSENT, |text| values.code(&text));
            weights.resize(values.len() + 1, 0);
            weights[code as usize] += sums.all.n_visits;
            codes.push(code);
        }
        let groups = match groups {
            None => Groups::rank(&weights, &values, self.n_groups),
            Some(groups) => Groups::like(groups, &weights, &values),
        };
        let place = |kind: u32| groups.find(codes[kind as usize]);

        let mut sums = vec![Sums::default(); groups.len()];
        for (kind, of_kind) in (0..).zip(&total.of_kind) {
            if let Some(place) = place(kind) {
                sums[place].merge(of_kind);
            }
        }
        let mut n_visitors = vec![0; groups.len()];
        for (set, n) in total.sets.iter() {
            let mut places: Vec<usize> = set.iter().filter_map(|kind| place(*kind)).collect();
            places.sort_unstable();
            places.dedup();
            places.into_iter().for_each(|place| n_visitors[place] += n);
        }
        let parts = groups.groups().iter().cloned().zip(sums.iter().zip(n_visitors));
        let row = |(group, (sums, n)): (Group, (&Sums, u64))| VisitsRow {
            group,
            visits: visits(sums, n),
        };
        parts.map(row).collect()
    }

    fn series(&self, total: &VisitsTotal) -> Vec<SpanVisits> {
        let Some(spans) = &self.spans else { return Vec::new() };
        let span = |(k, sums): (usize, &Sums)| SpanVisits {
            window: spans.clipped(k),
            name: self.calendar.name(spans.grain(), spans.span(k).from),
            is_whole: spans.is_whole(k),
            visits: visits(sums, sums.n_customers),
        };
        total.spans.iter().enumerate().map(span).collect()
    }
}

fn visits(sums: &Sums, n_visitors: u64) -> Visits {
    let Tally { n_visits, n_bounces, n_events, n_views, duration } = sums.all;
    let bounce = per_visit(sums, 0, n_bounces).map(|estimate| Estimate {
        interval: estimate.interval.map(|i| Interval { high: i.high.min(1.0), ..i }),
        ..estimate
    });
    Visits {
        n_visits,
        n_visitors,
        n_events,
        n_views,
        bounce,
        views_per_visit: per_visit(sums, 1, n_views),
        duration_s: per_visit(sums, 2, duration).map(|estimate| scaled(estimate, 1e-6)),
    }
}

/// A sum per visit, with the interval of a ratio of two sums over customers: Cochran 1977,
/// "Sampling techniques", 3rd edition, section 6.4. With x the visits and y the sum of each of n
/// customers, R = Σy / Σx, and its variance n / (n − 1) · Σ(y − R x)² / (Σx)². None of these
/// numbers is negative, so the interval ends at 0.
fn per_visit(sums: &Sums, k: usize, sum: u64) -> Result<Estimate, NotEstimable> {
    let n = sums.n_customers;
    if n == 0 {
        return Err(NotEstimable::TooFewUnits { n, needed: 1 });
    }
    let (x, y, n_units) = (sums.all.n_visits as f64, sum as f64, n as f64);
    let ratio = y / x;
    let (xx, xy, yy) = (sums.xx as f64, sums.xy[k] as f64, sums.yy[k] as f64);
    let squares = yy - 2.0 * ratio * xy + ratio * ratio * xx;
    // Below this share of Σy² it is nothing but the rounding of the three terms.
    const LOST: f64 = 1e-14;
    let interval = match n {
        1 => Err(NotEstimable::TooFewUnits { n, needed: 2 }),
        _ if squares <= yy * LOST => Err(NotEstimable::ZeroVariance { n }),
        _ => {
            let error = (n_units / (n_units - 1.0) * squares).sqrt() / x;
            let half = t_isf(0.5 - 0.5 * LEVEL, n_units - 1.0) * error;
            Ok(Interval { low: (ratio - half).max(0.0), high: ratio + half })
        }
    };
    Ok(Estimate { value: ratio, n, interval })
}

/// The same in other units.
fn scaled(estimate: Estimate, by: f64) -> Estimate {
    let interval = estimate.interval.map(|i| Interval { low: i.low * by, high: i.high * by });
    Estimate { value: estimate.value * by, interval, ..estimate }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_visit_each_is_an_ordinary_mean() {
        // 1, 2 and 6 views: 3 ± t(0.975, 2 degrees of freedom) √7 / √3, t = 4.302653.
        let all = Tally { n_visits: 3, n_views: 9, ..Tally::default() };
        let sums = Sums { all, n_customers: 3, xx: 3, xy: [0, 9, 0], yy: [0, 41, 0] };
        let found = per_visit(&sums, 1, 9).expect("three");
        let interval = found.interval.expect("they differ");
        assert_eq!((found.value, found.n, interval.low), (3.0, 3, 0.0));
        assert!((interval.high - 9.572_410_6).abs() < 1e-6, "{interval:?}");
        let bounce = visits(&sums, 3).bounce.expect("three");
        assert!(bounce.value == 0.0 && bounce.interval.is_err());
        assert!(per_visit(&Sums::default(), 1, 0).is_err());
    }
}
