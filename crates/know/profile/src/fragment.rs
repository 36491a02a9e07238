//! What is known from the events that came under one identifier?

use crate::accounts::Accounts;
use crate::circumstances::Circumstances;
use crate::consents::Consents;
use crate::counts::Counts;
use crate::messages::Messages;
use crate::order_event::read_order;
use crate::orders::Orders;
use crate::origin::Telling;
use crate::semantic::{EmailStep, Semantic};
use crate::traits::Traits;
use crate::view::Certainty;
use base::{Limits, Timestamp};
use lexicon::{Event, EventKind};

/// What the events under one identifier say together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fragment {
    pub(crate) certainty: Certainty,
    pub(crate) first_seen: Timestamp,
    pub(crate) last_seen: Timestamp,
    pub(crate) n_events: u64,
    pub(crate) counts: Counts,
    pub(crate) traits: Traits,
    pub(crate) circumstances: Circumstances,
    pub(crate) consents: Consents,
    pub(crate) accounts: Accounts,
    pub(crate) orders: Orders,
    pub(crate) messages: Messages,
}

impl Fragment {
    /// Nothing known yet, about to absorb `event`.
    pub(crate) fn before(event: &Event) -> Self {
        Self {
            certainty: Certainty::of(&event.came_under().kind),
            first_seen: event.occurred_at,
            last_seen: event.occurred_at,
            n_events: 0,
            counts: Counts::default(),
            traits: Traits::default(),
            circumstances: Circumstances::default(),
            consents: Consents::default(),
            accounts: Accounts::default(),
            orders: Orders::default(),
            messages: Messages::default(),
        }
    }

    pub(crate) fn absorb(&mut self, event: &Event, limits: &Limits) {
        self.first_seen = self.first_seen.min(event.occurred_at);
        self.last_seen = self.last_seen.max(event.occurred_at);
        self.n_events += 1;
        self.counts.absorb(&event.name);
        let telling = Telling::new(event);
        self.traits.absorb(&telling, limits);
        self.circumstances.absorb(&telling, &mut self.consents, limits);
        if let Some(account) = &event.account_key {
            self.accounts.absorb(account, event);
        }
        if event.kind == EventKind::Track
            && let Some(semantic) = Semantic::of(&event.name)
        {
            self.absorb_semantic(semantic, &telling, limits);
        }
    }

    fn absorb_semantic(&mut self, semantic: Semantic, telling: &Telling<'_>, limits: &Limits) {
        let event = telling.event;
        match semantic {
            Semantic::Order(step) => {
                if let Some(said) = read_order(event) {
                    self.orders.absorb(said, step, event.occurred_at, limits);
                }
            }
            Semantic::Email(step) => {
                self.messages.absorb(event, step, limits);
                if matches!(step, EmailStep::Unsubscribed | EmailStep::MarkedAsSpam) {
                    self.consents.absorb_objection_to_email(telling, limits);
                }
            }
            Semantic::Consent(named) => self.consents.absorb(telling, named, limits),
            Semantic::Confirmed(address) => self.traits.confirmed.absorb(telling, address),
            // What a product is called is kept only for those that were ordered.
            Semantic::Product => {}
        }
    }

    /// Adds what `other`, from other events, says.
    pub(crate) fn join(&mut self, other: Self) {
        self.certainty = self.certainty.max(other.certainty);
        self.first_seen = self.first_seen.min(other.first_seen);
        self.last_seen = self.last_seen.max(other.last_seen);
        self.n_events += other.n_events;
        self.counts.join(other.counts);
        self.traits.join(other.traits);
        self.circumstances.join(other.circumstances);
        self.consents.join(other.consents);
        self.accounts.join(other.accounts);
        self.orders.join(other.orders);
        self.messages.join(other.messages);
    }
}
