//! What is live now: which fresh events, which files, and who is still reading them?

use crate::backseat::BackSeat;
use crate::compact::{self, Compacted};
use crate::error::HistoryError;
use crate::filter::{Sieve, TimelinePage, TimelineQuery};
use crate::found::one_page;
use crate::fresh::Fresh;
use crate::hot::{Dictionaries, Hot, Source, Table};
use crate::moves::{Moved, Moves};
use crate::pack::FreshBatch;
use crate::plan::{self, Job, RUNS_PER_BUCKET_BUSY_MAX, RUNS_PER_BUCKET_MAX, plan_compaction};
use crate::read::Ask;
use crate::rewrite::Rewrite;
use crate::run::RunMeta;
use crate::source::RunFile;
use crate::stale::{Holders, due_to_moves};
use crate::store::{Orphan, RunStore, blocking};
use crate::typed::Worth;
use crate::write::write_runs;
use base::{CustomerId, Duration, Position, Timestamp};
use bytes::Bytes;
use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use timeline::Field;

/// Files of which [`History::recall_fields`] reads the footers.
const RECALLED_RUNS: usize = 16;

/// All timelines: fresh events and runs, changed together and read together.
///
/// Every change is first committed in the state database and then told here: a batch with
/// [`History::take_in`], a flush or a compaction with [`History::install`]. Readers see the state
/// before or after a change, never a part, and keep the files that they read from being removed.
///
/// What a batch moves lies under the same lock as its events, so nobody sees the events of a batch
/// without its moves, or the other way round. Flushes and compactions are made one at a time, each
/// with a [`Rewrite`] that was made after the one before it was installed: what was forgotten about
/// moves meanwhile, it knows.
#[derive(Debug)]
pub struct History {
    store: RunStore,
    live: RwLock<Live>,
    retired: Mutex<Vec<Arc<RunMeta>>>,
    /// Decoded columns of what is live; changed under the lock of `live`.
    hot: Arc<Hot>,
    worth: Worth,
    questions: Arc<BackSeat>,
    /// Whoever changes what is live holds this, so that the long part of it can be done beside
    /// those who read.
    changing: Mutex<()>,
}

#[derive(Debug)]
struct Live {
    fresh: Fresh,
    runs: Vec<Arc<RunMeta>>,
    moves: Arc<Moves>,
    through: Position,
}

/// What the processor has committed.
#[derive(Debug, Default)]
pub struct News {
    /// The last log entry whose effects are committed.
    pub through: Position,
    /// The events of its batches; of a batch that is there already nothing is taken in.
    pub fresh: Vec<FreshBatch>,
    /// Which identifiers point to somebody else since what was told before, in log order.
    pub moved: Vec<Moved>,
}

/// What readers see at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The files, kept from being removed.
    pub runs: Vec<Arc<RunMeta>>,
    /// The fresh batches, oldest first.
    pub fresh: Vec<Arc<FreshBatch>>,
    /// Whose rows of both are, where that has changed.
    pub moves: Arc<Moves>,
    /// The last log entry whose effects are in all of them.
    pub through: Position,
}

