//! What happens while a batch becomes durable?
//!
//! A disk takes its time to say that something is safe. Meanwhile the next batch is taken in and
//! freed of duplicates, which needs nothing of what is being written; only then do we wait.

use super::Processor;
use super::commit::{Outcome, Written};
use super::intake::Intake;
use super::laps::Laps;
use super::settle::Settlement;
use base::{Error, ErrorKind};
use state::StateError;
use tokio::task::JoinHandle;

/// A batch that is on its way to the disk.
pub struct InFlight {
    intake: Intake,
    settled: Settlement,
    outcome: Outcome,
    laps: Laps,
    committing: JoinHandle<Result<(), StateError>>,
}

impl InFlight {
    /// Begins to make `written` durable.
    pub fn start(intake: Intake, settled: Settlement, written: Written, laps: Laps) -> Self {
        let Written { batch, outcome } = written;
        Self { intake, settled, outcome, laps, committing: tokio::spawn(batch.commit()) }
    }
}

impl Processor {
    /// Waits until the batch in flight is durable, and lets readers see it.
    pub(super) async fn finish(&mut self) -> Result<(), Error> {
        let Some(flight) = self.in_flight.take() else { return Ok(()) };
        let InFlight { intake, settled, outcome, mut laps, committing } = flight;
        let broken = |_| Error::new(ErrorKind::Internal, "the commit of a batch was broken off");
        committing.await.map_err(broken)??;
        laps.lap("commit");
        self.tell(&intake, &settled, outcome);
        laps.lap("tell");
        tracing::debug!(events = intake.taken.len(), through = %intake.through, %laps, "batch");
        for (import, n_duplicates) in intake.import_duplicates {
            // For the eyes of whoever imports: a crash right here loses the count, not an event.
            if let Err(error) = self.shared.imports.count_processed(import, n_duplicates, &[]).await
            {
                tracing::warn!(%import, %error, "the duplicates of an import were not counted");
            }
        }
        Ok(())
    }

    /// Waits until it is known what became of the batch in flight, whatever that is.
    pub(super) async fn abandon_flight(&mut self) {
        if let Some(flight) = self.in_flight.take() {
            // The state is asked next, and knows better than this answer.
            let _ = flight.committing.await;
        }
    }
}
