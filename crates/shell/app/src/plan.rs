//! What does a source send, and where does that differ from what was agreed?

use base::Timestamp;
use collect::TrackingPlan;
use collect::plan::SeenFields;
use lexicon::RefusalReason;

/// What was seen of one source, and what broke its pinned plan.
#[derive(Clone, Debug, Default)]
pub struct ObservedPlan {
    /// The plan that fits what was seen, with counts and examples.
    pub plan: TrackingPlan,
    /// Where events had values that can be asked for.
    pub fields: SeenFields,
    /// What broke the pinned plan, the most frequent first.
    pub violations: Vec<Violation>,
}

/// One way in which events broke the pinned plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The event's name.
    pub event: String,
    /// The property, where it is about one.
    pub property: Option<String>,
    /// What is wrong.
    pub reason: RefusalReason,
    /// The same in a sentence.
    pub message: String,
    /// How many events.
    pub n: u64,
    /// When last.
    pub last_at: Timestamp,
}