/// Moves that are taken in while readers wait; more are taken in beside them.
const MOVED_AT_ONCE_MAX: usize = 256;

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
        let runs = runs.into_iter().map(Arc::new).collect();
        let (fresh_none, moves) = (Fresh::default(), Arc::default());
        let mut live = Live { fresh: fresh_none, runs, moves, through: Position(0) };
        for blob in fresh {
            let batch = FreshBatch::read(blob)?;
            live.through = live.through.max(batch.position());
            live.fresh.add(batch);
        }
        let (live, retired, changing) = (RwLock::new(live), Mutex::default(), Mutex::default());
        let (hot, worth, questions) = (Arc::default(), Worth::default(), Arc::new(BackSeat::new()));
        Ok(Self { store, live, retired, hot, worth, questions, changing })
    }

    /// Through which position everything that is live is right: of what moved after it, a history
    /// that was opened must be told ([`History::recall`]). `None` where nothing is live.
    #[must_use]
    pub fn written_through(&self) -> Option<Position> {
        let live = self.read();
        let runs = live.runs.iter().map(|run| run.written_through);
        runs.chain(live.fresh.batches().iter().map(|batch| batch.position())).min()
    }

    /// Tells a history that was opened, before anything else, what moved after
    /// [`History::written_through`], in log order; in as many pieces as one likes. What no row is
    /// stale by is not kept.
    pub fn recall(&self, moved: &[Moved]) {
        let _turn = self.changing();
        let mut live = self.write();
        let Live { fresh, runs, moves, through } = &mut *live;
        let (holders, moves) = (Holders::new(runs), Arc::make_mut(moves));
        for moved in moved {
            let (from, at) = (moved.from, moved.at);
            let may_lie = holders.any(from, at) || fresh.may_hold_stale(from, at);
            moves.put(moved, may_lie);
            *through = (*through).max(at);
        }
    }

    /// Takes in a batch whose blob has been committed and which moved nothing; `false` where it is
    /// there already.
    pub fn add(&self, batch: FreshBatch) -> bool {
        let through = batch.position();
        self.take_in(News { through, fresh: vec![batch], moved: Vec::new() }) == 1
    }

    /// Takes in what the processor has committed, all at once; says how many batches were new.
    pub fn take_in(&self, news: News) -> usize {
        let _turn = self.changing();
        let mut live = self.write();
        if !news.moved.is_empty() {
            let is_short = news.moved.len() <= MOVED_AT_ONCE_MAX;
            if is_short && let Some(moves) = Arc::get_mut(&mut live.moves) {
                news.moved.iter().for_each(|moved| moves.put(moved, true));
            } else {
                let before = Arc::clone(&live.moves);
                drop(live);
                let mut moves = Moves::clone(&before);
                // A run that is being written may hold rows that no run holds yet.
                news.moved.iter().for_each(|moved| moves.put(moved, true));
                live = self.write();
                live.moves = Arc::new(moves);
            }
        }
        live.through = live.through.max(news.through);
        news.fresh.into_iter().map(|batch| usize::from(live.fresh.add(batch))).sum()
    }

    /// Writes all fresh events into files, durable on return; `None` where there are none. They
    /// stay readable from memory until [`History::install`]. `seed` must not be used twice.
    ///
    /// # Errors
    /// [`HistoryError::Unavailable`] and the like; then nothing has changed.
    ///
    /// # Panics
    /// If `rewrite` is older than the last [`History::install`].
    pub async fn flush(
        &self,
        rewrite: Rewrite,
        seed: u64,
    ) -> Result<Option<Flushed>, HistoryError> {
        self.check(&rewrite);
        self.note_texts(&rewrite);
        let batches = self.read().fresh.batches();
        let Some(last) = batches.last() else {
            return Ok(None);
        };
        let through = last.position();
        let n_events = batches.iter().map(|b| b.n_events()).sum();
        let runs = write_runs(&self.store, batches, rewrite, self.worth(), seed).await?;
        Ok(Some(Flushed { runs, through, n_events }))
    }

    /// The compactions that are due, the most urgent first; ask again after each. While `is_busy`
    /// only what cannot wait.
    #[must_use]
    pub fn plan(&self, is_busy: bool) -> Vec<Job> {
        if is_busy {
            return plan_compaction(&self.runs(), RUNS_PER_BUCKET_BUSY_MAX);
        }
        let jobs = plan_compaction(&self.runs(), RUNS_PER_BUCKET_MAX);
        if jobs.is_empty() { due_to_moves(&self.everything(), false) } else { jobs }
    }

    /// The compaction that brings most stale rows to whom they belong, however few; `None` where
    /// there are none. For now and then, when nothing else is due: at last no row is stale.
    #[must_use]
    pub fn plan_tidying(&self) -> Option<Job> {
        due_to_moves(&self.everything(), true).into_iter().next()
    }

    /// The compaction that spares questions most, for when nothing comes in: many small runs of a
    /// bucket become one, with columns of the fields that are asked for. `None` where there is
    /// nothing to gain.
    #[must_use]
    pub fn plan_leisure(&self) -> Option<Job> {
        plan::plan_leisure(&self.runs())
    }

    /// Does a compaction on a thread of its own; outputs are durable on return and inputs
    /// untouched until they are unlisted and [`History::install`] is called. `seed` must not be
    /// used twice.
    ///
    /// # Errors
    /// [`HistoryError::Corrupt`] naming the input that cannot be read, and others; then nothing
    /// has changed, and what was written is an orphan.
    ///
    /// # Panics
    /// If `rewrite` is older than the last [`History::install`].
    pub async fn compact(
        &self,
        job: Job,
        rewrite: Rewrite,
        seed: u64,
    ) -> Result<Compacted, HistoryError> {
        self.check(&rewrite);
        self.note_texts(&rewrite);
        let (store, worth) = (self.store.clone(), self.worth());
        let runtime = tokio::runtime::Handle::current();
        blocking(move || runtime.block_on(compact::compact(&store, &job, &rewrite, worth, seed)))
            .await
    }

    /// From now on these properties and parts of the context, at most 48, get columns of their own
    /// when files are written; fields that are asked for often join them by themselves.
    pub fn promote(&self, fields: Vec<Field>) {
        self.worth.set(fields);
    }

    /// Learns from some of the files which fields were worth columns when they were written: what
    /// was asked for often before a restart. Reads no more than their footers.
    ///
    /// # Errors
    /// What keeps a file from being opened.
    pub async fn recall_fields(&self) -> Result<(), HistoryError> {
        let mut runs = self.runs();
        // Newest first: what has been learnt last is in them alone.
        runs.sort_by_key(|run| (Reverse(run.max_time), run.level));
        for run in runs.iter().take(RECALLED_RUNS) {
            self.worth.add(RunFile::open(&self.store, run).await?.fields());
        }
        Ok(())
    }

    /// The fields that get columns of their own.
    #[must_use]
    pub fn promoted(&self) -> Vec<Field> {
        self.worth.fields()
    }

    fn worth(&self) -> Arc<[Field]> {
        self.worth.fields().into()
    }

    /// A question asks for a field.
    pub(crate) fn note(&self, field: &Field) {
        self.worth.note(field);
    }

    /// What was decoded before texts are taken out must not outlive the files.
    fn note_texts(&self, rewrite: &Rewrite) {
        if rewrite.redacts.is_some() {
            self.hot.texts_change();
        }
    }

    /// Rows that are brought to whom they belonged before a move that is forgotten would be lost.
    fn check(&self, rewrite: &Rewrite) {
        let forgotten = self.read().moves.forgotten_through();
        let is_new_enough = rewrite.customer_of.is_none() || rewrite.through >= forgotten;
        assert!(is_new_enough, "a rewrite is made after the one before it was installed");
    }

    /// Tells what the state database has committed: runs listed, runs unlisted (by path), fresh
    /// batches dropped. What no row is stale by any more is forgotten.
    pub fn install(&self, added: &[RunMeta], removed: &[String], through: Option<Position>) {
        let _turn = self.changing();
        self.swap(added, removed, through);
        let moves = {
            let live = self.read();
            let holders = Holders::new(&live.runs);
            let may_lie = |from, at| holders.any(from, at) || live.fresh.may_hold_stale(from, at);
            live.moves.without(may_lie)
        };
        if let Some(moves) = moves {
            self.write().moves = Arc::new(moves);
        }
    }

    fn swap(&self, added: &[RunMeta], removed: &[String], through: Option<Position>) {
        let mut retired = self.retired();
        let mut live = self.write();
        let removed: HashSet<&str> = removed.iter().map(String::as_str).collect();
        let (gone, mut kept): (Vec<_>, Vec<_>) =
            live.runs.drain(..).partition(|run| removed.contains(run.path.as_str()));
        kept.extend(added.iter().cloned().map(Arc::new));
        live.runs = kept;
        self.hot.forget(&removed, through);
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

    /// Whose rows are, where that has changed since they were written.
    #[must_use]
    pub fn moves(&self) -> Arc<Moves> {
        Arc::clone(&self.read().moves)
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

    /// What readers see at this moment.
    #[must_use]
    pub fn everything(&self) -> Snapshot {
        self.read().snapshot()
    }

    /// The same, with the tables of decoded columns for the sources that `choose` names.
    pub(crate) fn everything_hot(
        &self,
        choose: impl FnOnce(&Snapshot) -> Vec<Source>,
    ) -> (Snapshot, Vec<Arc<Table>>, Arc<Dictionaries>) {
        let live = self.read();
        let snapshot = live.snapshot();
        let (tables, dictionaries) = self.hot.tables(choose(&snapshot));
        (snapshot, tables, dictionaries)
    }

    pub(crate) fn hot(&self) -> &Arc<Hot> {
        &self.hot
    }

    pub(crate) fn questions(&self) -> &Arc<BackSeat> {
        &self.questions
    }

    fn read(&self) -> RwLockReadGuard<'_, Live> {
        // Every change under the lock is whole or panics before it has changed anything visible.
        self.live.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Live> {
        self.live.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn retired(&self) -> MutexGuard<'_, Vec<Arc<RunMeta>>> {
        self.retired.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Live {
    fn snapshot(&self) -> Snapshot {
        let moves = Arc::clone(&self.moves);
        let (runs, fresh) = (self.runs.clone(), self.fresh.batches());
        Snapshot { runs, fresh, moves, through: self.through }
    }

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

#[cfg(test)]
mod tests;
