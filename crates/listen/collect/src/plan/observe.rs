//! What do the events of a source look like, judging by those that came?

use super::shape::{PlannedEvent, PlannedProperty, PropertyType, TrackingPlan};
use super::subject;
use crate::fields::Fields;
use lexicon::{Event, EventKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Different events remembered per source.
const EVENTS_MAX: usize = 500;
/// Different properties remembered per event.
const PROPERTIES_MAX: usize = 300;
/// Bytes of a property's name; longer ones are data in the wrong place.
const NAME_BYTES_MAX: usize = 200;
/// Characters of an example.
const EXAMPLE_CHARS_MAX: usize = 60;

/// What was seen so far: bounded, mergeable, and the same whatever the order of events (but for
/// which names found room, once there were too many, and for the examples).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    events: BTreeMap<Box<str>, BTreeMap<EventKindKey, Seen>>,
    /// Events that found no room.
    #[serde(default)]
    n_unlisted: u64,
}

/// A kind by its slug, which orders and is a key in JSON.
type EventKindKey = Box<str>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    n: u64,
    properties: BTreeMap<Box<str>, SeenProperty>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct SeenProperty {
    n: u64,
    types: BTreeSet<PropertyType>,
    #[serde(default)]
    example: Option<Box<str>>,
}

impl Observation {
    /// Takes note of one event.
    pub fn observe(&mut self, event: &Event) {
        let Some((_, object)) = subject(event) else {
            return;
        };
        let Some(seen) = self.seen(&event.name, event.kind) else {
            self.n_unlisted += 1;
            return;
        };
        seen.n += 1;
        for (name, value) in Fields::lenient(object.as_str()).by_name() {
            if name.len() > NAME_BYTES_MAX {
                continue;
            }
            if !seen.properties.contains_key(name) {
                if seen.properties.len() >= PROPERTIES_MAX {
                    continue;
                }
                seen.properties.insert(name.into(), SeenProperty::default());
            }
            let property = seen.properties.get_mut(name).expect("it was inserted just now");
            property.n += 1;
            property.types.insert(PropertyType::of(value));
            if property.example.is_none() {
                property.example = Some(value.get().chars().take(EXAMPLE_CHARS_MAX).collect());
            }
        }
    }

    /// Forgets every value that was kept as an example.
    pub fn forget_examples(&mut self) {
        let seen = self.events.values_mut().flat_map(BTreeMap::values_mut);
        for property in seen.flat_map(|seen| seen.properties.values_mut()) {
            property.example = None;
        }
    }

    fn seen(&mut self, name: &str, kind: EventKind) -> Option<&mut Seen> {
        if !self.events.contains_key(name) {
            if self.events.len() >= EVENTS_MAX {
                return None;
            }
            self.events.insert(name.into(), BTreeMap::new());
        }
        let kinds = self.events.get_mut(name)?;
        if !kinds.contains_key(kind.slug()) {
            kinds.insert(kind.slug().into(), Seen::default());
        }
        kinds.get_mut(kind.slug())
    }

    /// Adds what another observer of the same source saw.
    pub fn merge(&mut self, other: Self) {
        self.n_unlisted += other.n_unlisted;
        for (name, kinds) in other.events {
            for (slug, theirs) in kinds {
                let Some(kind) = EventKind::from_slug(&slug) else {
                    continue;
                };
                match self.seen(&name, kind) {
                    Some(ours) => ours.merge(theirs),
                    None => self.n_unlisted += theirs.n,
                }
            }
        }
    }

    /// Whether nothing was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// How many events found no room in the list.
    #[must_use]
    pub fn n_unlisted(&self) -> u64 {
        self.n_unlisted
    }

    /// The plan that everything seen so far agrees with: a property is required where it was
    /// always there.
    #[must_use]
    pub fn to_plan(&self) -> TrackingPlan {
        let mut events = Vec::new();
        for (name, kinds) in &self.events {
            for (slug, seen) in kinds {
                let Some(kind) = EventKind::from_slug(slug) else {
                    continue;
                };
                events.push(seen.planned(name, kind));
            }
        }
        TrackingPlan { events }
    }

    /// What was seen, as JSON to be kept.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("an observation has only text keys")
    }

    /// What was kept by [`Self::to_json`]; `None` for anything else.
    #[must_use]
    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

impl Seen {
    fn merge(&mut self, other: Self) {
        self.n += other.n;
        for (name, theirs) in other.properties {
            if !self.properties.contains_key(&name) && self.properties.len() >= PROPERTIES_MAX {
                continue;
            }
            let ours = self.properties.entry(name).or_default();
            ours.n += theirs.n;
            ours.types.extend(theirs.types);
            ours.example = ours.example.take().or(theirs.example);
        }
    }

    fn planned(&self, name: &str, kind: EventKind) -> PlannedEvent {
        let properties = self.properties.iter().map(|(name, seen)| PlannedProperty {
            name: name.clone(),
            types: seen.types.clone(),
            required: seen.n == self.n,
            n: Some(seen.n),
            example: seen.example.clone(),
        });
        PlannedEvent { name: name.into(), kind, n: Some(self.n), properties: properties.collect() }
    }
}
