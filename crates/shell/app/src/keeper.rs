//! What has to be done now and then, so that everything stays small and quick?
//!
//! Fresh events become files, files are merged, the log lets go of what is long processed, and
//! what a crash left behind is swept up.

use crate::engine::Shared;
use crate::entry::LogEntry;
use crate::failure;
use base::{CustomerId, Duration, Error, ErrorKind, IdentifierId, Position, Timestamp};
use event_log::EventLog;
use history::{Compacted, CustomerOf, Drops, Job, Rewrite, RowSeen, RunMeta};
use state::RunRow;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use tokio::sync::watch;
use tokio::time::{Duration as Pause, Instant};

/// How often the keeper looks around.
const LOOK_EVERY: Pause = Pause::from_millis(500);
/// How long it rests after a chore that failed.
const LOOK_AGAIN: Pause = Pause::from_secs(5);
/// Fresh events are written to files after this long, however few they are.
const FLUSH_AFTER: Pause = Pause::from_secs(3_600);
/// How often decoded columns are looked through, and how long they stay where nobody asks for them.
const COOL_EVERY: Pause = Pause::from_secs(30);
const COOL_AFTER: Duration = Duration::seconds(5 * 60);
/// How often the log is trimmed and old counts are dropped.
const SWEEP_EVERY: Pause = Pause::from_secs(600);
/// How often files with stale rows are written anew that are not due: a bucket at a time, so that
/// within a night of little to do no row is stale.
const TIDY_EVERY: Pause = Pause::from_secs(300);
/// How long nothing has come in where there is time for what only spares questions.
const LEISURE_AFTER: Pause = Pause::from_secs(10);
/// Fresh events that are written to files then; fewer are read quickly where they are.
const LEISURE_FRESH_MIN: usize = 16 << 10;
/// Files that nobody lists are swept up at this age.
const ORPHAN_AGE: Duration = Duration::hours(1);
/// Log entries waiting for the processor above which merging files is put off.
const BUSY_ENTRIES: u64 = 50;
/// Log entries that stay whatever their age: the debugger reads them again at a start.
const ENTRIES_KEPT_MIN: u64 = 200;

/// Does the chores of one engine.
pub struct Keeper {
    shared: Weak<Shared>,
    flushed_at: Instant,
    tidied_at: Instant,
    cooled_at: Option<Instant>,
    swept_at: Option<Instant>,
    /// What was processed when something came in last, and when that was seen.
    last_came: (Position, Instant),
}

impl Keeper {
    /// The keeper of `shared`.
    pub fn new(shared: &Arc<Shared>) -> Self {
        let (flushed_at, tidied_at) = (Instant::now(), Instant::now());
        let shared = Arc::downgrade(shared);
        let last_came = (Position(0), Instant::now());
        Self { shared, flushed_at, tidied_at, cooled_at: None, swept_at: None, last_came }
    }

    /// Works until `stop` says so; the chore at hand is finished.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let Some(shared) = self.shared.upgrade() else { return };
            let pause = match self.look(&shared).await {
                Ok(true) => continue,
                Ok(false) => LOOK_EVERY,
                Err(error) => {
                    tracing::error!(error = ?error, "a chore failed; it will be tried again");
                    LOOK_AGAIN
                }
            };
            drop(shared);
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Does what is due; whether more is waiting.
    async fn look(&mut self, shared: &Shared) -> Result<bool, Error> {
        let n_fresh = shared.history.size().n_fresh;
        let has_leisure = self.has_leisure(shared);
        let is_time = (self.flushed_at.elapsed() > FLUSH_AFTER && n_fresh > 0)
            || (has_leisure && n_fresh >= LEISURE_FRESH_MIN);
        if n_fresh >= shared.options.fresh_events_max || is_time {
            flush(shared, rewrite(shared).await?).await?;
            self.flushed_at = Instant::now();
        }
        if let Some(job) = self.next_job(shared, has_leisure) {
            compact(shared, job, rewrite(shared).await?).await?;
        }
        self.cool(shared).await;
        let has_finished = crate::privacy::advance(shared).await?;
        crate::privacy::strip_what_was_kept_out(shared).await?;
        if self.swept_at.is_none_or(|at| at.elapsed() > SWEEP_EVERY) {
            sweep(shared).await?;
            self.swept_at = Some(Instant::now());
        }
        let has_more = !is_busy(shared) && crate::traits::relist(shared).await?;
        Ok(has_finished || has_more)
    }

