//! Which identifiers came to point to somebody else, and through which log entry is that known?

use crate::{Row, State, StateError};
use base::{CustomerId, IdentifierId, Position};

/// One move of an identifier from one customer to another, as the ledger has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveRow {
    /// The log position of the batch that moved it.
    pub position: Position,
    /// Its number within the batch.
    pub ordinal: i64,
    /// The identifier.
    pub identifier: IdentifierId,
    /// Whom it pointed to.
    pub from: CustomerId,
    /// Whom it points to from then on.
    pub to: CustomerId,
}

impl MoveRow {
    /// The place in the ledger behind everything that was moved through `position`.
    #[must_use]
    pub fn behind(position: Position) -> (Position, i64) {
        (position, i64::MAX)
    }

    /// Its own place in the ledger.
    #[must_use]
    pub fn place(&self) -> (Position, i64) {
        (self.position, self.ordinal)
    }
}

impl State {
    /// Moves behind a place in the ledger, in log order, at most `n_max`. What an erased customer
    /// moved is not among them.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn moves_behind(
        &self,
        (position, ordinal): (Position, i64),
        n_max: usize,
    ) -> Result<Vec<MoveRow>, StateError> {
        let sql = "SELECT position, ordinal, identifier, from_customer, to_customer \
                   FROM identity_changes WHERE (position, ordinal) > ($1, $2) \
                   ORDER BY position, ordinal LIMIT $3";
        let values = vec![position.into(), ordinal.into(), (n_max as i64).into()];
        let moved = |row: &Row| {
            Ok(MoveRow {
                position: Position::from_sql(row.int(0)?),
                ordinal: row.int(1)?,
                identifier: IdentifierId::from_sql(row.int(2)?),
                from: CustomerId::from_sql(row.int(3)?),
                to: CustomerId::from_sql(row.int(4)?),
            })
        };
        self.db().rows(sql, values).await?.iter().map(moved).collect()
    }

    /// Every identifier that ever moved between customers, with the customer it points to, and the
    /// last log entry whose effects that knows: one look at the database.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn moved_identifiers(
        &self,
    ) -> Result<(Position, Vec<(IdentifierId, CustomerId)>), StateError> {
        // One statement sees one state of the database; the position comes as a row of its own.
        let sql = "SELECT CAST(1 AS BIGINT), position, position FROM processor WHERE id = 1 \
                   UNION ALL SELECT CAST(0 AS BIGINT), id, customer FROM identifiers WHERE id IN \
                   (SELECT identifier FROM identity_changes)";
        let mut through = None;
        let mut moved = Vec::new();
        for row in self.db().rows(sql, vec![]).await? {
            if row.int(0)? == 1 {
                through = Some(Position::from_sql(row.int(1)?));
            } else {
                let id = IdentifierId::from_sql(row.int(1)?);
                moved.push((id, CustomerId::from_sql(row.int(2)?)));
            }
        }
        let through = through.ok_or_else(|| StateError::corrupt("no row for the processor"))?;
        Ok((through, moved))
    }
}
