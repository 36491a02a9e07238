//! What has a customer bought, for how much, and what lies in the cart?

use crate::catalogue::{Category, PRODUCTS};
use crate::event::{Fields, Line, Value, shared};
use crate::person::Person;
use std::sync::Arc;

/// Carts, orders and receipts of one customer.
pub(crate) struct Purse {
    /// Running totals of the wish for each product.
    pub(crate) wishes: Vec<f64>,
    pub(crate) cart: Vec<Line>,
    pub(crate) orders: Vec<Order>,
    pub(crate) last_order_day: Option<i64>,
}

/// One order, on the web, in the app or in a store.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) id: Arc<str>,
    pub(crate) at: i64,
    pub(crate) lines: Vec<Line>,
    pub(crate) amounts: Amounts,
    pub(crate) coupon: Option<&'static str>,
    pub(crate) in_store: bool,
    /// Cancelled, or sent back as a whole, in the window.
    pub(crate) returned_cents: i64,
}

/// The money of an order in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Amounts {
    /// The lines less the discount, without tax and shipping.
    pub(crate) revenue: i64,
    pub(crate) discount: i64,
    pub(crate) shipping: i64,
    pub(crate) tax: i64,
}

impl Amounts {
    /// Free shipping from 50 euros; tax on goods and shipping.
    pub(crate) fn of(
        lines: &[Line],
        discount_percent: i64,
        tax_percent: i64,
        in_store: bool,
    ) -> Amounts {
        let goods: i64 = lines.iter().map(|line| line.cents()).sum();
        let discount = goods * discount_percent / 100;
        let revenue = goods - discount;
        let shipping = if in_store || revenue >= 5000 { 0 } else { 490 };
        let tax = (revenue + shipping) * tax_percent / 100;
        Amounts { revenue, discount, shipping, tax }
    }

    /// What is paid.
    pub(crate) fn total(&self) -> i64 {
        self.revenue + self.shipping + self.tax
    }
}

impl Purse {
    pub(crate) fn new(wishes: Vec<f64>) -> Purse {
        Purse { wishes, cart: Vec::new(), orders: Vec::new(), last_order_day: None }
    }

    /// The id of the cart that will become the next order.
    pub(crate) fn cart_id(&self, person: &Person) -> Value {
        shared(format!("cart_{}_{}", &person.user_id[4..], self.orders.len() + 1))
    }

    /// The id of the next order.
    pub(crate) fn order_id(&self, person: &Person) -> Arc<str> {
        format!("NL-{}-{:03}", &person.user_id[4..], self.orders.len() + 1).into()
    }
}

impl Order {
    /// The properties of the order's events.
    pub(crate) fn fields(&self) -> Fields {
        let mut fields = vec![
            ("order_id", Value::Shared(self.id.clone())),
            ("total", Value::Cents(self.amounts.total())),
            ("revenue", Value::Cents(self.amounts.revenue)),
            ("shipping", Value::Cents(self.amounts.shipping)),
            ("tax", Value::Cents(self.amounts.tax)),
            ("discount", Value::Cents(self.amounts.discount)),
            ("currency", Value::Text("EUR")),
            ("products", Value::Lines(self.lines.clone())),
        ];
        if let Some(coupon) = self.coupon {
            fields.push(("coupon", Value::Text(coupon)));
        }
        fields
    }

    /// What is left of the price after the cost of goods, discounts taken off; in cents.
    pub(crate) fn margin_cents(&self) -> i64 {
        let margin: i64 = self
            .lines
            .iter()
            .map(|line| line.cents() * PRODUCTS[usize::from(line.product)].margin_percent / 100)
            .sum();
        margin - self.amounts.discount
    }
}

/// Is this a device with a serial number, to be set up in the app?
pub(crate) fn is_device(product: u16) -> bool {
    PRODUCTS[usize::from(product)].category != Category::Accessories
}

/// Do people buy several of it?
pub(crate) fn is_bought_in_numbers(product: u16) -> bool {
    matches!(
        PRODUCTS[usize::from(product)].category,
        Category::Sensors | Category::Lights | Category::Plugs | Category::Thermostats
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_add_up() {
        let lines = [Line { product: 0, quantity: 1 }];
        let amounts = Amounts::of(&lines, 10, 20, false);
        let expected = Amounts { revenue: 4410, discount: 490, shipping: 490, tax: 980 };
        assert_eq!(amounts, expected);
        assert_eq!(amounts.total(), 4410 + 490 + 980);
        assert_eq!(Amounts::of(&lines, 0, 20, true).shipping, 0);
    }
}
