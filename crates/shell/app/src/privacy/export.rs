//! What do we know about a customer, all of it?
//!
//! Nothing is kept of an answer: it is made while it is read, a page of events at a time. It is
//! for the customer, so that nothing is withheld; who may ask for it is a right of its own.

use super::{PrivacyRequest, RequestQuery, Suspension};
use crate::access::Actor;
use crate::customers::{CustomerView, TimelineEvent, TimelineFilter, TraitHistoryView};
use crate::edits::Decided;
use crate::engine::Engine;
use crate::linkage::PairTold;
use crate::page::PageQuery;
use crate::relations::RelationsTold;
use crate::traits::Sight;
use base::{CustomerId, Error, IdentifierId, Timestamp};
use state::IdentityChange;

/// Events of one page.
const PAGE_EVENTS: usize = 500;

/// What is known of a customer, but for the events one by one.
#[derive(Clone, Debug)]
pub struct Exported {
    /// As of when.
    pub at: Timestamp,
    /// The page, with every order and message that is kept.
    pub view: CustomerView,
    /// Every value of every trait that is kept.
    pub traits: Vec<TraitHistoryView>,
    /// What people decided about who they are.
    pub decisions: Vec<Decided>,
    /// When which of their identifiers began to point to them.
    pub changes: Vec<IdentityChange>,
    /// What they asked for.
    pub requests: Vec<PrivacyRequest>,
    /// Whether their data rest.
    pub suspension: Option<Suspension>,
    /// Whom they belong to.
    pub relations: RelationsTold,
    /// With whom they were compared, the newest first.
    pub pairs: Vec<PairTold>,
}

/// Reads a customer's events page by page, the newest first.
pub struct TimelineReader {
    customer: CustomerId,
    cursor: Option<String>,
    is_done: bool,
}

impl Engine {
    /// Everything that is known of a customer; the events come from the reader.
    ///
    /// # Errors
    /// `NotFound`; whatever the stores say.
    pub async fn export_customer(
        &self,
        actor: &Actor,
        id: CustomerId,
    ) -> Result<(Exported, TimelineReader), Error> {
        let view = self.customer_whole(id).await?;
        let id = view.id;
        let mut names: Vec<String> = view.traits.iter().map(|t| t.name.clone()).collect();
        names.extend(view.taken_away.iter().map(|taken| taken.name.clone()));
        let mut traits = Vec::with_capacity(names.len());
        for name in names {
            traits.push(self.trait_history(id, &name, &Sight::everything()).await?);
        }
        let ids: Vec<IdentifierId> = view.identifiers.iter().map(|i| i.id).collect();
        let query = RequestQuery { customer: Some(id), ..RequestQuery::default() };
        let page = PageQuery { limit: PAGE_EVENTS, cursor: None };
        let exported = Exported {
            at: self.now(),
            traits,
            decisions: self.decisions_about(id).await?,
            changes: self.shared.state.identity_changes(&ids).await?,
            requests: self.privacy_requests(&query, &page).await?.items,
            suspension: self.suspension(id).await?,
            relations: self.relations_told(id).await?,
            pairs: self.pairs_told(id).await?,
            view,
        };
        let target = id.to_string();
        self.shared.access.audit(actor, "customer.exported", (&target, ""), self.now()).await?;
        Ok((exported, TimelineReader { customer: id, cursor: None, is_done: false }))
    }
}

impl TimelineReader {
    /// The next events; `None` after the last.
    ///
    /// # Errors
    /// `NotFound` where the customer was erased meanwhile; whatever history says.
    pub async fn next(&mut self, engine: &Engine) -> Result<Option<Vec<TimelineEvent>>, Error> {
        if self.is_done {
            return Ok(None);
        }
        let page = PageQuery { limit: PAGE_EVENTS, cursor: self.cursor.take() };
        let found = engine.timeline(self.customer, &TimelineFilter::default(), &page).await?;
        self.is_done = found.next.is_none();
        self.cursor = found.next;
        Ok(Some(found.items))
    }
}
