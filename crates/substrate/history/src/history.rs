//! What is live now: which fresh events, which files, and who is still reading them?

use crate::compact::{self, Compacted};
use crate::error::HistoryError;
use crate::filter::{Sieve, TimelinePage, TimelineQuery};
use crate::found::one_page;
use crate::fresh::Fresh;
use crate::pack::FreshBatch;
use crate::plan::{Job, RUNS_PER_BUCKET_BUSY_MAX, RUNS_PER_BUCKET_MAX, plan_compaction};
use crate::read::Ask;
use crate::rewrite::Rewrite;
use crate::run::RunMeta;
use crate::store::{Orphan, RunStore, blocking};
use crate::write::write_runs;
use base::{CustomerId, Duration, Position, Timestamp};
use bytes::Bytes;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// All timelines: fresh events and runs, changed together and read together.
///
/// Every change is first committed in the state database and then told here: a batch with
/// [`History::add`], a flush or a compaction with [`History::install`]. Readers see the state
/// before or after a change, never a part, and keep the files that they read from being removed.
#[derive(Debug)]
pub struct History {
    store: RunStore,
    live: RwLock<Live>,
    retired: Mutex<Vec<Arc<RunMeta>>>,
}

#[derive(Debug)]
struct Live {
    fresh: Fresh,
    runs: Vec<Arc<RunMeta>>,
}

/// Fresh events that lie in files now, but are not listed there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flushed {
    /// Runs to list.
    pub runs: Vec<RunMeta>,
    /// The last batch in them: fresh batches through it are to be dropped in the same transaction.
    pub through: Position,
    /// Events in them.
    pub n_events: usize,
}

/// How much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Events in memory.
    pub n_fresh: usize,
    /// Memory that they take, in bytes, estimated.
    pub fresh_bytes: usize,
    /// Live files.
    pub n_runs: usize,
    /// Events in them.
    pub n_run_rows: u64,
    /// Their size on disk.
    pub run_bytes: u64,
}

impl History {
    /// The history of which the state database lists `runs` and keeps the blobs of `fresh`.
    ///
    /// # Errors
    /// [`HistoryError::CorruptBatch`] or [`HistoryError::TooNew`].
    pub fn open(
        store: RunStore,
        runs: Vec<RunMeta>,
        fresh: impl IntoIterator<Item = Bytes>,
    ) -> Result<Self, HistoryError> {
        let mut live = Live { fresh: Fresh::default(), runs: Vec::new() };
        live.runs.extend(runs.into_iter().map(Arc::new));
        for blob in fresh {
            live.fresh.add(FreshBatch::read(blob)?);
        }
        Ok(Self { store, live: RwLock::new(live), retired: Mutex::default() })
    }

    /// Takes in a batch whose blob has been committed; `false` where it is there already.
    pub fn add(&self, batch: FreshBatch) -> bool {
        self.write().fresh.add(batch)
    }

    /// Writes all fresh events into files, durable on return; `None` where there are none. They
    /// stay readable from memory until [`History::install`]. `seed` must not be used twice.
    ///
    /// # Errors
    /// [`HistoryError::Unavailable`] and the like; then nothing has changed.
    pub async fn flush(
        &self,
        rewrite: Rewrite,
        seed: u64,
    ) -> Result<Option<Flushed>, HistoryError> {
        let batches = self.read().fresh.batches();
        let Some(last) = batches.last() else {
            return Ok(None);
        };
        let through = last.position();
        let n_events = batches.iter().map(|b| b.n_events()).sum();
        let runs = write_runs(&self.store, batches, rewrite, seed).await?;
        Ok(Some(Flushed { runs, through, n_events }))
    }

    /// The compactions that are due, the most urgent first; ask again after each. While `is_busy`
    /// only what cannot wait.
    #[must_use]
    pub fn plan(&self, is_busy: bool) -> Vec<Job> {
        let runs_max = if is_busy { RUNS_PER_BUCKET_BUSY_MAX } else { RUNS_PER_BUCKET_MAX };
        plan_compaction(&self.runs(), runs_max)
    }

    /// Does a compaction on a thread of its own; outputs are durable on return and inputs
    /// untouched until they are unlisted and [`History::install`] is called. `seed` must not be
    /// used twice.
    ///
    /// # Errors
    /// [`HistoryError::Corrupt`] naming the input that cannot be read, and others; then nothing
    /// has changed, and what was written is an orphan.
    pub async fn compact(
        &self,
        job: Job,
        rewrite: Rewrite,
        seed: u64,
    ) -> Result<Compacted, HistoryError> {
        let store = self.store.clone();
        let runtime = tokio::runtime::Handle::current();
        blocking(move || runtime.block_on(compact::compact(&store, &job, &rewrite, seed))).await
    }

