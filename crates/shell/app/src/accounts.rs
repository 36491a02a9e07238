//! Which organisations do customers belong to, as what, and what is known of them?

mod change;
mod members;
mod of_customer;
mod places;
mod settings;
mod suggested;
mod traits;

pub use members::{AccountOrder, AccountTotals, FormerMember, Member};
pub use places::Role;
pub use settings::{AccountRules, AccountSettings, AccountSettingsChange};
pub use suggested::{ClaimedDomain, Rival, Suggestion};
pub use traits::{AccountSaid, AccountTrait};

pub(crate) use places::{Leavers, role_among};
pub(crate) use traits::AccountTraits;

use crate::engine::Engine;
use crate::page::{Page, PageQuery, cursor_of};
use base::{AccountId, Error, ErrorKind, Timestamp};

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
    pub members: Vec<Member>,
    /// Who did, and left; at most 50.
    pub former: Vec<FormerMember>,
    /// The domains that it claims, by name.
    pub domains: Vec<ClaimedDomain>,
    /// Who may belong to it, by their address; at most 50.
    pub suggested: Vec<Suggestion>,
    /// Whether there are more of those.
    pub has_more_suggested: bool,
    /// Whom somebody has put away as no member; at most 50.
    pub dismissed: Vec<state::CustomerRow>,
    /// What all members ordered, by currency.
    pub totals: Vec<AccountTotals>,
    /// The latest orders of the members that are named, newest first; at most 20.
    pub orders: Vec<AccountOrder>,
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
        let items = found.rows.into_iter().map(|(row, n)| account_row(row, n)).collect();
        Ok(Page { items, next })
    }

    /// Everything known of an account.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn account(&self, id: AccountId) -> Result<AccountView, Error> {
        let row = self.account_kept(id).await?;
        let verdicts = self.shared.state.account_verdicts(id).await?;
        let traits = AccountTraits::read(&row.traits);
        let group = self.members_of(&row, &verdicts).await?;
        let domains = self.domains_of(id, &traits).await?;
        let (suggested, has_more_suggested) = self.suggested_for(id, &domains, &verdicts).await?;
        let dismissed = self.dismissed(&verdicts).await?;
        Ok(AccountView {
            row: account_row(row, group.n_members),
            traits: traits.shown(),
            members: group.members,
            former: group.former,
            domains,
            suggested,
            has_more_suggested,
            dismissed,
            totals: group.totals,
            orders: group.orders,
        })
    }

    pub(super) async fn account_kept(&self, id: AccountId) -> Result<state::AccountRow, Error> {
        let found = self.shared.state.accounts(&[id]).await?.into_iter().flatten().next();
        found.ok_or_else(|| Error::new(ErrorKind::NotFound, format!("there is no account {id}")))
    }
}

fn account_row(row: state::AccountRow, n_members: u64) -> AccountRow {
    AccountRow {
        id: row.id,
        key: row.key,
        name: row.name,
        n_members,
        first_seen: row.first_seen,
        last_seen: row.last_seen,
    }
}
