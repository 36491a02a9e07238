//! What do the orders come to: what was paid, what was given back, what is held?
//!
//! The amount of an order is the latest stated one: the event's `total` (with shipping, tax and
//! discounts), else its `revenue` (without shipping and tax), and where no event states either,
//! the sum of price times quantity over the latest list of products. Refunds reduce what was
//! paid, by at most the amount of the order; cancelled orders are counted and otherwise left out.
//! A refund whose order was never seen reduces what was paid as well. An amount without a currency
//! is in [`Currency::NONE`], and taken to be in the order's own where it is a refund.

use crate::order_event::times;
use crate::orders::{Lines, OrderCell, Orders};
use base::{Currency, Money, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// It was placed.
    Completed,
    /// It was changed after it was placed.
    Updated,
    /// It was called off.
    Cancelled,
    /// All of it was given back.
    Refunded,
    /// Part of it was given back.
    PartlyRefunded,
}

impl OrderStatus {
    /// The status as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Updated => "updated",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
            Self::PartlyRefunded => "partly_refunded",
        }
    }
}

/// One product of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderLine {
    /// The product's id, else its SKU, else its name.
    pub product_id: String,
    /// What it is called, by the latest event that says so.
    pub name: Option<String>,
    /// Pieces; fractions are kept to the thousandth.
    pub quantity: f64,
    /// The price of one piece.
    pub price: Option<Money>,
}

/// One order.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The sender's number of it; `event:…` where there was none.
    pub order_id: String,
    /// When it was placed, or else the first that was heard of it.
    pub at: Timestamp,
    /// Its amount, before refunds; `None` where no event tells.
    pub total: Option<Money>,
    /// Where it stands.
    pub status: OrderStatus,
    /// What was given back, at most the amount.
    pub refunded: Option<Money>,
    /// Pieces in all lines.
    pub n_items: f64,
    /// The lines, as listed last.
    pub products: Vec<OrderLine>,
    /// The coupon that was redeemed.
    pub coupon: Option<String>,
}

/// What the orders in one currency come to, in its minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderTotals {
    /// The currency.
    pub currency: Currency,
    /// Orders that were placed and not cancelled.
    pub n_orders: u64,
    /// What was paid for them, less what was given back.
    pub revenue_minor: i64,
    /// What was given back.
    pub refunded_minor: i64,
    /// Orders that were cancelled.
    pub n_cancelled: u64,
}

impl OrderTotals {
    fn none(currency: Currency) -> Self {
        Self { currency, n_orders: 0, revenue_minor: 0, refunded_minor: 0, n_cancelled: 0 }
    }

    fn join(&mut self, other: &Self) {
        self.n_orders += other.n_orders;
        self.n_cancelled += other.n_cancelled;
        self.revenue_minor = self.revenue_minor.saturating_add(other.revenue_minor);
        self.refunded_minor = self.refunded_minor.saturating_add(other.refunded_minor);
    }

    /// What was paid for an order on average; `None` without orders.
    #[must_use]
    pub fn average(&self) -> Option<Money> {
        let n = i128::from(self.n_orders);
        let sum = i128::from(self.revenue_minor);
        let rounded = (2 * sum + n * sum.signum()).checked_div(2 * n)?;
        Some(Money { minor: i64::try_from(rounded).ok()?, currency: self.currency })
    }
}

/// A product that the customer has.
#[derive(Clone, Debug, PartialEq)]
pub struct Holding {
    /// The product's id, else its SKU, else its name.
    pub product_id: String,
    /// What it is called, by the latest event that says so.
    pub name: Option<String>,
    /// Its category, likewise.
    pub category: Option<String>,
    /// Pieces ordered and not given back; more than 0.
    pub quantity: f64,
    /// When the first order of it that stands was placed.
    pub since: Timestamp,
}

/// How much of a product came and went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) quantity_milli: i64,
    pub(crate) since: Option<Timestamp>,
}

/// Sums over orders; joining two adds them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tally {
    totals: Vec<OrderTotals>,
    held: BTreeMap<Box<str>, Held>,
    first_order_at: Option<Timestamp>,
}

/// What an order comes to.
struct Settlement {
    currency: Currency,
    total: Option<i64>,
    refunded: i64,
    is_whole_refunded: bool,
}

