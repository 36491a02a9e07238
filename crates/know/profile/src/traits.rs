//! Which lasting facts are known, since when, and from whom?

use crate::bounds::evict;
use crate::latest::Latest;
use base::hash::hash64;
use base::{IdentifierId, Limits, SourceId, Timestamp};
use lexicon::{Event, EventKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Longer values stay in history and are left out of the profile.
const VALUE_BYTES_MAX: usize = 4_096;
/// Longer names likewise.
const NAME_BYTES_MAX: usize = 256;

/// One trait as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct TraitValue {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// When the event that said so happened.
    pub at: Timestamp,
    /// Where that event came from.
    pub source: SourceId,
    /// The identifier that it came under.
    pub came_under: IdentifierId,
}

/// A value as JSON text, and who said so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Said {
    pub(crate) text: Box<str>,
    pub(crate) source: SourceId,
}

/// The traits of one fragment.
///
/// A value that was set, or taken away, beats every value that was set *once*, whenever that was;
/// among values set, the latest counts; among values set once, the earliest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Traits {
    /// `None` where the trait was taken away.
    pub(crate) set: BTreeMap<Box<str>, Latest<Option<Said>>>,
    /// The earliest value that was set only where nothing is known.
    pub(crate) once: BTreeMap<Box<str>, (Timestamp, Said)>,
}

impl Traits {
    pub(crate) fn absorb(&mut self, event: &Event, limits: &Limits) {
        if event.kind != EventKind::Group && !event.traits.is_empty() {
            for (name, value) in event.traits.to_map() {
                self.set(&name, &value, event);
            }
        }
        for name in &event.traits_unset {
            self.set(name, &Value::Null, event);
        }
        if !event.traits_once.is_empty() {
            for (name, value) in event.traits_once.to_map() {
                self.set_once(&name, &value, event);
            }
        }
        let n_max = limits.traits_per_customer_max;
        evict(&mut self.set, n_max, |_, held| held.at);
        evict(&mut self.once, n_max, |name, _| std::cmp::Reverse(hash64(0, name.as_bytes())));
    }

    pub(crate) fn join(&mut self, other: Self) {
        for (name, theirs) in other.set {
            match self.set.get_mut(&name) {
                Some(ours) => ours.join(theirs),
                None => drop(self.set.insert(name, theirs)),
            }
        }
        for (name, theirs) in other.once {
            self.put_once(name, theirs);
        }
    }

    fn set(&mut self, name: &str, value: &Value, event: &Event) {
        let Ok(said) = said(name, value, event) else { return };
        let latest = Latest::new(event.occurred_at, said);
        match self.set.get_mut(name) {
            Some(held) => held.join(latest),
            None => drop(self.set.insert(name.into(), latest)),
        }
    }

    fn set_once(&mut self, name: &str, value: &Value, event: &Event) {
        if let Ok(Some(said)) = said(name, value, event) {
            self.put_once(name.into(), (event.occurred_at, said));
        }
    }

    fn put_once(&mut self, name: Box<str>, first: (Timestamp, Said)) {
        match self.once.get_mut(&name) {
            Some(held) if *held <= first => {}
            Some(held) => *held = first,
            None => drop(self.once.insert(name, first)),
        }
    }
}

/// The name or the value is too long to be kept.
struct TooLong;

/// The value as it is kept; `None` for `null`, which takes a trait away.
fn said(name: &str, value: &Value, event: &Event) -> Result<Option<Said>, TooLong> {
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        return Err(TooLong);
    }
    if value.is_null() {
        return Ok(None);
    }
    let text = value.to_string();
    if text.len() > VALUE_BYTES_MAX {
        return Err(TooLong);
    }
    Ok(Some(Said { text: text.into(), source: event.source }))
}

/// The one value of a trait among several fragments, with the fragment's identifier.
pub(crate) fn settled<'a>(
    name: &str,
    fragments: impl Iterator<Item = (IdentifierId, &'a Traits)> + Clone,
) -> Option<(Timestamp, &'a Said, IdentifierId)> {
    let set = fragments.clone().filter_map(|(id, traits)| Some((traits.set.get(name)?, id)));
    if let Some((latest, id)) = set.max_by(|a, b| a.0.cmp(b.0).then(b.1.cmp(&a.1))) {
        return latest.value.as_ref().map(|said| (latest.at, said, id));
    }
    let once = fragments.filter_map(|(id, traits)| Some((traits.once.get(name)?, id)));
    once.min().map(|((at, said), id)| (*at, said, id))
}

impl TraitValue {
    /// The trait `name` with the value that is kept as `said`.
    pub(crate) fn new(
        name: &str,
        (at, said, came_under): (Timestamp, &Said, IdentifierId),
    ) -> Self {
        let value = serde_json::from_str(&said.text).unwrap_or(Value::Null);
        Self { name: name.into(), value, at, source: said.source, came_under }
    }
}
