//! Which uploaded files lie here, whose are they, and when are they gone?
//!
//! A file that somebody sends to import it holds customers in the open, so it stays no longer than
//! it is needed: it is deleted when it is imported, else a day after anybody last had to do with
//! it. Who uploaded it sees it, and admins do; nobody else.
//!
//! On disk an upload is `ID.data` (the file), `ID.json` (what is known about it) and, where rows
//! were rejected, `ID.rejects.csv`. What lies there without `ID.json` is left from a crash and is
//! swept up at the next start.

mod receipt;
#[cfg(test)]
mod tests;

pub use receipt::Receipt;

use crate::access::{Caller, Right};
use base::{Duration, Error, ErrorKind, ImportId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard};
use sync::{Inspection, Mapping};
use tokio::sync::watch;

/// Bytes of one uploaded file. What is larger comes in on the command line, which sends rows.
pub const UPLOAD_BYTES_MAX: u64 = 4 << 30;
/// Files that may wait here at the same time.
pub const UPLOADS_MAX: usize = 20;
/// How long a file stays after anybody last had to do with it.
pub const KEPT_FOR: Duration = Duration::hours(24);
/// Imports of uploaded files that run at the same time.
const RUNS_MAX: usize = 2;

/// Which uploaded file: 128 random bits, so that none can be guessed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UploadId(String);

impl UploadId {
    /// An id that nobody has.
    ///
    /// # Errors
    /// `Unavailable` where the operating system gives no randomness.
    pub fn fresh() -> Result<Self, Error> {
        let bits = u128::from_be_bytes(crate::access::random()?);
        Ok(Self(format!("f_{bits:032x}")))
    }
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for UploadId {
    type Err = Error;

    /// Ids become names of files: nothing else than an id gets through.
    fn from_str(text: &str) -> Result<Self, Error> {
        let digits = text.strip_prefix("f_").unwrap_or_default();
        let is_id = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        if is_id { Ok(Self(text.to_owned())) } else { Err(no_upload()) }
    }
}

/// A file that was uploaded to be imported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Upload {
    /// Which one.
    pub id: UploadId,
    /// What its owner calls it.
    pub file_name: String,
    /// Bytes of the file.
    pub n_bytes: u64,
    /// When it came.
    pub uploaded_at: Timestamp,
    /// The key of who uploaded it (see [`Caller::key`]).
    uploaded_by: String,
    /// When anybody last had to do with it.
    touched_at: Timestamp,
    /// The mapping that was tried last.
    pub mapping: Option<Mapping>,
    /// The import that it became.
    pub import: Option<ImportId>,
    /// Whether the file itself is still here; what is left otherwise are its rejected rows.
    pub is_here: bool,
}

impl Upload {
    /// When it is deleted unless somebody has to do with it before.
    #[must_use]
    pub fn delete_at(&self) -> Timestamp {
        self.touched_at.plus(KEPT_FOR)
    }

    fn may_be_seen_by(&self, caller: &Caller) -> bool {
        self.uploaded_by == caller.key() || caller.may(Right::ManageUsers)
    }
}

/// The uploaded files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Uploads {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    /// Bytes of disk that are left free.
    reserve_bytes: u64,
    records: Mutex<HashMap<UploadId, Record>>,
}

#[derive(Debug)]
struct Record {
    upload: Upload,
    inspection: Option<Arc<Inspection>>,
    /// Ends the import that runs over it.
    stop: Option<watch::Sender<bool>>,
    /// Nothing of it stays when its import ends, rejected rows included.
    leaves_nothing: bool,
}

impl Record {
    fn of(upload: Upload) -> Self {
        Self { upload, inspection: None, stop: None, leaves_nothing: false }
    }
}

/// An import that may run: the file, and how one is told to stop.
pub(crate) struct Claim {
    pub upload: Upload,
    pub stop: watch::Receiver<bool>,
}

impl Uploads {
    /// The files in `folder`; leftovers of a crash are swept up.
    ///
    /// # Errors
    /// `Unavailable` where the folder cannot be read.
    pub fn open(folder: &Path, reserve_bytes: u64) -> Result<Self, Error> {
        let records = read_folder(folder).map_err(|e| disk(folder, e))?;
        let records = Mutex::new(records);
        Ok(Self { inner: Arc::new(Inner { folder: folder.to_owned(), reserve_bytes, records }) })
    }

    /// What `caller` uploaded and what is still here, newest first; admins see everybody's.
    #[must_use]
    pub fn list(&self, caller: &Caller) -> Vec<Upload> {
        let records = self.records();
        let seen = records.values().filter(|record| record.upload.may_be_seen_by(caller));
        let mut uploads: Vec<Upload> = seen.map(|record| record.upload.clone()).collect();
        uploads.sort_by(|a, b| (b.uploaded_at, &b.id.0).cmp(&(a.uploaded_at, &a.id.0)));
        uploads
    }

