//! Where do the rows of a table come from, and which of its rows are worth a shelf of their own?
//!
//! Most questions name a few events. The rows of these, out of all rows of a table, lie beside them
//! as a *part*: keys and columns like those of the table, only shorter. A part is made from the
//! columns of the table when it is asked for the first time.

use super::batch;
use super::column::{Column, ColumnKey};
use super::dictionary::Dictionaries;
use super::keys::{Keys, SourceKeys};
use super::shelf::{Item, Shelf, Supply, View};
use super::{Hot, TEXTS_BYTES_MAX, load};
use crate::error::HistoryError;
use crate::pack::FreshBatch;
use crate::run::RunMeta;
use crate::store::RunStore;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use timeline::Field;
use tokio::runtime::Handle;

/// A part has at most one of so many rows of its table: else it costs more than it saves.
const PART_SHARE: usize = 3;
/// Parts of one table; more are made anew each time.
const PARTS_MAX: usize = 64;

/// Where the rows of a table come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// Runs, always in the same order.
    Runs(Vec<Arc<RunMeta>>),
    /// A batch.
    Batch(Arc<FreshBatch>),
}

/// The names of events, sorted.
pub(crate) type Names = Arc<[Box<str>]>;

/// Sorted rows, and what of them is in memory.
#[derive(Debug)]
pub(crate) struct Table {
    pub source: Source,
    whole: Arc<Shelf>,
    parts: Mutex<HashMap<Names, Arc<Shelf>>>,
}

/// What it takes to load a column.
#[derive(Clone, Copy)]
pub(crate) struct Loader<'a> {
    pub hot: &'a Hot,
    pub store: &'a RunStore,
    pub dictionaries: &'a Dictionaries,
    pub runtime: &'a Handle,
    /// Room that was needed and is not any more.
    pub spare: &'a Spare,
    /// The number of the question.
    pub tick: u64,
    /// Compressed bytes that were decoded.
    pub bytes_read: &'a AtomicU64,
    /// Memory that one table may take outside of the cache.
    pub memory_max: usize,
    /// Whether a quarter of the room is left for others: what is loaded is not asked for itself.
    pub leaves_room: bool,
}

/// Room for times, used again from table to table: to give it back and ask for it anew costs more
/// than to fill it.
#[derive(Debug, Default)]
pub(crate) struct Spare(Mutex<Vec<Vec<i64>>>);

impl Spare {
    fn take(&self) -> Vec<i64> {
        self.list().pop().unwrap_or_default()
    }

    fn give(&self, mut times: Vec<i64>) {
        times.clear();
        self.list().push(times);
    }

    fn list(&self) -> MutexGuard<'_, Vec<Vec<i64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    pub fn new(source: Source) -> Self {
        Self { source, whole: Arc::default(), parts: Mutex::default() }
    }

    /// Rows in it.
    pub fn n_rows(&self) -> u64 {
        match &self.source {
            Source::Runs(runs) => runs.iter().map(|run| run.n_rows).sum(),
            Source::Batch(batch) => batch.n_events() as u64,
        }
    }

    /// Bytes that its columns take.
    pub fn n_bytes(&self) -> usize {
        let parts = self.parts();
        self.whole.n_bytes() + parts.values().map(|part| part.n_bytes()).sum::<usize>()
    }

    /// What no question since `tick` has asked for.
    pub fn older_than(&self, tick: u64) -> Vec<Item> {
        let parts = self.parts();
        let shelves = parts.values().chain([&self.whole]);
        shelves.flat_map(|shelf| shelf.older_than(tick)).collect()
    }

    /// The columns `wanted` of all rows, from memory where they are there, else from the source.
    /// Called where it may block.
    ///
    /// # Errors
    /// What keeps the source from being read.
    pub fn view(&self, wanted: &[ColumnKey], loader: &Loader<'_>) -> Result<View, HistoryError> {
        self.whole.view(wanted, &Whole(self), loader)
    }

    /// The columns `wanted` of the rows with one of `names`; `None` where these are too many to be
    /// worth it.
    ///
    /// # Errors
    /// What keeps the source from being read.
    pub fn part(
        &self,
        names: &Names,
        wanted: &[ColumnKey],
        loader: &Loader<'_>,
    ) -> Result<Option<View>, HistoryError> {
        let shelf = {
            let mut parts = self.parts();
            if parts.len() >= PARTS_MAX && !parts.contains_key(names) {
                parts.retain(|_, part| part.n_bytes() > 0);
                if parts.len() >= PARTS_MAX {
                    parts.clear();
                }
            }
            parts.entry(names.clone()).or_default().clone()
        };
        let part = Part { table: self, names };
        if shelf.view(&[], &part, loader)?.keys.is_too_many() {
            return Ok(None);
        }
        shelf.view(wanted, &part, loader).map(Some)
    }

    fn parts(&self) -> MutexGuard<'_, HashMap<Names, Arc<Shelf>>> {
        // Insertions and removals of shared shelves: none is ever half done.
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All rows of a table, out of files or a batch.
struct Whole<'t>(&'t Table);

