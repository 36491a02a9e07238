//! What would be different if this were decided?

use super::{EditChange, EditOrder, Wish};
use crate::engine::Engine;
use crate::processor::{carry, decode};
use base::{CustomerId, Error, Position, SourceId, Timestamp};
use identity::{IdentityPlan, Member};
use lexicon::Identifier;
use profile::{Fragments, Profile, TraitRules};
use std::collections::{BTreeMap, BTreeSet};

/// The customers before and after a decision that has not been made.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The customers as they are, by number.
    pub before: Vec<CustomerCard>,
    /// The customers as they would be, by number.
    pub after: Vec<CustomerCard>,
    /// Traits of which customers who would become one say different things.
    pub conflicts: Vec<TraitConflict>,
    /// Whether nobody would move: other links hold the same customers together.
    pub is_without_effect: bool,
}

/// A customer in short.
#[derive(Clone, Debug)]
pub struct CustomerCard {
    /// The customer.
    pub id: CustomerId,
    /// What they are called.
    pub name: Option<String>,
    /// Their identifiers.
    pub identifiers: Vec<Identifier>,
    /// Their events.
    pub n_events: u64,
    /// Their orders.
    pub n_orders: u64,
    /// The first event.
    pub first_seen: Option<Timestamp>,
    /// The latest event.
    pub last_seen: Option<Timestamp>,
}

/// A trait of which several things are said.
#[derive(Clone, Debug)]
pub struct TraitConflict {
    /// Its name.
    pub name: String,
    /// The customer who would have it.
    pub customer: CustomerId,
    /// The value that would win.
    pub winner: serde_json::Value,
    /// What is said now.
    pub said: Vec<SaidOfTrait>,
}

/// What one customer's profile says of a trait.
#[derive(Clone, Debug)]
pub struct SaidOfTrait {
    /// The customer.
    pub customer: CustomerId,
    /// The value.
    pub value: serde_json::Value,
    /// When it was said.
    pub at: Timestamp,
    /// Where it was said.
    pub source: SourceId,
}

impl Engine {
    /// What would change if `wish` were decided; nothing does.
    ///
    /// # Errors
    /// As [`Engine::decide`].
    pub async fn preview_decision(&self, wish: &Wish) -> Result<Preview, Error> {
        self.preview(self.changes_of(wish).await?).await
    }

    /// What would change if the decision `id` were taken back; nothing does.
    ///
    /// # Errors
    /// As [`Engine::undo_decision`].
    pub async fn preview_undo(&self, id: Position) -> Result<Preview, Error> {
        let (_, changes) = self.inverse_of(id).await?;
        self.preview(changes).await
    }

    async fn preview(&self, changes: Vec<EditChange>) -> Result<Preview, Error> {
        let (by, reason) = (String::new(), String::new());
        let order = EditOrder { at: self.now(), by, reason, undoes: None, changes };
        let planned = self.shared.plan_edit(&order, Position::default()).await?;
        let mut touched: BTreeSet<CustomerId> = planned.about.iter().copied().collect();
        touched.extend(planned.plan.touched());
        let existing: BTreeSet<CustomerId> = planned.members.iter().map(|m| m.customer).collect();
        let mut profiles = self.profiles_of(touched.intersection(&existing).copied()).await?;
        let rules = self.shared.traits.rules();
        let before = cards(&profiles, &groups(&planned.members, None), &touched, &rules);
        let said: BTreeMap<CustomerId, Profile> =
            profiles.iter().map(|(&id, fragments)| (id, fragments.view(&rules))).collect();
        carry(&mut profiles, &planned.plan);
        let after =
            cards(&profiles, &groups(&planned.members, Some(&planned.plan)), &touched, &rules);
        let conflicts = conflicts(&said, &profiles, &planned.plan, &rules);
        let is_without_effect = planned.plan.moves.is_empty();
        Ok(Preview { before, after, conflicts, is_without_effect })
    }

    async fn profiles_of(
        &self,
        customers: impl Iterator<Item = CustomerId>,
    ) -> Result<BTreeMap<CustomerId, Fragments>, Error> {
        let customers: Vec<CustomerId> = customers.collect();
        let blobs = self.shared.profile_blobs(&customers).await?;
        let profile = |(id, blob): (CustomerId, Option<std::sync::Arc<[u8]>>)| {
            Ok((id, blob.map_or_else(|| Ok(Fragments::default()), |blob| decode(&blob))?))
        };
        customers.into_iter().zip(blobs).map(profile).collect()
    }
}

type Groups<'m> = BTreeMap<CustomerId, Vec<&'m Member>>;

/// Who points to whom, now or by the plan.
fn groups<'m>(members: &'m [Member], plan: Option<&IdentityPlan>) -> Groups<'m> {
    let mut groups = Groups::new();
    for member in members {
        let moved = plan.and_then(|plan| plan.customer_of(member.id));
        groups.entry(moved.unwrap_or(member.customer)).or_default().push(member);
    }
    groups
}

fn cards(
    profiles: &BTreeMap<CustomerId, Fragments>,
    groups: &Groups<'_>,
    touched: &BTreeSet<CustomerId>,
    rules: &TraitRules,
) -> Vec<CustomerCard> {
    let there = touched.iter().filter_map(|id| Some((*id, groups.get(id)?)));
    let card = |(id, members): (CustomerId, &Vec<&Member>)| {
        let profile = profiles.get(&id).map(|f| f.view(rules)).unwrap_or_default();
        CustomerCard {
            id,
            name: profile.name,
            identifiers: members.iter().map(|member| member.identifier.clone()).collect(),
            n_events: profile.n_events,
            n_orders: profile.order_totals.iter().map(|totals| totals.n_orders).sum(),
            first_seen: profile.first_seen,
            last_seen: profile.last_seen,
        }
    };
    there.map(card).collect()
}

/// The traits of which customers who become one say different things.
fn conflicts(
    before: &BTreeMap<CustomerId, Profile>,
    after: &BTreeMap<CustomerId, Fragments>,
    plan: &IdentityPlan,
    rules: &TraitRules,
) -> Vec<TraitConflict> {
    let mut joined: BTreeMap<CustomerId, BTreeSet<CustomerId>> = BTreeMap::new();
    for merge in &plan.merges {
        joined.entry(merge.kept).or_default().extend([merge.kept, merge.absorbed]);
    }
    let mut conflicts = Vec::new();
    for (kept, parts) in joined {
        let Some(fragments) = after.get(&kept) else { continue };
        for winner in fragments.view(rules).traits {
            let said: Vec<SaidOfTrait> = parts
                .iter()
                .filter_map(|customer| said_by(*customer, before.get(customer)?, &winner.name))
                .collect();
            if said.windows(2).any(|two| two[0].value != two[1].value) {
                let (name, value) = (winner.name.clone(), winner.value.clone());
                conflicts.push(TraitConflict { name, customer: kept, winner: value, said });
            }
        }
    }
    conflicts
}

fn said_by(customer: CustomerId, profile: &Profile, name: &str) -> Option<SaidOfTrait> {
    let found = profile.traits.iter().find(|value| value.name == name)?;
    let (value, at, source) = (found.value.clone(), found.at, found.source);
    Some(SaidOfTrait { customer, value, at, source })
}
