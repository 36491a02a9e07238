//! Which products does an event speak of, for the catalogue of what has been seen?

use crate::order_event::{ProductSaid, read_order, read_product};
use crate::semantic::{OrderStep, Semantic};
use base::Money;
use lexicon::Event;

/// A product as an event describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductMention {
    /// Its id, else its SKU, else its name.
    pub product_id: String,
    /// What it is called.
    pub name: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// The price of one piece.
    pub price: Option<Money>,
    /// Whether it was ordered, not only looked at.
    pub is_ordered: bool,
}

/// The products that `event` describes: those of order events, and the one of a product viewed,
/// clicked, added or removed. Empty, at the cost of comparing a name, for every other event.
#[must_use]
pub fn products_mentioned(event: &Event) -> Vec<ProductMention> {
    match Semantic::of(&event.name) {
        Some(Semantic::Order(step)) => {
            let is_ordered = matches!(step, OrderStep::Completed | OrderStep::Updated);
            let products = read_order(event).and_then(|said| said.products).unwrap_or_default();
            products.into_iter().map(|product| mention(product, is_ordered)).collect()
        }
        Some(Semantic::Product) => {
            read_product(event).map(|product| mention(product, false)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn mention(said: ProductSaid, is_ordered: bool) -> ProductMention {
    ProductMention {
        product_id: said.product.into(),
        name: said.name.map(Into::into),
        category: said.category.map(Into::into),
        price: said.price,
        is_ordered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Tell, day, track};
    use serde_json::json;

    #[test]
    fn products_of_orders_and_of_the_shop_window() {
        let check = |name: &str, said: serde_json::Value, expected: &[(&str, bool)]| {
            let found = products_mentioned(&track(day(0), name).properties(&said));
            let shown: Vec<_> =
                found.iter().map(|p| (p.product_id.as_str(), p.is_ordered)).collect();
            assert_eq!(shown, expected, "{name}");
        };
        let two = json!({"order_id": 1, "products": [{"product_id": "a"}, {"name": "B"}, {"price": 3}, 7]});
        check("Order Completed", two.clone(), &[("a", true), ("B", true)]);
        check("Order Refunded", two.clone(), &[("a", false), ("B", false)]);
        check("Cart Viewed", two, &[]);
        check("Product Viewed", json!({"sku": "S", "product_id": " "}), &[("S", false)]);
        check("Product Viewed", json!({}), &[]);
        let hub =
            json!({"product_id": "hub", "price": "12.50", "currency": "eur", "category": "Hubs"});
        let found = products_mentioned(&track(day(0), "Product Added").properties(&hub)).remove(0);
        let price = found.price.expect("a price");
        assert_eq!((price.minor, price.currency.code()), (1250, "EUR"));
        assert_eq!(found.category.as_deref(), Some("Hubs"));
    }
}
