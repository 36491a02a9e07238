//! How does a grid of recency and frequency travel?

use super::told::{Estimate, Explained, not_a_number};
use super::{Clock, Field, Period, Selection, not_there};
use crate::error::ApiError;
use insight::rfm as inner;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Scores where nothing is said.
const SCORES_DEFAULT: usize = 5;

/// Who came lately, often, and for much?
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RfmQuestion {
    #[serde(default)]
    pub clock: Clock,
    /// Which stretch of time is looked at; recency counts back from its end.
    pub period: Period,
    /// Which events count; every event where nothing is said.
    #[serde(default)]
    pub events: Selection,
    /// The number that is the monetary value, such as revenue.
    pub money: Option<Field>,
    /// Where scores are cut; into 5 at the quantiles where nothing is said.
    pub edges: Option<RfmEdges>,
}

/// Where scores are cut.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum RfmEdges {
    /// At the quantiles of all customers.
    Quantiles {
        /// Into how many scores, 2 to 10.
        #[schema(examples(5))]
        quantiles: usize,
    },
    /// At these values.
    Given(RfmScale),
}

/// The values at which scores are cut, ascending; a value on an edge belongs to the lower side.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct RfmScale {
    /// Days since the last event. Who is above the last edge scores 1.
    #[schema(examples(json!([30.0, 90.0])))]
    pub recency_days: Vec<f64>,
    /// Events. Who is above the last edge scores highest.
    #[schema(examples(json!([1.0, 3.0])))]
    pub frequency: Vec<f64>,
    /// The sum of the number; none where none is named.
    #[serde(default)]
    pub monetary: Vec<f64>,
}

/// Customers by how lately and how often they came.
#[derive(Debug, Serialize, ToSchema)]
pub struct RfmAnswer {
    pub n_customers: u64,
    /// Where scores are cut.
    pub scale: RfmScale,
    /// By recency and frequency, both from 1; also those with nobody.
    pub cells: Vec<RfmCell>,
    pub explained: Explained,
}

/// The customers with the same scores for recency and frequency.
#[derive(Debug, Serialize, ToSchema)]
pub struct RfmCell {
    /// From 1; high for who came lately.
    pub recency: usize,
    /// From 1; high for who came often.
    pub frequency: usize,
    pub n: u64,
    /// Of these, how many have each score for the monetary value, from 1.
    pub n_by_monetary: Vec<u64>,
    /// The mean monetary value; `null` where no number is named.
    pub money: Option<Estimate>,
}

/// Whose names are asked for: customers with these scores.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RfmPoint {
    pub question: RfmQuestion,
    /// The score, from 1.
    pub recency: usize,
    /// The score, from 1.
    pub frequency: usize,
    /// The score, from 1; any where nothing is said.
    pub monetary: Option<usize>,
    /// How many customers to list, 500 at most; 50 where nothing is said.
    pub limit: Option<usize>,
}

impl RfmQuestion {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn definition(&self) -> Result<inner::Definition, ApiError> {
        let fifths = inner::Edges::Quantiles(SCORES_DEFAULT);
        Ok(inner::Definition {
            calendar: self.clock.calendar()?,
            period: self.period.inner()?,
            events: (&self.events).into(),
            money: self.money.as_ref().map(Into::into),
            edges: self.edges.as_ref().map_or(fifths, Into::into),
        })
    }

    /// What is left out, and why.
    pub fn left_out(&self) -> Vec<String> {
        let none = "Customers without an event that counts in the period have no score.";
        std::iter::once(none.to_owned()).chain(self.money.as_ref().map(not_a_number)).collect()
    }
}

impl RfmPoint {
    /// The scores, of an answer with this scale.
    ///
    /// # Errors
    /// `Invalid` where the answer has no such point.
    pub fn scores(&self, scale: &inner::Scale) -> Result<(usize, usize, Option<usize>), ApiError> {
        let is_there = |score: usize, edges: &[f64]| (1..=edges.len() + 1).contains(&score);
        if !is_there(self.recency, &scale.recency_days) {
            return Err(not_there("recency"));
        }
        if !is_there(self.frequency, &scale.frequency) {
            return Err(not_there("frequency"));
        }
        if !self.monetary.is_none_or(|score| is_there(score, &scale.monetary)) {
            return Err(not_there("monetary"));
        }
        Ok((self.recency, self.frequency, self.monetary))
    }
}

impl From<&RfmEdges> for inner::Edges {
    fn from(edges: &RfmEdges) -> Self {
        match edges {
            RfmEdges::Quantiles { quantiles } => Self::Quantiles(*quantiles),
            RfmEdges::Given(scale) => Self::Given(inner::Scale {
                recency_days: scale.recency_days.clone(),
                frequency: scale.frequency.clone(),
                monetary: scale.monetary.clone(),
            }),
        }
    }
}

impl From<&inner::Scale> for RfmScale {
    fn from(scale: &inner::Scale) -> Self {
        Self {
            recency_days: scale.recency_days.clone(),
            frequency: scale.frequency.clone(),
            monetary: scale.monetary.clone(),
        }
    }
}

impl From<&inner::Cell> for RfmCell {
    fn from(cell: &inner::Cell) -> Self {
        Self {
            recency: cell.recency,
            frequency: cell.frequency,
            n: cell.n,
            n_by_monetary: cell.n_by_monetary.clone(),
            money: cell.money.as_ref().map(Into::into),
        }
    }
}
