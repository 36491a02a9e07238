//! How does somebody buy, and what becomes of the order?
//!
//! 1 + Poisson(0.7) lines; one piece each, 1 + Poisson(1) of what is bought in
//! numbers; accounts buy log-normal quantities (median 6). Of the orders, 2.5 %
//! are cancelled within a day, 3.5 % are sent back whole and 3 % in part after 8
//! to 25 days. What stays is set up after 2 to 9 days, 85 % of the devices.

use crate::agenda::Task;
use crate::calendar::{DAY, HOUR, MINUTE, SECOND, day_of};
use crate::campaign::MailKind;
use crate::catalogue::{Category, PRODUCTS};
use crate::event::{Fields, Line, Method, Value};
use crate::living::Living;
use crate::nature::Kind;
use crate::purse::{Amounts, Order, is_bought_in_numbers, is_device};
use crate::seasons::{Hours, moment, whole_ms};
use crate::speaking::call;
use crate::visiting::{CHECKOUT, THANKS, Visit};

/// What is agreed at a till.
struct Sale {
    lines: Vec<Line>,
    discount_percent: i64,
    coupon: Option<&'static str>,
    in_store: bool,
}

impl Living<'_> {
    /// An order on the web or in the app, from the first look to the thank-you page.
    pub(crate) fn order_online(&mut self, visit: &mut Visit) {
        self.fill_cart(visit);
        self.see_cart(visit);
        let is_guest = self.nature.guest && self.purse.orders.is_empty();
        if !self.standing.has_account && !is_guest {
            self.sign_up(visit);
        }
        self.start_checkout(visit);
        if !self.standing.has_account {
            self.check_out_as_guest(visit);
        }
        self.finish_checkout(visit);
    }

    /// A purchase in a store: only the receipt knows of it.
    pub(crate) fn order_in_store(&mut self, at: i64) {
        let lines = self.draw_lines();
        self.book(at, Sale { lines, discount_percent: 0, coupon: None, in_store: true });
        self.busy_until = at + 20 * MINUTE;
    }

    fn fill_cart(&mut self, visit: &mut Visit) {
        let lines = self.draw_lines();
        self.purse.cart.truncate(1);
        for line in lines {
            let known = self.purse.cart.iter().any(|other| other.product == line.product);
            if !known {
                self.view(visit, line.product);
                self.add_to_cart(visit, line);
            }
        }
    }

    fn draw_lines(&mut self) -> Vec<Line> {
        let n_lines = 1 + self.streams.basket.poisson(0.7);
        let mut lines: Vec<Line> = Vec::with_capacity(n_lines);
        let wants_hub = self.streams.basket.chance(0.35);
        if self.purse.orders.is_empty() && wants_hub {
            lines.push(Line {
                product: self.streams.basket.weighted(&[1.2, 1.6, 0.6]) as u16,
                quantity: 1,
            });
        }
        for _ in 0..n_lines {
            let product = self.streams.basket.cumulative(&self.purse.wishes) as u16;
            let quantity = self.draw_quantity(product);
            if lines.iter().all(|line| line.product != product) {
                lines.push(Line { product, quantity });
            }
        }
        lines
    }

    fn draw_quantity(&mut self, product: u16) -> u16 {
        if self.nature.kind == Kind::Business {
            return self.streams.basket.log_normal(6.0, 0.9).clamp(1.0, 400.0) as u16;
        }
        let more = self.streams.basket.poisson(1.0).min(9) as u16;
        if is_bought_in_numbers(product) { 1 + more } else { 1 }
    }

    /// The first steps at the till, whether or not the last one follows.
    pub(crate) fn start_checkout(&mut self, visit: &mut Visit) {
        self.open(visit, CHECKOUT, "Checkout");
        let value = self.purse.cart.iter().map(|line| line.cents()).sum();
        let fields = vec![
            ("order_id", Value::Shared(self.purse.order_id(&self.person))),
            ("value", Value::Cents(value)),
            ("currency", Value::Text("EUR")),
            ("products", Value::Lines(self.purse.cart.clone())),
        ];
        self.track(visit, "Checkout Started", fields);
    }

    fn finish_checkout(&mut self, visit: &mut Visit) {
        let checkout_id = self.purse.cart_id(&self.person);
        let shipping =
            self.streams.basket.pick(&["standard", "standard", "express", "pickup point"]);
        let payment =
            self.streams.basket.pick(&["card", "card", "paypal", "invoice", "bank transfer"]);
        let step = |number, extra: Option<(&'static str, Value)>| {
            let mut fields =
                vec![("checkout_id", checkout_id.clone()), ("step", Value::Int(number))];
            fields.extend(extra);
            fields
        };
        let shipping = Some(("shipping_method", Value::Text(shipping)));
        let payment = ("payment_method", Value::Text(payment));
        self.track(visit, "Checkout Step Completed", step(1, shipping));
        self.track(visit, "Checkout Step Completed", step(2, Some(payment.clone())));
        self.track(visit, "Payment Info Entered", step(3, Some(payment)));
        let (discount_percent, coupon) = self.draw_coupon();
        let lines = std::mem::take(&mut self.purse.cart);
        let sale = Sale { lines, discount_percent, coupon, in_store: false };
        let fields = self.book(visit.at, sale);
        self.track(visit, "Order Completed", fields);
        self.open(visit, THANKS, "Order Confirmation");
    }

    /// Those who are under an offer, and those who count every cent, have a coupon.
    fn draw_coupon(&mut self) -> (i64, Option<&'static str>) {
        let under_offer = self.pressure.offer() > 0.3;
        let p = if under_offer { 0.75 } else { 0.02 + 0.15 * self.nature.price_sensitivity };
        let has_one = self.streams.basket.chance(p);
        let choice = self.streams.basket.weighted(&[5.0, 3.0, 2.0]);
        match (has_one, choice) {
            (false, _) => (0, None),
            (true, 0) => (10, Some("NORTH10")),
            (true, 1) => (15, Some("BRIGHT15")),
            (true, _) => (20, Some("HOME20")),
        }
    }

    /// Enters an order into the purse and plans what follows from it.
    fn book(&mut self, at: i64, sale: Sale) -> Fields {
        let Sale { lines, discount_percent, coupon, in_store } = sale;
        let tax_percent = self.person.country.tax_percent;
        let amounts = Amounts::of(&lines, discount_percent, tax_percent, in_store);
        let id = self.purse.order_id(&self.person);
        let order = Order { id, at, lines, amounts, coupon, in_store, returned_cents: 0 };
        let fields = order.fields();
        self.purse.orders.push(order);
        self.purse.last_order_day = Some(day_of(at));
        if !in_store {
            let campaign = self.world.campaigns().triggered(MailKind::OrderConfirmation).clone();
            self.agenda.plan(at + 90 * SECOND, Task::Mail(campaign));
        }
        self.plan_fate(at);
        fields
    }

    fn plan_fate(&mut self, at: i64) {
        let position = self.purse.orders.len() - 1;
        let fate = self.streams.own.weighted(&[2.5, 3.5, 3.0, 91.0]);
        let later = whole_ms(self.streams.own.between(8.0, 25.0) * DAY as f64);
        let in_store = self.purse.orders[position].in_store;
        match fate {
            0 if !in_store => {
                let soon = whole_ms(self.streams.own.between(1.0, 20.0) * HOUR as f64);
                return self.agenda.plan(at + soon, Task::Cancelled(position));
            }
            1 => self.agenda.plan(at + later, Task::Refunded(position, true)),
            2 => self.agenda.plan(at + later, Task::Refunded(position, false)),
            _ => {}
        }
        self.plan_set_ups(at, position);
    }

    fn plan_set_ups(&mut self, at: i64, position: usize) {
        let days = self.streams.own.between(2.0, 9.0);
        let evening = moment(&mut self.streams.own, Hours::Home);
        let start = self.midnight(day_of(at) + 1 + days as i64) + evening;
        let products: Vec<u16> =
            self.purse.orders[position].lines.iter().map(|line| line.product).collect();
        for (i, product) in products.into_iter().enumerate() {
            let is_set_up = self.streams.own.chance(0.85);
            if is_set_up && is_device(product) && self.nature.kind != Kind::Business {
                self.agenda.plan(start + i as i64 * 8 * MINUTE, Task::SetUp(product));
            }
        }
    }

    /// The shop's server tells that an order is not sent.
    pub(crate) fn order_cancelled(&mut self, at: i64, position: usize) {
        let order = &mut self.purse.orders[position];
        if self.diary.covers(at) {
            order.returned_cents = order.amounts.revenue;
        }
        let fields = order.fields();
        self.say_from_server(at, call(Method::Track, "Order Cancelled", fields), false);
    }

    /// The shop's server tells that goods came back; of a store's, only the receipts know.
    pub(crate) fn order_refunded(&mut self, at: i64, position: usize, whole: bool) {
        let order = &mut self.purse.orders[position];
        let lines = if whole { order.lines.clone() } else { order.lines[..1].to_vec() };
        let goods: i64 = order.lines.iter().map(|line| line.cents()).sum();
        let back: i64 = lines.iter().map(|line| line.cents()).sum();
        let revenue = order.amounts.revenue * back / goods.max(1);
        if self.diary.covers(at) {
            order.returned_cents = revenue;
        }
        if order.in_store {
            return;
        }
        let tax = revenue * self.person.country.tax_percent / 100;
        let fields = vec![
            ("order_id", Value::Shared(order.id.clone())),
            ("total", Value::Cents(revenue + tax)),
            ("revenue", Value::Cents(revenue)),
            ("tax", Value::Cents(tax)),
            ("currency", Value::Text("EUR")),
            ("products", Value::Lines(lines)),
        ];
        self.say_from_server(at, call(Method::Track, "Order Refunded", fields), false);
    }
}

/// Is it something that many have fitted by an installer?
pub(crate) fn is_fitted(product: u16) -> bool {
    matches!(PRODUCTS[usize::from(product)].category, Category::Locks | Category::Thermostats)
}
