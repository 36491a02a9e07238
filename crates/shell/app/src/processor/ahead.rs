//! What does the log say next?
//!
//! A task of its own reads the log and understands its events while the processor is busy with
//! those before them. Understanding depends on the entry alone, so nothing is lost when what was
//! read ahead is thrown away and read again.

use crate::edits::EditOrder;
use crate::engine::Shared;
use crate::entry::LogEntry;
use crate::privacy::{EraseOrder, RedactOrder};
use crate::relations::RelateOrder;
use crate::rules::RulesOrder;
use crate::traits::RelistOrder;
use base::{Error, Position};
use collect::Delivery;
use event_log::Entry;
use identity::IdentityRules;
use lexicon::{Event, Refusal, RefusalReason};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;

/// Bytes of log, compressed, that are read at a time: about 10,000 events.
const READ_BYTES_MAX: usize = 512 << 10;
/// Entries that may wait for the processor; their events are bounded besides.
const N_ENTRIES_MAX: usize = 1_024;

/// One log entry, read and understood.
pub struct Heard {
    /// Where it lies in the log.
    pub position: Position,
    /// What it says; nothing where it cannot be read.
    pub said: Option<Said>,
    /// Its room among what was read ahead.
    _room: OwnedSemaphorePermit,
}

/// What an entry says.
pub enum Said {
    /// Events.
    Events(Understood),
    /// What is to be done by itself.
    Order(Order),
}

/// What a person ordered.
pub enum Order {
    /// A decision about who is who.
    Edit(EditOrder),
    /// Other rules of identity.
    Rules(RulesOrder),
    /// Who is to be forgotten.
    Erase(EraseOrder),
    /// Whose profiles mention somebody who was.
    Redact(RedactOrder),
    /// Who belongs where, as a person says.
    Relate(RelateOrder),
    /// Whose lines in lists are to be written anew.
    Relist(RelistOrder),
}

/// What is to be done next.
pub enum Next {
    /// A batch of events to take in.
    Events(Vec<Heard>),
    /// An order to carry out, and its place in the log.
    Order(Position, Order),
}

/// A delivery and its events, understood or refused, in the order in which they were sent.
pub struct Understood {
    /// The delivery as it was kept.
    pub delivery: Delivery,
    /// Its events.
    pub events: Vec<Result<Event, Refusal>>,
}

/// The reader ahead of the processor.
pub struct Ahead {
    heard: mpsc::Receiver<Result<Heard, Error>>,
    /// An order that ended the last batch.
    ordered: Option<(Position, Order)>,
    task: JoinHandle<()>,
}

impl Ahead {
    /// Begins to read behind `after`.
    pub fn start(shared: Arc<Shared>, after: Position) -> Self {
        let (tell, heard) = mpsc::channel(N_ENTRIES_MAX);
        let room = Arc::new(Semaphore::new(shared.options.batch_events_max));
        let rules = Arc::clone(&shared.rules.now().rules);
        let reader = Reader { shared, tell, room, rules, position: after };
        Self { heard, ordered: None, task: tokio::spawn(reader.run()) }
    }

    /// What there is, up to about `n_events_max` events or the next order; waits for the first.
    /// Nothing comes after a failure: a new reader is to be started then.
    ///
    /// # Errors
    /// Whatever the log says.
    pub async fn next(&mut self, n_events_max: usize) -> Result<Next, Error> {
        if let Some((position, order)) = self.ordered.take() {
            return Ok(Next::Order(position, order));
        }
        let ended = || Error::new(base::ErrorKind::Internal, "the reader of the log has ended");
        let first = self.heard.recv().await.ok_or_else(ended)??;
        self.behind(first, n_events_max)
    }

    /// The same, if it is there already.
    ///
    /// # Errors
    /// Whatever the log says.
    pub fn next_at_once(&mut self, n_events_max: usize) -> Result<Option<Next>, Error> {
        if let Some((position, order)) = self.ordered.take() {
            return Ok(Some(Next::Order(position, order)));
        }
        let Ok(first) = self.heard.try_recv() else { return Ok(None) };
        self.behind(first?, n_events_max).map(Some)
    }

    /// `first` and what is there behind it.
    fn behind(&mut self, first: Heard, n_events_max: usize) -> Result<Next, Error> {
        let mut batch = Vec::new();
        let mut n_events = first.n_events();
        self.take(first, &mut batch);
        while self.ordered.is_none()
            && n_events < n_events_max
            && let Ok(next) = self.heard.try_recv()
        {
            let next = next?;
            n_events += next.n_events();
            self.take(next, &mut batch);
        }
        match self.ordered.take() {
            Some((position, order)) if batch.is_empty() => Ok(Next::Order(position, order)),
            ordered => {
                self.ordered = ordered;
                Ok(Next::Events(batch))
            }
        }
    }

