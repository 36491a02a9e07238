//! Whom does a customer live with, and what shows it?

use super::{Word, WordPlace};
use crate::access::Actor;
use crate::engine::Engine;
use crate::traits::Sight;
use base::{CustomerId, Error, ErrorKind, IdentifierId, SourceId, Timestamp};
use profile::{Fragments, TraitRules};
use relations::{Dwelling, HouseholdKey, HouseholdRule};
use state::{CustomerRow, RemovalRow};
use std::collections::{BTreeMap, HashMap};

/// People of one surname at one address who may be a household; more are a building, or a mistake.
const PEOPLE_MAX: usize = 12;

/// A household of a customer.
#[derive(Clone, Debug)]
pub struct HouseholdView {
    /// Which household.
    pub key: HouseholdKey,
    /// What shows it, in words; `None` where the caller may not see it, or it is shown no more.
    pub evidence: Option<String>,
    /// The source that named it.
    pub source: Option<SourceId>,
    /// Whether the customer belongs to it; `false` where they were taken out by hand.
    pub is_member: bool,
    /// Whether too many people share the evidence to be a household; they are not named then.
    pub is_too_large: bool,
    /// Who belongs to it besides the customer.
    pub people: Vec<HouseholdPerson>,
    /// Who was taken out by hand; may include the customer.
    pub removed: Vec<RemovedPerson>,
}

/// Somebody of a household.
#[derive(Clone, Debug)]
pub struct HouseholdPerson {
    /// Their line in lists.
    pub row: CustomerRow,
}

/// Somebody who was taken out of a household.
#[derive(Clone, Debug)]
pub struct RemovedPerson {
    /// Their line in lists.
    pub row: CustomerRow,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// The households that a customer's own traits show, ascending.
pub(crate) fn households_of(fragments: &Fragments, rules: &TraitRules) -> Vec<String> {
    let keys = dwelling_of(fragments, rules).map(|dwelling| dwelling.keys());
    keys.unwrap_or_default().iter().map(HouseholdKey::to_string).collect()
}

fn dwelling_of(fragments: &Fragments, rules: &TraitRules) -> Option<Dwelling> {
    if !fragments.says_any(&Dwelling::TELLING) {
        return None;
    }
    let values = fragments.values_of(&Dwelling::TRAITS, rules);
    let source = |name: &str| fragments.said_by(name, rules).unwrap_or_default();
    Some(Dwelling::read(&values, source))
}

impl Engine {
    /// The households of a customer, those that a source named first.
    pub(super) async fn households(
        &self,
        customer: CustomerId,
        sight: &Sight,
    ) -> Result<Vec<HouseholdView>, Error> {
        let blob = self.shared.profile_blobs(&[customer]).await?.into_iter().flatten().next();
        let fragments =
            blob.map_or_else(|| Ok(Fragments::new()), |b| crate::processor::decode(&b))?;
        let dwelling = dwelling_of(&fragments, &self.shared.traits.rules()).unwrap_or_default();
        let kept = self.shared.state.households_of(&[customer]).await?;
        let mut views = Vec::new();
        for (name, _) in kept {
            let Ok(key) = name.parse::<HouseholdKey>() else { continue };
            let (evidence, source) = evidence(&dwelling, key, sight);
            views.push(self.household((customer, key), evidence, source, sight).await?);
        }
        views.sort_by_key(|view| view.key);
        views.retain(|view| {
            !view.people.is_empty() || !view.removed.is_empty() || view.is_too_large
        });
        Ok(views)
    }

    async fn household(
        &self,
        (customer, key): (CustomerId, HouseholdKey),
        evidence: Option<String>,
        source: Option<SourceId>,
        sight: &Sight,
    ) -> Result<HouseholdView, Error> {
        let state = &self.shared.state;
        let people = state.household(&key.to_string(), PEOPLE_MAX + 1).await?;
        let is_too_large = key.rule == HouseholdRule::Address && people.len() > PEOPLE_MAX;
        let shown: &[CustomerId] = if is_too_large { &[customer] } else { &people };
        let removals = self.removals(&key, shown).await?;
        let rows = state.customer_rows(shown).await?.into_iter().flatten();
        let rows: Vec<CustomerRow> = rows.map(|row| sight.row(row)).collect();
        let removed = rows.iter().filter_map(|row| {
            let removal = removals.get(&row.id)?;
            Some(RemovedPerson { row: row.clone(), at: removal.at, by: removal.by.clone() })
        });
        let is_other = |row: &&CustomerRow| row.id != customer && !removals.contains_key(&row.id);
        let people = rows.iter().filter(is_other).cloned().map(|row| HouseholdPerson { row });
        Ok(HouseholdView {
            key,
            evidence,
            source,
            is_member: !removals.contains_key(&customer),
            is_too_large,
            people: people.collect(),
            removed: removed.collect(),
        })
    }

