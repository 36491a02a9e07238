//! What is everything called here, and what comes near to a word that is not known?

use base::{ComputedId, Duration, SegmentId};
use timeline::Condition;

/// What definitions may name. The language knows no catalogue: whoever has one lends it.
pub trait Vocabulary {
    /// The segment with this key.
    fn segment(&self, key: &str) -> Option<SegmentId>;

    /// The key of a segment.
    fn segment_key(&self, id: SegmentId) -> Option<String>;

    /// The name of a segment, for words.
    fn segment_name(&self, id: SegmentId) -> Option<String>;

    /// The computed trait with this key.
    fn computed(&self, key: &str) -> Option<ComputedId>;

    /// The key of a computed trait.
    fn computed_key(&self, id: ComputedId) -> Option<String>;

    /// The name of a computed trait, for words.
    fn computed_name(&self, id: ComputedId) -> Option<String>;

    /// All that is known of some kind, as far as it can be told.
    fn all(&self, kind: Known) -> Vec<Box<str>>;

    /// For how long events are kept at least one of which a selection may take; `None` for ever.
    fn kept(&self, events: &Condition) -> Option<Duration>;
}

/// What kinds of names there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// Names of events.
    Events,
    /// Properties of events.
    Properties,
    /// Traits of customers.
    Traits,
    /// Traits of accounts.
    AccountTraits,
    /// Keys of segments.
    Segments,
    /// Keys of computed traits.
    Computed,
}

/// Nothing is known: names are taken as they come, segments and computed traits are called by their
/// ids.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unknown;

impl Vocabulary for Unknown {
    fn segment(&self, key: &str) -> Option<SegmentId> {
        key.parse().ok()
    }

    fn segment_key(&self, _id: SegmentId) -> Option<String> {
        None
    }

    fn segment_name(&self, _id: SegmentId) -> Option<String> {
        None
    }

    fn computed(&self, key: &str) -> Option<ComputedId> {
        key.parse().ok()
    }

    fn computed_key(&self, _id: ComputedId) -> Option<String> {
        None
    }

    fn computed_name(&self, _id: ComputedId) -> Option<String> {
        None
    }

    fn all(&self, _kind: Known) -> Vec<Box<str>> {
        Vec::new()
    }

    fn kept(&self, _events: &Condition) -> Option<Duration> {
        None
    }
}

impl dyn Vocabulary + '_ {
    /// The key of a segment; of one that is not known its id.
    #[must_use]
    pub fn key_of_segment(&self, id: SegmentId) -> String {
        self.segment_key(id).unwrap_or_else(|| id.to_string())
    }

    /// The key of a computed trait; of one that is not known its id.
    #[must_use]
    pub fn key_of_computed(&self, id: ComputedId) -> String {
        self.computed_key(id).unwrap_or_else(|| id.to_string())
    }

    /// The name of a segment; its key where it has none.
    #[must_use]
    pub fn name_of_segment(&self, id: SegmentId) -> String {
        self.segment_name(id).unwrap_or_else(|| self.key_of_segment(id))
    }

    /// The name of a computed trait; its key where it has none.
    #[must_use]
    pub fn name_of_computed(&self, id: ComputedId) -> String {
        self.computed_name(id).unwrap_or_else(|| self.key_of_computed(id))
    }

    /// What is known of this kind and differs from `text` by case or by at most two letters, the
    /// nearest first; none where `text` is known itself.
    #[must_use]
    pub fn near(&self, kind: Known, text: &str) -> Vec<String> {
        let all = self.all(kind);
        if all.iter().any(|known| **known == *text) {
            return Vec::new();
        }
        let small = text.to_lowercase();
        let mut near: Vec<(usize, &str)> = Vec::new();
        for known in all.iter().take(LOOKED_AT_MAX) {
            let distance = strsim::osa_distance(&small, &known.to_lowercase());
            if distance <= 2 && distance < small.chars().count() {
                near.push((distance, known));
            }
        }
        near.sort();
        near.truncate(3);
        near.into_iter().map(|(_, known)| known.to_owned()).collect()
    }
}

/// Names among which something near is looked for; a catalogue keeps about as many.
const LOOKED_AT_MAX: usize = 20_000;

#[cfg(test)]
mod tests {
    use super::*;

    struct Events;

    impl Vocabulary for Events {
        fn segment(&self, _key: &str) -> Option<SegmentId> {
            None
        }
        fn segment_key(&self, _id: SegmentId) -> Option<String> {
            None
        }
        fn segment_name(&self, _id: SegmentId) -> Option<String> {
            None
        }
        fn computed(&self, _key: &str) -> Option<ComputedId> {
            None
        }
        fn computed_key(&self, _id: ComputedId) -> Option<String> {
            None
        }
        fn computed_name(&self, _id: ComputedId) -> Option<String> {
            None
        }
        fn all(&self, _kind: Known) -> Vec<Box<str>> {
            ["Order Completed", "Order Updated", "Signed Up"].map(Into::into).into()
        }
        fn kept(&self, _events: &Condition) -> Option<Duration> {
            None
        }
    }

    #[test]
    fn what_is_near_is_told() {
        let near = |text| <dyn Vocabulary>::near(&Events, Known::Events, text);
        assert_eq!(near("order compleetd"), ["Order Completed"]);
        assert_eq!(near("Signed up"), ["Signed Up"]);
        assert!(near("Signed Up").is_empty() && near("Page Viewed").is_empty());
    }
}
