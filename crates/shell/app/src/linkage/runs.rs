//! Which runs are there, how far is the one at work, and how is one begun, ended or taken back?

use super::Linkage;
use crate::access::Actor;
use crate::edits::EditChange;
use crate::engine::Engine;
use crate::page::{Page, PageQuery, cursor_of};
use base::{Error, ErrorKind, LinkageRunId, Position, Timestamp};
use identity::Inert;
use state::{LinkageCounts, LinkageRunRow};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

/// How often a run's taking back is tried where somebody changes the same links meanwhile.
const UNDO_TRIES: usize = 3;

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunState {
    /// At work.
    Running,
    /// At its end.
    Done,
    /// Somebody stopped it; the links that it had made are there.
    Cancelled,
    /// It could not go on.
    Failed,
    /// Rapport stopped meanwhile. Another run takes up where it ended.
    Interrupted,
}

impl RunState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Running, Self::Done, Self::Cancelled, Self::Failed, Self::Interrupted];

    /// The state as it is written in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }

    fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }
}

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunPhase {
    /// Customers are read.
    Reading,
    /// The model is learned.
    Learning,
    /// Pairs are compared and clustered.
    Comparing,
    /// Links are made and questions written down.
    Writing,
}

/// One run over all customers.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkageRun {
    /// Which run.
    pub id: LinkageRunId,
    /// Where it stands.
    pub state: RunState,
    /// What it is doing, while it is at work.
    pub phase: Option<RunPhase>,
    /// How much of the whole is done, in [0, 1]; estimated.
    pub progress: f64,
    /// When it began.
    pub started_at: Timestamp,
    /// Who began it.
    pub started_by: String,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// What it came to.
    pub counts: LinkageCounts,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
    /// Who took it back.
    pub undone_by: Option<String>,
    /// What is to be known about its end.
    pub message: Option<String>,
}

/// The run at work.
pub(super) struct Running {
    pub(super) row: LinkageRunRow,
    pub(super) phase: RunPhase,
    pub(super) progress: f64,
    is_taken: bool,
    is_cancelled: AtomicBool,
}

/// Under which name a run's decisions are found.
pub(super) fn author(id: LinkageRunId) -> String {
    format!("linkage run {id}")
}

impl Linkage {
    /// The run that was begun and is at nobody's hands yet.
    pub(super) fn take_run(&self) -> Option<LinkageRunRow> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let running = running.as_mut().filter(|running| !running.is_taken)?;
        running.is_taken = true;
        Some(running.row.clone())
    }

    /// Notes how far the run at work is.
    pub(super) fn note_progress(&self, row: &LinkageRunRow, phase: RunPhase, progress: f64) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = running.as_mut().filter(|running| running.row.id == row.id) {
            running.row = row.clone();
            (running.phase, running.progress) = (phase, progress);
        }
    }

    /// Whether somebody wants the run at work to end.
    pub(super) fn is_cancelled(&self) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().is_some_and(|running| running.is_cancelled.load(Ordering::Relaxed))
    }

    /// The run at work has ended.
    pub(super) fn end_run(&self) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn running(&self) -> Option<LinkageRun> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let running = running.as_ref()?;
        let mut run = run_of(running.row.clone()).ok()?;
        (run.phase, run.progress) = (Some(running.phase), running.progress);
        Some(run)
    }

    /// Hands a run to whoever works on it.
    pub(super) fn begin_run(&self, row: LinkageRunRow) {
        let running = Running {
            row,
            phase: RunPhase::Reading,
            progress: 0.0,
            is_taken: false,
            is_cancelled: AtomicBool::new(false),
        };
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        self.news.wake();
    }
}

impl Engine {
    /// Begins a run over all customers.
    ///
    /// # Errors
    /// `Conflict` while another one is at work.
    pub async fn start_linkage(&self, actor: &Actor) -> Result<LinkageRun, Error> {
        let linkage = &self.shared.linkage;
        let _turn = linkage.turn.lock().await;
        if let Some(running) = linkage.running() {
            let message = format!("run {} is at work", running.id);
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        let row = new_run(actor.name.clone(), self.now());
        let row = self.shared.state.create_linkage_run(row).await?;
        let detail = "all customers are compared";
        self.audit_run(actor, "linkage.started", (row.id, detail)).await?;
        linkage.begin_run(row.clone());
        linkage.running().map_or_else(|| run_of(row), Ok)
    }

    /// Ends the run at work, within about a second; what it has linked stays linked.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` where it is not at work.
    pub async fn cancel_linkage(
        &self,
        actor: &Actor,
        id: LinkageRunId,
    ) -> Result<LinkageRun, Error> {
        let found = self.linkage_run(id).await?;
        {
            let linkage = &self.shared.linkage;
            let running = linkage.running.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(running) = running.as_ref().filter(|running| running.row.id == id) else {
                return Err(Error::new(ErrorKind::Conflict, format!("run {id} is not at work")));
            };
            running.is_cancelled.store(true, Ordering::Relaxed);
        }
        self.audit_run(actor, "linkage.cancelled", (id, "")).await?;
        Ok(found)
    }

    /// One run.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn linkage_run(&self, id: LinkageRunId) -> Result<LinkageRun, Error> {
        if let Some(running) = self.shared.linkage.running().filter(|run| run.id == id) {
            return Ok(running);
        }
        let row = self.shared.state.linkage_run(id).await?;
        let missing = || Error::new(ErrorKind::NotFound, format!("there is no run {id}"));
        run_of(row.ok_or_else(missing)?)
    }

