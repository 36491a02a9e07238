//! Who referred and who mentions whom, who lives together, and whose place is where?

mod belonging;
mod by_hand;
mod erasing;
#[cfg(test)]
mod tests;

pub use belonging::{AccountDomainRow, AccountStatementRow, AccountVerdictRow, RemovalRow};
pub use by_hand::{HandChange, HandPlace, HandWord, RelationEditRow};

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::identity::{last_by_key, sorted};
use crate::privacy::SUSPENDED;
use crate::{Row, State, StateError};
use base::{CustomerId, IdentifierId, SourceId, Timestamp};
use lexicon::Identifier;
use std::collections::HashMap;

/// That one person referred or mentions another, as an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationRow {
    /// The identifier that spoke.
    pub speaker: IdentifierId,
    /// The event's number.
    pub seq: u64,
    /// Which of the event's statements it is.
    pub ordinal: u32,
    /// The slug of the kind.
    pub kind: String,
    /// The slug of the way.
    pub way: String,
    /// The slug of the kind of the identifier that was named; empty for a code.
    pub other_kind: String,
    /// Its value.
    pub other_value: String,
    /// When it happened.
    pub at: Timestamp,
    /// Where it was said.
    pub source: SourceId,
    /// The event.
    pub message_id: String,
}

/// That a referral code belongs to whom an identifier points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// The code.
    pub code: String,
    /// The identifier that said so.
    pub identifier: IdentifierId,
    /// When it said so first.
    pub at: Timestamp,
    /// The event.
    pub message_id: String,
}

const RELATIONS_BY_SPEAKER: Rows = Rows {
    head: "SELECT speaker, seq, ordinal, kind, way, other_kind, other_value, said_at, source, \
           message_id FROM relations WHERE speaker IN (",
    n_columns: 1,
    tail: ")",
};
const RELATIONS_BY_OTHER: Rows = Rows {
    head: "SELECT speaker, seq, ordinal, kind, way, other_kind, other_value, said_at, source, \
           message_id FROM relations WHERE (other_value, other_kind) IN (VALUES",
    n_columns: 2,
    tail: ")",
};
/// `DO NOTHING`: a batch that is repeated says the same again.
const PUT_RELATIONS: Rows = Rows {
    head: "INSERT INTO relations (speaker, seq, ordinal, kind, way, other_kind, other_value, \
           said_at, source, message_id) VALUES",
    n_columns: 10,
    tail: " ON CONFLICT DO NOTHING",
};
const CODES_BY_CODE: Rows = Rows {
    head: "SELECT code, identifier, said_at, message_id FROM referral_codes WHERE code IN (",
    n_columns: 1,
    tail: ")",
};
const CODES_BY_IDENTIFIER: Rows = Rows {
    head: "SELECT code, identifier, said_at, message_id FROM referral_codes WHERE identifier IN (",
    n_columns: 1,
    tail: ")",
};
/// The earliest word counts; at the same moment the smaller message id.
const PUT_CODES: Rows = Rows {
    head: "INSERT INTO referral_codes (code, identifier, said_at, message_id) VALUES",
    n_columns: 4,
    tail: " ON CONFLICT (code, identifier) DO UPDATE SET said_at = excluded.said_at, \
            message_id = excluded.message_id \
            WHERE excluded.said_at < referral_codes.said_at \
            OR (excluded.said_at = referral_codes.said_at \
                AND excluded.message_id < referral_codes.message_id)",
};
const HOUSEHOLDS: Rows = Rows {
    head: "SELECT household, customer FROM households WHERE customer IN (",
    n_columns: 1,
    tail: ")",
};
const DROP_HOUSEHOLDS: Rows =
    Rows { head: "DELETE FROM households WHERE customer IN (", n_columns: 1, tail: ")" };
