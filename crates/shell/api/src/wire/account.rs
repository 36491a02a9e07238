//! Which organisations do customers belong to?

use super::customer::CustomerRow;
use super::scalar::{SourceName, Time};
use app::sources::Sources;
use app::traits::{Sight, WITHHELD};
use serde::Serialize;
use utoipa::ToSchema;

/// An organisation of customers, as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountRow {
    #[schema(examples("a_0001"))]
    pub id: String,
    /// What senders call it (`groupId`).
    pub key: String,
    pub name: Option<String>,
    pub n_members: u64,
    pub first_seen: Time,
    pub last_seen: Time,
}

impl From<app::accounts::AccountRow> for AccountRow {
    fn from(row: app::accounts::AccountRow) -> Self {
        Self {
            id: row.id.to_string(),
            key: row.key,
            name: row.name,
            n_members: row.n_members,
            first_seen: row.first_seen.into(),
            last_seen: row.last_seen.into(),
        }
    }
}

/// An organisation with what is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    #[serde(flatten)]
    pub row: AccountRow,
    pub traits: Vec<AccountTrait>,
    /// The first hundred.
    pub members: Vec<CustomerRow>,
}

/// A lasting fact about an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountTrait {
    pub name: String,
    pub value: serde_json::Value,
    pub at: Time,
    pub source: SourceName,
}

impl Account {
    /// The wire form of `account`, for somebody with this `sight`: a trait of an account is withheld
    /// like one of a customer.
    pub fn of(account: app::accounts::AccountView, sources: &Sources, sight: &Sight) -> Self {
        let traits = account.traits.into_iter().map(|trait_| AccountTrait {
            value: match sight.hides(&trait_.name) {
                true => WITHHELD.into(),
                false => trait_.value,
            },
            name: trait_.name,
            at: trait_.at.into(),
            source: SourceName::of(trait_.source, sources),
        });
        let members = account.members.into_iter().map(|row| CustomerRow::of(row, None, sight));
        Self { traits: traits.collect(), members: members.collect(), row: account.row.into() }
    }
}
