//! Who belongs to which account, by which word, and which domains does it claim?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::identity::{last_by_key, sorted};
use crate::{Row, State, StateError, Value};
use base::{AccountId, CustomerId, IdentifierId, SourceId, Timestamp};

/// The latest word of one identifier about somebody's place in an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountStatementRow {
    /// The account by the sender's name for it.
    pub account_key: String,
    /// The identifier that the word came under.
    pub identifier: IdentifierId,
    /// What it is about: `joined`, `left` or `role`.
    pub about: String,
    /// What it says: the role, else nothing.
    pub value: String,
    /// When it happened.
    pub at: Timestamp,
    /// Where it was said.
    pub source: SourceId,
}

/// That an account claims a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountDomainRow {
    /// The domain.
    pub domain: String,
    /// The account.
    pub account: AccountId,
    /// `trait` or `hand`.
    pub origin: String,
    /// Since when.
    pub at: Timestamp,
    /// Who said so by hand.
    pub by: Option<String>,
}

/// What somebody said of a suggested member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountVerdictRow {
    /// The account.
    pub account: AccountId,
    /// One identifier of the person.
    pub identifier: IdentifierId,
    /// Whether they belong to it.
    pub is_member: bool,
    /// When it was said.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// That somebody was taken out of a household by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovalRow {
    /// One identifier of theirs.
    pub identifier: IdentifierId,
    /// The household.
    pub household: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// The latest word counts; at the same moment the greater one.
const PUT_STATEMENTS: Rows = Rows {
    head: "INSERT INTO account_statements (account_key, identifier, about, value, said_at, \
           source) VALUES",
    n_columns: 6,
    tail: " ON CONFLICT (account_key, identifier, about) DO UPDATE SET value = excluded.value, \
            said_at = excluded.said_at, source = excluded.source \
            WHERE excluded.said_at > account_statements.said_at \
            OR (excluded.said_at = account_statements.said_at \
                AND excluded.value > account_statements.value)",
};
const STATEMENTS_BY_IDENTIFIER: Rows = Rows {
    head: "SELECT account_key, identifier, about, value, said_at, source FROM account_statements \
           WHERE identifier IN (",
    n_columns: 1,
    tail: ")",
};
const PUT_EMAIL_DOMAINS: Rows = Rows {
    head: "INSERT INTO email_domains (domain, identifier) VALUES",
    n_columns: 2,
    tail: " ON CONFLICT DO NOTHING",
};
const DROP_CLAIMS: Rows = Rows {
    head: "DELETE FROM account_domains WHERE origin = 'trait' AND account IN (",
    n_columns: 1,
    tail: ")",
};
const PUT_CLAIMS: Rows = Rows {
    head: "INSERT INTO account_domains (domain, account, origin, claimed_at, claimed_by) VALUES",
    n_columns: 5,
    tail: " ON CONFLICT DO NOTHING",
};
const CLAIMS_BY_DOMAIN: Rows = Rows {
    head: "SELECT domain, account, origin, claimed_at, claimed_by FROM account_domains \
           WHERE domain IN (",
    n_columns: 1,
    tail: ")",
};
const VERDICTS_BY_IDENTIFIER: Rows = Rows {
    head: "SELECT account, identifier, is_member, decided_at, decided_by FROM account_verdicts \
           WHERE identifier IN (",
    n_columns: 1,
    tail: ")",
};
const REMOVALS: Rows = Rows {
    head: "SELECT identifier, household, removed_at, removed_by FROM household_removals \
           WHERE identifier IN (",
    n_columns: 1,
    tail: ")",
};

