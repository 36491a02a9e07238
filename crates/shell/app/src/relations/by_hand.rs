//! What may a person say by hand of who belongs where, and what becomes of it?
//!
//! A word is an entry of the log, like a decision about who is who: durable before it is answered,
//! carried out in the order of the log, and carried out again when the log is read again. Each sets
//! what is said of one place; what was said there before is kept beside it, so that it can be taken
//! back exactly. Accounts go by the sender's key here: their numbers depend on batches.

mod carried;
mod plan;
#[cfg(test)]
mod tests;

pub(crate) use carried::carry_over;
pub(crate) use plan::PlannedWords;

use crate::access::Actor;
use crate::engine::Engine;
use crate::entry::LogEntry;
use crate::failure;
use crate::page::{Page, PageQuery, cursor_of};
use base::{AccountId, CustomerId, Error, ErrorKind, IdentifierId, Position, Timestamp};
use serde::{Deserialize, Serialize};
use state::{HandChange, HandPlace, RelationEditRow};
use std::collections::BTreeMap;

/// What is said by hand of who belongs where, as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelateOrder {
    /// When it was said.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// What it takes back.
    pub undoes: Option<Position>,
    /// Which part it is of what was said before such words were entries of the log.
    pub carried: Option<u64>,
    /// What is said.
    pub words: Vec<Word>,
}

/// What is said of one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// Of which.
    pub place: WordPlace,
    /// What; `None` where nothing is said any more.
    pub said: Option<Said>,
}

/// What a word is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WordPlace {
    /// Whether an account claims a domain.
    Domain {
        /// The sender's key of the account.
        account: String,
        /// The domain.
        domain: String,
    },
    /// Whether somebody belongs to an account.
    Member {
        /// The sender's key of the account.
        account: String,
        /// One identifier of theirs.
        identifier: IdentifierId,
    },
    /// Whether somebody is taken out of a household.
    Household {
        /// The household.
        household: String,
        /// One identifier of theirs.
        identifier: IdentifierId,
    },
}

/// What is said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Whether it is so; always, but where it is about a member.
    pub is_so: bool,
    /// Since when it is said.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// What somebody said by hand, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidByHand {
    /// Its place in the log, by which it is called; when, by whom, and whether it holds.
    pub row: RelationEditRow,
    /// What it changed.
    pub changes: Vec<HandChange>,
    /// The customers that the identifiers point to now.
    pub customers: BTreeMap<IdentifierId, CustomerId>,
}

/// How an order stands in the audit log: what was done, to what, and what more there is to say.
pub(crate) type AuditWords<'a> = (&'a str, (&'a str, &'a str));

impl Engine {
    /// What was said by hand of who belongs where, newest first.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not of this list.
    pub async fn said_by_hand(&self, page: &PageQuery) -> Result<Page<SaidByHand>, Error> {
        let before = page.place::<u64>()?.map(Position);
        let mut found = self.shared.state.relation_edits(before, page.limit + 1).await?;
        let has_more = found.len() > page.limit;
        found.truncate(page.limit);
        let next = found.last().filter(|_| has_more).map(|(last, _)| cursor_of(&last.id.0));
        let mut items = Vec::with_capacity(found.len());
        for (row, changes) in found {
            items.push(self.said(row, changes).await?);
        }
        Ok(Page { items, next })
    }

    /// Takes back what was said by hand: what was said there before holds again.
    ///
    /// # Errors
    /// `NotFound` where nothing was said at this place of the log; `Conflict` where it was refused
    /// or taken back already, or where something else was said since; `Unavailable` where it is
    /// written down but not yet carried out.
    pub async fn take_back_word(&self, actor: &Actor, id: Position) -> Result<SaidByHand, Error> {
        let found = self.shared.state.relation_edit(id).await?;
        let missing = || Error::new(ErrorKind::NotFound, "nothing was said by hand there");
        let (_, changes) = found.ok_or_else(missing)?;
        let words = self.shared.words_back(changes).await?;
        let target = id.to_string();
        let audit = ("relations.undone", (target.as_str(), ""));
        self.say(actor, words, Some(id), audit).await?.ok_or_else(missing)
    }

    /// Says `words` by hand, and waits until everybody sees it; `None` where that is said already.
    ///
    /// # Errors
    /// As [`Self::take_back_word`]; whatever keeps it from being carried out.
    pub(crate) async fn say(
        &self,
        actor: &Actor,
        words: Vec<Word>,
        undoes: Option<Position>,
        (action, audit): AuditWords<'_>,
    ) -> Result<Option<SaidByHand>, Error> {
        let (at, by) = (self.now(), actor.name.clone());
        let order = RelateOrder { at, by, undoes, carried: None, words };
        // What cannot be done now is refused now; the log is for what can.
        if !self.shared.plan_words(&order).await?.is_news() {
            return Ok(None);
        }
        let payload = LogEntry::encode_relate(&order).into();
        let position = self.shared.log.append(payload).await.map_err(failure::log)?;
        self.shared.access.audit(actor, action, audit, at).await?;
        self.until_processed(position).await?;
        let missing = || Error::new(ErrorKind::Internal, "what was said left no record");
        let found = self.shared.state.relation_edit(position).await?;
        let (row, changes) = found.ok_or_else(missing)?;
        match row.refusal {
            Some(refusal) => Err(Error::new(ErrorKind::Conflict, refusal)),
            None => Ok(Some(self.said(row, changes).await?)),
        }
    }

    async fn said(
        &self,
        row: RelationEditRow,
        changes: Vec<HandChange>,
    ) -> Result<SaidByHand, Error> {
        let ids: Vec<IdentifierId> =
            changes.iter().filter_map(|change| identifier_of(&change.place)).collect();
        let rows = self.shared.state.identifiers_by_id(&ids).await?;
        let customers = rows.into_iter().flatten().map(|row| (row.id, row.customer)).collect();
        Ok(SaidByHand { row, changes, customers })
    }
}

impl Word {
    /// That something is so, or that it is not, as `actor` says now.
    pub(crate) fn new(place: WordPlace, said: Option<(bool, Timestamp, &Actor)>) -> Self {
        let said = said.map(|(is_so, at, actor)| Said { is_so, at, by: actor.name.clone() });
        Self { place, said }
    }
}

/// The identifier that a place is about.
pub(crate) fn identifier_of(place: &HandPlace) -> Option<IdentifierId> {
    match place {
        HandPlace::Domain { .. } => None,
        HandPlace::Member { identifier, .. } | HandPlace::Household { identifier, .. } => {
            Some(*identifier)
        }
    }
}

/// The account that a place is about.
pub(crate) fn account_of(place: &HandPlace) -> Option<AccountId> {
    match place {
        HandPlace::Domain { account, .. } | HandPlace::Member { account, .. } => Some(*account),
        HandPlace::Household { .. } => None,
    }
}
