//! How does one pass go over all buckets, on several threads, within its limits?

use super::delta::{self, Delta, Found, Search, Stray};
use super::folding::Folding;
use super::options::{FoldOptions, Seen};
use super::question::{Question, Traits, Wanted};
use super::worker::Worker;
use crate::backseat::BackSeat;
use crate::error::HistoryError;
use crate::history::{History, Snapshot};
use crate::hot::{ColumnKey, Dictionaries, Dictionary, Hot, Loader, Names, Source, Spare};
use crate::hot::{Table, View};
use crate::run::{N_BUCKETS, RunMeta};
use crate::store::RunStore;
use base::CustomerId;
use std::any::Any;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use timeline::{Texts, Window};
use tokio::runtime::Handle;

/// One total per fold.
pub(crate) type Totals = Vec<Box<dyn Any + Send>>;

/// Several folds on their way over all of history.
pub(crate) struct Pass {
    work: Arc<Work>,
}

/// What all workers share.
pub(crate) struct Work {
    pub folds: Vec<Arc<dyn Folding>>,
    pub questions: Vec<Question>,
    pub wanted: Wanted,
    pub traits: Traits,
    /// By wanted column, for columns of codes.
    pub dictionaries_of: Vec<Option<Arc<Dictionary>>>,
    dictionaries: Arc<Dictionaries>,
    snapshot: Snapshot,
    /// By bucket, where it has rows of its own.
    pub buckets: Vec<Option<Arc<Table>>>,
    /// Mixed runs and fresh batches.
    mixed: Vec<Arc<Table>>,
    /// The names of events of which all rows that count for any fold are.
    names: Option<Names>,
    /// From the begin of the first window to the end of the last.
    pub hull: Window,
    pub stale: Vec<Vec<CustomerId>>,
    hot: Arc<Hot>,
    store: RunStore,
    runtime: Handle,
    threads: Arc<BackSeat>,
    spare: Spare,
    tick: u64,
    pub options: FoldOptions,
    deadline: Option<Instant>,
    /// Set when one worker has failed or nobody waits any more.
    stop: AtomicBool,
    pub n_rows: AtomicU64,
    pub n_customers: AtomicU64,
    bytes_read: AtomicU64,
}

/// Stops the workers when nobody waits for them any more.
struct StopOnDrop<'a>(&'a Work);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }
}

impl Pass {
    pub fn new(history: &History, folds: Vec<Arc<dyn Folding>>, options: FoldOptions) -> Self {
        let mut wanted = Wanted::default();
        let questions: Vec<Question> =
            folds.iter().map(|fold| Question::new(fold.ask(), &mut wanted)).collect();
        let windows: Vec<Window> = questions.iter().map(|question| question.window).collect();
        let hot = history.hot().clone();
        let mut sources = Sources::default();
        let (snapshot, tables, dictionaries) = history.everything_hot(|snapshot| {
            sources = Sources::of(snapshot, &windows);
            std::mem::take(&mut sources.all)
        });
        let mixed = tables[sources.of_bucket.len()..].to_vec();
        let mut buckets = vec![None; usize::from(N_BUCKETS)];
        for (bucket, table) in sources.of_bucket.iter().zip(&tables) {
            buckets[usize::from(*bucket)] = Some(table.clone());
        }
        let dictionary = |key: &ColumnKey| match key {
            ColumnKey::Label(field) => Some(dictionaries.of(field)),
            _ => None,
        };
        let work = Work {
            dictionaries_of: wanted.columns.iter().map(dictionary).collect(),
            names: names_of(&questions),
            hull: hull_of(&windows),
            traits: Traits::new(wanted.traits.clone()),
            stale: delta::stale_by_bucket(&snapshot.moves, &options.without),
            store: history.store().clone(),
            runtime: Handle::current(),
            threads: history.questions().clone(),
            spare: Spare::default(),
            tick: hot.tick(),
            deadline: options.budget.map(|budget| Instant::now() + budget),
            stop: AtomicBool::new(false),
            n_rows: AtomicU64::new(0),
            n_customers: AtomicU64::new(0),
            bytes_read: AtomicU64::new(0),
            folds,
            questions,
            wanted,
            dictionaries,
            snapshot,
            buckets,
            mixed,
            hot,
            options,
        };
        Self { work: Arc::new(work) }
    }

