//! What does each touched customer look like after the batch?

use super::Processor;
use super::intake::Intake;
use super::settle::Settlement;
use base::{CustomerId, Error};
use profile::Fragments;
use state::CustomerRow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The profiles that the batch changes.
pub struct Folded {
    /// Each customer's profile, as it is kept.
    pub profiles: Vec<(CustomerId, Vec<u8>)>,
    /// Each customer's line in lists.
    pub rows: Vec<CustomerRow>,
    /// Customers who are gone.
    pub absorbed: Vec<CustomerId>,
    /// All accounts of the customers whose accounts may have changed.
    pub memberships: Vec<(CustomerId, Vec<profile::Membership>)>,
}

impl Processor {
    /// Moves fragments as the identity plan says, and folds the events into them.
    pub(super) async fn fold(
        &self,
        intake: &Intake,
        settled: &Settlement,
    ) -> Result<Folded, Error> {
        let mut profiles = self.load(settled).await?;
        tokio::task::block_in_place(|| {
            move_fragments(&mut profiles, settled);
            let limits = &self.shared.options.limits;
            for (taken, owner) in intake.taken.iter().zip(&settled.owners) {
                let fragments = profiles.entry(owner.customer).or_default();
                fragments.absorb(owner.identifier, &taken.event, limits);
            }
            Ok(finish(profiles, &regrouped(intake, settled), settled))
        })
    }

    /// The profiles of everybody whom the batch touches, as they are before it.
    async fn load(&self, settled: &Settlement) -> Result<BTreeMap<CustomerId, Fragments>, Error> {
        let mut touched: BTreeSet<CustomerId> = settled.owners.iter().map(|o| o.customer).collect();
        touched.extend(settled.plan.touched());
        let new: BTreeSet<CustomerId> =
            settled.plan.new.iter().map(|n| CustomerId::founded_by(n.id)).collect();
        let known: Vec<CustomerId> = touched.difference(&new).copied().collect();
        let blobs = self.shared.profile_blobs(&known).await?;
        tokio::task::block_in_place(|| {
            let mut profiles = BTreeMap::new();
            for (customer, blob) in known.into_iter().zip(blobs) {
                let fragments = blob.map_or_else(|| Ok(Fragments::default()), |b| decode(&b))?;
                profiles.insert(customer, fragments);
            }
            Ok(profiles)
        })
    }
}

fn decode(blob: &Arc<[u8]>) -> Result<Fragments, Error> {
    Fragments::decode(blob).map_err(|error| {
        Error::new(base::ErrorKind::Corrupt, "a profile cannot be read").with_source(error)
    })
}

fn move_fragments(profiles: &mut BTreeMap<CustomerId, Fragments>, settled: &Settlement) {
    for moved in &settled.plan.moves {
        let Some(from) = profiles.remove(&moved.from) else { continue };
        let (staying, going) = from.part(|identifier| identifier == moved.identifier);
        profiles.insert(moved.from, staying);
        let to = profiles.remove(&moved.to).unwrap_or_default();
        profiles.insert(moved.to, to.join(going));
    }
    for merge in &settled.plan.merges {
        profiles.remove(&merge.absorbed);
    }
}

/// The customers whose accounts may have changed.
fn regrouped(intake: &Intake, settled: &Settlement) -> BTreeSet<CustomerId> {
    let mut regrouped: BTreeSet<CustomerId> = settled.plan.touched().into_iter().collect();
    for (taken, owner) in intake.taken.iter().zip(&settled.owners) {
        if taken.event.account_key.is_some() {
            regrouped.insert(owner.customer);
        }
    }
    regrouped
}

fn finish(
    profiles: BTreeMap<CustomerId, Fragments>,
    regrouped: &BTreeSet<CustomerId>,
    settled: &Settlement,
) -> Folded {
    let mut folded = Folded {
        profiles: Vec::with_capacity(profiles.len()),
        rows: Vec::with_capacity(profiles.len()),
        absorbed: settled.plan.merges.iter().map(|m| m.absorbed).collect(),
        memberships: Vec::new(),
    };
    for (customer, fragments) in profiles {
        if regrouped.contains(&customer) {
            folded.memberships.push((customer, fragments.view().accounts));
        }
        folded.rows.extend(row(customer, &fragments));
        folded.profiles.push((customer, fragments.encode()));
    }
    folded
}

fn row(id: CustomerId, fragments: &Fragments) -> Option<CustomerRow> {
    let summary = fragments.summary();
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
