//! Which accounts does the batch tell of, and who belongs to them?

use super::Processor;
use super::intake::{Intake, Taken};
use crate::accounts::AccountTraits;
use base::{AccountId, CustomerId, Error};
use lexicon::{Event, EventKind};
use state::{AccountRow, Membership};
use std::collections::BTreeMap;

/// What changes about accounts.
#[derive(Default)]
pub struct AccountsChange {
    /// Accounts as they are after the batch.
    pub rows: Vec<AccountRow>,
    /// Customers whose memberships may have changed.
    pub customers: Vec<CustomerId>,
    /// All their memberships.
    pub members: Vec<Membership>,
}

impl Processor {
    /// Gathers what the events say of accounts. Most batches say nothing.
    pub(super) async fn accounts(
        &self,
        intake: &Intake,
        memberships: &[(CustomerId, Vec<profile::Membership>)],
    ) -> Result<AccountsChange, Error> {
        let mut rows = self.load_accounts(intake, memberships).await?;
        let mut change = AccountsChange::default();
        for taken in intake.of_accounts.iter().chain(&intake.taken) {
            if let Some(row) = taken.event.account_key.as_deref().and_then(|k| rows.get_mut(k)) {
                tell(row, &taken.event);
            }
        }
        change.customers = memberships.iter().map(|(customer, _)| *customer).collect();
        change.members = members(memberships, &rows);
        change.rows = rows.into_values().collect();
        Ok(change)
    }

    /// The accounts that the batch names, the new ones numbered in the order of their keys.
    async fn load_accounts(
        &self,
        intake: &Intake,
        memberships: &[(CustomerId, Vec<profile::Membership>)],
    ) -> Result<BTreeMap<Box<str>, AccountRow>, Error> {
        let mut named: BTreeMap<Box<str>, Option<&Taken>> = BTreeMap::new();
        for taken in intake.of_accounts.iter().chain(&intake.taken) {
            if let Some(key) = &taken.event.account_key {
                named.entry(key.clone()).or_insert(Some(taken));
            }
        }
        for membership in memberships.iter().flat_map(|(_, all)| all) {
            named.entry(membership.account_key.as_str().into()).or_insert(None);
        }
        if named.is_empty() {
            return Ok(BTreeMap::new());
        }
        let keys: Vec<&str> = named.keys().map(|key| &**key).collect();
        let found = self.shared.state.accounts_by_key(&keys).await?;
        let mut next = self.shared.state.next_account().await?;
        let mut rows = BTreeMap::new();
        for ((key, first), row) in named.into_iter().zip(found) {
            let row = match (row, first) {
                (Some(row), _) => row,
                (None, Some(taken)) => {
                    let row = new_account(next, &key, &taken.event);
                    next = AccountId(next.0 + 1);
                    row
                }
                (None, None) => continue,
            };
            rows.insert(key, row);
        }
        Ok(rows)
    }
}

fn new_account(id: AccountId, key: &str, event: &Event) -> AccountRow {
    AccountRow {
        id,
        key: key.to_owned(),
        name: None,
        traits: lexicon::Json::empty(),
        first_seen: event.occurred_at,
        last_seen: event.occurred_at,
    }
}

/// Takes what an event says of its account.
fn tell(row: &mut AccountRow, event: &Event) {
    row.first_seen = row.first_seen.min(event.occurred_at);
    row.last_seen = row.last_seen.max(event.occurred_at);
    if event.kind != EventKind::Group || event.traits.is_empty() {
        return;
    }
    let mut traits = AccountTraits::read(&row.traits);
    traits.absorb(event);
    row.name = traits.name().or_else(|| row.name.take());
    row.traits = traits.write();
}

fn members(
    memberships: &[(CustomerId, Vec<profile::Membership>)],
    rows: &BTreeMap<Box<str>, AccountRow>,
) -> Vec<Membership> {
    let all = memberships.iter();
    let all = all.flat_map(|(customer, all)| all.iter().map(move |one| (*customer, one)));
    let member = |(customer, one): (CustomerId, &profile::Membership)| {
        let row = rows.get(one.account_key.as_str())?;
        Some(Membership { account: row.id, customer, since: one.since })
    };
    all.filter_map(member).collect()
}
