//! Who referred and who mentions whom, as customers stand now?

use crate::fact::{Reference, RelationKind, Told, Way};
use base::{CustomerId, IdentifierId, SourceId, Timestamp};
use lexicon::Identifier;
use std::collections::{BTreeMap, HashMap};

/// That a code belongs to somebody, as one of their identifiers said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeClaim {
    /// The code, in capital letters.
    pub code: Box<str>,
    /// The identifier that claims it.
    pub identifier: IdentifierId,
    /// When it was said first.
    pub at: Timestamp,
    /// The event that said so.
    pub message_id: Box<str>,
}

/// Who is who at this moment, as far as it is needed.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// The customer whom each identifier that spoke points to.
    pub speakers: HashMap<IdentifierId, CustomerId>,
    /// The customer whom each identifier that was named points to.
    pub named: HashMap<Identifier, CustomerId>,
    /// The owner of each code.
    pub codes: HashMap<Box<str>, CustomerId>,
}

impl Directory {
    /// Gives each code to the customer who claimed it first; at the same moment to the one whose
    /// event has the smaller message id. Claims of speakers who are not known are left out.
    pub fn claim(&mut self, claims: &[CodeClaim]) {
        let mut first: BTreeMap<&str, &CodeClaim> = BTreeMap::new();
        for claim in claims {
            let rank = |claim: &CodeClaim| (claim.at, claim.message_id.clone());
            match first.get(&*claim.code) {
                Some(held) if rank(held) <= rank(claim) => {}
                _ => drop(first.insert(&claim.code, claim)),
            }
        }
        for (code, claim) in first {
            if let Some(owner) = self.speakers.get(&claim.identifier) {
                self.codes.insert(code.into(), *owner);
            }
        }
    }

    fn customer(&self, reference: &Reference) -> Option<CustomerId> {
        match reference {
            Reference::Identifier(identifier) => self.named.get(identifier).copied(),
            Reference::Code(code) => self.codes.get(code).copied(),
        }
    }
}

/// One event behind a relation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// When it happened.
    pub at: Timestamp,
    /// The event.
    pub message_id: Box<str>,
    /// Where it was said.
    pub source: SourceId,
    /// Who of the two said so.
    pub way: Way,
    /// How the other one was named.
    pub by: Reference,
}

/// That one customer referred or mentions another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
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

/// A relation whose other end nobody is known by yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Who spoke.
    pub speaker: CustomerId,
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

/// Relations between customers: a function of what was told and of who is who, in no order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relations {
    edges: BTreeMap<(CustomerId, CustomerId, RelationKind), Edge>,
    waiting: BTreeMap<(CustomerId, RelationKind, Way, Reference), Waiting>,
    n_own: BTreeMap<CustomerId, u64>,
}

impl Relations {
    /// What was `told` comes to, where `who` says who is who. What is told by an identifier that
    /// `who` does not know is left out.
    #[must_use]
    pub fn resolve<'a>(told: impl IntoIterator<Item = &'a Told>, who: &Directory) -> Self {
        let mut relations = Self::default();
        for told in told {
            if let Some(&speaker) = who.speakers.get(&told.speaker) {
                relations.take(speaker, told, who);
            }
        }
        relations
    }

    /// The relations of one customer.
    #[must_use]
    pub fn of(&self, customer: CustomerId) -> RelationsOf<'_> {
        RelationsOf { all: self, customer }
    }

    /// Every relation, by who acts, on whom, and how.
    pub fn edges(&self) -> impl Iterator<Item = &Edge> {
        self.edges.values()
    }

    fn take(&mut self, speaker: CustomerId, told: &Told, who: &Directory) {
        let fact = &told.fact;
        let Some(other) = who.customer(&fact.other) else {
            return self.wait(speaker, told);
        };
        if other == speaker {
            *self.n_own.entry(speaker).or_default() += 1;
            return;
        }
        let (from, to) = match fact.way {
            Way::Outward => (speaker, other),
            Way::Inward => (other, speaker),
        };
        let evidence = Evidence {
            at: fact.at,
            message_id: fact.message_id.clone(),
            source: fact.source,
            way: fact.way,
            by: fact.other.clone(),
        };
        let new =
            || Edge { from, to, kind: fact.kind, first: evidence.clone(), last_at: fact.at, n: 0 };
        let edge = self.edges.entry((from, to, fact.kind)).or_insert_with(new);
        edge.n += 1;
        edge.last_at = edge.last_at.max(fact.at);
        if evidence < edge.first {
            edge.first = evidence;
        }
    }

    fn wait(&mut self, speaker: CustomerId, told: &Told) {
        let fact = &told.fact;
        let key = (speaker, fact.kind, fact.way, fact.other.clone());
        let waiting = self.waiting.entry(key).or_insert_with(|| Waiting {
            speaker,
            kind: fact.kind,
            way: fact.way,
            other: fact.other.clone(),
            first_at: fact.at,
            n: 0,
        });
        waiting.n += 1;
        waiting.first_at = waiting.first_at.min(fact.at);
    }
}

/// The relations of one customer.
#[derive(Clone, Copy, Debug)]
pub struct RelationsOf<'a> {
    all: &'a Relations,
    customer: CustomerId,
}

impl<'a> RelationsOf<'a> {
    /// Whom the customer acts on: whom they referred, or whom they mention.
    pub fn acts(self, kind: RelationKind) -> impl Iterator<Item = &'a Edge> {
        let (low, high) = (CustomerId(0), CustomerId(u64::MAX));
        let range = (self.customer, low, RelationKind::Referral)
            ..=(self.customer, high, RelationKind::Mention);
        self.all.edges.range(range).map(|(_, edge)| edge).filter(move |edge| edge.kind == kind)
    }

    /// Who acts on the customer: who referred them, or who mentions them.
    pub fn acted_on_by(self, kind: RelationKind) -> impl Iterator<Item = &'a Edge> {
        let me = self.customer;
        self.all.edges.values().filter(move |edge| edge.to == me && edge.kind == kind)
    }

    /// Who brought the customer here: of several referrers the first.
    #[must_use]
    pub fn referred_by(self) -> Option<&'a Edge> {
        self.acted_on_by(RelationKind::Referral).min_by(|a, b| a.first.cmp(&b.first))
    }

    /// Whom the customer referred.
    pub fn referred(self) -> impl Iterator<Item = &'a Edge> {
        self.acts(RelationKind::Referral)
    }

    /// Whom the customer mentions.
    pub fn mentions(self) -> impl Iterator<Item = &'a Edge> {
        self.acts(RelationKind::Mention)
    }

    /// Who mentions the customer.
    pub fn mentioned_by(self) -> impl Iterator<Item = &'a Edge> {
        self.acted_on_by(RelationKind::Mention)
    }

    /// What the customer said of people who are not known yet.
    pub fn waiting(self) -> impl Iterator<Item = &'a Waiting> {
        let me = self.customer;
        self.all.waiting.values().filter(move |waiting| waiting.speaker == me)
    }

    /// How often the customer referred or mentioned themselves: two who were merged.
    #[must_use]
    pub fn n_own(self) -> u64 {
        self.all.n_own.get(&self.customer).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
