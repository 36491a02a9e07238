//! What changes for everybody else when somebody is forgotten?
//!
//! Their identifiers go, and every link to one of them is as if it had never been. An identifier
//! that somebody else has given too is said all the same: it is there anew, under a number of its
//! own, with the links that others gave it.

use crate::claims::turned;
use crate::plan::{IdentityPlan, NewIdentifier, Why, changes};
use crate::region::{Outlook, Region, Snapshot};
use crate::{IdentityRules, Inert, LinkFact, LinkKey, Member};
use base::{CustomerId, IdentifierId, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Whom a ledger is to forget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Oblivion {
    /// The identifiers that go.
    pub gone: BTreeSet<IdentifierId>,
    /// Links from identifiers that stay to some that go, which others have given by themselves. They
    /// keep their evidence and lead to what takes the place of the one that goes.
    pub given: Vec<LinkFact>,
}

impl Snapshot {
    /// What changes by `rules` when `oblivion` comes over the ledger, for the reason `words`. The
    /// customers of what goes must be at hand, and those at the far ends of all its links.
    /// Numbers of the identifiers that are there anew begin at `next`; of those that go the plan
    /// says nothing.
    #[must_use]
    pub fn forget(
        &self,
        oblivion: &Oblivion,
        words: &str,
        next: IdentifierId,
        rules: &IdentityRules,
    ) -> Outlook {
        let again = Again::of(self, oblivion, next);
        let goes = |link: &LinkFact| [link.a, link.b].iter().any(|id| oblivion.gone.contains(id));
        let mut links = self.links.clone();
        for link in links.iter_mut().filter(|link| goes(link)) {
            link.inert = Some(Inert::Withdrawn);
        }
        links.extend(oblivion.given.iter().map(|link| again.renamed(link)));
        let outside = self.outside.iter().collect();
        let region =
            Region { snapshot: self, new: &again.new, outside, links: &links, is_open: false };
        let resolution = match region.solve(rules) {
            Ok(resolution) => resolution,
            Err(beyond) => return Outlook::Beyond(beyond),
        };
        let before: HashMap<LinkKey, &LinkFact> =
            self.links.iter().map(|link| (link.key(), link)).collect();
        for (link, &verdict) in links.iter_mut().zip(&resolution.verdicts) {
            link.inert = verdict;
        }
        let is_news = |link: &LinkFact| before.get(&link.key()).is_none_or(|old| **old != *link);
        links.retain(|link| !goes(link) && is_news(link));
        for link in &mut links {
            link.version = rules.version;
        }
        let stay = |member: &&Member| !oblivion.gone.contains(&member.id);
        let members: Vec<Member> = self.members.iter().filter(stay).cloned().collect();
        let next = IdentifierId(next.0 + again.new.len() as u64);
        let mut plan = IdentityPlan::quiet(again.new, HashMap::new(), next);
        for new in &mut plan.new {
            new.is_shared = resolution.shared.contains(&new.id);
        }
        plan.links = links;
        plan.shared = turned(&members, &resolution);
        changes(&mut plan, &members, &resolution.customers(), Why::Decision(words));
        Outlook::Settled(plan)
    }
}

/// The identifiers that are there anew.
struct Again {
    new: Vec<NewIdentifier>,
    numbers: BTreeMap<IdentifierId, IdentifierId>,
}

impl Again {
    fn of(snapshot: &Snapshot, oblivion: &Oblivion, next: IdentifierId) -> Self {
        let mut times: BTreeMap<IdentifierId, (Timestamp, Timestamp)> = BTreeMap::new();
        for link in &oblivion.given {
            for id in [link.a, link.b].into_iter().filter(|id| oblivion.gone.contains(id)) {
                let (seen, recorded) =
                    times.entry(id).or_insert((link.occurred_at, link.recorded_at));
                *seen = link.occurred_at.min(*seen);
                *recorded = link.recorded_at.min(*recorded);
            }
        }
        let (mut new, mut numbers) = (Vec::new(), BTreeMap::new());
        for member in &snapshot.members {
            let Some(&(first_seen, recorded_at)) = times.get(&member.id) else { continue };
            let id = IdentifierId(next.0 + new.len() as u64);
            numbers.insert(member.id, id);
            new.push(NewIdentifier {
                id,
                identifier: member.identifier.clone(),
                customer: CustomerId::founded_by(id),
                first_seen,
                recorded_at,
                is_shared: false,
            });
        }
        Self { new, numbers }
    }

    fn renamed(&self, link: &LinkFact) -> LinkFact {
        let number = |id: IdentifierId| self.numbers.get(&id).copied().unwrap_or(id);
        let (a, b) = (number(link.a), number(link.b));
        let inert = link.inert.filter(|&inert| inert == Inert::Withdrawn);
        LinkFact { a: a.min(b), b: a.max(b), inert, ..link.clone() }
    }
}

#[cfg(test)]
mod tests;
