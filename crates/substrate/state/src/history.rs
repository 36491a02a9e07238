//! Which events are not in files yet, and which files are history made of?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::{Row, State, StateError};
use base::{CustomerId, Position, Timestamp};

/// One file of history: events sorted by customer and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// Where it lies in the store; its name for ever.
    pub path: String,
    /// The bucket of customers that it holds.
    pub bucket: u16,
    /// How often its events were merged: 0 for fresh from memory.
    pub level: u8,
    /// Events in it.
    pub n_rows: u64,
    /// Its size.
    pub bytes: u64,
    /// The smallest customer in it.
    pub min_customer: CustomerId,
    /// The largest customer in it.
    pub max_customer: CustomerId,
    /// When its earliest event happened.
    pub min_time: Timestamp,
    /// When its latest event happened.
    pub max_time: Timestamp,
    /// Its rows say whom they belonged to after the log entry at this position, or a later one; 0
    /// where that is not known.
    pub written_through: Position,
    /// Customers in it; 0 where that is not known.
    pub n_customers: u64,
}

/// The events of one batch, until they are in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreshBatch {
    /// The log position up to which the batch went.
    pub position: Position,
    /// How many events it has.
    pub n_events: u64,
    /// The events, as `history` encodes them.
    pub events: Vec<u8>,
}

const PUT_RUNS: Rows = Rows {
    head: "INSERT INTO runs (path, bucket, level, n_rows, n_bytes, min_customer, max_customer, \
           min_time, max_time, written_through, n_customers) VALUES",
    n_columns: 11,
    tail: "",
};
const DROP_RUNS: Rows = Rows { head: "DELETE FROM runs WHERE path IN (", n_columns: 1, tail: ")" };

impl State {
    /// The batches whose events are in no file, in log order.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn fresh_batches(&self) -> Result<Vec<FreshBatch>, StateError> {
        let sql = "SELECT position, n_events, events FROM fresh_batches ORDER BY position";
        let rows = self.db().rows(sql, vec![]).await?;
        let batch = |row: &Row| {
            Ok(FreshBatch {
                position: Position::from_sql(row.int(0)?),
                n_events: row.int(1)?.cast_unsigned(),
                events: row.blob(2)?,
            })
        };
        rows.iter().map(batch).collect()
    }

    /// The files of history, by bucket, level and name.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn runs(&self) -> Result<Vec<RunRow>, StateError> {
        let sql = "SELECT path, bucket, level, n_rows, n_bytes, min_customer, max_customer, \
                   min_time, max_time, written_through, n_customers FROM runs ORDER BY bucket, level, path";
        self.db().rows(sql, vec![]).await?.iter().map(run_row).collect()
    }

    /// Changes the list of files at once: `remove` go, `add` come, and the events of batches up to
    /// `drop_fresh_through` are in files from now on.
    ///
    /// # Errors
    /// `Conflict` where one of `remove` is not there or one of `add` is there already; then
    /// nothing changed.
    pub async fn swap_runs(
        &self,
        add: &[RunRow],
        remove: &[String],
        drop_fresh_through: Option<Position>,
    ) -> Result<(), StateError> {
        let mut tx = self.db().begin().await?;
        let n_removed = DROP_RUNS.write(&mut tx, remove, |path, v| v.push(path.as_str().into()));
        if n_removed.await? != remove.len() as u64 {
            return Err(StateError::Conflict { what: "a run to be removed is not there".into() });
        }
        PUT_RUNS
            .write(&mut tx, add, |run, values| {
                values.extend([run.path.as_str().into(), i64::from(run.bucket).into()]);
                values.extend([i64::from(run.level).into(), run.n_rows.cast_signed().into()]);
                values.extend([run.bytes.cast_signed().into(), run.min_customer.into()]);
                values.extend([run.max_customer.into(), run.min_time.into()]);
                values.extend([run.max_time.into(), run.written_through.into()]);
                values.push(run.n_customers.cast_signed().into());
            })
            .await?;
        if let Some(position) = drop_fresh_through {
            let sql = "DELETE FROM fresh_batches WHERE position <= $1";
            tx.execute(sql, vec![position.into()]).await?;
        }
        tx.commit().await
    }
}

impl Batch {
    /// Puts down the events of this batch, as `history` encodes them, and counts them.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_fresh(
        &mut self,
        position: Position,
        n_events: u64,
        events: &[u8],
    ) -> Result<(), StateError> {
        let sql = "INSERT INTO fresh_batches (position, n_events, events) VALUES ($1, $2, $3)";
        let values = vec![position.into(), n_events.cast_signed().into(), events.into()];
        self.tx().execute(sql, values).await?;
        self.count_events(n_events);
        Ok(())
    }
}

fn run_row(row: &Row) -> Result<RunRow, StateError> {
    let outside = |_| StateError::corrupt("a run's bucket or level out of range");
    Ok(RunRow {
        path: row.text(0)?,
        bucket: row.int(1)?.try_into().map_err(outside)?,
        level: row.int(2)?.try_into().map_err(outside)?,
        n_rows: row.int(3)?.cast_unsigned(),
        bytes: row.int(4)?.cast_unsigned(),
        min_customer: CustomerId::from_sql(row.int(5)?),
        max_customer: CustomerId::from_sql(row.int(6)?),
        min_time: row.time(7)?,
        max_time: row.time(8)?,
        written_through: Position::from_sql(row.int(9)?),
        n_customers: row.int(10)?.cast_unsigned(),
    })
}
