//! Which events of these log entries are taken, and what is wrong with the others?

use super::ahead::{Heard, Said, Understood};
use super::counts::{Counts, Fate};
use super::observe::Observations;
use crate::engine::Shared;
use crate::seq::EventSeq;
use crate::sources::Source;
use base::hash::hash128;
use base::{ImportId, Position, SourceId, Timestamp};
use collect::{Delivery, Dialect};
use lexicon::{Event, IdentifierKind, PlanMode, Refusal};
use state::{EditRow, RefusalOutcome, RefusalRow, RulesRow};
use std::collections::BTreeMap;

/// An event that is taken.
pub struct Taken {
    /// Which event.
    pub seq: EventSeq,
    /// What it says.
    pub event: Event,
    /// What the tracking plan has against it.
    pub complaints: Vec<Refusal>,
    /// Whether it came from a file, whose message ids are remembered for ever.
    is_imported: bool,
    /// The import that it belongs to.
    import: Option<ImportId>,
}

/// What a batch is made of.
pub struct Intake {
    /// The last log entry in it.
    pub through: Position,
    /// Events that go onto timelines.
    pub taken: Vec<Taken>,
    /// Events that tell of an account and of nobody in it.
    pub of_accounts: Vec<Taken>,
    /// Events that were refused or known before.
    pub put_aside: Vec<RefusalRow>,
    /// How many events there were, by source, hour and name.
    pub counts: Counts,
    /// When each source sent its latest event.
    pub last_events: Vec<(SourceId, Timestamp)>,
    /// The latest moment at which anything of it was received.
    pub received_at: Timestamp,
    /// How many were refused.
    pub n_refused: u64,
    /// How many were known before.
    pub n_duplicates: u64,
    /// The same, of each import.
    pub import_duplicates: BTreeMap<ImportId, u64>,
    /// How many were kept out because they are about somebody who is erased.
    pub n_kept_out: u64,
    /// The log entries that these lie in.
    pub strips: Vec<Position>,
    /// The decision that the batch consists of, where it is one.
    pub edit: Option<EditRow>,
    /// The rules of identity that it lets hold, where it does.
    pub rules: Option<RulesRow>,
    /// The import whose entry is being taken.
    import: Option<ImportId>,
}

impl Intake {
    /// An empty batch behind `after`.
    pub fn new(after: Position) -> Self {
        Self {
            through: after,
            taken: Vec::new(),
            of_accounts: Vec::new(),
            put_aside: Vec::new(),
            counts: Counts::default(),
            last_events: Vec::new(),
            received_at: Timestamp::default(),
            n_refused: 0,
            n_duplicates: 0,
            import_duplicates: BTreeMap::new(),
            n_kept_out: 0,
            strips: Vec::new(),
            edit: None,
            rules: None,
            import: None,
        }
    }

    /// How many events it has, taken or not.
    pub fn n_items(&self) -> usize {
        self.taken.len() + self.of_accounts.len() + self.put_aside.len()
    }

    /// Takes the events of one log entry.
    pub fn take(&mut self, heard: Heard, shared: &Shared, observations: &mut Observations) {
        self.through = heard.position;
        if let Some(Said::Events(understood)) = heard.said {
            self.take_delivery(heard.position, understood, shared, observations);
        }
    }

    fn take_delivery(
        &mut self,
        position: Position,
        Understood { delivery, events }: Understood,
        shared: &Shared,
        observations: &mut Observations,
    ) {
        let source = shared.sources.get(delivery.source);
        self.import = import_of(&delivery);
        self.received_at = self.received_at.max(delivery.received_at);
        if !events.is_empty() {
            self.last_events.push((delivery.source, delivery.received_at));
        }
        for (index, event) in (0..).zip(events) {
            let seq = EventSeq { position, index };
            match event {
                Ok(event) if shared.tombstones.keeps_out(&event, self.import.is_some()) => {
                    self.keep_out(position);
                }
                Ok(event) => {
                    self.hold_to_plan(seq, event, &delivery, source.as_deref(), observations);
                }
                Err(refusal) => self.refuse(seq, &delivery, None, vec![refusal]),
            }
        }
    }

    /// Passes over an event of somebody who is erased. Nothing is put down about it, and the entry
    /// that it lies in is rewritten without it.
    fn keep_out(&mut self, position: Position) {
        self.n_kept_out += 1;
        if self.strips.last() != Some(&position) {
            self.strips.push(position);
        }
    }

