//! What is true of a customer, that estimators are graded against?
//!
//! The truth is written apart from the events (one JSON object per line, by
//! `serde`), and nothing of it is in them.

use crate::catalogue::Plan;
use crate::event::{Method, Value, WorldEvent};
use crate::nature::Nature;
use crate::spend::Arrival;
use serde::{Deserialize, Serialize};

/// The truth of one customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// The true person, `P` and eight digits.
    pub person_id: String,
    /// The customer's index in the world.
    pub index: u64,
    /// ISO 3166 code of the country of residence.
    pub country: String,
    /// The household; its members have indices that follow one another.
    pub household_id: String,
    /// How many live there, some perhaps unknown to Northlight.
    pub household_size: u64,
    /// The account, for its contacts.
    pub account_id: Option<String>,
    /// The person who told them of Northlight.
    pub referrer_id: Option<String>,
    /// What brought them first.
    pub arrival: Arrival,
    /// First contact, µs UTC.
    pub born_at: i64,
    /// When they lost interest for good, µs UTC; none if they have not by the end.
    pub died_at: Option<i64>,
    /// Expected orders in the 52 weeks after the end, without season and messages; 0 if dead.
    pub expected_orders_next_year: f64,
    /// Everything that points to this person.
    pub identifiers: Identifiers,
    /// The hidden parameters.
    pub nature: Nature,
    /// What came of them in the window.
    pub outcome: Outcome,
}

/// All identifiers under which a person appears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifiers {
    /// The shop's id, if they opened an account.
    pub user_id: Option<String>,
    /// Ids of their own devices.
    pub anonymous_ids: Vec<String>,
    /// Ids of devices that the household shares.
    pub shared_anonymous_ids: Vec<String>,
    /// Addresses in events, as they were given.
    pub emails: Vec<String>,
    /// The address belongs to the household.
    pub email_is_shared: bool,
    /// Phone numbers in events.
    pub phones: Vec<String>,
    /// Records of the CRM.
    pub crm_ids: Vec<String>,
    /// Receipts of stores.
    pub receipt_ids: Vec<String>,
}

/// What came of a customer in the window. Money in euro cents, net of tax.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Events in the window.
    pub n_events: u64,
    /// Orders on the web and in the app, cancelled ones included.
    pub n_orders_online: u64,
    /// Purchases in stores.
    pub n_orders_store: u64,
    /// Net revenue of all orders, returns not taken off.
    pub revenue_cents: i64,
    /// Of that, cancelled or sent back within the window.
    pub returned_cents: i64,
    /// Margin of all orders after discounts, returns not taken off.
    pub margin_cents: i64,
    /// The plan subscribed to at the end.
    pub plan_at_end: Option<Plan>,
    /// The last answer to marketing by e-mail.
    pub email_consent_at_end: Option<bool>,
    /// When retargeting banners were seen, µs UTC: no event tells of them.
    pub banners_seen_at: Vec<i64>,
    /// Sum over the days of life of the probability of an order, as they were.
    pub expected_orders: f64,
    /// The same days and state, but no message of any kind had an effect on that day.
    pub expected_orders_without_messages: f64,
}

impl Identifiers {
    /// Collects what the events carry; `is_shared` tells devices of the household.
    pub(crate) fn of_events(
        events: &[WorldEvent],
        is_shared: impl Fn(&str) -> bool,
    ) -> Identifiers {
        let mut found = Identifiers::default();
        for event in events {
            let user_id = event.user_id.as_deref();
            if found.user_id.is_none() {
                found.user_id = user_id.map(str::to_owned);
            }
            for id in event.anonymous_id.iter().chain(&event.previous_id) {
                let ids = if is_shared(id) {
                    &mut found.shared_anonymous_ids
                } else {
                    &mut found.anonymous_ids
                };
                add(ids, id);
            }
            if event.method == Method::Identify {
                add_text(&mut found.emails, event.field("email"));
                add_text(&mut found.phones, event.field("phone"));
            }
        }
        found
    }
}

/// The last answer to marketing by e-mail in a life's events.
pub(crate) fn last_email_consent(events: &[WorldEvent]) -> Option<bool> {
    let last = events.iter().rev().find(|event| {
        event.name == "Consent Changed" && event.field("channel") == Some(&Value::Text("email"))
    });
    match last?.field("granted") {
        Some(Value::Flag(granted)) => Some(*granted),
        _ => None,
    }
}

fn add_text(list: &mut Vec<String>, value: Option<&Value>) {
    if let Some(Value::Shared(text)) = value {
        add(list, text);
    }
}

/// Newest first is the likeliest match, so the search runs backwards.
fn add(list: &mut Vec<String>, text: &str) {
    if !list.iter().rev().any(|known| known == text) {
        list.push(text.to_owned());
    }
}