impl State {
    /// Up to `limit` statements about the account `key`, by identifier.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn account_statements(
        &self,
        key: &str,
        limit: usize,
    ) -> Result<Vec<AccountStatementRow>, StateError> {
        let sql = "SELECT account_key, identifier, about, value, said_at, source \
                   FROM account_statements WHERE account_key = $1 \
                   ORDER BY identifier, about LIMIT $2";
        let rows = self.db().rows(sql, vec![key.into(), (limit as i64).into()]).await?;
        rows.iter().map(statement_row).collect()
    }

    /// The identifiers that were said to have left the account `key`, up to `limit`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn account_leavers(
        &self,
        key: &str,
        limit: usize,
    ) -> Result<Vec<AccountStatementRow>, StateError> {
        let sql = "SELECT account_key, identifier, about, value, said_at, source \
                   FROM account_statements WHERE account_key = $1 AND about = 'left' \
                   ORDER BY identifier LIMIT $2";
        let rows = self.db().rows(sql, vec![key.into(), (limit as i64).into()]).await?;
        rows.iter().map(statement_row).collect()
    }

    /// The statements of these identifiers about all accounts.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn account_statements_of(
        &self,
        ids: &[IdentifierId],
    ) -> Result<Vec<AccountStatementRow>, StateError> {
        let keys = sorted(ids);
        let rows = STATEMENTS_BY_IDENTIFIER.read(self.db(), &keys, |&id, v| v.push(id.into()));
        rows.await?.iter().map(statement_row).collect()
    }

    /// Whether anybody was ever said to have left an account.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn has_leavers(&self) -> Result<bool, StateError> {
        let sql = "SELECT 1 FROM account_statements WHERE about = 'left' LIMIT 1";
        Ok(self.db().row(sql, vec![]).await?.is_some())
    }

    /// Up to `limit` identifiers of e-mail addresses of `domain` or below it, with their
    /// customers, by identifier.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn emails_of_domain(
        &self,
        domain: &str,
        limit: usize,
    ) -> Result<Vec<(IdentifierId, CustomerId)>, StateError> {
        let sql = "SELECT e.identifier, i.customer FROM email_domains AS e \
                   JOIN identifiers AS i ON i.id = e.identifier \
                   WHERE e.domain = $1 ORDER BY e.identifier LIMIT $2";
        let rows = self.db().rows(sql, vec![domain.into(), (limit as i64).into()]).await?;
        let found = |row: &Row| {
            Ok((IdentifierId::from_sql(row.int(0)?), CustomerId::from_sql(row.int(1)?)))
        };
        rows.iter().map(found).collect()
    }

    /// The domains that an account claims, by name.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn account_domains(
        &self,
        account: AccountId,
    ) -> Result<Vec<AccountDomainRow>, StateError> {
        let sql = "SELECT domain, account, origin, claimed_at, claimed_by FROM account_domains \
                   WHERE account = $1 ORDER BY domain, origin";
        let rows = self.db().rows(sql, vec![account.into()]).await?;
        rows.iter().map(domain_row).collect()
    }

    /// Which accounts claim these domains.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn domain_claims(
        &self,
        domains: &[&str],
    ) -> Result<Vec<AccountDomainRow>, StateError> {
        let keys = sorted(domains);
        let rows = CLAIMS_BY_DOMAIN.read(self.db(), &keys, |&domain, v| v.push(domain.into()));
        rows.await?.iter().map(domain_row).collect()
    }

    /// What people said of suggested members of an account, with the customer whom each identifier
    /// points to now.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn account_verdicts(
        &self,
        account: AccountId,
    ) -> Result<Vec<(AccountVerdictRow, CustomerId)>, StateError> {
        let sql = "SELECT v.account, v.identifier, v.is_member, v.decided_at, v.decided_by, \
                   i.customer FROM account_verdicts AS v \
                   JOIN identifiers AS i ON i.id = v.identifier \
                   WHERE v.account = $1 ORDER BY v.identifier";
        let rows = self.db().rows(sql, vec![account.into()]).await?;
        let found = |row: &Row| Ok((verdict_row(row)?, CustomerId::from_sql(row.int(5)?)));
        rows.iter().map(found).collect()
    }

    /// What people said of these identifiers as suggested members of any account.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn account_verdicts_of(
        &self,
        ids: &[IdentifierId],
    ) -> Result<Vec<AccountVerdictRow>, StateError> {
        let keys = sorted(ids);
        let rows = VERDICTS_BY_IDENTIFIER.read(self.db(), &keys, |&id, v| v.push(id.into()));
        rows.await?.iter().map(verdict_row).collect()
    }

    /// The households that any of these identifiers was taken out of.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn household_removals(
        &self,
        ids: &[IdentifierId],
    ) -> Result<Vec<RemovalRow>, StateError> {
        let rows = REMOVALS.read(self.db(), &sorted(ids), |&id, v| v.push(id.into())).await?;
        rows.iter().map(removal_row).collect()
    }
}

