//! How do many small segments become few large ones, beside the processor and not in its way?

use super::filter::Filter;
use super::ids_of;
use super::segment::{IN_WRITING, N_PER_BLOCK, Segment, TO_GO, put_blocks};
use crate::{State, StateError};
use base::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Segments of about one size that become one.
const N_MERGED: usize = 4;
/// Blocks read at a time from each input: 1 MB.
const N_READ: i64 = 256;
/// Blocks written or taken away in one transaction: 4 MB, a few milliseconds of the writer.
const N_WRITTEN: usize = 1_024;

/// One round of the background.
pub(super) struct Upkeep {
    pub state: State,
    /// What is to be merged; may be nothing.
    pub inputs: Vec<Arc<Segment>>,
    /// The number of the segment that they become.
    pub output: i64,
}

/// What a round did.
#[derive(Debug)]
pub(super) struct Work {
    pub inputs: Vec<i64>,
    pub output: Option<Arc<Segment>>,
}

/// One input while it is read.
struct Reader<'a> {
    segment: &'a Segment,
    next_block: usize,
    ids: VecDeque<u128>,
}

/// The output while it is written.
struct Writer<'a> {
    state: &'a State,
    segment: Segment,
    ids: Vec<u128>,
    n_blocks: usize,
}

/// The segments to merge next: four or more of one slice and of about one size; or all of a slice
/// that is over.
pub(super) fn due(segments: &[Arc<Segment>], now: Timestamp, n_smallest: u64) -> Vec<Arc<Segment>> {
    let mut by_slice: BTreeMap<Timestamp, Vec<&Arc<Segment>>> = BTreeMap::new();
    for segment in segments {
        by_slice.entry(segment.until).or_default().push(segment);
    }
    for (until, slice) in by_slice {
        if until <= now && slice.len() > 1 {
            return slice.into_iter().cloned().collect();
        }
        let mut by_size: BTreeMap<u32, Vec<&Arc<Segment>>> = BTreeMap::new();
        for segment in slice {
            let times = (segment.n_ids / n_smallest.max(1)).max(1);
            by_size.entry(times.ilog2() / 2).or_default().push(segment);
        }
        if let Some(equals) = by_size.into_values().find(|equals| equals.len() >= N_MERGED) {
            return equals.into_iter().cloned().collect();
        }
    }
    Vec::new()
}

impl Upkeep {
    /// Takes away what is to go, then merges. What it writes is not in use before a batch of the
    /// processor says so.
    pub async fn run(self) -> Result<Work, StateError> {
        self.sweep().await?;
        let inputs: Vec<i64> = self.inputs.iter().map(|segment| segment.id).collect();
        let output = if inputs.is_empty() { None } else { Some(Arc::new(self.merge().await?)) };
        Ok(Work { inputs, output })
    }

    async fn sweep(&self) -> Result<(), StateError> {
        let sql = "SELECT id FROM seen_segments WHERE state = $1";
        for row in self.state.db().rows(sql, vec![TO_GO.into()]).await? {
            self.take_away(row.int(0)?).await?;
        }
        Ok(())
    }

    async fn take_away(&self, segment: i64) -> Result<(), StateError> {
        let sql = "DELETE FROM seen_blocks WHERE block IN (SELECT block FROM seen_blocks \
                   WHERE block >= $1 AND block < $2 ORDER BY block LIMIT $3)";
        let (begin, end) = (Segment::key(segment, 0), Segment::key(segment + 1, 0));
        loop {
            let values = vec![begin.into(), end.into(), (N_WRITTEN as i64).into()];
            if self.state.db().execute(sql, values).await? < N_WRITTEN as u64 {
                break;
            }
        }
        let mut tx = self.state.db().begin().await?;
        for sql in [
            "DELETE FROM seen_filters WHERE segment = $1",
            "DELETE FROM seen_segments WHERE id = $1",
        ] {
            tx.execute(sql, vec![segment.into()]).await?;
        }
        tx.commit().await
    }