    /// The upload `id`, if `caller` may see it.
    ///
    /// # Errors
    /// `NotFound`, also where it is somebody else's.
    pub fn get(&self, caller: &Caller, id: &UploadId) -> Result<Upload, Error> {
        let records = self.records();
        let found = records.get(id).filter(|record| record.upload.may_be_seen_by(caller));
        found.map(|record| record.upload.clone()).ok_or_else(no_upload)
    }

    /// The upload that became `import`, if it is still here.
    #[must_use]
    pub fn of_import(&self, import: ImportId) -> Option<Upload> {
        let records = self.records();
        let mut uploads = records.values().map(|record| &record.upload);
        uploads.find(|upload| upload.import == Some(import)).cloned()
    }

    /// The imports that uploads became.
    pub(crate) fn imports(&self) -> Vec<ImportId> {
        self.records().values().filter_map(|record| record.upload.import).collect()
    }

    /// Whether an import of an upload runs here now.
    #[must_use]
    pub fn is_running(&self, import: ImportId) -> bool {
        let records = self.records();
        records.values().any(|r| r.upload.import == Some(import) && r.stop.is_some())
    }

    /// Where the file of an upload lies.
    pub(crate) fn file(&self, id: &UploadId) -> PathBuf {
        self.inner.folder.join(format!("{id}.data"))
    }

    /// Where its rejected rows lie, if any were.
    #[must_use]
    pub fn rejects_file(&self, id: &UploadId) -> PathBuf {
        self.inner.folder.join(format!("{id}.rejects.csv"))
    }

    /// What is in the file: looked at once, and again after a restart.
    ///
    /// # Errors
    /// `NotFound` where it is gone, `Invalid` where it is no table.
    pub async fn inspection(&self, id: &UploadId) -> Result<Arc<Inspection>, Error> {
        let known = self.records().get(id).map(|record| record.inspection.clone());
        if let Some(inspection) = known.ok_or_else(no_upload)? {
            return Ok(inspection);
        }
        let path = self.file(id);
        let inspection = blocking(move || Ok(sync::inspect(&path)?)).await?;
        let inspection = Arc::new(inspection);
        if let Some(record) = self.records().get_mut(id) {
            record.inspection = Some(Arc::clone(&inspection));
        }
        Ok(inspection)
    }

    /// Remembers the mapping that was tried last, so that a reloaded page goes on with it.
    pub(crate) fn tried(&self, id: &UploadId, mapping: &Mapping, now: Timestamp) {
        self.change(id, |record| {
            record.upload.mapping = Some(mapping.clone());
            record.upload.touched_at = now;
        });
    }

    /// Claims the file for an import.
    ///
    /// # Errors
    /// `NotFound` where it is gone, `Conflict` where it is being imported, `Limited` where too
    /// many others are.
    pub(crate) fn claim(&self, caller: &Caller, id: &UploadId) -> Result<Claim, Error> {
        self.get(caller, id)?;
        let mut records = self.records();
        let n_running = records.values().filter(|record| record.stop.is_some()).count();
        let record = records.get_mut(id).filter(|record| record.upload.is_here);
        let record = record.ok_or_else(no_upload)?;
        if record.stop.is_some() {
            return Err(Error::new(ErrorKind::Conflict, "this file is being imported"));
        }
        if n_running >= RUNS_MAX {
            let message = format!("{n_running} uploaded files are being imported already");
            let hint = "wait until one of them is done, or stop one";
            return Err(Error::new(ErrorKind::Limited, message).with_hint(hint));
        }
        let (stop, stopped) = watch::channel(false);
        record.stop = Some(stop);
        Ok(Claim { upload: record.upload.clone(), stop: stopped })
    }

    /// Says which import a claimed file becomes, by which mapping.
    pub(crate) fn runs_as(&self, id: &UploadId, import: ImportId, mapping: &Mapping) {
        self.change(id, |record| {
            record.upload.import = Some(import);
            record.upload.mapping = Some(mapping.clone());
        });
    }

    /// Gives a claimed file back; one that `is_done` is deleted, except for its rejected rows.
    pub(crate) fn release(&self, id: &UploadId, is_done: bool, now: Timestamp) {
        let leaves_nothing = self.change(id, |record| {
            record.stop = None;
            record.upload.touched_at = now;
            record.upload.is_here &= !is_done;
            record.leaves_nothing
        });
        if is_done {
            remove(&self.file(id));
        }
        let has_rest = !is_done || self.rejects_file(id).exists();
        if leaves_nothing == Some(true) || !has_rest {
            self.delete(id);
        }
    }

