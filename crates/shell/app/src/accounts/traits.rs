//! What is known of an account, who said so, and what was said before?

use base::{SourceId, Timestamp};
use lexicon::{Event, Json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Values kept of one trait.
const VALUES_MAX: usize = 10;
/// Bytes, as JSON, of a value that is kept.
const VALUE_BYTES_MAX: usize = 4_096;
/// Traits that name a domain of the account.
const DOMAIN_TRAITS: [&str; 6] =
    ["domain", "domains", "email_domain", "emailDomain", "website", "url"];
/// Domains that one account may claim by its traits.
const DOMAINS_MAX: usize = 20;

/// One trait of an account with where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountTrait {
    /// Its name.
    pub name: String,
    /// What was said, the word that counts first.
    pub said: Vec<AccountSaid>,
}

/// One value by one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountSaid {
    /// The value.
    pub value: Value,
    /// Where it was said.
    pub source: SourceId,
    /// When first.
    pub first_at: Timestamp,
    /// When last.
    pub at: Timestamp,
    /// How often; 0 where it was stored before that was counted.
    pub n: u64,
}

/// The traits of an account as they are kept. What was said last counts; at the same time, the one
/// whose text is greater, so that order of arrival does not matter.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct AccountTraits(BTreeMap<String, Kept>);

/// Everything said of one trait, the greatest rank first.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    Said(Vec<AccountSaid>),
    /// As it was kept when only the latest was.
    Latest {
        value: Value,
        at: Timestamp,
        source: SourceId,
    },
}

impl Kept {
    fn said(self) -> Vec<AccountSaid> {
        match self {
            Self::Said(said) => said,
            Self::Latest { value, at, source } => {
                vec![AccountSaid { value, source, first_at: at, at, n: 0 }]
            }
        }
    }

    fn first(&self) -> Option<(&Value, Timestamp)> {
        match self {
            Self::Said(said) => said.first().map(|said| (&said.value, said.at)),
            Self::Latest { value, at, .. } => Some((value, *at)),
        }
    }
}

impl AccountSaid {
    fn rank(&self) -> (Timestamp, String, SourceId) {
        (self.at, self.value.to_string(), self.source)
    }
}

impl AccountTraits {
    pub(crate) fn read(json: &Json) -> Self {
        serde_json::from_str(json.as_str()).unwrap_or_default()
    }

    pub(crate) fn write(&self) -> Json {
        Json::from_checked_text(serde_json::to_string(self).expect("traits are JSON"))
    }

    /// Takes what a group call says of the account; what it says of the member is theirs.
    pub(crate) fn absorb(&mut self, event: &Event) {
        let (at, source) = (event.occurred_at, event.source);
        for (name, value) in event.traits.to_map() {
            if relations::is_of_member(&name) || value.to_string().len() > VALUE_BYTES_MAX {
                continue;
            }
            let mut said = self.0.remove(&name).map(Kept::said).unwrap_or_default();
            match said.iter_mut().find(|s| s.value == value && s.source == source) {
                Some(known) => {
                    known.n += 1;
                    known.first_at = known.first_at.min(at);
                    known.at = known.at.max(at);
                }
                None => said.push(AccountSaid { value, source, first_at: at, at, n: 1 }),
            }
            said.sort_by_cached_key(|said| std::cmp::Reverse(said.rank()));
            said.truncate(VALUES_MAX);
            self.0.insert(name, Kept::Said(said));
        }
    }

    /// The account's name, where a trait gives one.
    pub(crate) fn name(&self) -> Option<String> {
        self.0.get("name")?.first()?.0.as_str().map(str::to_owned)
    }

    /// The domains that the traits claim, each with when it was said, by name.
    pub(crate) fn domains(&self) -> Vec<(String, Timestamp)> {
        let mut found = BTreeMap::new();
        for (value, at) in DOMAIN_TRAITS.iter().filter_map(|name| self.0.get(*name)?.first()) {
            let list = std::slice::from_ref(value);
            let values = value.as_array().map_or(list, Vec::as_slice);
            let texts = values.iter().filter_map(Value::as_str);
            for domain in texts.filter_map(relations::domain_of_site) {
                found.entry(domain).or_insert(at);
            }
        }
        found.into_iter().take(DOMAINS_MAX).collect()
    }

    pub(super) fn shown(self) -> Vec<AccountTrait> {
        let shown = |(name, kept): (String, Kept)| AccountTrait { name, said: kept.said() };
        self.0.into_iter().map(shown).filter(|trait_| !trait_.said.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lexicon::{EventKind, Identifier, IdentifierKind};
    use serde_json::json;

    fn call(at: i64, source: u64, traits: &Value) -> Event {
        Event {
            message_id: format!("m{at}").into(),
            kind: EventKind::Group,
            name: "Account Joined".into(),
            identifiers: vec![Identifier::new(IdentifierKind::UserId, "ann").unwrap()],
            links: Vec::new(),
            occurred_at: Timestamp(at),
            received_at: Timestamp(at),
            source: SourceId(source),
            properties: Json::empty(),
            traits: Json::from_map(traits.as_object().unwrap()),
            traits_once: Json::empty(),
            traits_unset: Vec::new(),
            account_key: Some("acme".into()),
            context: Json::empty(),
        }
    }

    fn after(calls: &[Event]) -> AccountTraits {
        let mut traits = AccountTraits::default();
        for call in calls {
            traits.absorb(call);
            traits = AccountTraits::read(&traits.write());
        }
        traits
    }

    #[test]
    fn the_latest_word_counts_and_those_before_stay_in_whatever_order_they_came() {
        let mut calls: Vec<Event> =
            (0..30).map(|n| call(n, n.cast_unsigned() % 2 + 1, &json!({"plan": n / 3}))).collect();
        calls.push(call(29, 1, &json!({"plan": 9, "role": "buyer"})));
        let forward = after(&calls);
        calls.reverse();
        let backward = after(&calls);
        assert_eq!(forward.write(), backward.write());
        let shown = forward.shown();
        assert_eq!(shown.len(), 1, "a role is the member's");
        assert_eq!(shown[0].said.len(), VALUES_MAX);
        assert_eq!((&shown[0].said[0].value, shown[0].said[0].at), (&json!(9), Timestamp(29)));
    }

    #[test]
    fn what_was_stored_before_is_read() {
        let old = Json::from_checked_text(r#"{"name":{"value":"Acme","at":5,"source":1}}"#);
        let mut traits = AccountTraits::read(&old);
        assert_eq!(traits.name().as_deref(), Some("Acme"));
        traits.absorb(&call(7, 1, &json!({"name": "Acme Ltd"})));
        assert_eq!(traits.name().as_deref(), Some("Acme Ltd"));
        assert_eq!(traits.shown()[0].said.len(), 2);
    }

    #[test]
    fn domains_are_found_in_the_traits_that_name_them() {
        let traits = after(&[call(
            1,
            1,
            &json!({"website": "https://www.acme.com/de", "domains": ["acme.de", "ACME.com", 5],
                    "email": "info@other.com"}),
        )]);
        let names: Vec<String> = traits.domains().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["acme.com", "acme.de"]);
    }
}