    /// What every fold came to, in their order.
    pub async fn run(&self) -> Result<(Totals, Seen), HistoryError> {
        let work = &self.work;
        let _stop = StopOnDrop(work);
        if let Some(progress) = &work.options.progress {
            progress.begin(work.tables().map(|table| table.n_rows()).sum());
        }
        let finds: Vec<Vec<(usize, Found)>> = on_threads(work, (), Work::find_strays).await?;
        let mut finds: Vec<(usize, Found)> = finds.into_iter().flatten().collect();
        // The order of the tables must not depend on which thread was first.
        finds.sort_by_key(|(number, _)| *number);
        let finds = finds.into_iter().map(|(_, found)| found).collect();
        let mut delta = Delta::of(finds, &work.options.without);
        let strays: Vec<Mutex<Vec<Stray>>> =
            std::mem::take(&mut delta.buckets).into_iter().map(Mutex::new).collect();
        let all = on_threads(work, (delta, strays), Work::answer).await?;
        let totals = all.into_iter().reduce(|mut into, other| {
            for ((fold, into), other) in work.folds.iter().zip(&mut into).zip(other) {
                fold.merge(&mut **into, other);
            }
            into
        });
        let n_runs = |table: &Arc<Table>| match &table.source {
            Source::Runs(runs) => runs.len(),
            Source::Batch(_) => 0,
        };
        let seen = Seen {
            n_rows: work.n_rows.load(Ordering::Relaxed),
            n_customers: work.n_customers.load(Ordering::Relaxed),
            n_left_out: work.options.without.len() as u64,
            n_runs: work.tables().map(n_runs).sum(),
            bytes_read: work.bytes_read.load(Ordering::Relaxed),
            through: work.snapshot.through,
        };
        Ok((totals.expect("there is one thread at least"), seen))
    }

    /// The texts of every fold.
    pub fn texts(&self) -> Vec<Vec<Texts>> {
        let texts = |question: &Question| {
            let labels = question.texts(&self.work.dictionaries).into_iter();
            labels.chain(question.traits.iter().map(|&k| self.work.traits.texts(k))).collect()
        };
        self.work.questions.iter().map(texts).collect()
    }
}

/// Does something on all threads and waits for all; the first failure stops the others.
async fn on_threads<S, T>(
    work: &Arc<Work>,
    shared: S,
    job: fn(&Work, &S, &AtomicUsize) -> Result<T, HistoryError>,
) -> Result<Vec<T>, HistoryError>
where
    S: Send + Sync + 'static,
    T: Send + 'static,
{
    let shared = Arc::new((shared, AtomicUsize::new(0)));
    let thread = |_| {
        let (own, shared) = (work.clone(), shared.clone());
        work.threads.run(move || {
            let done = job(&own, &shared.0, &shared.1);
            if done.is_err() {
                own.stop.store(true, Ordering::Relaxed);
            }
            done
        })
    };
    let threads: Vec<_> = (0..work.options.threads.max(1)).map(thread).collect();
    let mut all = Vec::with_capacity(threads.len());
    let mut failure = None;
    for thread in threads {
        let done = thread.await.map_err(|e| HistoryError::CutShort { source: e.into() });
        match done.and_then(|done| done) {
            Ok(done) => all.push(done),
            // That others were stopped says less than what stopped them.
            Err(HistoryError::Cancelled) if failure.is_some() => {}
            Err(error) => failure = Some(error),
        }
    }
    failure.map_or(Ok(all), Err)
}

/// Which tables a pass needs.
#[derive(Default)]
struct Sources {
    /// The buckets that have rows, in the order of `all`.
    of_bucket: Vec<u16>,
    /// Those of buckets, then the others.
    all: Vec<Source>,
}

impl Sources {
    fn of(snapshot: &Snapshot, windows: &[Window]) -> Self {
        let mut buckets: Vec<Vec<Arc<RunMeta>>> = vec![Vec::new(); usize::from(N_BUCKETS)];
        let mut sources = Self::default();
        let mut mixed = Vec::new();
        let in_time = |run: &&Arc<RunMeta>| {
            windows.iter().any(|w| run.max_time >= w.from && run.min_time < w.until)
        };
        for run in snapshot.runs.iter().filter(in_time) {
            match buckets.get_mut(usize::from(run.bucket)) {
                Some(runs) => runs.push(run.clone()),
                None => mixed.push(Source::Runs(vec![run.clone()])),
            }
        }
        for (bucket, mut runs) in (0u16..).zip(buckets).filter(|(_, runs)| !runs.is_empty()) {
            runs.sort_by(|a, b| a.path.cmp(&b.path));
            sources.of_bucket.push(bucket);
            sources.all.push(Source::Runs(runs));
        }
        sources.all.extend(mixed);
        sources.all.extend(snapshot.fresh.iter().cloned().map(Source::Batch));
        sources
    }
}

