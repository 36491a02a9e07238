//! Which organisations do customers belong to?

use super::customer::CustomerRow;
use super::scalar::{Identifier, Money, SourceName, Time};
use app::accounts as inner;
use app::sources::Sources;
use app::traits::{Sight, WITHHELD};
use serde::{Deserialize, Serialize};
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

impl From<inner::AccountRow> for AccountRow {
    fn from(row: inner::AccountRow) -> Self {
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
    /// At most 100, the latest active first.
    pub members: Vec<AccountMember>,
    /// Who left it; at most 50, the latest first.
    pub former: Vec<FormerMember>,
    /// Domains that it claims.
    pub domains: Vec<AccountDomain>,
    /// Customers with an address of such a domain who are no members; at most 50.
    pub suggested: Vec<SuggestedMember>,
    pub has_more_suggested: bool,
    /// Who was put away as no member by hand; at most 50.
    pub dismissed: Vec<CustomerRow>,
    /// What all members ordered, each counted in the currency in which they spent most.
    pub totals: Vec<AccountTotals>,
    /// The latest orders of the members named above; at most 20.
    pub orders: Vec<AccountOrder>,
}

/// A lasting fact about an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountTrait {
    pub name: String,
    pub value: serde_json::Value,
    pub at: Time,
    pub source: SourceName,
    /// Every value that is kept, by each source, the one that counts first.
    pub history: Vec<AccountSaid>,
}

/// One value of a trait of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountSaid {
    pub value: serde_json::Value,
    pub source: SourceName,
    pub first_at: Time,
    pub at: Time,
    /// How often; `null` where it was stored before that was counted.
    pub n: Option<u64>,
}

/// Somebody who belongs to an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountMember {
    pub customer: CustomerRow,
    pub since: Time,
    pub role: Option<AccountRole>,
    pub position: Option<Position>,
    /// Who made them a member by hand; `null` where events did.
    pub added_by: Option<String>,
}

/// What somebody is in an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountRole {
    #[schema(examples("buyer"))]
    pub name: String,
    pub at: Time,
    pub source: SourceName,
}

/// What somebody says that they are, wherever they are it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Position {
    /// The name of the trait.
    #[schema(examples("title"))]
    pub trait_name: String,
    pub value: String,
}

/// Somebody who belonged to an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormerMember {
    pub customer: CustomerRow,
    pub left_at: Time,
}

/// A domain that an organisation claims.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountDomain {
    #[schema(examples("acme.com"))]
    pub name: String,
    /// Whether a trait of the organisation names it.
    pub is_told: bool,
    /// Who claimed it by hand.
    pub claimed_by: Option<String>,
    pub at: Time,
    /// Whether it is a provider of free mail boxes, which suggests nobody.
    pub is_free_mail: bool,
    /// Other organisations that claim it as well.
    pub rivals: Vec<RivalAccount>,
}

/// Another organisation that claims the same domain.
#[derive(Debug, Serialize, ToSchema)]
pub struct RivalAccount {
    pub id: String,
    pub name: String,
}

/// A customer who may belong to an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedMember {
    pub customer: CustomerRow,
    /// The address that says so.
    pub address: Identifier,
    /// The domain that the organisation claims.
    pub domain: String,
    /// Whether the address was shown to be theirs, or is merely claimed.
    pub is_verified: bool,
}

/// Orders of members in one currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountTotals {
    pub n_orders: u64,
    pub revenue: Money,
}

/// One order of a member.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountOrder {
    pub customer_id: String,
    pub customer_name: Option<String>,
    pub order_id: String,
    pub at: Time,
    pub total: Option<Money>,
    /// `completed`, `updated`, `cancelled`, `refunded` or `partly_refunded`.
    pub status: String,
}

/// Whether a customer belongs to an organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberDecision {
    /// `true`: they belong to it. `false`: they do not, and are not suggested any more.
    pub is_member: bool,
}

/// What is agreed about organisations.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountSettings {
    /// How often it was changed; send it back with a change.
    pub version: u64,
    pub changed_at: Option<Time>,
    pub changed_by: Option<String>,
    /// Domains whose addresses say nothing about an organisation, besides the kept list.
    pub free_mail_added: Vec<String>,
    /// Domains of the kept list that do say something.
    pub free_mail_exempted: Vec<String>,
    /// How many domains the kept list has.
    pub n_kept: u64,
}

/// What is to be agreed about organisations from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountSettingsChange {
    /// The version that this was made from.
    pub version: u64,
    #[serde(default)]
    pub free_mail_added: Vec<String>,
    #[serde(default)]
    pub free_mail_exempted: Vec<String>,
}

