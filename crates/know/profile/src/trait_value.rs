//! Which value of a trait counts, which others were said, and why does this one win?

use crate::fragments::Fragments;
use crate::origin::Evidence;
use crate::rules::{Candidate, Settled, TraitRule, TraitRules};
use crate::sentence::date;
use base::{IdentifierId, SourceId, Timestamp};
use serde_json::Value;
use std::cmp::Reverse;

/// Other values that are told beside the one that counts; the history has all that are kept.
const OTHERS_MAX: usize = 5;
/// Characters of a value in a sentence.
const WORDS_CHARS_MAX: usize = 60;

/// One trait with the value that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct TraitValue {
    /// Its name.
    pub name: String,
    /// The value that counts.
    pub value: Value,
    /// When that was said last.
    pub at: Timestamp,
    /// When the same source said it first.
    pub since: Timestamp,
    /// How often it did.
    pub n: u64,
    /// Where it was said.
    pub source: SourceId,
    /// The event that said so last, where that is kept.
    pub message_id: Option<String>,
    /// The identifier that it came under.
    pub came_under: IdentifierId,
    /// The rule that let it win.
    pub rule: TraitRule,
    /// Whether it was said only where nothing was known, and nothing was set since.
    pub is_once: bool,
    /// Whether it comes from a verified source, or was confirmed by the customer.
    pub is_verified: bool,
    /// Other values than this one, the latest first; at most five.
    pub others: Vec<OtherValue>,
    /// How many other values there are.
    pub n_others: usize,
}

/// A value that does not count, by whom it was said last.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherValue {
    /// The value.
    pub value: Value,
    /// When it was said last.
    pub at: Timestamp,
    /// Where.
    pub source: SourceId,
    /// In which event, where that is kept.
    pub message_id: Option<String>,
    /// The identifier that it came under.
    pub came_under: IdentifierId,
}

/// A trait that had a value and has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenAway {
    /// Its name.
    pub name: String,
    /// The event that took it away.
    pub by: Evidence,
}

impl TraitValue {
    /// Why this value wins, in words: "Latest: Web shop, 3 May 2026. Before: CRM said Basic,
    /// 1 May 2026."
    ///
    /// The answer holds other values: it is not for those who may not see the trait.
    #[must_use]
    pub fn why(&self, source_name: impl Fn(SourceId) -> String) -> String {
        let told = format!("{}, {}", source_name(self.source), date(self.at));
        let opening = match self.rule {
            _ if self.is_once => format!("Said where nothing was known: {told}."),
            TraitRule::Latest => format!("Latest: {told}."),
            TraitRule::MostTrusted => format!("Most trusted source: {told}."),
            TraitRule::VerifiedFirst if self.is_verified => format!("Verified: {told}."),
            TraitRule::VerifiedFirst => format!("Nothing is verified, so the latest: {told}."),
            TraitRule::Longest => format!("Longest: {told}."),
        };
        let Some(other) = self.others.first() else { return opening };
        let when = if other.at < self.at { "Before" } else { "Also" };
        let said = format!("{} said {}", source_name(other.source), short(&other.value));
        let more = match self.n_others - 1 {
            0 => String::new(),
            1 => ", and one other value".to_owned(),
            n => format!(", and {n} other values"),
        };
        format!("{opening} {when}: {said}, {}{more}.", date(other.at))
    }
}

impl Fragments {
    /// All traits that have a value, by name, and those that had one.
    pub(crate) fn shown_traits(&self, rules: &TraitRules) -> (Vec<TraitValue>, Vec<TakenAway>) {
        let (mut values, mut gone) = (Vec::new(), Vec::new());
        for name in self.trait_names() {
            match self.settled(name, rules) {
                Some(Settled::Set(winner, value)) => {
                    values.push(self.set_value(name, (winner, value), rules));
                }
                Some(Settled::Once(once, under)) => values.push(TraitValue {
                    name: name.to_owned(),
                    value: parsed(&once.value),
                    at: once.origin.at,
                    since: once.origin.at,
                    n: 1,
                    source: once.origin.source,
                    message_id: once.origin.evidence().message_id,
                    came_under: under,
                    rule: rules.rule_of(name),
                    is_once: true,
                    is_verified: false,
                    others: Vec::new(),
                    n_others: 0,
                }),
                Some(Settled::TakenAway(winner)) => gone.push(TakenAway {
                    name: name.to_owned(),
                    by: winner.said.span.last.evidence(),
                }),
                None => {}
            }
        }
        (values, gone)
    }

    fn set_value(
        &self,
        name: &str,
        (winner, value): (Candidate<'_>, &str),
        rules: &TraitRules,
    ) -> TraitValue {
        let (others, n_others) = self.others(name, value);
        let span = &winner.said.span;
        TraitValue {
            name: name.to_owned(),
            value: parsed(value),
            at: span.last.at,
            since: span.first.at,
            n: span.n,
            source: span.last.source,
            message_id: span.last.evidence().message_id,
            came_under: winner.under,
            rule: rules.rule_of(name),
            is_once: false,
            is_verified: self.is_verified(name, winner.said, rules),
            others,
            n_others,
        }
    }

    /// The values other than `winning`, each once, the latest first, and how many there are.
    fn others(&self, name: &str, winning: &str) -> (Vec<OtherValue>, usize) {
        let is_other = |c: &Candidate<'_>| c.said.value.as_deref().is_some_and(|v| v != winning);
        let mut others: Vec<Candidate<'_>> = self.said(name).filter(is_other).collect();
        others.sort_by_key(|c| Reverse((c.said.rank(), Reverse(c.under))));
        let mut seen = std::collections::BTreeSet::new();
        others.retain(|c| seen.insert(c.said.value.as_deref()));
        let shown = others.iter().take(OTHERS_MAX).map(|c| OtherValue {
            value: parsed(c.said.value.as_deref().unwrap_or("null")),
            at: c.said.span.last.at,
            source: c.said.source(),
            message_id: c.said.span.last.evidence().message_id,
            came_under: c.under,
        });
        (shown.collect(), others.len())
    }
}

/// The value that is kept as this text.
pub(crate) fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

/// A value within a sentence.
fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => format!("“{text}”"),
        other => other.to_string(),
    };
    match text.char_indices().nth(WORDS_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests;
