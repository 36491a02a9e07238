//! How are the rules of identity kept in the log and in the table?

use base::{Error, ErrorKind};
use identity::{IdentityRules, KindRules, Limit, Trust};
use lexicon::{Blocked, BlockedValue, IdentifierKind};
use serde::{Deserialize, Serialize};

/// The rules as JSON; words are kept as words, so that people can read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRules {
    /// Which version.
    pub version: u64,
    kinds: Vec<StoredKind>,
    others: StoredKind,
    blocked_zeros: bool,
    blocked: Vec<StoredBlocked>,
    country: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StoredKind {
    /// Empty for every other kind.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ever: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    month: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    week: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    users_max: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    visitors_max: Option<u32>,
    trust: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StoredBlocked {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    value: String,
}

impl StoredRules {
    /// What is kept of `rules`.
    pub(crate) fn of(rules: &IdentityRules) -> Self {
        let kinds = rules.kinds.iter().map(|(kind, own)| StoredKind::of(kind.slug(), own));
        let blocked = rules.blocked.values().iter().map(|blocked| StoredBlocked {
            kind: blocked.kind.as_ref().map(|kind| kind.slug().to_owned()),
            value: blocked.pattern.to_string(),
        });
        Self {
            version: rules.version,
            kinds: kinds.collect(),
            others: StoredKind::of("", &rules.others),
            blocked_zeros: rules.blocked.zeros(),
            blocked: blocked.collect(),
            country: rules.country.as_deref().map(str::to_owned),
        }
    }

    /// The text for the table.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("words and numbers are JSON")
    }

    /// The rules.
    ///
    /// # Errors
    /// `Corrupt` where a word is none of ours.
    pub(crate) fn to_rules(&self) -> Result<IdentityRules, Error> {
        let own =
            |stored: &StoredKind| Ok((IdentifierKind::from_slug(&stored.kind), stored.to_rules()?));
        let blocked = self.blocked.iter().map(|blocked| BlockedValue {
            kind: blocked.kind.as_deref().map(IdentifierKind::from_slug),
            pattern: blocked.value.as_str().into(),
        });
        Ok(IdentityRules {
            version: self.version,
            kinds: self.kinds.iter().map(own).collect::<Result<_, Error>>()?,
            others: self.others.to_rules()?,
            blocked: Blocked::new(self.blocked_zeros, blocked),
            country: self.country.as_deref().map(Into::into),
        })
    }
}

impl StoredKind {
    fn of(kind: &str, rules: &KindRules) -> Self {
        Self {
            kind: kind.to_owned(),
            ever: rules.limit.ever,
            month: rules.limit.month,
            week: rules.limit.week,
            users_max: rules.users_max,
            visitors_max: rules.visitors_max,
            trust: rules.trust.slug().to_owned(),
        }
    }

    fn to_rules(&self) -> Result<KindRules, Error> {
        let unknown =
            || Error::new(ErrorKind::Corrupt, format!("'{}' is no word for trust", self.trust));
        Ok(KindRules {
            limit: Limit { ever: self.ever, month: self.month, week: self.week },
            users_max: self.users_max,
            visitors_max: self.visitors_max,
            trust: Trust::from_slug(&self.trust).ok_or_else(unknown)?,
        })
    }
}
