//! How does the log become customers?
//!
//! One task takes the log in order, in batches. A batch is understood ([`intake`]), put down to
//! customers ([`settle`]), folded into profiles ([`fold`]) and committed with the log position in
//! one transaction; only then do readers see it. Everything here is a function of the log's
//! order, so a batch that was interrupted comes out the same the second time.

mod accounts;
mod commit;
mod counts;
mod fold;
mod intake;
mod known;
mod laps;
mod observe;
mod settle;
mod tell;

pub(crate) use tell::line_of_row;

use crate::engine::Shared;
use base::{IdentifierId, Position};
use event_log::Entry;
use intake::Intake;
use known::Known;
use laps::Laps;
use observe::Observations;
use state::Seen;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Bytes of log, compressed, that one batch reads at most: about 40,000 events.
const BATCH_BYTES_MAX: usize = 2 << 20;
/// The first pause after a step that failed; it doubles up to [`PAUSE_MAX`].
const PAUSE_MIN: Duration = Duration::from_millis(200);
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Turns log entries into customers, one batch after another.
pub struct Processor {
    shared: Arc<Shared>,
    seen: Seen,
    known: Known,
    observations: Observations,
    position: Position,
    next_identifier: IdentifierId,
}

impl Processor {
    /// Takes up the work where the state says that it was left.
    ///
    /// # Errors
    /// Whatever the state says.
    pub async fn open(shared: Arc<Shared>) -> Result<Self, base::Error> {
        let window = base::Duration::hours(shared.options.limits.dedupe_window_hours.into());
        let state = &shared.state;
        let observations = Observations::open(state).await?;
        shared.observed.write().expect("no writer panics").extend(observations.all());
        Ok(Self {
            seen: Seen::open(state, window).await?,
            known: Known::new(),
            observations,
            position: state.progress().await?.position,
            next_identifier: state.next_identifier().await?,
            shared,
        })
    }

    /// Works until `stop` says so; after it says so, the batch at hand is finished.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut head = self.shared.log.watch();
        let mut pause = PAUSE_MIN;
        loop {
            while self.position < *head.borrow_and_update() {
                if *stop.borrow() {
                    return;
                }
                match self.step().await {
                    Ok(()) => pause = PAUSE_MIN,
                    Err(error) => {
                        tracing::error!(error = ?error, "a batch could not be processed; trying again");
                        self.recover().await;
                        tokio::time::sleep(pause).await;
                        pause = (pause * 2).min(PAUSE_MAX);
                    }
                }
                tokio::time::sleep(self.shared.options.batch_pause).await;
            }
            tokio::select! {
                _ = stop.changed() => return,
                changed = head.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Processes one batch. When it returns, readers see it.
    pub(crate) async fn step(&mut self) -> Result<(), base::Error> {
        let (n_events, log) = (self.shared.options.batch_events_max, &self.shared.log);
        let entries = log.read_after(self.position, n_events, BATCH_BYTES_MAX).await;
        let entries = entries.map_err(crate::failure::log)?;
        if entries.is_empty() {
            return Ok(());
        }
        let mut laps = Laps::start();
        let mut intake = tokio::task::block_in_place(|| self.take_in(&entries));
        laps.lap("understand");
        let is_new = self.seen.which_are_new(&intake.ids()).await?;
        intake.drop_duplicates(&is_new);
        laps.lap("dedupe");
        let settled = self.settle(&intake).await?;
        laps.lap("settle");
        let folded = self.fold(&intake, &settled).await?;
        laps.lap("fold");
        let batch = self.commit(&intake, &settled, &folded).await?;
        laps.lap("commit");
        tracing::debug!(events = intake.taken.len(), through = %intake.through, %laps, "batch");
        self.tell(&intake, &settled, folded, batch);
        for (import, n_duplicates) in intake.import_duplicates {
            // For the eyes of whoever imports: a crash right here loses the count, not an event.
            if let Err(error) = self.shared.imports.count_processed(import, n_duplicates, &[]).await
            {
                tracing::warn!(%import, %error, "the duplicates of an import were not counted");
            }
        }
        Ok(())
    }

    /// Understands entries until the batch is full.
    fn take_in(&mut self, entries: &[Entry]) -> Intake {
        let mut intake = Intake::new(self.position);
        for entry in entries {
            intake.take(entry, &self.shared, &mut self.observations);
            if intake.n_items() >= self.shared.options.batch_events_max {
                break;
            }
        }
        intake
    }

    /// Forgets what is in memory and asks the state how far it got: the answer to a commit may
    /// have been lost.
    async fn recover(&mut self) {
        self.seen.abandon();
        self.known.clear();
        self.shared.profiles.invalidate_all();
        let state = &self.shared.state;
        if let (Ok(progress), Ok(next)) = (state.progress().await, state.next_identifier().await) {
            if progress.position > self.position {
                self.shared.reload_fresh().await;
            }
            self.position = progress.position;
            self.next_identifier = next;
            self.shared.processed.send_replace(progress.position);
        }
    }
}
