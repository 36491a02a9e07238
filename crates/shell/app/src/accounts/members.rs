//! Who belongs to an account, who did, and what did they order?

use super::{Leavers, Role, role_among};
use crate::engine::Engine;
use base::{Currency, CustomerId, Error, IdentifierId, Money, Timestamp};
use profile::Profile;
use state::{AccountRow, AccountStatementRow, AccountVerdictRow, CustomerRow, IdentifierRow};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Members that an account's page names.
const MEMBERS_SHOWN: usize = 100;
/// Former members likewise.
const FORMER_SHOWN: usize = 50;
/// Orders likewise.
const ORDERS_SHOWN: usize = 20;
/// Traits that say what somebody is, wherever they are it.
const POSITION_TRAITS: [&str; 5] = ["title", "job_title", "jobTitle", "jobtitle", "position"];

/// Somebody who belongs to an account.
#[derive(Clone, Debug)]
pub struct Member {
    /// Their line in lists.
    pub row: CustomerRow,
    /// Since when.
    pub since: Timestamp,
    /// What they are in it.
    pub role: Option<Role>,
    /// What they say that they are, with the name of the trait.
    pub position: Option<(String, String)>,
    /// Who made them a member by hand; `None` where events did.
    pub added_by: Option<String>,
}

/// Somebody who belonged to an account.
#[derive(Clone, Debug)]
pub struct FormerMember {
    /// Their line in lists.
    pub row: CustomerRow,
    /// When they left.
    pub left_at: Timestamp,
}

/// What the members of an account ordered in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountTotals {
    /// Orders of the members who order in this currency.
    pub n_orders: u64,
    /// What they paid, less what was given back.
    pub revenue: Money,
}

/// One order of a member.
#[derive(Clone, Debug)]
pub struct AccountOrder {
    /// Whose it is.
    pub customer: CustomerId,
    /// The sender's number of it.
    pub order_id: String,
    /// When it was placed.
    pub at: Timestamp,
    /// What it was worth.
    pub total: Option<Money>,
    /// Where it stands.
    pub status: &'static str,
}

/// An account's people and orders.
pub(super) struct Group {
    pub n_members: u64,
    pub members: Vec<Member>,
    pub former: Vec<FormerMember>,
    pub totals: Vec<AccountTotals>,
    pub orders: Vec<AccountOrder>,
}

/// Since when somebody is a member, and who said so by hand.
type Standing = (Timestamp, Option<String>);

impl Engine {
    pub(super) async fn members_of(
        &self,
        account: &AccountRow,
        verdicts: &[(AccountVerdictRow, CustomerId)],
    ) -> Result<Group, Error> {
        let state = &self.shared.state;
        let (told, _) = state.account_members(account.id, MEMBERS_SHOWN).await?;
        let n_members = state.count_members(account.id).await?;
        let mut standings: BTreeMap<CustomerId, Standing> =
            told.into_iter().map(|member| (member.customer, (member.since, None))).collect();
        for (verdict, customer) in verdicts.iter().filter(|(verdict, _)| verdict.is_member) {
            let by_hand = || (verdict.at, Some(verdict.by.clone()));
            standings.entry(*customer).or_insert_with(by_hand);
        }
        let customers: Vec<CustomerId> = standings.keys().copied().collect();
        let identifiers = state.clusters(&customers).await?.identifiers;
        let ids: Vec<IdentifierId> = identifiers.iter().map(|row| row.id).collect();
        let mut statements = state.account_statements_of(&ids).await?;
        statements.retain(|row| row.account_key == account.key);
        let profiles = self.profiles_shown(&customers).await?;
        let members = self.named(&standings, &roles(&identifiers, &statements), &profiles).await?;
        Ok(Group {
            n_members,
            former: self.former(account, &standings).await?,
            totals: self.totals(account).await?,
            orders: orders(&members, &profiles),
            members,
        })
    }

    async fn named(
        &self,
        standings: &BTreeMap<CustomerId, Standing>,
        roles: &HashMap<CustomerId, Role>,
        profiles: &HashMap<CustomerId, Profile>,
    ) -> Result<Vec<Member>, Error> {
        let customers: Vec<CustomerId> = standings.keys().copied().collect();
        let rows = self.shared.state.customer_rows(&customers).await?;
        let member = |row: CustomerRow| {
            let (since, added_by) = standings.get(&row.id)?.clone();
            let position = profiles.get(&row.id).and_then(position);
            Some(Member { role: roles.get(&row.id).cloned(), since, position, added_by, row })
        };
        let mut members: Vec<Member> = rows.into_iter().flatten().filter_map(member).collect();
        members.sort_by_key(|member| (Reverse(member.row.last_seen), member.row.id));
        members.truncate(MEMBERS_SHOWN);
        Ok(members)
    }

