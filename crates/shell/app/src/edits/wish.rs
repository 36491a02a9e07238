//! What do people ask for, in their own terms, and which links does it come to?

use super::EditChange;
use crate::engine::Engine;
use base::{CustomerId, Error, ErrorKind, IdentifierId};
use lexicon::{Identifier, IdentifierKind, LinkRule};
use state::{Clusters, LinkRow};
use std::collections::BTreeSet;

/// Links that one decision may withdraw.
const LINKS_MAX: usize = 1_000;
/// Customers that one decision may merge.
const CUSTOMERS_MAX: usize = 100;

/// What somebody wants to be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// These customers are one.
    Merge(Vec<CustomerId>),
    /// These links should not count.
    Withdraw(Vec<LinkName>),
    /// These links should count again.
    Restore(Vec<LinkName>),
    /// These identifiers of one customer are somebody else.
    Part(Vec<Identifier>),
}

/// Which link is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkName {
    /// One end.
    pub a: Identifier,
    /// The other.
    pub b: Identifier,
    /// By which rule they are linked.
    pub rule: LinkRule,
}

impl Engine {
    /// The changes of the ledger that a wish comes to.
    pub(super) async fn changes_of(&self, wish: &Wish) -> Result<Vec<EditChange>, Error> {
        match wish {
            Wish::Merge(customers) => self.joins(customers).await,
            Wish::Part(identifiers) => self.cuts(identifiers).await,
            Wish::Withdraw(links) => {
                let keys = self.keys(links).await?;
                let change = |(a, b, rule)| EditChange::Withdraw { a, b, rule };
                Ok(keys.into_iter().map(change).collect())
            }
            Wish::Restore(links) => {
                let keys = self.keys(links).await?;
                let change = |(a, b, rule)| EditChange::Restore { a, b, rule };
                Ok(keys.into_iter().map(change).collect())
            }
        }
    }

    /// Joins each customer to the oldest of them, by what holds each together: a statement about
    /// two browsers would only move the browser of one to the user id of the other.
    async fn joins(&self, customers: &[CustomerId]) -> Result<Vec<EditChange>, Error> {
        let mut distinct = BTreeSet::new();
        for &customer in customers {
            distinct.insert(self.canonical(customer).await?);
        }
        if distinct.len() < 2 {
            return Err(Error::new(ErrorKind::Conflict, "they are one customer already"));
        }
        if distinct.len() > CUSTOMERS_MAX {
            return Err(too_many("customers", CUSTOMERS_MAX));
        }
        let distinct: Vec<CustomerId> = distinct.into_iter().collect();
        let clusters = self.shared.state.clusters(&distinct).await?;
        let mut anchors = distinct.iter().map(|&customer| anchor(customer, &clusters));
        let first = anchors.next().expect("there are at least two");
        Ok(anchors.map(|anchor| EditChange::Join { a: first, b: anchor }).collect())
    }

    /// Withdraws every link between the identifiers and the rest of their customer.
    async fn cuts(&self, identifiers: &[Identifier]) -> Result<Vec<EditChange>, Error> {
        let going: BTreeSet<IdentifierId> = self.numbers(identifiers).await?.into_iter().collect();
        let clusters = self.clusters_of(&going).await?;
        let staying = clusters.identifiers.iter().filter(|row| !going.contains(&row.id));
        let staying: BTreeSet<IdentifierId> = staying.map(|row| row.id).collect();
        if staying.is_empty() {
            let message = "nobody would be left: leave out at least one identifier";
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        let crosses = |link: &&LinkRow| {
            (going.contains(&link.a) && staying.contains(&link.b))
                || (going.contains(&link.b) && staying.contains(&link.a))
        };
        let counts = |link: &&LinkRow| link.inert.as_deref() != Some("withdrawn");
        let cut = clusters.links.iter().filter(crosses).filter(counts);
        let cut: Vec<EditChange> =
            cut.map(|l| EditChange::Withdraw { a: l.a, b: l.b, rule: l.rule }).collect();
        if cut.len() > LINKS_MAX {
            return Err(too_many("links", LINKS_MAX));
        }
        Ok(cut)
    }

    async fn clusters_of(&self, ids: &BTreeSet<IdentifierId>) -> Result<Clusters, Error> {
        let ids: Vec<IdentifierId> = ids.iter().copied().collect();
        let rows = self.shared.state.identifiers_by_id(&ids).await?;
        let owners: BTreeSet<CustomerId> =
            rows.into_iter().flatten().map(|row| row.customer).collect();
        let &[owner] = owners.into_iter().collect::<Vec<_>>().as_slice() else {
            let message = "the identifiers must be of one customer";
            return Err(Error::new(ErrorKind::Invalid, message));
        };
        Ok(self.shared.state.clusters(&[owner]).await?)
    }

    async fn keys(
        &self,
        links: &[LinkName],
    ) -> Result<Vec<(IdentifierId, IdentifierId, LinkRule)>, Error> {
        if links.is_empty() {
            return Err(Error::new(ErrorKind::Invalid, "no link is named"));
        }
        if links.len() > LINKS_MAX {
            return Err(too_many("links", LINKS_MAX));
        }
        let ends: Vec<Identifier> =
            links.iter().flat_map(|link| [link.a.clone(), link.b.clone()]).collect();
        let ids = self.numbers(&ends).await?;
        let key = |(link, ends): (&LinkName, &[IdentifierId])| {
            (ends[0].min(ends[1]), ends[0].max(ends[1]), link.rule)
        };
        Ok(links.iter().zip(ids.chunks_exact(2)).map(key).collect())
    }

    async fn numbers(&self, identifiers: &[Identifier]) -> Result<Vec<IdentifierId>, Error> {
        let rows = self.shared.identifier_rows(identifiers).await?;
        let number = |(identifier, row): (&Identifier, Option<state::IdentifierRow>)| {
            let message = || format!("no customer has the identifier {identifier}");
            let row = row.ok_or_else(|| Error::new(ErrorKind::NotFound, message()))?;
            Ok(row.id)
        };
        identifiers.iter().zip(rows).map(number).collect()
    }
}

/// The identifier that the rest of a customer hangs on: the oldest user id, or else the founder.
pub(crate) fn anchor(customer: CustomerId, clusters: &Clusters) -> IdentifierId {
    let own = clusters.identifiers.iter().filter(|row| row.customer == customer);
    let users = own.filter(|row| row.identifier.kind == IdentifierKind::UserId);
    users.map(|row| row.id).min().unwrap_or(IdentifierId(customer.0))
}

fn too_many(what: &str, n_max: usize) -> Error {
    let message = format!("at most {n_max} {what} in one decision");
    Error::new(ErrorKind::Limited, message)
}
