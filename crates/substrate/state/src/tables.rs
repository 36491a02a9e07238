//! How is a whole table read, page by page, by those who ask about everything?
//!
//! Pages follow the primary key, so that a row is seen once whatever is written meanwhile.
//! Customers whose data rest are left out, and what points to them.

use crate::accounts::account_row;
use crate::customers::{COLUMNS, customer_row};
use crate::identity::identifier_row;
use crate::privacy::SUSPENDED;
use crate::{AccountRow, CustomerRow, IdentifierRow, Membership, Row, State, StateError, Value};
use base::{AccountId, CustomerId, IdentifierId};

/// Behind which row a page begins, and how many rows it has at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After<'a, Key> {
    /// The key of the last row of the page before; the least there is for the first page.
    pub key: Key,
    /// Rows.
    pub limit: usize,
    /// Only rows with these numbers in the first column; `None` for all.
    pub only: Option<&'a [i64]>,
}

impl<Key> After<'_, Key> {
    /// The condition for the first column, after `WHERE`.
    fn only(&self, column: &str) -> String {
        match self.only {
            None => "1 = 1".to_owned(),
            // Numbers, not texts: nothing can be smuggled in.
            Some([]) => "1 = 0".to_owned(),
            Some(ids) => {
                let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
                format!("{column} IN ({})", ids.join(","))
            }
        }
    }

    fn limit(&self) -> Value<'static> {
        (self.limit as i64).into()
    }
}

impl State {
    /// The customers behind `after.key`, by number.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn customer_table(
        &self,
        after: After<'_, CustomerId>,
    ) -> Result<Vec<CustomerRow>, StateError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM customers WHERE id > $1 AND {} AND id NOT IN {SUSPENDED} \
             ORDER BY id LIMIT $2",
            after.only("id")
        );
        let rows = self.db().rows(sql, vec![after.key.into(), after.limit()]).await?;
        rows.iter().map(customer_row).collect()
    }

    /// The identifiers behind `after.key`, by number.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn identifier_table(
        &self,
        after: After<'_, IdentifierId>,
    ) -> Result<Vec<IdentifierRow>, StateError> {
        let sql = format!(
            "SELECT id, kind, value, customer, first_seen, recorded_at, shared FROM identifiers \
             WHERE id > $1 AND {} AND customer NOT IN {SUSPENDED} ORDER BY id LIMIT $2",
            after.only("id")
        );
        let rows = self.db().rows(sql, vec![after.key.into(), after.limit()]).await?;
        rows.iter().map(identifier_row).collect()
    }

    /// The accounts behind `after.key`, by number.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn account_table(
        &self,
        after: After<'_, AccountId>,
    ) -> Result<Vec<AccountRow>, StateError> {
        let sql = format!(
            "SELECT id, key, name, traits, first_seen, last_seen FROM accounts \
             WHERE id > $1 AND {} ORDER BY id LIMIT $2",
            after.only("id")
        );
        let rows = self.db().rows(sql, vec![after.key.into(), after.limit()]).await?;
        rows.iter().map(account_row).collect()
    }

    /// Who belongs to which account, by events or by hand, behind `after.key`, by both numbers.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn membership_table(
        &self,
        after: After<'_, (AccountId, CustomerId)>,
    ) -> Result<Vec<Membership>, StateError> {
        let sql = format!(
            "SELECT account, customer, MIN(since) FROM (\
             SELECT account, customer, since FROM account_members UNION ALL \
             SELECT v.account, i.customer, v.decided_at FROM account_verdicts AS v \
             JOIN identifiers AS i ON i.id = v.identifier WHERE v.is_member = 1) AS m \
             WHERE (account, customer) > ($1, $2) AND {} AND customer NOT IN {SUSPENDED} \
             GROUP BY account, customer ORDER BY account, customer LIMIT $3",
            after.only("account")
        );
        let (account, customer) = after.key;
        let values = vec![account.into(), customer.into(), after.limit()];
        self.db().rows(sql, values).await?.iter().map(membership).collect()
    }
}

fn membership(row: &Row) -> Result<Membership, StateError> {
    Ok(Membership {
        account: AccountId::from_sql(row.int(0)?),
        customer: CustomerId::from_sql(row.int(1)?),
        since: row.time(2)?,
    })
}
