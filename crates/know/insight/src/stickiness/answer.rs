//! What does a stickiness answer?

use super::Plan;
use super::fold::Total;
use crate::breakdown::{Group, Groups};
use crate::calendar::Grain;
use base::Timestamp;
use stats::{Estimate, NotEstimable};
use timeline::Texts;

/// The numbers of all customers, and of those of each group.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Of all.
    pub all: Numbers,
    /// By group, in their order; empty without a breakdown.
    pub groups: Vec<OfGroup>,
}

/// The numbers of the customers of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct OfGroup {
    /// Which.
    pub group: Group,
    /// Its numbers.
    pub numbers: Numbers,
}

/// How often some customers were active.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    /// By week, month…
    pub spans: Vec<Span>,
    /// By day.
    pub days: Vec<Day>,
}

/// How often customers were active in a week, a month…
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// When it begins.
    pub begin: Timestamp,
    /// How it is called: see [`Calendar::name`](crate::Calendar::name).
    pub name: String,
    /// Whether all of it is in the window; else only some of its days are.
    pub is_whole: bool,
    /// How many customers were active in exactly 1, 2, 3… days, as many as are in the window.
    pub n_by_days: Vec<u64>,
    /// How many customers were active in any.
    pub n_customers: u64,
    /// In how many days they were active on average, with the interval by Student's t.
    pub mean_days: Result<Estimate, NotEstimable>,
    /// That mean as a share of the days: the mean of the daily active over those of the span, the
    /// "DAU/WAU" and "DAU/MAU" of whole weeks and months.
    pub share_of_days: Result<Estimate, NotEstimable>,
}

/// How many were active on a day, and within the days that end with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    /// When it begins.
    pub begin: Timestamp,
    /// How it is called.
    pub name: String,
    /// Whether it is over.
    pub is_whole: bool,
    /// On the day.
    pub n_day: u64,
    /// On it or the 6 days before.
    pub n_week: u64,
    /// On it or the 29 days before.
    pub n_month: u64,
}

/// The cells of one group while they are put together; as in [`Total`].
#[derive(Clone)]
struct Part {
    n_by_days: Vec<u64>,
    more: [Vec<i64>; 3],
}

impl Plan {
    /// The answer, in the groups in which customers were active on most days, those before the
    /// window included that its first day still looks back to.
    #[must_use]
    pub fn answer(&self, total: &Total, texts: &[Texts]) -> Answer {
        let texts = self.codes.texts(&self.ask, texts);
        let groups =
            self.definition.breakdown.as_ref().zip(texts).map(|(breakdown, texts)| {
                Groups::rank(&total.active_days, texts, breakdown.n_groups)
            });
        self.answer_by(total, groups.as_ref())
    }

    /// The answer in the groups of another answer, so that the two can be compared. Who is in none
    /// of them is in the whole alone.
    #[must_use]
    pub fn answer_in(&self, groups: &[Group], total: &Total, texts: &[Texts]) -> Answer {
        let texts = self.codes.texts(&self.ask, texts);
        let groups = texts.map(|texts| Groups::like(groups, &total.active_days, texts));
        self.answer_by(total, groups.as_ref())
    }

    fn answer_by(&self, total: &Total, groups: Option<&Groups>) -> Answer {
        let none = Part {
            n_by_days: vec![0; self.first_cell(self.spans.len())],
            more: std::array::from_fn(|_| vec![0; self.n_trail_cells()]),
        };
        let mut parts = vec![none.clone(); groups.map_or(0, Groups::len)];
        let mut all = none;
        let place = |code| groups.and_then(|groups| groups.find(code));
        for (code, cell, n) in total.n_by_days.iter() {
            all.n_by_days[cell] += n;
            place(code).into_iter().for_each(|place| parts[place].n_by_days[cell] += n);
        }
        for (trail, more) in total.more.iter().enumerate() {
            for (code, cell, n) in more.iter() {
                all.more[trail][cell] += n;
                place(code).into_iter().for_each(|place| parts[place].more[trail][cell] += n);
            }
        }
        let named = groups.into_iter().flat_map(Groups::groups).cloned().zip(&parts);
        let of_group = |(group, part)| OfGroup { group, numbers: self.numbers(part) };
        Answer { all: self.numbers(&all), groups: named.map(of_group).collect() }
    }

    fn numbers(&self, part: &Part) -> Numbers {
        let trails = part.more.each_ref().map(|more| {
            let sums = more.iter().scan(0, |sum: &mut i64, more| {
                *sum += more;
                Some(sum.unsigned_abs())
            });
            sums.collect::<Vec<u64>>()
        });
        let day = |k: usize| {
            let begin = self.days.span(k).from;
            Day {
                begin,
                name: self.definition.calendar.name(Grain::Day, begin),
                is_whole: self.days.is_whole(k),
                n_day: trails[0][k],
                n_week: trails[1][k],
                n_month: trails[2][k],
            }
        };
        let span =
            |k: usize| self.span(k, &part.n_by_days[self.first_cell(k)..self.first_cell(k + 1)]);
        Numbers {
            spans: (0..self.spans.len()).map(span).collect(),
            days: (self.n_lead..self.days.len()).map(day).collect(),
        }
    }

    fn span(&self, k: usize, n_by_days: &[u64]) -> Span {
        let begin = self.spans.span(k).from;
        let n_customers = n_by_days.iter().sum();
        let (mut sum, mut squares) = (0, 0);
        for (n_days, n) in (1_u128..).zip(n_by_days) {
            sum += n_days * u128::from(*n);
            squares += n_days * n_days * u128::from(*n);
        }
        let mean_days = stats::mean_of_counts(n_customers, sum, squares);
        let n_days = n_by_days.len() as f64;
        let share_of_days = mean_days.map(|mean| Estimate {
            value: mean.value / n_days,
            n: mean.n,
            interval: mean.interval.map(|interval| stats::Interval {
                low: (interval.low / n_days).max(0.0),
                high: (interval.high / n_days).min(1.0),
            }),
        });
        Span {
            begin,
            name: self.definition.calendar.name(self.definition.grain, begin),
            is_whole: self.spans.is_whole(k),
            n_by_days: n_by_days.to_vec(),
            n_customers,
            mean_days,
            share_of_days,
        }
    }
}