    /// Tells the import that runs over an upload to stop.
    ///
    /// # Errors
    /// `Conflict` where it does not run here.
    pub fn stop(&self, import: ImportId) -> Result<(), Error> {
        let records = self.records();
        let mut running = records.values().filter(|r| r.upload.import == Some(import));
        let stop = running.find_map(|record| record.stop.as_ref()).ok_or_else(|| {
            let message = format!("import {import} does not run here");
            Error::new(ErrorKind::Conflict, message)
                .with_hint("an import on the command line is stopped there, by Ctrl-C")
        })?;
        stop.send_replace(true);
        Ok(())
    }

    /// Deletes an upload and what is left of it, at once.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` while it is being imported.
    pub fn remove(&self, caller: &Caller, id: &UploadId) -> Result<(), Error> {
        self.get(caller, id)?;
        if self.records().get(id).is_some_and(|record| record.stop.is_some()) {
            let message = "this file is being imported";
            return Err(Error::new(ErrorKind::Conflict, message).with_hint("stop the import first"));
        }
        self.delete(id);
        Ok(())
    }

    /// Deletes what nobody had to do with for a day.
    pub fn sweep(&self, now: Timestamp) {
        self.delete_where(|record| record.upload.delete_at() <= now);
    }

    /// Deletes every file that waits here, because somebody must be forgotten who may be in it. One
    /// that is being imported goes with all that is left of it when that ends.
    pub fn forget(&self) {
        for record in self.records().values_mut() {
            record.leaves_nothing = true;
        }
        self.delete_where(|_| true);
    }

    fn delete_where(&self, is_due: impl Fn(&Record) -> bool) {
        let due: Vec<UploadId> = {
            let records = self.records();
            let due = records.values().filter(|record| record.stop.is_none() && is_due(record));
            due.map(|record| record.upload.id.clone()).collect()
        };
        due.iter().for_each(|id| self.delete(id));
    }

    fn delete(&self, id: &UploadId) {
        self.records().remove(id);
        for path in [self.file(id), self.rejects_file(id), self.facts(id)] {
            remove(&path);
        }
    }

    /// Changes a record and writes it down.
    fn change<T>(&self, id: &UploadId, work: impl FnOnce(&mut Record) -> T) -> Option<T> {
        let mut records = self.records();
        let record = records.get_mut(id)?;
        let result = work(record);
        if let Err(error) = std::fs::write(self.facts(id), facts_of(&record.upload)) {
            tracing::warn!(%error, "what is known about an upload could not be written down");
        }
        Some(result)
    }

    fn facts(&self, id: &UploadId) -> PathBuf {
        self.inner.folder.join(format!("{id}.json"))
    }

    fn records(&self) -> MutexGuard<'_, HashMap<UploadId, Record>> {
        self.inner.records.lock().expect("no holder of the records panics")
    }
}

/// Runs `work`, which reads a file for longer than a request's thread should be held.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| {
        Error::new(ErrorKind::Internal, "reading the file broke off").with_source(error)
    })?
}

fn facts_of(upload: &Upload) -> Vec<u8> {
    serde_json::to_vec(upload).expect("an upload has nothing that JSON cannot say")
}

fn read_folder(folder: &Path) -> std::io::Result<HashMap<UploadId, Record>> {
    std::fs::create_dir_all(folder)?;
    let mut records = HashMap::new();
    let mut leftovers = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let upload = (path.extension().is_some_and(|ending| ending == "json"))
            .then(|| serde_json::from_slice::<Upload>(&std::fs::read(&path).ok()?).ok())
            .flatten();
        if let Some(upload) = upload {
            records.insert(upload.id.clone(), Record::of(upload));
        } else {
            leftovers.push(path);
        }
    }
    let is_of = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let id = name.split('.').next().unwrap_or_default().parse::<UploadId>();
        id.is_ok_and(|id| records.contains_key(&id)) && !name.ends_with(".part")
    };
    leftovers.iter().filter(|path| !is_of(path)).for_each(|path| remove(path));
    Ok(records)
}

/// Deletes a file; that it is not there is as good.
fn remove(path: &Path) {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::error!(path = %path.display(), %error, "an uploaded file could not be deleted");
        }
        _ => {}
    }
}

fn no_upload() -> Error {
    let message = "there is no such upload; it may have been imported or deleted";
    Error::new(ErrorKind::NotFound, message).with_hint("upload the file again")
}

fn disk(path: &Path, error: std::io::Error) -> Error {
    let message = format!("'{}' cannot be used", path.display());
    Error::new(ErrorKind::Unavailable, message).with_hint(error.to_string()).with_source(error)
}
