//! What does a store's till write down?
//!
//! Half of the receipts carry an e-mail address typed at the till (a slip in one
//! of nine), one in five a phone number, the rest no customer at all.

use crate::calendar::push_instant;
use crate::catalogue::PRODUCTS;
use crate::csv::push_row;
use crate::event::Line;
use crate::json::push_cents;
use crate::person::Person;
use crate::purse::Order;
use crate::seed::Stream;
use crate::typos::{mistype_email, retype_phone};

/// One purchase in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The receipt's id.
    pub receipt_id: String,
    /// When it was paid, µs UTC.
    pub at: i64,
    /// The store, named after its city.
    pub store: String,
    /// ISO 3166 code.
    pub country: &'static str,
    /// What the customer told at the till; empty if nothing.
    pub email: String,
    /// What the customer told at the till; empty if nothing.
    pub phone: String,
    /// What was bought.
    pub lines: Vec<Line>,
    /// Paid, tax included, in cents.
    pub total_cents: i64,
}

impl Receipt {
    /// The header of the file: one line for each product of a receipt.
    pub const CSV_HEADER: &'static str = "receipt_id,paid_at,store,country,email,phone,product_id,\
        product,quantity,net_amount,currency\n";

    /// Appends the receipt, one line for each product.
    pub fn to_csv(&self, out: &mut String) {
        let mut paid_at = String::new();
        push_instant(&mut paid_at, self.at);
        for line in &self.lines {
            let product = &PRODUCTS[usize::from(line.product)];
            let quantity = line.quantity.to_string();
            let mut amount = String::new();
            push_cents(&mut amount, line.cents());
            let fields: [&str; 11] = [
                &self.receipt_id,
                &paid_at,
                &self.store,
                self.country,
                &self.email,
                &self.phone,
                product.id,
                product.name,
                &quantity,
                &amount,
                "EUR",
            ];
            push_row(out, fields);
        }
    }
}

/// The receipt of an order in a store.
pub(crate) fn of_order(order: &Order, person: &Person, s: &mut Stream) -> Receipt {
    let told = s.weighted(&[50.0, 20.0, 30.0]);
    let has_slip = s.chance(1.0 / 9.0);
    let email = match told {
        0 if has_slip => mistype_email(s, &person.email),
        0 => person.email.to_string(),
        _ => String::new(),
    };
    let phone = match (&person.phone, told) {
        (Some(phone), 1) => retype_phone(s, phone),
        _ => String::new(),
    };
    Receipt {
        receipt_id: format!("R-{:014X}", person.seed.named(&order.id).bits() >> 8),
        at: order.at,
        store: format!("Northlight Store {}", person.city),
        country: person.country.code,
        email,
        phone,
        lines: order.lines.clone(),
        total_cents: order.amounts.total(),
    }
}
