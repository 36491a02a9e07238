//! How do paths travel?

use super::told::Explained;
use super::{AddressPart, TraitTest, not_there, refused_as, seconds, texts};
use super::{
    Clock, EventLabel, Field, LENGTH_MAX, Period, Selection, comparison, n_groups_default,
};
use crate::error::ApiError;
use crate::wire::word::{AnchorsCounted, Comparison};
use base::{Duration, Timestamp};
use insight::paths as inner;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use timeline::Label;
use utoipa::ToSchema;

/// Steps of a path where nothing is said.
const DEPTH_DEFAULT: usize = 5;

/// What do customers do next, or what did they do before?
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PathsQuestion {
    #[serde(default)]
    pub clock: Clock,
    /// When anchors happen.
    pub period: Period,
    /// What the period is compared with; nothing where nothing is said.
    pub compare: Option<Comparison>,
    /// Where paths are anchored.
    pub anchor: PathsAnchor,
    /// Which anchors of a customer count; `every` where nothing is said.
    pub which: Option<AnchorsCounted>,
    /// Which events are steps; every event where nothing is said. Anchors are in any case.
    #[serde(default)]
    pub among: Selection,
    /// What a step is called; by the name of the event where nothing is said.
    pub label: Option<EventLabel>,
    /// Whether repeated steps are one.
    #[serde(default)]
    pub collapse: bool,
    /// A path ends where nothing happens for longer than this, in seconds.
    #[schema(examples(1_800))]
    pub gap: Option<f64>,
    /// A path reaches no further from its anchor than this, in seconds.
    pub within: Option<f64>,
    /// Steps of a path at most, the anchor included: 2 to 10; 5 where nothing is said.
    #[serde(default = "depth_default")]
    pub depth: usize,
    /// Steps that are shown of their own at each level, 1 to 50; the rest is "other". 10 where
    /// nothing is said.
    #[serde(default = "n_groups_default")]
    pub n_shown: usize,
    /// What must hold for customers, all of it; others are not looked at. Everybody is where
    /// nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<TraitTest>,
}

fn depth_default() -> usize {
    DEPTH_DEFAULT
}

/// Where paths are anchored.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum PathsAnchor {
    /// They begin with such an event.
    From {
        /// The event.
        events: Selection,
    },
    /// They end with such an event: the next level is the step before it.
    To {
        /// The event.
        events: Selection,
    },
    /// They begin with the first step after a gap, which must be given.
    Sessions,
}

/// Steps level by level, and how they follow on each other.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathsAnswer {
    pub n_paths: u64,
    /// Customers with such a path.
    pub n_customers: u64,
    /// The steps at each level, the anchors first: the most frequent, then other, absent, end.
    pub levels: Vec<Vec<PathsNode>>,
    pub links: Vec<PathsLink>,
    /// The 50 most frequent beginnings of three steps, the anchor included.
    pub top: Vec<TopPath>,
    /// The same of the period that it is compared with.
    pub compared: Option<PathsCompared>,
    pub explained: Explained,
}

/// Steps of the period that paths are compared with, in the order of the answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathsCompared {
    pub n_paths: u64,
    /// Customers with such a path.
    pub n_customers: u64,
    /// The steps of the answer in its order, 0 where there were none. After them those that there
    /// were before alone, unless the answer has an "other" at that level: then they are in that.
    pub levels: Vec<Vec<PathsNode>>,
    /// The links of the answer in its order, 0 where there were none; after them those that there
    /// were before alone.
    pub links: Vec<PathsLink>,
    /// The beginnings of the answer in its order, 0 where there were none; none at all where there
    /// were no paths.
    pub top: Vec<TopPath>,
}

/// What is done at a level.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum PathStep {
    /// This.
    Value {
        /// What it is called.
        value: String,
    },
    /// One of the steps that are not shown.
    Other {
        /// How many that are.
        n_values: usize,
    },
    /// Something that has no name; only anchors.
    Absent,
    /// Nothing more: the path ended before.
    End,
}

/// A step at a level.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathsNode {
    pub step: PathStep,
    /// By how many paths.
    pub n: u64,
}

/// A step, and the one after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathsLink {
    /// The level of the first, from 0: the anchors.
    pub level: usize,
    /// Its place there.
    pub from: usize,
    /// The place of the second at the next level.
    pub to: usize,
    /// In how many paths.
    pub n: u64,
}

/// A beginning of paths.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopPath {
    /// Its steps; one that is shorter ends with `end`.
    pub steps: Vec<PathStep>,
    /// How many paths begin so.
    pub n: u64,
    /// Of all paths; there is no interval, because the paths of a customer are alike.
    pub share: f64,
}

/// Whose names are asked for: customers with a path through a step, or through two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PathsPoint {
    pub question: PathsQuestion,
    /// The level, from 0: the anchors.
    pub level: usize,
    pub step: PathStep,
    /// The values that the answer shows at that level, where `step` is `other`.
    #[serde(default)]
    pub shown: Vec<String>,
    /// The step at the next level; any where nothing is said.
    pub next: Option<NextStep>,
    /// Those of the period that it is compared with, instead of those of the period.
    #[serde(default)]
    pub compared: bool,
    /// How many customers to list, 500 at most; 50 where nothing is said.
    pub limit: Option<usize>,
}