impl Batch {
    /// Puts down what identifiers say of somebody's place in accounts; the latest word stays.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_account_statements(
        &mut self,
        rows: &[AccountStatementRow],
    ) -> Result<(), StateError> {
        let mut refs: Vec<&AccountStatementRow> = rows.iter().collect();
        refs.sort_by(|a, b| (a.at, &a.value).cmp(&(b.at, &b.value)));
        let key = |row: &&AccountStatementRow| {
            (row.account_key.clone(), row.identifier, row.about.clone())
        };
        PUT_STATEMENTS
            .write(self.tx(), &last_by_key(&refs, key), |row, values| {
                values.extend([row.account_key.as_str().into(), row.identifier.into()]);
                values.extend([row.about.as_str().into(), row.value.as_str().into()]);
                values.extend([row.at.into(), row.source.into()]);
            })
            .await?;
        Ok(())
    }

    /// Puts down the domains of e-mail addresses.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_email_domains(
        &mut self,
        rows: &[(String, IdentifierId)],
    ) -> Result<(), StateError> {
        PUT_EMAIL_DOMAINS
            .write(self.tx(), rows, |(domain, identifier), values| {
                values.extend([domain.as_str().into(), (*identifier).into()]);
            })
            .await?;
        Ok(())
    }

    /// Puts down the domains that these accounts claim by their traits: those of `rows`, and no
    /// others.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_domain_claims(
        &mut self,
        accounts: &[AccountId],
        rows: &[(String, AccountId, Timestamp)],
    ) -> Result<(), StateError> {
        DROP_CLAIMS.write(self.tx(), &sorted(accounts), |&id, v| v.push(id.into())).await?;
        PUT_CLAIMS
            .write(self.tx(), rows, |(domain, account, at), values| {
                values.extend([domain.as_str().into(), (*account).into(), "trait".into()]);
                values.extend([(*at).into(), Value::Text(None)]);
            })
            .await?;
        Ok(())
    }
}

fn statement_row(row: &Row) -> Result<AccountStatementRow, StateError> {
    Ok(AccountStatementRow {
        account_key: row.text(0)?,
        identifier: IdentifierId::from_sql(row.int(1)?),
        about: row.text(2)?,
        value: row.text(3)?,
        at: row.time(4)?,
        source: SourceId::from_sql(row.int(5)?),
    })
}

fn domain_row(row: &Row) -> Result<AccountDomainRow, StateError> {
    Ok(AccountDomainRow {
        domain: row.text(0)?,
        account: AccountId::from_sql(row.int(1)?),
        origin: row.text(2)?,
        at: row.time(3)?,
        by: row.text_opt(4)?,
    })
}

fn verdict_row(row: &Row) -> Result<AccountVerdictRow, StateError> {
    Ok(AccountVerdictRow {
        account: AccountId::from_sql(row.int(0)?),
        identifier: IdentifierId::from_sql(row.int(1)?),
        is_member: row.flag(2)?,
        at: row.time(3)?,
        by: row.text(4)?,
    })
}

fn removal_row(row: &Row) -> Result<RemovalRow, StateError> {
    Ok(RemovalRow {
        identifier: IdentifierId::from_sql(row.int(0)?),
        household: row.text(1)?,
        at: row.time(2)?,
        by: row.text(3)?,
    })
}
