//! Who is this customer, and what do we know of them?

mod list;
mod live;
mod then;
mod timeline;
mod traits;
mod view;

pub use list::{CustomerListRow, CustomersPage, CustomersQuery};
pub use live::{CustomerNews, Watchers};
pub use then::{IdentifierThen, IdentityMoment, IdentityThen};
pub use timeline::{TimelineEvent, TimelineFilter};
pub use traits::{
    ConsentChangeView, ConsentView, OtherValueView, PermissionView, TakenAwayView,
    TraitHistoryView, TraitSaidView, TraitView,
};

use crate::debugger::AgentInfo;
use crate::privacy::Suspension;
use base::{AccountId, Currency, CustomerId, IdentifierId, Money, SourceId, Timestamp};
pub use identity::Inert;
use lexicon::{Identifier, LinkRule};
pub use profile::{Certainty as CertaintyLevel, Evidence};

/// Everything known of one customer.
#[derive(Clone, Debug)]
pub struct CustomerView {
    /// The customer; may differ from the one asked for, who was merged away.
    pub id: CustomerId,
    /// What they are called.
    pub name: Option<String>,
    /// The customer in a paragraph.
    pub sentence: String,
    /// How sure we are who this is.
    pub certainty: Certainty,
    /// Whether they have an identifier of their own, and not only a browser's.
    pub is_known: bool,
    /// Their first event.
    pub first_seen: Timestamp,
    /// Their latest event.
    pub last_seen: Timestamp,
    /// How many events they have.
    pub n_events: u64,
    /// The identifiers that point to them.
    pub identifiers: Vec<IdentifierView>,
    /// Why those belong together, and which links were not followed.
    pub links: Vec<LinkView>,
    /// What is known, by name.
    pub traits: Vec<TraitView>,
    /// What was known and was taken away, by name.
    pub taken_away: Vec<TakenAwayView>,
    /// What they allow.
    pub consents: Vec<ConsentView>,
    /// Whether marketing e-mail may be sent to them.
    pub email_marketing: PermissionView,
    /// The accounts that they belong to.
    pub accounts: Vec<MembershipView>,
    /// What they bought, per currency.
    pub totals: Vec<TotalsView>,
    /// Their latest orders, newest first; at most 20.
    pub orders: Vec<OrderView>,
    /// How many orders are kept one by one.
    pub n_orders_kept: u64,
    /// What they own.
    pub holdings: Vec<HoldingView>,
    /// The latest messages to them, newest first; at most 20.
    pub messages: Vec<MessageView>,
    /// Their events by name, the most frequent first.
    pub counts: Vec<(String, u64)>,
    /// The browsers and devices that they used, the latest first.
    pub agents: Vec<AgentSeen>,
    /// Whether their data rest.
    pub suspension: Option<Suspension>,
    /// Up to when this holds.
    pub freshness_at: Timestamp,
}

/// How sure we are who somebody is.
#[derive(Clone, Debug)]
pub struct Certainty {
    /// In one word.
    pub level: CertaintyLevel,
    /// In a sentence.
    pub words: &'static str,
}

/// An identifier of a customer.
#[derive(Clone, Debug)]
pub struct IdentifierView {
    /// Its number.
    pub id: IdentifierId,
    /// Kind and value.
    pub identifier: Identifier,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// How many events came under it.
    pub n_events: u64,
    /// Since when it has pointed to this customer; `None`: from its beginning.
    pub customer_since: Option<Timestamp>,
    /// Whether it was seen with too many people to point to any of them.
    pub is_shared: bool,
}

/// A link between two identifiers, with its evidence.
#[derive(Clone, Debug)]
pub struct LinkView {
    /// One identifier.
    pub a: Identifier,
    /// The other.
    pub b: Identifier,
    /// Why they were linked.
    pub rule: LinkRule,
    /// When the evidence happened.
    pub occurred_at: Timestamp,
    /// Why it is not followed; `None` for a link that is.
    pub inert: Option<Inert>,
    /// The version of the rules of identity under which that was decided.
    pub version: u64,
    /// Where the evidence came from.
    pub source: Option<SourceId>,
    /// The event that is the evidence.
    pub message_id: String,
}

/// An account that the customer belongs to.
#[derive(Clone, Debug)]
pub struct MembershipView {
    /// The account.
    pub id: AccountId,
    /// The company's own id of it.
    pub key: String,
    /// Its name.
    pub name: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// What they are in it.
    pub role: Option<crate::accounts::Role>,
    /// Who made them a member by hand; `None` where events did.
    pub added_by: Option<String>,
}

/// What a customer bought in one currency.
#[derive(Clone, Debug)]
pub struct TotalsView {
    /// The currency.
    pub currency: Currency,
    /// Orders that were not cancelled.
    pub n_orders: u64,
    /// What they were worth, refunds taken off.
    pub revenue: Money,
    /// What was given back.
    pub refunded: Money,
    /// Orders that were cancelled.
    pub n_cancelled: u64,
    /// Revenue per order; `None` where there is no order.
    pub average: Option<Money>,
}

/// One order.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// The company's own id of it.
    pub order_id: String,
    /// When it was placed.
    pub at: Timestamp,
    /// What it was worth.
    pub total: Option<Money>,
    /// `completed`, `updated`, `cancelled`, `refunded` or `partly_refunded`.
    pub status: &'static str,
    /// What was given back.
    pub refunded: Option<Money>,
    /// How many pieces it had.
    pub n_items: f64,
    /// Its lines, as far as they are kept.
    pub products: Vec<ProductLine>,
    /// The coupon that was used.
    pub coupon: Option<String>,
}

/// One line of an order.
#[derive(Clone, Debug)]
pub struct ProductLine {
    /// The product.
    pub product_id: String,
    /// What it is called.
    pub name: Option<String>,
    /// How many.
    pub quantity: f64,
    /// For how much each.
    pub price: Option<Money>,
}

/// A product that the customer has.
#[derive(Clone, Debug)]
pub struct HoldingView {
    /// The product.
    pub product_id: String,
    /// What it is called.
    pub name: Option<String>,
    /// What sort of product it is.
    pub category: Option<String>,
    /// How many.
    pub quantity: f64,
    /// Since when.
    pub since: Timestamp,
}

/// A message to the customer and what became of it.
#[derive(Clone, Debug)]
pub struct MessageView {
    /// Which message.
    pub id: String,
    /// By which channel.
    pub channel: Option<String>,
    /// For which campaign.
    pub campaign: Option<String>,
    /// Under which subject.
    pub subject: Option<String>,
    /// The furthest that it got.
    pub status: &'static str,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
    /// When it was opened first.
    pub opened_at: Option<Timestamp>,
    /// When a link in it was followed first.
    pub clicked_at: Option<Timestamp>,
    /// When it came back.
    pub bounced_at: Option<Timestamp>,
    /// When it made the customer unsubscribe.
    pub unsubscribed_at: Option<Timestamp>,
}

/// A browser or device that the customer used.
#[derive(Clone, Debug)]
pub struct AgentSeen {
    /// Which.
    pub agent: AgentInfo,
    /// When last.
    pub last_seen: Timestamp,
}
