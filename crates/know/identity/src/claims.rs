//! What is news about who is who, and whom does it touch?

use crate::arrivals::Known;
use crate::plan::{IdentityPlan, NewIdentifier, Why, changes};
use crate::region::{Outlook, Region, Snapshot};
use crate::resolve::Resolution;
use crate::{IdentityRules, LinkFact, LinkKey, Member};
use base::{CustomerId, IdentifierId, Timestamp};
use lexicon::Identifier;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A claim that is not in the ledger, or not with evidence this early.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) fact: LinkFact,
    /// The customers who must be at hand to judge it: of the two ends those that were known, unless
    /// nobody moves whatever else there is.
    pub(crate) needs: [Option<CustomerId>; 2],
}

/// An identifier that a batch mentions.
pub(crate) struct Mention {
    pub(crate) id: IdentifierId,
    pub(crate) identifier: Identifier,
    pub(crate) first_seen: Timestamp,
    pub(crate) recorded_at: Timestamp,
    pub(crate) known: Option<Known>,
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
    pub(crate) fn new(mentions: Vec<Mention>, claims: Vec<Claim>, next: IdentifierId) -> Self {
        let mut new = Vec::new();
        let mut mentioned = Vec::with_capacity(mentions.len());
        for Mention { id, identifier, first_seen, recorded_at, known } in mentions {
            let customer = known.map_or(CustomerId::founded_by(id), |known| known.customer);
            let is_shared = known.is_some_and(|known| known.is_shared);
            if known.is_none() {
                let identifier = identifier.clone();
                new.push(NewIdentifier {
                    id,
                    identifier,
                    customer,
                    first_seen,
                    recorded_at,
                    is_shared,
                });
            }
            mentioned.push(Member { id, identifier, customer, is_shared });
        }
        Self { mentioned, new, claims, next }
    }

    /// The customers who must be loaded for [`Self::plan`], ascending. Empty unless a link between
    /// two customers, or between a customer and a new identifier, is news.
    #[must_use]
    pub fn needs(&self) -> Vec<CustomerId> {
        let needed: BTreeSet<_> =
            self.claims.iter().flat_map(|c| c.needs.into_iter().flatten()).collect();
        needed.into_iter().collect()
    }

    /// What changes by `rules`. `snapshot` holds the customers in [`Self::needs`], whole, and those
    /// that an earlier answer asked for; more do no harm.
    ///
    /// # Panics
    /// If a needed customer is not in the snapshot.
    #[must_use]
    pub fn plan(&self, snapshot: &Snapshot, rules: &IdentityRules) -> Outlook {
        for needed in self.needs() {
            assert!(
                snapshot.members.iter().any(|m| m.customer == needed),
                "{needed} is not loaded"
            );
        }
        let all: HashMap<_, _> = self.mentioned.iter().map(|m| (m.id, m.customer)).collect();
        let mut plan = IdentityPlan::quiet(self.new.clone(), all, self.next);
        if self.claims.is_empty() {
            return Outlook::Settled(plan);
        }
        let inside: HashSet<IdentifierId> = snapshot.members.iter().map(|m| m.id).collect();
        let is_inside = |id: IdentifierId| {
            inside.contains(&id) || self.new.binary_search_by_key(&id, |n| n.id).is_ok()
        };
        let facts = self.claims.iter().map(|claim| claim.fact.clone());
        let (open, apart): (Vec<_>, Vec<_>) =
            facts.partition(|fact| is_inside(fact.a) || is_inside(fact.b));
        let ledger = Ledger::of(&snapshot.links, open);
        let named = self.mentioned.iter().filter(|m| !is_inside(m.id));
        let outside = snapshot.outside.iter().filter(|m| !is_inside(m.id)).chain(named).collect();
        let links = &ledger.facts;
        let region = Region { snapshot, new: &self.new, outside, links, is_open: false };
        let resolution = match region.solve(rules) {
            Ok(resolution) => resolution,
            Err(beyond) => return Outlook::Beyond(beyond),
        };
        let (news, touched) = ledger.settle(&resolution, apart, rules.version);
        plan.links = news;
        for new in &mut plan.new {
            new.is_shared = resolution.shared.contains(&new.id);
        }
        plan.shared = turned(&snapshot.members, &resolution);
        changes(&mut plan, &snapshot.members, &resolution.customers(), Why::Claims(&touched));
        Outlook::Settled(plan)
    }
}

/// The identifiers that are shared now and were not, or the other way round.
pub(crate) fn turned(members: &[Member], resolution: &Resolution) -> Vec<(IdentifierId, bool)> {
    let now = members.iter().map(|m| (m, resolution.shared.contains(&m.id)));
    let turned = now.filter(|(member, is_shared)| member.is_shared != *is_shared);
    let mut turned: Vec<_> = turned.map(|(member, is_shared)| (member.id, is_shared)).collect();
    turned.sort_unstable();
    turned
}

/// The links that touch the customers at hand, old and new, one for each key.
struct Ledger {
    facts: Vec<LinkFact>,
    is_news: Vec<bool>,
}

impl Ledger {
    fn of(old: &[LinkFact], claims: Vec<LinkFact>) -> Self {
        let mut places: HashMap<LinkKey, usize> =
            old.iter().enumerate().map(|(i, fact)| (fact.key(), i)).collect();
        let mut ledger = Self { is_news: vec![false; old.len()], facts: old.to_vec() };
        for claim in claims {
            match places.get(&claim.key()) {
                Some(&i) if claim.is_earlier_than(&ledger.facts[i]) => {
                    let LinkFact { inert, version, .. } = ledger.facts[i];
                    ledger.facts[i] = LinkFact { inert, version, ..claim };
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

    /// Sets the verdicts. The answer: the rows to write (news, turned verdicts, and the claims that
    /// stand `apart` from the customers at hand), and which of them are claims of this batch that
    /// are followed now.
    fn settle(
        self,
        resolution: &Resolution,
        apart: Vec<LinkFact>,
        version: u64,
    ) -> (Vec<LinkFact>, Vec<LinkFact>) {
        let mut rows = Vec::new();
        let mut followed = Vec::new();
        let news = self.facts.into_iter().zip(self.is_news).zip(&resolution.verdicts);
        for ((mut fact, is_news), &now) in news {
            let has_turned = fact.inert != now;
            fact.inert = now;
            if is_news && now.is_none() {
                followed.push(fact.clone());
            }
            if is_news || has_turned {
                fact.version = version;
                rows.push(fact);
            }
        }
        rows.extend(apart.into_iter().map(|fact| LinkFact { version, ..fact }));
        (rows, followed)
    }
}
