//! Whose data are kept and not used?

use crate::bulk::Rows;
use crate::{Row, State, StateError};
use base::{CustomerId, IdentifierId, Timestamp};

/// That the data of a customer rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspensionRow {
    /// The customer, as of now.
    pub customer: CustomerId,
    /// Since when.
    pub since: Timestamp,
    /// By whom.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
    /// The request that it answers, by number.
    pub request: Option<i64>,
}

/// Which customers are suspended. The list is short and read once per question.
pub(crate) const SUSPENDED: &str =
    "(SELECT i.customer FROM suspensions s JOIN identifiers i ON i.id = s.identifier)";

const PUT: Rows = Rows {
    head: "INSERT INTO suspensions (identifier, since, suspended_by, reason, request) VALUES",
    n_columns: 5,
    tail: " ON CONFLICT (identifier) DO UPDATE SET since = excluded.since, \
            suspended_by = excluded.suspended_by, reason = excluded.reason, \
            request = excluded.request",
};
const SELECT: &str = "SELECT i.customer, MIN(s.since), MIN(s.suspended_by), MIN(s.reason), \
                      MIN(s.request) FROM suspensions s \
                      JOIN identifiers i ON i.id = s.identifier";

impl State {
    /// The suspension of a customer.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn suspension(
        &self,
        customer: CustomerId,
    ) -> Result<Option<SuspensionRow>, StateError> {
        let sql = format!("{SELECT} WHERE i.customer = $1 GROUP BY i.customer");
        self.db().row(sql, vec![customer.into()]).await?.as_ref().map(suspension_row).transpose()
    }

    /// Every suspension, the latest first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn suspensions(&self) -> Result<Vec<SuspensionRow>, StateError> {
        let sql = format!("{SELECT} GROUP BY i.customer ORDER BY 2 DESC, 1");
        self.db().rows(sql, vec![]).await?.iter().map(suspension_row).collect()
    }

    /// The customers who are suspended, ascending.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn suspended(&self) -> Result<Vec<CustomerId>, StateError> {
        let rows = self.db().rows(format!("SELECT customer FROM {SUSPENDED} AS resting"), vec![]);
        let rows = rows.await?;
        let ids = rows.iter().map(|row| row.int(0).map(CustomerId::from_sql));
        Ok(crate::identity::sorted(&ids.collect::<Result<Vec<_>, _>>()?))
    }

    /// Suspends whomever these identifiers point to, now and after every merge.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn suspend(
        &self,
        identifiers: &[IdentifierId],
        row: &SuspensionRow,
    ) -> Result<(), StateError> {
        let mut tx = self.db().begin().await?;
        let rows: Vec<_> = identifiers.iter().map(|&id| (id, row)).collect();
        PUT.write(&mut tx, &rows, |&(id, row), values| {
            values.extend([id.into(), row.since.into(), row.by.as_str().into()]);
            values.extend([row.reason.as_str().into(), row.request.into()]);
        })
        .await?;
        tx.commit().await
    }

    /// Ends the suspension of a customer; `false` where there was none.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn resume(&self, customer: CustomerId) -> Result<bool, StateError> {
        let sql = "DELETE FROM suspensions WHERE identifier IN \
                   (SELECT id FROM identifiers WHERE customer = $1)";
        Ok(self.db().execute(sql, vec![customer.into()]).await? > 0)
    }
}

fn suspension_row(row: &Row) -> Result<SuspensionRow, StateError> {
    Ok(SuspensionRow {
        customer: CustomerId::from_sql(row.int(0)?),
        since: row.time(1)?,
        by: row.text(2)?,
        reason: row.text(3)?,
        request: row.int_opt(4)?,
    })
}
