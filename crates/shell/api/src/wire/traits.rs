//! Which value of a trait counts, which others were said, and who may see it?

use super::scalar::{Evidence, Identifier, SourceName, Time};
use super::word::{Role, TraitRule};
use app::customers as inner;
use app::sources::Sources;
use app::traits as settings;
use base::SourceId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// A lasting fact, with where it came from and why this value counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerTrait {
    pub name: String,
    /// The value that counts; `null` where it is withheld.
    pub value: serde_json::Value,
    /// Whether there is a value that you may not see.
    pub withheld: bool,
    /// When it was said last.
    pub at: Time,
    /// When the same source said it first.
    pub since: Time,
    /// How often it did.
    pub n: u64,
    pub source: SourceName,
    /// The event that said it last, where that is kept.
    pub message_id: Option<String>,
    pub came_under: Identifier,
    pub rule: TraitRule,
    /// Why this value counts.
    pub why: String,
    /// Whether its source is verified, or the customer confirmed it.
    pub verified: bool,
    /// Other values, the latest first; at most five.
    pub others: Vec<OtherValue>,
    /// How many other values there are.
    pub n_others: u64,
}

/// A value that does not count.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherValue {
    pub value: serde_json::Value,
    pub at: Time,
    pub source: SourceName,
    pub message_id: Option<String>,
}

/// A trait that had a value and has none.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenAway {
    pub name: String,
    /// The event that took it away.
    pub by: Evidence,
}

/// Everything that is kept of what was said of one trait.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraitHistory {
    pub name: String,
    pub rule: TraitRule,
    /// The rule in a sentence.
    pub rule_words: String,
    /// Whether the values are withheld from you.
    pub withheld: bool,
    /// Distinct by value, source and identifier, the latest first; at most 500.
    pub entries: Vec<TraitSaid>,
    /// How many times something was said in all.
    pub n_said: u64,
    /// How many of those are no longer kept one by one.
    pub n_fallen: u64,
}

/// One value, said by one source under one identifier.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraitSaid {
    /// `null` where it was taken away, or is withheld.
    pub value: serde_json::Value,
    /// Whether the trait was taken away by it.
    pub taken_away: bool,
    /// The first event that said so.
    pub first: Evidence,
    /// The latest.
    pub last: Evidence,
    /// How many said so.
    pub n: u64,
    pub came_under: Identifier,
    /// Whether it was to count only where nothing is known.
    pub once: bool,
    pub verified: bool,
    /// When the customer showed last that the address is theirs.
    pub confirmed_at: Option<Time>,
    /// Whether this is what counts now.
    pub counts: bool,
}

impl CustomerTrait {
    /// The wire form of `trait_`.
    pub fn of(trait_: inner::TraitView, sources: &Sources) -> Self {
        let others = trait_.others.into_iter().map(|other| OtherValue {
            value: other.value,
            at: other.at.into(),
            source: SourceName::of(other.source, sources),
            message_id: other.message_id,
        });
        Self {
            name: trait_.name,
            withheld: trait_.value.is_none(),
            value: trait_.value.unwrap_or_default(),
            at: trait_.at.into(),
            since: trait_.since.into(),
            n: trait_.n,
            source: SourceName::of(trait_.source, sources),
            message_id: trait_.message_id,
            came_under: trait_.came_under.into(),
            rule: trait_.rule.into(),
            why: trait_.why,
            verified: trait_.is_verified,
            others: others.collect(),
            n_others: trait_.n_others as u64,
        }
    }
}

impl TakenAway {
    /// The wire form of `taken`.
    pub fn of(taken: inner::TakenAwayView, sources: &Sources) -> Self {
        Self { name: taken.name, by: Evidence::of(taken.by, sources) }
    }
}

impl TraitHistory {
    /// The wire form of `history`.
    pub fn of(history: inner::TraitHistoryView, sources: &Sources) -> Self {
        let entries = history.entries.into_iter().map(|entry| {
            let said = entry.said;
            TraitSaid {
                taken_away: said.value.is_none(),
                value: said.value.unwrap_or_default(),
                first: Evidence::of(said.first, sources),
                last: Evidence::of(said.last, sources),
                n: said.n,
                came_under: entry.came_under.into(),
                once: said.is_once,
                verified: said.is_verified,
                confirmed_at: Time::maybe(said.confirmed_at),
                counts: said.counts,
            }
        });
        Self {
            entries: entries.collect(),
            name: history.name,
            rule: history.rule.into(),
            rule_words: history.rule.words().to_owned(),
            withheld: history.is_withheld,
            n_said: history.n_said,
            n_fallen: history.n_fallen,
        }
    }
}

