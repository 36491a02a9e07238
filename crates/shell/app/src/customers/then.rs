//! Who did we think this was, when?
//!
//! Nothing is remembered for this page: every move of an identifier between customers is a row, and
//! where an identifier pointed at a moment follows from the last move before it.

use crate::engine::Engine;
use crate::traits::Sight;
use base::{CustomerId, Error, IdentifierId, Position, Timestamp};
use lexicon::Identifier;
use state::{IdentifierRow, IdentityChange};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Moments that the page lists, the latest.
const MOMENTS_MAX: usize = 200;

/// A customer as they were known at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityThen {
    /// The moment.
    pub at: Timestamp,
    /// Who the founder of the present customer pointed to then; `None` before anything was known
    /// of it.
    pub customer: Option<CustomerId>,
    /// The identifiers that pointed to the same customer then, by number.
    pub identifiers: Vec<IdentifierThen>,
    /// When somebody came or went, the earliest first: from the first identifier on.
    pub moments: Vec<IdentityMoment>,
    /// How many moments there are in all.
    pub n_moments: usize,
}

/// An identifier of a customer at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentifierThen {
    /// Kind and value.
    pub identifier: Identifier,
    /// When it reached us first.
    pub recorded_at: Timestamp,
    /// The customer whom it points to now.
    pub now: CustomerId,
}

/// Something that changed who a customer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityMoment {
    /// When.
    pub at: Timestamp,
    /// Why, in words.
    pub cause: String,
    /// The identifiers that came: heard of for the first time, or from another customer.
    pub came: Vec<Identifier>,
    /// The identifiers that went to another customer.
    pub went: Vec<Identifier>,
}

impl Engine {
    /// Who the customer `id` was at the moment `at`, as we knew then.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn identity_then(
        &self,
        id: CustomerId,
        at: Timestamp,
        sight: &Sight,
    ) -> Result<IdentityThen, Error> {
        let id = self.canonical(id).await?;
        let past = self.past_of(id).await?;
        let customer = past.whom(past.anchor, at);
        let there: Vec<&IdentifierRow> = match customer {
            Some(customer) => {
                past.rows.values().filter(|row| past.whom(row.id, at) == Some(customer)).collect()
            }
            None => Vec::new(),
        };
        let then = |row: &IdentifierRow| IdentifierThen {
            identifier: sight.identifier(row.identifier.clone()),
            recorded_at: row.recorded_at,
            now: row.customer,
        };
        let mut moments = past.moments(sight);
        let n_moments = moments.len();
        moments.drain(..n_moments.saturating_sub(MOMENTS_MAX));
        let identifiers = there.into_iter().map(then).collect();
        Ok(IdentityThen { at, customer, identifiers, moments, n_moments })
    }

    /// Every identifier that ever pointed where the founder of `id` did, and all their moves.
    async fn past_of(&self, id: CustomerId) -> Result<Past, Error> {
        let state = &self.shared.state;
        let anchor = IdentifierId(id.0);
        let ever = state.keys_ever(&[anchor]).await?;
        let moves = state.identity_changes_of(&ever).await?;
        let mut ids: BTreeSet<IdentifierId> = moves.iter().map(|m| m.identifier).collect();
        ids.extend(state.clusters(&ever).await?.identifiers.iter().map(|row| row.id));
        ids.insert(anchor);
        let ids: Vec<IdentifierId> = ids.into_iter().collect();
        let mut by_identifier: HashMap<IdentifierId, Vec<IdentityChange>> = HashMap::new();
        for change in state.identity_changes(&ids).await? {
            by_identifier.entry(change.identifier).or_default().push(change);
        }
        let rows = state.identifiers_by_id(&ids).await?.into_iter().flatten();
        Ok(Past { anchor, rows: rows.map(|row| (row.id, row)).collect(), moves: by_identifier })
    }
}

/// What is known of the past of a customer.
struct Past {
    anchor: IdentifierId,
    rows: BTreeMap<IdentifierId, IdentifierRow>,
    /// The moves of each identifier, in the order of the log.
    moves: HashMap<IdentifierId, Vec<IdentityChange>>,
}

