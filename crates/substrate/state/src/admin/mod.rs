//! Who may get in, where do events come from, what was imported, and who changed what?
//!
//! One file per noun. Every change that a person makes carries an [`AuditRow`] that commits with
//! it, so that the audit log neither lacks a change nor invents one.

mod alert;
mod audit;
mod board;
mod deletion;
mod failure;
mod idempotency;
mod import;
mod invite;
mod metric;
mod note;
mod query;
mod session;
mod setting;
mod source;
#[cfg(test)]
mod tests;
mod token;
mod user;

pub use alert::{AlertRow, AttemptRow, DeliveryRow, FiringRow, JudgedRow};
pub use audit::{AuditEntry, AuditRow};
pub use board::{BoardRow, LinkRow};
pub use deletion::{DeletedRow, Kept};
pub use idempotency::{Begun, StoredAnswer};
pub use import::{ImportRow, NewImport, RejectRow};
pub use invite::{InviteRow, NewUser};
pub use metric::{MetricRow, MetricVersionRow};
pub use note::NoteRow;
pub use query::QueryRow;
pub use session::SessionRow;
pub use source::SourceRow;
pub use token::TokenRow;
pub use user::{UserChange, UserRow};

use crate::{Db, StateError, Tx, Value};
use std::fmt::Display;

/// The administrative tables. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Admin {
    db: Db,
}

impl Admin {
    /// The administrative tables of `db`.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        Self { db: db.clone() }
    }

    /// Carries out one statement and its audit row, or neither; answers the rows touched. A
    /// statement that touches nothing leaves no audit row.
    async fn execute_audited(
        &self,
        sql: &'static str,
        values: Vec<Value<'_>>,
        audit: &AuditRow,
    ) -> Result<u64, StateError> {
        let mut tx = self.db.begin().await?;
        let n_rows = tx.execute(sql, values).await?;
        if n_rows > 0 {
            audit::record(&mut tx, audit).await?;
        }
        tx.commit().await?;
        Ok(n_rows)
    }

    /// Inserts a row under the number that `next` asks for, and writes down that it is there; the
    /// number. `insert` puts it into the first column, and `values` into the others.
    async fn insert_audited<Id: Display>(
        &self,
        (next, insert): (&'static str, &'static str),
        (id, mut values): (impl FnOnce(i64) -> Id, Vec<Value<'_>>),
        audit: &AuditRow,
    ) -> Result<Id, StateError> {
        let mut tx = self.db.begin().await?;
        let number = next_id(&mut tx, next).await?;
        values.insert(0, number.into());
        tx.execute(insert, values).await?;
        let id = id(number);
        let audit = AuditRow { target: id.to_string(), ..audit.clone() };
        audit::record(&mut tx, &audit).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// The number that the next row of a table gets. That of a last row which is gone is given again.
async fn next_id(tx: &mut Tx, sql: &'static str) -> Result<i64, StateError> {
    let row = tx.row(sql, vec![]).await?;
    row.map_or(Ok(1), |row| row.int(0))
}
