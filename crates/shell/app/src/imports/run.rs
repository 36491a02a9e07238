//! How does an uploaded file come in, such that it can be stopped, and goes on where it stopped?

use super::rehearse::open;
use super::uploads::{Claim, blocking};
use super::{Import, ImportReject, ImportStart, ImportState, UploadId};
use crate::access::Caller;
use crate::engine::{Engine, ImportRows};
use base::{Error, ErrorKind, ImportId};
use std::sync::Arc;
use std::time::Duration;
use sync::{Chunk, Mapping, Reading};
use tokio::sync::watch;

/// How long a processor that is behind, or a full disk, is left alone.
const WAIT: Duration = Duration::from_secs(2);
/// Waits for one chunk after which the import says what it waits for.
const WAITS_TOLD: u32 = 3;

impl Engine {
    /// Begins to import an uploaded file by `mapping`, or goes on with it. Answers once it runs;
    /// how far it is, [`super::Imports::changes`] tells.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` where the mapping does not fit the file; `Conflict` where the file is
    /// being imported, `Limited` where too many others are.
    pub async fn import_upload(
        self: &Arc<Self>,
        caller: &Caller,
        id: &UploadId,
        mapping: Mapping,
    ) -> Result<Import, Error> {
        let uploads = self.imports().uploads();
        let claim = uploads.claim(caller, id)?;
        match self.begin(caller, &claim, &mapping).await {
            Ok(import) => {
                uploads.runs_as(id, import.id, &mapping);
                let run = Run {
                    engine: Arc::clone(self),
                    id: id.clone(),
                    import: import.id,
                    stop: claim.stop,
                    shutdown: self.stop.subscribe(),
                    mapping,
                };
                self.attend(tokio::spawn(run.go(import.resume_row)));
                Ok(import)
            }
            Err(error) => {
                uploads.release(id, false, self.now());
                Err(error)
            }
        }
    }

    async fn begin(
        &self,
        caller: &Caller,
        claim: &Claim,
        mapping: &Mapping,
    ) -> Result<Import, Error> {
        let upload = &claim.upload;
        let inspection = self.imports().uploads().inspection(&upload.id).await?;
        let (path, fits) = (self.imports().uploads().file(&upload.id), mapping.clone());
        let fit = blocking(move || Ok(open(&path, &fits)?.map(drop))).await?;
        if let Err(flaw) = fit {
            let message = format!("the mapping does not fit: {}", flaw.message);
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        let file = ImportStart {
            fingerprint: inspection.fingerprint.clone(),
            file_name: upload.file_name.clone(),
            mapping_name: mapping.name.clone(),
            mapping_hash: mapping.fingerprint()?,
            bytes_total: upload.n_bytes,
            n_rows_total: inspection.n_rows,
        };
        self.imports().begin(&caller.actor, file, self.now()).await
    }
}

/// One import on its way.
struct Run {
    engine: Arc<Engine>,
    id: UploadId,
    import: ImportId,
    mapping: Mapping,
    stop: watch::Receiver<bool>,
    shutdown: watch::Receiver<bool>,
}

impl Run {
    async fn go(mut self, from_row: u64) {
        let (state, message) = match self.send(from_row).await {
            Ok(true) => (ImportState::Done, None),
            Ok(false) if *self.shutdown.borrow() => {
                let message = "Rapport was stopped meanwhile; it goes on where it was";
                (ImportState::Stopped, Some(message.to_owned()))
            }
            Ok(false) => (ImportState::Stopped, None),
            Err(error) => (ImportState::Failed, Some(error.message().to_owned())),
        };
        let now = self.engine.now();
        self.engine.imports().uploads().release(&self.id, state == ImportState::Done, now);
        let ended = self.engine.imports().finish(self.import, (state, message), now).await;
        if let Err(error) = ended {
            tracing::error!(import = %self.import, %error, "the end of an import was not kept");
        }
    }

    /// Sends every row; false where somebody stopped it.
    async fn send(&mut self, from_row: u64) -> Result<bool, Error> {
        let uploads = self.engine.imports().uploads();
        let (file, rejects) = (uploads.file(&self.id), uploads.rejects_file(&self.id));
        let mapping = self.mapping.clone();
        let open = move || {
            let _ = std::fs::remove_file(&rejects);
            Ok(Reading::open(&file, &rejects, &mapping, from_row)?)
        };
        let mut reading = blocking(open).await?;
        loop {
            let read_on = move || {
                let chunk = reading.next_chunk()?;
                Ok((reading, chunk))
            };
            let (next, chunk) = blocking(read_on).await?;
            reading = next;
            let Some(chunk) = chunk else { return Ok(true) };
            if !self.take(chunk).await? {
                return Ok(false);
            }
        }
    }

    /// Hands one chunk over; a processor that is behind is waited for. False where somebody
    /// stopped the import before the chunk was taken.
    async fn take(&mut self, chunk: Chunk) -> Result<bool, Error> {
        let rows = rows_of(chunk);
        let mut n_waits = 0;
        while !self.is_stopped() {
            let error = match self.engine.import_rows(self.import, rows.clone()).await {
                Ok(_) => {
                    if n_waits >= WAITS_TOLD {
                        self.engine.imports().note(self.import, None).await?;
                    }
                    return Ok(true);
                }
                Err(error) => error,
            };
            if !matches!(error.kind(), ErrorKind::Limited | ErrorKind::Unavailable) {
                return Err(error);
            }
            n_waits += 1;
            if n_waits == WAITS_TOLD {
                let waiting = format!("Waiting: {}", error.message());
                self.engine.imports().note(self.import, Some(waiting)).await?;
            }
            self.wait().await;
        }
        Ok(false)
    }

    fn is_stopped(&self) -> bool {
        *self.stop.borrow() || *self.shutdown.borrow()
    }

    async fn wait(&mut self) {
        tokio::select! {
            () = tokio::time::sleep(WAIT) => {}
            _ = self.stop.changed() => {}
            _ = self.shutdown.changed() => {}
        }
    }
}

fn rows_of(chunk: Chunk) -> ImportRows {
    let rejects = chunk.rejects.into_iter().map(|reject| ImportReject {
        row: reject.row,
        column: reject.column,
        reason: reject.reason,
    });
    ImportRows {
        from_row: chunk.from_row,
        to_row: chunk.to_row,
        events: chunk.events.into_iter().map(Box::from).collect(),
        rejects: rejects.collect(),
        bytes_done: chunk.bytes_done,
    }
}
