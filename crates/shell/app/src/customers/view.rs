//! What does the page of one customer show?

use super::{
    AgentSeen, Certainty, CertaintyLevel, CustomerView, HoldingView, IdentifierView, LinkView,
    MembershipView, MessageView, OrderView, PermissionView, ProductLine, TotalsView, TraitView,
    traits,
};
use crate::debugger::AgentInfo;
use crate::engine::Engine;
use crate::privacy::Suspension;
use crate::traits::Sight;
use base::{CustomerId, Error, ErrorKind, IdentifierId, Money, SourceId, Timestamp};
use lexicon::{Channel, Identifier, IdentifierKind, Purpose};
use profile::Profile;
use state::{Clusters, IdentifierRow, IdentityChange};
use std::collections::HashMap;

/// Orders and messages that the page shows.
const SHOWN_MAX: usize = 20;

impl Engine {
    /// Everything known of a customer, as somebody with this `sight` sees it; of one who was merged
    /// away, of whom they were merged into.
    ///
    /// # Errors
    /// `NotFound`; `Corrupt` where the profile cannot be read.
    pub async fn customer_seen(
        &self,
        id: CustomerId,
        sight: &Sight,
    ) -> Result<CustomerView, Error> {
        self.customer_with(id, sight, SHOWN_MAX).await
    }

    /// The same with all orders and messages that are kept one by one, nothing withheld: for the
    /// customer.
    ///
    /// # Errors
    /// As [`Engine::customer_seen`].
    pub(crate) async fn customer_whole(&self, id: CustomerId) -> Result<CustomerView, Error> {
        self.customer_with(id, &Sight::everything(), usize::MAX).await
    }

    async fn customer_with(
        &self,
        id: CustomerId,
        sight: &Sight,
        shown_max: usize,
    ) -> Result<CustomerView, Error> {
        let id = self.canonical(id).await?;
        let clusters = self.shared.state.clusters(&[id]).await?;
        let ids: Vec<IdentifierId> = clusters.identifiers.iter().map(|row| row.id).collect();
        let changes = self.shared.state.identity_changes(&ids).await?;
        let names = self.names(&clusters).await?;
        let mut profile = self.fragments_of(id).await?.view(&self.shared.traits.rules());
        traits::look_over(&mut profile, sight);
        let accounts = self.memberships(&profile, &ids).await?;
        let now = self.now();
        let marketing = Purpose::new("marketing").expect("a name that is not blank");
        let suspension = self.suspension(id).await?;
        let mut email_marketing = self.permission_in(&profile, &marketing, &Channel::new("email"));
        email_marketing.heed(suspension.as_ref());
        let traits = self.trait_views(&profile, &names, sight);
        let names =
            names.into_iter().map(|(id, identifier)| (id, sight.identifier(identifier))).collect();
        let page = Page {
            suspension,
            profile,
            traits,
            email_marketing,
            clusters,
            changes,
            names,
            accounts,
            now,
        };
        Ok(page.view(id, sight, shown_max))
    }

    /// Everything known of a customer, nothing withheld: for Rapport's own eyes.
    ///
    /// # Errors
    /// As [`Engine::customer_seen`].
    pub async fn customer(&self, id: CustomerId) -> Result<CustomerView, Error> {
        self.customer_seen(id, &Sight::everything()).await
    }

    /// Every identifier that the page names: the customer's own, and the far ends of links that
    /// were not followed.
    async fn names(&self, clusters: &Clusters) -> Result<HashMap<IdentifierId, Identifier>, Error> {
        let own = clusters.identifiers.iter().map(|row| (row.id, row.identifier.clone()));
        let mut names: HashMap<IdentifierId, Identifier> = own.collect();
        let ends = clusters.links.iter().flat_map(|link| [link.a, link.b]);
        let far: Vec<IdentifierId> = ends.filter(|id| !names.contains_key(id)).collect();
        for row in self.shared.state.identifiers_by_id(&far).await?.into_iter().flatten() {
            names.insert(row.id, row.identifier);
        }
        Ok(names)
    }
}

pub(super) fn unreadable(error: profile::DecodeError) -> Error {
    Error::new(ErrorKind::Corrupt, "the profile cannot be read").with_source(error)
}

/// What the page is made of.
struct Page {
    suspension: Option<Suspension>,
    profile: Profile,
    traits: Vec<TraitView>,
    email_marketing: PermissionView,
    clusters: Clusters,
    changes: Vec<IdentityChange>,
    names: HashMap<IdentifierId, Identifier>,
    accounts: Vec<MembershipView>,
    now: Timestamp,
}

impl Page {
    fn view(self, id: CustomerId, sight: &Sight, shown_max: usize) -> CustomerView {
        let first_known = self.clusters.identifiers.iter().map(|row| row.first_seen).min();
        let first_seen = self.profile.first_seen.or(first_known).unwrap_or_default();
        let certainty = self.certainty();
        CustomerView {
            id,
            sentence: self.profile.sentence(self.now),
            is_known: certainty.level > CertaintyLevel::Anonymous,
            certainty,
            first_seen,
            last_seen: self.profile.last_seen.unwrap_or(first_seen),
            n_events: self.profile.n_events,
            identifiers: self.identifiers(sight),
            links: self.links(),
            taken_away: traits::taken_away(&self.profile),
            consents: traits::consents(&self.profile),
            traits: self.traits,
            email_marketing: self.email_marketing,
            totals: totals(&self.profile),
            orders: orders(&self.profile, shown_max),
            n_orders_kept: self.profile.orders.len() as u64,
            holdings: holdings(&self.profile),
            messages: messages(&self.profile, shown_max),
            counts: counts(&self.profile),
            agents: agents(&self.profile),
            accounts: self.accounts,
            suspension: self.suspension,
            freshness_at: self.now,
            name: self.profile.name,
        }
    }

