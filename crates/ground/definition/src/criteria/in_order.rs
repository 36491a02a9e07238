//! Which events came one after the other?

use crate::lookback::Lookback;
use base::Duration;
use timeline::{Condition, Label};

/// Steps one after the other, the last at most `within` after the first. Of events of the same
/// moment whatever order is needed is taken; one event is one step.
#[derive(Clone, Debug, PartialEq)]
pub struct InOrder {
    /// The steps, from 2 to 6.
    pub steps: Vec<Condition>,
    /// From the first step to the last at most.
    pub within: Duration,
    /// In which the first step is.
    pub window: Lookback,
    /// What must not happen between the first step and the last.
    pub without: Option<Condition>,
    /// What must be the same in all steps; an event without it is no step.
    pub held: Option<Label>,
}