/// The step at the next level.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NextStep {
    pub step: PathStep,
    /// The values that the answer shows at that level, where `step` is `other`.
    #[serde(default)]
    pub shown: Vec<String>,
}

impl PathsQuestion {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn definition(&self) -> Result<inner::Definition, ApiError> {
        let length = |field: &str, length: Option<f64>| -> Result<Option<Duration>, ApiError> {
            length.map(|length| seconds(field, length, LENGTH_MAX)).transpose()
        };
        Ok(inner::Definition {
            calendar: self.clock.calendar()?,
            period: self.period.inner()?,
            comparison: comparison(self.compare),
            anchor: (&self.anchor).into(),
            which: self.which.map_or(inner::Which::Every, Into::into),
            among: (&self.among).into(),
            label: self.label(),
            collapse: self.collapse,
            gap: length("gap", self.gap)?,
            within: length("within", self.within)?,
            depth: self.depth,
            n_shown: self.n_shown,
        })
    }

    /// The question as it is `now`.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn checked(&self, now: Timestamp) -> Result<inner::Plan, ApiError> {
        self.definition()?.plan(now).map_err(refused_as(&[("anchor", "anchor.events")]))
    }

    /// The same of the period that it is compared with, if there is one.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn checked_before(&self, now: Timestamp) -> Result<Option<inner::Plan>, ApiError> {
        self.definition()?.plan_compared(now).map_err(refused_as(&[("anchor", "anchor.events")]))
    }

    /// What is left out, and why.
    pub fn left_out(&self) -> Vec<String> {
        let name = self.label.as_ref().map(|label| label.field.name());
        let unnamed = name.map(|name| format!("Events in which {name} is missing are no steps."));
        let mut all: Vec<String> = unnamed.into_iter().collect();
        if self.within.is_none() {
            all.push("Steps out of the period are not seen.".to_owned());
        }
        all
    }

    fn label(&self) -> Label {
        let name = EventLabel { field: Field::Name, view: AddressPart::Whole };
        self.label.as_ref().unwrap_or(&name).into()
    }
}

impl PathsPoint {
    /// The point of the inner answer.
    ///
    /// # Errors
    /// `Invalid` where the answer has no such point.
    pub fn inner(&self) -> Result<inner::Point, ApiError> {
        let n_levels = self.level + 1 + usize::from(self.next.is_some());
        if n_levels > self.question.depth {
            return Err(not_there("level"));
        }
        let next = self.next.as_ref();
        let next = next.map(|next| of_step(&next.step, ("next.shown", &next.shown))).transpose()?;
        let (step, shown) = of_step(&self.step, ("shown", &self.shown))?;
        Ok(inner::Point { level: self.level, step, shown, next })
    }
}

/// A step, and the values that are shown at its level.
fn of_step(
    step: &PathStep,
    (field, shown): (&str, &[String]),
) -> Result<(inner::Step, Vec<Arc<str>>), ApiError> {
    if matches!(step, PathStep::Other { .. }) && shown.is_empty() {
        let message = "'other' needs the values that the answer shows at that level";
        return Err(ApiError::field(field, message));
    }
    Ok((step.into(), texts(shown)))
}

impl From<&inner::Answer> for PathsCompared {
    fn from(answer: &inner::Answer) -> Self {
        let level = |nodes: &Vec<inner::Node>| nodes.iter().map(Into::into).collect();
        Self {
            n_paths: answer.n_paths,
            n_customers: answer.n_customers,
            levels: answer.levels.iter().map(level).collect(),
            links: answer.links.iter().map(Into::into).collect(),
            top: answer.top.iter().map(Into::into).collect(),
        }
    }
}

impl From<&PathsAnchor> for inner::Anchor {
    fn from(anchor: &PathsAnchor) -> Self {
        match anchor {
            PathsAnchor::From { events } => Self::From(events.into()),
            PathsAnchor::To { events } => Self::To(events.into()),
            PathsAnchor::Sessions => Self::Sessions,
        }
    }
}

impl From<&PathStep> for inner::Step {
    fn from(step: &PathStep) -> Self {
        match step {
            PathStep::Value { value } => Self::Value(value.as_str().into()),
            PathStep::Other { n_values } => Self::Other { n_values: *n_values },
            PathStep::Absent => Self::Absent,
            PathStep::End => Self::End,
        }
    }
}

impl From<&inner::Step> for PathStep {
    fn from(step: &inner::Step) -> Self {
        match step {
            inner::Step::Value(value) => Self::Value { value: value.to_string() },
            inner::Step::Other { n_values } => Self::Other { n_values: *n_values },
            inner::Step::Absent => Self::Absent,
            inner::Step::End => Self::End,
        }
    }
}

impl From<&inner::Node> for PathsNode {
    fn from(node: &inner::Node) -> Self {
        Self { step: (&node.step).into(), n: node.n }
    }
}

impl From<&inner::Link> for PathsLink {
    fn from(link: &inner::Link) -> Self {
        Self { level: link.level, from: link.from, to: link.to, n: link.n }
    }
}

impl From<&inner::TopPath> for TopPath {
    fn from(top: &inner::TopPath) -> Self {
        Self { steps: top.steps.iter().map(Into::into).collect(), n: top.n, share: top.share }
    }
}
