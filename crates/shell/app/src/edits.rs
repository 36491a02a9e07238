//! What may a person decide about who is who, and what becomes of it?
//!
//! A decision is an entry of the log like any other: it is durable before it is answered, carried
//! out in the order of the log, and carried out again when the log is read again. It changes the
//! ledger of links and nothing else; customers, profiles and timelines follow from that, so every
//! decision can be taken back exactly, whatever happened since.

mod plan;
mod preview;
#[cfg(test)]
mod tests;
mod told;
mod wish;

pub(crate) use plan::PlannedEdit;
pub use preview::{CustomerCard, Preview, SaidOfTrait, TraitConflict};
pub use told::{ToldCustomer, ToldDecision, ToldLink};
pub(crate) use wish::anchor;
pub use wish::{LinkName, Wish};

use crate::access::Actor;
use crate::engine::Engine;
use crate::entry::LogEntry;
use crate::page::{Page, PageQuery, cursor_of};
use base::{CustomerId, Error, ErrorKind, IdentifierId, Position, SourceId, Timestamp};
use identity::{Edit, LinkFact};
use lexicon::LinkRule;
use serde::{Deserialize, Serialize};
use state::EditRow;
use std::time::Duration;

/// How long a caller waits until a decision has been carried out.
const WAIT: Duration = Duration::from_secs(10);
/// Characters of a reason.
const REASON_CHARS_MAX: usize = 500;

/// A decision as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditOrder {
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// Why, in their words; may be empty.
    pub reason: String,
    /// The decision that it takes back.
    pub undoes: Option<Position>,
    /// What is to be changed, in this order.
    pub changes: Vec<EditChange>,
}

/// One change of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EditChange {
    /// The two are one customer.
    Join {
        /// One identifier.
        a: IdentifierId,
        /// The other.
        b: IdentifierId,
    },
    /// The two are alike enough to be one customer: a link of the weakest rule, which nobody has
    /// stated. One that is there already, or was withdrawn, stays as it is.
    Link {
        /// One identifier.
        a: IdentifierId,
        /// The other.
        b: IdentifierId,
        /// What speaks for it, without anybody's data.
        evidence: String,
    },
    /// This link does not count any more.
    Withdraw {
        /// The identifier with the smaller number.
        a: IdentifierId,
        /// The other.
        b: IdentifierId,
        /// By which rule they are linked.
        rule: LinkRule,
    },
    /// This link counts again.
    Restore {
        /// The identifier with the smaller number.
        a: IdentifierId,
        /// The other.
        b: IdentifierId,
        /// By which rule they are linked.
        rule: LinkRule,
    },
}

/// A decision and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Its place in the log, by which it is called.
    pub id: Position,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// What it changed.
    pub changes: Vec<EditChange>,
    /// Why it could not be carried out; `None` where it was.
    pub refusal: Option<String>,
    /// The decision that it took back.
    pub undoes: Option<Position>,
    /// The decision that took it back.
    pub undone_by: Option<Position>,
}

impl EditOrder {
    /// The changes as identity knows them, for a decision that lies at `position`.
    pub(crate) fn edits(&self, position: Position) -> Vec<Edit> {
        self.changes.iter().map(|change| change.edit(self.at, position)).collect()
    }

    /// The changes, as they are kept beside the decision.
    pub(crate) fn changes_json(&self) -> String {
        serde_json::to_string(&self.changes).expect("numbers and words are JSON")
    }

    /// The decision in words, as the cause of what moves.
    pub(crate) fn words(&self) -> String {
        let joins = self.changes.iter().any(|change| matches!(change, EditChange::Join { .. }));
        let links = self.changes.iter().any(|change| matches!(change, EditChange::Link { .. }));
        let what = match (self.undoes, joins) {
            (Some(_), _) => "a decision was taken back",
            (None, _) if links => "linked, being alike enough to be one person",
            (None, true) => "merged by hand",
            (None, false) => "links were withdrawn by hand",
        };
        let reason =
            if self.reason.is_empty() { String::new() } else { format!(": {}", self.reason) };
        format!("{what} ({}){reason}", self.by)
    }
}

impl EditChange {
    fn edit(&self, at: Timestamp, position: Position) -> Edit {
        let fact = |a: IdentifierId, b: IdentifierId, rule, evidence: String| LinkFact {
            a: a.min(b),
            b: a.max(b),
            rule,
            occurred_at: at,
            evidence: evidence.into(),
            source: SourceId::default(),
            recorded_at: at,
            position,
            inert: None,
            version: 0,
        };
        match *self {
            Self::Join { a, b } => {
                Edit::Join(fact(a, b, LinkRule::Stated, format!("decision {position}")))
            }
            Self::Link { a, b, ref evidence } => {
                Edit::Join(fact(a, b, LinkRule::Linkage, evidence.clone()))
            }
            Self::Withdraw { a, b, rule } => Edit::Withdraw((a, b, rule)),
            Self::Restore { a, b, rule } => Edit::Restore((a, b, rule)),
        }
    }

    /// The identifiers that it is about.
    pub(crate) fn ends(&self) -> [IdentifierId; 2] {
        match *self {
            Self::Join { a, b }
            | Self::Link { a, b, .. }
            | Self::Withdraw { a, b, .. }
            | Self::Restore { a, b, .. } => [a, b],
        }
    }

