//! How does the log become customers?
//!
//! One task takes the log in order, in batches. Events are understood ahead of it ([`ahead`]),
//! taken or put aside ([`intake`]), put down to customers ([`settle`]), folded into profiles
//! ([`fold`]) and committed with the log position in one transaction ([`commit`]); only then do
//! readers see them ([`tell`]). Everything here is a function of the log's
//! order, so a batch that was interrupted comes out the same the second time.

mod accounts;
mod ahead;
mod commit;
mod counts;
mod edit;
mod erase;
mod flight;
mod fold;
mod intake;
mod known;
mod laps;
mod observe;
mod products;
mod relate;
mod related;
mod relist;
mod rules;
mod settle;
mod tell;

pub(crate) use fold::{carry, decode};
pub(crate) use tell::line_of_row;

use crate::engine::Shared;
use crate::moves;
use ahead::{Ahead, Heard, Next, Order};
use base::{IdentifierId, Position};
use flight::InFlight;
use intake::Intake;
use known::Known;
use laps::Laps;
use observe::Observations;
use products::Products;
use state::Seen;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Events of a batch from which on the next one is begun before it is durable. Of fewer there is
/// time to gather some.
const MUCH_TO_DO: usize = 5_000;
/// The first pause after a step that failed; it doubles up to [`PAUSE_MAX`].
const PAUSE_MIN: Duration = Duration::from_millis(200);
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Turns log entries into customers, one batch after another.
pub struct Processor {
    shared: Arc<Shared>,
    seen: Seen,
    known: Known,
    catalogue: Products,
    observations: Observations,
    position: Position,
    next_identifier: IdentifierId,
    in_flight: Option<InFlight>,
    /// Whether anybody was ever said to have left an account.
    has_leavers: bool,
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
            catalogue: Products::new(),
            observations,
            position: state.progress().await?.position,
            next_identifier: state.next_identifier().await?,
            in_flight: None,
            has_leavers: state.has_leavers().await?,
            shared,
        })
    }

    /// Works until `stop` says so; after it says so, the batch at hand is finished.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let n_events_max = self.shared.options.batch_events_max;
        let mut ahead = Ahead::start(Arc::clone(&self.shared), self.position);
        let mut pause = PAUSE_MIN;
        while !*stop.borrow() {
            let next = tokio::select! {
                _ = stop.changed() => break,
                next = ahead.next(n_events_max) => next,
            };
            match self.turn(next, &mut ahead, &stop).await {
                Ok(()) => {
                    pause = PAUSE_MIN;
                    tokio::time::sleep(self.shared.options.batch_pause).await;
                }
                Err(error) => {
                    tracing::error!(error = ?error, "a batch could not be processed; trying again");
                    self.recover().await;
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(PAUSE_MAX);
                    ahead.end().await;
                    ahead = Ahead::start(Arc::clone(&self.shared), self.position);
                }
            }
        }
        ahead.end().await;
    }

    /// Takes in `next`, and, while there is much to do, what has come meanwhile. When it returns,
    /// readers see all of it.
    async fn turn(
        &mut self,
        next: Result<Next, base::Error>,
        ahead: &mut Ahead,
        stop: &watch::Receiver<bool>,
    ) -> Result<(), base::Error> {
        let mut next = Some(next?);
        while let Some(now) = next.take() {
            let n_events = match now {
                Next::Events(heard) => self.step(heard).await?,
                Next::Order(position, Order::Edit(order)) => {
                    self.edit(position, order).await?;
                    0
                }
                Next::Order(position, Order::Rules(order)) => {
                    self.agree(position, &order).await?;
                    0
                }
                Next::Order(position, Order::Erase(order)) => {
                    self.erase(position, &order).await?;
                    0
                }
                Next::Order(position, Order::Redact(order)) => {
                    self.redact(position, &order).await?;
                    0
                }
                Next::Order(position, Order::Relate(order)) => {
                    self.relate(position, &order).await?;
                    0
                }
                Next::Order(position, Order::Relist(order)) => {
                    self.relist(position, &order).await?;
                    0
                }
            };
            if n_events >= MUCH_TO_DO && !*stop.borrow() {
                next = ahead.next_at_once(self.shared.options.batch_events_max)?;
            }
        }
        self.finish().await
    }

    /// Writes one batch, which is then in flight; answers how many events it had.
    async fn step(&mut self, heard: Vec<Heard>) -> Result<usize, base::Error> {
        let mut laps = Laps::start();
        let mut intake = Intake::new(self.position);
        for heard in heard {
            intake.take(heard, &self.shared, &mut self.observations);
        }
        let n_events = intake.n_items();
        laps.lap("take");
        let is_new = self.seen.which_are_new(&intake.ids()).await?;
        intake.drop_duplicates(&is_new);
        laps.lap("dedupe");
        self.finish().await?;
        laps.lap("wait");
        let settled = self.settle(&intake).await?;
        laps.lap("settle");
        let written = self.write(&intake, &settled, &mut laps).await?;
        self.in_flight = Some(InFlight::start(intake, settled, written, laps));
        Ok(n_events)
    }

    /// Forgets what is in memory and asks the state how far it got: the answer to a commit may
    /// have been lost.
    async fn recover(&mut self) {
        self.abandon_flight().await;
        self.seen.abandon();
        self.known.clear();
        self.catalogue.clear();
        self.shared.profiles.clear();
        if let Err(error) = self.shared.rules.reload(&self.shared.state).await {
            tracing::error!(%error, "the rules of identity cannot be read");
        }
        let state = &self.shared.state;
        if let (Ok(progress), Ok(next)) = (state.progress().await, state.next_identifier().await) {
            let (known, through) = (self.position, progress.position);
            if through > known
                && let Err(error) = moves::reload(&self.shared, known, through).await
            {
                // The state refuses to go on from where we are, so this is tried again first.
                tracing::error!(error = ?error, "history cannot be told what was committed");
                return;
            }
            self.position = progress.position;
            self.next_identifier = next;
            self.shared.processed.send_replace(progress.position);
        }
    }
}
