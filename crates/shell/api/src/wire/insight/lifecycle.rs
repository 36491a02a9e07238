//! How does a lifecycle travel?

use super::told::{Estimate, Explained};
use super::{Clock, Period, Selection};
use crate::error::ApiError;
use crate::wire::scalar::Time;
use crate::wire::word::{Grain, LifecycleState};
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
    /// By what it is cut.
    pub grain: Grain,
    /// Which events make a customer active; every event where nothing is said.
    #[serde(default)]
    pub events: Selection,
}

/// The states of customers, over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct LifecycleAnswer {
    pub spans: Vec<LifecycleSpan>,
    pub explained: Explained,
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
    /// Of those active right before, the share that is active again.
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
            grain: self.grain.into(),
            events: (&self.events).into(),
        })
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
