//! How does a lifecycle travel?

use super::told::{Estimate, Explained};
use super::{
    Breakdown, Clock, Group, Period, Selection, TraitTest, comparison, not_there, of_group,
};
use crate::error::ApiError;
use crate::wire::scalar::Time;
use crate::wire::word::{Comparison, Grain, LifecycleState};
use insight::lifecycle as inner;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Does the number of active customers grow because new ones come, or because old ones stay?
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LifecycleQuestion {
    #[serde(default)]
    pub clock: Clock,
    /// Which stretch of time is looked at; a span in which it begins is taken whole.
    pub period: Period,
    /// What the period is compared with; nothing where nothing is said.
    pub compare: Option<Comparison>,
    /// By what it is cut.
    pub grain: Grain,
    /// Which events make a customer active; every event where nothing is said.
    #[serde(default)]
    pub events: Selection,
    /// Into which groups customers fall: by a trait, or by a field of their first event that counts
    /// in the span (of the dormant, in the span before).
    pub breakdown: Option<Breakdown>,
    /// What must hold for customers, all of it; others are not looked at. Everybody is where
    /// nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<TraitTest>,
}

/// The states of customers, over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct LifecycleAnswer {
    /// Of all customers.
    pub spans: Vec<LifecycleSpan>,
    /// By group, in their order; none without a breakdown.
    pub groups: Vec<LifecycleOfGroup>,
    /// The same of the period that it is compared with, in the same groups.
    pub compared: Option<LifecycleCompared>,
    pub explained: Explained,
}

/// The states of the customers of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct LifecycleOfGroup {
    pub group: Group,
    pub spans: Vec<LifecycleSpan>,
}

/// The states of the period that a lifecycle is compared with.
#[derive(Debug, Serialize, ToSchema)]
pub struct LifecycleCompared {
    pub spans: Vec<LifecycleSpan>,
    pub groups: Vec<LifecycleOfGroup>,
}

/// The states of one span.
#[derive(Debug, Serialize, ToSchema)]
pub struct LifecycleSpan {
    pub begin: Time,
    /// What it is called.
    #[schema(examples("2026-02"))]
    pub name: String,
    /// Whether it is over; else who is dormant may still come.
    pub is_whole: bool,
    /// Active: new, returning and resurrecting together.
    pub n_active: u64,
    /// Active for the first time in all of history.
    pub n_new: u64,
    /// Active as in the span right before.
    pub n_returning: u64,
    /// Active again, after at least one span without.
    pub n_resurrecting: u64,
    /// Not active, but in the span right before.
    pub n_dormant: u64,
    /// Of those active right before, the share that is active again; of a group, in whichever
    /// group.
    pub kept: Estimate,
}

/// Whose names are asked for: customers in a state in a span.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LifecyclePoint {
    pub question: LifecycleQuestion,
    /// The place of the span.
    pub span: usize,
    pub state: LifecycleState,
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

impl LifecycleQuestion {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn definition(&self) -> Result<inner::Definition, ApiError> {
        Ok(inner::Definition {
            calendar: self.clock.calendar()?,
            period: self.period.inner()?,
            comparison: comparison(self.compare),
            grain: self.grain.into(),
            events: (&self.events).into(),
            breakdown: self.breakdown.as_ref().map(Into::into),
        })
    }

    /// What is left out, and why.
    pub fn left_out(&self) -> Vec<String> {
        let by_event = self.breakdown.as_ref().is_some_and(Breakdown::is_of_event);
        let later = "A customer is in one group of a span: events that count after the first in it \
                     make them active in no other.";
        by_event.then(|| later.to_owned()).into_iter().collect()
    }
}

impl LifecyclePoint {
    /// The point of the inner answer, of so many spans.
    ///
    /// # Errors
    /// `Invalid` where the answer has no such point.
    pub fn inner(&self, n_spans: usize) -> Result<inner::Point, ApiError> {
        if self.span >= n_spans {
            return Err(not_there("span"));
        }
        let group = of_group(self.group.as_ref(), &self.shown)?;
        Ok(inner::Point { span: self.span, state: self.state.into(), group })
    }
}

impl From<&inner::OfGroup> for LifecycleOfGroup {
    fn from(of: &inner::OfGroup) -> Self {
        Self { group: (&of.group).into(), spans: of.spans.iter().map(Into::into).collect() }
    }
}

impl From<&inner::Answer> for LifecycleCompared {
    fn from(answer: &inner::Answer) -> Self {
        Self {
            spans: answer.spans.iter().map(Into::into).collect(),
            groups: answer.groups.iter().map(Into::into).collect(),
        }
    }
}

impl From<&inner::Span> for LifecycleSpan {
    fn from(span: &inner::Span) -> Self {
        Self {
            begin: span.begin.into(),
            name: span.name.clone(),
            is_whole: span.is_whole,
            n_active: span.n_active(),
            n_new: span.n_new,
            n_returning: span.n_returning,
            n_resurrecting: span.n_resurrecting,
            n_dormant: span.n_dormant,
            kept: (&span.kept).into(),
        }
    }
}
