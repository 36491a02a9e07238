//! Which organisations does the customer belong to?

use crate::bounds::{evict, shortened};
use crate::latest::{Latest, put};
use base::Timestamp;
use base::hash::hash64;
use lexicon::{Event, EventKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Accounts kept per fragment.
const ACCOUNTS_MAX: usize = 64;
const NAME_BYTES_MAX: usize = 256;

/// That the customer belongs to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The account by the sender's name for it (`groupId`).
    pub account_key: String,
    /// Its name, where a group call gave one.
    pub name: Option<String>,
    /// When the earliest event that says so happened.
    pub since: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Member {
    since: Timestamp,
    name: Option<Latest<Box<str>>>,
}

/// The accounts of one fragment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Accounts(BTreeMap<Box<str>, Member>);

impl Accounts {
    /// Takes the account of an event that names one.
    pub(crate) fn absorb(&mut self, key: &str, event: &Event) {
        let since = event.occurred_at;
        let is_group = event.kind == EventKind::Group;
        let name = match is_group.then(|| event.traits.to_map().remove("name")).flatten() {
            Some(Value::String(name)) if !name.trim().is_empty() => {
                Some(Latest::new(since, shortened(name.trim(), NAME_BYTES_MAX).into()))
            }
            _ => None,
        };
        self.put(key.into(), Member { since, name });
        evict(&mut self.0, ACCOUNTS_MAX, |key, _| Reverse(hash64(0, key.as_bytes())));
    }

    pub(crate) fn join(&mut self, other: Self) {
        for (key, theirs) in other.0 {
            self.put(key, theirs);
        }
    }

    /// The accounts, the oldest membership first.
    pub(crate) fn shown(&self) -> Vec<Membership> {
        let shown = self.0.iter().map(|(key, member)| Membership {
            account_key: key.to_string(),
            name: member.name.as_ref().map(|name| name.value.to_string()),
            since: member.since,
        });
        let mut shown: Vec<_> = shown.collect();
        shown.sort_by(|a, b| (a.since, &a.account_key).cmp(&(b.since, &b.account_key)));
        shown
    }

    fn put(&mut self, key: Box<str>, theirs: Member) {
        match self.0.get_mut(&key) {
            Some(ours) => {
                ours.since = ours.since.min(theirs.since);
                if let Some(name) = theirs.name {
                    put(&mut ours.name, name);
                }
            }
            None => drop(self.0.insert(key, theirs)),
        }
    }
}
