//! What does each touched customer look like after the batch?
//!
//! Customers are folded one by one in the order of their numbers and handed over in pieces, so
//! that the state can write one piece while the next is being folded, and no more than a piece of
//! profiles is ever unpacked.

use super::Processor;
use super::intake::{Intake, Taken};
use super::settle::{Owner, Settlement};
use crate::relations::households_of;
use base::{CustomerId, Error, IdentifierId, Limits};
use identity::IdentityPlan;
use profile::{Fragments, TraitRules};
use state::CustomerRow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Customers in a piece: enough for full statements.
const N_IN_PIECE: usize = 1_024;

/// The customers of a batch, on their way to what they look like after it.
pub struct Folding<'b> {
    limits: Limits,
    rules: Arc<TraitRules>,
    /// Everybody who is there after the batch and is touched by it, and the profile before it.
    touched: Vec<(CustomerId, Option<Arc<[u8]>>)>,
    /// Profiles that the identity plan has moved about.
    moved: BTreeMap<CustomerId, Fragments>,
    /// The events, by customer and then in the order of the log.
    events: Vec<(&'b Taken, Owner)>,
    n_done: usize,
    n_events_done: usize,
}

/// Some customers as they look after the batch.
#[derive(Default)]
pub struct Piece {
    /// Each customer's profile, as it is kept.
    pub profiles: Vec<(CustomerId, Arc<[u8]>)>,
    /// Each customer's line in lists.
    pub rows: Vec<CustomerRow>,
    /// All accounts of the customers whose accounts may have changed, and their identifiers.
    pub memberships: Vec<Belonging>,
    /// Customers under whose identifiers no event came (any more): they have no profile.
    pub emptied: Vec<CustomerId>,
    /// All households of the customers whose households have changed.
    pub households: Vec<(CustomerId, Vec<String>)>,
}

/// Which accounts a customer's events name.
pub struct Belonging {
    /// The customer.
    pub customer: CustomerId,
    /// The accounts.
    pub accounts: Vec<profile::Membership>,
    /// The identifiers that events came under.
    pub identifiers: Vec<IdentifierId>,
}

impl Processor {
    /// Loads everybody whom the batch touches and moves fragments as the identity plan says.
    pub(super) async fn folding<'b>(
        &self,
        intake: &'b Intake,
        settled: &Settlement,
    ) -> Result<Folding<'b>, Error> {
        let mut events: Vec<_> = intake.taken.iter().zip(settled.owners.iter().copied()).collect();
        events.sort_unstable_by_key(|(taken, owner)| (owner.customer, taken.seq));
        let mut touched: BTreeSet<CustomerId> = events.iter().map(|(_, o)| o.customer).collect();
        touched.extend(settled.plan.touched());
        let mut touched = self.load(touched, settled).await?;
        let moved = move_fragments(&mut touched, settled)?;
        let gone: BTreeSet<CustomerId> = settled.plan.merges.iter().map(|m| m.absorbed).collect();
        touched.retain(|(customer, _)| !gone.contains(customer));
        let limits = self.shared.options.limits.clone();
        let rules = self.shared.traits.rules();
        Ok(Folding { limits, rules, touched, moved, events, n_done: 0, n_events_done: 0 })
    }

    /// The profiles as they are before the batch; whoever is new has none.
    async fn load(
        &self,
        touched: BTreeSet<CustomerId>,
        settled: &Settlement,
    ) -> Result<Vec<(CustomerId, Option<Arc<[u8]>>)>, Error> {
        let founded = settled.plan.new.iter().map(|new| CustomerId::founded_by(new.id));
        let new: BTreeSet<CustomerId> = founded.collect();
        let known: Vec<CustomerId> = touched.difference(&new).copied().collect();
        let blobs = self.shared.profile_blobs(&known).await?;
        let mut found = known.into_iter().zip(blobs).peekable();
        let with_blob = |customer| {
            let blob = found.next_if(|(known, _)| *known == customer).and_then(|(_, blob)| blob);
            (customer, blob)
        };
        Ok(touched.into_iter().map(with_blob).collect())
    }
}

