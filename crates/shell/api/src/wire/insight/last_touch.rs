//! How do outcomes travel with the touch that was the last before them?

use super::told::{Estimate, Explained, not_a_number};
use super::{
    Clock, EventLabel, Field, Group, LENGTH_MAX, Period, Selection, TraitTest, comparison,
    n_groups_default, of_group, seconds,
};
use crate::error::ApiError;
use crate::wire::word::Comparison;
use insight::last_touch as inner;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which touch was the last before an outcome?
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LastTouchQuestion {
    #[serde(default)]
    pub clock: Clock,
    /// When outcomes happen.
    pub period: Period,
    /// What the period is compared with; nothing where nothing is said.
    pub compare: Option<Comparison>,
    /// Which events are outcomes.
    pub outcome: Selection,
    /// Which events are touches.
    pub touch: Selection,
    /// What a touch is called.
    pub label: EventLabel,
    /// How long ago a touch may be, in seconds.
    #[schema(examples(2_592_000))]
    pub within: f64,
    /// A number of outcomes that is added up, such as revenue.
    pub value: Option<Field>,
    /// Groups of their own at most; the rest is "other". 10 where nothing is said.
    #[serde(default = "n_groups_default")]
    pub n_groups: usize,
    /// What must hold for customers, all of it; others are not looked at. Everybody is where
    /// nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<TraitTest>,
}

/// To which touches outcomes are credited.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastTouchAnswer {
    /// Outcomes of the period.
    pub n_outcomes: u64,
    /// By touch: those with the most outcomes first, then other, then touches without a label.
    pub rows: Vec<LastTouchRow>,
    /// Outcomes without a touch in time.
    pub untouched: TouchedOutcomes,
    /// The same of the period that it is compared with, with the same touches.
    pub compared: Option<LastTouchCompared>,
    pub explained: Explained,
}

/// To which touches the outcomes were credited of the period that it is compared with.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastTouchCompared {
    pub n_outcomes: u64,
    /// In the order of the answer. Where that has no "other", touches that it does not have are in
    /// no row.
    pub rows: Vec<LastTouchRow>,
    pub untouched: TouchedOutcomes,
}

/// What is credited to a touch.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastTouchRow {
    /// What the touch is called.
    pub group: Group,
    pub outcomes: TouchedOutcomes,
}

/// Some outcomes.
#[derive(Debug, Serialize, ToSchema)]
pub struct TouchedOutcomes {
    pub n: u64,
    /// Share of all outcomes; the interval takes them as independent.
    pub of_all: Estimate,
    /// What their values add up to, where one is asked for.
    pub sum: Option<f64>,
}

/// Whose names are asked for: customers with such an outcome.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LastTouchPoint {
    pub question: LastTouchQuestion,
    /// A group of the answer; all touches where nothing is said.
    pub group: Option<Group>,
    /// The values of the answer that have a group of their own, where `group` is `other`.
    #[serde(default)]
    pub shown: Vec<String>,
    /// Those with an outcome without a touch, instead of a group.
    #[serde(default)]
    pub is_untouched: bool,
    /// Those of the period that it is compared with, instead of those of the period.
    #[serde(default)]
    pub compared: bool,
    /// How many customers to list, 500 at most; 50 where nothing is said.
    pub limit: Option<usize>,
}

impl LastTouchQuestion {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn definition(&self) -> Result<inner::Definition, ApiError> {
        Ok(inner::Definition {
            calendar: self.clock.calendar()?,
            period: self.period.inner()?,
            comparison: comparison(self.compare),
            outcome: (&self.outcome).into(),
            touch: (&self.touch).into(),
            label: (&self.label).into(),
            within: seconds("within", self.within, LENGTH_MAX)?,
            value: self.value.as_ref().map(Into::into),
            n_groups: self.n_groups,
        })
    }

    /// What is left out, and why.
    pub fn left_out(&self) -> Vec<String> {
        let earlier = "Touches before the last one of an outcome are credited with nothing.";
        std::iter::once(earlier.to_owned()).chain(self.value.as_ref().map(not_a_number)).collect()
    }
}

impl LastTouchPoint {
    /// The point of the inner answer.
    ///
    /// # Errors
    /// `Invalid` where the answer has no such point.
    pub fn inner(&self) -> Result<inner::Point, ApiError> {
        if self.is_untouched && self.group.is_some() {
            let message = "outcomes without a touch are in no group";
            return Err(ApiError::field("group", message));
        }
        if self.is_untouched {
            return Ok(inner::Point::Untouched);
        }
        let (group, shown) = of_group(self.group.as_ref(), &self.shown)?;
        Ok(inner::Point::Touched(group, shown))
    }
}

impl From<&inner::Answer> for LastTouchCompared {
    fn from(answer: &inner::Answer) -> Self {
        Self {
            n_outcomes: answer.n_outcomes,
            rows: answer.rows.iter().map(Into::into).collect(),
            untouched: (&answer.untouched).into(),
        }
    }
}

impl From<&inner::Credited> for LastTouchRow {
    fn from(row: &inner::Credited) -> Self {
        Self { group: (&row.group).into(), outcomes: (&row.outcomes).into() }
    }
}

impl From<&inner::Outcomes> for TouchedOutcomes {
    fn from(outcomes: &inner::Outcomes) -> Self {
        Self { n: outcomes.n, of_all: (&outcomes.of_all).into(), sum: outcomes.sum }
    }
}
