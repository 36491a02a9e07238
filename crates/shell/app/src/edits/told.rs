//! Whom and what is a decision about, by name?

use super::{Decided, EditChange};
use crate::engine::Engine;
use base::{CustomerId, Error, IdentifierId, Position};
use lexicon::{Identifier, LinkRule};
use std::collections::HashMap;

/// Links that a decision names; it says how many there are.
const LINKS_MAX: usize = 20;
/// Customers that a decision names.
const CUSTOMERS_MAX: usize = 20;

/// A decision with those whom it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldDecision {
    /// The decision.
    pub decided: Decided,
    /// The customers before and after it, by the numbers that they had, as far as they are named.
    pub customers: Vec<ToldCustomer>,
    /// How many there are.
    pub n_customers: usize,
    /// The links that it changed, as far as they are named; [`Decided::changes`] has all.
    pub links: Vec<ToldLink>,
}

/// A customer whom a decision is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldCustomer {
    /// The number at the time of the decision.
    pub id: CustomerId,
    /// The number now; `None` where nobody is left.
    pub now: Option<CustomerId>,
    /// What they are called now.
    pub name: Option<String>,
}

/// A link that a decision changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldLink {
    /// One end; `None` where it is gone.
    pub a: Option<Identifier>,
    /// The other.
    pub b: Option<Identifier>,
    /// By which rule they are linked.
    pub rule: LinkRule,
    /// Whether it counts since.
    pub counts: bool,
}

impl Engine {
    /// The decisions with those whom they are about.
    ///
    /// # Errors
    /// Whatever the state says.
    pub async fn by_name(&self, decided: Vec<Decided>) -> Result<Vec<ToldDecision>, Error> {
        let edits: Vec<Position> = decided.iter().map(|one| one.id).collect();
        let mut about: HashMap<Position, Vec<CustomerId>> = HashMap::new();
        for (edit, customer) in self.shared.state.customers_of_edits(&edits).await? {
            about.entry(edit).or_default().push(customer);
        }
        let shown = about.values().flat_map(|ids| ids.iter().take(CUSTOMERS_MAX)).copied();
        let customers = self.told_customers(shown.collect()).await?;
        let ends = decided.iter().flat_map(|one| one.changes.iter().take(LINKS_MAX));
        let names = self.told_identifiers(ends.flat_map(|change| ends_of(change).0)).await?;
        let told = decided.into_iter().map(|decided| {
            let ids = about.remove(&decided.id).unwrap_or_default();
            let named = ids.iter().take(CUSTOMERS_MAX).filter_map(|id| customers.get(id).cloned());
            let links = decided.changes.iter().take(LINKS_MAX).map(|change| {
                let ([a, b], rule, counts) = ends_of(change);
                let name = |id| names.get(&id).cloned();
                ToldLink { a: name(a), b: name(b), rule, counts }
            });
            let (customers, links) = (named.collect(), links.collect());
            ToldDecision { customers, n_customers: ids.len(), links, decided }
        });
        Ok(told.collect())
    }

    async fn told_customers(
        &self,
        ids: Vec<CustomerId>,
    ) -> Result<HashMap<CustomerId, ToldCustomer>, Error> {
        let founders: Vec<IdentifierId> = ids.iter().map(|id| IdentifierId(id.0)).collect();
        let rows = self.shared.state.identifiers_by_id(&founders).await?;
        let now: Vec<Option<CustomerId>> =
            rows.into_iter().map(|row| row.map(|row| row.customer)).collect();
        let there: Vec<CustomerId> = now.iter().flatten().copied().collect();
        let found = self.shared.state.customer_rows(&there).await?.into_iter().flatten();
        let names: HashMap<CustomerId, Option<String>> =
            found.map(|row| (row.id, row.name)).collect();
        let told = ids.into_iter().zip(now).map(|(id, now)| {
            let name = now.and_then(|now| names.get(&now).cloned().flatten());
            (id, ToldCustomer { id, now, name })
        });
        Ok(told.collect())
    }

    async fn told_identifiers(
        &self,
        ids: impl Iterator<Item = IdentifierId>,
    ) -> Result<HashMap<IdentifierId, Identifier>, Error> {
        let ids: Vec<IdentifierId> = ids.collect();
        let rows = self.shared.state.identifiers_by_id(&ids).await?;
        Ok(rows.into_iter().flatten().map(|row| (row.id, row.identifier)).collect())
    }
}

fn ends_of(change: &EditChange) -> ([IdentifierId; 2], LinkRule, bool) {
    match *change {
        EditChange::Join { a, b } => ([a, b], LinkRule::Stated, true),
        EditChange::Link { a, b, .. } => ([a, b], LinkRule::Linkage, true),
        EditChange::Withdraw { a, b, rule } => ([a, b], rule, false),
        EditChange::Restore { a, b, rule } => ([a, b], rule, true),
    }
}
