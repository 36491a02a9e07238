//! What lies in a data directory, and what lay there at every moment between two?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Bytes before the first frame of a write-ahead log of SQLite, and before the page in a frame.
const WAL_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Every file of a data directory, with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image(BTreeMap<PathBuf, Vec<u8>>);

/// What a crash leaves behind.
pub struct Point {
    /// During which write.
    pub what: String,
    /// Whether the log had all of it by then.
    pub is_logged: bool,
    /// What there is.
    pub image: Image,
}

impl Image {
    /// What lies in `root` now. Locks and what SQLite shares between processes in memory go with
    /// the process.
    pub fn of(root: &Path) -> Self {
        let (mut files, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                let name = path.file_name().unwrap().to_str().unwrap();
                if path.is_dir() {
                    folders.push(path);
                } else if name != "LOCK" && !name.ends_with("-shm") {
                    let bytes = fs::read(&path).unwrap();
                    files.insert(path.strip_prefix(root).unwrap().to_owned(), bytes);
                }
            }
        }
        Self(files)
    }

    /// Puts everything into `root`, which is empty.
    pub fn write_to(&self, root: &Path) {
        for (path, bytes) in &self.0 {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }

    /// Every point on the way from here to `after`: in each file that differs every place where a
    /// write ends, and the middle of each write; one file after another in the order in which the
    /// program writes them.
    pub fn points_to(&self, after: &Self) -> Vec<Point> {
        let all: BTreeSet<&PathBuf> = self.0.keys().chain(after.0.keys()).collect();
        let mut changed: Vec<&PathBuf> =
            all.into_iter().filter(|path| self.0.get(*path) != after.0.get(*path)).collect();
        changed.sort_by_key(|path| (rank(path, after.0.contains_key(*path)), (*path).clone()));
        let is_log = |path: &&&PathBuf| path.starts_with("log");
        let n_logged = changed.iter().filter(is_log).count();
        let (mut points, mut image) = (Vec::new(), self.clone());
        for (n, path) in changed.into_iter().enumerate() {
            let (old, new) = (self.0.get(path), after.0.get(path));
            for (what, bytes) in writes(path, old, new) {
                let what = format!("{} is {what}", path.display());
                let mut image = image.clone();
                image.put(path, Some(bytes));
                points.push(Point { what, is_logged: n >= n_logged, image });
            }
            image.put(path, new.cloned());
            let what = format!("{} is done", path.display());
            points.push(Point { what, is_logged: n + 1 >= n_logged, image: image.clone() });
        }
        assert_eq!(image, *after, "the last point is the end");
        points
    }

    fn put(&mut self, path: &Path, bytes: Option<Vec<u8>>) {
        match bytes {
            Some(bytes) => drop(self.0.insert(path.to_owned(), bytes)),
            None => drop(self.0.remove(path)),
        }
    }
}

/// When a file is written: the log before the tables, whom an erasure is about and files of history
/// before the tables name them; what is no longer named goes last.
fn rank(path: &Path, is_there: bool) -> u8 {
    match () {
        () if path.starts_with("log") => 0,
        () if path.starts_with("erasing") || path.starts_with("keys") => 1,
        () if path.starts_with("history") && is_there => 2,
        () if path.starts_with("history") => 4,
        () => 3,
    }
}

/// What a file holds after each write but the last, and in the middle of each.
fn writes(path: &Path, old: Option<&Vec<u8>>, new: Option<&Vec<u8>>) -> Vec<(String, Vec<u8>)> {
    let Some(new) = new else { return Vec::new() };
    let none = Vec::new();
    let old = old.unwrap_or(&none);
    if path.to_str().is_some_and(|path| path.ends_with("-wal")) {
        let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
        let ends = ends_of_frames(new);
        let begins = std::iter::once(&0).chain(&ends);
        let middles = begins.zip(&ends).map(|(begin, end)| begin + (end - begin) / 2);
        let mut cuts: Vec<usize> = middles.chain(ends.iter().copied()).collect();
        cuts.sort_unstable();
        let cuts = cuts.into_iter().filter(|&cut| cut > same && cut < new.len());
        let torn = |cut: usize| (format!("written up to byte {cut}"), spliced(new, old, cut));
        return cuts.map(torn).collect();
    }
    assert!(old.is_empty(), "{} is written once and never changed", path.display());
    let half = |n| (format!("written up to byte {n}"), new[..n].to_vec());
    vec![half(0), half(new.len() / 2)]
}

/// The first bytes of the new file, and behind them what stands there of the old one.
fn spliced(new: &[u8], old: &[u8], cut: usize) -> Vec<u8> {
    [&new[..cut], old.get(cut..).unwrap_or_default()].concat()
}

/// Where the header and each frame of a write-ahead log end.
fn ends_of_frames(wal: &[u8]) -> Vec<usize> {
    let page: [u8; 4] = wal[8..12].try_into().unwrap();
    let frame = FRAME_HEADER + u32::from_be_bytes(page) as usize;
    (0..).map(|n| WAL_HEADER + n * frame).take_while(|&end| end <= wal.len()).collect()
}
