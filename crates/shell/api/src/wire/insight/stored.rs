//! How does a question travel together with the name of its insight, for whoever keeps it?

use super::funnel::{FunnelAnswer, FunnelQuestion};
use super::last_touch::{LastTouchAnswer, LastTouchQuestion};
use super::lifecycle::{LifecycleAnswer, LifecycleQuestion};
use super::paths::{PathsAnswer, PathsQuestion};
use super::retention::{RetentionAnswer, RetentionQuestion};
use super::rfm::{RfmAnswer, RfmQuestion};
use super::stickiness::{StickinessAnswer, StickinessQuestion};
use super::trend::{TrendAnswer, TrendQuestion};
use super::visits::{VisitsAnswer, VisitsQuestion};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A question of any insight. The name is the last part of the path under which it is asked alone.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "insight", content = "question", rename_all = "kebab-case", deny_unknown_fields)]
pub enum StoredQuestion {
    /// How often something happens, to how many, with which numbers, over time.
    Trend(TrendQuestion),
    /// How many customers take one step after the other.
    Funnel(FunnelQuestion),
    /// Of the customers who began in some span, how many came back later.
    Retention(RetentionQuestion),
    /// How many visits there are, where they come from, and how many leave at once.
    Visits(VisitsQuestion),
    /// What customers do next, or did before, step by step.
    Paths(PathsQuestion),
    /// How many customers are new, returning, resurrecting, dormant.
    Lifecycle(LifecycleQuestion),
    /// On how many days of a week or month customers are active.
    Stickiness(StickinessQuestion),
    /// Customers by how lately and how often they came, and for how much.
    Rfm(RfmQuestion),
    /// To which touches outcomes are credited, the last one before each.
    LastTouch(LastTouchQuestion),
}

/// Its answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "insight", content = "answer", rename_all = "kebab-case")]
pub enum StoredAnswer {
    Trend(TrendAnswer),
    Funnel(FunnelAnswer),
    Retention(RetentionAnswer),
    Visits(Box<VisitsAnswer>),
    Paths(PathsAnswer),
    Lifecycle(LifecycleAnswer),
    Stickiness(StickinessAnswer),
    Rfm(RfmAnswer),
    LastTouch(LastTouchAnswer),
}