    /// The profiles of these customers.
    pub(super) async fn profiles_shown(
        &self,
        customers: &[CustomerId],
    ) -> Result<HashMap<CustomerId, Profile>, Error> {
        let rules = self.shared.traits.rules();
        let blobs = self.shared.profile_blobs(customers).await?;
        let known = customers.iter().zip(blobs).filter_map(|(id, blob)| Some((*id, blob?)));
        known.map(|(id, blob)| Ok((id, crate::processor::decode(&blob)?.view(&rules)))).collect()
    }

    async fn former(
        &self,
        account: &AccountRow,
        present: &BTreeMap<CustomerId, Standing>,
    ) -> Result<Vec<FormerMember>, Error> {
        let state = &self.shared.state;
        let left = state.account_leavers(&account.key, FORMER_SHOWN * 2).await?;
        let ids: Vec<IdentifierId> = left.iter().map(|row| row.identifier).collect();
        let found = state.identifiers_by_id(&ids).await?;
        let customers: BTreeSet<CustomerId> =
            found.into_iter().flatten().map(|row| row.customer).collect();
        let gone: Vec<CustomerId> =
            customers.into_iter().filter(|id| !present.contains_key(id)).collect();
        let identifiers = state.clusters(&gone).await?.identifiers;
        let all: Vec<IdentifierId> = identifiers.iter().map(|row| row.id).collect();
        let leavers = Leavers::of(&state.account_statements_of(&all).await?);
        let left_at = |customer| {
            let own = identifiers.iter().filter(|row| row.customer == customer);
            leavers.left_at(&account.key, &own.map(|row| row.id).collect::<Vec<_>>())
        };
        let rows = state.customer_rows(&gone).await?.into_iter().flatten();
        let former = rows.filter_map(|row| Some(FormerMember { left_at: left_at(row.id)?, row }));
        let mut former: Vec<FormerMember> = former.collect();
        former.sort_by_key(|member| (Reverse(member.left_at), member.row.id));
        former.truncate(FORMER_SHOWN);
        Ok(former)
    }

    async fn totals(&self, account: &AccountRow) -> Result<Vec<AccountTotals>, Error> {
        let sums = self.shared.state.account_totals(account.id).await?;
        let totals = sums.into_iter().map(|(currency, n_orders, minor)| {
            let currency = currency.as_deref().and_then(Currency::parse).unwrap_or(Currency::NONE);
            AccountTotals { n_orders, revenue: Money { minor, currency } }
        });
        Ok(totals.collect())
    }
}

fn roles(
    identifiers: &[IdentifierRow],
    statements: &[AccountStatementRow],
) -> HashMap<CustomerId, Role> {
    let owner: HashMap<IdentifierId, CustomerId> =
        identifiers.iter().map(|row| (row.id, row.customer)).collect();
    let mut by_customer: HashMap<CustomerId, Vec<&AccountStatementRow>> = HashMap::new();
    for row in statements {
        if let Some(customer) = owner.get(&row.identifier) {
            by_customer.entry(*customer).or_default().push(row);
        }
    }
    let role = |(customer, rows): (CustomerId, Vec<&AccountStatementRow>)| {
        Some((customer, role_among(rows.into_iter())?))
    };
    by_customer.into_iter().filter_map(role).collect()
}

fn position(profile: &Profile) -> Option<(String, String)> {
    let said = POSITION_TRAITS.iter().find_map(|name| {
        let trait_ = profile.traits.iter().find(|trait_| trait_.name == *name)?;
        Some((trait_.name.clone(), trait_.value.as_str()?.trim().to_owned()))
    });
    said.filter(|(_, value)| !value.is_empty())
}

fn orders(members: &[Member], profiles: &HashMap<CustomerId, Profile>) -> Vec<AccountOrder> {
    let each = members.iter().filter_map(|member| Some((member, profiles.get(&member.row.id)?)));
    let all = each.flat_map(|(member, profile)| {
        profile.orders.iter().map(|order| AccountOrder {
            customer: member.row.id,
            order_id: order.order_id.clone(),
            at: order.at,
            total: order.total,
            status: order.status.slug(),
        })
    });
    let mut all: Vec<AccountOrder> = all.collect();
    all.sort_by(|a, b| (b.at, &a.order_id).cmp(&(a.at, &b.order_id)));
    all.truncate(ORDERS_SHOWN);
    all
}
