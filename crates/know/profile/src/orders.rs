//! What did the customer order, and what became of it?
//!
//! An order is what its events say together, whatever order they come in and whoever sends them:
//! the same order id from the browser and from the server is one order.

use crate::bounds::evict;
use crate::latest::{Latest, earliest, put};
use crate::order_event::{OrderSaid, ProductSaid};
use crate::semantic::OrderStep;
use crate::settlement::{Held, Tally};
use base::{Currency, Limits, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Lines kept of one order.
const LINES_MAX: usize = 200;

/// An amount in minor units; ordered, so that ties are broken by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Amount {
    pub(crate) minor: i64,
    pub(crate) currency: Currency,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) product: Box<str>,
    pub(crate) quantity_milli: i64,
    pub(crate) price_minor: Option<i64>,
}

/// The lines that one event lists. The sums are over all of them, the lines up to the bound.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Lines {
    pub(crate) currency: Currency,
    /// `None` where no line has a price.
    pub(crate) sum_minor: Option<i64>,
    pub(crate) quantity_milli: i64,
    pub(crate) lines: Vec<Line>,
}

/// What was given back of an order: sums over its refunds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refund {
    /// A refund named neither an amount nor products: everything was given back.
    pub(crate) is_whole: bool,
    pub(crate) amounts: BTreeMap<Currency, i64>,
    /// Thousandths of a piece that came back, by product.
    pub(crate) returned: BTreeMap<Box<str>, i64>,
    /// The part of `returned` whose refund named no amount; it is worth the price of the order.
    pub(crate) unpriced: BTreeMap<Box<str>, i64>,
}

/// One order: what all of its events say together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrderCell {
    pub(crate) completed_at: Option<Timestamp>,
    pub(crate) updated_at: Option<Timestamp>,
    pub(crate) cancelled_at: Option<Timestamp>,
    pub(crate) refunded_at: Option<Timestamp>,
    /// The latest of its events; what an order is ranked by when there are too many.
    pub(crate) active_at: Timestamp,
    pub(crate) stated: Option<Latest<Amount>>,
    pub(crate) lines: Option<Latest<Lines>>,
    pub(crate) coupon: Option<Latest<Box<str>>>,
    pub(crate) refund: Option<Box<Refund>>,
}

/// What a product is called: (name, category).
pub(crate) type Note = (Option<Box<str>>, Option<Box<str>>);

/// The orders of one fragment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Orders {
    pub(crate) by_id: BTreeMap<Box<str>, OrderCell>,
    pub(crate) names: BTreeMap<Box<str>, Latest<Note>>,
    /// Orders beyond the bound, as sums.
    pub(crate) older: Tally,
}

impl Orders {
    pub(crate) fn is_empty(&self) -> bool {
        self.by_id.is_empty() && self.older.is_empty()
    }

    pub(crate) fn absorb(
        &mut self,
        said: OrderSaid,
        step: OrderStep,
        at: Timestamp,
        limits: &Limits,
    ) {
        for product in said.products.iter().flatten() {
            self.note(product, at, limits);
        }
        let id = said.order.clone();
        self.put(id, OrderCell::new(said, step, at));
        let evicted =
            evict(&mut self.by_id, limits.orders_per_customer_max, |_, cell| cell.active_at);
        for (_, cell) in evicted {
            self.older.add(&cell);
            self.older.bound(limits.holdings_per_customer_max);
        }
    }

    pub(crate) fn join(&mut self, other: Self) {
        for (id, theirs) in other.by_id {
            self.put(id, theirs);
        }
        for (product, theirs) in other.names {
            self.put_name(product, theirs);
        }
        self.older.join(other.older);
    }

    fn note(&mut self, product: &ProductSaid, at: Timestamp, limits: &Limits) {
        if product.name.is_none() && product.category.is_none() {
            return;
        }
        let note = Latest::new(at, (product.name.clone(), product.category.clone()));
        self.put_name(product.product.clone(), note);
        evict(&mut self.names, limits.holdings_per_customer_max, |_, note| note.at);
    }

    fn put(&mut self, id: Box<str>, theirs: OrderCell) {
        match self.by_id.get_mut(&id) {
            Some(ours) => ours.join(theirs),
            None => drop(self.by_id.insert(id, theirs)),
        }
    }

    fn put_name(&mut self, product: Box<str>, theirs: Latest<Note>) {
        match self.names.get_mut(&product) {
            Some(ours) => ours.join(theirs),
            None => drop(self.names.insert(product, theirs)),
        }
    }
}