    /// Runs, newest first.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not of this list.
    pub async fn linkage_runs(&self, page: &PageQuery) -> Result<Page<LinkageRun>, Error> {
        let before = page.place::<u64>()?.map(LinkageRunId);
        let mut rows = self.shared.state.linkage_runs(before, page.limit + 1).await?;
        let has_more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next = rows.last().filter(|_| has_more).map(|last| cursor_of(&last.id.0));
        let running = self.shared.linkage.running();
        let run = |row: LinkageRunRow| match &running {
            Some(running) if running.id == row.id => Ok(running.clone()),
            _ => run_of(row),
        };
        Ok(Page { items: rows.into_iter().map(run).collect::<Result<_, _>>()?, next })
    }

    /// Takes a run back: every link that it made and that still counts is withdrawn, and its open
    /// questions are dropped. What was joined since by other links stays joined.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` while it is at work, or where it was taken back already.
    pub async fn undo_linkage(&self, actor: &Actor, id: LinkageRunId) -> Result<LinkageRun, Error> {
        let run = self.linkage_run(id).await?;
        if run.state == RunState::Running || run.undone_at.is_some() {
            let message = "the run is at work, or was taken back already";
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        let _turn = self.shared.linkage.turn.lock().await;
        let mut n_withdrawn = 0;
        for decision in self.shared.state.edits_by(&author(id)).await? {
            n_withdrawn += self.withdraw_decision(actor, decision).await?;
        }
        self.shared.state.drop_open_pairs(id).await?;
        let row = self.shared.state.linkage_run(id).await?;
        let missing = || Error::new(ErrorKind::NotFound, format!("there is no run {id}"));
        let mut row = row.ok_or_else(missing)?;
        row.counts.n_withdrawn = n_withdrawn;
        (row.undone_at, row.undone_by) = (Some(self.now()), Some(actor.name.clone()));
        self.shared.state.put_linkage_run(&row).await?;
        let detail = format!("{n_withdrawn} links were withdrawn");
        self.audit_run(actor, "linkage.undone", (id, &detail)).await?;
        run_of(row)
    }

    /// Withdraws what a decision of linkage has linked and still counts; answers how many links.
    async fn withdraw_decision(&self, actor: &Actor, decision: Position) -> Result<u64, Error> {
        for _ in 1..UNDO_TRIES {
            match self.try_withdrawing(actor, decision).await {
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                answer => return answer,
            }
        }
        self.try_withdrawing(actor, decision).await
    }

    async fn try_withdrawing(&self, actor: &Actor, decision: Position) -> Result<u64, Error> {
        let Some(row) = self.shared.state.edit(decision).await? else { return Ok(0) };
        let decided = crate::edits::Decided::of(row)?;
        let inverse = decided.changes.into_iter().filter_map(|change| match change.inverse() {
            EditChange::Withdraw { a, b, rule } => Some((a, b, rule)),
            _ => None,
        });
        let keys: Vec<_> = inverse.collect();
        let links = self.shared.state.links_known(&keys).await?;
        let counting = keys.into_iter().zip(links).filter(|(_, link)| {
            let inert = link.as_ref().map(|link| link.inert.as_deref());
            inert.is_some_and(|inert| inert != Some(Inert::Withdrawn.slug()))
        });
        let changes: Vec<EditChange> =
            counting.map(|((a, b, rule), _)| EditChange::Withdraw { a, b, rule }).collect();
        let n_links = changes.len() as u64;
        if n_links > 0 {
            let by = actor.name.clone();
            let reason = "the run was taken back".to_owned();
            self.shared.carry_out((by, reason), changes, Some(decision)).await?;
        }
        Ok(n_links)
    }

    async fn audit_run(
        &self,
        actor: &Actor,
        action: &str,
        (id, detail): (LinkageRunId, &str),
    ) -> Result<(), Error> {
        self.shared.access.audit(actor, action, (&id.to_string(), detail), self.now()).await
    }
}

/// A run that begins now.
pub(super) fn new_run(started_by: String, now: Timestamp) -> LinkageRunRow {
    LinkageRunRow {
        id: LinkageRunId::default(),
        state: RunState::Running.slug().to_owned(),
        started_at: now,
        started_by,
        finished_at: None,
        message: None,
        counts: LinkageCounts::default(),
        undone_at: None,
        undone_by: None,
    }
}

pub(super) fn run_of(row: LinkageRunRow) -> Result<LinkageRun, Error> {
    let state = RunState::from_slug(&row.state).ok_or_else(|| {
        Error::new(ErrorKind::Corrupt, format!("the state of run {} cannot be read", row.id))
    })?;
    Ok(LinkageRun {
        id: row.id,
        state,
        phase: None,
        progress: if state == RunState::Done { 1.0 } else { 0.0 },
        started_at: row.started_at,
        started_by: row.started_by,
        finished_at: row.finished_at,
        counts: row.counts,
        undone_at: row.undone_at,
        undone_by: row.undone_by,
        message: row.message,
    })
}
