//! Who goes when a customer is erased, and what of theirs is somebody else's too?
//!
//! An identifier that another customer has given by themselves (the e-mail address of a family, the
//! browser of a shop) is that other customer's as well. It goes from the erased customer with
//! everything that came under it; it is not called erased, and what others said of it stays: it is
//! there again at once, under another number, with the links that others gave it. What they have
//! given and nobody else was never anybody else's, and goes too, whatever the rules made of it.

use crate::engine::Shared;
use base::{CustomerId, Error, IdentifierId, Position, SourceId};
use history::Moved;
use identity::Inert;
use lexicon::{Identifier, IdentifierKind, LinkRule};
use serde::{Deserialize, Serialize};
use state::{Forgotten, IdentifierRow, LinkRow};
use std::collections::{BTreeMap, BTreeSet};

/// Whom an erasure is about. The steps keep it in a file of their own until they are done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Whom {
    /// The customer.
    pub customer: CustomerId,
    /// The numbers of all that goes, ascending.
    pub ids: Vec<IdentifierId>,
    /// What nobody else is known by.
    pub own: Vec<Identifier>,
    /// What others are known by too.
    pub shared: Vec<Identifier>,
    /// Decisions about who is who that touched them.
    pub edits: Vec<Position>,
    /// The names of the events that are theirs, counted.
    pub n_events: u64,
    /// Under whom events of each of them may lie in files.
    #[serde(default)]
    pub under: Vec<(IdentifierId, CustomerId)>,
    /// The links by which others gave what is shared; those that somebody has withdrawn too.
    #[serde(skip)]
    pub given: Vec<LinkRow>,
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

    /// Their rows are nobody's from `at` on.
    pub fn moved(&self, at: Position) -> impl Iterator<Item = Moved> {
        let gone = move |&(identifier, from)| Moved { identifier, from, to: None, at };
        self.under.iter().map(gone)
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
        let ids: BTreeSet<IdentifierId> = clusters.identifiers.iter().map(|row| row.id).collect();
        let nobodys = self.said_by_nobody_else(&ids, &clusters.links).await?;
        let given = self.given_by_others(&clusters.identifiers, clusters.links).await?;
        let ends: BTreeSet<IdentifierId> = given.iter().flat_map(|link| [link.a, link.b]).collect();
        let is_shared = |row: &&IdentifierRow| ends.contains(&row.id);
        let (shared, own): (Vec<&IdentifierRow>, Vec<&IdentifierRow>) =
            clusters.identifiers.iter().partition(is_shared);
        let names = |rows: Vec<&IdentifierRow>| -> Vec<Identifier> {
            rows.into_iter().map(|row| row.identifier.clone()).collect()
        };
        let n_events = match self.profile_blobs(&[customer]).await?.remove(0) {
            Some(blob) => crate::processor::decode(&blob)?.n_events(),
            None => 0,
        };
        let (own, shared) = (names(own.into_iter().chain(&nobodys).collect()), names(shared));
        let ids: BTreeSet<IdentifierId> =
            ids.into_iter().chain(nobodys.iter().map(|r| r.id)).collect();
        let ids: Vec<IdentifierId> = ids.into_iter().collect();
        let edits = self.edits_touching(&ids).await?;
        let under = self.under_whom(&clusters.identifiers).await?;
        Ok(Whom { customer, ids, own, shared, edits, n_events, under, given })
    }

    /// Everybody whom these identifiers ever pointed to, each with the identifier.
    async fn under_whom(
        &self,
        identifiers: &[IdentifierRow],
    ) -> Result<Vec<(IdentifierId, CustomerId)>, Error> {
        let ids: Vec<IdentifierId> = identifiers.iter().map(|row| row.id).collect();
        let mut under: BTreeSet<_> = identifiers.iter().map(|row| (row.id, row.customer)).collect();
        for change in self.state.identity_changes(&ids).await? {
            under.extend([(change.identifier, change.from), (change.identifier, change.to)]);
        }
        Ok(under.into_iter().collect())
    }

    /// Identifiers that the customer has given and that are not theirs, because a rule or a person
    /// is against it. One that nobody else has said anything of, and nobody came under, was only
    /// ever theirs.
    async fn said_by_nobody_else(
        &self,
        ids: &BTreeSet<IdentifierId>,
        links: &[LinkRow],
    ) -> Result<Vec<IdentifierRow>, Error> {
        let ends = links.iter().filter(|link| was_said(link)).flat_map(|link| [link.a, link.b]);
        let far: BTreeSet<IdentifierId> = ends.filter(|end| !ids.contains(end)).collect();
        let far: Vec<IdentifierId> = far.into_iter().collect();
        let links = self.state.links_touching(&far).await?;
        let by_others = links
            .iter()
            .filter(|link| was_said(link) && !ids.contains(&link.a) && !ids.contains(&link.b));
        let by_others: BTreeSet<IdentifierId> = by_others.flat_map(|l| [l.a, l.b]).collect();
        let far: Vec<IdentifierId> = far.into_iter().filter(|id| !by_others.contains(id)).collect();
        let mut rows: Vec<IdentifierRow> =
            self.state.identifiers_by_id(&far).await?.into_iter().flatten().collect();
        let customers: Vec<CustomerId> = rows.iter().map(|row| row.customer).collect();
        let mut speakers = BTreeSet::new();
        for blob in self.profile_blobs(&customers).await?.into_iter().flatten() {
            speakers.extend(crate::processor::decode(&blob)?.identifiers());
        }
        rows.retain(|row| !speakers.contains(&row.id));
        Ok(rows)
    }

    /// The links by which other customers have given any of these identifiers by themselves. One that
    /// was only given by links that somebody has withdrawn is not given.
    async fn given_by_others(
        &self,
        identifiers: &[IdentifierRow],
        links: Vec<LinkRow>,
    ) -> Result<Vec<LinkRow>, Error> {
        let inside: BTreeMap<IdentifierId, &IdentifierRow> =
            identifiers.iter().map(|row| (row.id, row)).collect();
        let outward = links.into_iter().filter(was_said).filter_map(|link| {
            match (inside.get(&link.a), inside.get(&link.b)) {
                (Some(ours), None) => Some((*ours, link.b, link)),
                (None, Some(ours)) => Some((*ours, link.a, link)),
                _ => None,
            }
        });
        let outward: Vec<(&IdentifierRow, IdentifierId, LinkRow)> = outward.collect();
        let ends: Vec<IdentifierId> = outward.iter().map(|(_, end, _)| *end).collect();
        let rows = self.state.identifiers_by_id(&ends).await?;
        let by_them = outward.into_iter().zip(rows).filter(|((ours, ..), theirs)| {
            let theirs = theirs.as_ref();
            theirs.is_some_and(|theirs| speaks_before(&theirs.identifier, &ours.identifier))
        });
        let by_them: Vec<(IdentifierId, LinkRow)> =
            by_them.map(|((ours, _, link), _)| (ours.id, link)).collect();
        let counting = by_them.iter().filter(|(_, link)| !is_withdrawn(link));
        let given: BTreeSet<IdentifierId> = counting.map(|(ours, _)| *ours).collect();
        Ok(by_them.into_iter().filter(|(ours, _)| given.contains(ours)).map(|(_, l)| l).collect())
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

/// Whether an event said so, rather than a person of the company or a comparison.
fn was_said(link: &LinkRow) -> bool {
    link.source != SourceId::default() && link.rule != LinkRule::Linkage
}

fn is_withdrawn(link: &LinkRow) -> bool {
    link.inert.as_deref() == Some(Inert::Withdrawn.slug())
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