impl Folding<'_> {
    /// The next customers; nothing when all were there.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, Error> {
        let end = self.touched.len().min(self.n_done + N_IN_PIECE);
        if self.n_done == end {
            return Ok(None);
        }
        let mut piece = Piece::default();
        while self.n_done < end {
            self.fold_one(&mut piece)?;
        }
        Ok(Some(piece))
    }

    fn fold_one(&mut self, piece: &mut Piece) -> Result<(), Error> {
        let (customer, blob) = &mut self.touched[self.n_done];
        let (customer, blob) = (*customer, blob.take());
        let moved = self.moved.remove(&customer);
        let is_moved = moved.is_some();
        let mut is_regrouped = is_moved;
        let mut fragments = match (moved, blob) {
            (Some(fragments), _) => fragments,
            (None, Some(blob)) => decode(&blob)?,
            (None, None) => Fragments::default(),
        };
        let rest = &self.events[self.n_events_done..];
        let n_events = rest.iter().take_while(|(_, owner)| owner.customer == customer).count();
        let is_told = rest[..n_events].iter().any(|(taken, _)| says_traits(&taken.event));
        let lived = if is_told { households_of(&fragments, &self.rules) } else { Vec::new() };
        for (taken, owner) in &rest[..n_events] {
            is_regrouped |= taken.event.account_key.is_some();
            fragments.absorb(owner.identifier, &taken.event, &self.limits);
        }
        self.n_done += 1;
        self.n_events_done += n_events;
        if is_told || is_moved {
            let lives = households_of(&fragments, &self.rules);
            if is_moved || lives != lived {
                piece.households.push((customer, lives));
            }
        }
        piece.take(customer, &fragments, &self.rules, is_regrouped);
        Ok(())
    }
}

impl Piece {
    fn take(
        &mut self,
        customer: CustomerId,
        fragments: &Fragments,
        rules: &TraitRules,
        is_regrouped: bool,
    ) {
        if is_regrouped {
            let accounts = fragments.memberships();
            let identifiers = fragments.identifiers().collect();
            self.memberships.push(Belonging { customer, accounts, identifiers });
        }
        if fragments.is_empty() {
            self.emptied.push(customer);
            return;
        }
        self.rows.extend(row(customer, fragments, rules));
        self.profiles.push((customer, fragments.encode().into()));
    }
}

/// Whether the event says something lasting of its customer.
fn says_traits(event: &lexicon::Event) -> bool {
    event.kind != lexicon::EventKind::Group
        && !(event.traits.is_empty()
            && event.traits_once.is_empty()
            && event.traits_unset.is_empty())
}

pub(crate) fn decode(blob: &[u8]) -> Result<Fragments, Error> {
    Fragments::decode(blob).map_err(|error| {
        Error::new(base::ErrorKind::Corrupt, "a profile cannot be read").with_source(error)
    })
}

/// Takes the profiles that the plan moves out of `touched`, and moves them.
fn move_fragments(
    touched: &mut [(CustomerId, Option<Arc<[u8]>>)],
    settled: &Settlement,
) -> Result<BTreeMap<CustomerId, Fragments>, Error> {
    let mut profiles = BTreeMap::new();
    for customer in settled.plan.touched() {
        let place = touched.binary_search_by_key(&customer, |(customer, _)| *customer);
        let blob = place.ok().and_then(|place| touched[place].1.take());
        let fragments = blob.map_or_else(|| Ok(Fragments::default()), |blob| decode(&blob))?;
        profiles.insert(customer, fragments);
    }
    carry(&mut profiles, &settled.plan);
    Ok(profiles)
}

/// Moves fragments between profiles as `plan` moves identifiers.
pub(crate) fn carry(profiles: &mut BTreeMap<CustomerId, Fragments>, plan: &IdentityPlan) {
    for moved in &plan.moves {
        let Some(from) = profiles.remove(&moved.from) else { continue };
        let (staying, going) = from.part(|identifier| identifier == moved.identifier);
        profiles.insert(moved.from, staying);
        let to = profiles.remove(&moved.to).unwrap_or_default();
        profiles.insert(moved.to, to.join(going));
    }
}

pub(super) fn row(
    id: CustomerId,
    fragments: &Fragments,
    rules: &TraitRules,
) -> Option<CustomerRow> {
    let summary = fragments.summary(rules);
    Some(CustomerRow {
        id,
        name: summary.name,
        email: summary.email,
        phone: summary.phone,
        country: summary.country,
        city: summary.city,
        company: summary.company,
        first_seen: summary.first_seen?,
        last_seen: summary.last_seen?,
        n_events: summary.n_events,
        n_orders: summary.n_orders,
        revenue_minor: summary.revenue_minor,
        currency: summary.currency,
        is_known: summary.is_known,
    })
}