    /// Tells what the state database has committed: runs listed, runs unlisted (by path), fresh
    /// batches dropped.
    pub fn install(&self, added: &[RunMeta], removed: &[String], through: Option<Position>) {
        let mut retired = self.retired();
        let mut live = self.write();
        let removed: HashSet<&str> = removed.iter().map(String::as_str).collect();
        let (gone, mut kept): (Vec<_>, Vec<_>) =
            live.runs.drain(..).partition(|run| removed.contains(run.path.as_str()));
        kept.extend(added.iter().cloned().map(Arc::new));
        live.runs = kept;
        if let Some(through) = through {
            live.fresh.drop_through(through);
        }
        retired.extend(gone);
    }

    /// Removes the files of unlisted runs that nobody reads any more; says how many.
    ///
    /// # Errors
    /// [`HistoryError::Unavailable`]; the files are tried again next time.
    pub async fn remove_retired(&self) -> Result<usize, HistoryError> {
        let idle: Vec<Arc<RunMeta>> =
            self.retired().iter().filter(|run| Arc::strong_count(run) == 1).cloned().collect();
        self.store.remove(idle.iter().map(|run| run.path.clone()).collect()).await?;
        self.retired().retain(|run| !idle.iter().any(|gone| gone.path == run.path));
        Ok(idle.len())
    }

    /// Unlisted runs whose files are still there.
    #[must_use]
    pub fn n_retired(&self) -> usize {
        self.retired().len()
    }

    /// One page of one customer's timeline, newest first.
    ///
    /// # Errors
    /// [`HistoryError::Corrupt`] or [`HistoryError::Missing`] naming the file, and others.
    pub async fn timeline(&self, query: &TimelineQuery<'_>) -> Result<TimelinePage, HistoryError> {
        let mut customers = query.customers.to_vec();
        customers.sort_unstable();
        customers.dedup();
        let query = TimelineQuery { customers: &customers, limit: query.limit.max(1), ..*query };
        let sieve = Sieve::new(query.filter);
        let (mut finds, runs) = {
            let live = self.read();
            (live.fresh.timeline(&query, &sieve)?, live.runs_for(&query, &sieve))
        };
        if !runs.is_empty() {
            let ask = Ask::of(&query);
            let store = self.store.clone();
            finds.extend(self.store.reading(async move { ask.search(&store, &runs).await }).await?);
        }
        Ok(one_page(finds, query.limit))
    }

    /// The live runs.
    #[must_use]
    pub fn runs(&self) -> Vec<RunMeta> {
        self.read().runs.iter().map(|run| RunMeta::clone(run)).collect()
    }

    /// How much there is.
    #[must_use]
    pub fn size(&self) -> Size {
        let live = self.read();
        Size {
            n_fresh: live.fresh.n_events(),
            fresh_bytes: live.fresh.n_bytes(),
            n_runs: live.runs.len(),
            n_run_rows: live.runs.iter().map(|run| run.n_rows).sum(),
            run_bytes: live.runs.iter().map(|run| run.bytes).sum(),
        }
    }

    /// Files older than `age_min` that are neither live nor still being read.
    ///
    /// # Errors
    /// [`HistoryError::Unavailable`].
    pub async fn list_orphans(
        &self,
        now: Timestamp,
        age_min: Duration,
    ) -> Result<Vec<Orphan>, HistoryError> {
        let mut live: HashSet<String> = self.runs().into_iter().map(|run| run.path).collect();
        live.extend(self.retired().iter().map(|run| run.path.clone()));
        self.store.list_orphans(&live, now, age_min).await
    }

    /// The files.
    #[must_use]
    pub fn store(&self) -> &RunStore {
        &self.store
    }

    /// What readers see at this moment: the runs, kept from being removed, and the fresh batches.
    pub(crate) fn everything(&self) -> (Vec<Arc<RunMeta>>, Vec<Arc<FreshBatch>>) {
        let live = self.read();
        (live.runs.clone(), live.fresh.batches())
    }

    fn read(&self) -> RwLockReadGuard<'_, Live> {
        // Every change under the lock is whole or panics before it has changed anything visible.
        self.live.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Live> {
        self.live.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn retired(&self) -> MutexGuard<'_, Vec<Arc<RunMeta>>> {
        self.retired.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Live {
    fn runs_for(
        &self,
        query: &TimelineQuery<'_>,
        sieve: &Sieve<'_>,
    ) -> Vec<(CustomerId, Arc<RunMeta>)> {
        let start = sieve.start(query.before).occurred_at;
        let in_time =
            |run: &&Arc<RunMeta>| run.min_time <= start && run.max_time.0 >= sieve.since();
        let of = |&customer: &CustomerId| {
            let runs = self.runs.iter().filter(in_time);
            let runs = runs.filter(move |run| run.may_hold(customer));
            runs.map(move |run| (customer, run.clone()))
        };
        query.customers.iter().flat_map(of).collect()
    }
}
