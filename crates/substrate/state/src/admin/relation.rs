//! What did people decide about who belongs where?

use super::Admin;
use super::audit::{self, AuditRow};
use crate::bulk::Rows;
use crate::identity::sorted;
use crate::relations::{AccountDomainRow, AccountVerdictRow, RemovalRow};
use crate::{StateError, Value};
use base::{AccountId, IdentifierId};

const PUT_REMOVALS: Rows = Rows {
    head: "INSERT INTO household_removals (identifier, household, removed_at, removed_by) VALUES",
    n_columns: 4,
    tail: " ON CONFLICT DO NOTHING",
};
const PUT_VERDICTS: Rows = Rows {
    head: "INSERT INTO account_verdicts (account, identifier, is_member, decided_at, decided_by) \
           VALUES",
    n_columns: 5,
    tail: " ON CONFLICT (account, identifier) DO UPDATE SET is_member = excluded.is_member, \
            decided_at = excluded.decided_at, decided_by = excluded.decided_by",
};

impl Admin {
    /// Takes somebody out of a household: one row for each of their identifiers.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn remove_from_household(
        &self,
        rows: &[RemovalRow],
        audit: &AuditRow,
    ) -> Result<(), StateError> {
        let mut tx = self.db.begin().await?;
        PUT_REMOVALS
            .write(&mut tx, rows, |row, values| {
                values.extend([row.identifier.into(), row.household.as_str().into()]);
                values.extend([row.at.into(), row.by.as_str().into()]);
            })
            .await?;
        audit::record(&mut tx, audit).await?;
        tx.commit().await
    }

    /// Puts somebody back into a household; answers whether anybody had taken them out.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_back_into_household(
        &self,
        household: &str,
        ids: &[IdentifierId],
        audit: &AuditRow,
    ) -> Result<bool, StateError> {
        let sql = "DELETE FROM household_removals WHERE household = $1 AND identifier = $2";
        let each = sorted(ids).into_iter().map(|id| vec![household.into(), id.into()]);
        self.execute_each(sql, each.collect(), audit).await
    }

    /// Lets an account claim a domain by hand; answers whether that is news.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn claim_domain(
        &self,
        row: &AccountDomainRow,
        audit: &AuditRow,
    ) -> Result<bool, StateError> {
        let sql = "INSERT INTO account_domains (domain, account, origin, claimed_at, claimed_by) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let mut values: Vec<Value<'_>> = vec![row.domain.as_str().into(), row.account.into()];
        values.extend([row.origin.as_str().into(), row.at.into(), row.by.as_deref().into()]);
        Ok(self.execute_audited(sql, values, audit).await? > 0)
    }

    /// Takes back that an account claims a domain by hand; answers whether it did.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn drop_domain(
        &self,
        (account, domain): (AccountId, &str),
        audit: &AuditRow,
    ) -> Result<bool, StateError> {
        let sql = "DELETE FROM account_domains \
                   WHERE account = $1 AND domain = $2 AND origin = 'hand'";
        Ok(self.execute_audited(sql, vec![account.into(), domain.into()], audit).await? > 0)
    }

    /// Writes down what somebody says of a suggested member: one row for each of their
    /// identifiers.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_verdicts(
        &self,
        rows: &[AccountVerdictRow],
        audit: &AuditRow,
    ) -> Result<(), StateError> {
        let mut tx = self.db.begin().await?;
        PUT_VERDICTS
            .write(&mut tx, rows, |row, values| {
                values.extend([row.account.into(), row.identifier.into()]);
                values.extend([row.is_member.into(), row.at.into(), row.by.as_str().into()]);
            })
            .await?;
        audit::record(&mut tx, audit).await?;
        tx.commit().await
    }

    /// Takes back what was said of somebody as a member of an account; answers whether anything
    /// was.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn drop_verdicts(
        &self,
        account: AccountId,
        ids: &[IdentifierId],
        audit: &AuditRow,
    ) -> Result<bool, StateError> {
        let sql = "DELETE FROM account_verdicts WHERE account = $1 AND identifier = $2";
        let each = sorted(ids).into_iter().map(|id| vec![account.into(), id.into()]);
        self.execute_each(sql, each.collect(), audit).await
    }

    /// Carries out a statement for each of these, and the audit row where anything was touched.
    async fn execute_each(
        &self,
        sql: &'static str,
        each: Vec<Vec<Value<'_>>>,
        audit: &AuditRow,
    ) -> Result<bool, StateError> {
        let mut tx = self.db.begin().await?;
        let mut n_rows = 0;
        for values in each {
            n_rows += tx.execute(sql, values).await?;
        }
        if n_rows > 0 {
            audit::record(&mut tx, audit).await?;
        }
        tx.commit().await?;
        Ok(n_rows > 0)
    }
}
