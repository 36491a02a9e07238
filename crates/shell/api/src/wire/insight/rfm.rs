//! How does a grid of recency and frequency travel?

use super::told::{Estimate, Explained, not_a_number};
use super::{
    Breakdown, Clock, Field, Group, Period, Selection, TraitTest, comparison, not_there, of_group,
};
use crate::error::ApiError;
use crate::wire::word::Comparison;
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
    /// What the period is compared with; nothing where nothing is said.
    pub compare: Option<Comparison>,
    /// Which events count; every event where nothing is said.
    #[serde(default)]
    pub events: Selection,
    /// The number that is the monetary value, such as revenue.
    pub money: Option<Field>,
    /// Where scores are cut; into 5 at the quantiles where nothing is said.
    pub edges: Option<RfmEdges>,
    /// By which trait customers are grouped.
    pub breakdown: Option<Breakdown>,
    /// What must hold for customers, all of it; others are not looked at. Everybody is where
    /// nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<TraitTest>,
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
    /// By group, in their order, with the same edges; none without a breakdown.
    pub groups: Vec<RfmOfGroup>,
    /// The same of the period that it is compared with, with the same edges and in the same groups.
    pub compared: Option<RfmCompared>,
    pub explained: Explained,
}

/// The customers of a group by how lately and how often they came.
#[derive(Debug, Serialize, ToSchema)]
pub struct RfmOfGroup {
    pub group: Group,
    pub n_customers: u64,
    pub cells: Vec<RfmCell>,
}

/// Customers of the period that a grid is compared with. Recency counts back from the end of that.
#[derive(Debug, Serialize, ToSchema)]
pub struct RfmCompared {
    pub n_customers: u64,
    pub cells: Vec<RfmCell>,
    pub groups: Vec<RfmOfGroup>,
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
    /// A group of the answer; all where nothing is said.
    pub group: Option<Group>,
    /// The values of the answer that have a group of their own, where `group` is `other`.
    #[serde(default)]
    pub shown: Vec<String>,
    /// Those of the period that it is compared with, instead of those of the period.
    #[serde(default)]
    pub compared: bool,
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
            comparison: comparison(self.compare),
            events: (&self.events).into(),
            money: self.money.as_ref().map(Into::into),
            edges: self.edges.as_ref().map_or(fifths, Into::into),
            breakdown: self.breakdown.as_ref().map(Into::into),
        })
    }

    /// What is left out, and why.
    pub fn left_out(&self) -> Vec<String> {
        let none = "Customers without an event that counts in the period have no score.";
        let compared = self.compare.filter(|word| *word != Comparison::None).map(|_| {
            "Customers of the period before are scored at the edges of this one, from the end of \
             that one."
                .to_owned()
        });
        let all = std::iter::once(none.to_owned()).chain(self.money.as_ref().map(not_a_number));
        all.chain(compared).collect()
    }
}

impl RfmPoint {
    /// The point of an inner answer with this scale.
    ///
    /// # Errors
    /// `Invalid` where the answer has no such point.
    pub fn inner(&self, scale: &inner::Scale) -> Result<inner::Point, ApiError> {
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
        Ok(inner::Point {
            recency: self.recency,
            frequency: self.frequency,
            monetary: self.monetary,
            group: of_group(self.group.as_ref(), &self.shown)?,
        })
    }
}

impl From<&inner::OfGroup> for RfmOfGroup {
    fn from(of: &inner::OfGroup) -> Self {
        Self {
            group: (&of.group).into(),
            n_customers: of.numbers.n_customers,
            cells: of.numbers.cells.iter().map(Into::into).collect(),
        }
    }
}

impl From<&inner::Answer> for RfmCompared {
    fn from(answer: &inner::Answer) -> Self {
        Self {
            n_customers: answer.all.n_customers,
            cells: answer.all.cells.iter().map(Into::into).collect(),
            groups: answer.groups.iter().map(Into::into).collect(),
        }
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
