//! How is a customer erased, and how far has it got?

use super::steps::Step;
use super::tombstones::Tombstone;
use crate::access::Actor;
use crate::engine::Engine;
use crate::entry::LogEntry;
use crate::page::{Page, PageQuery, cursor_of};
use base::{CustomerId, Error, ErrorKind, IdentifierId, Position, RequestId, Timestamp};
use lexicon::Identifier;
use serde::{Deserialize, Serialize};
use state::ErasureRow;
use std::collections::BTreeSet;

/// Identifiers that are looked at in one go.
const N_IDENTIFIERS: usize = 5_000;

/// An erasure as the log keeps it. It names nobody: a customer is a number, and there is no room
/// for words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EraseOrder {
    /// When it was given.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Who is to be forgotten.
    pub customer: CustomerId,
    /// Why.
    pub reason: EraseReason,
    /// The request that it answers.
    pub request: Option<RequestId>,
}

/// That profiles of others are to lose what they say of somebody who is erased, as the log keeps
/// it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedactOrder {
    /// When it was given.
    pub at: Timestamp,
    /// The erasure.
    pub erasure: Position,
    /// Whose profiles.
    pub customers: Vec<CustomerId>,
}

/// Why somebody is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EraseReason {
    /// They asked for it.
    Request,
    /// They objected to the use of their data.
    Objection,
    /// Their data are no longer needed.
    Retention,
    /// Something else.
    Other,
}

impl EraseReason {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Request, Self::Objection, Self::Retention, Self::Other];

    /// The reason as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Objection => "objection",
            Self::Retention => "retention",
            Self::Other => "other",
        }
    }

    /// The reason written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.slug() == slug)
    }
}

/// How far an erasure has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErasureState {
    /// Nobody sees the customer any more; files and log are being rewritten.
    Erasing,
    /// Every file is being searched.
    Verifying,
    /// It is done, and there is a certificate.
    Done,
    /// A step failed and is being tried again, or nothing could be carried out.
    Failed,
}

impl ErasureState {
    /// The state as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Erasing => "erasing",
            Self::Verifying => "verifying",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// An erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// What is kept of it.
    pub row: ErasureRow,
    /// How far it has got.
    pub state: ErasureState,
    /// Each step and how much of it is done.
    pub steps: Vec<StepView>,
    /// Tombstones that it set and no later erasure took over.
    pub n_tombstones: u64,
}

/// A step of an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepView {
    /// Which.
    pub step: Step,
    /// How much is done.
    pub n_done: u64,
    /// Of how much.
    pub n_total: u64,
    /// Whether it is over (`Some(true)`), at work (`Some(false)`) or still to come.
    pub is_over: Option<bool>,
}

/// What an erasure would take away.
#[derive(Clone, Debug)]
pub struct ErasurePreview {
    /// The customer, as of now.
    pub customer: CustomerId,
    /// What they are called.
    pub name: Option<String>,
    /// Their identifiers, and whether each is another customer's too.
    pub identifiers: Vec<(Identifier, bool)>,
    /// Their events.
    pub n_events: u64,
    /// Their orders.
    pub n_orders: u64,
    /// Entries of the log that will be read.
    pub n_log_entries: u64,
    /// Requests of theirs that are open.
    pub n_requests_open: u64,
    /// Whether their data rest.
    pub is_suspended: bool,
    /// Decisions about who they are.
    pub n_decisions: u64,
    /// Accounts that they belong to.
    pub n_accounts: u64,
}

