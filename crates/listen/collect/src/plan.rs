//! Which events with which properties were agreed on for a source?

mod check;
mod inside;
mod observe;
mod shape;

pub use observe::{Observation, SeenEvent, SeenFields};
pub use shape::{PlanError, PlannedEvent, PlannedProperty, PropertyType, TrackingPlan};

use lexicon::{Event, EventKind, Json};

/// What a plan is about in an event: the properties of what was done, the traits of whom or what
/// was described. An alias has neither.
fn subject(event: &Event) -> Option<(&'static str, &Json)> {
    match event.kind {
        EventKind::Track | EventKind::Page | EventKind::Screen => {
            Some(("properties", &event.properties))
        }
        EventKind::Identify | EventKind::Group => Some(("traits", &event.traits)),
        EventKind::Alias => None,
    }
}

#[cfg(test)]
mod tests;
