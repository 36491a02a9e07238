//! What does one step of the processor change, all of it or nothing?

use crate::bulk::Rows;
use crate::customers::Changes;
use crate::db::Durability;
use crate::identity::last_by_key;
use crate::{State, StateError, Tx};
use base::{CustomerId, Position};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// One transaction of the processor: its effects and the log position up to which they reach.
/// Dropped without [`Batch::commit`], nothing of it happened.
///
/// Two processors cannot run at once: beginning a batch takes the processor's row, and the second
/// waits until the first one is done, then sees the position move under it.
#[derive(Debug)]
pub struct Batch {
    tx: Tx,
    state: State,
    position: Position,
    next_position: Position,
    n_begun: i64,
    n_events: u64,
    pub(crate) n_refusals: u64,
    n_changes: i64,
    directory: Changes,
    fate: OwnFate,
}

/// What became of a batch, for those who keep in memory what it put down.
#[derive(Clone, Debug)]
pub(crate) struct Fate(Arc<AtomicU8>);

/// The batch's own end of its [`Fate`]: dropped while the batch is open, it is undone; dropped
/// while it is being committed, nobody knows.
#[derive(Debug)]
struct OwnFate(Fate);

impl Drop for OwnFate {
    fn drop(&mut self) {
        match self.0.get() {
            Outcome::Open => self.0.set(Outcome::Undone),
            Outcome::Committing => self.0.set(Outcome::Unknown),
            Outcome::Committed | Outcome::Undone | Outcome::Unknown => {}
        }
    }
}

/// The answers of a [`Fate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Still open.
    Open,
    /// On its way to the disk.
    Committing,
    /// All of it happened.
    Committed,
    /// Nothing of it happened.
    Undone,
    /// The answer to the commit was lost.
    Unknown,
}

impl Fate {
    fn new() -> Self {
        Self(Arc::new(AtomicU8::new(Outcome::Open as u8)))
    }

    fn set(&self, outcome: Outcome) {
        self.0.store(outcome as u8, Ordering::Release);
    }

    pub(crate) fn get(&self) -> Outcome {
        use Outcome::{Committed, Committing, Open, Undone, Unknown};
        let all = [Open, Committing, Committed, Undone, Unknown];
        let value = self.0.load(Ordering::Acquire);
        all.into_iter().find(|&o| o as u8 == value).expect("only outcomes are stored")
    }
}

const PUT_PROFILES: Rows = Rows {
    head: "INSERT INTO profiles (customer, fragments) VALUES",
    n_columns: 2,
    tail: " ON CONFLICT (customer) DO UPDATE SET fragments = excluded.fragments",
};
const DROP_PROFILES: Rows =
    Rows { head: "DELETE FROM profiles WHERE customer IN (", n_columns: 1, tail: ")" };
const DROP_CUSTOMERS: Rows =
    Rows { head: "DELETE FROM customers WHERE id IN (", n_columns: 1, tail: ")" };
const DROP_MEMBERS: Rows =
    Rows { head: "DELETE FROM account_members WHERE customer IN (", n_columns: 1, tail: ")" };

const DROP_HOUSEHOLDS: Rows =
    Rows { head: "DELETE FROM households WHERE customer IN (", n_columns: 1, tail: ")" };

impl State {
    /// Begins a step of the processor. A power failure may undo the last committed steps, latest
    /// first: the position goes back with them, and the log has what they were made from.
    ///
    /// # Errors
    /// `Unavailable` where the writer before it takes longer than ten seconds.
    pub async fn begin(&self) -> Result<Batch, StateError> {
        let mut tx = self.db().begin_as(Durability::Replayable).await?;
        let sql = "UPDATE processor SET n_begun = n_begun + 1 WHERE id = 1 \
                   RETURNING position, n_begun, n_refusals";
        let row = tx.row(sql, vec![]).await?;
        let row = row.ok_or_else(|| StateError::corrupt("no row for the processor"))?;
        let (position, n_begun) = (Position::from_sql(row.int(0)?), row.int(1)?);
        self.directory().expect(n_begun);
        Ok(Batch {
            tx,
            position,
            next_position: position,
            n_begun,
            n_events: 0,
            n_refusals: row.int(2)?.cast_unsigned(),
            n_changes: 0,
            directory: Changes::new(),
            state: self.clone(),
            fate: OwnFate(Fate::new()),
        })
    }

    /// Makes everything that was committed safe from a power failure, as must be before the log
    /// lets go of what it was made from.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn settle(&self) -> Result<(), StateError> {
        self.db().execute("UPDATE processor SET id = id WHERE id = 1", vec![]).await?;
        Ok(())
    }
}

impl Batch {
    /// The last log entry whose effects were there when the batch began.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// Puts down the profiles of these customers, each in place of the one before.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_profiles<B: AsRef<[u8]>>(
        &mut self,
        profiles: &[(CustomerId, B)],
    ) -> Result<(), StateError> {
        let refs: Vec<_> = profiles.iter().map(|(id, blob)| (*id, blob.as_ref())).collect();
        PUT_PROFILES
            .write(&mut self.tx, &last_by_key(&refs, |&(id, _)| id), |&(id, blob), values| {
                values.extend([id.into(), blob.into()]);
            })
            .await?;
        Ok(())
    }

    /// Takes away customers who were merged into others: their place in lists, their profile and
    /// their memberships and households. Identifiers, links and changes stay.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn drop_customers(&mut self, ids: &[CustomerId]) -> Result<(), StateError> {
        for drop in [DROP_PROFILES, DROP_CUSTOMERS, DROP_MEMBERS, DROP_HOUSEHOLDS] {
            drop.write(&mut self.tx, ids, |&id, values| values.push(id.into())).await?;
        }
        self.directory.extend(ids.iter().map(|&id| (id, None)));
        Ok(())
    }

    /// Declares that the effects of the log up to `position` are all in this batch.
    ///
    /// # Panics
    /// If the position would go back.
    pub fn advance(&mut self, position: Position) {
        assert!(position >= self.position, "the log is taken in forwards only");
        self.next_position = position;
    }

    /// Makes all of it true and visible at once, for good unless the power fails (see
    /// [`State::begin`]).
    ///
    /// # Errors
    /// `Unavailable` and others; nothing is in memory then that may not be true, and a new batch
    /// tells by its position whether it happened.
    pub async fn commit(mut self) -> Result<(), StateError> {
        let sql = "UPDATE processor SET position = $1, n_events = n_events + $2, n_refusals = $3 \
                   WHERE id = 1";
        let (n_events, n_refusals) = (self.n_events.cast_signed(), self.n_refusals.cast_signed());
        let values = vec![self.next_position.into(), n_events.into(), n_refusals.into()];
        self.tx.execute(sql, values).await?;
        self.fate.0.set(Outcome::Committing);
        self.tx.commit().await?;
        self.state.directory().learn(self.n_begun, self.directory);
        self.fate.0.set(Outcome::Committed);
        Ok(())
    }

    pub(crate) fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    pub(crate) fn directory_changes(&mut self) -> (&State, &mut Changes) {
        (&self.state, &mut self.directory)
    }

    pub(crate) fn fate(&self) -> Fate {
        self.fate.0.clone()
    }

    /// The first of `n` fresh numbers for changes of identity in this batch.
    pub(crate) fn number_changes(&mut self, n: usize) -> i64 {
        let first = self.n_changes;
        self.n_changes += n as i64;
        first
    }

    pub(crate) fn count_events(&mut self, n: u64) {
        self.n_events += n;
    }
}
