//! How is a profile kept so that customers can be merged and parted without loss?

use crate::DecodeError;
use crate::fragment::Fragment;
use crate::orders::Orders;
use crate::stored;
use crate::traits::Traits;
use base::{IdentifierId, Limits};
use lexicon::Event;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of one customer, by the identifier that the events came under.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fragments(pub(crate) BTreeMap<IdentifierId, Fragment>);

impl Fragments {
    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The identifiers that events came under, ascending.
    pub fn identifiers(&self) -> impl Iterator<Item = IdentifierId> + '_ {
        self.0.keys().copied()
    }

    /// Takes what `event`, which came under `identifier`, says. Each event is to be absorbed once.
    pub fn absorb(&mut self, identifier: IdentifierId, event: &Event, limits: &Limits) {
        let fragment = self.0.entry(identifier).or_insert_with(|| Fragment::before(event));
        fragment.absorb(event, limits);
    }

    /// Both together: what a merge of two customers knows.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        for (identifier, theirs) in other.0 {
            match self.0.get_mut(&identifier) {
                Some(ours) => ours.join(theirs),
                None => drop(self.0.insert(identifier, theirs)),
            }
        }
        self
    }

    /// Parts the fragments whose identifier `goes` (the second) from those that stay (the first).
    #[must_use]
    pub fn part(self, goes: impl Fn(IdentifierId) -> bool) -> (Self, Self) {
        let (gone, stay): (BTreeMap<_, _>, BTreeMap<_, _>) =
            self.0.into_iter().partition(|&(identifier, _)| goes(identifier));
        (Self(stay), Self(gone))
    }

    /// Takes the values of traits away that `mention` somebody, as if they had never been said;
    /// answers how many there were.
    pub fn forget_values(&mut self, mention: impl Fn(&str) -> bool) -> usize {
        self.0.values_mut().map(|fragment| fragment.traits.forget(&mention)).sum()
    }

    /// The same under other numbers, for whoever compares two installations: each gives its own.
    ///
    /// # Panics
    /// If `number` gives one number to two.
    #[must_use]
    pub fn renumbered(self, number: impl Fn(IdentifierId) -> IdentifierId) -> Self {
        let n = self.0.len();
        let same: BTreeMap<_, _> =
            self.0.into_iter().map(|(id, fragment)| (number(id), fragment)).collect();
        assert_eq!(same.len(), n, "every identifier has a number of its own");
        Self(same)
    }

    /// The bytes to be stored: a version, then the fragments.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        stored::encode(self)
    }

    /// Reads what [`Self::encode`] wrote, today or in an earlier version.
    ///
    /// # Errors
    /// If the bytes are empty, of an unknown version, damaged, or more than a profile.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        stored::decode(bytes)
    }

    /// The names of all traits of which anything was said.
    #[must_use]
    pub fn trait_names(&self) -> BTreeSet<&str> {
        let names =
            self.traits().flat_map(|(_, traits)| traits.set.keys().chain(traits.once.keys()));
        names.map(|name| &**name).collect()
    }

    /// Whether anything was said of any trait.
    pub(crate) fn has_traits(&self) -> bool {
        self.traits().any(|(_, traits)| !traits.set.is_empty() || !traits.once.is_empty())
    }

    /// Events that were absorbed.
    #[must_use]
    pub fn n_events(&self) -> u64 {
        self.0.values().map(|fragment| fragment.n_events).fold(0, u64::saturating_add)
    }

    /// The traits of each fragment.
    pub(crate) fn traits(&self) -> impl Iterator<Item = (IdentifierId, &Traits)> + Clone {
        self.0.iter().map(|(&identifier, fragment)| (identifier, &fragment.traits))
    }

    /// The orders of all fragments, copied only where more than one fragment has any.
    pub(crate) fn orders(&self) -> Cow<'_, Orders> {
        let mut with = self.0.values().map(|f| &f.orders).filter(|orders| !orders.is_empty());
        let Some(first) = with.next() else { return Cow::Owned(Orders::default()) };
        let mut orders = Cow::Borrowed(first);
        for more in with {
            orders.to_mut().join(more.clone());
        }
        orders
    }
}

#[cfg(test)]
mod tests;
