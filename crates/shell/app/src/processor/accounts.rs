//! Which accounts does the batch tell of, and who belongs to them?

use super::Processor;
use super::fold::Belonging;
use super::intake::{Intake, Taken};
use super::related::Related;
use crate::accounts::{AccountTraits, Leavers};
use base::{AccountId, CustomerId, Error, IdentifierId, Timestamp};
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
    /// Accounts of which the traits claim other domains than before.
    pub reclaimed: Vec<AccountId>,
    /// All domains that those claim by their traits.
    pub claims: Vec<(String, AccountId, Timestamp)>,
}

impl Processor {
    /// Gathers what the events say of accounts. Most batches say nothing.
    pub(super) async fn accounts(
        &mut self,
        intake: &Intake,
        memberships: &[Belonging],
        related: &Related,
    ) -> Result<AccountsChange, Error> {
        let mut rows = self.load_accounts(intake, memberships).await?;
        let leavers = self.leavers(memberships, related).await?;
        let mut change = AccountsChange::default();
        for taken in intake.of_accounts.iter().chain(&intake.taken) {
            if let Some(row) = taken.event.account_key.as_deref().and_then(|k| rows.get_mut(k))
                && tell(row, &taken.event)
            {
                change.reclaimed.push(row.id);
            }
        }
        change.customers = memberships.iter().map(|belonging| belonging.customer).collect();
        change.members = members(memberships, &rows, &leavers);
        change.claims = claims(&change.reclaimed, rows.values());
        change.rows = rows.into_values().collect();
        Ok(change)
    }

    /// The accounts that the batch names, the new ones numbered in the order of their keys.
    async fn load_accounts(
        &self,
        intake: &Intake,
        memberships: &[Belonging],
    ) -> Result<BTreeMap<Box<str>, AccountRow>, Error> {
        let mut named: BTreeMap<Box<str>, Option<&Taken>> = BTreeMap::new();
        for taken in intake.of_accounts.iter().chain(&intake.taken) {
            if let Some(key) = &taken.event.account_key {
                named.entry(key.clone()).or_insert(Some(taken));
            }
        }
        for membership in memberships.iter().flat_map(|belonging| &belonging.accounts) {
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

    /// Who left which account, of those whose memberships may have changed. As long as nobody ever
    /// left one, nothing is read.
    async fn leavers(
        &mut self,
        memberships: &[Belonging],
        related: &Related,
    ) -> Result<Leavers, Error> {
        self.has_leavers |= related.statements.iter().any(|row| row.about == "left");
        if !self.has_leavers {
            return Ok(Leavers::default());
        }
        let ids = memberships.iter().flat_map(|belonging| &belonging.identifiers).copied();
        let ids: Vec<IdentifierId> = ids.collect();
        let mut statements = self.shared.state.account_statements_of(&ids).await?;
        statements.extend(related.statements.iter().cloned());
        Ok(Leavers::of(&statements))
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

/// Takes what an event says of its account; answers whether it claims other domains now.
fn tell(row: &mut AccountRow, event: &Event) -> bool {
    row.first_seen = row.first_seen.min(event.occurred_at);
    row.last_seen = row.last_seen.max(event.occurred_at);
    if event.kind != EventKind::Group || event.traits.is_empty() {
        return false;
    }
    let mut traits = AccountTraits::read(&row.traits);
    let claimed = traits.domains();
    traits.absorb(event);
    row.name = traits.name().or_else(|| row.name.take());
    row.traits = traits.write();
    traits.domains() != claimed
}

fn claims<'a>(
    reclaimed: &[AccountId],
    rows: impl Iterator<Item = &'a AccountRow>,
) -> Vec<(String, AccountId, Timestamp)> {
    let changed = rows.filter(|row| reclaimed.contains(&row.id));
    let claims = changed.flat_map(|row| {
        let domains = AccountTraits::read(&row.traits).domains();
        domains.into_iter().map(|(domain, at)| (domain, row.id, at))
    });
    claims.collect()
}

fn members(
    memberships: &[Belonging],
    rows: &BTreeMap<Box<str>, AccountRow>,
    leavers: &Leavers,
) -> Vec<Membership> {
    let all = memberships.iter();
    let all = all.flat_map(|belonging| belonging.accounts.iter().map(move |one| (belonging, one)));
    let member = |(belonging, one): (&Belonging, &profile::Membership)| {
        let row = rows.get(one.account_key.as_str())?;
        let has_left = leavers.has_left(&one.account_key, &belonging.identifiers);
        let customer = belonging.customer;
        (!has_left).then_some(Membership { account: row.id, customer, since: one.since })
    };
    all.filter_map(member).collect()
}
