//! Which organisations do customers belong to, and what is known of them?

use crate::engine::Engine;
use crate::page::{Page, PageQuery, cursor_of};
use base::{AccountId, Error, ErrorKind, SourceId, Timestamp};
use lexicon::{Event, Json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Members that an account's page names.
const MEMBERS_SHOWN: usize = 100;

/// An account in a list.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// The account.
    pub id: AccountId,
    /// The company's own id of it.
    pub key: String,
    /// Its name.
    pub name: Option<String>,
    /// How many customers belong to it.
    pub n_members: u64,
    /// The earliest event that names it.
    pub first_seen: Timestamp,
    /// The latest.
    pub last_seen: Timestamp,
}

/// Everything known of an account.
#[derive(Clone, Debug)]
pub struct AccountView {
    /// Its line in lists.
    pub row: AccountRow,
    /// What is known, by name.
    pub traits: Vec<AccountTrait>,
    /// Who belongs to it; at most 100.
    pub members: Vec<state::CustomerRow>,
}

/// One trait of an account with where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountTrait {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// When it was said.
    pub at: Timestamp,
    /// Where it was said.
    pub source: SourceId,
}

/// The traits of an account as they are kept: the latest of each name; at the same time, the one
/// whose text is greater, so that order of arrival does not matter.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct AccountTraits(BTreeMap<String, Kept>);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    value: Value,
    at: Timestamp,
    source: SourceId,
}

impl AccountTraits {
    pub(crate) fn read(json: &Json) -> Self {
        serde_json::from_str(json.as_str()).unwrap_or_default()
    }

    pub(crate) fn write(&self) -> Json {
        Json::from_checked_text(serde_json::to_string(self).expect("traits are JSON"))
    }

    /// Takes what a group call says.
    pub(crate) fn absorb(&mut self, event: &Event) {
        for (name, value) in event.traits.to_map() {
            let kept = Kept { value, at: event.occurred_at, source: event.source };
            match self.0.get(&name) {
                Some(old) if old.rank() >= kept.rank() => {}
                _ => {
                    self.0.insert(name, kept);
                }
            }
        }
    }

    /// The account's name, where a trait gives one.
    pub(crate) fn name(&self) -> Option<String> {
        self.0.get("name").and_then(|kept| kept.value.as_str()).map(str::to_owned)
    }

    fn shown(self) -> Vec<AccountTrait> {
        let shown = |(name, kept): (String, Kept)| AccountTrait {
            name,
            value: kept.value,
            at: kept.at,
            source: kept.source,
        };
        self.0.into_iter().map(shown).collect()
    }
}

impl Kept {
    fn rank(&self) -> (Timestamp, String, SourceId) {
        (self.at, self.value.to_string(), self.source)
    }
}

impl Engine {
    /// Accounts by key, of which the key begins with `text` or the name contains it.
    ///
    /// # Errors
    /// `Invalid` for a cursor of another list.
    pub async fn accounts(
        &self,
        text: Option<&str>,
        page: &PageQuery,
    ) -> Result<Page<AccountRow>, Error> {
        let after: Option<String> = page.place()?;
        let found = self.shared.state.list_accounts(text, after.as_deref(), page.limit).await?;
        let next = found.next.map(|key| cursor_of(&key));
        let items = found.rows.into_iter().map(|(row, n)| account_row(row, n).0).collect();
        Ok(Page { items, next })
    }

    /// Everything known of an account.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn account(&self, id: AccountId) -> Result<AccountView, Error> {
        let found = self.shared.state.accounts(&[id]).await?.into_iter().flatten().next();
        let row = found
            .ok_or_else(|| Error::new(ErrorKind::NotFound, format!("there is no account {id}")))?;
        let (members, n_members) = self.shared.state.account_members(id, MEMBERS_SHOWN).await?;
        let ids: Vec<_> = members.iter().map(|member| member.customer).collect();
        let members = self.shared.state.customer_rows(&ids).await?.into_iter().flatten().collect();
        let (row, traits) = account_row(row, n_members);
        Ok(AccountView { row, traits: traits.shown(), members })
    }
}

fn account_row(row: state::AccountRow, n_members: u64) -> (AccountRow, AccountTraits) {
    let traits = AccountTraits::read(&row.traits);
    let shown = AccountRow {
        id: row.id,
        key: row.key,
        name: row.name,
        n_members,
        first_seen: row.first_seen,
        last_seen: row.last_seen,
    };
    (shown, traits)
}
