//! Which organisations do customers belong to?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::customers::fold;
use crate::identity::{last_by_key, sorted};
use crate::listing::{escape_like, past_prefix};
use crate::{Row, State, StateError, Value};
use base::{AccountId, CustomerId, Timestamp};
use lexicon::Json;
use std::collections::HashMap;

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its number in the order in which accounts were first seen.
    pub id: AccountId,
    /// What senders call it (`groupId`).
    pub key: String,
    /// Its name, where one is known.
    pub name: Option<String>,
    /// What is known of it, in the form that the processor gives it.
    pub traits: Json,
    /// When the first event that named it happened.
    pub first_seen: Timestamp,
    /// When the last event that named it happened.
    pub last_seen: Timestamp,
}

/// A customer's place in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The account.
    pub account: AccountId,
    /// The customer.
    pub customer: CustomerId,
    /// Since when.
    pub since: Timestamp,
}

/// One page of accounts, by key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountPage {
    /// The accounts and how many members each has.
    pub rows: Vec<(AccountRow, u64)>,
    /// The key after which the next page begins.
    pub next: Option<String>,
}

const BY_KEY: Rows = Rows {
    head: "SELECT id, key, name, traits, first_seen, last_seen FROM accounts WHERE key IN (",
    n_columns: 1,
    tail: ")",
};
const BY_ID: Rows = Rows {
    head: "SELECT id, key, name, traits, first_seen, last_seen FROM accounts WHERE id IN (",
    n_columns: 1,
    tail: ")",
};
const PUT: Rows = Rows {
    head: "INSERT INTO accounts (id, key, name, name_folded, traits, first_seen, last_seen) VALUES",
    n_columns: 7,
    tail: " ON CONFLICT (id) DO UPDATE SET name = excluded.name, \
            name_folded = excluded.name_folded, traits = excluded.traits, \
            first_seen = excluded.first_seen, last_seen = excluded.last_seen",
};
const DROP_MEMBERS: Rows =
    Rows { head: "DELETE FROM account_members WHERE customer IN (", n_columns: 1, tail: ")" };
const PUT_MEMBERS: Rows = Rows {
    head: "INSERT INTO account_members (account, customer, since) VALUES",
    n_columns: 3,
    tail: " ON CONFLICT (account, customer) DO UPDATE SET since = excluded.since",
};

/// Everybody who belongs to the account `$1`, by events or by hand.
const MEMBERS: &str = "SELECT customer FROM account_members WHERE account = $1 UNION \
                       SELECT i.customer FROM account_verdicts AS v JOIN identifiers AS i \
                       ON i.id = v.identifier WHERE v.account = $1 AND v.is_member = 1";
const AMONG: Rows = Rows {
    head: "SELECT customer FROM account_members WHERE (account, customer) IN (VALUES",
    n_columns: 2,
    tail: ")",
};

impl State {
    /// The accounts with these keys, in their order; `None` for a new one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn accounts_by_key(
        &self,
        keys: &[&str],
    ) -> Result<Vec<Option<AccountRow>>, StateError> {
        let mut found = HashMap::new();
        for row in BY_KEY.read(self.db(), &sorted(keys), |&key, v| v.push(key.into())).await? {
            let row = account_row(&row)?;
            found.insert(row.key.clone(), row);
        }
        Ok(keys
            .iter()
            .map(|key| found.get(&*crate::value::storable((*key).into())).cloned())
            .collect())
    }

    /// The accounts with these numbers, in their order.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn accounts(&self, ids: &[AccountId]) -> Result<Vec<Option<AccountRow>>, StateError> {
        let mut found = HashMap::new();
        for row in BY_ID.read(self.db(), &sorted(ids), |&id, v| v.push(id.into())).await? {
            let row = account_row(&row)?;
            found.insert(row.id, row);
        }
        Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
    }

    /// The number that the next new account gets.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn next_account(&self) -> Result<AccountId, StateError> {
        let row = self.db().row("SELECT MAX(id) FROM accounts", vec![]).await?;
        let last = row.map_or(Ok(None), |row| row.int_opt(0))?;
        Ok(AccountId::from_sql(last.unwrap_or(0) + 1))
    }

    /// A page of accounts by key, those behind `after`, of which the key begins with `text` or the
    /// name contains it.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn list_accounts(
        &self,
        text: Option<&str>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<AccountPage, StateError> {
        let mut sql = String::from(
            "SELECT id, key, name, traits, first_seen, last_seen, (SELECT COUNT(*) FROM \
             (SELECT customer FROM account_members WHERE account = accounts.id UNION \
              SELECT i.customer FROM account_verdicts AS v JOIN identifiers AS i \
              ON i.id = v.identifier WHERE v.account = accounts.id AND v.is_member = 1) AS m) \
             FROM accounts WHERE key > $1",
        );
        let mut values: Vec<Value<'_>> = vec![after.unwrap_or_default().into()];
        if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
            sql.push_str(" AND ((key >= $3 AND key < $4) OR name_folded LIKE $5 ESCAPE '!')");
            let like = format!("%{}%", escape_like(&fold(text)));
            values.extend([(limit as i64 + 1).into(), text.into(), past_prefix(text).into()]);
            values.push(like.into());
        } else {
            values.push((limit as i64 + 1).into());
        }
        sql.push_str(" ORDER BY key LIMIT $2");
        let rows = self.db().rows(sql, values).await?;
        let row = |row: &Row| Ok((account_row(row)?, row.int(6)?.cast_unsigned()));
        let mut rows: Vec<_> = rows.iter().map(row).collect::<Result<_, StateError>>()?;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| has_more);
        Ok(AccountPage { next: last.map(|(row, _)| row.key.clone()), rows })
    }

    /// Up to `limit` members of an account by number, and how many there are.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn account_members(
        &self,
        account: AccountId,
        limit: usize,
    ) -> Result<(Vec<Membership>, u64), StateError> {
        let sql = "SELECT customer, since FROM account_members WHERE account = $1 \
                   ORDER BY customer LIMIT $2";
        let rows = self.db().rows(sql, vec![account.into(), (limit as i64).into()]).await?;
        let member = |row: &Row| {
            let customer = CustomerId::from_sql(row.int(0)?);
            Ok(Membership { account, customer, since: row.time(1)? })
        };
        let members = rows.iter().map(member).collect::<Result<_, StateError>>()?;
        let sql = "SELECT COUNT(*) FROM account_members WHERE account = $1";
        let n = self.db().row(sql, vec![account.into()]).await?;
        Ok((members, n.map_or(Ok(0), |row| row.int(0))?.cast_unsigned()))
    }
}

