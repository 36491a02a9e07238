//! What changes when a person says who is who?
//!
//! A merge is one more link, of the strongest rule; an unmerge withdraws links, and the customers
//! are then what follows from the others: exactly what they would be, had the link never been.
//!
//! # How much must be loaded
//!
//! Adding or restoring a link touches the customers of its two ends alone (see the crate's page).
//! Withdrawing one parts a customer, and the part that lost its user id may now follow *one* link
//! that was inert before, the strongest that leads out of it. So the customers at the other ends
//! of the inert links of the two are needed as well: [`Snapshot::beyond`] names them. Of several
//! edits at once each may go one customer further.

use crate::plan::{IdentityPlan, Why, changes};
use crate::resolve::{Node, resolve};
use crate::{Inert, LinkFact, LinkKey, Snapshot};
use base::IdentifierId;
use std::collections::{BTreeSet, HashMap};

/// One change of the ledger by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The two ends are one customer: adds the link, or takes its withdrawal back.
    Join(LinkFact),
    /// The link counts no more, as if it had never been.
    Withdraw(LinkKey),
    /// The link counts again.
    Restore(LinkKey),
}

/// Why an edit cannot be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no identifier of this number.
    #[error("there is no identifier with the number {}", .id.0)]
    NoSuchIdentifier {
        /// The number.
        id: IdentifierId,
    },
    /// The ledger holds no such link.
    #[error("there is no link between these two identifiers by this rule")]
    NoSuchLink {
        /// Which one was meant.
        key: LinkKey,
    },
    /// It is as the edit wants it already.
    #[error("the link is already in the state that was asked for")]
    NothingToDo {
        /// Which one is meant.
        key: LinkKey,
    },
}

impl Edit {
    /// The identifiers that it names.
    #[must_use]
    pub fn ends(&self) -> [IdentifierId; 2] {
        let (a, b, _) = match self {
            Self::Join(fact) => fact.key(),
            Self::Withdraw(key) | Self::Restore(key) => *key,
        };
        [a, b]
    }
}

impl Snapshot {
    /// The identifiers outside that the loaded customers are linked to by inert links which could
    /// be followed if a customer were parted; ascending.
    #[must_use]
    pub fn beyond(&self) -> Vec<IdentifierId> {
        let inside: BTreeSet<IdentifierId> = self.members.iter().map(|m| m.id).collect();
        let waiting = self.links.iter().filter(|link| link.inert == Some(Inert::TwoUserIds));
        let ends: BTreeSet<IdentifierId> = waiting.flat_map(|link| [link.a, link.b]).collect();
        ends.difference(&inside).copied().collect()
    }

    /// What changes if `edits` are carried out one after another, for the reason `words`. Numbers
    /// of new identifiers go on at `next`; no edit makes one.
    ///
    /// # Errors
    /// [`EditError`] for the first edit that cannot be carried out; nothing changes then.
    pub fn edit(
        mut self,
        edits: &[Edit],
        words: &str,
        next: IdentifierId,
    ) -> Result<IdentityPlan, EditError> {
        let before: HashMap<LinkKey, LinkFact> =
            self.links.iter().map(|link| (link.key(), link.clone())).collect();
        for edit in edits {
            self.apply(edit)?;
        }
        let nodes: Vec<Node<'_>> =
            self.members.iter().map(|m| Node { id: m.id, identifier: &m.identifier }).collect();
        let resolution = resolve(&nodes, &self.links);
        let customers = resolution.customers();
        let mut links = self.links;
        let inert: HashMap<usize, Inert> = resolution.inert.into_iter().collect();
        for (index, link) in links.iter_mut().enumerate() {
            let is_inside = customers.contains_key(&link.a) && customers.contains_key(&link.b);
            if is_inside {
                link.inert = inert.get(&index).copied();
            }
        }
        links.retain(|link| before.get(&link.key()) != Some(link));
        let mut plan = IdentityPlan::quiet(Vec::new(), HashMap::new(), next);
        plan.links = links;
        changes(&mut plan, &self.members, &customers, Why::Decision(words));
        Ok(plan)
    }

    fn apply(&mut self, edit: &Edit) -> Result<(), EditError> {
        for id in edit.ends() {
            if !self.members.iter().any(|member| member.id == id) {
                return Err(EditError::NoSuchIdentifier { id });
            }
        }
        match edit {
            Edit::Join(fact) => match self.link(fact.key()) {
                None => self.links.push(fact.clone()),
                Some(link) => turn(link, true)?,
            },
            Edit::Withdraw(key) => {
                turn(self.link(*key).ok_or(EditError::NoSuchLink { key: *key })?, false)?;
            }
            Edit::Restore(key) => {
                turn(self.link(*key).ok_or(EditError::NoSuchLink { key: *key })?, true)?;
            }
        }
        Ok(())
    }

    fn link(&mut self, key: LinkKey) -> Option<&mut LinkFact> {
        self.links.iter_mut().find(|link| link.key() == key)
    }
}

/// Lets a link count, or not.
fn turn(link: &mut LinkFact, counts: bool) -> Result<(), EditError> {
    if link.is_withdrawn() != counts {
        return Err(EditError::NothingToDo { key: link.key() });
    }
    link.inert = (!counts).then_some(Inert::Withdrawn);
    Ok(())
}

#[cfg(test)]
mod tests;
