//! What do the events of a source look like, judging by those that came?

use super::inside::each_value;
use super::shape::{PlannedEvent, PlannedProperty, PropertyType, TrackingPlan};
use super::subject;
use crate::fields::Fields;
use lexicon::{Event, EventKind};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
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
    /// The circumstances of all events together: senders say the same with every event.
    #[serde(default)]
    n_with_context: u64,
    #[serde(default)]
    context: BTreeMap<Box<str>, SeenProperty>,
}

/// Where events had a value that can be asked for, and how often: the places of texts, numbers, yes
/// and no and moments, those inside of objects included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenFields {
    /// By event, the properties.
    pub events: Vec<SeenEvent>,
    /// Events of whatever name whose context was looked at.
    pub n_events: u64,
    /// The parts of their context.
    pub context: Vec<PlannedProperty>,
}

/// The same of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenEvent {
    /// Its name.
    pub name: Box<str>,
    /// Which call it is.
    pub kind: EventKind,
    /// How many were looked at.
    pub n: u64,
    /// Its properties.
    pub properties: Vec<PlannedProperty>,
    /// How many were looked into: since the last time that paths were forgotten.
    pub n_inside: u64,
    /// What stands inside of properties that are objects, by path.
    pub inside: Vec<PlannedProperty>,
}

/// A kind by its slug, which orders and is a key in JSON.
type EventKindKey = Box<str>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    n: u64,
    properties: BTreeMap<Box<str>, SeenProperty>,
    /// What stands inside of properties that are objects, by path, and since how many events.
    #[serde(default)]
    n_inside: u64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    inside: BTreeMap<Box<str>, SeenProperty>,
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
        self.observe_context(event);
        let Some((_, object)) = subject(event) else {
            return;
        };
        let Some(seen) = self.seen(&event.name, event.kind) else {
            self.n_unlisted += 1;
            return;
        };
        seen.n += 1;
        seen.n_inside += 1;
        for (name, value) in Fields::lenient(object.as_str()).by_name() {
            note(&mut seen.properties, name, value, true);
            if value.get().starts_with('{') && !name.contains('.') {
                let mut take = |path: &str, value: &_| note(&mut seen.inside, path, value, true);
                each_value(&[name], value.get(), &mut take);
            }
        }
    }

    /// Takes note of where the circumstances are told, not of what they are: they tell of people.
    fn observe_context(&mut self, event: &Event) {
        self.n_with_context += 1;
        let mut take = |path: &str, value: &_| note(&mut self.context, path, value, false);
        each_value(&[], event.context.as_str(), &mut take);
    }

    /// Forgets every value that was kept as an example, and what stood inside of objects and in the
    /// context: a step of a path may be somebody's number. Paths come again with the next events.
    pub fn forget_examples(&mut self) {
        let seen = self.events.values_mut().flat_map(BTreeMap::values_mut);
        for seen in seen {
            seen.properties.values_mut().for_each(|property| property.example = None);
            (seen.n_inside, seen.inside) = (0, BTreeMap::new());
        }
        (self.n_with_context, self.context) = (0, BTreeMap::new());
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
        self.n_with_context += other.n_with_context;
        merge(&mut self.context, other.context);
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

    /// What can be asked of everything seen so far.
    #[must_use]
    pub fn to_fields(&self) -> SeenFields {
        let mut events = Vec::new();
        for (name, kinds) in &self.events {
            let kinds =
                kinds.iter().filter_map(|(slug, of)| Some((EventKind::from_slug(slug)?, of)));
            events.extend(kinds.map(|(kind, seen)| seen.fields(name, kind)));
        }
        let context = values(&self.context, self.n_with_context);
        SeenFields { events, n_events: self.n_with_context, context }
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
        merge(&mut self.properties, other.properties);
        self.n_inside += other.n_inside;
        merge(&mut self.inside, other.inside);
    }

    fn fields(&self, name: &str, kind: EventKind) -> SeenEvent {
        let mut inside = values(&self.inside, self.n_inside);
        // A name with dots in it comes before steps.
        inside.retain(|inside| !self.properties.contains_key(&inside.name));
        SeenEvent {
            name: name.into(),
            kind,
            n: self.n,
            properties: values(&self.properties, self.n),
            n_inside: self.n_inside,
            inside,
        }
    }

    fn planned(&self, name: &str, kind: EventKind) -> PlannedEvent {
        let properties = planned(&self.properties, self.n).collect();
        PlannedEvent { name: name.into(), kind, n: Some(self.n), properties }
    }
}

/// Takes note of a value, where there is room; of the value itself where it may be an example.
fn note(
    all: &mut BTreeMap<Box<str>, SeenProperty>,
    name: &str,
    value: &RawValue,
    is_example: bool,
) {
    if name.len() > NAME_BYTES_MAX {
        return;
    }
    if !all.contains_key(name) {
        if all.len() >= PROPERTIES_MAX {
            return;
        }
        all.insert(name.into(), SeenProperty::default());
    }
    let property = all.get_mut(name).expect("it was inserted just now");
    property.n += 1;
    property.types.insert(PropertyType::of(value));
    if is_example && property.example.is_none() {
        property.example = Some(value.get().chars().take(EXAMPLE_CHARS_MAX).collect());
    }
}

fn merge(ours: &mut BTreeMap<Box<str>, SeenProperty>, theirs: BTreeMap<Box<str>, SeenProperty>) {
    for (name, theirs) in theirs {
        if !ours.contains_key(&name) && ours.len() >= PROPERTIES_MAX {
            continue;
        }
        let ours = ours.entry(name).or_default();
        ours.n += theirs.n;
        ours.types.extend(theirs.types);
        ours.example = ours.example.take().or(theirs.example);
    }
}

fn planned(
    all: &BTreeMap<Box<str>, SeenProperty>,
    n_events: u64,
) -> impl Iterator<Item = PlannedProperty> {
    all.iter().map(move |(name, seen)| PlannedProperty {
        name: name.clone(),
        types: seen.types.clone(),
        required: seen.n == n_events,
        n: Some(seen.n),
        example: seen.example.clone(),
    })
}

/// Those that questions can look at.
fn values(all: &BTreeMap<Box<str>, SeenProperty>, n_events: u64) -> Vec<PlannedProperty> {
    planned(all, n_events).filter(|field| field.types.iter().any(|of| of.is_value())).collect()
}
