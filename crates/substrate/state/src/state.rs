//! What does everybody hold who asks the state, or changes it?

use crate::bulk::Rows;
use crate::customers::Directory;
use crate::identity::sorted;
use crate::{Db, StateError};
use base::{CustomerId, Position};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// The operational tables. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct State {
    db: Db,
    /// What the directory of customers is known to hold, so that only what changed is written.
    pub(crate) directory: Arc<Mutex<Directory>>,
}

/// How far the log has been taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The last log entry whose effects are here.
    pub position: Position,
    /// Events accepted so far.
    pub n_events: u64,
    /// Refused, flagged and double events put down so far, those that gave way included.
    pub n_refusals: u64,
}

const PROFILES: Rows = Rows {
    head: "SELECT customer, fragments FROM profiles WHERE customer IN (",
    n_columns: 1,
    tail: ")",
};

impl State {
    /// Opens the tables at `url` (`sqlite:PATH` or `postgres://…`), see [`Db::open`].
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn open(url: &str) -> Result<Self, StateError> {
        Ok(Self { db: Db::open(url).await?, directory: Arc::default() })
    }

    /// The connections.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// How far the log has been taken in.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn progress(&self) -> Result<Progress, StateError> {
        let sql = "SELECT position, n_events, n_refusals FROM processor WHERE id = 1";
        let row = self.db.row(sql, vec![]).await?;
        let row = row.ok_or_else(|| StateError::corrupt("no row for the processor"))?;
        Ok(Progress {
            position: Position::from_sql(row.int(0)?),
            n_events: row.int(1)?.cast_unsigned(),
            n_refusals: row.int(2)?.cast_unsigned(),
        })
    }

    /// The profiles of these customers as they were put, in their order; `None` for a new one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn profiles(
        &self,
        customers: &[CustomerId],
    ) -> Result<Vec<Option<Vec<u8>>>, StateError> {
        let rows = PROFILES.read(&self.db, &sorted(customers), |&id, v| v.push(id.into())).await?;
        let mut found = HashMap::with_capacity(rows.len());
        for row in &rows {
            found.insert(CustomerId::from_sql(row.int(0)?), row.blob(1)?);
        }
        let is_asked_once = found.len() == customers.len();
        let take = |id| if is_asked_once { found.remove(id) } else { found.get(id).cloned() };
        Ok(customers.iter().map(take).collect())
    }
}
