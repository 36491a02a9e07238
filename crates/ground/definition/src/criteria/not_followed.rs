//! After which event did another not come?

use crate::lookback::Lookback;
use base::Duration;
use timeline::{Condition, Label};

/// `first` happened, and no other event of `by` from that moment until `within` after it, both
/// included; it holds from the end of that stretch on.
#[derive(Clone, Debug, PartialEq)]
pub struct NotFollowed {
    /// The event.
    pub first: Condition,
    /// What did not follow.
    pub by: Condition,
    /// How long it was waited for.
    pub within: Duration,
    /// In which `first` is.
    pub window: Lookback,
    /// What must be the same in both; a `first` without it does not count.
    pub held: Option<Label>,
}
