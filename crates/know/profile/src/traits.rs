//! Which lasting facts were told under one identifier, when, and by whom?

use crate::bounds::evict;
use crate::confirmed::Confirmed;
use crate::origin::{Origin, Telling};
use crate::sayings::Sayings;
use base::hash::hash64;
use base::{Limits, Timestamp};
use lexicon::EventKind;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Longer values stay in history and are left out of the profile.
const VALUE_BYTES_MAX: usize = 4_096;
/// Longer names likewise.
const NAME_BYTES_MAX: usize = 256;

/// A value that was set only where nothing is known, and the earliest event that set one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Once {
    pub(crate) value: Box<str>,
    pub(crate) origin: Arc<Origin>,
}

impl Once {
    /// Among values set once the earliest counts; at the same moment the smaller value.
    pub(crate) fn rank(&self) -> (Timestamp, &str, &Origin) {
        (self.origin.at, &self.value, &self.origin)
    }
}

/// The traits of one fragment.
///
/// A value that was set, or taken away, beats every value that was set *once*, whenever that was.
/// Which of the values that were set counts is for the rules to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    pub(crate) set: BTreeMap<Box<str>, Sayings>,
    pub(crate) once: BTreeMap<Box<str>, Once>,
    pub(crate) confirmed: Confirmed,
}

impl Traits {
    pub(crate) fn absorb(&mut self, telling: &Telling<'_>, limits: &Limits) {
        let event = telling.event;
        if event.kind != EventKind::Group && !event.traits.is_empty() {
            for (name, value) in event.traits.to_map() {
                self.set(&name, &value, telling, limits);
            }
        }
        for name in &event.traits_unset {
            self.set(name, &Value::Null, telling, limits);
        }
        if !event.traits_once.is_empty() {
            for (name, value) in event.traits_once.to_map() {
                self.set_once(&name, &value, telling);
            }
        }
        let n_max = limits.traits_per_customer_max;
        evict(&mut self.set, n_max, |_, sayings| sayings.last_at());
        evict(&mut self.once, n_max, |name, _| Reverse(hash64(0, name.as_bytes())));
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
        self.confirmed.join(other.confirmed);
    }

    /// Takes every value away that mentions somebody; answers how many there were.
    pub(crate) fn forget(&mut self, mentions: impl Fn(&str) -> bool) -> usize {
        let before = self.n_values();
        self.set.retain(|_, sayings| sayings.forget(&mentions));
        self.once.retain(|_, once| !mentions(&once.value));
        self.confirmed.0.retain(|(_, address), _| !mentions(&Value::from(&**address).to_string()));
        before - self.n_values()
    }

    fn n_values(&self) -> usize {
        let set: usize = self.set.values().map(|sayings| sayings.said.len()).sum();
        set + self.once.len() + self.confirmed.0.len()
    }

    fn set(&mut self, name: &str, value: &Value, telling: &Telling<'_>, limits: &Limits) {
        let Ok(value) = text_of(name, value) else { return };
        let origin = telling.origin();
        match self.set.get_mut(name) {
            Some(sayings) => sayings.say(value.as_deref(), origin, limits),
            None => {
                let mut sayings = Sayings::default();
                sayings.say(value.as_deref(), origin, limits);
                self.set.insert(name.into(), sayings);
            }
        }
    }

    fn set_once(&mut self, name: &str, value: &Value, telling: &Telling<'_>) {
        if let Ok(Some(value)) = text_of(name, value) {
            self.put_once(name.into(), Once { value: value.into(), origin: telling.origin() });
        }
    }

    fn put_once(&mut self, name: Box<str>, once: Once) {
        match self.once.get_mut(&name) {
            Some(held) if held.rank() <= once.rank() => {}
            Some(held) => *held = once,
            None => drop(self.once.insert(name, once)),
        }
    }
}

/// The name or the value is too long to be kept.
struct TooLong;

/// The value as it is kept; `None` for `null`, which takes a trait away.
fn text_of(name: &str, value: &Value) -> Result<Option<String>, TooLong> {
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
    Ok(Some(text))
}
