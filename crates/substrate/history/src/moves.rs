//! Whose are rows that were written before their identifier came to point to somebody else?
//!
//! A row says the customer whom its identifier pointed to when it was written (into a run, or into
//! a fresh batch). Merges, unmerges and erasures do not write rows anew; compaction does, in time.
//! Until then [`Moves`] knows which rows are *stale*, and whose they are now.
//!
//! Rows of customers who are not [touched](Moves::is_touched) are right as they are written, which
//! is nearly everybody: those who read everything ask once per customer, and once per row only of
//! those few who are touched.

use base::{CustomerId, IdentifierId, Position};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An identifier that came to point to somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The identifier.
    pub identifier: IdentifierId,
    /// Under whom its rows may lie: whom it pointed to before.
    pub from: CustomerId,
    /// Whom it points to now; `None` where it was erased, and its rows are nobody's.
    pub to: Option<CustomerId>,
    /// The log position of the batch that moved it: rows written through it know.
    pub at: Position,
}

/// Which rows are stale, and whose they are now.
///
/// An identifier that went away and came back leaves the rows in between stale and no others.
/// Memory: about 160 bytes for each pair of an identifier and a customer under whom stale rows of
/// it may lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Whom identifiers with stale rows belong to now.
    owners: HashMap<IdentifierId, Option<CustomerId>>,
    /// Rows of the identifier under the customer are stale where they were written before.
    stale: BTreeMap<(IdentifierId, CustomerId), Position>,
    /// The same by their owner now: owner, written, identifier.
    owed: BTreeSet<(CustomerId, CustomerId, IdentifierId)>,
    /// How many times each customer stands in `stale` and in `owed`.
    touched: HashMap<CustomerId, u32>,
    /// The last of the moves that were forgotten, since no row is stale by it.
    forgotten_through: Position,
}

impl Moves {
    /// Whether no row is stale.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stale.is_empty()
    }

    /// Pairs of an identifier and a customer under whom stale rows of it may lie.
    #[must_use]
    pub fn n_stale(&self) -> usize {
        self.stale.len()
    }

    /// Whether rows that say `customer` may be somebody else's, or rows that say somebody else
    /// theirs.
    #[must_use]
    pub fn is_touched(&self, customer: CustomerId) -> bool {
        self.touched.contains_key(&customer)
    }

    /// Everybody who [is touched](Moves::is_touched), ascending.
    pub fn iter_touched(&self) -> impl Iterator<Item = CustomerId> {
        let mut touched: Vec<CustomerId> = self.touched.keys().copied().collect();
        touched.sort_unstable();
        touched.into_iter()
    }

    /// Whose a row is that came under `identifier` and says `written`; `None` where it is nobody's
    /// any more, and must not be seen.
    #[must_use]
    pub fn customer_of(&self, identifier: IdentifierId, written: CustomerId) -> Option<CustomerId> {
        self.owners.get(&identifier).copied().unwrap_or(Some(written))
    }

    /// The other customers whom rows of `customer` may say, ascending.
    pub fn sources_of(&self, customer: CustomerId) -> impl Iterator<Item = CustomerId> + '_ {
        let first = (customer, CustomerId(0), IdentifierId(0));
        let last = (customer, CustomerId(u64::MAX), IdentifierId(u64::MAX));
        let mut before = None;
        let written = self.owed.range(first..=last).map(|&(_, written, _)| written);
        written.filter(move |&written| before.replace(written) != Some(written))
    }

    /// Customers who stale rows say, each with the position before which they were written; a
    /// customer comes once for each identifier.
    pub(crate) fn iter_stale(&self) -> impl Iterator<Item = (CustomerId, Position)> + '_ {
        self.stale.iter().map(|(&(_, written), &at)| (written, at))
    }

    /// Rows written through an earlier position than this may be stale without anybody knowing.
    pub(crate) fn forgotten_through(&self) -> Position {
        self.forgotten_through
    }

    /// Takes in a move, the last of its identifier so far. `may_lie` is whether rows may lie
    /// anywhere that say `from` and were written before.
    pub(crate) fn put(&mut self, moved: &Moved, may_lie: bool) {
        let Moved { identifier, from, to, at } = *moved;
        let mut under = self.take(identifier);
        // Rows that say whom it has come back to are right, whenever they were written.
        under.retain(|&(written, _)| written != from && Some(written) != to);
        if !may_lie {
            self.forgotten_through = self.forgotten_through.max(at);
        } else if Some(from) != to {
            under.push((from, at));
        }
        self.link(identifier, to, &under);
    }

    /// Without what is stale no more: `may_lie` is whether rows may lie anywhere that say the
    /// customer and were written before the position. `None` where everything stays.
    pub(crate) fn without(&self, may_lie: impl Fn(CustomerId, Position) -> bool) -> Option<Self> {
        let gone = self.stale.iter().filter(|&(&(_, written), &at)| !may_lie(written, at));
        let gone: Vec<(IdentifierId, CustomerId, Position)> =
            gone.map(|(&(identifier, written), &at)| (identifier, written, at)).collect();
        if gone.is_empty() {
            return None;
        }
        let mut left = self.clone();
        for (identifier, written, at) in gone {
            let owner = self.owners[&identifier];
            let mut under = left.take(identifier);
            under.retain(|&(other, _)| other != written);
            left.link(identifier, owner, &under);
            left.forgotten_through = left.forgotten_through.max(at);
        }
        Some(left)
    }

    /// Takes out what is known of an identifier: under whom its stale rows may lie.
    fn take(&mut self, identifier: IdentifierId) -> Vec<(CustomerId, Position)> {
        let Some(owner) = self.owners.remove(&identifier) else { return Vec::new() };
        let all = (identifier, CustomerId(0))..=(identifier, CustomerId(u64::MAX));
        let under: Vec<(CustomerId, Position)> =
            self.stale.range(all).map(|(&(_, written), &at)| (written, at)).collect();
        for &(written, _) in &under {
            self.stale.remove(&(identifier, written));
            self.untouch(written);
            if let Some(owner) = owner {
                self.owed.remove(&(owner, written, identifier));
                self.untouch(owner);
            }
        }
        under
    }

    fn link(
        &mut self,
        identifier: IdentifierId,
        owner: Option<CustomerId>,
        under: &[(CustomerId, Position)],
    ) {
        if under.is_empty() {
            return;
        }
        self.owners.insert(identifier, owner);
        for &(written, at) in under {
            self.stale.insert((identifier, written), at);
            *self.touched.entry(written).or_default() += 1;
            if let Some(owner) = owner {
                self.owed.insert((owner, written, identifier));
                *self.touched.entry(owner).or_default() += 1;
            }
        }
    }

    fn untouch(&mut self, customer: CustomerId) {
        if let Some(n) = self.touched.get_mut(&customer) {
            *n -= 1;
            if *n == 0 {
                self.touched.remove(&customer);
            }
        }
    }
}

#[cfg(test)]
mod tests;
