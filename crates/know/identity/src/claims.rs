//! What is news about who is who, and whom does it touch?

use crate::arrivals::Known;
use crate::plan::{IdentityPlan, NewIdentifier, Why, changes};
use crate::resolve::{Node, resolve};
use crate::{LinkFact, LinkKey, Member};
use base::{CustomerId, IdentifierId, Timestamp};
use lexicon::Identifier;
use std::collections::{BTreeSet, HashMap};

/// The customers that a batch touches, as the state holds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Every identifier of these customers.
    pub members: Vec<Member>,
    /// The links between them, followed or not. Links that lead to other customers may be left
    /// out; they do no harm.
    pub links: Vec<LinkFact>,
}

/// A claim that is not in the ledger, or not with evidence this early.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) fact: LinkFact,
    /// The customers of the two ends, where the ends were known.
    pub(crate) customers: [Option<CustomerId>; 2],
    /// Both ends were one customer already, or the link is withdrawn: nobody moves.
    pub(crate) is_settled: bool,
}

/// What a batch says that is news.
#[derive(Clone, Debug)]
pub struct Claims {
    mentioned: Vec<Member>,
    new: Vec<NewIdentifier>,
    claims: Vec<Claim>,
    next: IdentifierId,
}

impl Claims {
    pub(crate) fn new(
        mentioned: Vec<(IdentifierId, Identifier, Timestamp, Option<Known>)>,
        claims: Vec<Claim>,
        next: IdentifierId,
    ) -> Self {
        let mut new = Vec::new();
        let mut members = Vec::with_capacity(mentioned.len());
        for (id, identifier, first_seen, known) in mentioned {
            let customer = known.map_or(CustomerId::founded_by(id), |known| known.customer);
            if known.is_none() {
                new.push(NewIdentifier {
                    id,
                    identifier: identifier.clone(),
                    customer,
                    first_seen,
                });
            }
            members.push(Member { id, identifier, customer });
        }
        Self { mentioned: members, new, claims, next }
    }

    /// The customers who must be loaded for [`Self::plan`], ascending. Empty unless a link between
    /// two customers, or between a customer and a new identifier, is news.
    #[must_use]
    pub fn needs(&self) -> Vec<CustomerId> {
        let open = self.claims.iter().filter(|claim| !claim.is_settled);
        let needed: BTreeSet<_> = open.flat_map(|c| c.customers.into_iter().flatten()).collect();
        needed.into_iter().collect()
    }

    /// What changes. `snapshot` holds the customers in [`Self::needs`], whole; more do no harm.
    ///
    /// # Panics
    /// If a needed customer is not in the snapshot.
    #[must_use]
    pub fn plan(self, snapshot: Snapshot) -> IdentityPlan {
        for needed in self.needs() {
            assert!(
                snapshot.members.iter().any(|m| m.customer == needed),
                "{needed} is not loaded"
            );
        }
        let all: HashMap<_, _> = self.mentioned.iter().map(|m| (m.id, m.customer)).collect();
        if self.claims.is_empty() {
            return IdentityPlan::quiet(self.new, all, self.next);
        }
        let loaded: HashMap<_, _> = snapshot.members.iter().map(|m| (m.id, m.customer)).collect();
        let is_new = |id: IdentifierId| self.new.binary_search_by_key(&id, |n| n.id).is_ok();
        let is_open = |id: IdentifierId| loaded.contains_key(&id) || is_new(id);
        let (open, apart): (Vec<_>, Vec<_>) =
            self.claims.into_iter().map(|c| c.fact).partition(|f| is_open(f.a) && is_open(f.b));
        let links = Ledger::of(snapshot.links, open);
        let fresh = self.new.iter().map(|n| Node { id: n.id, identifier: &n.identifier });
        let old = snapshot.members.iter().map(|m| Node { id: m.id, identifier: &m.identifier });
        let nodes: Vec<_> = old.chain(fresh).collect();
        let resolution = resolve(&nodes, &links.facts);
        let (news, touched) = links.settle(&resolution.inert, apart);
        let mut plan = IdentityPlan::quiet(self.new, all, self.next);
        plan.links = news;
        let why = Why::Claims(&touched);
        changes(&mut plan, &snapshot.members, &resolution.customers(), why);
        plan
    }
}

/// The links between the touched customers, old and new, one for each key.
struct Ledger {
    facts: Vec<LinkFact>,
    is_news: Vec<bool>,
}

impl Ledger {
    fn of(old: Vec<LinkFact>, claims: Vec<LinkFact>) -> Self {
        let mut places: HashMap<LinkKey, usize> =
            old.iter().enumerate().map(|(i, fact)| (fact.key(), i)).collect();
        let mut ledger = Self { is_news: vec![false; old.len()], facts: old };
        for claim in claims {
            match places.get(&claim.key()) {
                Some(&i) if claim.is_earlier_than(&ledger.facts[i]) => {
                    let inert = ledger.facts[i].inert;
                    ledger.facts[i] = LinkFact { inert, ..claim };
                    ledger.is_news[i] = true;
                }
                Some(_) => {}
                None => {
                    places.insert(claim.key(), ledger.facts.len());
                    ledger.facts.push(claim);
                    ledger.is_news.push(true);
                }
            }
        }
        ledger
    }

    /// Sets the flags. The answer: the rows to write (news, turned flags, and the claims that
    /// stand `apart` from the touched customers), and which of them are claims of this batch that
    /// are followed now.
    fn settle(
        self,
        inert: &[(usize, crate::Inert)],
        apart: Vec<LinkFact>,
    ) -> (Vec<LinkFact>, Vec<LinkFact>) {
        let inert: HashMap<usize, crate::Inert> = inert.iter().copied().collect();
        let mut rows = Vec::new();
        let mut followed = Vec::new();
        for (i, (mut fact, is_news)) in self.facts.into_iter().zip(self.is_news).enumerate() {
            let now = inert.get(&i).copied();
            let has_turned = fact.inert != now;
            fact.inert = now;
            if is_news && now.is_none() {
                followed.push(fact.clone());
            }
            if is_news || has_turned {
                rows.push(fact);
            }
        }
        rows.extend(apart);
        (rows, followed)
    }
}
