//! How do many ids lie on disk, such that few of them answer a question?

use super::filter::Filter;
use super::{blob_of, ids_of};
use crate::batch::Batch;
use crate::bulk::Rows;
use crate::{State, StateError, Tx, Value};
use base::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// Ids per block: 4,000 bytes, which a page of SQLite holds beside its key.
pub(super) const N_PER_BLOCK: usize = 250;
/// `state` of a segment that is being written by the background.
pub(super) const IN_WRITING: i64 = 0;
/// `state` of a segment that is asked.
pub(super) const IN_USE: i64 = 1;
/// `state` of a segment that the background is to take away.
pub(super) const TO_GO: i64 = 2;

/// Sorted ids on disk, with what tells in memory where one would lie.
#[derive(Debug)]
pub(super) struct Segment {
    pub id: i64,
    /// When the slice of time ends that its ids are from.
    pub until: Timestamp,
    pub n_ids: u64,
    /// The first id of each block.
    pub fences: Vec<u128>,
    pub filter: Filter,
}

/// The ids of one batch that are not in a segment.
pub(super) struct RecentRow {
    pub batch: i64,
    pub staged_at: Timestamp,
    pub ids: Vec<(u128, bool)>,
}

const BLOCKS: Rows =
    Rows { head: "SELECT block, ids FROM seen_blocks WHERE block IN (", n_columns: 1, tail: ")" };
const PUT_BLOCKS: Rows =
    Rows { head: "INSERT INTO seen_blocks (block, ids) VALUES", n_columns: 2, tail: "" };

impl Segment {
    /// The key of a block in the table.
    pub fn key(segment: i64, block: usize) -> i64 {
        (segment << 32) + block as i64
    }

    /// Takes out of `ids`, which are sorted, those that are here.
    pub async fn retain_absent(
        &self,
        state: &State,
        ids: &mut Vec<u128>,
    ) -> Result<(), StateError> {
        let suspects: Vec<(i64, u128)> = ids
            .iter()
            .filter(|&&id| self.filter.may_hold(id))
            .filter_map(|&id| Some((self.block_of(id)?, id)))
            .collect();
        if suspects.is_empty() {
            return Ok(());
        }
        let mut keys: Vec<i64> = suspects.iter().map(|&(key, _)| key).collect();
        keys.dedup();
        let mut blocks = HashMap::with_capacity(keys.len());
        for row in BLOCKS.read(state.db(), &keys, |&key, v| v.push(key.into())).await? {
            blocks.insert(row.int(0)?, ids_of(&row, 1)?);
        }
        if blocks.len() != keys.len() {
            return Err(StateError::corrupt("a block of message ids is missing"));
        }
        let mut present = suspects.into_iter().filter(|(key, id)| {
            blocks.get(key).is_some_and(|block| block.binary_search(id).is_ok())
        });
        let mut next = present.next();
        ids.retain(|&id| {
            let is_here = next.is_some_and(|(_, here)| here == id);
            if is_here {
                next = present.next();
            }
            !is_here
        });
        Ok(())
    }

    fn block_of(&self, id: u128) -> Option<i64> {
        let block = self.fences.partition_point(|&first| first <= id).checked_sub(1)?;
        Some(Self::key(self.id, block))
    }

    /// Makes the segment known; its blocks are written apart.
    pub async fn put(&self, tx: &mut Tx, state: i64) -> Result<(), StateError> {
        let sql = "INSERT INTO seen_segments (id, state, until, n_ids) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (id) DO UPDATE SET state = excluded.state, until = excluded.until, \
                   n_ids = excluded.n_ids";
        let n_ids = self.n_ids.cast_signed();
        let values = vec![self.id.into(), state.into(), self.until.into(), n_ids.into()];
        tx.execute(sql, values).await?;
        let sql = "INSERT INTO seen_filters (segment, fences, filter) VALUES ($1, $2, $3)";
        let fences = blob_of(self.fences.iter().copied());
        let values = vec![self.id.into(), fences.into(), self.filter.to_bytes().into()];
        tx.execute(sql, values).await?;
        Ok(())
    }
}

/// Writes blocks of sorted ids, the first of which gets the number `first`.
pub(super) async fn put_blocks(
    tx: &mut Tx,
    segment: i64,
    first: usize,
    ids: &[u128],
) -> Result<(), StateError> {
    let blocks: Vec<(usize, &[u128])> = (first..).zip(ids.chunks(N_PER_BLOCK)).collect();
    PUT_BLOCKS
        .write(tx, &blocks, |&(block, ids), values| {
            let ids: Value<'_> = blob_of(ids.iter().copied()).into();
            values.extend([Segment::key(segment, block).into(), ids]);
        })
        .await?;
    Ok(())
}

