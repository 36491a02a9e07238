//! Has an event with this message id been taken before?
//!
//! Exact for the window and at most a sixth of it longer; ids of imports for ever. Ids are 128-bit
//! fingerprints. It is a log-structured merge tree: recent ids are in memory and, one row per
//! batch, in the batch's own transaction; a quarter of a million of them freeze into a sorted
//! segment of small blocks, with a Bloom filter in memory (12 bits per id: 150 MB for 100 million).
//! Segments of one slice of time merge in the background, four into one; a slice expires whole.

mod filter;
mod segment;
#[cfg(test)]
mod tests;
mod upkeep;

use crate::batch::{Batch, Fate, Outcome};
use crate::{Row, State, StateError};
use base::{Duration, Timestamp};
use segment::{IN_USE, Segment, TO_GO};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::task::JoinHandle;
use upkeep::{Upkeep, Work};

/// Ids kept in memory before they freeze; 4 MB on disk, about three times as much in memory.
const N_RECENT_MAX: usize = 250_000;
/// Slices per window: the longer a slice, the fewer segments; the shorter, the sharper the end.
const N_SLICES: i64 = 6;
/// `until` of what never expires.
const FOR_EVER: Timestamp = Timestamp(i64::MAX);

/// The memory of message ids. There is one, and the processor holds it.
#[derive(Debug)]
pub struct Seen {
    state: State,
    window: Duration,
    n_recent_max: usize,
    /// Committed ids that are not in a segment, and whether they are kept for ever.
    recent: HashMap<u128, bool>,
    /// When the slice of `recent` ends.
    recent_until: Option<Timestamp>,
    segments: Vec<Arc<Segment>>,
    next_batch: i64,
    next_segment: i64,
    /// Ids answered as new since the last stage.
    pending: HashMap<u128, bool>,
    staged: Option<Staged>,
    upkeep: Option<JoinHandle<Result<Work, StateError>>>,
    /// A merge that is done on disk and waits for a batch that puts it to use.
    merged: Option<Work>,
}

/// What happens to memory once the batch is committed.
#[derive(Debug)]
struct Staged {
    fate: Fate,
    pending: HashMap<u128, bool>,
    pending_until: Timestamp,
    is_frozen: bool,
    /// Whether the merge that waited is dealt with.
    is_merged: bool,
    added: Vec<Arc<Segment>>,
    removed: Vec<i64>,
    now: Timestamp,
}

