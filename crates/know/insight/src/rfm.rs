//! Who came lately, often, and for much?
//!
//! Every customer with an event that counts in the window has a *recency* (whole days of 24 hours
//! from their last one to the end of the window), a *frequency* (how many there are) and, if a
//! number is named, a *monetary* value (its sum). Each becomes a score from 1 up, so that the best
//! customers score high in all: the lowest recency scores highest. Scores are cut at edges; a value
//! on an edge belongs to the lower side. Equal values have equal scores, so that where many
//! customers are alike (one order each) a score may have nobody.
//!
//! The grid by recency and frequency is Hughes 1994, "Strategic database marketing"; his fifths are
//! the default here, cut by the quantiles of each value on its own.

use crate::behind::{Behind, LISTED_MAX};
use crate::calendar::Calendar;
use crate::error::{self, BadDefinition, Problem};
use crate::kept::seen_whole;
use crate::period::Period;
use crate::{selection, words};
use base::{CustomerId, Duration, Timestamp};
use stats::{Estimate, ExactSum, NotEstimable, UnitSums, quantile};
use timeline::{Ask, Condition, Field, Fold, Rows};

#[cfg(test)]
mod tests;
mod twin;

/// Scores at most.
pub const SCORES_MAX: usize = 10;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The time zone, and the day with which weeks begin.
    pub calendar: Calendar,
    /// Which stretch of time is looked at; recency counts back from its end.
    pub period: Period,
    /// Which events count.
    pub events: Condition,
    /// The number that is the monetary value.
    pub money: Option<Field>,
    /// Where scores are cut.
    pub edges: Edges,
}

/// Where scores are cut.
#[derive(Clone, Debug, PartialEq)]
pub enum Edges {
    /// At the quantiles of all customers, into so many scores; 5 cuts at 20, 40, 60 and 80 %.
    Quantiles(usize),
    /// At these values.
    Given(Scale),
}

/// The values at which scores are cut, ascending: from above one edge to the next.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Scale {
    /// Days since the last event. Who is above the last edge scores 1.
    pub recency_days: Vec<f64>,
    /// Events. Who is above the last edge scores highest.
    pub frequency: Vec<f64>,
    /// The sum of the number; empty where none is named.
    pub monetary: Vec<f64>,
}

/// The three scores of a customer, each from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scores {
    /// High for who came lately.
    pub recency: usize,
    /// High for who came often.
    pub frequency: usize,
    /// High for who came for much; 1 where no number is named.
    pub monetary: usize,
}

impl Scale {
    fn scores(&self, customer: &Seen) -> Scores {
        let above = |edges: &[f64], value: f64| edges.iter().filter(|edge| value > **edge).count();
        let late = above(&self.recency_days, customer.recency_days);
        Scores {
            recency: self.recency_days.len() + 1 - late,
            frequency: above(&self.frequency, customer.n as f64) + 1,
            monetary: above(&self.monetary, customer.money) + 1,
        }
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// How many customers there are.
    pub n_customers: u64,
    /// Where scores are cut.
    pub scale: Scale,
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

impl Definition {
    /// How it is answered at the time `now`.
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn plan(&self, now: Timestamp) -> Result<Plan, BadDefinition> {
        selection::check(&self.events).map_err(|bad| bad.within("events"))?;
        match &self.edges {
            Edges::Quantiles(n) => {
                error::between("edges.quantiles", *n as f64, (2.0, SCORES_MAX as f64))?;
            }
            Edges::Given(scale) => self.check_scale(scale).map_err(|bad| bad.within("edges"))?,
        }
        if let Some(Field::Property(path) | Field::Context(path)) = &self.money
            && path.is_empty()
        {
            return Err(BadDefinition::new("money", Problem::Empty));
        }
        let window = self.period.window(&self.calendar, now)?;
        let mut ask = selection::asked(&self.events, window);
        ask.numbers.extend(self.money.clone());
        Ok(Plan { definition: self.clone(), ask })
    }

    fn check_scale(&self, scale: &Scale) -> Result<(), BadDefinition> {
        let edges_max = SCORES_MAX - 1;
        let mut all = vec![("recency_days", &scale.recency_days), ("frequency", &scale.frequency)];
        if self.money.is_some() {
            all.push(("monetary", &scale.monetary));
        } else if !scale.monetary.is_empty() {
            let problem = Problem::Unfit("there is no number to cut");
            return Err(BadDefinition::new("monetary", problem));
        }
        for (field, edges) in all {
            error::some(field, edges.len(), edges_max)?;
            if edges.iter().any(|edge| !edge.is_finite()) {
                return Err(BadDefinition::new(field, Problem::NotFinite));
            }
            if !edges.is_sorted_by(|a, b| a < b) {
                let problem = Problem::Unfit("each edge must be larger than the one before");
                return Err(BadDefinition::new(field, problem));
            }
        }
        Ok(())
    }

    /// What is counted, in one sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let events = selection::words(&self.events);
        let money = self
            .money
            .as_ref()
            .map(|of| format!(", and by their sum of {} (monetary)", words::field(of)));
        let edges = match &self.edges {
            Edges::Quantiles(n) => format!("each cut into {n} scores at its quantiles"),
            Edges::Given(_) => "each cut into scores at given values".into(),
        };
        words::sentence(&format!(
            "customers with {events} by the days since their last (recency) and by how many they \
             have (frequency){}, {edges}, {}, {}",
            money.unwrap_or_default(),
            self.period.words(),
            self.calendar.words()
        ))
    }
}

/// A grid of recency and frequency, ready to be counted.
#[derive(Clone, Debug)]
pub struct Plan {
    definition: Definition,
    ask: Ask,
}

/// What is known of a customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    customer: CustomerId,
    recency_days: f64,
    n: u64,
    money: f64,
}

