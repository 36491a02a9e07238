//! What does an event say about an order and the products in it?

use crate::bounds::shortened;
use crate::loose::{Loose, Maybe, read_fields};
use crate::products::ProductMention;
use base::{Currency, Money};
use lexicon::Event;
use serde::Deserialize;
use std::borrow::Cow;

const ID_BYTES_MAX: usize = 128;
const TEXT_BYTES_MAX: usize = 200;
/// What browsers and proxies let through.
const ADDRESS_BYTES_MAX: usize = 2_000;
/// A thousandth of a piece is the smallest quantity; beyond 10¹² pieces a number is nonsense.
const QUANTITY_MAX: f64 = 1e12;

/// The properties of an order event, in the names of both versions of the specification.
#[derive(Default, Deserialize)]
#[serde(default)]
struct OrderFields<'a> {
    #[serde(borrow)]
    order_id: Loose<'a>,
    #[serde(borrow, rename = "orderId")]
    order_id_v1: Loose<'a>,
    #[serde(borrow)]
    total: Loose<'a>,
    #[serde(borrow)]
    revenue: Loose<'a>,
    #[serde(borrow)]
    currency: Loose<'a>,
    #[serde(borrow)]
    coupon: Loose<'a>,
    #[serde(borrow)]
    products: Maybe<Vec<Maybe<ProductFields<'a>>>>,
}

/// The fields of one product, in the names of both versions of the specification.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ProductFields<'a> {
    #[serde(borrow)]
    product_id: Loose<'a>,
    #[serde(borrow, rename = "productId")]
    product_id_v1: Loose<'a>,
    #[serde(borrow)]
    id: Loose<'a>,
    #[serde(borrow)]
    sku: Loose<'a>,
    #[serde(borrow)]
    name: Loose<'a>,
    #[serde(borrow)]
    category: Loose<'a>,
    #[serde(borrow)]
    price: Loose<'a>,
    #[serde(borrow)]
    quantity: Loose<'a>,
    #[serde(borrow)]
    currency: Loose<'a>,
    #[serde(borrow)]
    brand: Loose<'a>,
    #[serde(borrow)]
    url: Loose<'a>,
    #[serde(borrow)]
    image_url: Loose<'a>,
    #[serde(borrow, rename = "imageUrl")]
    image_url_v1: Loose<'a>,
}

/// One product of an event. Prices are in the currency that the event named.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProductSaid {
    pub(crate) product: Box<str>,
    pub(crate) name: Option<Box<str>>,
    pub(crate) category: Option<Box<str>>,
    pub(crate) price: Option<Money>,
    /// Thousandths of a piece; one piece where nothing was said.
    pub(crate) quantity_milli: i64,
}

impl ProductSaid {
    /// Price times quantity, in minor units, half away from zero.
    pub(crate) fn amount_minor(&self) -> Option<i64> {
        self.price.map(|price| times(price.minor, self.quantity_milli))
    }
}

/// What an order event says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OrderSaid {
    /// The order's id; made from the message id where there is none, so that it stands alone.
    pub(crate) order: Box<str>,
    pub(crate) currency: Currency,
    /// `total`, else `revenue`.
    pub(crate) amount: Option<Money>,
    pub(crate) coupon: Option<Box<str>>,
    /// `None` where no list was given.
    pub(crate) products: Option<Vec<ProductSaid>>,
}

/// `minor` for one piece, for `quantity_milli` thousandths; saturates.
pub(crate) fn times(minor: i64, quantity_milli: i64) -> i64 {
    let exact = i128::from(minor) * i128::from(quantity_milli);
    let rounded = (exact + 500 * exact.signum()) / 1000;
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

/// Reads the properties of an order event.
pub(crate) fn read_order(event: &Event) -> Option<OrderSaid> {
    read_fields(&event.properties, |text| {
        let fields: OrderFields<'_> = serde_json::from_str(text).ok()?;
        Some(fields.said(event))
    })
}

/// The product that an event is about, as it is described there.
pub(crate) fn read_shown(event: &Event) -> Option<ProductMention> {
    read_fields(&event.properties, |text| {
        serde_json::from_str::<ProductFields<'_>>(text).ok()?.mention(Currency::NONE)
    })
}

/// The products that an event lists, as they are described there.
pub(crate) fn read_listed(event: &Event) -> Vec<ProductMention> {
    let found = read_fields(&event.properties, |text| {
        let fields: OrderFields<'_> = serde_json::from_str(text).ok()?;
        let currency = currency(&fields.currency).unwrap_or(Currency::NONE);
        let whole = fields.products.0.iter().flatten().filter_map(|product| product.0.as_ref());
        Some(whole.filter_map(|product| product.mention(currency)).collect())
    });
    found.unwrap_or_default()
}

impl OrderFields<'_> {
    fn said(&self, event: &Event) -> OrderSaid {
        let id = self.order_id.text().or_else(|| self.order_id_v1.text());
        let order = match id {
            Some(id) => shortened(&id, ID_BYTES_MAX).into(),
            None => format!("event:{}", event.message_id).into(),
        };
        let currency = currency(&self.currency).unwrap_or(Currency::NONE);
        let major = self.total.number().or_else(|| self.revenue.number());
        let products = self.products.0.as_ref().map(|products| {
            let whole = products.iter().filter_map(|product| product.0.as_ref());
            whole.filter_map(|product| product.said(currency)).collect()
        });
        OrderSaid {
            order,
            currency,
            amount: major.and_then(|major| Money::from_major(major, currency)),
            coupon: short(&self.coupon),
            products,
        }
    }
}

impl ProductFields<'_> {
    /// The product, `None` where nothing says which one it is.
    fn said(&self, otherwise: Currency) -> Option<ProductSaid> {
        let ids = [&self.product_id, &self.product_id_v1, &self.id, &self.sku, &self.name];
        let product = ids.into_iter().find_map(Loose::text)?;
        let currency = currency(&self.currency).unwrap_or(otherwise);
        let pieces = self.quantity.number().unwrap_or(1.0).clamp(-QUANTITY_MAX, QUANTITY_MAX);
        Some(ProductSaid {
            product: shortened(&product, ID_BYTES_MAX).into(),
            name: short(&self.name),
            category: short(&self.category),
            price: self.price.number().and_then(|major| Money::from_major(major, currency)),
            quantity_milli: (pieces * 1000.0).round() as i64,
        })
    }

    /// How the product is described, `None` where nothing says which one it is.
    fn mention(&self, otherwise: Currency) -> Option<ProductMention> {
        let said = self.said(otherwise)?;
        Some(ProductMention {
            product_id: said.product.into(),
            name: said.name.map(Into::into),
            brand: short(&self.brand).map(Into::into),
            category: said.category.map(Into::into),
            price: said.price,
            url: address(&self.url),
            image_url: address(&self.image_url).or_else(|| address(&self.image_url_v1)),
        })
    }
}

/// An address that is not too long: a part of one would lead elsewhere.
fn address(field: &Loose<'_>) -> Option<String> {
    field.text().filter(|text| text.len() <= ADDRESS_BYTES_MAX).map(Cow::into_owned)
}

fn currency(field: &Loose<'_>) -> Option<Currency> {
    field.text().and_then(|code| Currency::parse(&code))
}

fn short(field: &Loose<'_>) -> Option<Box<str>> {
    field.text().map(|text: Cow<'_, str>| shortened(&text, TEXT_BYTES_MAX).into())
}