/// Writes sorted ids as a segment in use.
pub(super) async fn freeze(
    batch: &mut Batch,
    id: i64,
    until: Timestamp,
    ids: &[u128],
) -> Result<Segment, StateError> {
    let n_ids = ids.len() as u64;
    let mut filter = Filter::new(n_ids);
    ids.iter().for_each(|&id| filter.insert(id));
    let fences = ids.iter().copied().step_by(N_PER_BLOCK).collect();
    let segment = Segment { id, until, n_ids, fences, filter };
    put_blocks(batch.tx(), id, 0, ids).await?;
    segment.put(batch.tx(), IN_USE).await?;
    Ok(segment)
}

pub(super) async fn set_state(tx: &mut Tx, id: i64, state: i64) -> Result<(), StateError> {
    let sql = "UPDATE seen_segments SET state = $2 WHERE id = $1";
    tx.execute(sql, vec![id.into(), state.into()]).await?;
    Ok(())
}

/// What was being written when the program stopped is of no use.
pub(super) async fn abandon_unfinished(state: &State) -> Result<(), StateError> {
    let sql = "UPDATE seen_segments SET state = $1 WHERE state = $2";
    state.db().execute(sql, vec![TO_GO.into(), IN_WRITING.into()]).await?;
    Ok(())
}

pub(super) async fn next_id(state: &State) -> Result<i64, StateError> {
    let row = state.db().row("SELECT MAX(id) FROM seen_segments", vec![]).await?;
    Ok(row.map_or(Ok(None), |row| row.int_opt(0))?.unwrap_or(0) + 1)
}

/// The segments in use, from the oldest.
pub(super) async fn load(state: &State) -> Result<Vec<Arc<Segment>>, StateError> {
    let sql = "SELECT id, until, n_ids FROM seen_segments WHERE state = $1 ORDER BY id";
    let mut segments = Vec::new();
    for row in state.db().rows(sql, vec![IN_USE.into()]).await? {
        let (id, until, n_ids) = (row.int(0)?, row.time(1)?, row.int(2)?.cast_unsigned());
        let sql = "SELECT fences, filter FROM seen_filters WHERE segment = $1";
        let row = state.db().row(sql, vec![id.into()]).await?;
        let row = row.ok_or_else(|| StateError::corrupt("a segment without its filter"))?;
        let filter = Filter::from_bytes(&row.blob(1)?)
            .ok_or_else(|| StateError::corrupt("a filter of message ids that was cut off"))?;
        let fences = ids_of(&row, 0)?;
        segments.push(Arc::new(Segment { id, until, n_ids, fences, filter }));
    }
    Ok(segments)
}

/// The ids in no segment, by batch.
pub(super) async fn load_recent(state: &State) -> Result<Vec<RecentRow>, StateError> {
    let sql = "SELECT batch, staged_at, in_window, for_ever FROM seen_recent ORDER BY batch";
    let mut recent = Vec::new();
    for row in state.db().rows(sql, vec![]).await? {
        let (in_window, for_ever) = (ids_of(&row, 2)?, ids_of(&row, 3)?);
        let mut ids: Vec<_> = in_window.into_iter().map(|id| (id, false)).collect();
        ids.extend(for_ever.into_iter().map(|id| (id, true)));
        recent.push(RecentRow { batch: row.int(0)?, staged_at: row.time(1)?, ids });
    }
    Ok(recent)
}

/// Puts down the ids of one batch.
pub(super) async fn put_recent(
    batch: &mut Batch,
    number: i64,
    now: Timestamp,
    ids: &HashMap<u128, bool>,
) -> Result<(), StateError> {
    let of_kind =
        |is_kept| ids.iter().filter(move |&(_, &kept)| kept == is_kept).map(|(&id, _)| id);
    let (in_window, for_ever) = (blob_of(of_kind(false)), blob_of(of_kind(true)));
    let sql = "INSERT INTO seen_recent (batch, staged_at, in_window, for_ever) \
               VALUES ($1, $2, $3, $4)";
    let values = vec![number.into(), now.into(), in_window.into(), for_ever.into()];
    batch.tx().execute(sql, values).await?;
    Ok(())
}

/// Takes away the rows of all batches: their ids are in segments now.
pub(super) async fn drop_recent(batch: &mut Batch) -> Result<(), StateError> {
    batch.tx().execute("DELETE FROM seen_recent", vec![]).await?;
    Ok(())
}