impl Supply for Whole<'_> {
    fn keys(&self, loader: &Loader<'_>) -> Result<Keys, HistoryError> {
        loader.check_memory(self.0.n_rows(), 1)?;
        let runs = match &self.0.source {
            Source::Runs(runs) => runs,
            Source::Batch(fresh) => {
                let no_seqs = || unreachable!("one source needs no merge");
                return Ok(Keys::merge(vec![batch::keys(fresh)], no_seqs)?.0);
            }
        };
        // Copied out by a merge; else it stays, and is as long as it needs to be.
        let is_spare = runs.len() > 1;
        let times = || if is_spare { loader.spare.take() } else { Vec::new() };
        let read = |run: &Arc<RunMeta>| loader.runtime.block_on(load::keys(loader, run, times()));
        let sources = runs.iter().map(read).collect::<Result<Vec<SourceKeys>, _>>()?;
        let seqs_of = |run: &Arc<RunMeta>| {
            let columns = load::columns(loader, run, &[ColumnKey::Seq]);
            Ok(loader.runtime.block_on(columns)?.remove(0).into_keys())
        };
        let (keys, sources) = Keys::merge(sources, || runs.iter().map(seqs_of).collect())?;
        sources.into_iter().for_each(|source| loader.spare.give(source.times));
        Ok(keys)
    }

    fn columns(
        &self,
        keys: &Keys,
        wanted: &[ColumnKey],
        loader: &Loader<'_>,
    ) -> Result<Vec<Column>, HistoryError> {
        loader.check_memory(self.0.n_rows(), wanted.len())?;
        let mut sources: Vec<Vec<Column>> = match &self.0.source {
            Source::Runs(runs) => {
                let read = |run: &Arc<RunMeta>| {
                    loader.runtime.block_on(load::columns(loader, run, wanted))
                };
                runs.iter().map(read).collect::<Result<_, _>>()?
            }
            Source::Batch(fresh) => vec![batch::columns(fresh, wanted, loader.dictionaries)?],
        };
        loader.check_texts()?;
        if keys.is_plain() {
            return Ok(sources.remove(0));
        }
        let mut by_column: Vec<Vec<Column>> = wanted.iter().map(|_| Vec::new()).collect();
        for source in sources {
            for (of_column, column) in by_column.iter_mut().zip(source) {
                of_column.push(column);
            }
        }
        let arranged = |of: &Vec<Column>| {
            let of: Vec<&Column> = of.iter().collect();
            Column::arranged(&of, keys.pieces(), keys.n_rows())
        };
        Ok(by_column.iter().map(arranged).collect())
    }
}

/// The rows of a table with some names, out of its columns.
struct Part<'t> {
    table: &'t Table,
    names: &'t Names,
}

impl Supply for Part<'_> {
    fn keys(&self, loader: &Loader<'_>) -> Result<Keys, HistoryError> {
        let of_whole = Loader { leaves_room: true, ..*loader };
        let view = self.table.view(&[ColumnKey::Label(Field::Name)], &of_whole)?;
        let is_one = loader.dictionaries.of(&Field::Name).which(self.names);
        let rows_max = view.keys.n_rows() / PART_SHARE;
        Ok(match view.columns[0].rows_of(&is_one, rows_max) {
            Some(rows) => view.keys.part(rows),
            None => Keys::too_many(),
        })
    }

    fn columns(
        &self,
        keys: &Keys,
        wanted: &[ColumnKey],
        loader: &Loader<'_>,
    ) -> Result<Vec<Column>, HistoryError> {
        let of_whole = Loader { leaves_room: true, ..*loader };
        let view = self.table.view(wanted, &of_whole)?;
        Ok(view.columns.iter().map(|column| column.picked(keys.chosen())).collect())
    }
}

/// What a row costs while keys and one more column are decoded and put in order, in bytes.
const KEY_ROW_BYTES: usize = 40;
const COLUMN_ROW_BYTES: usize = 16;

impl Loader<'_> {
    fn check_memory(&self, n_rows: u64, n_columns: usize) -> Result<(), HistoryError> {
        let needed = n_rows as usize * (KEY_ROW_BYTES + COLUMN_ROW_BYTES * n_columns);
        if needed > self.memory_max {
            return Err(HistoryError::TooLarge { needed, max: self.memory_max });
        }
        Ok(())
    }

    /// Identifiers of all sorts, read as labels, would fill the memory with texts.
    fn check_texts(&self) -> Result<(), HistoryError> {
        let needed = self.dictionaries.n_bytes();
        if needed > TEXTS_BYTES_MAX {
            self.hot.begin_anew();
            return Err(HistoryError::TooLarge { needed, max: TEXTS_BYTES_MAX });
        }
        Ok(())
    }

    pub fn make_room(&self, n_bytes: usize) -> bool {
        self.hot.make_room(n_bytes, self.tick, self.leaves_room)
    }

    pub fn count_read(&self, n_bytes: u64) {
        self.bytes_read.fetch_add(n_bytes, Ordering::Relaxed);
    }
}
