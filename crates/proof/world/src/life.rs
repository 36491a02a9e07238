//! What is handed out of a life when it has been lived?

use crate::crm::{self, CrmRecord, Known};
use crate::event::WorldEvent;
use crate::living::Living;
use crate::nature::Nature;
use crate::person::person_id;
use crate::purse::Order;
use crate::receipt::{self, Receipt};
use crate::truth::{Identifiers, Outcome, Truth, last_email_consent};

/// Everything about one customer.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// What is true, to be kept apart.
    pub truth: Truth,
    /// What client libraries and servers sent, in time order.
    pub events: Vec<WorldEvent>,
    /// What the CRM has.
    pub crm: Vec<CrmRecord>,
    /// What the stores' tills have.
    pub receipts: Vec<Receipt>,
}

impl Life {
    pub(crate) fn of(mut living: Living<'_>) -> Life {
        let orders = orders_in_window(&mut living);
        let events = living.diary.take_events();
        let mut s = living.person.seed.named("records").stream();
        let receipts: Vec<Receipt> = orders
            .iter()
            .filter(|order| order.in_store)
            .map(|order| receipt::of_order(order, &living.person, &mut s))
            .collect();
        let mut identifiers = Identifiers::of_events(&events, |id| living.devices.is_shared(id));
        let known = Known {
            person: &living.person,
            kind: living.nature.kind,
            email: identifiers.emails.first().map(String::as_str),
            n_store_orders: receipts.len(),
            first_seen_at: living.birth.at,
        };
        let crm = crm::records(&known, &mut s);
        identifiers.email_is_shared = living.person.email_is_shared;
        identifiers.crm_ids = crm.iter().map(|record| record.crm_id.clone()).collect();
        identifiers.receipt_ids = receipts.iter().map(|r| r.receipt_id.clone()).collect();
        let outcome = outcome(&mut living, &orders, &events);
        Life { truth: truth(living, identifiers, outcome), events, crm, receipts }
    }
}

fn orders_in_window(living: &mut Living<'_>) -> Vec<Order> {
    let orders = std::mem::take(&mut living.purse.orders);
    orders.into_iter().filter(|order| living.diary.covers(order.at)).collect()
}

fn outcome(living: &mut Living<'_>, orders: &[Order], events: &[WorldEvent]) -> Outcome {
    let n_orders_store = orders.iter().filter(|order| order.in_store).count() as u64;
    Outcome {
        n_events: events.len() as u64,
        n_orders_online: orders.len() as u64 - n_orders_store,
        n_orders_store,
        revenue_cents: orders.iter().map(|order| order.amounts.revenue).sum(),
        returned_cents: orders.iter().map(|order| order.returned_cents).sum(),
        margin_cents: orders.iter().map(Order::margin_cents).sum(),
        plan_at_end: living.holdings.plan,
        email_consent_at_end: last_email_consent(events),
        banners_seen_at: std::mem::take(&mut living.tally.banners_seen_at),
        expected_orders: living.tally.expected_orders,
        expected_orders_without_messages: living.tally.expected_orders_without_messages,
    }
}

fn truth(living: Living<'_>, identifiers: Identifiers, outcome: Outcome) -> Truth {
    let ends_at = living.world.spec().ends_at;
    let is_alive = living.dies_at >= ends_at && living.nature.order_rate_per_week > 0.0;
    let died_at = Some(living.dies_at).filter(|at| *at < ends_at);
    Truth {
        person_id: living.person.id(),
        index: living.person.index,
        country: living.person.country.code.to_owned(),
        household_id: living.person.household.id(),
        household_size: living.person.household.members.end - living.person.household.members.start,
        account_id: living.person.account.as_ref().map(|account| account.id.clone()),
        referrer_id: living.referrer.map(person_id),
        arrival: living.birth.arrival,
        born_at: living.birth.at,
        died_at,
        expected_orders_next_year: if is_alive { next_year(&living.nature) } else { 0.0 },
        identifiers,
        nature: living.nature,
        outcome,
    }
}

/// λ/μ · (1 − e^(−52 μ)): orders while alive, of the 52 weeks to come.
fn next_year(nature: &Nature) -> f64 {
    let death = nature.death_rate_per_week;
    nature.order_rate_per_week / death * -(-52.0 * death).exp_m1()
}
