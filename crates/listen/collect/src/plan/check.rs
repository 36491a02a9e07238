//! In what does this event differ from what was agreed?

use super::shape::{PlannedEvent, PlannedProperty, PropertyType, TrackingPlan};
use super::subject;
use crate::fields::Fields;
use lexicon::{Event, Refusal, RefusalReason};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// Differences told of one event.
const VIOLATIONS_MAX: usize = 20;

impl TrackingPlan {
    /// Everything in which `event` differs from the plan, up to 20 differences; nothing where it
    /// agrees. `alias` is always agreed.
    #[must_use]
    pub fn check(&self, event: &Event) -> Vec<Refusal> {
        let Some((field, object)) = subject(event) else {
            return Vec::new();
        };
        let is_it =
            |planned: &&PlannedEvent| planned.kind == event.kind && planned.name == event.name;
        let Some(planned) = self.events.iter().find(is_it) else {
            let message = format!("the plan has no {} '{}'", event.kind.slug(), event.name);
            let field = "event".to_owned();
            return vec![Refusal { reason: RefusalReason::UnplannedEvent, field, message }];
        };
        let fields = Fields::lenient(object.as_str());
        let fields = fields.by_name();
        let missing =
            planned.properties.iter().filter_map(|property| missing(field, property, &fields));
        let present = fields.iter().filter_map(|(name, value)| wrong(field, planned, name, value));
        missing.chain(present).take(VIOLATIONS_MAX).collect()
    }
}

fn missing(
    field: &str,
    property: &PlannedProperty,
    fields: &BTreeMap<&str, &RawValue>,
) -> Option<Refusal> {
    let is_there = fields.contains_key(&*property.name);
    if !property.required || is_there {
        return None;
    }
    Some(Refusal {
        reason: RefusalReason::PlanMismatch,
        field: format!("{field}.{}", property.name),
        message: format!("'{}' is required by the plan, but missing", property.name),
    })
}

fn wrong(field: &str, planned: &PlannedEvent, name: &str, value: &RawValue) -> Option<Refusal> {
    let field = format!("{field}.{name}");
    let Some(property) = planned.properties.iter().find(|property| *property.name == *name) else {
        let message = format!("the plan has no property '{name}' in '{}'", planned.name);
        return Some(Refusal { reason: RefusalReason::UnplannedProperty, field, message });
    };
    let found = PropertyType::of(value);
    if fits(found, &property.types) {
        return None;
    }
    let expected: Vec<&str> = property.types.iter().map(|t| t.slug()).collect();
    let message = format!("'{name}' must be {}, but is {}", expected.join(" or "), found.slug());
    Some(Refusal { reason: RefusalReason::PlanMismatch, field, message })
}

/// A text that happens to look like a time is still a text.
fn fits(found: PropertyType, types: &BTreeSet<PropertyType>) -> bool {
    types.is_empty()
        || types.contains(&found)
        || (found == PropertyType::Datetime && types.contains(&PropertyType::String))
}
