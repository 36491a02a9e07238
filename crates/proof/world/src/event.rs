//! What does a client library send, before it is written as JSON?

use crate::catalogue::PRODUCTS;
use std::sync::Arc;

/// The five calls of the Segment API that the world makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Something was done.
    Track,
    /// Who somebody is.
    Identify,
    /// A page was seen.
    Page,
    /// Somebody belongs to an account.
    Group,
    /// Two ids are one person.
    Alias,
}

impl Method {
    /// The `type` of the call.
    #[must_use]
    pub const fn name(self) -> &'static str {
        ["track", "identify", "page", "group", "alias"][self as usize]
    }
}

/// A value of a property or trait.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Fixed text.
    Text(&'static str),
    /// Text made for this event or person.
    Shared(Arc<str>),
    /// A whole number.
    Int(i64),
    /// Money in cents, written in units with two decimals.
    Cents(i64),
    /// Yes or no.
    Flag(bool),
    /// An instant in µs, written as ISO 8601.
    Instant(i64),
    /// A day since 1970-01-01, written as ISO 8601.
    Date(i64),
    /// Lines of a cart or order.
    Lines(Vec<Line>),
    /// Products on a list page, as numbers in the catalogue.
    Shelf(Vec<u16>),
}

/// A line of a cart or order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The product's number in the catalogue.
    pub product: u16,
    /// How many.
    pub quantity: u16,
}

impl Line {
    /// The net price of the line in cents, before discounts.
    #[must_use]
    pub fn cents(self) -> i64 {
        PRODUCTS[usize::from(self.product)].price_cents * i64::from(self.quantity)
    }
}

/// Properties or traits, in the order of sending.
pub type Fields = Vec<(&'static str, Value)>;

/// A page of the web shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The path, with a leading slash.
    pub path: &'static str,
    /// The title of the window.
    pub title: &'static str,
}

/// Where the web shop is.
pub const SHOP: &str = "https://www.northlight-home.example";

/// The marks of an advertisement or e-mail in a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utm {
    /// `utm_campaign`.
    pub name: Arc<str>,
    /// `utm_source`.
    pub source: &'static str,
    /// `utm_medium`.
    pub medium: &'static str,
}

/// The program that sends: a browser, an app, or a server of the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Name of the library.
    pub library: &'static str,
    /// Version of the library.
    pub version: &'static str,
    /// The user agent; empty for servers.
    pub user_agent: &'static str,
    /// The address, from the ranges for documentation; empty for servers.
    pub ip: String,
    /// The locale of the device; empty for servers.
    pub locale: &'static str,
    /// IANA time zone of the device; empty for servers.
    pub timezone: &'static str,
    /// The part of `context` that never changes, as JSON without its braces.
    pub(crate) json: String,
}

/// One call of a client library.
#[derive(Clone, Debug, PartialEq)]
pub struct WorldEvent {
    /// Which call.
    pub method: Method,
    /// The id that makes it one event; a UUID's bits.
    pub message_id: u128,
    /// When it happened, µs UTC, whole milliseconds.
    pub timestamp: i64,
    /// The event of a `track`, the name of a `page`; else empty.
    pub name: &'static str,
    /// The device's id.
    pub anonymous_id: Option<Arc<str>>,
    /// The shop's id of somebody who has signed in.
    pub user_id: Option<Arc<str>>,
    /// The account, for `group`.
    pub group_id: Option<Arc<str>>,
    /// The earlier id, for `alias`.
    pub previous_id: Option<Arc<str>>,
    /// Properties of `track` and `page`, traits of `identify` and `group`.
    pub fields: Fields,
    /// The page that was open, on the web.
    pub page: Option<Page>,
    /// Where the visit came from; empty if unknown.
    pub referrer: &'static str,
    /// The advertisement or e-mail that brought the visit.
    pub campaign: Option<Arc<Utm>>,
    /// The address that an e-mail event is about (`context.traits.email`).
    pub recipient: Option<Arc<str>>,
    /// Who sent it.
    pub sender: Arc<Sender>,
}

impl WorldEvent {
    /// The value of a property or trait, if it is there.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

/// A [`Value`] from text made for it.
pub(crate) fn shared(text: impl Into<Arc<str>>) -> Value {
    Value::Shared(text.into())
}
