//! Who goes when a customer is erased, and what of theirs is somebody else's too?
//!
//! An identifier that another customer has given by themselves (the e-mail address of a family, the
//! browser of a shop) is that other customer's as well. It goes from the erased customer with
//! everything that came under it; it is not called erased, and what others said of it stays.

use crate::engine::Shared;
use base::{CustomerId, Error, IdentifierId, Position};
use identity::Inert;
use lexicon::{Identifier, IdentifierKind};
use serde::{Deserialize, Serialize};
use state::{Forgotten, IdentifierRow, LinkRow};
use std::collections::{BTreeMap, BTreeSet};

/// Whom an erasure is about. The steps keep it in a file of their own until they are done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Whom {
    /// The customer.
    pub customer: CustomerId,
    /// The numbers of all their identifiers, ascending.
    pub ids: Vec<IdentifierId>,
    /// What nobody else is known by.
    pub own: Vec<Identifier>,
    /// What others are known by too.
    pub shared: Vec<Identifier>,
    /// Decisions about who is who that touched them.
    pub edits: Vec<Position>,
    /// The names of the events that are theirs, counted.
    pub n_events: u64,
}

impl Whom {
    /// What the tables are to forget.
    pub fn forgotten(&self) -> Forgotten {
        Forgotten {
            customer: self.customer,
            identifiers: self.ids.clone(),
            names: self.own.clone(),
            edits: self.edits.clone(),
        }
    }
}

impl Shared {
    /// Everything that `customer` is known by, as things are now.
    ///
    /// # Errors
    /// `NotFound` where there is no such customer.
    pub(crate) async fn whom(&self, customer: CustomerId) -> Result<Whom, Error> {
        let clusters = self.state.clusters(&[customer]).await?;
        if clusters.identifiers.is_empty() {
            let message = format!("there is no customer {customer}");
            return Err(Error::new(base::ErrorKind::NotFound, message));
        }
        let ids: Vec<IdentifierId> = clusters.identifiers.iter().map(|row| row.id).collect();
        let given = self.given_by_others(&clusters.identifiers, &clusters.links).await?;
        let is_shared = |row: &&IdentifierRow| given.contains(&row.id);
        let (shared, own): (Vec<&IdentifierRow>, Vec<&IdentifierRow>) =
            clusters.identifiers.iter().partition(is_shared);
        let names = |rows: Vec<&IdentifierRow>| -> Vec<Identifier> {
            rows.into_iter().map(|row| row.identifier.clone()).collect()
        };
        let n_events = match self.profile_blobs(&[customer]).await?.remove(0) {
            Some(blob) => crate::processor::decode(&blob)?.n_events(),
            None => 0,
        };
        let (own, shared) = (names(own), names(shared));
        let edits = self.edits_touching(&ids).await?;
        Ok(Whom { customer, ids, own, shared, edits, n_events })
    }

    /// Which of these identifiers other customers have given by themselves.
    async fn given_by_others(
        &self,
        identifiers: &[IdentifierRow],
        links: &[LinkRow],
    ) -> Result<BTreeSet<IdentifierId>, Error> {
        let inside: BTreeMap<IdentifierId, &IdentifierRow> =
            identifiers.iter().map(|row| (row.id, row)).collect();
        let withdrawn = Inert::Withdrawn.slug();
        let outward: Vec<(IdentifierId, IdentifierId)> = links
            .iter()
            .filter(|link| link.inert.as_deref() != Some(withdrawn))
            .filter_map(|link| match (inside.get(&link.a), inside.get(&link.b)) {
                (Some(_), None) => Some((link.a, link.b)),
                (None, Some(_)) => Some((link.b, link.a)),
                _ => None,
            })
            .collect();
        let ends: Vec<IdentifierId> = outward.iter().map(|&(_, outside)| outside).collect();
        let rows = self.state.identifiers_by_id(&ends).await?;
        let mut given = BTreeSet::new();
        for ((ours, _), theirs) in outward.into_iter().zip(rows) {
            let ours = inside[&ours];
            if theirs.is_some_and(|theirs| speaks_before(&theirs.identifier, &ours.identifier)) {
                given.insert(ours.id);
            }
        }
        Ok(given)
    }

    async fn edits_touching(&self, ids: &[IdentifierId]) -> Result<Vec<Position>, Error> {
        let ever = self.state.keys_ever(ids).await?;
        let ids: BTreeSet<IdentifierId> = ids.iter().copied().collect();
        let mut touching = Vec::new();
        for edit in self.state.edits_of(&ever).await? {
            let changes: Vec<crate::edits::EditChange> =
                serde_json::from_str(&edit.changes).unwrap_or_default();
            if changes.iter().any(|change| change.ends().iter().any(|id| ids.contains(id))) {
                touching.push(edit.id);
            }
        }
        Ok(touching)
    }
}

/// Whether an event that carries both comes under the first: a user id before the id of a browser
/// before everything else. So the link between the two is what the first one's customer said.
fn speaks_before(one: &Identifier, other: &Identifier) -> bool {
    let rank = |identifier: &Identifier| match identifier.kind {
        IdentifierKind::UserId => 0,
        IdentifierKind::AnonymousId => 1,
        _ => 2,
    };
    rank(one) < rank(other)
}