const PUT_HOUSEHOLDS: Rows = Rows {
    head: "INSERT INTO households (household, customer) VALUES",
    n_columns: 2,
    tail: " ON CONFLICT DO NOTHING",
};
const KNOWN_SINCE: Rows = Rows {
    head: "SELECT customer, MIN(first_seen) FROM identifiers \
           WHERE kind NOT IN ('anonymous_id', 'device_id') AND customer IN (",
    n_columns: 1,
    tail: ") GROUP BY customer",
};

impl State {
    /// What these identifiers said of others.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn relations_by_speaker(
        &self,
        speakers: &[IdentifierId],
    ) -> Result<Vec<RelationRow>, StateError> {
        let keys = sorted(speakers);
        let rows = RELATIONS_BY_SPEAKER.read(self.db(), &keys, |&id, v| v.push(id.into())).await?;
        rows.iter().map(relation_row).collect()
    }

    /// What was said of these identifiers, each as (kind, value); the kind is empty for a code.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn relations_by_other(
        &self,
        others: &[(&str, &str)],
    ) -> Result<Vec<RelationRow>, StateError> {
        let keys = sorted(others);
        let rows = RELATIONS_BY_OTHER.read(self.db(), &keys, |&(kind, value), v| {
            v.extend([value.into(), kind.into()]);
        });
        rows.await?.iter().map(relation_row).collect()
    }

    /// Every relation, up to `limit`, by speaker.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn all_relations(&self, limit: usize) -> Result<Vec<RelationRow>, StateError> {
        let sql = "SELECT speaker, seq, ordinal, kind, way, other_kind, other_value, said_at, \
                   source, message_id FROM relations ORDER BY speaker, seq, ordinal LIMIT $1";
        let rows = self.db().rows(sql, vec![(limit as i64).into()]).await?;
        rows.iter().map(relation_row).collect()
    }

    /// Who said of each of these codes that it is theirs.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn code_claims(&self, codes: &[&str]) -> Result<Vec<CodeRow>, StateError> {
        let keys = sorted(codes);
        let rows = CODES_BY_CODE.read(self.db(), &keys, |&code, v| v.push(code.into())).await?;
        rows.iter().map(code_row).collect()
    }

    /// The codes that these identifiers said are theirs.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn codes_of(&self, ids: &[IdentifierId]) -> Result<Vec<CodeRow>, StateError> {
        let keys = sorted(ids);
        let rows = CODES_BY_IDENTIFIER.read(self.db(), &keys, |&id, v| v.push(id.into())).await?;
        rows.iter().map(code_row).collect()
    }

    /// The households of these customers, by evidence alone.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn households_of(
        &self,
        customers: &[CustomerId],
    ) -> Result<Vec<(String, CustomerId)>, StateError> {
        let keys = sorted(customers);
        let rows = HOUSEHOLDS.read(self.db(), &keys, |&id, v| v.push(id.into())).await?;
        let found = |row: &Row| Ok((row.text(0)?, CustomerId::from_sql(row.int(1)?)));
        rows.iter().map(found).collect()
    }

    /// Up to `limit` customers with the evidence of one household, by number.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn household(
        &self,
        household: &str,
        limit: usize,
    ) -> Result<Vec<CustomerId>, StateError> {
        let sql = "SELECT customer FROM households WHERE household = $1 \
                   ORDER BY customer LIMIT $2";
        let rows = self.db().rows(sql, vec![household.into(), (limit as i64).into()]).await?;
        rows.iter().map(|row| Ok(CustomerId::from_sql(row.int(0)?))).collect()
    }

    /// When the first identifier of each of these customers was seen that is no browser or device;
    /// who has none is left out.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn known_since(
        &self,
        customers: &[CustomerId],
    ) -> Result<HashMap<CustomerId, Timestamp>, StateError> {
        let keys = sorted(customers);
        let rows = KNOWN_SINCE.read(self.db(), &keys, |&id, v| v.push(id.into())).await?;
        let found = |row: &Row| Ok((CustomerId::from_sql(row.int(0)?), row.time(1)?));
        rows.iter().map(found).collect()
    }

    /// About `n` known customers, spread evenly over the order in which they came; all where there
    /// are no more. Those whose data rest are left out.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn sample_known(&self, n: usize) -> Result<Vec<CustomerId>, StateError> {
        let known = self.count_customers().await?.known;
        let step = known.div_ceil((n as u64).max(1)).max(1);
        let sql = format!(
            "SELECT id FROM customers WHERE is_known = 1 AND id % $1 = 0 \
             AND id NOT IN {SUSPENDED} ORDER BY id"
        );
        let rows = self.db().rows(sql, vec![step.cast_signed().into()]).await?;
        rows.iter().map(|row| Ok(CustomerId::from_sql(row.int(0)?))).collect()
    }
}

