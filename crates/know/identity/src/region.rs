//! What follows for the customers at hand, and is looking at them enough?
//!
//! # Why the touched customers are mostly enough
//!
//! Links go in a fixed order, and a link that was refused between two sets is refused between two
//! larger ones (two user ids stay two; too many stay too many). So as long as customers only *grow*,
//! no link that leads out of them can come to be followed. One may where a customer loses
//! something: a link that was followed and is not any more, an identifier that counts for another
//! month, one that is shared no longer. Then, and only then, the customers at the far ends of the
//! links that wait there must be looked at as well, and so on until nobody is left who lost.

use crate::plan::NewIdentifier;
use crate::resolve::{Node, Resolution, first_linked, resolve};
use crate::{IdentityPlan, IdentityRules, Inert, LinkFact, LinkKey, Member};
use base::{CustomerId, IdentifierId, Timestamp};
use lexicon::IdentifierKind;
use std::collections::{BTreeSet, HashMap};

/// Customers as the state holds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Every identifier of these customers.
    pub members: Vec<Member>,
    /// The identifiers of other customers that links of these lead to.
    pub outside: Vec<Member>,
    /// Every link that touches a member, followed or not.
    pub links: Vec<LinkFact>,
}

/// What became of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// It is made.
    Settled(IdentityPlan),
    /// The customers of these identifiers must be at hand as well; ask again with them.
    Beyond(Vec<IdentifierId>),
}

impl Outlook {
    /// The plan.
    ///
    /// # Panics
    /// If more must be looked at.
    #[must_use]
    pub fn settled(self) -> IdentityPlan {
        match self {
            Self::Settled(plan) => plan,
            Self::Beyond(ids) => panic!("{} identifiers are not at hand", ids.len()),
        }
    }
}

/// What is looked at, before and after something is said.
pub(crate) struct Region<'r> {
    /// The customers before.
    pub(crate) snapshot: &'r Snapshot,
    /// Identifiers that nobody had seen.
    pub(crate) new: &'r [NewIdentifier],
    /// Identifiers that links lead to, besides those of the snapshot.
    pub(crate) outside: Vec<&'r Member>,
    /// The links afterwards, each with the verdict that stands.
    pub(crate) links: &'r [LinkFact],
    /// Whether the rules changed, so that any link may wake.
    pub(crate) is_open: bool,
}

impl Region<'_> {
    /// What follows by the rules, or which identifiers must be at hand as well.
    pub(crate) fn solve(&self, rules: &IdentityRules) -> Result<Resolution, Vec<IdentifierId>> {
        let fresh = self.new.iter().map(|new| Node {
            id: new.id,
            identifier: &new.identifier,
            is_shared: false,
        });
        let inside: Vec<Node<'_>> = self.snapshot.members.iter().map(node).chain(fresh).collect();
        let outside: Vec<Node<'_>> = self.outside.iter().map(|member| node(member)).collect();
        let resolution = resolve(&inside, &outside, self.links, rules);
        let beyond = self.beyond(&resolution, rules);
        if beyond.is_empty() { Ok(resolution) } else { Err(beyond.into_iter().collect()) }
    }

    /// The far ends of links that could wake.
    fn beyond(&self, resolution: &Resolution, rules: &IdentityRules) -> BTreeSet<IdentifierId> {
        let mut beyond = BTreeSet::new();
        if resolution.waiting.is_empty() {
            return beyond;
        }
        let customers: HashMap<IdentifierId, CustomerId> =
            self.snapshot.members.iter().map(|m| (m.id, m.customer)).collect();
        let lost = self.lost(resolution, &customers, rules);
        let gained = self.gained_user_ids(resolution);
        for &index in &resolution.waiting {
            let link = &self.links[index];
            let (own, far) = match (customers.get(&link.a), customers.get(&link.b)) {
                (Some(own), None) => (own, link.b),
                (None, Some(own)) => (own, link.a),
                // Between a new identifier and one that is not at hand: judged by its ends.
                _ => continue,
            };
            let may_wake = match link.inert {
                Some(inert) if inert.is_of_customers() && !self.is_open => {
                    // A wrong reason is no better than a wrong verdict.
                    lost.contains(own) || (inert == Inert::Limit && gained.contains(own))
                }
                _ => true,
            };
            if may_wake {
                beyond.insert(far);
            }
        }
        beyond
    }

    /// The customers who lost something.
    fn lost(
        &self,
        resolution: &Resolution,
        customers: &HashMap<IdentifierId, CustomerId>,
        rules: &IdentityRules,
    ) -> BTreeSet<CustomerId> {
        let before: HashMap<LinkKey, &LinkFact> =
            self.snapshot.links.iter().map(|link| (link.key(), link)).collect();
        let mut lost = BTreeSet::new();
        for (link, verdict) in self.links.iter().zip(&resolution.verdicts) {
            let was_followed = before.get(&link.key()).is_some_and(|before| before.is_active());
            if verdict.is_some() && was_followed {
                lost.extend([link.a, link.b].iter().filter_map(|id| customers.get(id)));
            }
        }
        let members = || self.snapshot.members.iter();
        let then = members().filter(|m| !m.is_shared).map(node);
        let then = first_linked(then, &self.snapshot.links, rules);
        let now = members().filter(|m| !resolution.shared.contains(&m.id)).map(node);
        let now: HashMap<IdentifierId, Timestamp> = first_linked(now, self.links, rules);
        let moved = then.iter().filter(|(id, time)| now.get(id) != Some(time));
        lost.extend(moved.filter_map(|(id, _)| customers.get(id)));
        lost
    }

    /// The customers who had no user id and are part of one that has.
    fn gained_user_ids(&self, resolution: &Resolution) -> BTreeSet<CustomerId> {
        let is_user = |kind: &IdentifierKind| *kind == IdentifierKind::UserId;
        let members = &self.snapshot.members;
        let old_users = members.iter().filter(|member| is_user(&member.identifier.kind));
        let had: BTreeSet<CustomerId> = old_users.clone().map(|m| m.customer).collect();
        let new_users = self.new.iter().filter(|new| is_user(&new.identifier.kind));
        let users = old_users.map(|m| m.id).chain(new_users.map(|new| new.id));
        let now = resolution.customers();
        let with_users: BTreeSet<CustomerId> = users.map(|id| now[&id]).collect();
        let gained = members.iter().filter(|m| with_users.contains(&now[&m.id]));
        gained.map(|m| m.customer).filter(|customer| !had.contains(customer)).collect()
    }
}

fn node(member: &Member) -> Node<'_> {
    Node { id: member.id, identifier: &member.identifier, is_shared: member.is_shared }
}