    fn certainty(&self) -> Certainty {
        let kinds =
            self.clusters.identifiers.iter().map(|row| CertaintyLevel::of(&row.identifier.kind));
        let level = kinds.max().unwrap_or_default().max(self.profile.certainty);
        Certainty { level, words: level.words() }
    }

    fn identifiers(&self, sight: &Sight) -> Vec<IdentifierView> {
        let n_events: HashMap<IdentifierId, u64> =
            self.profile.came_under.iter().map(|c| (c.identifier, c.n_events)).collect();
        let since = |id| {
            let joined = self.changes.iter().filter(|change| change.identifier == id);
            joined.map(|change| change.at).max()
        };
        let view = |row: &IdentifierRow| IdentifierView {
            id: row.id,
            identifier: sight.identifier(row.identifier.clone()),
            first_seen: row.first_seen,
            n_events: n_events.get(&row.id).copied().unwrap_or(0),
            customer_since: since(row.id),
            is_shared: row.is_shared,
        };
        let mut views: Vec<IdentifierView> = self.clusters.identifiers.iter().map(view).collect();
        views.sort_by_key(|view| (kind_order(&view.identifier.kind), view.id));
        views
    }

    fn links(&self) -> Vec<LinkView> {
        let view = |link: &state::LinkRow| {
            Some(LinkView {
                a: self.names.get(&link.a)?.clone(),
                b: self.names.get(&link.b)?.clone(),
                rule: link.rule,
                occurred_at: link.occurred_at,
                inert: link.inert.as_deref().and_then(identity::Inert::from_slug),
                version: link.version,
                source: (link.source != SourceId::default()).then_some(link.source),
                message_id: link.evidence.clone(),
            })
        };
        self.clusters.links.iter().filter_map(view).collect()
    }
}

/// Identifiers that people recognise come first.
fn kind_order(kind: &IdentifierKind) -> usize {
    let order = [IdentifierKind::UserId, IdentifierKind::Email, IdentifierKind::Phone];
    order.iter().position(|known| known == kind).unwrap_or_else(|| match kind {
        IdentifierKind::AnonymousId => order.len() + 1,
        _ => order.len(),
    })
}

fn totals(profile: &Profile) -> Vec<TotalsView> {
    let view = |totals: &profile::OrderTotals| {
        let money = |minor| Money { minor, currency: totals.currency };
        TotalsView {
            currency: totals.currency,
            n_orders: totals.n_orders,
            revenue: money(totals.revenue_minor),
            refunded: money(totals.refunded_minor),
            n_cancelled: totals.n_cancelled,
            average: totals.average(),
        }
    };
    profile.order_totals.iter().map(view).collect()
}

fn orders(profile: &Profile, n_max: usize) -> Vec<OrderView> {
    let view = |order: &profile::Order| OrderView {
        order_id: order.order_id.clone(),
        at: order.at,
        total: order.total,
        status: order.status.slug(),
        refunded: order.refunded,
        n_items: order.n_items,
        products: order.products.iter().map(line).collect(),
        coupon: order.coupon.clone(),
    };
    profile.orders.iter().take(n_max).map(view).collect()
}

fn line(line: &profile::OrderLine) -> ProductLine {
    ProductLine {
        product_id: line.product_id.clone(),
        name: line.name.clone(),
        quantity: line.quantity,
        price: line.price,
    }
}

fn holdings(profile: &Profile) -> Vec<HoldingView> {
    let view = |holding: &profile::Holding| HoldingView {
        product_id: holding.product_id.clone(),
        name: holding.name.clone(),
        category: holding.category.clone(),
        quantity: holding.quantity,
        since: holding.since,
    };
    profile.holdings.iter().map(view).collect()
}

fn messages(profile: &Profile, n_max: usize) -> Vec<MessageView> {
    let view = |message: &profile::Message| MessageView {
        id: message.id.clone(),
        channel: Some(message.channel.to_owned()),
        campaign: message.campaign.clone(),
        subject: message.subject.clone(),
        status: message.status.slug(),
        sent_at: message.sent_at,
        delivered_at: message.delivered_at,
        opened_at: message.opened_at,
        clicked_at: message.clicked_at,
        bounced_at: message.bounced_at,
        unsubscribed_at: message.unsubscribed_at,
    };
    profile.messages.iter().take(n_max).map(view).collect()
}

fn counts(profile: &Profile) -> Vec<(String, u64)> {
    let named = profile.counts.iter().map(|count| (count.name.clone(), count.n));
    let other =
        (profile.n_other_events > 0).then(|| ("(other names)".to_owned(), profile.n_other_events));
    named.chain(other).collect()
}

fn agents(profile: &Profile) -> Vec<AgentSeen> {
    let word = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let seen = |agent: &profile::Agent| AgentSeen {
        agent: AgentInfo {
            browser: word(&agent.browser),
            os: word(&agent.os),
            device: word(&agent.device),
        },
        last_seen: agent.last_seen,
    };
    profile.agents.iter().map(seen).collect()
}