impl Plan {
    /// The answer.
    #[must_use]
    pub fn answer(&self, total: &[Seen]) -> Answer {
        let scale = match &self.definition.edges {
            Edges::Given(scale) => scale.clone(),
            Edges::Quantiles(n) => self.quantiles(total, *n),
        };
        let (n_recency, n_frequency) = (scale.recency_days.len() + 1, scale.frequency.len() + 1);
        let mut cells: Vec<(Vec<u64>, UnitSums)> =
            vec![(vec![0; scale.monetary.len() + 1], UnitSums::default()); n_recency * n_frequency];
        for seen in total {
            let Scores { recency, frequency, monetary } = scale.scores(seen);
            let (n_by_monetary, money) = &mut cells[(recency - 1) * n_frequency + frequency - 1];
            n_by_monetary[monetary - 1] += 1;
            money.add(seen.n, &std::iter::once(seen.money).collect());
        }
        let has_money = self.definition.money.is_some();
        let cell = |(place, (n_by_monetary, money)): (usize, (Vec<u64>, UnitSums))| Cell {
            recency: place / n_frequency + 1,
            frequency: place % n_frequency + 1,
            n: money.n(),
            n_by_monetary,
            money: has_money.then(|| money.per_unit()),
        };
        let cells = cells.into_iter().enumerate().map(cell).collect();
        Answer { n_customers: total.len() as u64, scale, cells }
    }

    /// The edges between `n` scores: type 7 of Hyndman & Fan, see [`stats::quantile`]. Without a
    /// customer there is nothing to cut.
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

    /// The customers behind a cell, of any monetary score or of one; `scale` is that of the answer.
    #[must_use]
    pub fn behind(
        &self,
        scale: &Scale,
        (recency, frequency, monetary): (usize, usize, Option<usize>),
        limit: usize,
    ) -> Scored {
        Scored {
            plan: self.clone(),
            scale: scale.clone(),
            cell: (recency, frequency, monetary),
            limit: limit.min(LISTED_MAX),
        }
    }

    /// What there is to know of a customer; `None` without an event that counts.
    #[inline]
    fn seen(&self, rows: &Rows<'_>) -> Option<Seen> {
        let n = selection::n_counted(rows, 0..rows.len());
        if n == 0 {
            return None;
        }
        let last = match rows.marks() {
            [] => rows.len() - 1,
            marks => marks.iter().rposition(|marks| *marks != 0)?,
        };
        let span = self.ask.window.until.since(Timestamp(rows.times()[last]));
        let money = self.definition.money.as_ref().map_or(0.0, |_| {
            let counted = |(row, number): (usize, &f64)| {
                let counts = selection::any_counts(rows, row..row + 1) && !number.is_nan();
                counts.then_some(*number)
            };
            rows.numbers(0).iter().enumerate().filter_map(counted).collect::<ExactSum>().value()
        });
        Some(Seen {
            customer: rows.customer(),
            recency_days: span.0.div_euclid(Duration::days(1).0) as f64,
            n,
            money,
        })
    }
}

impl Fold for Plan {
    type Total = Vec<Seen>;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Vec<Seen>) {
        total.extend(self.seen(&rows));
    }

    fn total(&self) -> Vec<Seen> {
        Vec::new()
    }

    fn merge(&self, into: &mut Vec<Seen>, mut other: Vec<Seen>) {
        into.append(&mut other);
    }
}

/// The customers with some scores.
#[derive(Clone, Debug)]
pub struct Scored {
    plan: Plan,
    scale: Scale,
    cell: (usize, usize, Option<usize>),
    limit: usize,
}

impl Fold for Scored {
    type Total = Behind;

    fn ask(&self) -> &Ask {
        &self.plan.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Behind) {
        let Some(seen) = self.plan.seen(&rows) else { return };
        let scores = self.scale.scores(&seen);
        let (recency, frequency, monetary) = self.cell;
        if (scores.recency, scores.frequency) == (recency, frequency)
            && monetary.is_none_or(|monetary| monetary == scores.monetary)
        {
            total.add(seen.customer, self.limit);
        }
    }

    fn total(&self) -> Behind {
        Behind::default()
    }

    fn merge(&self, into: &mut Behind, other: Behind) {
        into.merge(other, self.limit);
    }
}