    fn hold_to_plan(
        &mut self,
        seq: EventSeq,
        event: Event,
        delivery: &Delivery,
        source: Option<&Source>,
        observations: &mut Observations,
    ) {
        observations.observe(&event);
        let plan = source.and_then(|source| source.plan.as_ref());
        let complaints = plan.map(|plan| plan.check(&event)).unwrap_or_default();
        observations.complain(&event, &complaints);
        let mode = source.map_or(PlanMode::Allow, |source| source.plan_mode);
        if mode == PlanMode::Block && !complaints.is_empty() {
            return self.refuse(seq, delivery, Some(&event), complaints);
        }
        let complaints = if mode == PlanMode::Flag { complaints } else { Vec::new() };
        let is_imported = delivery.dialect == Dialect::Import;
        let is_of_account = is_account(&event);
        let taken = Taken { seq, event, complaints, is_imported, import: self.import };
        if is_of_account { self.of_accounts.push(taken) } else { self.taken.push(taken) }
    }

    fn refuse(
        &mut self,
        seq: EventSeq,
        delivery: &Delivery,
        event: Option<&Event>,
        refusals: Vec<Refusal>,
    ) {
        let at = event.map_or(delivery.received_at, |event| event.occurred_at);
        let name = event.map_or("(not understood)", |event| &event.name);
        self.n_refused += 1;
        self.counts.add(delivery.source, name, [at, delivery.received_at], Fate::Refused);
        self.put_aside.push(RefusalRow {
            seq: seq.to_number(),
            received_at: delivery.received_at,
            occurred_at: event.map(|e| e.occurred_at),
            source: delivery.source,
            outcome: RefusalOutcome::Refused,
            kind: event.map(|e| e.kind),
            name: event.map(|e| e.name.to_string()),
            customer: None,
            came_under: event.map(|e| e.came_under().clone()),
            message_id: event.map(|e| e.message_id.to_string()),
            refusals,
        });
    }

    /// The message ids of the events that were understood, hashed, in the order of the log, and
    /// whether each is to be remembered for ever.
    pub fn ids(&mut self) -> Vec<(u128, bool)> {
        self.taken.append(&mut self.of_accounts);
        self.taken.sort_unstable_by_key(|taken| taken.seq);
        let id = |t: &Taken| (hash128(t.event.message_id.as_bytes()), t.is_imported);
        self.taken.iter().map(id).collect()
    }

    /// Puts aside the events that are not new, and counts the others. `is_new` answers
    /// [`Self::ids`] one by one.
    pub fn drop_duplicates(&mut self, is_new: &[bool]) {
        for (taken, is_new) in std::mem::take(&mut self.taken).into_iter().zip(is_new) {
            self.place(taken, *is_new);
        }
    }

    fn place(&mut self, taken: Taken, is_new: bool) {
        let event = &taken.event;
        let times = [event.occurred_at, event.received_at];
        let fate = if is_new { Fate::Accepted } else { Fate::Duplicate };
        self.counts.add(event.source, &event.name, times, fate);
        if !is_new {
            self.n_duplicates += 1;
            if let Some(import) = taken.import {
                *self.import_duplicates.entry(import).or_default() += 1;
            }
            self.put_aside.push(aside(&taken, RefusalOutcome::Duplicate));
        } else if is_account(event) {
            self.of_accounts.push(taken);
        } else {
            self.taken.push(taken);
        }
    }
}

/// The debugger's line for an event that is understood.
pub fn aside(taken: &Taken, outcome: RefusalOutcome) -> RefusalRow {
    let event = &taken.event;
    RefusalRow {
        seq: taken.seq.to_number(),
        received_at: event.received_at,
        occurred_at: Some(event.occurred_at),
        source: event.source,
        outcome,
        kind: Some(event.kind),
        name: Some(event.name.to_string()),
        customer: None,
        came_under: Some(event.came_under().clone()),
        message_id: Some(event.message_id.to_string()),
        refusals: taken.complaints.clone(),
    }
}

/// The import that a delivery says to belong to.
fn import_of(delivery: &Delivery) -> Option<ImportId> {
    if delivery.dialect != Dialect::Import {
        return None;
    }
    delivery.shared.to_map().get("import")?.as_str()?.parse().ok()
}

/// Whether nobody is behind the event but an account (`$groupidentify` from a server).
fn is_account(event: &Event) -> bool {
    matches!(&event.came_under().kind, IdentifierKind::Custom(name) if &**name == "account")
}
