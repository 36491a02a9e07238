//! Who referred and who mentions whom around one customer?
//!
//! What was said is kept by identifier and by name; here it is put down to customers as they stand
//! now, so that a merge or an unmerge has nothing to move.

use crate::engine::{Engine, Shared};
use crate::traits::Sight;
use base::{CustomerId, Error, ErrorKind, IdentifierId, Timestamp};
use lexicon::{Identifier, IdentifierKind};
use relations::{
    CodeClaim, Directory, Edge, Evidence, Fact, Reference, RelationKind, Relations, Told, Way,
};
use state::{CodeRow, RelationRow};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Related customers whom the page names.
const RELATED_SHOWN: usize = 100;
/// Related customers among whom relations are looked for.
const AMONG_MAX: usize = 60;
/// People not known yet whom the page names.
const WAITING_SHOWN: usize = 50;

/// That one customer referred or mentions another.
#[derive(Clone, Debug)]
pub struct EdgeView {
    /// Who acts.
    pub from: CustomerId,
    /// On whom.
    pub to: CustomerId,
    /// How.
    pub kind: RelationKind,
    /// The first event that says so.
    pub first: Evidence,
    /// When the last one happened.
    pub last_at: Timestamp,
    /// How many say so.
    pub n: u64,
}

/// A relation to somebody who is not known yet.
#[derive(Clone, Debug)]
pub struct WaitingView {
    /// How they are related.
    pub kind: RelationKind,
    /// Who of the two acts.
    pub way: Way,
    /// Who is named.
    pub other: Reference,
    /// When first.
    pub first_at: Timestamp,
    /// How often.
    pub n: u64,
}

/// A referral code that a customer claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeView {
    /// The code.
    pub code: String,
    /// Whether it counts as theirs: nobody else claimed it earlier.
    pub is_theirs: bool,
    /// When they claimed it first.
    pub at: Timestamp,
}

impl WaitingView {
    pub(super) fn seen(mut self, sight: &Sight) -> Self {
        if let Reference::Identifier(identifier) = self.other {
            self.other = Reference::Identifier(sight.identifier(identifier));
        }
        self
    }
}

/// The relations around one customer.
pub(super) struct Network {
    /// The related customers who are named.
    pub people: Vec<CustomerId>,
    pub n_related: u64,
    pub edges: Vec<EdgeView>,
    pub waiting: Vec<WaitingView>,
    pub n_own: u64,
    pub codes: Vec<CodeView>,
}

impl Engine {
    pub(super) async fn network(&self, customer: CustomerId) -> Result<Network, Error> {
        let state = &self.shared.state;
        let ids = self.identifiers_of(customer).await?;
        let codes = state.codes_of(&ids).await?;
        let said = self.shared.said_around(customer).await?;
        let (relations, _) = self.resolve(said.clone()).await?;
        let people = related(&relations, customer);
        let n_related = people.len() as u64;
        let people: Vec<CustomerId> = people.into_iter().take(RELATED_SHOWN).collect();
        let codes = self.codes_seen(customer, codes).await?;
        let of = relations.of(customer);
        let mut waiting: Vec<WaitingView> = of.waiting().map(waiting_view).collect();
        waiting.sort_by(|a, b| (b.first_at, &a.other).cmp(&(a.first_at, &b.other)));
        waiting.truncate(WAITING_SHOWN);
        let n_own = of.n_own();
        let edges = self.edges_among(customer, &people, said).await?;
        Ok(Network { people, n_related, edges, waiting, n_own, codes })
    }

    /// The relations among the customer and those related to them.
    async fn edges_among(
        &self,
        customer: CustomerId,
        people: &[CustomerId],
        mut said: Vec<RelationRow>,
    ) -> Result<Vec<EdgeView>, Error> {
        let state = &self.shared.state;
        let near = &people[..people.len().min(AMONG_MAX)];
        let identifiers = state.clusters(near).await?.identifiers;
        let ids: Vec<IdentifierId> = identifiers.iter().map(|row| row.id).collect();
        said.extend(state.relations_by_speaker(&ids).await?);
        let (relations, _) = self.resolve(said).await?;
        let shown: BTreeSet<CustomerId> = people.iter().copied().chain([customer]).collect();
        let is_shown = |edge: &&Edge| shown.contains(&edge.from) && shown.contains(&edge.to);
        let mut edges: Vec<EdgeView> = relations.edges().filter(is_shown).map(edge_view).collect();
        edges.sort_by_key(|edge| (Reverse(edge.last_at), edge.from, edge.to, edge.kind));
        Ok(edges)
    }

    /// Puts what was said down to customers; also answers how many statements there are.
    pub(super) async fn resolve(
        &self,
        mut rows: Vec<RelationRow>,
    ) -> Result<(Relations, usize), Error> {
        rows.sort_unstable_by_key(|row| (row.speaker, row.seq, row.ordinal));
        rows.dedup_by_key(|row| (row.speaker, row.seq, row.ordinal));
        let told = rows.into_iter().map(told_of).collect::<Result<Vec<Told>, Error>>()?;
        let who = self.directory(&told).await?;
        Ok((Relations::resolve(&told, &who), told.len()))
    }