impl Work {
    fn tables(&self) -> impl Iterator<Item = &Arc<Table>> {
        self.buckets.iter().flatten().chain(&self.mixed)
    }

    fn loader(&self) -> Loader<'_> {
        Loader {
            hot: &self.hot,
            store: &self.store,
            dictionaries: &self.dictionaries,
            runtime: &self.runtime,
            spare: &self.spare,
            tick: self.tick,
            bytes_read: &self.bytes_read,
            memory_max: self.options.memory_max / self.options.threads.max(1),
            leaves_room: false,
        }
    }

    /// Whether to go on.
    pub fn check(&self) -> Result<(), HistoryError> {
        if self.stop.load(Ordering::Relaxed) || self.options.cancel.load(Ordering::Relaxed) {
            return Err(HistoryError::Cancelled);
        }
        match (self.deadline, self.options.budget) {
            (Some(deadline), Some(budget)) if Instant::now() > deadline => {
                Err(HistoryError::OutOfTime { budget })
            }
            _ => Ok(()),
        }
    }

    /// The rows of a bucket's own that may count.
    pub fn view(&self, table: &Table, wanted: &[ColumnKey]) -> Result<View, HistoryError> {
        let loader = self.loader();
        if let Some(names) = &self.names
            && let Some(part) = table.part(names, wanted, &loader)?
        {
            return Ok(part);
        }
        table.view(wanted, &loader)
    }

    /// Whether only rows with certain names are looked at.
    pub fn has_names(&self) -> bool {
        self.names.is_some()
    }

    pub fn progressed(&self, n_rows: u64) {
        if let Some(progress) = &self.options.progress {
            progress.done(n_rows);
        }
    }

    /// A worker of the first round: finds strays, table by table.
    fn find_strays(&self, _: &(), next: &AtomicUsize) -> Result<Vec<(usize, Found)>, HistoryError> {
        let mut finds = Vec::new();
        let search = Search {
            wanted: &self.wanted,
            moves: &self.snapshot.moves,
            window: self.hull,
            names: self.names.as_ref(),
            loader: self.loader(),
        };
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            self.check()?;
            let found = if let Some(table) = self.mixed.get(number) {
                self.progressed(table.n_rows());
                Some(search.all_of(table)?)
            } else if let Some(bucket) = self.buckets.get(number - self.mixed.len()) {
                let stale = &self.stale[number - self.mixed.len()];
                match bucket {
                    Some(table) if !stale.is_empty() => search.stale_of(table, stale)?,
                    _ => None,
                }
            } else {
                return Ok(finds);
            };
            finds.extend(found.map(|found| (number, found)));
        }
    }

    /// A worker of the second round: answers, bucket by bucket.
    fn answer(
        &self,
        (delta, strays): &(Delta, Vec<Mutex<Vec<Stray>>>),
        next: &AtomicUsize,
    ) -> Result<Totals, HistoryError> {
        let mut worker = Worker::new(self, delta);
        loop {
            let bucket = next.fetch_add(1, Ordering::Relaxed);
            let Some(strays) = strays.get(bucket) else { return Ok(worker.finish()) };
            self.check()?;
            let mut strays =
                std::mem::take(&mut *strays.lock().unwrap_or_else(PoisonError::into_inner));
            strays.sort_unstable();
            worker.bucket(bucket, &strays)?;
        }
    }
}

/// The window that holds all of `windows`.
fn hull_of(windows: &[Window]) -> Window {
    let Window { from, until } = Window::EVER;
    Window {
        from: windows.iter().map(|window| window.from).min().unwrap_or(from),
        until: windows.iter().map(|window| window.until).max().unwrap_or(until),
    }
}

/// The names of all events that may count for any of several folds; `None` where any may.
fn names_of(questions: &[Question]) -> Option<Names> {
    let mut names = Vec::new();
    for question in questions {
        names.extend(question.names()?.cloned());
    }
    names.sort_unstable();
    names.dedup();
    Some(names.into())
}
