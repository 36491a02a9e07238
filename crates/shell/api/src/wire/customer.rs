//! Who is this customer, and what do we know of them?

use super::account::AccountRole;
use super::consent::{Consent, Permission};
use super::debug::Agent;
use super::home::NameCount;
use super::privacy::Suspension;
use super::scalar::{Identifier, Money, SourceName, Time};
use super::traits::{CustomerTrait, TakenAway};
use super::word::{CertaintyLevel, InertReason, LinkRule};
use app::customers as inner;
use app::sources::Sources;
use app::traits::Sight;
use serde::Serialize;
use utoipa::ToSchema;

/// One customer as lists show them.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerRow {
    #[schema(examples("c_0011"))]
    pub id: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub country: Option<String>,
    pub city: Option<String>,
    pub company: Option<String>,
    pub first_seen: Time,
    pub last_seen: Time,
    pub n_events: u64,
    pub n_orders: u64,
    /// Less refunds, in the currency in which most was spent.
    pub revenue: Option<Money>,
    /// Whether we know who it is.
    pub is_known: bool,
    /// Whether their data rest: such customers are in no list but that of the suspended.
    pub is_suspended: bool,
    /// The identifier that the search hit.
    pub matched: Option<Identifier>,
}

impl CustomerRow {
    /// The wire form of `row`, for somebody with this `sight`.
    pub fn of(
        row: state::CustomerRow,
        matched: Option<lexicon::Identifier>,
        sight: &Sight,
    ) -> Self {
        let row = sight.row(row);
        let minor = row.revenue_minor;
        let revenue = row.currency.map(|currency| base::Money { minor, currency }.into());
        Self {
            id: row.id.to_string(),
            name: row.name,
            email: row.email,
            phone: row.phone,
            country: row.country,
            city: row.city,
            company: row.company,
            first_seen: row.first_seen.into(),
            last_seen: row.last_seen.into(),
            n_events: row.n_events,
            n_orders: row.n_orders,
            revenue,
            is_known: row.is_known,
            is_suspended: false,
            matched: matched.map(|identifier| sight.identifier(identifier).into()),
        }
    }
}

/// One page of customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerList {
    pub items: Vec<CustomerRow>,
    pub next_cursor: Option<String>,
    /// How many customers the whole list has.
    pub total: u64,
    /// Whether `total` was counted, not estimated.
    pub total_is_exact: bool,
}

/// The customer that an identifier points to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    pub customer_id: String,
}

/// Everything that the customer page shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct Customer {
    /// The id that was asked for.
    pub id: String,
    /// The id that it has now; differs if it was merged away.
    pub canonical_id: String,
    pub name: Option<String>,
    /// Who they are, in a paragraph.
    pub sentence: String,
    pub certainty: Certainty,
    pub is_known: bool,
    pub first_seen: Time,
    pub last_seen: Time,
    pub n_events: u64,
    pub identifiers: Vec<CustomerIdentifier>,
    pub links: Vec<Link>,
    pub traits: Vec<CustomerTrait>,
    /// Traits that had a value and have none.
    pub taken_away: Vec<TakenAway>,
    pub consents: Vec<Consent>,
    /// Whether marketing e-mail may be sent to them.
    pub email_marketing: Permission,
    pub accounts: Vec<Membership>,
    /// Per currency.
    pub totals: Vec<Totals>,
    /// The newest.
    pub orders: Vec<Order>,
    /// How many orders are kept one by one.
    pub n_orders_kept: u64,
    pub holdings: Vec<Holding>,
    /// The newest.
    pub messages: Vec<Message>,
    /// How often each event occurred.
    pub counts: Vec<NameCount>,
    pub agents: Vec<AgentSeen>,
    /// Whether their data rest: kept, and used for nothing.
    pub suspension: Option<Suspension>,
    /// Up to when this holds.
    pub freshness_at: Time,
}

/// How sure we are who they are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Certainty {
    pub level: CertaintyLevel,
    pub words: String,
}

