//! How does an uploaded file come to lie here, whole or not at all?

use super::{Record, UPLOAD_BYTES_MAX, UPLOADS_MAX, Upload, UploadId, Uploads, facts_of};
use super::{disk, remove};
use crate::access::Caller;
use base::{Error, ErrorKind, Timestamp};
use std::path::PathBuf;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

/// Bytes after which the room on the disk is looked at again.
const LOOK_EVERY_BYTES: u64 = 64 << 20;
/// Letters of a file's name.
const NAME_CHARS_MAX: usize = 255;

/// A file that is on its way. Dropped before its end, nothing of it stays.
#[derive(Debug)]
pub struct Receipt {
    uploads: Uploads,
    id: UploadId,
    file_name: String,
    uploaded_by: String,
    file: File,
    n_bytes: u64,
    looked_at: u64,
    is_whole: bool,
}

impl Uploads {
    /// Begins to take in a file called `file_name`, which its sender announces with `n_bytes`.
    ///
    /// # Errors
    /// `Invalid` for a name that is none or a file that is too large, `Limited` where too many
    /// files wait, `Unavailable` where there is no room.
    pub async fn receive(
        &self,
        caller: &Caller,
        file_name: &str,
        n_bytes: Option<u64>,
    ) -> Result<Receipt, Error> {
        let file_name = checked_name(file_name)?;
        self.check_room(n_bytes.unwrap_or(0))?;
        if self.records().len() >= UPLOADS_MAX {
            let message = format!("{UPLOADS_MAX} uploaded files wait to be imported");
            let hint = "import or delete some of them; each is deleted after a day";
            return Err(Error::new(ErrorKind::Limited, message).with_hint(hint));
        }
        let id = UploadId::fresh()?;
        let path = self.part(&id);
        let file = File::create(&path).await.map_err(|e| disk(&path, e))?;
        Ok(Receipt {
            uploads: self.clone(),
            id,
            file_name,
            uploaded_by: caller.key(),
            file,
            n_bytes: 0,
            looked_at: 0,
            is_whole: false,
        })
    }

    fn part(&self, id: &UploadId) -> PathBuf {
        self.inner.folder.join(format!("{id}.part"))
    }

    /// Whether `n_bytes` more fit without taking the room that the log needs.
    fn check_room(&self, n_bytes: u64) -> Result<(), Error> {
        if n_bytes > UPLOAD_BYTES_MAX {
            let message = format!("an uploaded file may have {} GB", UPLOAD_BYTES_MAX >> 30);
            let hint = "import it on the command line: rapport import FILE";
            return Err(Error::new(ErrorKind::Invalid, message).with_hint(hint));
        }
        let free = fs4::available_space(&self.inner.folder).unwrap_or(u64::MAX);
        if free < self.inner.reserve_bytes.saturating_add(n_bytes) {
            let message = "there is not enough room on the disk for this file";
            let hint = "make room, or import it on the command line: rapport import FILE";
            return Err(Error::new(ErrorKind::Unavailable, message).with_hint(hint));
        }
        Ok(())
    }
}

impl Receipt {
    /// Takes in the next bytes.
    ///
    /// # Errors
    /// `Invalid` where the file becomes too large, `Unavailable` where the disk says no.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.n_bytes += bytes.len() as u64;
        if self.n_bytes > UPLOAD_BYTES_MAX {
            return self.uploads.check_room(self.n_bytes);
        }
        if self.n_bytes >= self.looked_at + LOOK_EVERY_BYTES {
            self.looked_at = self.n_bytes;
            self.uploads.check_room(0)?;
        }
        let path = self.uploads.part(&self.id);
        self.file.write_all(bytes).await.map_err(|e| disk(&path, e))
    }

    /// The whole file is here: it is looked at, and kept if it is a table.
    ///
    /// # Errors
    /// `Invalid` where it is none, with what to do instead.
    pub async fn finish(mut self, now: Timestamp) -> Result<Upload, Error> {
        let (part, path) = (self.uploads.part(&self.id), self.uploads.file(&self.id));
        self.file.flush().await.map_err(|e| disk(&part, e))?;
        let upload = Upload {
            id: self.id.clone(),
            file_name: self.file_name.clone(),
            n_bytes: self.n_bytes,
            uploaded_at: now,
            uploaded_by: self.uploaded_by.clone(),
            touched_at: now,
            mapping: None,
            import: None,
            is_here: true,
        };
        tokio::fs::rename(&part, &path).await.map_err(|e| disk(&path, e))?;
        self.is_whole = true;
        self.uploads.records().insert(upload.id.clone(), Record::of(upload.clone()));
        if let Err(error) = self.uploads.inspection(&upload.id).await {
            self.uploads.delete(&upload.id);
            return Err(error);
        }
        let facts = self.uploads.facts(&upload.id);
        if let Err(error) = std::fs::write(&facts, facts_of(&upload)) {
            self.uploads.delete(&upload.id);
            return Err(disk(&facts, error));
        }
        Ok(upload)
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        if !self.is_whole {
            remove(&self.uploads.part(&self.id));
        }
    }
}

/// The name alone, without folders, as it is shown in lists.
fn checked_name(name: &str) -> Result<String, Error> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let is_name = (1..=NAME_CHARS_MAX).contains(&name.chars().count());
    if is_name && !name.contains(char::is_control) {
        return Ok(name.to_owned());
    }
    let message = format!("file_name must have between 1 and {NAME_CHARS_MAX} letters");
    Err(Error::new(ErrorKind::Invalid, message))
}