/// What is agreed about traits: which value counts, and who may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraitSettings {
    /// Grows with every change; a change names the one that it was made from.
    pub version: u64,
    pub changed_at: Option<Time>,
    pub changed_by: Option<String>,
    /// For traits that have no rule of their own.
    pub default_rule: TraitRule,
    /// By the name of the trait.
    pub rules: BTreeMap<String, TraitRule>,
    /// The most trusted first; all others come after them.
    pub trusted_sources: Vec<SourceName>,
    /// Whose values count as verified.
    pub verified_sources: Vec<SourceName>,
    pub sensitive: Vec<SensitiveTraits>,
    /// Every rule there is.
    pub rules_there_are: Vec<RuleWords>,
    /// How far lists have come after a change; `null` where they show what counts now.
    pub lists: Option<ListsProgress>,
}

/// How many lines of lists are written by the rules of now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListsProgress {
    pub n_done: u64,
    pub n_total: u64,
}

/// A rule, in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleWords {
    pub rule: TraitRule,
    pub words: String,
}

/// Traits that only some may see.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitiveTraits {
    /// A trait's name; `*` stands for any letters, and case does not matter.
    #[schema(examples("health_*"))]
    pub pattern: String,
    /// Who may see them, besides admins.
    pub roles: Vec<Role>,
}

/// What is to be agreed about traits from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TraitSettingsChange {
    /// The version that this was made from.
    pub version: u64,
    pub default_rule: TraitRule,
    #[serde(default)]
    pub rules: BTreeMap<String, TraitRule>,
    /// Ids of sources, the most trusted first.
    #[serde(default)]
    pub trusted_sources: Vec<String>,
    /// Ids of sources.
    #[serde(default)]
    pub verified_sources: Vec<String>,
    #[serde(default)]
    pub sensitive: Vec<SensitiveTraits>,
}

impl TraitSettings {
    /// The wire form of `settings`.
    pub fn of(
        settings: &Arc<settings::TraitSettings>,
        sources: &Sources,
        lists: Option<settings::ListsProgress>,
    ) -> Self {
        let rules = &settings.rules;
        let named = |ids: &mut dyn Iterator<Item = &SourceId>| {
            ids.map(|id| SourceName::of(*id, sources)).collect()
        };
        let by_name = rules.by_name.iter().map(|(name, rule)| (name.to_string(), (*rule).into()));
        let sensitive = settings.sensitive.iter().map(|sensitive| SensitiveTraits {
            pattern: sensitive.pattern.clone(),
            roles: sensitive.roles.iter().copied().map(Role::from).collect(),
        });
        let there_are = settings::TraitRule::ALL
            .map(|rule| RuleWords { rule: rule.into(), words: rule.words().to_owned() });
        Self {
            version: settings.version,
            changed_at: Time::maybe(settings.changed_at),
            changed_by: settings.changed_by.clone(),
            default_rule: rules.default.into(),
            rules: by_name.collect(),
            trusted_sources: named(&mut rules.trusted.iter()),
            verified_sources: named(&mut rules.verified.iter()),
            sensitive: sensitive.collect(),
            rules_there_are: there_are.into(),
            lists: lists
                .map(|lists| ListsProgress { n_done: lists.n_done, n_total: lists.n_total }),
        }
    }
}

impl TraitSettingsChange {
    /// What is asked for; the field whose ids are none where they are not.
    pub fn into_change(self) -> Result<settings::TraitChange, &'static str> {
        let ids = |texts: &[String], field: &'static str| {
            let ids = texts.iter().map(|text| text.parse::<SourceId>().map_err(|_| field));
            ids.collect::<Result<Vec<_>, _>>()
        };
        let trusted = ids(&self.trusted_sources, "trusted_sources")?;
        let verified = ids(&self.verified_sources, "verified_sources")?;
        let rules = self.rules.into_iter().map(|(name, rule)| (name.into(), rule.into()));
        let sensitive = self.sensitive.into_iter().map(|sensitive| settings::Sensitive {
            pattern: sensitive.pattern,
            roles: sensitive.roles.into_iter().map(Into::into).collect(),
        });
        Ok(settings::TraitChange {
            version: self.version,
            rules: settings::TraitRules {
                default: self.default_rule.into(),
                by_name: rules.collect(),
                trusted,
                verified: verified.into_iter().collect(),
            },
            sensitive: sensitive.collect(),
        })
    }
}