    /// The files that are worth merging or writing anew now. One job at a time, with a rest between
    /// two: what can wait is in nobody's way.
    fn next_job(&mut self, shared: &Shared, has_leisure: bool) -> Option<Job> {
        let (history, is_busy) = (&shared.history, is_busy(shared));
        if let Some(job) = history.plan(is_busy).into_iter().next() {
            return Some(job);
        }
        let is_time = !is_busy && self.tidied_at.elapsed() > TIDY_EVERY;
        let stale = if is_time { history.plan_tidying() } else { None };
        if is_time {
            self.tidied_at = Instant::now();
        }
        // Without leisure a bucket now and then, so that small files are few where something always
        // comes in.
        stale.or_else(|| if is_time || has_leisure { history.plan_leisure() } else { None })
    }

    /// Whether nothing has come in for a while.
    fn has_leisure(&mut self, shared: &Shared) -> bool {
        let processed = *shared.processed.borrow();
        if self.last_came.0 != processed {
            self.last_came = (processed, Instant::now());
        }
        !is_busy(shared) && self.last_came.1.elapsed() > LEISURE_AFTER
    }

    /// Gives memory back that questions needed a while ago; the first time learns which fields were
    /// asked for before the start.
    async fn cool(&mut self, shared: &Shared) {
        if self.cooled_at.is_some_and(|at| at.elapsed() < COOL_EVERY) {
            return;
        }
        if self.cooled_at.replace(Instant::now()).is_none()
            && let Err(error) = shared.history.recall_fields().await
        {
            tracing::warn!(error = ?error, "which fields were asked for is not known any more");
        }
        let n_bytes = shared.history.cool(shared.now(), COOL_AFTER);
        if n_bytes > 0 {
            tracing::debug!(bytes = n_bytes, "decoded columns were let go");
        }
    }
}

/// Whether the processor needs the machine more than the files do.
fn is_busy(shared: &Shared) -> bool {
    let n_waiting = shared.log.head().0.saturating_sub(shared.processed.borrow().0);
    n_waiting > BUSY_ENTRIES
}

/// Writes the fresh events to files where there are many.
pub(crate) async fn flush_if_full(shared: &Shared) -> Result<(), Error> {
    if shared.history.size().n_fresh >= shared.options.fresh_events_max {
        flush(shared, rewrite(shared).await?).await?;
    }
    Ok(())
}

/// Writes the fresh events to files; answers how many were dropped on the way.
pub(crate) async fn flush(shared: &Shared, rewrite: Rewrite) -> Result<u64, Error> {
    let flushed = shared.history.flush(rewrite, seed(shared)).await.map_err(failure::history)?;
    let Some(flushed) = flushed else { return Ok(0) };
    let rows: Vec<RunRow> = flushed.runs.iter().map(row_of).collect();
    shared.state.swap_runs(&rows, &[], Some(flushed.through)).await?;
    shared.history.install(&flushed.runs, &[], Some(flushed.through));
    shared.tallies.n_flushes.fetch_add(1, Ordering::Relaxed);
    tracing::debug!(events = flushed.n_events, files = rows.len(), "fresh events are in files");
    let n_written: u64 = rows.iter().map(|row| row.n_rows).sum();
    Ok((flushed.n_events as u64).saturating_sub(n_written))
}

/// Does a job of merging or rewriting files.
pub(crate) async fn compact(
    shared: &Shared,
    job: Job,
    rewrite: Rewrite,
) -> Result<Compacted, Error> {
    let compacted = shared.history.compact(job, rewrite, seed(shared)).await;
    let compacted = compacted.map_err(failure::history)?;
    let rows: Vec<RunRow> = compacted.added.iter().map(row_of).collect();
    shared.state.swap_runs(&rows, &compacted.removed, None).await?;
    shared.history.install(&compacted.added, &compacted.removed, None);
    shared.history.remove_retired().await.map_err(failure::history)?;
    shared.tallies.n_compactions.fetch_add(1, Ordering::Relaxed);
    tracing::debug!(rows = compacted.n_rows, moved = compacted.n_moved, "files were merged");
    Ok(compacted)
}

/// Lets go of what is no longer needed.
async fn sweep(shared: &Shared) -> Result<(), Error> {
    let now = shared.now();
    remove_orphans(shared, ORPHAN_AGE).await?;
    shared.access.forget_old(now).await?;
    crate::deletion::forget(shared).await?;
    crate::privacy::retain(shared).await?;
    shared.imports.uploads().sweep(now);
    trim_log(shared, now).await
}

/// Removes files of history that nobody lists and that are so old. No age is too small while no
/// file is being written, which the keeper alone does.
pub(crate) async fn remove_orphans(shared: &Shared, age_min: Duration) -> Result<(), Error> {
    let orphans = shared.history.list_orphans(shared.now(), age_min).await;
    let orphans = orphans.map_err(failure::history)?;
    if !orphans.is_empty() {
        tracing::info!(files = orphans.len(), "sweeping up what a crash left behind");
        let paths = orphans.into_iter().map(|orphan| orphan.path).collect();
        shared.history.store().remove(paths).await.map_err(failure::history)?;
    }
    Ok(())
}

