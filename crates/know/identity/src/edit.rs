//! What changes when a person says who is who, or when the rules change?
//!
//! A merge is one more link, of the strongest rule; an unmerge withdraws links, and the customers
//! are then what follows from the others: exactly what they would be, had the link never been. New
//! rules judge every link anew.
//!
//! Each answer may name identifiers whose customers must be looked at as well
//! ([`Outlook::Beyond`]); see [`crate::region`] for which, and why.

use crate::claims::turned;
use crate::plan::{IdentityPlan, Why, changes};
use crate::region::{Outlook, Region, Snapshot};
use crate::{IdentityRules, Inert, LinkFact, LinkKey, Member};
use base::IdentifierId;
use std::collections::HashMap;

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
    /// What changes by `rules` if `edits` are carried out one after another, for the reason
    /// `words`. The customers of the edits' ends must be at hand. Numbers of new identifiers go on
    /// at `next`; no edit makes one.
    ///
    /// # Errors
    /// [`EditError`] for the first edit that cannot be carried out; nothing changes then.
    pub fn edit(
        &self,
        edits: &[Edit],
        words: &str,
        next: IdentifierId,
        rules: &IdentityRules,
    ) -> Result<Outlook, EditError> {
        let mut links = self.links.clone();
        for edit in edits {
            apply(edit, &self.members, &mut links)?;
        }
        Ok(self.outlook(links, (words, next), rules, false))
    }

    /// What changes if from now on `rules` hold, for the reason `words`; whatever held before.
    /// Numbers of new identifiers go on at `next`.
    #[must_use]
    pub fn judge(&self, words: &str, next: IdentifierId, rules: &IdentityRules) -> Outlook {
        self.outlook(self.links.clone(), (words, next), rules, true)
    }

    fn outlook(
        &self,
        mut links: Vec<LinkFact>,
        (words, next): (&str, IdentifierId),
        rules: &IdentityRules,
        is_open: bool,
    ) -> Outlook {
        // By other rules somebody else may be shared: what the tables say of those outside is void.
        let unknown: Vec<Member> = if is_open {
            self.outside.iter().map(|m| Member { is_shared: false, ..m.clone() }).collect()
        } else {
            Vec::new()
        };
        let outside = if is_open { &unknown } else { &self.outside };
        let outside: Vec<&Member> = outside.iter().collect();
        let region = Region { snapshot: self, new: &[], outside, links: &links, is_open };
        let resolution = match region.solve(rules) {
            Ok(resolution) => resolution,
            Err(beyond) => return Outlook::Beyond(beyond),
        };
        let before: HashMap<LinkKey, &LinkFact> =
            self.links.iter().map(|link| (link.key(), link)).collect();
        for (link, &verdict) in links.iter_mut().zip(&resolution.verdicts) {
            link.inert = verdict;
        }
        links.retain(|link| before.get(&link.key()).is_none_or(|old| **old != *link));
        for link in &mut links {
            link.version = rules.version;
        }
        let mut plan = IdentityPlan::quiet(Vec::new(), HashMap::new(), next);
        plan.links = links;
        plan.shared = turned(&self.members, &resolution);
        changes(&mut plan, &self.members, &resolution.customers(), Why::Decision(words));
        Outlook::Settled(plan)
    }
}

fn apply(edit: &Edit, members: &[Member], links: &mut Vec<LinkFact>) -> Result<(), EditError> {
    for id in edit.ends() {
        if !members.iter().any(|member| member.id == id) {
            return Err(EditError::NoSuchIdentifier { id });
        }
    }
    match edit {
        Edit::Join(fact) => match find(links, fact.key()) {
            None => links.push(fact.clone()),
            Some(link) => turn(link, true)?,
        },
        Edit::Withdraw(key) => {
            turn(find(links, *key).ok_or(EditError::NoSuchLink { key: *key })?, false)?;
        }
        Edit::Restore(key) => {
            turn(find(links, *key).ok_or(EditError::NoSuchLink { key: *key })?, true)?;
        }
    }
    Ok(())
}

fn find(links: &mut [LinkFact], key: LinkKey) -> Option<&mut LinkFact> {
    links.iter_mut().find(|link| link.key() == key)
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
