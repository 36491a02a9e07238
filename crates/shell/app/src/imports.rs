//! Which files were brought in, how far, and where would one go on?
//!
//! The registry, and beside it the files that somebody uploads to import them ([`Uploads`]); the
//! events themselves go the way of all events. An import moves on by compare-and-set on its row,
//! so that rows sent twice (a lost answer) are counted once.

mod look;
mod rehearse;
mod run;
#[cfg(test)]
mod tests;
mod uploads;

use crate::access::{Actor, audit_line};
use crate::page::{Page, PageQuery, cursor_of};
use base::{Error, ErrorKind, ImportId, Timestamp};
use state::State;
use state::admin::{Admin, ImportRow};
use std::sync::Arc;
use tokio::sync::broadcast;

pub use look::Look;
pub use rehearse::{Flaw, ROWS_REHEARSED, Rehearsal, RehearsedEvent};
pub use state::admin::{NewImport as ImportStart, RejectRow as ImportReject};
pub use sync::column::ColumnGuess;
pub use sync::{
    ColumnProfile, Confidence, Inspection, Mapping, Proposal, Reason, Reject, Shape, mapping,
    read as file,
};
pub use uploads::{KEPT_FOR, Receipt, UPLOAD_BYTES_MAX, UPLOADS_MAX, Upload, UploadId, Uploads};

/// Rejects kept one by one; beyond, they are only counted.
const REJECTS_KEPT_MAX: u64 = 10_000;

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// Rows are expected.
    Running,
    /// Every row was sent.
    Done,
    /// Somebody stopped it; it can go on.
    Stopped,
    /// It could not go on.
    Failed,
}

impl ImportState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Running, Self::Done, Self::Stopped, Self::Failed];

    /// The state as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }

    /// The state written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }
}

/// One run over one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Which import.
    pub id: ImportId,
    /// What it was begun with.
    pub file: ImportStart,
    /// Where it stands.
    pub state: ImportState,
    /// The row at which it goes on, from 0; rows before it are durable.
    pub resume_row: u64,
    /// Events that its rows became.
    pub n_events: u64,
    /// Events of these that had been taken before.
    pub n_duplicates: u64,
    /// Rows that were not taken.
    pub n_rejected: u64,
    /// Bytes of the file that were read.
    pub bytes_done: u64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it ended, where that is not plain.
    pub message: Option<String>,
}

/// Rows of an import that are durable now.
#[derive(Clone, Debug)]
pub struct ImportStep {
    /// The row after the last of them.
    pub to_row: u64,
    /// Events that they became.
    pub n_events: u64,
    /// Those that were not taken.
    pub rejects: Vec<ImportReject>,
    /// Bytes of the file that were read so far.
    pub bytes_done: u64,
}

/// Whether rows are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowsWanted {
    /// Yes: take them, then [`Imports::advance`].
    Yes(Import),
    /// They were taken before; the answer to that was lost.
    TakenBefore(Import),
}

/// The registry of imports. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Imports {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    admin: Admin,
    changed: broadcast::Sender<Import>,
    uploads: Uploads,
}

impl Imports {
    /// The registry in `state`, and the uploaded files.
    #[must_use]
    pub fn open(state: &State, uploads: Uploads) -> Self {
        let admin = Admin::new(state.db());
        Self { inner: Arc::new(Inner { admin, changed: broadcast::Sender::new(256), uploads }) }
    }

    /// Says of the uploads that were being imported when the process ended that they are not any
    /// more; they go on when somebody says so.
    ///
    /// # Errors
    /// Where the table cannot be read or written.
    pub async fn take_up(&self, now: Timestamp) -> Result<(), Error> {
        for id in self.uploads().imports() {
            let message = "Rapport was stopped meanwhile; it goes on where it was".to_owned();
            if self.get(id).await?.state == ImportState::Running {
                self.finish(id, (ImportState::Stopped, Some(message)), now).await?;
            }
        }
        Ok(())
    }

