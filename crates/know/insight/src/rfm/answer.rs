//! What does a grid of recency and frequency answer?

use super::fold::Seen;
use super::{Edges, Plan, Scale, Scores};
use crate::breakdown::{Group, Groups};
use stats::{Estimate, NotEstimable, UnitSums, quantile};
use timeline::Texts;

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Where scores are cut.
    pub scale: Scale,
    /// Of all customers.
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

/// How many of some customers have which scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    /// How many customers there are.
    pub n_customers: u64,
    /// By recency and frequency, both from 1; also those with nobody.
    pub cells: Vec<Cell>,
}

/// The customers with the same score for recency and for frequency.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The score for recency.
    pub recency: usize,
    /// The score for frequency.
    pub frequency: usize,
    /// How many there are.
    pub n: u64,
    /// Of these, how many have each score for the monetary value, from 1.
    pub n_by_monetary: Vec<u64>,
    /// The mean monetary value, with the interval by Student's t; `None` where no number is named.
    pub money: Option<Result<Estimate, NotEstimable>>,
}

impl Scale {
    pub(super) fn scores(&self, customer: &Seen) -> Scores {
        let above = |edges: &[f64], value: f64| edges.iter().filter(|edge| value > **edge).count();
        let late = above(&self.recency_days, customer.recency_days);
        Scores {
            recency: self.recency_days.len() + 1 - late,
            frequency: above(&self.frequency, customer.n as f64) + 1,
            monetary: above(&self.monetary, customer.money) + 1,
        }
    }
}

impl Plan {
    /// The answer, in the groups with the most customers.
    #[must_use]
    pub fn answer(&self, total: &[Seen], texts: &[Texts]) -> Answer {
        let texts = self.codes.texts(&self.ask, texts);
        let groups = self.definition.breakdown.as_ref().zip(texts).map(|(breakdown, texts)| {
            Groups::rank(&weights(total, texts), texts, breakdown.n_groups)
        });
        self.answer_by(self.scale(total), total, groups.as_ref())
    }

    /// The answer with the edges and in the groups of another answer, so that the two can be
    /// compared. Who is in none of these groups is in the whole alone.
    #[must_use]
    pub fn answer_like(&self, other: &Answer, total: &[Seen], texts: &[Texts]) -> Answer {
        let groups: Vec<Group> = other.groups.iter().map(|of| of.group.clone()).collect();
        let texts = self.codes.texts(&self.ask, texts);
        let groups = texts.map(|texts| Groups::like(&groups, &weights(total, texts), texts));
        self.answer_by(other.scale.clone(), total, groups.as_ref())
    }

    /// Where scores are cut. Without a customer there is no quantile to cut at.
    #[must_use]
    pub fn scale(&self, total: &[Seen]) -> Scale {
        match &self.definition.edges {
            Edges::Given(scale) => scale.clone(),
            Edges::Quantiles(n) => self.quantiles(total, *n),
        }
    }

    fn answer_by(&self, scale: Scale, total: &[Seen], groups: Option<&Groups>) -> Answer {
        let mut parts: Vec<Vec<&Seen>> = vec![Vec::new(); groups.map_or(0, Groups::len)];
        for seen in total {
            let place = groups.and_then(|groups| groups.find(seen.code));
            place.into_iter().for_each(|place| parts[place].push(seen));
        }
        let named = groups.into_iter().flat_map(Groups::groups).cloned().zip(&parts);
        let of_group = |(group, part): (Group, &Vec<&Seen>)| OfGroup {
            group,
            numbers: self.numbers(&scale, part.iter().copied()),
        };
        let groups = named.map(of_group).collect();
        Answer { all: self.numbers(&scale, total.iter()), groups, scale }
    }

    fn numbers<'s>(&self, scale: &Scale, customers: impl Iterator<Item = &'s Seen>) -> Numbers {
        let (n_recency, n_frequency) = (scale.recency_days.len() + 1, scale.frequency.len() + 1);
        let mut cells: Vec<(Vec<u64>, UnitSums)> =
            vec![(vec![0; scale.monetary.len() + 1], UnitSums::default()); n_recency * n_frequency];
        let mut n_customers = 0;
        for seen in customers {
            let Scores { recency, frequency, monetary } = scale.scores(seen);
            let (n_by_monetary, money) = &mut cells[(recency - 1) * n_frequency + frequency - 1];
            n_by_monetary[monetary - 1] += 1;
            money.add(seen.n, &std::iter::once(seen.money).collect());
            n_customers += 1;
        }
        let has_money = self.definition.money.is_some();
        let cell = |(place, (n_by_monetary, money)): (usize, (Vec<u64>, UnitSums))| Cell {
            recency: place / n_frequency + 1,
            frequency: place % n_frequency + 1,
            n: money.n(),
            n_by_monetary,
            money: has_money.then(|| money.per_unit()),
        };
        Numbers { n_customers, cells: cells.into_iter().enumerate().map(cell).collect() }
    }

    /// The edges between `n` scores: type 7 of Hyndman & Fan, see [`stats::quantile`].
    fn quantiles(&self, total: &[Seen], n: usize) -> Scale {
        let edges = |value: &dyn Fn(&Seen) -> f64| {
            let mut values: Vec<f64> = total.iter().map(value).collect();
            let edge = |k: usize| quantile(&mut values, k as f64 / n as f64).ok();
            (1..n).filter_map(edge).collect()
        };
        Scale {
            recency_days: edges(&|seen| seen.recency_days),
            frequency: edges(&|seen| seen.n as f64),
            monetary: match self.definition.money {
                Some(_) => edges(&|seen| seen.money),
                None => Vec::new(),
            },
        }
    }
}

/// How many customers there are, by code.
fn weights(total: &[Seen], texts: &Texts) -> Vec<u64> {
    let mut weights = vec![0; texts.len() + 1];
    total.iter().for_each(|seen| weights[seen.code as usize] += 1);
    weights
}