    async fn merge(&self) -> Result<Segment, StateError> {
        let mut readers: Vec<Reader<'_>> = self.inputs.iter().map(|s| Reader::new(s)).collect();
        let mut writer = Writer::begin(self).await?;
        loop {
            for reader in &mut readers {
                reader.fill(&self.state).await?;
            }
            readers.retain(|reader| !reader.ids.is_empty());
            // Up to the smallest of the last ids that are read, nothing can come in between.
            let Some(&bound) = readers.iter().filter_map(|r| r.ids.back()).min() else { break };
            let mut ids: Vec<u128> =
                readers.iter_mut().flat_map(|r| r.take_through(bound)).collect();
            ids.sort_unstable();
            ids.dedup();
            writer.push(&ids).await?;
        }
        writer.finish().await
    }
}

impl<'a> Reader<'a> {
    fn new(segment: &'a Segment) -> Self {
        Self { segment, next_block: 0, ids: VecDeque::new() }
    }

    async fn fill(&mut self, state: &State) -> Result<(), StateError> {
        if !self.ids.is_empty() || self.next_block >= self.segment.fences.len() {
            return Ok(());
        }
        let sql = "SELECT ids FROM seen_blocks WHERE block >= $1 AND block < $2 ORDER BY block";
        let begin = Segment::key(self.segment.id, self.next_block);
        let rows = state.db().rows(sql, vec![begin.into(), (begin + N_READ).into()]).await?;
        if rows.is_empty() {
            return Err(StateError::corrupt("a block of message ids is missing"));
        }
        self.next_block += rows.len();
        for row in &rows {
            self.ids.extend(ids_of(row, 0)?);
        }
        Ok(())
    }

    fn take_through(&mut self, bound: u128) -> Vec<u128> {
        let n = self.ids.partition_point(|&id| id <= bound);
        self.ids.drain(..n).collect()
    }
}

impl<'a> Writer<'a> {
    async fn begin(upkeep: &'a Upkeep) -> Result<Self, StateError> {
        let until = upkeep.inputs.first().map_or(Timestamp(0), |input| input.until);
        let filter = Filter::new(upkeep.inputs.iter().map(|input| input.n_ids).sum());
        let segment = Segment { id: upkeep.output, until, n_ids: 0, fences: Vec::new(), filter };
        let sql = "INSERT INTO seen_segments (id, state, until, n_ids) VALUES ($1, $2, $3, 0)";
        let values = vec![segment.id.into(), IN_WRITING.into(), until.into()];
        upkeep.state.db().execute(sql, values).await?;
        Ok(Self { state: &upkeep.state, segment, ids: Vec::new(), n_blocks: 0 })
    }

    async fn push(&mut self, ids: &[u128]) -> Result<(), StateError> {
        self.ids.extend_from_slice(ids);
        while self.ids.len() >= N_WRITTEN * N_PER_BLOCK {
            self.write(N_WRITTEN * N_PER_BLOCK).await?;
        }
        Ok(())
    }

    async fn write(&mut self, n: usize) -> Result<(), StateError> {
        let rest = self.ids.split_off(n);
        let ids = std::mem::replace(&mut self.ids, rest);
        ids.iter().for_each(|&id| self.segment.filter.insert(id));
        let mut tx = self.state.db().begin().await?;
        put_blocks(&mut tx, self.segment.id, self.n_blocks, &ids).await?;
        tx.commit().await?;
        self.segment.fences.extend(ids.iter().copied().step_by(N_PER_BLOCK));
        self.segment.n_ids += ids.len() as u64;
        self.n_blocks = self.segment.fences.len();
        Ok(())
    }

    async fn finish(mut self) -> Result<Segment, StateError> {
        self.write(self.ids.len()).await?;
        let mut tx = self.state.db().begin().await?;
        self.segment.put(&mut tx, IN_WRITING).await?;
        tx.commit().await?;
        Ok(self.segment)
    }
}
