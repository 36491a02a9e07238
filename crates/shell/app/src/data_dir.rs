//! Is this folder ours, is it free, and can this program read it?

use base::{Error, ErrorKind};
use fs4::fs_std::FileExt;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The form of the data directory that this program writes.
const FORMAT: u32 = 1;

/// A data directory that this process has for itself.
///
/// It holds `FORMAT` (the form of the folder), `LOCK`, `log/`, `state.db`, `history/`,
/// `uploads/`, `keys/` and, while a server runs, `running.json`.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

/// How to reach the server that has the folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Running {
    /// The process.
    pub pid: u32,
    /// Where it listens, as ADDRESS:PORT.
    pub address: String,
    /// A bearer token that may do everything. The file is readable by its owner only.
    pub token: String,
}

impl DataDir {
    /// Takes the folder at `path`, which is made where it is not there.
    ///
    /// # Errors
    /// `Conflict` where another process has it, `Invalid` where it is no folder of Rapport's,
    /// `Corrupt` where a newer program wrote it, `Unavailable` where the disk says no.
    pub fn open(path: &Path) -> Result<Self, Error> {
        fs::create_dir_all(path).map_err(|e| unavailable("make", path, e))?;
        if !path.join("FORMAT").exists() {
            refuse_a_foreign_folder(path)?;
        }
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("LOCK"))
            .map_err(|e| unavailable("open", &path.join("LOCK"), e))?;
        match FileExt::try_lock_exclusive(&lock) {
            Ok(true) => {}
            Ok(false) => return Err(taken(path)),
            Err(error) => return Err(unavailable("lock", path, error)),
        }
        check_format(path)?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of the log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.path.join("log")
    }

    /// The file of the operational tables.
    #[must_use]
    pub fn state_file(&self) -> PathBuf {
        self.path.join("state.db")
    }

    /// The folder of the timelines.
    #[must_use]
    pub fn history(&self) -> PathBuf {
        self.path.join("history")
    }

    /// The folder of files that were uploaded to be imported.
    #[must_use]
    pub fn uploads(&self) -> PathBuf {
        self.path.join("uploads")
    }

    /// The key by which identifiers that were erased are recognised.
    #[must_use]
    pub fn tombstone_key(&self) -> PathBuf {
        self.path.join("keys").join("tombstones.key")
    }

    /// What the steps of an erasure must know while it is at work; gone when it is done.
    #[must_use]
    pub(crate) fn erasing(&self) -> PathBuf {
        self.path.join("erasing")
    }

    /// Writes a file that its owner alone may read, durable on return; its folder is made where it
    /// is missing.
    ///
    /// # Errors
    /// `Unavailable` where the disk says no.
    pub(crate) fn write_private_file(&self, file: &Path, text: &str) -> Result<(), Error> {
        let folder = file.parent().unwrap_or(&self.path);
        let written = fs::create_dir_all(folder)
            .and_then(|()| write_private(file, text))
            .and_then(|()| File::open(file)?.sync_all())
            .and_then(|()| File::open(folder)?.sync_all());
        written.map_err(|e| unavailable("write", file, e))
    }

    /// Tells other commands how to reach the server of this process.
    ///
    /// # Errors
    /// `Unavailable` where the disk says no.
    pub fn announce(&self, running: &Running) -> Result<(), Error> {
        let file = self.path.join("running.json");
        let text = serde_json::to_string(running).expect("three plain fields are JSON");
        write_private(&file, &text).map_err(|e| unavailable("write", &file, e))
    }

    /// Says that no server runs here any more.
    pub fn retire(&self) {
        let _ = fs::remove_file(self.path.join("running.json"));
    }
}

/// How to reach the server that has the folder at `path`, where one said so.
#[must_use]
pub fn running(path: &Path) -> Option<Running> {
    serde_json::from_slice(&fs::read(path.join("running.json")).ok()?).ok()
}

fn check_format(path: &Path) -> Result<(), Error> {
    let file = path.join("FORMAT");
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return fs::write(&file, format!("{FORMAT}\n"))
                .map_err(|e| unavailable("write", &file, e));
        }
        Err(error) => return Err(unavailable("read", &file, error)),
    };
    match text.trim().parse::<u32>() {
        Ok(FORMAT) => Ok(()),
        Ok(newer) => {
            let message =
                format!("the data directory has form {newer}, this program reads {FORMAT}");
            Err(Error::new(ErrorKind::Corrupt, message).with_hint("use a newer rapport"))
        }
        Err(_) => {
            let message = format!("{} does not hold a number", file.display());
            Err(Error::new(ErrorKind::Corrupt, message))
        }
    }
}

/// Somebody's home or project is not filled with our files by a slip of the hand.
fn refuse_a_foreign_folder(path: &Path) -> Result<(), Error> {
    let entries = fs::read_dir(path).map_err(|e| unavailable("read", path, e))?;
    let is_foreign = entries.flatten().any(|entry| entry.file_name() != "LOCK");
    if !is_foreign {
        return Ok(());
    }
    let message = format!("{} holds files, but not Rapport's", path.display());
    Err(Error::new(ErrorKind::Invalid, message).with_hint("give an empty or a new folder"))
}

fn taken(path: &Path) -> Error {
    let by = running(path).map_or_else(
        || "another process".to_owned(),
        |r| format!("process {}, which serves http://{}", r.pid, r.address),
    );
    let message = format!("the data directory {} is in use by {by}", path.display());
    Error::new(ErrorKind::Conflict, message).with_hint("stop it, or give another --data")
}

fn unavailable(what: &str, path: &Path, error: io::Error) -> Error {
    let message = format!("could not {what} {}", path.display());
    Error::new(ErrorKind::Unavailable, message).with_hint(error.to_string()).with_source(error)
}

#[cfg(unix)]
fn write_private(file: &Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = File::options();
    let mut file = options.create(true).truncate(true).write(true).mode(0o600).open(file)?;
    file.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_private(file: &Path, text: &str) -> io::Result<()> {
    fs::write(file, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_taken_once_and_only_if_it_is_ours() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let first = DataDir::open(&path).unwrap();
        assert_eq!(DataDir::open(&path).unwrap_err().kind(), ErrorKind::Conflict);
        drop(first);
        let second = DataDir::open(&path).unwrap();
        let told = Running { pid: 1, address: "127.0.0.1:1".into(), token: "t".into() };
        second.announce(&told).unwrap();
        assert_eq!(running(&path).unwrap().address, "127.0.0.1:1");
        second.retire();
        assert!(running(&path).is_none());
        drop(second);
        fs::write(path.join("FORMAT"), "99").unwrap();
        assert_eq!(DataDir::open(&path).unwrap_err().kind(), ErrorKind::Corrupt);
    }

    #[test]
    fn a_folder_of_somebody_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.tex"), "x").unwrap();
        assert_eq!(DataDir::open(folder.path()).unwrap_err().kind(), ErrorKind::Invalid);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing of ours is left");
    }
}
