//! Which products does an event speak of, for the catalogue of what has been seen?

use crate::order_event::{read_listed, read_shown};
use crate::semantic::Semantic;
use base::Money;
use lexicon::Event;

/// A product as an event describes it. What the event does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProductMention {
    /// Its id, else its SKU, else its name.
    pub product_id: String,
    /// What it is called.
    pub name: Option<String>,
    /// Who makes it.
    pub brand: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// The price of one piece.
    pub price: Option<Money>,
    /// Where its page is.
    pub url: Option<String>,
    /// Where its picture is.
    pub image_url: Option<String>,
}

/// The products that `event` describes: the one of a product viewed, clicked, added or removed,
/// and all in the list `products` of any other event. Empty, at the cost of comparing a name and
/// looking for a word, where there are none.
#[must_use]
pub fn products_mentioned(event: &Event) -> Vec<ProductMention> {
    match Semantic::of(&event.name) {
        Some(Semantic::Product) => read_shown(event).into_iter().collect(),
        _ if event.properties.as_str().contains("\"products\"") => read_listed(event),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Tell, day, track};
    use serde_json::json;

    #[test]
    fn products_of_lists_and_of_the_shop_window() {
        let check = |name: &str, said: serde_json::Value, expected: &[&str]| {
            let found = products_mentioned(&track(day(0), name).properties(&said));
            let shown: Vec<_> = found.iter().map(|product| product.product_id.as_str()).collect();
            assert_eq!(shown, expected, "{name}");
        };
        let list = json!([{"product_id": "a"}, {"name": "B"}, {"price": 3}, 7]);
        let two = json!({"order_id": 1, "products": list});
        check("Order Completed", two.clone(), &["a", "B"]);
        check("Order Refunded", two.clone(), &["a", "B"]);
        check("Cart Viewed", two, &["a", "B"]);
        check("Cart Viewed", json!({"products": "none"}), &[]);
        check("Product Viewed", json!({"sku": "S", "product_id": " "}), &["S"]);
        check("Product Viewed", json!({}), &[]);
        check("Signed Up", json!({"product_id": "a"}), &[]);
    }

    #[test]
    fn what_is_said_of_a_product() {
        let long = format!("https://shop.example/{}", "x".repeat(3_000));
        let hub = json!({"product_id": "hub", "price": "12.50", "currency": "eur", "brand": " Acme ",
            "category": "Hubs", "url": "https://shop.example/hub", "imageUrl": long});
        let found = products_mentioned(&track(day(0), "Product Added").properties(&hub)).remove(0);
        let price = found.price.expect("a price");
        assert_eq!((price.minor, price.currency.code()), (1250, "EUR"));
        assert_eq!(found.category.as_deref(), Some("Hubs"));
        assert_eq!(found.brand.as_deref(), Some("Acme"));
        assert_eq!(found.url.as_deref(), Some("https://shop.example/hub"));
        assert_eq!(found.image_url, None, "half an address leads nowhere");
        let order = json!({"currency": "JPY", "products": [{"id": 7, "price": 900}]});
        let found =
            products_mentioned(&track(day(0), "Order Updated").properties(&order)).remove(0);
        let price = found.price.expect("a price");
        assert_eq!((price.minor, price.currency.code()), (900, "JPY"));
    }
}
