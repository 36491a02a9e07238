//! What is shown of one customer?

use crate::fragment::Fragment;
use crate::fragments::Fragments;
use crate::rules::TraitRules;
use crate::settlement::Tally;
use crate::summary::Facts;
use crate::trait_value::{TakenAway, TraitValue};
use crate::{Agent, Consent, Holding, Membership, Message, NameCount, Order, OrderTotals};
use base::{IdentifierId, Timestamp};
use lexicon::IdentifierKind;
use serde::{Deserialize, Serialize};

/// How sure it is who this is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
pub enum Certainty {
    /// Only browsers, apps or devices are known.
    #[default]
    Anonymous,
    /// An address or a name was given, but nobody signed in.
    Claimed,
    /// The company itself knows them by an id of its own.
    Known,
}

impl Certainty {
    /// How sure an identifier of this kind makes us.
    #[must_use]
    pub fn of(kind: &IdentifierKind) -> Self {
        match kind {
            IdentifierKind::UserId | IdentifierKind::CrmId => Self::Known,
            IdentifierKind::AnonymousId | IdentifierKind::DeviceId => Self::Anonymous,
            _ => Self::Claimed,
        }
    }

    /// The level as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Claimed => "claimed",
            Self::Known => "known",
        }
    }

    /// The level in a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Anonymous => "Anonymous: seen by browser or device only.",
            Self::Claimed => "Claimed: gave a name or an address, but was never signed in.",
            Self::Known => "Known: your own id for this customer was sent.",
        }
    }
}

/// What came under one identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CameUnder {
    /// The identifier.
    pub identifier: IdentifierId,
    /// Events that came under it.
    pub n_events: u64,
    /// The earliest of them.
    pub first_seen: Timestamp,
    /// The latest of them.
    pub last_seen: Timestamp,
}

/// What is shown of one customer.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Profile {
    /// How sure it is who this is.
    pub certainty: Certainty,
    /// `name`, else first and last name, from the traits.
    pub name: Option<String>,
    /// The e-mail address among the traits.
    pub email: Option<String>,
    /// The telephone number among the traits.
    pub phone: Option<String>,
    /// From the traits or the address in them, else from where the latest event came.
    pub country: Option<String>,
    /// Likewise.
    pub city: Option<String>,
    /// From the traits, else the name of the oldest account.
    pub company: Option<String>,
    /// By name; those taken away are not among them.
    pub traits: Vec<TraitValue>,
    /// Traits that had a value and have none, by name.
    pub taken_away: Vec<TakenAway>,
    /// By purpose and channel.
    pub consents: Vec<Consent>,
    /// The oldest membership first.
    pub accounts: Vec<Membership>,
    /// The orders that are kept one by one, the latest first.
    pub orders: Vec<Order>,
    /// All orders, also those no longer kept one by one, by currency; most orders first.
    pub order_totals: Vec<OrderTotals>,
    /// When the first order was placed.
    pub first_order_at: Option<Timestamp>,
    /// Products held, the latest first.
    pub holdings: Vec<Holding>,
    /// The latest first.
    pub messages: Vec<Message>,
    /// Events by name, the most frequent first.
    pub counts: Vec<NameCount>,
    /// Events of names beyond those counted one by one.
    pub n_other_events: u64,
    /// Browsers and devices, the latest first.
    pub agents: Vec<Agent>,
    /// As the latest event says (`en-GB`).
    pub locale: Option<String>,
    /// As the latest event says (`Europe/Berlin`).
    pub timezone: Option<String>,
    /// The earliest event; `None` where there is none.
    pub first_seen: Option<Timestamp>,
    /// The latest event.
    pub last_seen: Option<Timestamp>,
    /// Events.
    pub n_events: u64,
    /// What came under each identifier.
    pub came_under: Vec<CameUnder>,
}

impl Fragments {
    /// What is shown, where `rules` say which of several values of a trait counts.
    #[must_use]
    pub fn view(&self, rules: &TraitRules) -> Profile {
        let Some(whole) = self.whole() else { return Profile::default() };
        let facts = Facts::of(self, rules);
        let (traits, taken_away) = self.shown_traits(rules);
        let tally = Tally::of(&whole.orders);
        let (counts, n_other_events) = whole.counts.shown();
        let text = |latest: &Option<crate::latest::Latest<Box<str>>>| {
            latest.as_ref().map(|latest| latest.value.to_string())
        };
        Profile {
            certainty: facts.certainty,
            name: facts.name,
            email: facts.email,
            phone: facts.phone,
            country: facts.country,
            city: facts.city,
            company: facts.company,
            traits,
            taken_away,
            consents: whole.consents.shown(),
            accounts: whole.accounts.shown(),
            orders: whole.orders.shown(),
            order_totals: tally.totals(),
            first_order_at: tally.first_order_at(),
            holdings: tally.holdings(&whole.orders),
            messages: whole.messages.shown(),
            counts,
            n_other_events,
            agents: whole.circumstances.agents(),
            locale: text(&whole.circumstances.locale),
            timezone: text(&whole.circumstances.timezone),
            first_seen: Some(whole.first_seen),
            last_seen: Some(whole.last_seen),
            n_events: whole.n_events,
            came_under: self.came_under(),
        }
    }

    fn came_under(&self) -> Vec<CameUnder> {
        let each = self.0.iter().map(|(&identifier, fragment)| CameUnder {
            identifier,
            n_events: fragment.n_events,
            first_seen: fragment.first_seen,
            last_seen: fragment.last_seen,
        });
        each.collect()
    }

    /// All fragments as one.
    fn whole(&self) -> Option<Fragment> {
        self.0.values().cloned().reduce(|mut whole, fragment| {
            whole.join(fragment);
            whole
        })
    }
}

#[cfg(test)]
mod tests;
