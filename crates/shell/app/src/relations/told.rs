//! What is known of whom a customer belongs to, as it may be told to the customer?
//!
//! What they said themselves is told as they said it. What others said of them is told without who
//! said it; of who lives with them, only how many there are.

use super::network::{CodeView, told_of};
use super::{HouseholdView, InfluenceView};
use crate::engine::Engine;
use crate::traits::Sight;
use base::{AccountId, CustomerId, Error, IdentifierId, SourceId, Timestamp};
use relations::{HouseholdKey, Reference, RelationKind, Told, Way};
use std::collections::{BTreeSet, HashMap};

/// What is known of whom a customer belongs to.
#[derive(Clone, Debug)]
pub struct RelationsTold {
    /// Who brought whom and who mentioned whom, the latest first.
    pub statements: Vec<StatementTold>,
    /// The referral codes that they claim.
    pub codes: Vec<CodeView>,
    /// Their households.
    pub homes: Vec<HomeTold>,
    /// What people said by hand of whether they belong to an organisation.
    pub places: Vec<PlaceTold>,
    /// How many ordered because of them.
    pub influence: InfluenceView,
}

/// That an event relates the customer to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementTold {
    /// How.
    pub kind: RelationKind,
    /// Whether the customer referred or mentioned the other one, not the other way round.
    pub is_acting: bool,
    /// Whether the customer said so.
    pub is_own_word: bool,
    /// Where they said so, whom they named; else by what they were named.
    pub named: Reference,
    /// When it happened.
    pub at: Timestamp,
    /// Where it was said.
    pub source: SourceId,
    /// The event, where it is the customer's.
    pub message_id: Option<String>,
}

/// A household of the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeTold {
    /// Which.
    pub key: HouseholdKey,
    /// What shows it.
    pub evidence: Option<String>,
    /// The source that named it.
    pub source: Option<SourceId>,
    /// How many others belong to it; `None` where they are too many to be a household.
    pub n_others: Option<u64>,
    /// When and by whom the customer was taken out of it.
    pub removed: Option<(Timestamp, String)>,
}

/// What somebody said by hand of the customer and an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceTold {
    /// The organisation's name, else its key.
    pub account: String,
    /// Whether they belong to it.
    pub is_member: bool,
    /// When it was said.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

impl Engine {
    /// What a customer may be told of whom they belong to.
    ///
    /// # Errors
    /// `NotFound`.
    pub(crate) async fn relations_told(
        &self,
        customer: CustomerId,
    ) -> Result<RelationsTold, Error> {
        let ids: BTreeSet<IdentifierId> =
            self.identifiers_of(customer).await?.into_iter().collect();
        let own: Vec<IdentifierId> = ids.iter().copied().collect();
        let codes = self.shared.state.codes_of(&own).await?;
        let codes = self.codes_seen(customer, codes).await?;
        let homes = self.households(customer, &Sight::everything()).await?;
        Ok(RelationsTold {
            statements: self.statements_told(customer, &ids, &codes).await?,
            homes: homes.into_iter().map(|home| HomeTold::of(home, customer)).collect(),
            places: self.places_told(&own).await?,
            influence: self.influence(customer, None, &Sight::everything()).await?,
            codes,
        })
    }

    async fn statements_told(
        &self,
        customer: CustomerId,
        own: &BTreeSet<IdentifierId>,
        codes: &[CodeView],
    ) -> Result<Vec<StatementTold>, Error> {
        let mut rows = self.shared.said_around(customer).await?;
        rows.sort_unstable_by_key(|row| (row.at, row.speaker, row.seq, row.ordinal));
        rows.dedup_by_key(|row| (row.speaker, row.seq, row.ordinal));
        let mut told = Vec::with_capacity(rows.len());
        for row in rows.into_iter().rev() {
            let statement = told_of(row)?;
            let is_own_word = own.contains(&statement.speaker);
            if is_own_word || is_about(&statement.fact.other, codes) {
                told.push(StatementTold::of(statement, is_own_word));
            }
        }
        Ok(told)
    }

    async fn places_told(&self, own: &[IdentifierId]) -> Result<Vec<PlaceTold>, Error> {
        let state = &self.shared.state;
        let mut said = state.account_verdicts_of(own).await?;
        said.sort_by_key(|row| (row.account, row.at));
        let ids: Vec<AccountId> = said.iter().map(|row| row.account).collect();
        let rows = state.accounts(&ids).await?.into_iter().flatten();
        let names: HashMap<AccountId, String> =
            rows.map(|row| (row.id, row.name.unwrap_or(row.key))).collect();
        let place = |row: state::AccountVerdictRow| {
            let account = names.get(&row.account)?.clone();
            Some(PlaceTold { account, is_member: row.is_member, at: row.at, by: row.by })
        };
        let mut places: Vec<PlaceTold> = said.into_iter().filter_map(place).collect();
        // One row is kept for each identifier.
        places.dedup();
        Ok(places)
    }
}

/// Whether what names the customer is theirs: a code may have been somebody else's earlier.
fn is_about(named: &Reference, codes: &[CodeView]) -> bool {
    match named {
        Reference::Identifier(_) => true,
        Reference::Code(code) => codes.iter().any(|own| own.is_theirs && *own.code == **code),
    }
}

impl StatementTold {
    fn of(Told { fact, .. }: Told, is_own_word: bool) -> Self {
        Self {
            kind: fact.kind,
            is_acting: is_own_word == (fact.way == Way::Outward),
            is_own_word,
            named: fact.other,
            at: fact.at,
            source: fact.source,
            message_id: is_own_word.then(|| fact.message_id.into()),
        }
    }
}

impl HomeTold {
    fn of(home: HouseholdView, customer: CustomerId) -> Self {
        let own = home.removed.into_iter().find(|removed| removed.row.id == customer);
        Self {
            key: home.key,
            evidence: home.evidence,
            source: home.source,
            n_others: (!home.is_too_large).then_some(home.people.len() as u64),
            removed: own.map(|removed| (removed.at, removed.by)),
        }
    }
}
