//! What comes with every answer: what it means, what it rests on, how sure it is?

use super::{Clock, Field};
use crate::wire::customer::CustomerRow;
use crate::wire::scalar::Time;
use app::insights::Seen;
use serde::Serialize;
use stats::NotEstimable;
use timeline::{FactTest, Window};
use utoipa::ToSchema;

/// What a number means, and what it rests on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Explained {
    /// The question in words.
    pub words: String,
    /// The same question in SQL, where it can be asked so.
    pub sql: Option<String>,
    /// What its numbers count; `null` where each says so itself.
    #[schema(examples("customers"))]
    pub unit: Option<String>,
    /// The first moment that counts.
    pub from: Time,
    /// The first moment after it.
    pub until: Time,
    /// By which clock days and weeks are counted.
    pub clock: Clock,
    /// Events that were looked at, before `who` chooses among their customers.
    pub n_events: u64,
    /// Customers who have any of them, before `who` chooses among them.
    pub n_customers: u64,
    /// The last entry of the log whose events are in it.
    #[schema(examples("p_0960"))]
    pub through: String,
    /// When it was answered.
    pub answered_at: Time,
    /// What was left out, and why.
    pub left_out: Vec<String>,
}

/// A number that is estimated from some units, with its 95 % confidence interval.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Estimate {
    pub value: Option<f64>,
    /// From how many units.
    pub n: u64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Why there is no number, or no interval.
    pub not_estimable: Option<String>,
}

/// How long something took.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Took {
    /// How many times it happened.
    pub n: u64,
    pub mean_seconds: f64,
    pub quarter_seconds: f64,
    pub median_seconds: f64,
    pub three_quarters_seconds: f64,
    /// How often it took how long.
    pub bins: Vec<Bin>,
}

/// How often it took so long.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Bin {
    /// At least this.
    pub from_seconds: f64,
    /// Less than this; open at the end.
    pub until_seconds: Option<f64>,
    pub n: u64,
}

/// The customers behind a point of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct BehindPoint {
    /// How many they are.
    pub n: u64,
    /// The first of them by id, as many as were asked for.
    pub items: Vec<CustomerRow>,
}

/// What a question says of itself before anything is counted.
pub struct Said {
    /// In words.
    pub words: String,
    /// In SQL, where it can be asked so.
    pub sql: Option<String>,
    /// What its numbers count, where all count the same.
    pub unit: Option<String>,
    /// The time that it is about.
    pub window: Window,
    /// What is left out, and why; each a sentence.
    pub left_out: Vec<String>,
}

impl Said {
    /// The same of customers for whom all of `who` holds alone.
    #[must_use]
    pub fn among(mut self, who: &[FactTest]) -> Self {
        if let Some(whom) = insight::selection::who_words(who) {
            self.words = format!("{} {whom}", self.words);
        }
        self.sql = self.sql.map(|sql| insight::sql::among(&sql, who));
        self
    }
}

impl Explained {
    /// Of an answer that looked at `seen`, and was given `now`.
    pub fn new(said: Said, clock: &Clock, (seen, now): (&Seen, base::Timestamp)) -> Self {
        let Said { words, sql, unit, window, mut left_out } = said;
        left_out.extend(resting(seen.n_left_out));
        Self {
            words,
            sql,
            unit,
            from: window.from.into(),
            until: window.until.into(),
            clock: clock.clone(),
            n_events: seen.n_rows,
            n_customers: seen.n_customers,
            through: seen.through.to_string(),
            answered_at: now.into(),
            left_out,
        }
    }
}

/// That customers are left out of every answer, where there are any.
fn resting(n: u64) -> Option<String> {
    let whom = match n {
        0 => return None,
        1 => "1 customer whose data rest is".to_owned(),
        n => format!("{n} customers whose data rest are"),
    };
    Some(format!("{whom} left out, with all of their events: processing is suspended."))
}

impl From<&stats::Estimate> for Estimate {
    fn from(estimate: &stats::Estimate) -> Self {
        let interval = estimate.interval.as_ref();
        Self {
            value: Some(estimate.value),
            n: estimate.n,
            low: interval.ok().map(|interval| interval.low),
            high: interval.ok().map(|interval| interval.high),
            not_estimable: interval.err().map(ToString::to_string),
        }
    }
}

impl From<&Result<stats::Estimate, NotEstimable>> for Estimate {
    fn from(estimate: &Result<stats::Estimate, NotEstimable>) -> Self {
        match estimate {
            Ok(estimate) => estimate.into(),
            Err(why) => {
                let not_estimable = Some(why.to_string());
                Self { value: None, n: 0, low: None, high: None, not_estimable }
            }
        }
    }
}

impl From<&insight::Took> for Took {
    fn from(took: &insight::Took) -> Self {
        let bin = |bin: &insight::Bin| Bin {
            from_seconds: seconds(bin.from),
            until_seconds: bin.until.map(seconds),
            n: bin.n,
        };
        Self {
            n: took.n,
            mean_seconds: seconds(took.mean),
            quarter_seconds: seconds(took.quarter),
            median_seconds: seconds(took.median),
            three_quarters_seconds: seconds(took.three_quarters),
            bins: took.bins.iter().map(bin).collect(),
        }
    }
}

/// That events without a number are left out of what is measured of it.
pub fn not_a_number(field: &Field) -> String {
    let name = field.name();
    format!("Events in which {name} is missing or no number are not in what is measured of it.")
}

/// A length of time in seconds.
fn seconds(duration: base::Duration) -> f64 {
    duration.0 as f64 / 1e6
}