    /// Who of these was taken out of the household: by any of their identifiers, the first time.
    async fn removals(
        &self,
        key: &HouseholdKey,
        people: &[CustomerId],
    ) -> Result<HashMap<CustomerId, RemovalRow>, Error> {
        let state = &self.shared.state;
        let identifiers = state.clusters(people).await?.identifiers;
        let owner: BTreeMap<IdentifierId, CustomerId> =
            identifiers.iter().map(|row| (row.id, row.customer)).collect();
        let ids: Vec<IdentifierId> = owner.keys().copied().collect();
        let household = key.to_string();
        let mut rows = state.household_removals(&ids).await?;
        rows.retain(|row| row.household == household);
        rows.sort_by_key(|row| std::cmp::Reverse((row.at, row.identifier)));
        let by_customer =
            rows.into_iter().filter_map(|row| Some((*owner.get(&row.identifier)?, row)));
        Ok(by_customer.collect())
    }

    /// Takes a customer out of a household, for good: whatever is said later, and whoever they are
    /// merged with.
    ///
    /// # Errors
    /// `NotFound` where they do not share its evidence.
    pub async fn remove_from_household(
        &self,
        actor: &Actor,
        customer: CustomerId,
        key: HouseholdKey,
    ) -> Result<(), Error> {
        let customer = self.canonical(customer).await?;
        let household = key.to_string();
        let kept = self.shared.state.households_of(&[customer]).await?;
        if !kept.iter().any(|(name, _)| *name == household) {
            return Err(no_household(customer));
        }
        let audit = ("households.removed", customer);
        let said = Some((true, self.now(), actor));
        self.say_of_household(actor, (customer, &household), said, audit).await
    }

    /// Puts a customer back into a household that they were taken out of.
    ///
    /// # Errors
    /// `NotFound` where nobody took them out.
    pub async fn put_back_into_household(
        &self,
        actor: &Actor,
        customer: CustomerId,
        key: HouseholdKey,
    ) -> Result<(), Error> {
        let household = key.to_string();
        let audit = ("households.put_back", customer);
        self.say_of_household(actor, (customer, &household), None, audit).await
    }

    async fn say_of_household(
        &self,
        actor: &Actor,
        (customer, household): (CustomerId, &str),
        said: Option<(bool, Timestamp, &Actor)>,
        (action, target): (&str, CustomerId),
    ) -> Result<(), Error> {
        let word = |identifier| {
            Word::new(WordPlace::Household { household: household.to_owned(), identifier }, said)
        };
        let words = self.identifiers_of(customer).await?.into_iter().map(word).collect();
        let target = target.to_string();
        self.say(actor, words, None, (action, (&target, household))).await?;
        Ok(())
    }
}

fn no_household(customer: CustomerId) -> Error {
    Error::new(ErrorKind::NotFound, format!("{customer} has no such household"))
}

/// What shows a household, in words, and the source that named it.
fn evidence(
    dwelling: &Dwelling,
    key: HouseholdKey,
    sight: &Sight,
) -> (Option<String>, Option<SourceId>) {
    if !dwelling.keys().contains(&key) {
        return (None, None);
    }
    match key.rule {
        HouseholdRule::Named => {
            let alone = |one: &(SourceId, String)| {
                Dwelling { named: vec![one.clone()], ..Dwelling::default() }.keys().contains(&key)
            };
            let found = dwelling.named.iter().find(|one| alone(one));
            let is_hidden = sight.hides_any(&Dwelling::NAMED_TRAITS);
            let words = found.filter(|_| !is_hidden).map(|(_, name)| format!("household {name}"));
            (words, found.map(|(source, _)| *source))
        }
        HouseholdRule::Address => {
            let parts = [&dwelling.surname, &dwelling.street, &dwelling.postcode, &dwelling.city];
            let parts: Vec<&str> = parts.into_iter().filter_map(|part| part.as_deref()).collect();
            let is_hidden = sight.hides_any(&Dwelling::TRAITS);
            ((!is_hidden).then(|| parts.join(", ")), None)
        }
    }
}
