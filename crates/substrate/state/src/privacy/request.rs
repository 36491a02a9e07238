//! Who asked for what, and by when is it due?

use crate::{Row, State, StateError, Value};
use base::{CustomerId, Position, Timestamp};

/// What a customer asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// Its number; 0 before it has one.
    pub id: i64,
    /// `access`, `erasure`, `restriction`, `rectification`, `objection`.
    pub kind: String,
    /// `open`, `in_progress`, `done`, `refused`.
    pub status: String,
    /// Whether nothing is left to do.
    pub is_closed: bool,
    /// Who it is, once that is known.
    pub customer: Option<CustomerId>,
    /// Where the answer goes.
    pub contact: Option<String>,
    /// What was said along with it.
    pub note: String,
    /// When it came.
    pub received_at: Timestamp,
    /// By when it must be answered.
    pub due_at: Timestamp,
    /// Why it takes longer; empty where it does not.
    pub extension_reason: String,
    /// Who worked at it last.
    pub handled_by: Option<String>,
    /// Who put it down.
    pub created_by: String,
    /// When it was put down.
    pub created_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// What was done, or why nothing was.
    pub outcome: String,
    /// The erasure that answered it.
    pub erasure: Option<Position>,
}

/// Which requests are asked for; empty lists mean any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestFilter {
    /// One of these kinds.
    pub kinds: Vec<String>,
    /// One of these states.
    pub statuses: Vec<String>,
    /// Of this customer.
    pub customer: Option<CustomerId>,
}

/// How many requests there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestSummary {
    /// Not closed.
    pub n_open: u64,
    /// Not closed and due before now.
    pub n_overdue: u64,
    /// Not closed, and due soon but not overdue.
    pub n_due_soon: u64,
    /// Closed.
    pub n_closed: u64,
    /// When the next is due.
    pub next_due_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, kind, status, is_closed, customer, contact, note, received_at, due_at, \
                       extension_reason, handled_by, created_by, created_at, closed_at, outcome, \
                       erasure";

