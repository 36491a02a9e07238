//! Which of several values of a trait counts?
//!
//! One file per rule. A rule looks at what was said, in whatever order it came, and picks one
//! statement; that one may be that the trait was taken away.

mod latest;
mod longest;
mod most_trusted;
mod verified_first;

use crate::fragments::Fragments;
use crate::sayings::Saying;
use crate::traits::{Once, Traits};
use base::{IdentifierId, SourceId, Timestamp};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A rule by which one of several values of a trait counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TraitRule {
    /// What was said last.
    #[default]
    Latest,
    /// What the source says that is trusted most.
    MostTrusted,
    /// What is verified, as long as anything is.
    VerifiedFirst,
    /// What is longest.
    Longest,
}

impl TraitRule {
    /// Every rule, the usual one first.
    pub const ALL: [Self; 4] =
        [Self::Latest, Self::MostTrusted, Self::VerifiedFirst, Self::Longest];

    /// The rule as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Latest => latest::SLUG,
            Self::MostTrusted => most_trusted::SLUG,
            Self::VerifiedFirst => verified_first::SLUG,
            Self::Longest => longest::SLUG,
        }
    }

    /// The rule written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.slug() == slug)
    }

    /// The rule in a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Latest => latest::WORDS,
            Self::MostTrusted => most_trusted::WORDS,
            Self::VerifiedFirst => verified_first::WORDS,
            Self::Longest => longest::WORDS,
        }
    }
}

/// Which rule holds for which trait, whom to trust, and whose values count as verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraitRules {
    /// For traits of which nothing else is said.
    pub default: TraitRule,
    /// By the name of the trait.
    pub by_name: BTreeMap<Box<str>, TraitRule>,
    /// The sources that are trusted, the most trusted first; all others come after them.
    pub trusted: Vec<SourceId>,
    /// The sources whose values count as verified.
    pub verified: BTreeSet<SourceId>,
}

impl TraitRules {
    /// The rule for the trait `name`.
    #[must_use]
    pub fn rule_of(&self, name: &str) -> TraitRule {
        self.by_name.get(name).copied().unwrap_or(self.default)
    }
}

/// One statement about a trait, with the identifier that it came under.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) said: &'a Saying,
    pub(crate) under: IdentifierId,
}

impl<'a> Candidate<'a> {
    /// What counts for more where a rule sees no difference: what was said later; then the greater
    /// value; then the older identifier.
    fn rank(&self) -> impl Ord + use<'a> {
        (self.said.rank(), Reverse(self.under))
    }
}

/// What counts for a trait.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Settled<'a> {
    /// A value that was set.
    Set(Candidate<'a>, &'a str),
    /// A value that was set where nothing was known, and nothing has been set since.
    Once(&'a Once, IdentifierId),
    /// That it was taken away.
    TakenAway(Candidate<'a>),
}

impl<'a> Settled<'a> {
    /// The value as JSON text; `None` where there is none.
    pub(crate) fn value(&self) -> Option<&'a str> {
        match self {
            Self::Set(_, value) => Some(value),
            Self::Once(once, _) => Some(&once.value),
            Self::TakenAway(_) => None,
        }
    }
}

impl Fragments {
    /// What counts for the trait `name`; `None` where nobody ever said anything of it.
    pub(crate) fn settled(&self, name: &str, rules: &TraitRules) -> Option<Settled<'_>> {
        let picked = match rules.rule_of(name) {
            TraitRule::Latest => latest::pick(self.said(name)),
            TraitRule::MostTrusted => most_trusted::pick(self.said(name), &rules.trusted),
            TraitRule::VerifiedFirst => verified_first::pick(self.said(name), |candidate| {
                self.is_verified(name, candidate.said, rules)
            }),
            TraitRule::Longest => longest::pick(self.said(name)),
        };
        let Some(picked) = picked else {
            let once =
                self.once(name).min_by(|a, b| a.1.rank().cmp(&b.1.rank()).then(a.0.cmp(&b.0)));
            return once.map(|(under, once)| Settled::Once(once, under));
        };
        Some(match picked.said.value.as_deref() {
            Some(value) => Settled::Set(picked, value),
            None => Settled::TakenAway(picked),
        })
    }

    /// Everything that was set or taken away, in no order.
    pub(crate) fn said(&self, name: &str) -> impl Iterator<Item = Candidate<'_>> + Clone {
        self.traits()
            .filter_map(move |(under, traits): (_, &Traits)| Some((under, traits.set.get(name)?)))
            .flat_map(|(under, sayings)| {
                sayings.said.iter().map(move |said| Candidate { said, under })
            })
    }

    /// What was set once under each identifier.
    pub(crate) fn once(&self, name: &str) -> impl Iterator<Item = (IdentifierId, &Once)> {
        self.traits().filter_map(move |(under, traits)| Some((under, traits.once.get(name)?)))
    }

    /// Whether what was said comes from a source whose values are verified, or the customer showed
    /// that the address is theirs.
    pub(crate) fn is_verified(&self, name: &str, said: &Saying, rules: &TraitRules) -> bool {
        rules.verified.contains(&said.source()) || self.confirmed_at(name, said).is_some()
    }

    /// When the customer showed last that the address is theirs.
    pub(crate) fn confirmed_at(&self, name: &str, said: &Saying) -> Option<Timestamp> {
        let value = said.value.as_deref()?;
        self.traits().filter_map(|(_, traits)| traits.confirmed.of(name, value)).map(|o| o.at).max()
    }
}

#[cfg(test)]
mod tests;