    /// The change that takes this one back.
    pub(crate) fn inverse(self) -> Self {
        match self {
            Self::Join { a, b } => {
                Self::Withdraw { a: a.min(b), b: a.max(b), rule: LinkRule::Stated }
            }
            Self::Link { a, b, .. } => {
                Self::Withdraw { a: a.min(b), b: a.max(b), rule: LinkRule::Linkage }
            }
            Self::Withdraw { a, b, rule } => Self::Restore { a, b, rule },
            Self::Restore { a, b, rule } => Self::Withdraw { a, b, rule },
        }
    }
}

impl Engine {
    /// Decides what `wish` says, and waits until everybody sees it.
    ///
    /// # Errors
    /// `NotFound` and `Conflict` where it cannot be carried out, `Invalid` for a reason that is
    /// too long, `Unavailable` where it was written down but not yet carried out.
    pub async fn decide(&self, actor: &Actor, wish: &Wish, reason: &str) -> Result<Decided, Error> {
        let changes = self.changes_of(wish).await?;
        self.order(actor, changes, reason, None).await
    }

    /// Takes a decision back; links that changed since are left as they are.
    ///
    /// # Errors
    /// As [`Self::decide`]; `NotFound` where there is no such decision, `Conflict` where it was
    /// refused or taken back already.
    pub async fn undo_decision(&self, actor: &Actor, id: Position) -> Result<Decided, Error> {
        let (id, inverse) = self.inverse_of(id).await?;
        self.order(actor, inverse, "", Some(id)).await
    }

    /// What takes a decision back.
    async fn inverse_of(&self, id: Position) -> Result<(Position, Vec<EditChange>), Error> {
        let found = self.shared.state.edit(id).await?;
        let missing = || Error::new(ErrorKind::NotFound, "there is no such decision");
        let decided = Decided::of(found.ok_or_else(missing)?)?;
        if decided.refusal.is_some() || decided.undone_by.is_some() {
            let message = "this decision was not carried out, or was taken back already";
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        Ok((id, decided.changes.into_iter().rev().map(EditChange::inverse).collect()))
    }

    /// The decisions about a customer, newest first.
    ///
    /// # Errors
    /// Whatever the state says.
    pub async fn decisions_about(&self, customer: CustomerId) -> Result<Vec<Decided>, Error> {
        let now = self.canonical(customer).await?;
        let clusters = self.shared.state.clusters(&[now]).await?;
        let ids: Vec<IdentifierId> = clusters.identifiers.iter().map(|row| row.id).collect();
        let ever = self.shared.state.keys_ever(&ids).await?;
        let rows = self.shared.state.edits_of(&ever).await?;
        rows.into_iter().map(Decided::of).collect()
    }

    /// All decisions, newest first.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not of this list.
    pub async fn decisions(&self, page: &PageQuery) -> Result<Page<Decided>, Error> {
        let before = page.place::<u64>()?.map(Position);
        let mut rows = self.shared.state.edits(before, page.limit + 1).await?;
        let has_more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next = rows.last().filter(|_| has_more).map(|last| cursor_of(&last.id.0));
        Ok(Page { items: rows.into_iter().map(Decided::of).collect::<Result<_, _>>()?, next })
    }

    async fn order(
        &self,
        actor: &Actor,
        changes: Vec<EditChange>,
        reason: &str,
        undoes: Option<Position>,
    ) -> Result<Decided, Error> {
        let reason = reason.trim();
        if reason.chars().count() > REASON_CHARS_MAX {
            let message = format!("the reason has more than {REASON_CHARS_MAX} characters");
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        let by = actor.name.clone();
        let order = EditOrder { at: self.now(), by, reason: reason.to_owned(), undoes, changes };
        // What cannot be done now is refused now; the log is for what can.
        self.shared.plan_edit(&order, Position::default()).await?;
        let payload = LogEntry::encode_edit(&order).into();
        let position = self.shared.log.append(payload).await.map_err(crate::failure::log)?;
        self.audit_order(actor, &order, position).await?;
        self.until_processed(position).await?;
        let row = self.shared.state.edit(position).await?;
        let missing = || Error::new(ErrorKind::Internal, "the decision left no record");
        let decided = Decided::of(row.ok_or_else(missing)?)?;
        match decided.refusal {
            Some(refusal) => Err(Error::new(ErrorKind::Conflict, refusal)),
            None => Ok(decided),
        }
    }

    async fn audit_order(
        &self,
        actor: &Actor,
        order: &EditOrder,
        position: Position,
    ) -> Result<(), Error> {
        let action = if order.undoes.is_some() { "identity.undone" } else { "identity.decided" };
        let (target, detail) = (position.to_string(), order.words());
        self.shared.access.audit(actor, action, (&target, &detail), order.at).await
    }

    pub(crate) async fn until_processed(&self, position: Position) -> Result<(), Error> {
        let mut processed = self.shared.processed.subscribe();
        let reached = processed.wait_for(|reached| *reached >= position);
        match tokio::time::timeout(WAIT, reached).await {
            Ok(Ok(_)) => Ok(()),
            _ => {
                let message = "the decision is written down and will be carried out as soon as \
                               what came before it has been processed";
                Err(Error::new(ErrorKind::Unavailable, message))
            }
        }
    }
}

impl Decided {
    pub(crate) fn of(row: EditRow) -> Result<Self, Error> {
        let changes = serde_json::from_str(&row.changes).map_err(|error| {
            Error::new(ErrorKind::Corrupt, "a decision cannot be read").with_source(error)
        })?;
        Ok(Self {
            id: row.id,
            at: row.at,
            by: row.by,
            reason: row.reason,
            changes,
            refusal: row.refusal,
            undoes: row.undoes,
            undone_by: row.undone_by,
        })
    }
}