    /// Who everybody is whom these statements name.
    async fn directory(&self, told: &[Told]) -> Result<Directory, Error> {
        let state = &self.shared.state;
        let mut names: BTreeSet<&Identifier> = BTreeSet::new();
        let mut codes: BTreeSet<&str> = BTreeSet::new();
        for told in told {
            match &told.fact.other {
                Reference::Identifier(identifier) => drop(names.insert(identifier)),
                Reference::Code(code) => drop(codes.insert(code)),
            }
        }
        let codes: Vec<&str> = codes.into_iter().collect();
        let claims = state.code_claims(&codes).await?;
        let claimants = claims.iter().map(|claim| claim.identifier);
        let speakers: Vec<IdentifierId> =
            told.iter().map(|told| told.speaker).chain(claimants).collect();
        let mut who = Directory::default();
        for row in state.identifiers_by_id(&speakers).await?.into_iter().flatten() {
            who.speakers.insert(row.id, row.customer);
        }
        let names: Vec<Identifier> = names.into_iter().cloned().collect();
        for row in state.identifiers(&names).await?.into_iter().flatten() {
            who.named.insert(row.identifier, row.customer);
        }
        let claims: Vec<CodeClaim> = claims.into_iter().map(claim_of).collect();
        who.claim(&claims);
        Ok(who)
    }

    /// The codes that a customer claims, and which of them count as theirs.
    pub(super) async fn codes_seen(
        &self,
        customer: CustomerId,
        own: Vec<CodeRow>,
    ) -> Result<Vec<CodeView>, Error> {
        let state = &self.shared.state;
        let names: Vec<&str> = own.iter().map(|row| row.code.as_str()).collect();
        let claims = state.code_claims(&names).await?;
        let claimants: Vec<IdentifierId> = claims.iter().map(|claim| claim.identifier).collect();
        let mut who = Directory::default();
        for row in state.identifiers_by_id(&claimants).await?.into_iter().flatten() {
            who.speakers.insert(row.id, row.customer);
        }
        who.claim(&claims.into_iter().map(claim_of).collect::<Vec<_>>());
        let mut seen: BTreeMap<String, Timestamp> = BTreeMap::new();
        for row in own {
            let at = seen.entry(row.code).or_insert(row.at);
            *at = row.at.min(*at);
        }
        let view = |(code, at): (String, Timestamp)| CodeView {
            is_theirs: who.codes.get(code.as_str()) == Some(&customer),
            code,
            at,
        };
        Ok(seen.into_iter().map(view).collect())
    }
}

impl Shared {
    /// What a customer said of others, and what was said of them by an identifier or code of
    /// theirs.
    pub(super) async fn said_around(
        &self,
        customer: CustomerId,
    ) -> Result<Vec<state::RelationRow>, Error> {
        let identifiers = self.state.clusters(&[customer]).await?.identifiers;
        let ids: Vec<_> = identifiers.iter().map(|row| row.id).collect();
        let codes = self.state.codes_of(&ids).await?;
        let own = identifiers.iter().map(|row| state::relations::other_of(&row.identifier));
        let names: Vec<(&str, &str)> =
            own.chain(codes.iter().map(|row| ("", row.code.as_str()))).collect();
        let mut said = self.state.relations_by_speaker(&ids).await?;
        said.extend(self.state.relations_by_other(&names).await?);
        Ok(said)
    }
}

/// Everybody related to a customer, by the latest relation first.
fn related(relations: &Relations, customer: CustomerId) -> Vec<CustomerId> {
    let mut last: BTreeMap<CustomerId, Timestamp> = BTreeMap::new();
    let mut put = |other: CustomerId, at: Timestamp| {
        let held = last.entry(other).or_insert(at);
        *held = at.max(*held);
    };
    let of = relations.of(customer);
    for kind in RelationKind::ALL {
        of.acts(kind).for_each(|edge| put(edge.to, edge.last_at));
        of.acted_on_by(kind).for_each(|edge| put(edge.from, edge.last_at));
    }
    let mut people: Vec<CustomerId> = last.keys().copied().collect();
    people.sort_by_key(|other| (Reverse(last.get(other).copied()), *other));
    people
}

fn edge_view(edge: &Edge) -> EdgeView {
    EdgeView {
        from: edge.from,
        to: edge.to,
        kind: edge.kind,
        first: edge.first.clone(),
        last_at: edge.last_at,
        n: edge.n,
    }
}

fn waiting_view(waiting: &relations::Waiting) -> WaitingView {
    WaitingView {
        kind: waiting.kind,
        way: waiting.way,
        other: waiting.other.clone(),
        first_at: waiting.first_at,
        n: waiting.n,
    }
}

pub(super) fn told_of(row: RelationRow) -> Result<Told, Error> {
    let corrupt = || Error::new(ErrorKind::Corrupt, "a relation cannot be read");
    let other = if row.other_kind.is_empty() {
        Reference::Code(row.other_value.into())
    } else {
        let kind = IdentifierKind::from_slug(&row.other_kind);
        Reference::Identifier(Identifier { kind, value: row.other_value.into() })
    };
    let fact = Fact {
        kind: RelationKind::from_slug(&row.kind).ok_or_else(corrupt)?,
        way: Way::from_slug(&row.way).ok_or_else(corrupt)?,
        other,
        at: row.at,
        source: row.source,
        message_id: row.message_id.into(),
    };
    Ok(Told { speaker: row.speaker, fact })
}

fn claim_of(row: CodeRow) -> CodeClaim {
    CodeClaim {
        code: row.code.into(),
        identifier: row.identifier,
        at: row.at,
        message_id: row.message_id.into(),
    }
}