impl Past {
    /// Whom an identifier pointed to at a moment; nobody before it was heard of.
    fn whom(&self, id: IdentifierId, at: Timestamp) -> Option<CustomerId> {
        let row = self.rows.get(&id)?;
        let moves = self.moves.get(&id).map_or(&[][..], Vec::as_slice);
        let last = moves.iter().rev().find(|change| change.at <= at);
        match (last, moves.first()) {
            (Some(last), _) => Some(last.to),
            _ if row.recorded_at > at => None,
            (None, Some(first)) => Some(first.from),
            (None, None) => Some(row.customer),
        }
    }

    /// Whom an identifier pointed to first.
    fn born_to(&self, row: &IdentifierRow) -> CustomerId {
        self.moves.get(&row.id).and_then(|moves| moves.first()).map_or(row.customer, |m| m.from)
    }

    /// When somebody came to, or went from, the customer whom the founder pointed to.
    fn moments(&self, sight: &Sight) -> Vec<IdentityMoment> {
        let name = |id: IdentifierId| {
            self.rows.get(&id).map(|row| sight.identifier(row.identifier.clone()))
        };
        let mut births: BTreeMap<Timestamp, Vec<Identifier>> = BTreeMap::new();
        for row in self.rows.values() {
            if self.whom(self.anchor, row.recorded_at) == Some(self.born_to(row)) {
                births.entry(row.recorded_at).or_default().extend(name(row.id));
            }
        }
        let mut moments: Vec<(Position, IdentityMoment)> = Vec::new();
        for (at, came) in births {
            let cause = if moments.is_empty() { "first heard of" } else { "heard of" }.to_owned();
            let moment = IdentityMoment { at, cause, came, went: Vec::new() };
            moments.push((Position::default(), moment));
        }
        let mut by_place: BTreeMap<(Timestamp, Position), Vec<&IdentityChange>> = BTreeMap::new();
        for change in self.moves.values().flatten() {
            by_place.entry((change.at, change.position)).or_default().push(change);
        }
        for ((at, position), changes) in by_place {
            moments.extend(self.moment(at, &changes, name).map(|moment| (position, moment)));
        }
        moments.sort_by_key(|(position, moment)| (moment.at, *position));
        moments.into_iter().map(|(_, moment)| moment).collect()
    }

    /// What the moves at one place of the log changed about the customer of the founder.
    fn moment(
        &self,
        at: Timestamp,
        changes: &[&IdentityChange],
        name: impl Fn(IdentifierId) -> Option<Identifier>,
    ) -> Option<IdentityMoment> {
        let own = changes.iter().find(|change| change.identifier == self.anchor);
        let after = self.whom(self.anchor, at);
        let before = own.map(|own| own.from).or(after);
        // Where the founder moves along, those who do as well neither come nor go.
        let along =
            |change: &&&IdentityChange| Some(change.from) == before && Some(change.to) == after;
        let others = || changes.iter().filter(|change| !along(change));
        let came = others().filter(|change| Some(change.to) == after);
        let came: Vec<Identifier> = came.filter_map(|change| name(change.identifier)).collect();
        let went = others().filter(|change| Some(change.from) == before);
        let went: Vec<Identifier> = went.filter_map(|change| name(change.identifier)).collect();
        let joined = self.joined(at, changes, before, after, &name);
        let came: Vec<Identifier> = came.into_iter().chain(joined).collect();
        let cause = changes.first()?.cause.clone();
        (!came.is_empty() || !went.is_empty()).then_some(IdentityMoment { at, cause, came, went })
    }

    /// Where the founder went to somebody who was there before, those are who came.
    fn joined(
        &self,
        at: Timestamp,
        changes: &[&IdentityChange],
        before: Option<CustomerId>,
        after: Option<CustomerId>,
        name: impl Fn(IdentifierId) -> Option<Identifier>,
    ) -> Vec<Identifier> {
        if before == after {
            return Vec::new();
        }
        let has_moved = |id: IdentifierId| changes.iter().any(|change| change.identifier == id);
        let there = self.rows.values().filter(|row| self.whom(row.id, at) == after);
        there.filter(|row| !has_moved(row.id)).filter_map(|row| name(row.id)).collect()
    }
}