impl Seen {
    /// The memory as it was at the last commit. `window` is how long an id is remembered at least.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn open(state: &State, window: Duration) -> Result<Self, StateError> {
        Self::open_with(state, window, N_RECENT_MAX).await
    }

    async fn open_with(
        state: &State,
        window: Duration,
        n_recent_max: usize,
    ) -> Result<Self, StateError> {
        let mut seen = Self {
            state: state.clone(),
            window,
            n_recent_max,
            recent: HashMap::new(),
            recent_until: None,
            segments: Vec::new(),
            next_batch: 1,
            next_segment: 1,
            pending: HashMap::new(),
            staged: None,
            upkeep: None,
            merged: None,
        };
        segment::abandon_unfinished(state).await?;
        seen.load().await?;
        Ok(seen)
    }

    /// How many ids are remembered.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.recent.len() as u64 + self.segments.iter().map(|s| s.n_ids).sum::<u64>()
    }

    /// Whether no id is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// For each id whether it is new; of equal ones in `ids` only the first is. The flag says
    /// whether the id is to be remembered for ever. What was answered as new counts as seen from
    /// now on; [`Seen::stage`] makes it last, and [`Seen::abandon`] takes it back.
    ///
    /// # Errors
    /// See [`StateError`]; then no id of this call counts as seen.
    pub async fn which_are_new(&mut self, ids: &[(u128, bool)]) -> Result<Vec<bool>, StateError> {
        self.settle().await?;
        let mut asked: HashMap<u128, usize> = HashMap::with_capacity(ids.len());
        for (idx, (id, _)) in ids.iter().enumerate() {
            if !self.is_in_memory(*id) {
                asked.entry(*id).or_insert(idx);
            }
        }
        let mut unknown: Vec<u128> = asked.keys().copied().collect();
        unknown.sort_unstable();
        for segment in self.segments.iter().rev() {
            segment.retain_absent(&self.state, &mut unknown).await?;
        }
        let mut are_new = vec![false; ids.len()];
        for id in unknown {
            let idx = asked[&id];
            are_new[idx] = true;
            self.pending.insert(id, ids[idx].1);
        }
        Ok(are_new)
    }

    /// Takes back what was answered as new since the last stage: for a step that failed before it
    /// staged anything.
    pub fn abandon(&mut self) {
        self.pending.clear();
    }

    /// Puts what was answered as new since the last stage into the batch. `now` is the time of the
    /// log, by which ids expire. If the batch is not committed, these ids are new again.
    ///
    /// # Errors
    /// `Conflict` where the last batch that was staged into is still open; see [`StateError`].
    pub async fn stage(&mut self, batch: &mut Batch, now: Timestamp) -> Result<(), StateError> {
        self.settle().await?;
        if self.staged.is_some() {
            return Err(StateError::Conflict { what: "message ids are staged already".into() });
        }
        let mut staged = Staged {
            fate: batch.fate(),
            pending: std::mem::take(&mut self.pending),
            pending_until: self.slice_end(now),
            is_frozen: false,
            is_merged: false,
            added: Vec::new(),
            removed: Vec::new(),
            now,
        };
        let written = self.write(batch, &mut staged).await;
        self.staged = Some(staged);
        written
    }

    /// Waits until nothing goes on in the background; for tests and for closing down.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn rest(&mut self) -> Result<(), StateError> {
        self.settle().await?;
        if let Some(upkeep) = self.upkeep.take() {
            self.merged = finished(upkeep).await;
        }
        Ok(())
    }

    async fn write(&mut self, batch: &mut Batch, staged: &mut Staged) -> Result<(), StateError> {
        let is_over = self.recent_until.is_some_and(|until| until <= staged.now);
        let is_full = self.recent.len() + staged.pending.len() > self.n_recent_max;
        if !self.recent.is_empty() && (is_over || is_full) {
            self.freeze(batch, staged).await?;
        }
        if !staged.pending.is_empty() {
            segment::put_recent(batch, self.next_batch, staged.now, &staged.pending).await?;
        }
        self.expire(batch, staged).await?;
        self.adopt(batch, staged).await
    }

    /// Turns what is recent into segments: one that expires, one that does not.
    async fn freeze(&mut self, batch: &mut Batch, staged: &mut Staged) -> Result<(), StateError> {
        let until = self.recent_until.unwrap_or(staged.pending_until);
        for (is_kept, until) in [(false, until), (true, FOR_EVER)] {
            let of_kind = self.recent.iter().filter(|&(_, &kept)| kept == is_kept);
            let mut ids: Vec<u128> = of_kind.map(|(&id, _)| id).collect();
            if ids.is_empty() {
                continue;
            }
            ids.sort_unstable();
            // A number is given once, also where the batch fails.
            self.next_segment += 1;
            let segment = segment::freeze(batch, self.next_segment - 1, until, &ids).await?;
            staged.added.push(Arc::new(segment));
        }
        segment::drop_recent(batch).await?;
        staged.is_frozen = true;
        Ok(())
    }

    async fn expire(&self, batch: &mut Batch, staged: &mut Staged) -> Result<(), StateError> {
        for segment in &self.segments {
            if segment.until != FOR_EVER && segment.until.plus(self.window) <= staged.now {
                segment::set_state(batch.tx(), segment.id, TO_GO).await?;
                staged.removed.push(segment.id);
            }
        }
        Ok(())
    }

    /// Puts a merged segment to use in place of those that went into it, unless they have expired
    /// meanwhile.
    async fn adopt(&self, batch: &mut Batch, staged: &mut Staged) -> Result<(), StateError> {
        let Some(Work { inputs, output: Some(output) }) = &self.merged else { return Ok(()) };
        staged.is_merged = true;
        let is_there = |id: &i64| self.segments.iter().any(|segment| segment.id == *id);
        if !inputs.iter().all(|id| is_there(id) && !staged.removed.contains(id)) {
            return segment::set_state(batch.tx(), output.id, TO_GO).await;
        }
        for &input in inputs {
            segment::set_state(batch.tx(), input, TO_GO).await?;
        }
        segment::set_state(batch.tx(), output.id, IN_USE).await?;
        staged.removed.extend(inputs);
        staged.added.push(output.clone());
        Ok(())
    }

    /// Learns what became of the batch that was staged into, and looks after the segments.
    async fn settle(&mut self) -> Result<(), StateError> {
        match self.staged.as_ref().map(|staged| staged.fate.get()) {
            None | Some(Outcome::Open | Outcome::Committing) => return Ok(()),
            Some(Outcome::Undone) => self.staged = None,
            Some(Outcome::Unknown) => self.load().await?,
            Some(Outcome::Committed) => {
                let staged = self.staged.take().expect("it was there a line above");
                let now = staged.now;
                self.apply(staged);
                self.look_after(now).await;
            }
        }
        Ok(())
    }

    fn apply(&mut self, staged: Staged) {
        if staged.is_frozen {
            self.recent = HashMap::new();
            self.recent_until = None;
        }
        if !staged.pending.is_empty() {
            self.recent_until.get_or_insert(staged.pending_until);
            self.recent.extend(staged.pending);
            self.next_batch += 1;
        }
        self.segments.retain(|segment| !staged.removed.contains(&segment.id));
        self.segments.extend(staged.added);
        if staged.is_merged {
            self.merged = None;
        }
    }

    /// Collects what the background has done, and gives it the next piece of work.
    async fn look_after(&mut self, now: Timestamp) {
        if self.upkeep.as_ref().is_some_and(JoinHandle::is_finished)
            && let Some(upkeep) = self.upkeep.take()
        {
            self.merged = finished(upkeep).await;
        }
        if self.upkeep.is_some() || self.merged.is_some() {
            return;
        }
        let inputs = upkeep::due(&self.segments, now, self.n_recent_max as u64);
        let work = Upkeep { state: self.state.clone(), inputs, output: self.next_segment };
        self.next_segment += 1;
        self.upkeep = Some(tokio::spawn(work.run()));
    }

    async fn load(&mut self) -> Result<(), StateError> {
        let recent = segment::load_recent(&self.state).await?;
        self.segments = segment::load(&self.state).await?;
        self.next_segment = self.next_segment.max(segment::next_id(&self.state).await?);
        self.next_batch = recent.last().map_or(self.next_batch, |row| row.batch + 1);
        self.recent_until = recent.first().map(|row| self.slice_end(row.staged_at));
        self.recent = recent.into_iter().flat_map(|row| row.ids).collect();
        self.staged = None;
        // A merge on its way is worth nothing if its inputs changed; `adopt` finds out.
        Ok(())
    }

    fn is_in_memory(&self, id: u128) -> bool {
        let is_staged = self.staged.as_ref().is_some_and(|staged| staged.pending.contains_key(&id));
        is_staged || self.pending.contains_key(&id) || self.recent.contains_key(&id)
    }

    fn slice_end(&self, moment: Timestamp) -> Timestamp {
        let length = (self.window.0 / N_SLICES).max(1);
        Timestamp((moment.0.div_euclid(length) + 1).saturating_mul(length))
    }
}

