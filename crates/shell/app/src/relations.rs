//! Who belongs to this customer: whom do they live with, who brought whom, who speaks of whom?

mod by_hand;
mod household;
mod influence;
mod network;
mod told;

pub use by_hand::{RelateOrder, Said, SaidByHand, Word, WordPlace};
pub use household::{HouseholdPerson, HouseholdView, RemovedPerson};
pub use influence::{InfluenceView, Influencer, Influencers, InfluencersView, PairView};
pub use network::{CodeView, EdgeView, WaitingView};
pub use relations::influence::{COMPARED_MIN, Estimate, LEVEL, PAIRS_MIN, VERSION, Verdict};
pub use relations::{
    BadHouseholdKey, Evidence, FreeMail, HouseholdKey, HouseholdRule, NotEstimable, Reference,
    RelationKind, Way,
};
pub use told::{HomeTold, PlaceTold, RelationsTold, StatementTold};

pub(crate) use by_hand::{PlannedWords, carry_over};
pub(crate) use household::households_of;

use crate::engine::Engine;
use crate::traits::Sight;
use base::{CustomerId, Error, Timestamp};
use state::CustomerRow;

/// Everything that relates one customer to others.
#[derive(Clone, Debug)]
pub struct RelationsView {
    /// The customer; may differ from the one asked for, who was merged away.
    pub customer: CustomerId,
    /// Everybody whom the relations name, the customer included, by number.
    pub people: Vec<CustomerRow>,
    /// Relations between any two of them, the latest first.
    pub edges: Vec<EdgeView>,
    /// How many customers are related in all; more than are named where there are too many.
    pub n_related: u64,
    /// What the customer said of people who are not known yet, the latest first.
    pub waiting: Vec<WaitingView>,
    /// How often the customer referred or mentioned themselves.
    pub n_own: u64,
    /// The referral codes that they claim.
    pub codes: Vec<CodeView>,
    /// Their households.
    pub households: Vec<HouseholdView>,
    /// Up to when this holds.
    pub freshness_at: Timestamp,
}

impl Engine {
    /// Everything that relates a customer to others, as somebody with this `sight` sees it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn relations(&self, id: CustomerId, sight: &Sight) -> Result<RelationsView, Error> {
        let customer = self.canonical(id).await?;
        let network = self.network(customer).await?;
        let households = self.households(customer, sight).await?;
        let mut ids = network.people.clone();
        ids.push(customer);
        let people = self.shared.state.customer_rows(&ids).await?;
        let mut people: Vec<CustomerRow> =
            people.into_iter().flatten().map(|row| sight.row(row)).collect();
        people.sort_unstable_by_key(|row| row.id);
        people.dedup_by_key(|row| row.id);
        Ok(RelationsView {
            customer,
            people,
            edges: network.edges,
            n_related: network.n_related,
            waiting: network.waiting.into_iter().map(|one| one.seen(sight)).collect(),
            n_own: network.n_own,
            codes: network.codes,
            households,
            freshness_at: self.now(),
        })
    }
}