    /// The uploaded files.
    #[must_use]
    pub fn uploads(&self) -> &Uploads {
        &self.inner.uploads
    }

    /// Begins an import, or goes on with the one of the same content by the same mapping that did
    /// not end. One that is done is begun anew: its events will be found to be duplicates.
    ///
    /// # Errors
    /// `Invalid` where the names or hashes are missing.
    pub async fn begin(
        &self,
        actor: &Actor,
        file: ImportStart,
        now: Timestamp,
    ) -> Result<Import, Error> {
        check_start(&file)?;
        let done = ImportState::Done.slug();
        if let Some(mut row) = self.inner.admin.import_not_in(done, &file).await? {
            row.state = ImportState::Running.slug().to_owned();
            (row.finished_at, row.message) = (None, None);
            self.inner.admin.put_import_state(&row).await?;
            return Ok(self.tell(import_of(row)?));
        }
        let detail = format!("'{}' by mapping '{}'", file.file_name, file.mapping_name);
        let audit = audit_line(actor, "import.started", ("", &detail), now);
        let row = ImportRow {
            id: ImportId(0),
            file,
            state: ImportState::Running.slug().to_owned(),
            resume_row: 0,
            n_events: 0,
            n_duplicates: 0,
            n_rejected: 0,
            bytes_done: 0,
            started_at: now,
            finished_at: None,
            message: None,
        };
        Ok(self.tell(import_of(self.inner.admin.create_import(row, &audit).await?)?))
    }

    /// Whether the rows from `from_row` up to `to_row` (exclusive) are wanted now.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` where the import is not running or stands at another row.
    pub async fn check_rows(
        &self,
        id: ImportId,
        (from_row, to_row): (u64, u64),
    ) -> Result<RowsWanted, Error> {
        let import = self.get(id).await?;
        if to_row < from_row {
            return Err(Error::new(ErrorKind::Invalid, "to_row lies before from_row"));
        }
        if from_row < import.resume_row && to_row <= import.resume_row {
            return Ok(RowsWanted::TakenBefore(import));
        }
        if import.state != ImportState::Running {
            let message = format!("import {id} is {}", import.state.slug());
            return Err(Error::new(ErrorKind::Conflict, message).with_hint("begin it again"));
        }
        if from_row != import.resume_row {
            return Err(elsewhere(&import));
        }
        Ok(RowsWanted::Yes(import))
    }

    /// Moves an import on from `from_row`, after its rows are durable.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` where it stands at another row by now.
    pub async fn advance(
        &self,
        id: ImportId,
        from_row: u64,
        step: &ImportStep,
    ) -> Result<Import, Error> {
        let mut row = self.inner.admin.import(id).await?.ok_or_else(|| no_import(id))?;
        let room = REJECTS_KEPT_MAX.saturating_sub(row.n_rejected);
        let n_kept = step.rejects.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        row.resume_row = step.to_row;
        row.n_events += step.n_events;
        row.n_rejected += step.rejects.len() as u64;
        row.bytes_done = step.bytes_done.min(row.file.bytes_total);
        if !self.inner.admin.advance_import(from_row, &row, &step.rejects[..n_kept]).await? {
            return Err(elsewhere(&self.get(id).await?));
        }
        Ok(self.tell(import_of(row)?))
    }

    /// Adds what the processor found out about an import's events.
    ///
    /// # Errors
    /// Where the table cannot be written.
    pub async fn count_processed(
        &self,
        id: ImportId,
        n_duplicates: u64,
        rejects: &[ImportReject],
    ) -> Result<(), Error> {
        self.inner.admin.count_import(id, n_duplicates, rejects).await?;
        self.tell(self.get(id).await?);
        Ok(())
    }

