//! What does a customer's record say, field by field?

use super::settings::LinkageSettings;
use base::hash::hash64;
use profile::{Fragments, Look, TraitRules};

/// Letters of a value that are looked at.
const VALUE_CHARS_MAX: usize = 200;
/// A record with fewer filled fields says nothing about anybody.
const FILLED_MIN: usize = 2;

/// One text per field of the settings, empty where it is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record(pub Vec<String>);

impl Record {
    /// The record of a profile; `None` where there is too little to compare it by.
    pub fn of(
        fragments: &Fragments,
        settings: &LinkageSettings,
        rules: &TraitRules,
    ) -> Option<Self> {
        let look = Look::at(fragments, rules);
        let texts = settings.fields.iter().map(|field| {
            let found = field.traits.iter().find_map(|path| look.text(path));
            found.map(|text| text.chars().take(VALUE_CHARS_MAX).collect()).unwrap_or_default()
        });
        let record = Self(texts.collect());
        let n_filled = record.0.iter().filter(|text| !text.is_empty()).count();
        (n_filled >= FILLED_MIN).then_some(record)
    }

    /// The texts, as linkage takes them.
    pub fn texts(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }

    /// Tells records apart; two different ones have the same in one of 10¹⁹ cases.
    pub fn fingerprint(&self) -> u64 {
        let mut bytes = Vec::with_capacity(128);
        for text in &self.0 {
            bytes.extend_from_slice(text.as_bytes());
            bytes.push(0);
        }
        hash64(0, &bytes)
    }
}
