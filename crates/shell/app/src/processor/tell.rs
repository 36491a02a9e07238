//! Who is told about a batch that has become true?

use super::Processor;
use super::commit::{Outcome, stored};
use super::intake::{Intake, Taken};
use super::settle::{Owner, Settlement};
use crate::customers::{CustomerNews, TimelineEvent};
use crate::debugger::{DebugBatch, DebugEvent, DebugStatus};
use crate::engine::Shared;
use crate::seq::EventSeq;
use base::CustomerId;
use history::News;
use state::{RefusalOutcome, RefusalRow};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Events that one message to the watchers of the debugger carries at most.
const DEBUG_EVENTS_MAX: usize = 200;

impl Processor {
    /// Makes a committed batch visible to readers and tells those who watch.
    pub(super) fn tell(&mut self, intake: &Intake, settled: &Settlement, outcome: Outcome) {
        self.remember(settled);
        let shared = Arc::clone(&self.shared);
        let (through, moved) = (intake.through, outcome.moved);
        let fresh = Vec::from_iter((outcome.fresh.n_events() > 0).then_some(outcome.fresh));
        shared.history.take_in(News { through, fresh, moved });
        let changed = outcome.profiles.iter().map(|(customer, _)| *customer);
        let changed: Vec<CustomerId> = changed.chain(outcome.gone.iter().copied()).collect();
        shared.questions.shelf.note(&changed);
        for gone in &outcome.gone {
            shared.profiles.remove(gone);
        }
        for (customer, blob) in outcome.profiles {
            shared.profiles.insert(customer, blob);
        }
        self.position = intake.through;
        if let Some(rules) = &intake.rules {
            self.shared.rules.put(rules);
        }
        self.tally(intake);
        self.tell_linkage(intake, settled);
        self.tell_watchers(intake, settled);
        self.tell_debugger(intake, settled);
        self.shared.processed.send_replace(intake.through);
    }

    fn tally(&self, intake: &Intake) {
        let tallies = &self.shared.tallies;
        tallies.n_batches.fetch_add(1, Ordering::Relaxed);
        tallies.n_accepted.fetch_add(intake.taken.len() as u64, Ordering::Relaxed);
        tallies.n_refused.fetch_add(intake.n_refused, Ordering::Relaxed);
        tallies.n_duplicates.fetch_add(intake.n_duplicates, Ordering::Relaxed);
    }

    /// Tells linkage whose traits or identifiers have changed, if it wants to know.
    fn tell_linkage(&self, intake: &Intake, settled: &Settlement) {
        let news = self.shared.linkage.news();
        if !news.is_wanted() {
            return;
        }
        let told = intake.taken.iter().zip(&settled.owners);
        let told = told.filter(|(taken, _)| taken.event.speaks_of_traits());
        let told = told.map(|(_, owner)| owner.customer);
        news.note(told.chain(settled.plan.touched()));
        news.hear(intake.through);
    }

    fn tell_watchers(&self, intake: &Intake, settled: &Settlement) {
        let watchers = &self.shared.watchers;
        if watchers.is_empty() {
            return;
        }
        for (taken, owner) in intake.taken.iter().zip(&settled.owners) {
            if watchers.watch(owner.customer) {
                let event = Arc::new(timeline_event(taken, *owner));
                watchers.tell(owner.customer, &CustomerNews::Event(event));
            }
        }
        for customer in settled.plan.touched() {
            watchers.tell(customer, &CustomerNews::ProfileChanged);
        }
    }

    fn tell_debugger(&self, intake: &Intake, settled: &Settlement) {
        let n_all = intake.n_items();
        if n_all == 0 {
            return;
        }
        let skip = n_all.saturating_sub(DEBUG_EVENTS_MAX);
        let taken = intake.taken.iter().zip(&settled.owners).map(|(t, o)| line(t, Some(*o)));
        let of_accounts = intake.of_accounts.iter().map(|t| line(t, None));
        let aside = intake.put_aside.iter().map(line_of_row);
        // The newest are shown; the order of the log is made again after the three were joined.
        let mut events: Vec<DebugEvent> = taken
            .rev()
            .take(DEBUG_EVENTS_MAX)
            .chain(of_accounts.rev().take(DEBUG_EVENTS_MAX))
            .chain(aside.rev().take(DEBUG_EVENTS_MAX))
            .collect();
        events.sort_unstable_by_key(|event| event.seq);
        let too_many = events.len().saturating_sub(DEBUG_EVENTS_MAX);
        events.drain(..too_many);
        self.shared.recent.push(&events);
        if self.shared.debug.receiver_count() > 0 {
            let batch = DebugBatch { events, n_skipped: skip as u64 };
            // Everybody may have gone in this moment, which is no failure.
            let _ = self.shared.debug.send(Arc::new(batch));
        }
    }
}

/// Tells those who look at a customer that there is nothing to see, and lets the debugger forget
/// what it showed.
pub fn forgotten(shared: &Shared, customer: CustomerId) {
    shared.recent.clear();
    shared.watchers.tell(customer, &CustomerNews::ProfileChanged);
}

fn line(taken: &Taken, owner: Option<Owner>) -> DebugEvent {
    let event = &taken.event;
    let is_flagged = !taken.complaints.is_empty();
    DebugEvent {
        seq: taken.seq,
        received_at: event.received_at,
        occurred_at: Some(event.occurred_at),
        source: event.source,
        kind: Some(event.kind),
        name: Some(event.name.to_string()),
        status: if is_flagged { DebugStatus::Flagged } else { DebugStatus::Accepted },
        customer: owner.map(|owner| owner.customer),
        came_under: Some(event.came_under().clone()),
        message_id: Some(event.message_id.to_string()),
        refusals: taken.complaints.clone(),
    }
}

/// The debugger's line for an event that was put aside.
pub fn line_of_row(row: &RefusalRow) -> DebugEvent {
    DebugEvent {
        seq: EventSeq::from(row.seq),
        received_at: row.received_at,
        occurred_at: row.occurred_at,
        source: row.source,
        kind: row.kind,
        name: row.name.clone(),
        status: match row.outcome {
            RefusalOutcome::Flagged => DebugStatus::Flagged,
            RefusalOutcome::Refused => DebugStatus::Refused,
            RefusalOutcome::Duplicate => DebugStatus::Duplicate,
        },
        customer: row.customer,
        came_under: row.came_under.clone(),
        message_id: row.message_id.clone(),
        refusals: row.refusals.clone(),
    }
}

fn timeline_event(taken: &Taken, owner: Owner) -> TimelineEvent {
    TimelineEvent::new(stored(taken, owner), taken.event.came_under().clone())
}