/// A value that points to this customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerIdentifier {
    #[schema(examples("id_0001"))]
    pub id: String,
    pub kind: String,
    pub value: String,
    pub first_seen: Time,
    /// Events that came under it.
    pub n_events: u64,
    /// Since when it points to this customer.
    pub customer_since: Option<Time>,
    /// Whether it was seen with too many people to point to any of them.
    pub shared: bool,
}

/// Why two identifiers are thought to be one customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Link {
    pub a: Identifier,
    pub b: Identifier,
    pub rule: LinkRule,
    /// The rule in a sentence.
    pub words: String,
    pub occurred_at: Time,
    /// Whether it is followed.
    pub active: bool,
    /// Why it is not.
    pub inert: Option<InertReason>,
    /// The same in a sentence.
    pub why_inert: Option<String>,
    /// The version of the rules of identity under which that was decided.
    pub rules_version: u64,
    pub source: Option<SourceName>,
    /// The event that gave it.
    pub message_id: String,
}

/// A place in an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Membership {
    pub id: String,
    pub key: String,
    pub name: Option<String>,
    pub since: Time,
    /// What they are in it.
    pub role: Option<AccountRole>,
    /// Who made them a member by hand; `null` where events did.
    pub added_by: Option<String>,
}

/// Orders in one currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct Totals {
    pub currency: String,
    pub n_orders: u64,
    pub revenue: Money,
    pub refunded: Money,
    pub n_cancelled: u64,
    /// Revenue per order; `null` without orders.
    pub average: Option<Money>,
}

/// One order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Order {
    pub order_id: String,
    pub at: Time,
    pub total: Option<Money>,
    /// `completed`, `updated`, `cancelled`, `refunded` or `partly_refunded`.
    pub status: String,
    pub refunded: Option<Money>,
    /// Quantities of its products together.
    pub n_items: f64,
    pub products: Vec<OrderProduct>,
    pub coupon: Option<String>,
}

/// A line of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderProduct {
    pub product_id: Option<String>,
    pub name: Option<String>,
    pub quantity: f64,
    pub price: Option<Money>,
}

/// A product that the customer has.
#[derive(Debug, Serialize, ToSchema)]
pub struct Holding {
    pub product_id: String,
    pub name: Option<String>,
    pub category: Option<String>,
    pub quantity: f64,
    pub since: Time,
}

/// A message to the customer and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    pub id: String,
    pub channel: Option<String>,
    pub campaign: Option<String>,
    pub subject: Option<String>,
    pub status: String,
    pub sent_at: Option<Time>,
    pub delivered_at: Option<Time>,
    pub opened_at: Option<Time>,
    pub clicked_at: Option<Time>,
    pub bounced_at: Option<Time>,
    pub unsubscribed_at: Option<Time>,
}

/// A browser or app that the customer used.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgentSeen {
    #[serde(flatten)]
    pub agent: Agent,
    pub last_seen: Time,
}

impl Customer {
    /// The wire form of `view`, which was asked for as `id`.
    pub fn of(id: base::CustomerId, view: inner::CustomerView, sources: &Sources) -> Self {
        let links = view.links.into_iter().map(|link| Link::of(link, sources));
        let traits = view.traits.into_iter().map(|trait_| CustomerTrait::of(trait_, sources));
        let taken_away = view.taken_away.into_iter().map(|t| TakenAway::of(t, sources));
        let consents = view.consents.into_iter().map(|consent| Consent::of(consent, sources));
        Self {
            id: id.to_string(),
            canonical_id: view.id.to_string(),
            name: view.name,
            sentence: view.sentence,
            certainty: Certainty {
                level: view.certainty.level.into(),
                words: view.certainty.words.to_owned(),
            },
            is_known: view.is_known,
            first_seen: view.first_seen.into(),
            last_seen: view.last_seen.into(),
            n_events: view.n_events,
            identifiers: view.identifiers.into_iter().map(CustomerIdentifier::from).collect(),
            links: links.collect(),
            traits: traits.collect(),
            taken_away: taken_away.collect(),
            consents: consents.collect(),
            email_marketing: Permission::of(view.email_marketing, sources),
            accounts: view.accounts.into_iter().map(|one| Membership::of(one, sources)).collect(),
            totals: view.totals.into_iter().map(Totals::from).collect(),
            orders: view.orders.into_iter().map(Order::from).collect(),
            n_orders_kept: view.n_orders_kept,
            holdings: view.holdings.into_iter().map(Holding::from).collect(),
            messages: view.messages.into_iter().map(Message::from).collect(),
            counts: view.counts.into_iter().map(NameCount::from).collect(),
            agents: view.agents.into_iter().map(AgentSeen::from).collect(),
            suspension: view.suspension.map(Suspension::from),
            freshness_at: view.freshness_at.into(),
        }
    }
}