impl State {
    /// How many customers belong to an account, by events or by hand.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn count_members(&self, account: AccountId) -> Result<u64, StateError> {
        let sql = format!("SELECT COUNT(*) FROM ({MEMBERS}) AS m");
        let n = self.db().row(sql, vec![account.into()]).await?;
        Ok(n.map_or(Ok(0), |row| row.int(0))?.cast_unsigned())
    }

    /// Which of these customers belong to an account by events.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn members_among(
        &self,
        account: AccountId,
        customers: &[CustomerId],
    ) -> Result<Vec<CustomerId>, StateError> {
        let keys: Vec<(AccountId, CustomerId)> =
            sorted(customers).into_iter().map(|customer| (account, customer)).collect();
        let rows = AMONG.read(self.db(), &keys, |&(account, customer), values| {
            values.extend([account.into(), customer.into()]);
        });
        rows.await?.iter().map(|row| Ok(CustomerId::from_sql(row.int(0)?))).collect()
    }

    /// What all members of an account ordered, by their main currency: orders, and what was paid
    /// less what was given back, in minor units; most orders first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn account_totals(
        &self,
        account: AccountId,
    ) -> Result<Vec<(Option<String>, u64, i64)>, StateError> {
        let sql = format!(
            "SELECT currency, CAST(SUM(n_orders) AS BIGINT), CAST(SUM(revenue_minor) AS BIGINT) \
             FROM customers WHERE n_orders > 0 AND id IN ({MEMBERS}) \
             GROUP BY currency ORDER BY 2 DESC, currency"
        );
        let rows = self.db().rows(sql, vec![account.into()]).await?;
        let sums = |row: &Row| Ok((row.text_opt(0)?, row.int(1)?.cast_unsigned(), row.int(2)?));
        rows.iter().map(sums).collect()
    }
}

impl Batch {
    /// Puts down accounts, each in place of the one before; a key never changes.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_accounts(&mut self, rows: &[AccountRow]) -> Result<(), StateError> {
        let refs: Vec<&AccountRow> = rows.iter().collect();
        PUT.write(self.tx(), &last_by_key(&refs, |row| row.id), |row, values| {
            let folded = row.name.as_deref().map(fold);
            values.extend([row.id.into(), row.key.as_str().into(), row.name.as_deref().into()]);
            values.extend([folded.into(), row.traits.as_str().into()]);
            values.extend([row.first_seen.into(), row.last_seen.into()]);
        })
        .await?;
        Ok(())
    }

    /// Puts down all memberships of these customers: those of `members`, and no others.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_members(
        &mut self,
        customers: &[CustomerId],
        members: &[Membership],
    ) -> Result<(), StateError> {
        DROP_MEMBERS.write(self.tx(), &sorted(customers), |&id, v| v.push(id.into())).await?;
        let members = last_by_key(members, |member| (member.account, member.customer));
        PUT_MEMBERS
            .write(self.tx(), &members, |member, values| {
                values.extend([member.account.into(), member.customer.into()]);
                values.push(member.since.into());
            })
            .await?;
        Ok(())
    }
}

pub(crate) fn account_row(row: &Row) -> Result<AccountRow, StateError> {
    Ok(AccountRow {
        id: AccountId::from_sql(row.int(0)?),
        key: row.text(1)?,
        name: row.text_opt(2)?,
        traits: Json::from_checked_text(row.text(3)?),
        first_seen: row.time(4)?,
        last_seen: row.time(5)?,
    })
}