impl OrderCell {
    fn new(said: OrderSaid, step: OrderStep, at: Timestamp) -> Self {
        let mut cell = Self { active_at: at, ..Self::default() };
        match step {
            OrderStep::Completed => cell.completed_at = Some(at),
            OrderStep::Updated => cell.updated_at = Some(at),
            OrderStep::Cancelled => cell.cancelled_at = Some(at),
            OrderStep::Refunded => {
                cell.refunded_at = Some(at);
                cell.refund = Some(Box::new(Refund::new(said)));
                return cell;
            }
        }
        cell.stated =
            said.amount.map(|m| Latest::new(at, Amount { minor: m.minor, currency: m.currency }));
        cell.coupon = said.coupon.map(|coupon| Latest::new(at, coupon));
        let products = said.products.filter(|products| !products.is_empty());
        cell.lines = products.map(|p| Latest::new(at, Lines::new(&p, said.currency)));
        cell
    }

    fn join(&mut self, other: Self) {
        self.completed_at = earliest(self.completed_at, other.completed_at);
        self.updated_at = earliest(self.updated_at, other.updated_at);
        self.cancelled_at = earliest(self.cancelled_at, other.cancelled_at);
        self.refunded_at = earliest(self.refunded_at, other.refunded_at);
        self.active_at = self.active_at.max(other.active_at);
        if let Some(stated) = other.stated {
            put(&mut self.stated, stated);
        }
        if let Some(lines) = other.lines {
            put(&mut self.lines, lines);
        }
        if let Some(coupon) = other.coupon {
            put(&mut self.coupon, coupon);
        }
        match (&mut self.refund, other.refund) {
            (Some(ours), Some(theirs)) => ours.join(*theirs),
            (ours @ None, theirs) => *ours = theirs,
            (Some(_), None) => {}
        }
    }

    /// Whether an event said that the order was placed; otherwise it is known only by what came
    /// after.
    pub(crate) fn is_placed(&self) -> bool {
        self.completed_at.is_some() || self.updated_at.is_some()
    }

    /// When it was placed, or else the first that was heard of it.
    pub(crate) fn at(&self) -> Timestamp {
        let placed = self.completed_at.or(self.updated_at);
        let heard = placed.or_else(|| earliest(self.cancelled_at, self.refunded_at));
        heard.unwrap_or(self.active_at)
    }
}

impl Lines {
    fn new(products: &[ProductSaid], currency: Currency) -> Self {
        let amounts: Vec<i64> = products.iter().filter_map(ProductSaid::amount_minor).collect();
        let sum = amounts.iter().fold(0i64, |sum, &amount| sum.saturating_add(amount));
        let line = |p: &ProductSaid| Line {
            product: p.product.clone(),
            quantity_milli: p.quantity_milli,
            price_minor: p.price.map(|price| price.minor),
        };
        let quantity = products.iter().fold(0i64, |n, p| n.saturating_add(p.quantity_milli));
        Self {
            currency,
            sum_minor: (!amounts.is_empty()).then_some(sum),
            quantity_milli: quantity,
            lines: products.iter().take(LINES_MAX).map(line).collect(),
        }
    }
}

impl Refund {
    /// The amount is `total`, else `revenue`, else the sum of the products' prices, whatever its
    /// sign; products without any amount are worth what the order says.
    fn new(said: OrderSaid) -> Self {
        let products = said.products.unwrap_or_default();
        let mut refund =
            Self { is_whole: said.amount.is_none() && products.is_empty(), ..Self::default() };
        for product in &products {
            let returned = refund.returned.entry(product.product.clone()).or_default();
            *returned = returned.saturating_add(product.quantity_milli.saturating_abs());
        }
        if let Some(amount) = said.amount {
            refund.amounts.insert(amount.currency, amount.minor.saturating_abs());
            return refund;
        }
        for product in products {
            let places = (&mut refund.amounts, &mut refund.unpriced);
            if let Some(minor) = product.amount_minor() {
                add(places.0, said.currency, minor.saturating_abs());
            } else {
                add(places.1, product.product, product.quantity_milli.saturating_abs());
            }
        }
        refund
    }

    fn join(&mut self, other: Self) {
        self.is_whole |= other.is_whole;
        other.amounts.into_iter().for_each(|(currency, n)| add(&mut self.amounts, currency, n));
        other.returned.into_iter().for_each(|(product, n)| add(&mut self.returned, product, n));
        other.unpriced.into_iter().for_each(|(product, n)| add(&mut self.unpriced, product, n));
    }
}

/// Adds `n` to the sum under `key`.
fn add<K: Ord>(sums: &mut BTreeMap<K, i64>, key: K, n: i64) {
    let sum = sums.entry(key).or_default();
    *sum = sum.saturating_add(n);
}

impl Held {
    /// Takes `quantity_milli` more, held since `since` where it is known.
    pub(crate) fn add(&mut self, quantity_milli: i64, since: Option<Timestamp>) {
        self.quantity_milli = self.quantity_milli.saturating_add(quantity_milli);
        self.since = earliest(self.since, since);
    }
}