impl From<inner::IdentifierView> for CustomerIdentifier {
    fn from(view: inner::IdentifierView) -> Self {
        Self {
            id: view.id.to_string(),
            kind: view.identifier.kind.slug().to_owned(),
            value: view.identifier.value.into_string(),
            first_seen: view.first_seen.into(),
            n_events: view.n_events,
            customer_since: Time::maybe(view.customer_since),
            shared: view.is_shared,
        }
    }
}

impl Link {
    fn of(link: inner::LinkView, sources: &Sources) -> Self {
        Self {
            a: link.a.into(),
            b: link.b.into(),
            rule: link.rule.into(),
            words: link.rule.words().to_owned(),
            occurred_at: link.occurred_at.into(),
            active: link.inert.is_none(),
            inert: link.inert.map(InertReason::from),
            why_inert: link.inert.map(|inert| inert.words().to_owned()),
            rules_version: link.version,
            source: link.source.map(|id| SourceName::of(id, sources)),
            message_id: link.message_id,
        }
    }
}

impl Membership {
    /// The wire form of `view`.
    pub fn of(view: inner::MembershipView, sources: &Sources) -> Self {
        Self {
            id: view.id.to_string(),
            key: view.key,
            name: view.name,
            since: view.since.into(),
            role: view.role.map(|role| AccountRole::of(role, sources)),
            added_by: view.added_by,
        }
    }
}

impl From<inner::TotalsView> for Totals {
    fn from(view: inner::TotalsView) -> Self {
        Self {
            currency: view.currency.code().to_owned(),
            n_orders: view.n_orders,
            revenue: view.revenue.into(),
            refunded: view.refunded.into(),
            n_cancelled: view.n_cancelled,
            average: view.average.map(Money::from),
        }
    }
}

impl From<inner::OrderView> for Order {
    fn from(view: inner::OrderView) -> Self {
        let products = view.products.into_iter().map(|line| OrderProduct {
            product_id: Some(line.product_id).filter(|id| !id.is_empty()),
            name: line.name,
            quantity: line.quantity,
            price: line.price.map(Money::from),
        });
        Self {
            order_id: view.order_id,
            at: view.at.into(),
            total: view.total.map(Money::from),
            status: view.status.to_owned(),
            refunded: view.refunded.map(Money::from),
            n_items: view.n_items,
            products: products.collect(),
            coupon: view.coupon,
        }
    }
}

impl From<inner::HoldingView> for Holding {
    fn from(view: inner::HoldingView) -> Self {
        Self {
            product_id: view.product_id,
            name: view.name,
            category: view.category,
            quantity: view.quantity,
            since: view.since.into(),
        }
    }
}

impl From<inner::MessageView> for Message {
    fn from(view: inner::MessageView) -> Self {
        Self {
            id: view.id,
            channel: view.channel,
            campaign: view.campaign,
            subject: view.subject,
            status: view.status.to_owned(),
            sent_at: Time::maybe(view.sent_at),
            delivered_at: Time::maybe(view.delivered_at),
            opened_at: Time::maybe(view.opened_at),
            clicked_at: Time::maybe(view.clicked_at),
            bounced_at: Time::maybe(view.bounced_at),
            unsubscribed_at: Time::maybe(view.unsubscribed_at),
        }
    }
}

impl From<inner::AgentSeen> for AgentSeen {
    fn from(seen: inner::AgentSeen) -> Self {
        Self { agent: seen.agent.into(), last_seen: seen.last_seen.into() }
    }
}