    /// Says what a running import waits for, or that it waits no longer.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn note(&self, id: ImportId, message: Option<String>) -> Result<(), Error> {
        let mut row = self.inner.admin.import(id).await?.ok_or_else(|| no_import(id))?;
        row.message = message;
        self.inner.admin.put_import_state(&row).await?;
        self.tell(import_of(row)?);
        Ok(())
    }

    /// Ends an import.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for an end that is none.
    pub async fn finish(
        &self,
        id: ImportId,
        (state, message): (ImportState, Option<String>),
        now: Timestamp,
    ) -> Result<Import, Error> {
        if state == ImportState::Running {
            return Err(Error::new(ErrorKind::Invalid, "an import does not end by running"));
        }
        let mut row = self.inner.admin.import(id).await?.ok_or_else(|| no_import(id))?;
        row.state = state.slug().to_owned();
        row.message = message;
        row.finished_at = Some(now);
        self.inner.admin.put_import_state(&row).await?;
        Ok(self.tell(import_of(row)?))
    }

    /// The import `id`.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, id: ImportId) -> Result<Import, Error> {
        let row = self.inner.admin.import(id).await?;
        import_of(row.ok_or_else(|| no_import(id))?)
    }

    /// Imports, newest first.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not of this list.
    pub async fn list(&self, page: &PageQuery) -> Result<Page<Import>, Error> {
        let before = page.place::<u64>()?.map(ImportId);
        let mut rows = self.inner.admin.imports(before, page.limit + 1).await?;
        let has_more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next = rows.last().filter(|_| has_more).map(|last| cursor_of(&last.id.0));
        let items = rows.into_iter().map(import_of).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// The rows of an import that were not taken, in the order in which they were found; the
    /// first ten thousand are kept.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for a cursor that is not of this list.
    pub async fn rejects(
        &self,
        id: ImportId,
        page: &PageQuery,
    ) -> Result<Page<ImportReject>, Error> {
        let after = page.place::<i64>()?.unwrap_or(0);
        self.get(id).await?;
        let mut rows = self.inner.admin.import_rejects(id, after, page.limit + 1).await?;
        let has_more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next = rows.last().filter(|_| has_more).map(|(ordinal, _)| cursor_of(ordinal));
        Ok(Page { items: rows.into_iter().map(|(_, reject)| reject).collect(), next })
    }

    /// Every change of every import, as it happens.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Import> {
        self.inner.changed.subscribe()
    }

    fn tell(&self, import: Import) -> Import {
        // Nobody may be listening, which is no failure.
        let _ = self.inner.changed.send(import.clone());
        import
    }
}

fn check_start(file: &ImportStart) -> Result<(), Error> {
    let texts = [
        ("fingerprint", &file.fingerprint),
        ("file_name", &file.file_name),
        ("mapping_name", &file.mapping_name),
        ("mapping_hash", &file.mapping_hash),
    ];
    let bad = texts.into_iter().find(|(_, text)| text.trim().is_empty() || text.len() > 1_000);
    match bad {
        Some((name, _)) => {
            let message = format!("{name} must have between 1 and 1000 bytes");
            Err(Error::new(ErrorKind::Invalid, message))
        }
        None => Ok(()),
    }
}

fn import_of(row: ImportRow) -> Result<Import, Error> {
    let state = ImportState::from_slug(&row.state).ok_or_else(|| {
        Error::new(ErrorKind::Corrupt, format!("the state of import {} cannot be read", row.id))
    })?;
    Ok(Import {
        id: row.id,
        file: row.file,
        state,
        resume_row: row.resume_row,
        n_events: row.n_events,
        n_duplicates: row.n_duplicates,
        n_rejected: row.n_rejected,
        bytes_done: row.bytes_done,
        started_at: row.started_at,
        finished_at: row.finished_at,
        message: row.message,
    })
}

fn no_import(id: ImportId) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no import {id}"))
}

fn elsewhere(import: &Import) -> Error {
    let message = format!("import {} goes on at row {}", import.id, import.resume_row);
    Error::new(ErrorKind::Conflict, message).with_hint("read the import again, then go on there")
}
