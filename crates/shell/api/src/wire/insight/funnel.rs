//! How does a funnel travel?

use super::told::{Estimate, Explained, Took};
use super::{
    Breakdown, Clock, EventLabel, Group, LENGTH_MAX, Period, Selection, TraitTest, comparison,
    of_group, seconds,
};
use crate::error::ApiError;
use crate::wire::word::{AttemptEvent, Comparison, FunnelSide, StepOrder};
use insight::funnel as inner;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which funnel is asked for.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FunnelQuestion {
    #[serde(default)]
    pub clock: Clock,
    /// When attempts begin.
    pub period: Period,
    /// What the period is compared with; nothing where nothing is said.
    pub compare: Option<Comparison>,
    /// 2 to 10 steps.
    pub steps: Vec<Selection>,
    /// How their events lie to each other; `ordered` where nothing is said.
    pub order: Option<StepOrder>,
    /// In a strict funnel, the events that must not lie between steps; every event where nothing
    /// is said.
    pub among: Option<Selection>,
    /// How long after its beginning an attempt may take a step, in seconds.
    #[schema(examples(604_800))]
    pub within: f64,
    /// What ends an attempt.
    #[serde(default)]
    pub exclusions: Vec<FunnelExclusion>,
    /// Fields that must say the same in all steps of an attempt.
    #[serde(default)]
    pub held: Vec<EventLabel>,
    pub breakdown: Option<Breakdown>,
    /// Of which event of the attempt the group is taken; the first where nothing is said.
    pub at: Option<AttemptEvent>,
    /// What must hold for customers, all of it; others are not looked at. Everybody is where
    /// nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<TraitTest>,
}

/// Events that end an attempt.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FunnelExclusion {
    pub condition: Selection,
    /// It counts in attempts that have reached this step, from 1.
    pub after: usize,
    /// And not yet this one.
    pub before: usize,
}

/// A funnel.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelAnswer {
    /// Of all who began.
    pub all: FunnelOfGroup,
    /// By group, in their order; none without a breakdown.
    pub groups: Vec<FunnelOfGroup>,
    /// Of all who began in the period that it is compared with.
    pub compared: Option<FunnelOfGroup>,
    /// The same by group, in the order of `groups`; none without a breakdown.
    pub compared_groups: Vec<FunnelOfGroup>,
    pub explained: Explained,
}

/// The funnel of one group.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelOfGroup {
    pub group: Group,
    pub steps: Vec<FunnelStep>,
    /// How long those who reached the last step took from the first.
    pub took: Option<Took>,
}

/// One step.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelStep {
    /// Customers who reached it.
    pub n: u64,
    /// Customers who reached the step before and not this one.
    pub n_dropped: u64,
    /// Share of those who began.
    pub of_first: Estimate,
    /// Share of those who reached the step before.
    pub of_previous: Estimate,
    /// How long they took from the step before.
    pub took: Option<Took>,
}

/// Whose names are asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FunnelPoint {
    pub question: FunnelQuestion,
    /// The step, from 1.
    pub step: usize,
    pub side: FunnelSide,
    /// A group of the answer; all where nothing is said.
    pub group: Option<Group>,
    /// The values of the answer that have a group of their own, where `group` is `other`.
    #[serde(default)]
    pub shown: Vec<String>,
    /// Whether customers of the period that it is compared with are asked for.
    #[serde(default)]
    pub compared: bool,
    /// How many customers to list, 500 at most; 50 where nothing is said.
    pub limit: Option<usize>,
}

impl FunnelQuestion {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn definition(&self) -> Result<inner::Definition, ApiError> {
        let exclusion = |exclusion: &FunnelExclusion| inner::Exclusion {
            condition: (&exclusion.condition).into(),
            after: exclusion.after,
            before: exclusion.before,
        };
        let at = self.at.map_or(inner::At::First, Into::into);
        let by = |by: &Breakdown| inner::FunnelBreakdown { by: by.into(), at };
        Ok(inner::Definition {
            calendar: self.clock.calendar()?,
            period: self.period.inner()?,
            comparison: comparison(self.compare),
            steps: self.steps.iter().map(Into::into).collect(),
            order: self.order(),
            within: seconds("within", self.within, LENGTH_MAX)?,
            exclusions: self.exclusions.iter().map(exclusion).collect(),
            held: self.held.iter().map(Into::into).collect(),
            breakdown: self.breakdown.as_ref().map(by),
        })
    }

    /// What is left out, and why.
    pub fn left_out(&self) -> Vec<String> {
        let mut all = vec![
            "Attempts that began before the period are not in it.".to_owned(),
            "Attempts that are not over yet may still get deeper; until then they count as they \
             stand."
                .to_owned(),
        ];
        if !self.held.is_empty() {
            let names: Vec<&str> = self.held.iter().map(|held| held.field.name()).collect();
            all.push(format!("Events without {} are no steps: it is held.", names.join(", ")));
        }
        if !self.exclusions.is_empty() {
            all.push("Attempts that an excluded event ended get no deeper.".to_owned());
        }
        all
    }

    fn order(&self) -> inner::Order {
        match self.order.unwrap_or(StepOrder::Ordered) {
            StepOrder::Ordered => inner::Order::Ordered,
            StepOrder::Strict => {
                inner::Order::Strict(self.among.as_ref().map(Into::into).unwrap_or_default())
            }
            StepOrder::Any => inner::Order::Any,
        }
    }
}

impl FunnelPoint {
    /// The point of the inner answer.
    ///
    /// # Errors
    /// `Invalid` where the answer has no such point.
    pub fn inner(&self) -> Result<inner::Point, ApiError> {
        let n_steps = self.question.steps.len();
        if !(1..=n_steps).contains(&self.step) {
            return Err(ApiError::field("step", format!("the funnel has steps 1 to {n_steps}")));
        }
        let group = of_group(self.group.as_ref(), &self.shown)?;
        Ok(inner::Point { step: self.step, side: self.side.into(), group })
    }
}

impl From<&inner::FunnelGroup> for FunnelOfGroup {
    fn from(of: &inner::FunnelGroup) -> Self {
        let step = |step: &inner::FunnelStep| FunnelStep {
            n: step.n,
            n_dropped: step.n_dropped,
            of_first: (&step.of_first).into(),
            of_previous: (&step.of_previous).into(),
            took: step.took.as_ref().map(Into::into),
        };
        Self {
            group: (&of.group).into(),
            steps: of.steps.iter().map(step).collect(),
            took: of.took.as_ref().map(Into::into),
        }
    }
}
