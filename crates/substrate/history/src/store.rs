//! Where do the files lie, and are they really there after a power cut?
//!
//! `object_store` decides where (a folder today, S3 by URL later). Its local store renames files
//! into place but does not sync them, so this module does: file, then folders, before a run is
//! handed out to be listed.

use crate::encode::RunEncoder;
use crate::error::HistoryError;
use crate::run::RunMeta;
use base::{Duration, Timestamp};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes of one part of an upload; S3 wants at least 5 MB.
const PART_BYTES: usize = 8 << 20;
/// Small files that are written at the same time.
const N_WRITES_AT_ONCE: usize = 4;

/// Footers that are expected to fill the memory for them.
const N_FOOTERS_EXPECTED: usize = 1_024;

/// What a footer in memory weighs.
#[derive(Clone, Debug)]
pub(crate) struct FooterBytes;

impl Weighter<String, ArrowReaderMetadata> for FooterBytes {
    fn weight(&self, path: &String, footer: &ArrowReaderMetadata) -> u64 {
        (footer.metadata().memory_size() + path.len() + 256) as u64
    }
}

/// The files of the history. Clones share the store and the cache.
#[derive(Clone, Debug)]
pub struct RunStore {
    pub(crate) objects: Arc<dyn ObjectStore>,
    /// The folder, where the store is one.
    folder: Option<Arc<Path>>,
    pub(crate) footers: Arc<Cache<String, ArrowReaderMetadata, FooterBytes>>,
}

/// A file in the store that no list of live runs names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    /// Its path in the store.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// When it was last written.
    pub modified_at: Timestamp,
}

impl RunStore {
    /// A store in a folder, which is made where it is missing. `footer_bytes_max` bounds the
    /// memory for page indexes, about 3 bytes per row of what is read often.
    ///
    /// # Errors
    /// [`HistoryError::Unavailable`] where the folder cannot be made.
    pub fn in_folder(folder: &Path, footer_bytes_max: u64) -> Result<Self, HistoryError> {
        let shown = folder.display().to_string();
        let fail = |e: std::io::Error| HistoryError::unavailable("open", &shown, e);
        std::fs::create_dir_all(folder).map_err(fail)?;
        let folder = folder.canonicalize().map_err(fail)?;
        sync(&folder)?;
        folder.parent().map_or(Ok(()), sync)?;
        let local = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|e| HistoryError::unavailable("open", &shown, e))?;
        let mut store = Self::of_objects(Arc::new(local), footer_bytes_max);
        store.folder = Some(folder.into());
        Ok(store)
    }

    /// A store that makes durable what it acknowledges, such as S3.
    #[must_use]
    pub fn of_objects(objects: Arc<dyn ObjectStore>, footer_bytes_max: u64) -> Self {
        let footers = Cache::with_weighter(N_FOOTERS_EXPECTED, footer_bytes_max, FooterBytes);
        Self { objects, folder: None, footers: Arc::new(footers) }
    }

    /// Where a file lies, if the store is a folder.
    pub(crate) fn in_file_system(&self, path: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(path))
    }

    /// Does work that reads files: in a folder on a thread where it may block, so that it changes
    /// threads once and not for every read; from elsewhere where it stands.
    pub(crate) async fn reading<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, HistoryError>> + Send + 'static,
    ) -> Result<T, HistoryError> {
        if self.folder.is_none() {
            return work.await;
        }
        let runtime = tokio::runtime::Handle::current();
        blocking(move || runtime.block_on(work)).await
    }

    /// The footer of a run with its page index, from the cache where it is there.
    pub(crate) async fn footer(&self, run: &RunMeta) -> Result<ArrowReaderMetadata, HistoryError> {
        if let Some(footer) = self.footers.get(&run.path) {
            return Ok(footer);
        }
        let footer = crate::source::load_footer(self, run).await?;
        self.footers.insert(run.path.clone(), footer.clone());
        Ok(footer)
    }

    pub(crate) fn reader_options() -> ArrowReaderOptions {
        ArrowReaderOptions::new().with_skip_arrow_metadata(true)
    }

    /// Writes whole files and returns when all of them are durable.
    pub(crate) async fn put_all(&self, files: Vec<(Bytes, RunMeta)>) -> Result<(), HistoryError> {
        let paths: Vec<String> = files.iter().map(|(_, meta)| meta.path.clone()).collect();
        futures::stream::iter(files.into_iter().map(|(bytes, meta)| async move {
            let put = self.objects.put(&ObjectPath::from(meta.path.as_str()), bytes.into()).await;
            put.map_err(|e| HistoryError::unavailable("write", &meta.path, e))
        }))
        .buffer_unordered(N_WRITES_AT_ONCE)
        .try_collect::<Vec<_>>()
        .await?;
        self.make_durable(paths).await
    }

    /// Opens an upload of a file whose name is not known before its last byte.
    pub(crate) async fn upload(&self, seed: u64) -> Result<Upload, HistoryError> {
        let staged = format!("staging/{seed:x}");
        let parts = self.objects.put_multipart(&ObjectPath::from(staged.as_str())).await;
        let parts = parts.map_err(|e| HistoryError::unavailable("write", &staged, e))?;
        Ok(Upload { store: self.clone(), staged, parts })
    }

    /// Syncs files and every folder up to the store's own.
    async fn make_durable(&self, paths: Vec<String>) -> Result<(), HistoryError> {
        let Some(folder) = self.folder.clone() else {
            return Ok(());
        };
        blocking(move || {
            let mut folders = BTreeSet::from([folder.to_path_buf()]);
            for path in &paths {
                let path = folder.join(path);
                sync(&path)?;
                folders.extend(path.parent().map(Path::to_path_buf));
            }
            folders.iter().rev().try_for_each(|folder| sync(folder))
        })
        .await
    }

    /// The files that are older than `age_min` and not among `live`: leftovers of a crash, or
    /// replaced. The age keeps what is being written and not yet listed; anything above the
    /// longest compaction will do, an hour is ample.
    ///
    /// # Errors
    /// [`HistoryError::Unavailable`].
    pub async fn list_orphans(
        &self,
        live: &HashSet<String>,
        now: Timestamp,
        age_min: Duration,
    ) -> Result<Vec<Orphan>, HistoryError> {
        let all = match self.folder.clone() {
            // The store's own list leaves out the unfinished files of a crash.
            Some(folder) => blocking(move || files_below(&folder)).await?,
            None => self.objects_listed().await?,
        };
        let newest = now.minus(age_min);
        let orphan = |f: &Orphan| f.modified_at <= newest && !live.contains(&f.path);
        let mut orphans: Vec<Orphan> = all.into_iter().filter(orphan).collect();
        orphans.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(orphans)
    }

    async fn objects_listed(&self) -> Result<Vec<Orphan>, HistoryError> {
        let listed = self.objects.list(None).map_ok(|object| Orphan {
            path: object.location.to_string(),
            bytes: object.size,
            modified_at: Timestamp(object.last_modified.timestamp_micros()),
        });
        listed.try_collect().await.map_err(|e| HistoryError::unavailable("list", "", e))
    }

    /// Removes files; one that is gone already is no error.
    ///
    /// # Errors
    /// [`HistoryError::Unavailable`].
    pub async fn remove(&self, paths: Vec<String>) -> Result<(), HistoryError> {
        for path in &paths {
            self.footers.remove(path);
        }
        let Some(folder) = self.folder.clone() else {
            for path in &paths {
                match self.objects.delete(&ObjectPath::from(path.as_str())).await {
                    Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                    Err(e) => return Err(HistoryError::unavailable("remove", path, e)),
                }
            }
            return Ok(());
        };
        blocking(move || paths.iter().try_for_each(|path| remove_file(&folder, path))).await
    }
}