impl State {
    /// The request of this number.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn privacy_request(&self, id: i64) -> Result<Option<RequestRow>, StateError> {
        let sql = format!("SELECT {COLUMNS} FROM privacy_requests WHERE id = $1");
        self.db().row(sql, vec![id.into()]).await?.as_ref().map(request_row).transpose()
    }

    /// Requests behind `offset`: the open ones first, by when they are due, then the closed ones,
    /// the latest first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn privacy_requests(
        &self,
        filter: &RequestFilter,
        (offset, n_max): (usize, usize),
    ) -> Result<Vec<RequestRow>, StateError> {
        let mut sql = format!("SELECT {COLUMNS} FROM privacy_requests WHERE 1 = 1");
        let mut values: Vec<Value<'_>> = Vec::new();
        for (column, wanted) in [("kind", &filter.kinds), ("status", &filter.statuses)] {
            if !wanted.is_empty() {
                values.extend(wanted.iter().map(|text| Value::from(text.as_str())));
                let first = values.len() + 1 - wanted.len();
                let places: Vec<String> =
                    (first..=values.len()).map(|place| format!("${place}")).collect();
                sql.push_str(&format!(" AND {column} IN ({})", places.join(",")));
            }
        }
        if let Some(customer) = filter.customer {
            values.push(customer.into());
            sql.push_str(&format!(" AND customer = ${}", values.len()));
        }
        values.extend([(n_max as i64).into(), (offset as i64).into()]);
        sql.push_str(&format!(
            " ORDER BY is_closed, CASE WHEN is_closed = 0 THEN due_at ELSE -COALESCE(closed_at, 0) \
             END, id LIMIT ${} OFFSET ${}",
            values.len() - 1,
            values.len()
        ));
        self.db().rows(sql, values).await?.iter().map(request_row).collect()
    }

    /// How many requests there are; due soon is what is due before `soon`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn privacy_request_summary(
        &self,
        (now, soon): (Timestamp, Timestamp),
    ) -> Result<RequestSummary, StateError> {
        let sql = "SELECT COUNT(*), \
                   CAST(COALESCE(SUM(CASE WHEN is_closed = 0 THEN 1 ELSE 0 END), 0) AS BIGINT), \
                   CAST(COALESCE(SUM(CASE WHEN is_closed = 0 AND due_at < $1 THEN 1 ELSE 0 END), \
                   0) AS BIGINT), \
                   CAST(COALESCE(SUM(CASE WHEN is_closed = 0 AND due_at >= $1 AND due_at < $2 \
                   THEN 1 ELSE 0 END), 0) AS BIGINT), \
                   MIN(CASE WHEN is_closed = 0 THEN due_at END) FROM privacy_requests";
        let Some(row) = self.db().row(sql, vec![now.into(), soon.into()]).await? else {
            return Ok(RequestSummary::default());
        };
        let count = |idx| row.int(idx).map(i64::cast_unsigned);
        let (n_all, n_open) = (count(0)?, count(1)?);
        Ok(RequestSummary {
            n_open,
            n_overdue: count(2)?,
            n_due_soon: count(3)?,
            n_closed: n_all - n_open,
            next_due_at: row.time_opt(4)?,
        })
    }

    /// Puts down a new request; answers it with its number.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn create_privacy_request(
        &self,
        mut row: RequestRow,
    ) -> Result<RequestRow, StateError> {
        let mut tx = self.db().begin().await?;
        let last = tx.row("SELECT MAX(id) FROM privacy_requests", vec![]).await?;
        row.id = last.map_or(Ok(None), |row| row.int_opt(0))?.unwrap_or(0) + 1;
        let sql = format!(
            "INSERT INTO privacy_requests ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
             $10, $11, $12, $13, $14, $15, $16)"
        );
        tx.execute(sql, values_of(&row)).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Puts down what a request is now.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_privacy_request(&self, row: &RequestRow) -> Result<(), StateError> {
        let sql = "UPDATE privacy_requests SET kind = $2, status = $3, is_closed = $4, \
                   customer = $5, contact = $6, note = $7, received_at = $8, due_at = $9, \
                   extension_reason = $10, handled_by = $11, created_by = $12, created_at = $13, \
                   closed_at = $14, outcome = $15, erasure = $16 WHERE id = $1";
        self.db().execute(sql, values_of(row)).await?;
        Ok(())
    }
}

fn values_of(row: &RequestRow) -> Vec<Value<'_>> {
    let mut values = vec![row.id.into(), row.kind.as_str().into(), row.status.as_str().into()];
    values.extend([row.is_closed.into(), row.customer.map(CustomerId::to_sql).into()]);
    values.extend([row.contact.as_deref().into(), row.note.as_str().into()]);
    values.extend([row.received_at.into(), row.due_at.into()]);
    values.extend([row.extension_reason.as_str().into(), row.handled_by.as_deref().into()]);
    values.extend([row.created_by.as_str().into(), row.created_at.into(), row.closed_at.into()]);
    values.extend([row.outcome.as_str().into(), row.erasure.map(Position::to_sql).into()]);
    values
}

fn request_row(row: &Row) -> Result<RequestRow, StateError> {
    Ok(RequestRow {
        id: row.int(0)?,
        kind: row.text(1)?,
        status: row.text(2)?,
        is_closed: row.flag(3)?,
        customer: row.int_opt(4)?.map(CustomerId::from_sql),
        contact: row.text_opt(5)?,
        note: row.text(6)?,
        received_at: row.time(7)?,
        due_at: row.time(8)?,
        extension_reason: row.text(9)?,
        handled_by: row.text_opt(10)?,
        created_by: row.text(11)?,
        created_at: row.time(12)?,
        closed_at: row.time_opt(13)?,
        outcome: row.text(14)?,
        erasure: row.int_opt(15)?.map(Position::from_sql),
    })
}
