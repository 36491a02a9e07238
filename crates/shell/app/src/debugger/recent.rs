//! Which events came last? Kept in memory, and made again from the end of the log at the start.

use super::{DebugEvent, DebugStatus};
use crate::engine::Shared;
use crate::processor::line_of_row;
use crate::seq::EventSeq;
use base::{Error, Position};
use collect::Delivery;
use lexicon::Event;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// Events that are kept.
const EVENTS_MAX: usize = 5_000;
/// Log entries that are read again at the start.
const ENTRIES_AT_START: u64 = 200;

/// The latest events, newest last.
#[derive(Default)]
pub struct Recent(Mutex<VecDeque<Arc<DebugEvent>>>);

impl Recent {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the events of a batch, oldest first.
    pub(crate) fn push(&self, events: &[DebugEvent]) {
        let mut kept = self.0.lock().expect("no holder of the recent events panics");
        kept.extend(events.iter().cloned().map(Arc::new));
        let too_many = kept.len().saturating_sub(EVENTS_MAX);
        kept.drain(..too_many);
    }

    /// Forgets all of them.
    pub(crate) fn clear(&self) {
        self.0.lock().expect("no holder of the recent events panics").clear();
    }

    /// Those before `before`, newest first.
    pub(crate) fn newest_first(&self, before: Option<EventSeq>) -> Vec<Arc<DebugEvent>> {
        let kept = self.0.lock().expect("no holder of the recent events panics");
        let is_before = |event: &&Arc<DebugEvent>| before.is_none_or(|seq| event.seq < seq);
        kept.iter().rev().filter(is_before).cloned().collect()
    }

    /// The oldest that is kept.
    pub(crate) fn oldest(&self) -> Option<EventSeq> {
        let kept = self.0.lock().expect("no holder of the recent events panics");
        kept.front().map(|event| event.seq)
    }

    /// Reads the end of what is processed of the log again, so that the debugger is not empty
    /// after a start.
    pub(crate) async fn warm_up(&self, shared: &Shared) -> Result<(), Error> {
        let processed = shared.processed.borrow().0;
        let after = Position(processed.saturating_sub(ENTRIES_AT_START));
        let n = usize::try_from(processed - after.0).expect("two hundred fit");
        let entries = shared.log.read_after(after, n, 8 << 20).await;
        for entry in entries.map_err(crate::failure::log)? {
            if entry.position.0 > processed {
                break;
            }
            let Ok(delivery) = Delivery::decode(&entry.payload) else { continue };
            let events = lines(entry.position, &delivery, shared).await?;
            self.push(&events);
        }
        Ok(())
    }
}

async fn lines(
    position: Position,
    delivery: &Delivery,
    shared: &Shared,
) -> Result<Vec<DebugEvent>, Error> {
    let mut lines = Vec::with_capacity(delivery.items.len());
    let mut understood = Vec::with_capacity(delivery.items.len());
    for index in 0..delivery.items.len() {
        let event = shared.understand(delivery, index);
        let place = u32::try_from(index).expect("an entry holds fewer than 4,096 events");
        understood.push((EventSeq { position, index: place }, event.ok()));
    }
    let came_under: Vec<_> =
        understood.iter().filter_map(|(_, e)| e.as_ref()).map(|e| e.came_under().clone()).collect();
    let mut owners = shared.state.identifiers(&came_under).await?.into_iter();
    for (seq, event) in understood {
        let owner = event.as_ref().and_then(|_| owners.next().flatten());
        let line = match shared.state.refusal(seq.to_number()).await? {
            Some(row) => Some(line_of_row(&row)),
            None => event.map(|event| line(seq, &event, owner.map(|row| row.customer))),
        };
        lines.extend(line);
    }
    Ok(lines)
}

/// The line of an event that was taken.
pub(super) fn line(seq: EventSeq, event: &Event, customer: Option<base::CustomerId>) -> DebugEvent {
    DebugEvent {
        seq,
        received_at: event.received_at,
        occurred_at: Some(event.occurred_at),
        source: event.source,
        kind: Some(event.kind),
        name: Some(event.name.to_string()),
        status: DebugStatus::Accepted,
        customer,
        came_under: Some(event.came_under().clone()),
        message_id: Some(event.message_id.to_string()),
        refusals: Vec::new(),
    }
}