/// A file on its way into the store.
pub(crate) struct Upload {
    store: RunStore,
    staged: String,
    parts: Box<dyn MultipartUpload>,
}

impl Upload {
    /// Sends what the encoder has ready, once it is enough for a part.
    pub async fn pump(&mut self, encoder: &mut RunEncoder) -> Result<(), HistoryError> {
        match encoder.take_ready(PART_BYTES) {
            Some(bytes) => self.send(bytes).await,
            None => Ok(()),
        }
    }

    async fn send(&mut self, bytes: Bytes) -> Result<(), HistoryError> {
        let sent = self.parts.put_part(bytes.into()).await;
        sent.map_err(|e| HistoryError::unavailable("write", &self.staged, e))
    }

    /// Sends the rest and moves the file to its name; durable on return.
    pub async fn finish(mut self, rest: Bytes, meta: &RunMeta) -> Result<(), HistoryError> {
        self.send(rest).await?;
        let done = self.parts.complete().await;
        done.map_err(|e| HistoryError::unavailable("write", &self.staged, e))?;
        let staged = ObjectPath::from(self.staged.as_str());
        let path = ObjectPath::from(meta.path.as_str());
        let renamed = self.store.objects.rename(&staged, &path).await;
        renamed.map_err(|e| HistoryError::unavailable("write", &meta.path, e))?;
        self.store.make_durable(vec![meta.path.clone()]).await
    }

    /// Takes everything back.
    pub async fn abort(mut self) -> Result<(), HistoryError> {
        let aborted = self.parts.abort().await;
        aborted.map_err(|e| HistoryError::unavailable("remove", &self.staged, e))
    }
}

fn sync(path: &Path) -> Result<(), HistoryError> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|e| HistoryError::unavailable("sync", path.display().to_string(), e))
}

fn remove_file(folder: &Path, path: &str) -> Result<(), HistoryError> {
    match std::fs::remove_file(folder.join(path)) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(HistoryError::unavailable("remove", path, e))
        }
        _ => Ok(()),
    }
}

fn files_below(root: &Path) -> Result<Vec<Orphan>, HistoryError> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let fail = |e| HistoryError::unavailable("list", folder.display().to_string(), e);
        for entry in std::fs::read_dir(&folder).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            match std::fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() => folders.push(path),
                Ok(found) => files.extend(file_found(root, &path, &found)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => return Err(fail(e)),
            }
        }
    }
    Ok(files)
}

fn file_found(root: &Path, path: &Path, found: &std::fs::Metadata) -> Option<Orphan> {
    let since_1970 = found.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Orphan {
        path: path.strip_prefix(root).ok()?.to_str()?.to_owned(),
        bytes: found.len(),
        modified_at: Timestamp(i64::try_from(since_1970.as_micros()).ok()?),
    })
}

/// Runs what blocks where it may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, HistoryError> + Send + 'static,
) -> Result<T, HistoryError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|e| HistoryError::CutShort { source: e.into() })?
}