impl Engine {
    /// What erasing a customer would take away; nothing changes.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn preview_erasure(&self, customer: CustomerId) -> Result<ErasurePreview, Error> {
        let customer = self.canonical(customer).await?;
        let whom = self.shared.whom(customer).await?;
        let view = self.customer(customer).await?;
        let own = whom.own.iter().map(|identifier| (identifier.clone(), false));
        let shared = whom.shared.iter().map(|identifier| (identifier.clone(), true));
        let filter = super::RequestQuery { customer: Some(customer), ..Default::default() };
        let page = PageQuery { limit: 500, cursor: None };
        let requests = self.privacy_requests(&filter, &page).await?.items;
        Ok(ErasurePreview {
            customer,
            name: view.name,
            identifiers: own.chain(shared).collect(),
            n_events: whom.n_events,
            n_orders: view.n_orders_kept,
            n_log_entries: self.log_entries_kept().await?,
            n_requests_open: requests.iter().filter(|request| !request.row.is_closed).count()
                as u64,
            is_suspended: self.suspension(customer).await?.is_some(),
            n_decisions: whom.edits.len() as u64,
            n_accounts: view.accounts.len() as u64,
        })
    }

    /// Erases a customer: when the answer is there, nobody sees them any more; the files follow.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable` where the order is written down but not yet carried out.
    pub async fn erase(
        &self,
        actor: &Actor,
        customer: CustomerId,
        reason: EraseReason,
        request: Option<RequestId>,
    ) -> Result<Erasure, Error> {
        let customer = self.canonical(customer).await?;
        if let Some(request) = request {
            self.privacy_request(request).await?;
        }
        let at = self.now();
        let order = EraseOrder { at, by: actor.name.clone(), customer, reason, request };
        let payload = LogEntry::encode_erase(&order).into();
        let position = self.shared.log.append(payload).await.map_err(crate::failure::log)?;
        let (target, detail) = (customer.to_string(), format!("erasure {position}"));
        let audit = (target.as_str(), detail.as_str());
        self.shared.access.audit(actor, "customer.erased", audit, at).await?;
        self.until_processed(position).await?;
        let erasure = self.erasure(position).await?;
        match &erasure.row.refusal {
            Some(refusal) => Err(Error::new(ErrorKind::NotFound, refusal.clone())),
            None => Ok(erasure),
        }
    }

    /// An erasure.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn erasure(&self, id: Position) -> Result<Erasure, Error> {
        let row = self.shared.state.erasure(id).await?;
        let missing = || Error::new(ErrorKind::NotFound, "there is no such erasure");
        self.erasure_of(row.ok_or_else(missing)?).await
    }

    /// All erasures, newest first.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not of this list.
    pub async fn erasures(&self, page: &PageQuery) -> Result<Page<Erasure>, Error> {
        let before = page.place::<u64>()?.map(Position);
        let mut rows = self.shared.state.erasures(before, page.limit + 1).await?;
        let has_more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next = rows.last().filter(|_| has_more).map(|last| cursor_of(&last.id.0));
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(self.erasure_of(row).await?);
        }
        Ok(Page { items, next })
    }

    /// Lets files bring back whom this erasure was about, from now on.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` where that was done before.
    pub async fn lift_tombstones(&self, actor: &Actor, id: Position) -> Result<Erasure, Error> {
        self.erasure(id).await?;
        let at = self.now();
        if !self.shared.state.lift_tombstones(id, (&actor.name, at)).await? {
            let message = "the tombstones of this erasure were lifted already";
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        self.shared.tombstones.lift(id);
        let target = id.to_string();
        self.shared.access.audit(actor, "tombstones.lifted", (&target, ""), at).await?;
        self.erasure(id).await
    }

    /// Whether somebody of this identifier was erased.
    #[must_use]
    pub fn tombstone(&self, identifier: &Identifier) -> Option<Tombstone> {
        self.shared.tombstones.of(identifier).filter(|tombstone| !tombstone.is_shared)
    }

    /// What is remembered of everybody who was erased, to be carried to a copy of the data
    /// directory that is older: [`Self::erase_again`].
    #[must_use]
    pub fn tombstone_digests(&self) -> Vec<(String, Timestamp)> {
        self.shared.tombstones.digests()
    }

    /// Erases everybody who is known by any of these digests, as after a copy of the data directory
    /// was put back that is older than their erasure. The key must be the one that the digests were
    /// made with.
    ///
    /// # Errors
    /// As [`Self::erase`].
    pub async fn erase_again(
        &self,
        actor: &Actor,
        digests: &BTreeSet<String>,
    ) -> Result<Vec<Position>, Error> {
        let (mut found, mut after) = (BTreeSet::new(), IdentifierId::default());
        loop {
            let rows = self.shared.state.identifiers_after(after, N_IDENTIFIERS).await?;
            let Some((last, ..)) = rows.last() else { break };
            after = *last;
            let key = self.shared.tombstones.key();
            let known = rows.iter().filter(|(_, name, _)| digests.contains(&key.digest(name)));
            found.extend(known.map(|(_, _, customer)| *customer));
        }
        let mut orders = Vec::with_capacity(found.len());
        for customer in found {
            orders.push(self.erase(actor, customer, EraseReason::Other, None).await?.row.id);
        }
        Ok(orders)
    }

    async fn erasure_of(&self, row: ErasureRow) -> Result<Erasure, Error> {
        let n_tombstones = self.shared.state.count_tombstones(row.id).await?;
        Ok(Erasure { state: state_of(&row), steps: steps_of(&row), n_tombstones, row })
    }

    async fn log_entries_kept(&self) -> Result<u64, Error> {
        let log = &self.shared.log;
        let first = log.read_after(Position::default(), 1, 1).await.map_err(crate::failure::log)?;
        Ok(first.first().map_or(0, |entry| log.head().0 + 1 - entry.position.0))
    }
}

fn state_of(row: &ErasureRow) -> ErasureState {
    if row.refusal.is_some() || row.trouble.is_some() {
        ErasureState::Failed
    } else if row.finished_at.is_some() {
        ErasureState::Done
    } else if row.step == Step::Verify.number() {
        ErasureState::Verifying
    } else {
        ErasureState::Erasing
    }
}

fn steps_of(row: &ErasureRow) -> Vec<StepView> {
    let view = |step: Step| {
        let is_done = row.finished_at.is_some() || row.step > step.number();
        let is_now = !is_done && row.step == step.number() && row.refusal.is_none();
        let (n_done, n_total) = if is_now { (row.n_done, row.n_total) } else { (0, 0) };
        let is_over = if is_done { Some(true) } else { is_now.then_some(false) };
        StepView { step, n_done, n_total, is_over }
    };
    Step::ALL.into_iter().map(view).collect()
}
