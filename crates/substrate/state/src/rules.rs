//! Under which rules of identity were links judged, since when, and by whom were they agreed?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::identity::{change_row, sorted};
use crate::{IdentityChange, Row, State, StateError, Value};
use base::{CustomerId, Position, Timestamp};

/// One version of the rules of identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesRow {
    /// Which version.
    pub version: u64,
    /// Its place in the log.
    pub position: Position,
    /// When it was agreed.
    pub changed_at: Timestamp,
    /// Who agreed it.
    pub changed_by: String,
    /// The rules, as JSON.
    pub rules: String,
    /// How many links were judged otherwise by it.
    pub n_links_turned: u64,
    /// How many identifiers point to somebody else by it.
    pub n_identifiers_moved: u64,
}

const SELECT: &str = "SELECT version, position, changed_at, changed_by, rules, n_links_turned, \
                      n_identifiers_moved FROM identity_rules";

const PUT: &str = "INSERT INTO identity_rules (version, position, changed_at, changed_by, rules, \
                   n_links_turned, n_identifiers_moved) VALUES ($1, $2, $3, $4, $5, $6, $7)";

impl State {
    /// The latest versions of the rules, the one that holds first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn identity_rules(&self, n_max: usize) -> Result<Vec<RulesRow>, StateError> {
        let sql = format!("{SELECT} ORDER BY version DESC LIMIT $1");
        let rows = self.db().rows(sql, vec![(n_max as i64).into()]).await?;
        rows.iter().map(rules_row).collect()
    }

    /// Records the version with which a data directory begins, unless there is one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn begin_identity_rules(&self, row: &RulesRow) -> Result<(), StateError> {
        let mut tx = self.db().begin().await?;
        tx.execute(format!("{PUT} ON CONFLICT DO NOTHING"), values(row)).await?;
        tx.commit().await
    }

    /// Whether the ledger holds any link.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn has_links(&self) -> Result<bool, StateError> {
        Ok(self.db().row("SELECT 1 FROM links LIMIT 1", vec![]).await?.is_some())
    }

    /// Up to `n_max` customers behind `after`, ascending.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn customers_behind(
        &self,
        after: CustomerId,
        n_max: usize,
    ) -> Result<Vec<CustomerId>, StateError> {
        let sql = "SELECT DISTINCT customer FROM identifiers WHERE customer > $1 \
                   ORDER BY customer LIMIT $2";
        let rows = self.db().rows(sql, vec![after.into(), (n_max as i64).into()]).await?;
        rows.iter().map(|row| Ok(CustomerId::from_sql(row.int(0)?))).collect()
    }

    /// Every move of an identifier to or from one of these customers, in the order of the log.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn identity_changes_of(
        &self,
        customers: &[CustomerId],
    ) -> Result<Vec<IdentityChange>, StateError> {
        const FROM: Rows = Rows {
            head: "SELECT identifier, from_customer, to_customer, changed_at, position, cause, \
                   ordinal FROM identity_changes WHERE from_customer IN (",
            n_columns: 1,
            tail: ")",
        };
        const TO: Rows = Rows {
            head: "SELECT identifier, from_customer, to_customer, changed_at, position, cause, \
                   ordinal FROM identity_changes WHERE to_customer IN (",
            n_columns: 1,
            tail: ")",
        };
        let customers = sorted(customers);
        let mut changes = Vec::new();
        for rows in [FROM, TO] {
            for row in rows.read(self.db(), &customers, |&id, v| v.push(id.into())).await? {
                changes.push((row.int(6)?, change_row(&row)?));
            }
        }
        changes.sort_unstable_by_key(|(ordinal, change)| (change.position, *ordinal));
        changes.dedup_by_key(|(ordinal, change)| (change.position, *ordinal));
        Ok(changes.into_iter().map(|(_, change)| change).collect())
    }

    /// The customers whom each of these decisions is about, ascending.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn customers_of_edits(
        &self,
        edits: &[Position],
    ) -> Result<Vec<(Position, CustomerId)>, StateError> {
        const ABOUT: Rows = Rows {
            head: "SELECT edit, customer FROM identity_edit_customers WHERE edit IN (",
            n_columns: 1,
            tail: ")",
        };
        let rows = ABOUT.read(self.db(), &sorted(edits), |&id, v| v.push(id.into())).await?;
        let pair =
            |row: &Row| Ok((Position::from_sql(row.int(0)?), CustomerId::from_sql(row.int(1)?)));
        let mut pairs = rows.iter().map(pair).collect::<Result<Vec<_>, StateError>>()?;
        pairs.sort_unstable();
        Ok(pairs)
    }
}

impl Batch {
    /// Records a version of the rules.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_identity_rules(&mut self, row: &RulesRow) -> Result<(), StateError> {
        self.tx().execute(PUT, values(row)).await?;
        Ok(())
    }
}

fn values(row: &RulesRow) -> Vec<Value<'_>> {
    let mut values = vec![row.version.cast_signed().into(), row.position.into()];
    values.extend([row.changed_at.into(), row.changed_by.as_str().into()]);
    values.extend([row.rules.as_str().into(), row.n_links_turned.cast_signed().into()]);
    values.push(row.n_identifiers_moved.cast_signed().into());
    values
}

fn rules_row(row: &Row) -> Result<RulesRow, StateError> {
    Ok(RulesRow {
        version: row.int(0)?.cast_unsigned(),
        position: Position::from_sql(row.int(1)?),
        changed_at: row.time(2)?,
        changed_by: row.text(3)?,
        rules: row.text(4)?,
        n_links_turned: row.int(5)?.cast_unsigned(),
        n_identifiers_moved: row.int(6)?.cast_unsigned(),
    })
}