/// Trims the log up to where everything is processed and older than the retention.
async fn trim_log(shared: &Shared, now: Timestamp) -> Result<(), Error> {
    let retention = i64::try_from(shared.options.log_retention.as_micros()).unwrap_or(i64::MAX);
    let horizon = now.minus(Duration(retention));
    let processed = shared.processed.borrow().0;
    let (mut low, mut high) = (0, processed.saturating_sub(ENTRIES_KEPT_MIN));
    // The entries are in order of arrival, so the last one that is old enough is found by halves.
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if is_older(shared, Position(middle), horizon).await? {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    shared.state.settle().await?;
    let n_trimmed = shared.log.trim(Position(low)).await.map_err(failure::log)?;
    if n_trimmed > 0 {
        tracing::info!(entries = n_trimmed, "the log let go of old entries");
    }
    Ok(())
}

/// Whether an entry is older than `horizon`; one that is gone is.
async fn is_older(shared: &Shared, at: Position, horizon: Timestamp) -> Result<bool, Error> {
    let entry = shared.log.entry(at).await.map_err(failure::log)?;
    let entry = entry.and_then(|entry| LogEntry::decode(&entry.payload).ok());
    Ok(entry.is_none_or(|entry| entry.received_at() < horizon))
}

/// Where identifiers that ever moved belong now, and whose rows must not be written again; files
/// written from here on say so.
pub(crate) async fn rewrite(shared: &Shared) -> Result<Rewrite, Error> {
    let (through, moved) = shared.state.moved_identifiers().await?;
    let moved: HashMap<IdentifierId, CustomerId> = moved.into_iter().collect();
    // Asked later than the position: erasures behind it may be among them, none before it is not.
    let erased: HashSet<IdentifierId> =
        shared.state.erased_identifiers().await?.into_iter().collect();
    let (has_moved, has_erased) = (!moved.is_empty(), !erased.is_empty());
    let customer_of =
        move |id: IdentifierId, written: CustomerId| moved.get(&id).copied().unwrap_or(written);
    let drops = move |row: &RowSeen<'_>| erased.contains(&row.identifier);
    Ok(Rewrite {
        through,
        customer_of: has_moved.then(|| Arc::new(customer_of) as CustomerOf),
        drops: has_erased.then(|| Arc::new(drops) as Drops),
        redacts: None,
    })
}

/// A number that no other flush or compaction has, for the names of files.
fn seed(shared: &Shared) -> u64 {
    static N_CALLS: AtomicU64 = AtomicU64::new(0);
    let n_calls = N_CALLS.fetch_add(1, Ordering::Relaxed);
    base::hash::mix64(shared.now().0.cast_unsigned()) ^ base::hash::mix64(n_calls)
}

/// A log that ends before what the state has processed was replaced or lost: going on would give
/// new events the numbers of old ones.
///
/// # Errors
/// `Corrupt` where that is so.
///
/// Nor may a state that is older than an erasure read what the erasure has left of the log: others
/// would get other numbers than decisions know them by.
pub async fn refuse_a_log_that_fell_behind(
    log: &dyn EventLog,
    processed: Position,
) -> Result<(), Error> {
    let (head, replaced) = (log.head(), log.replaced_through().await.map_err(failure::log)?);
    let message = if head < processed {
        format!("the log ends at {head}, but the state has processed {processed}")
    } else if replaced > processed {
        format!(
            "entries of the log up to {replaced} were rewritten by an erasure, but the state has \
             processed no more than {processed}"
        )
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Corrupt, message).with_hint("restore log and state together"))
}

/// A run as history knows it.
pub fn meta_of(row: RunRow) -> RunMeta {
    RunMeta {
        path: row.path,
        bucket: row.bucket,
        level: row.level,
        n_rows: row.n_rows,
        bytes: row.bytes,
        min_customer: row.min_customer,
        max_customer: row.max_customer,
        min_time: row.min_time,
        max_time: row.max_time,
        written_through: row.written_through,
        n_customers: row.n_customers,
    }
}

fn row_of(meta: &RunMeta) -> RunRow {
    RunRow {
        path: meta.path.clone(),
        bucket: meta.bucket,
        level: meta.level,
        n_rows: meta.n_rows,
        bytes: meta.bytes,
        min_customer: meta.min_customer,
        max_customer: meta.max_customer,
        min_time: meta.min_time,
        max_time: meta.max_time,
        written_through: meta.written_through,
        n_customers: meta.n_customers,
    }
}