impl Account {
    /// The wire form of `account`, for somebody with this `sight`: a trait of an account is
    /// withheld like one of a customer.
    pub fn of(account: inner::AccountView, sources: &Sources, sight: &Sight) -> Self {
        let customer = |row| CustomerRow::of(row, None, sight);
        let traits = account.traits.into_iter();
        let members = account.members.into_iter();
        let members: Vec<AccountMember> =
            members.map(|member| AccountMember::of(member, sources, sight)).collect();
        let orders = account.orders.into_iter().map(|order| AccountOrder::of(order, &members));
        let former = account.former.into_iter().map(|former| FormerMember {
            customer: customer(former.row),
            left_at: former.left_at.into(),
        });
        let suggested = account.suggested.into_iter().map(|suggestion| SuggestedMember {
            customer: customer(suggestion.row),
            address: sight.identifier(suggestion.address).into(),
            domain: suggestion.domain,
            is_verified: suggestion.is_verified,
        });
        Self {
            row: account.row.into(),
            traits: traits.filter_map(|t| AccountTrait::of(t, sources, sight)).collect(),
            orders: orders.collect(),
            members,
            former: former.collect(),
            domains: account.domains.into_iter().map(AccountDomain::from).collect(),
            suggested: suggested.collect(),
            has_more_suggested: account.has_more_suggested,
            dismissed: account.dismissed.into_iter().map(customer).collect(),
            totals: account.totals.into_iter().map(AccountTotals::from).collect(),
        }
    }
}

impl AccountTrait {
    /// Nothing where nothing was said.
    fn of(trait_: inner::AccountTrait, sources: &Sources, sight: &Sight) -> Option<Self> {
        let is_hidden = sight.hides(&trait_.name);
        let said = |said: inner::AccountSaid| AccountSaid {
            value: if is_hidden { WITHHELD.into() } else { said.value },
            source: SourceName::of(said.source, sources),
            first_at: said.first_at.into(),
            at: said.at.into(),
            n: (said.n > 0).then_some(said.n),
        };
        let history: Vec<AccountSaid> = trait_.said.into_iter().map(said).collect();
        let first = history.first()?;
        Some(Self {
            name: trait_.name,
            value: first.value.clone(),
            at: first.at.clone(),
            source: first.source.clone(),
            history,
        })
    }
}

impl AccountMember {
    fn of(member: inner::Member, sources: &Sources, sight: &Sight) -> Self {
        let position = member.position.map(|(trait_name, value)| Position {
            value: if sight.hides(&trait_name) { WITHHELD.to_owned() } else { value },
            trait_name,
        });
        Self {
            customer: CustomerRow::of(member.row, None, sight),
            since: member.since.into(),
            role: member.role.map(|role| AccountRole::of(role, sources)),
            position,
            added_by: member.added_by,
        }
    }
}

impl AccountRole {
    /// The wire form of `role`.
    pub fn of(role: inner::Role, sources: &Sources) -> Self {
        let source = SourceName::of(role.source, sources);
        Self { name: role.name, at: role.at.into(), source }
    }
}

impl AccountOrder {
    /// Whose it is, is said as among the members.
    fn of(order: inner::AccountOrder, members: &[AccountMember]) -> Self {
        let customer_id = order.customer.to_string();
        let member = members.iter().find(|member| member.customer.id == customer_id);
        Self {
            customer_name: member.and_then(|member| member.customer.name.clone()),
            customer_id,
            order_id: order.order_id,
            at: order.at.into(),
            total: order.total.map(Money::from),
            status: order.status.to_owned(),
        }
    }
}

impl From<inner::ClaimedDomain> for AccountDomain {
    fn from(domain: inner::ClaimedDomain) -> Self {
        let rival =
            |rival: inner::Rival| RivalAccount { id: rival.id.to_string(), name: rival.name };
        Self {
            name: domain.name,
            is_told: domain.is_told,
            claimed_by: domain.by,
            at: domain.at.into(),
            is_free_mail: domain.is_free_mail,
            rivals: domain.rivals.into_iter().map(rival).collect(),
        }
    }
}

impl From<inner::AccountTotals> for AccountTotals {
    fn from(totals: inner::AccountTotals) -> Self {
        Self { n_orders: totals.n_orders, revenue: totals.revenue.into() }
    }
}

impl From<&inner::AccountSettings> for AccountSettings {
    fn from(settings: &inner::AccountSettings) -> Self {
        Self {
            version: settings.version,
            changed_at: Time::maybe(settings.changed_at),
            changed_by: settings.changed_by.clone(),
            free_mail_added: settings.free_mail.added.iter().cloned().collect(),
            free_mail_exempted: settings.free_mail.exempted.iter().cloned().collect(),
            n_kept: app::relations::FreeMail::n_kept() as u64,
        }
    }
}

impl From<AccountSettingsChange> for inner::AccountSettingsChange {
    fn from(change: AccountSettingsChange) -> Self {
        Self {
            version: change.version,
            added: change.free_mail_added,
            exempted: change.free_mail_exempted,
        }
    }
}
