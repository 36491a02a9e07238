//! What did people decide about who is who, and what became of it?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::{Row, State, StateError};
use base::{CustomerId, Position, Timestamp};

/// One decision of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditRow {
    /// Its place in the log.
    pub id: Position,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
    /// What was to be changed, as JSON.
    pub changes: String,
    /// Why it could not be carried out; `None` where it was.
    pub refusal: Option<String>,
    /// The decision that this one takes back.
    pub undoes: Option<Position>,
    /// The decision that took this one back.
    pub undone_by: Option<Position>,
}

/// A decision is undone by one that was carried out.
const SELECT: &str = "SELECT id, edited_at, edited_by, reason, changes, refusal, undoes, \
                      (SELECT MIN(later.id) FROM identity_edits AS later \
                       WHERE later.undoes = identity_edits.id AND later.refusal IS NULL) \
                      FROM identity_edits";

const PUT_CUSTOMERS: Rows = Rows {
    head: "INSERT INTO identity_edit_customers (customer, edit) VALUES",
    n_columns: 2,
    tail: " ON CONFLICT DO NOTHING",
};

impl State {
    /// One decision.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn edit(&self, id: Position) -> Result<Option<EditRow>, StateError> {
        let sql = format!("{SELECT} WHERE id = $1");
        let row = self.db().row(sql, vec![id.into()]).await?;
        row.map(|row| edit_row(&row)).transpose()
    }

    /// The latest decisions, newest first, from before `before` on.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn edits(
        &self,
        before: Option<Position>,
        n_max: usize,
    ) -> Result<Vec<EditRow>, StateError> {
        let sql = format!("{SELECT} WHERE id < $1 ORDER BY id DESC LIMIT $2");
        let before = before.map_or(i64::MAX, Position::to_sql);
        let rows = self.db().rows(sql, vec![before.into(), (n_max as i64).into()]).await?;
        rows.iter().map(edit_row).collect()
    }

    /// The decisions about any of these customers, newest first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn edits_of(&self, customers: &[CustomerId]) -> Result<Vec<EditRow>, StateError> {
        const IDS: Rows = Rows {
            head: "SELECT edit FROM identity_edit_customers WHERE customer IN (",
            n_columns: 1,
            tail: ")",
        };
        let found = IDS.read(self.db(), customers, |&id, values| values.push(id.into())).await?;
        let ids = found.iter().map(|row| row.int(0)).collect::<Result<Vec<i64>, _>>()?;
        let mut edits = Vec::new();
        for id in crate::identity::sorted(&ids).into_iter().rev() {
            edits.extend(self.edit(Position::from_sql(id)).await?);
        }
        Ok(edits)
    }
}

impl Batch {
    /// Records a decision and whom it is about.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_edit(
        &mut self,
        edit: &EditRow,
        customers: &[CustomerId],
    ) -> Result<(), StateError> {
        let sql = "INSERT INTO identity_edits (id, edited_at, edited_by, reason, changes, \
                   refusal, undoes) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let mut values = vec![edit.id.into(), edit.at.into(), edit.by.as_str().into()];
        values.extend([edit.reason.as_str().into(), edit.changes.as_str().into()]);
        values.extend([edit.refusal.as_deref().into(), edit.undoes.map(Position::to_sql).into()]);
        self.tx().execute(sql, values).await?;
        PUT_CUSTOMERS
            .write(self.tx(), &crate::identity::sorted(customers), |&customer, values| {
                values.extend([customer.into(), edit.id.into()]);
            })
            .await?;
        Ok(())
    }
}

fn edit_row(row: &Row) -> Result<EditRow, StateError> {
    let position = |at: Option<i64>| at.map(Position::from_sql);
    Ok(EditRow {
        id: Position::from_sql(row.int(0)?),
        at: row.time(1)?,
        by: row.text(2)?,
        reason: row.text(3)?,
        changes: row.text(4)?,
        refusal: row.text_opt(5)?,
        undoes: position(row.int_opt(6)?),
        undone_by: position(row.int_opt(7)?),
    })
}