impl OrderCell {
    fn settle(&self) -> Settlement {
        let stated = self.stated.as_ref().map(|stated| stated.value);
        let lines = self.lines.as_ref().map(|lines| &lines.value);
        let currency = stated.map(|s| s.currency).or_else(|| lines.map(|l| l.currency));
        let refund_currency =
            || self.refund.as_ref().and_then(|r| r.amounts.keys().next_back().copied());
        let currency = currency.or_else(refund_currency).unwrap_or(Currency::NONE);
        let total = stated.map(|s| s.minor).or_else(|| lines.and_then(|l| l.sum_minor));
        let refunded = self.refunded(currency, total);
        let is_whole_refunded = self.refund.as_ref().is_some_and(|refund| {
            refund.is_whole || total.is_some_and(|total| total > 0 && refunded >= total)
        });
        Settlement { currency, total, refunded, is_whole_refunded }
    }

    fn refunded(&self, currency: Currency, total: Option<i64>) -> i64 {
        let Some(refund) = &self.refund else { return 0 };
        let bound = total.filter(|_| self.is_placed()).map(|total| total.max(0));
        if let (true, Some(total)) = (refund.is_whole, bound) {
            return total;
        }
        let same = |(&other, &minor): (&Currency, &i64)| {
            if other == currency {
                Some(minor)
            } else {
                (other == Currency::NONE).then(|| in_currency(minor, currency))
            }
        };
        let stated = refund.amounts.iter().filter_map(same).fold(0i64, i64::saturating_add);
        let lines = self.lines.as_ref().map(|lines| &lines.value);
        let unpriced = refund.unpriced.iter().filter_map(|(product, &milli)| {
            let price = lines?.price_of(product)?;
            Some(times(price, milli))
        });
        let sum = unpriced.fold(stated, i64::saturating_add);
        bound.map_or(sum, |bound| sum.min(bound))
    }

    fn status(&self, settled: &Settlement) -> OrderStatus {
        if self.cancelled_at.is_some() {
            OrderStatus::Cancelled
        } else if settled.is_whole_refunded || (self.refund.is_some() && !self.is_placed()) {
            OrderStatus::Refunded
        } else if self.refund.is_some() {
            OrderStatus::PartlyRefunded
        } else if self.updated_at.is_some() {
            OrderStatus::Updated
        } else {
            OrderStatus::Completed
        }
    }
}

impl Lines {
    fn price_of(&self, product: &str) -> Option<i64> {
        self.lines.iter().find(|line| *line.product == *product)?.price_minor
    }
}

/// An amount that was read without a currency, so with two digits, in minor units of `currency`.
fn in_currency(minor: i64, currency: Currency) -> i64 {
    let major = Money { minor, currency: Currency::NONE }.to_major();
    Money::from_major(major, currency).map_or(minor, |money| money.minor)
}

impl Tally {
    pub(crate) fn is_empty(&self) -> bool {
        self.totals.is_empty()
    }

    /// The sums over all orders that are kept one by one, and over the older ones.
    pub(crate) fn of(orders: &Orders) -> Self {
        let mut tally = orders.older.clone();
        orders.by_id.values().for_each(|cell| tally.add(cell));
        tally
    }

    /// What the orders come to, without what is held.
    pub(crate) fn totals_of(orders: &Orders) -> Vec<OrderTotals> {
        let mut tally = Self { totals: orders.older.totals.clone(), ..Self::default() };
        for cell in orders.by_id.values() {
            tally.add_amounts(cell);
        }
        tally.totals()
    }

    pub(crate) fn add(&mut self, cell: &OrderCell) {
        let settled = self.add_amounts(cell);
        if cell.cancelled_at.is_none() {
            self.add_holdings(cell, &settled);
        }
    }

    fn add_amounts(&mut self, cell: &OrderCell) -> Settlement {
        let settled = cell.settle();
        let totals = self.totals_in(settled.currency);
        if cell.cancelled_at.is_some() {
            totals.n_cancelled += 1;
        } else {
            let placed = settled.total.filter(|_| cell.is_placed()).unwrap_or(0);
            totals.n_orders += u64::from(cell.is_placed());
            totals.refunded_minor = totals.refunded_minor.saturating_add(settled.refunded);
            let net = placed.saturating_sub(settled.refunded);
            totals.revenue_minor = totals.revenue_minor.saturating_add(net);
            if cell.is_placed() {
                let at = Some(cell.at());
                self.first_order_at = crate::latest::earliest(self.first_order_at, at);
            }
        }
        settled
    }