    fn take(&mut self, heard: Heard, batch: &mut Vec<Heard>) {
        match heard.said {
            Some(Said::Order(order)) => self.ordered = Some((heard.position, order)),
            _ => batch.push(heard),
        }
    }
}

impl Ahead {
    /// Ends the reading, and waits until it has let go of everything.
    pub async fn end(&mut self) {
        self.task.abort();
        // That it was broken off is what was asked for.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Heard {
    fn n_events(&self) -> usize {
        self.said.as_ref().map_or(0, Said::n_events)
    }
}

impl Said {
    fn n_events(&self) -> usize {
        match self {
            Self::Events(understood) => understood.events.len(),
            Self::Order(_) => 0,
        }
    }
}

struct Reader {
    shared: Arc<Shared>,
    tell: mpsc::Sender<Result<Heard, Error>>,
    room: Arc<Semaphore>,
    /// The rules of identity that hold at this place of the log.
    rules: Arc<IdentityRules>,
    position: Position,
}

impl Reader {
    /// Reads until the processor is gone, or until the log fails.
    async fn run(mut self) {
        let mut head = self.shared.log.watch();
        loop {
            while self.position < *head.borrow_and_update() {
                if let Err(error) = self.read().await {
                    let _ = self.tell.send(Err(error)).await;
                    return;
                }
                if self.tell.is_closed() {
                    return;
                }
            }
            if head.changed().await.is_err() {
                return;
            }
        }
    }

    async fn read(&mut self) -> Result<(), Error> {
        let n_max = self.shared.options.batch_events_max;
        let entries = self.shared.log.read_after(self.position, n_max, READ_BYTES_MAX).await;
        for entry in entries.map_err(crate::failure::log)? {
            let said = self.understand(&entry);
            let n_events = said.as_ref().map_or(0, Said::n_events);
            // One entry may hold more than there is room for in all; it then waits for all of it.
            let n_permits = n_events.min(n_max);
            let n_permits = u32::try_from(n_permits).expect("batches are far below 2^32 events");
            let room = Arc::clone(&self.room).acquire_many_owned(n_permits).await;
            let room = room.expect("nobody closes it");
            self.position = entry.position;
            let heard = Heard { position: entry.position, said, _room: room };
            if self.tell.send(Ok(heard)).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// An entry that cannot be read is passed over, with an error for the operator: stopping for
    /// ever would serve nobody.
    fn understand(&mut self, entry: &Entry) -> Option<Said> {
        match LogEntry::decode(&entry.payload) {
            Ok(LogEntry::Delivery(delivery)) => {
                let all = 0..delivery.items.len();
                let (shared, rules) = (&self.shared, &self.rules);
                let events = all.map(|index| understand(&delivery, index, shared, rules)).collect();
                Some(Said::Events(Understood { delivery, events }))
            }
            Ok(LogEntry::Edit(order)) => Some(Said::Order(Order::Edit(order))),
            Ok(LogEntry::Erase(order)) => Some(Said::Order(Order::Erase(order))),
            Ok(LogEntry::Redact(order)) => Some(Said::Order(Order::Redact(order))),
            Ok(LogEntry::Relate(order)) => Some(Said::Order(Order::Relate(order))),
            Ok(LogEntry::Relist(order)) => Some(Said::Order(Order::Relist(order))),
            Ok(LogEntry::Rules(order)) => {
                if let Some(rules) = order.after(&self.rules) {
                    self.rules = Arc::new(rules);
                }
                Some(Said::Order(Order::Rules(order)))
            }
            Err(error) => {
                let position = entry.position;
                tracing::error!(%position, %error, "a log entry cannot be read");
                None
            }
        }
    }
}

/// Understands one event behind a fence: one that makes us panic is refused, and the others live.
fn understand(
    delivery: &Delivery,
    index: usize,
    shared: &Shared,
    rules: &IdentityRules,
) -> Result<Event, Refusal> {
    let limits = &shared.options.limits;
    let attempt = AssertUnwindSafe(|| {
        let mut event = collect::understand_without(delivery, index, limits, &rules.blocked)?;
        rules.tidy(&mut event);
        Ok(event)
    });
    catch_unwind(attempt).unwrap_or_else(|_| {
        tracing::error!(source = %delivery.source, index, "understanding an event panicked");
        Err(Refusal {
            reason: RefusalReason::WrongType,
            field: String::new(),
            message: "Rapport failed on this event; this is a bug of ours".to_owned(),
        })
    })
}