impl Batch {
    /// Puts down what events say of two people.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_relations(&mut self, rows: &[RelationRow]) -> Result<(), StateError> {
        PUT_RELATIONS
            .write(self.tx(), rows, |row, values| {
                values.extend([row.speaker.into(), row.seq.cast_signed().into()]);
                values.extend([i64::from(row.ordinal).into(), row.kind.as_str().into()]);
                values.extend([row.way.as_str().into(), row.other_kind.as_str().into()]);
                values.extend([row.other_value.as_str().into(), row.at.into()]);
                values.extend([row.source.into(), row.message_id.as_str().into()]);
            })
            .await?;
        Ok(())
    }

    /// Puts down whose codes are whose; the earliest word of each identifier stays.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_codes(&mut self, rows: &[CodeRow]) -> Result<(), StateError> {
        let mut refs: Vec<&CodeRow> = rows.iter().collect();
        refs.sort_by(|a, b| (b.at, &b.message_id).cmp(&(a.at, &a.message_id)));
        let first = last_by_key(&refs, |row| (row.code.clone(), row.identifier));
        PUT_CODES
            .write(self.tx(), &first, |row, values| {
                values.extend([row.code.as_str().into(), row.identifier.into()]);
                values.extend([row.at.into(), row.message_id.as_str().into()]);
            })
            .await?;
        Ok(())
    }

    /// Puts down the households of these customers: those of `rows`, and no others.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_households(
        &mut self,
        customers: &[CustomerId],
        rows: &[(String, CustomerId)],
    ) -> Result<(), StateError> {
        DROP_HOUSEHOLDS.write(self.tx(), &sorted(customers), |&id, v| v.push(id.into())).await?;
        let mut refs: Vec<&(String, CustomerId)> = rows.iter().collect();
        refs.sort_unstable();
        refs.dedup();
        PUT_HOUSEHOLDS
            .write(self.tx(), &refs, |(household, customer), values| {
                values.extend([household.as_str().into(), (*customer).into()]);
            })
            .await?;
        Ok(())
    }
}

/// The name under which a reference to an identifier is kept.
#[must_use]
pub fn other_of(identifier: &Identifier) -> (&str, &str) {
    (identifier.kind.slug(), &identifier.value)
}

fn relation_row(row: &Row) -> Result<RelationRow, StateError> {
    let ordinal = u32::try_from(row.int(2)?);
    Ok(RelationRow {
        speaker: IdentifierId::from_sql(row.int(0)?),
        seq: row.int(1)?.cast_unsigned(),
        ordinal: ordinal.map_err(|_| StateError::corrupt("the number of a statement"))?,
        kind: row.text(3)?,
        way: row.text(4)?,
        other_kind: row.text(5)?,
        other_value: row.text(6)?,
        at: row.time(7)?,
        source: SourceId::from_sql(row.int(8)?),
        message_id: row.text(9)?,
    })
}

fn code_row(row: &Row) -> Result<CodeRow, StateError> {
    Ok(CodeRow {
        code: row.text(0)?,
        identifier: IdentifierId::from_sql(row.int(1)?),
        at: row.time(2)?,
        message_id: row.text(3)?,
    })
}