    fn add_holdings(&mut self, cell: &OrderCell, settled: &Settlement) {
        if settled.is_whole_refunded {
            return;
        }
        if let Some(lines) = cell.lines.as_ref().filter(|_| cell.is_placed()) {
            for line in &lines.value.lines {
                let since = (line.quantity_milli > 0).then(|| cell.at());
                self.hold(&line.product, line.quantity_milli, since);
            }
        }
        for (product, milli) in cell.refund.iter().flat_map(|refund| &refund.returned) {
            self.hold(product, milli.saturating_neg(), None);
        }
    }

    fn hold(&mut self, product: &str, milli: i64, since: Option<Timestamp>) {
        match self.held.get_mut(product) {
            Some(held) => held.add(milli, since),
            None => {
                let held = Held { quantity_milli: milli, since };
                self.held.insert(product.into(), held);
            }
        }
    }

    pub(crate) fn join(&mut self, other: Self) {
        for totals in &other.totals {
            self.totals_in(totals.currency).join(totals);
        }
        for (product, held) in other.held {
            self.hold(&product, held.quantity_milli, held.since);
        }
        self.first_order_at = crate::latest::earliest(self.first_order_at, other.first_order_at);
    }

    /// Forgets products beyond `n_max`, those with the smallest names staying.
    pub(crate) fn bound(&mut self, n_max: usize) {
        while self.held.len() > n_max {
            self.held.pop_last();
        }
    }

    pub(crate) fn first_order_at(&self) -> Option<Timestamp> {
        self.first_order_at
    }

    /// The sums by currency, the one with the most orders first.
    pub(crate) fn totals(&self) -> Vec<OrderTotals> {
        let mut totals = self.totals.clone();
        totals.sort_by_key(|t| (std::cmp::Reverse((t.n_orders, t.revenue_minor)), t.currency));
        totals
    }

    /// What is held, the latest first.
    pub(crate) fn holdings(&self, orders: &Orders) -> Vec<Holding> {
        let held = self.held.iter().filter(|(_, held)| held.quantity_milli > 0);
        let shown = held.filter_map(|(product, held)| {
            let note = orders.names.get(product).map(|note| &note.value);
            Some(Holding {
                product_id: product.to_string(),
                name: note.and_then(|note| note.0.as_deref()).map(Into::into),
                category: note.and_then(|note| note.1.as_deref()).map(Into::into),
                quantity: pieces(held.quantity_milli),
                since: held.since?,
            })
        });
        let mut shown: Vec<_> = shown.collect();
        shown.sort_by(|a, b| b.since.cmp(&a.since).then_with(|| a.product_id.cmp(&b.product_id)));
        shown
    }

    fn totals_in(&mut self, currency: Currency) -> &mut OrderTotals {
        let place = self.totals.binary_search_by_key(&currency, |totals| totals.currency);
        let place = place.unwrap_or_else(|place| {
            self.totals.insert(place, OrderTotals::none(currency));
            place
        });
        &mut self.totals[place]
    }
}

impl Orders {
    /// The orders that are kept one by one, the latest first.
    pub(crate) fn shown(&self) -> Vec<Order> {
        let mut shown: Vec<_> = self.by_id.iter().map(|(id, cell)| self.show(id, cell)).collect();
        shown.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.order_id.cmp(&b.order_id)));
        shown
    }

    fn show(&self, id: &str, cell: &OrderCell) -> Order {
        let settled = cell.settle();
        let money = |minor| Money { minor, currency: settled.currency };
        let lines = cell.lines.as_ref().map(|lines| &lines.value);
        Order {
            order_id: id.into(),
            at: cell.at(),
            total: settled.total.map(money),
            status: cell.status(&settled),
            refunded: cell.refund.as_ref().map(|_| money(settled.refunded)),
            n_items: lines.map_or(0.0, |lines| pieces(lines.quantity_milli)),
            products: lines.map_or_else(Vec::new, |lines| self.show_lines(lines)),
            coupon: cell.coupon.as_ref().map(|coupon| coupon.value.to_string()),
        }
    }

    fn show_lines(&self, lines: &Lines) -> Vec<OrderLine> {
        let shown = lines.lines.iter().map(|line| OrderLine {
            product_id: line.product.to_string(),
            name: self
                .names
                .get(&line.product)
                .and_then(|note| note.value.0.as_deref())
                .map(Into::into),
            quantity: pieces(line.quantity_milli),
            price: line.price_minor.map(|minor| Money { minor, currency: lines.currency }),
        });
        shown.collect()
    }
}

fn pieces(milli: i64) -> f64 {
    milli as f64 / 1000.0
}

#[cfg(test)]
mod tests;