impl Drop for Seen {
    /// What the background writes is of no use to anybody else.
    fn drop(&mut self) {
        if let Some(upkeep) = &self.upkeep {
            upkeep.abort();
        }
    }
}

/// What the background did; a failure is told to the operator and tried again.
async fn finished(upkeep: JoinHandle<Result<Work, StateError>>) -> Option<Work> {
    match upkeep.await {
        Ok(Ok(work)) => work.output.is_some().then_some(work),
        Ok(Err(error)) => {
            tracing::warn!(%error, "merging message ids failed; it will be tried again");
            None
        }
        Err(error) => {
            tracing::error!(%error, "merging message ids was broken off");
            None
        }
    }
}

/// The 128-bit numbers in a blob.
fn ids_of(row: &Row, idx: usize) -> Result<Vec<u128>, StateError> {
    let bytes = row.blob(idx)?;
    let (ids, rest) = bytes.as_chunks::<16>();
    if !rest.is_empty() {
        return Err(StateError::corrupt("a list of message ids that was cut off"));
    }
    Ok(ids.iter().map(|id| u128::from_le_bytes(*id)).collect())
}

/// The blob of 128-bit numbers.
fn blob_of(ids: impl IntoIterator<Item = u128>) -> Vec<u8> {
    ids.into_iter().flat_map(u128::to_le_bytes).collect()
}
