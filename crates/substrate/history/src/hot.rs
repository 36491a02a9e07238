//! What of the history lies decoded in memory, ready for the next question?
//!
//! The runs of one bucket, merged, are a *table*; so is a mixed run, and so is a fresh batch. A
//! table has keys (whose rows, when) and whatever columns have been asked for. Columns stay while
//! there is room; when there is not, those go that have not been asked for the longest, never those
//! that the same question has just loaded: a history larger than the room keeps a part of itself
//! hot instead of pushing out each bucket just before it is needed again.

mod batch;
mod column;
mod dictionary;
mod json;
mod keys;
mod load;
mod shelf;
mod table;

pub(crate) use column::{Codes, Column, ColumnKey};
pub(crate) use dictionary::{Dictionaries, Dictionary};
pub(crate) use keys::Keys;
pub(crate) use shelf::View;
pub(crate) use table::{Loader, Names, Source, Spare, Table};

use base::{Duration, Position, Timestamp};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Memory for decoded columns where nothing else is said, in bytes.
pub(crate) const HOT_BYTES_MAX: usize = 400 << 20;

/// Memory for the different texts of all fields that are read as labels, in bytes: some two million
/// addresses.
pub(crate) const TEXTS_BYTES_MAX: usize = 256 << 20;

/// The tables and the dictionaries that their codes refer to.
#[derive(Debug)]
pub(crate) struct Hot {
    bytes_max: AtomicU64,
    ticks: AtomicU64,
    /// When it was looked what may go, and the last question before; in order.
    looks: Mutex<Vec<(Timestamp, u64)>>,
    state: Mutex<State>,
    /// Set where rows were rewritten with other texts: what lies here may hold the old ones.
    has_old_texts: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    tables: HashMap<TableKey, Arc<Table>>,
    dictionaries: Arc<Dictionaries>,
}

/// Which rows a table holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum TableKey {
    /// Those of these runs, by path.
    Runs(Vec<String>),
    /// Those of a fresh batch.
    Batch(Position),
}

impl TableKey {
    fn of(source: &Source) -> Self {
        match source {
            Source::Runs(runs) => Self::Runs(runs.iter().map(|run| run.path.clone()).collect()),
            Source::Batch(batch) => Self::Batch(batch.position()),
        }
    }
}

impl Default for Hot {
    fn default() -> Self {
        Self {
            bytes_max: AtomicU64::new(HOT_BYTES_MAX as u64),
            ticks: AtomicU64::new(0),
            looks: Mutex::default(),
            state: Mutex::default(),
            has_old_texts: AtomicBool::new(false),
        }
    }
}

impl Hot {
    /// From now on columns may take so many bytes.
    pub fn set_bytes_max(&self, bytes_max: usize) {
        self.bytes_max.store(bytes_max as u64, Ordering::Relaxed);
    }

    /// A number for a question: larger than all before.
    pub fn tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The tables of `sources`, with nothing loaded where they are new; and their dictionaries.
    /// Called while the sources are known to be live.
    pub fn tables(&self, sources: Vec<Source>) -> (Vec<Arc<Table>>, Arc<Dictionaries>) {
        let mut state = self.state();
        let table = |source: Source| {
            let key = TableKey::of(&source);
            state.tables.entry(key).or_insert_with(|| Arc::new(Table::new(source))).clone()
        };
        let tables = sources.into_iter().map(table).collect();
        (tables, state.dictionaries.clone())
    }

    /// Rows are being written with other texts than they had.
    pub fn texts_change(&self) {
        self.has_old_texts.store(true, Ordering::Release);
    }

    /// Lets go of the runs in `removed` and of the batches through `through`; of everything where
    /// texts were taken out.
    pub fn forget(&self, removed: &HashSet<&str>, through: Option<Position>) {
        let mut state = self.state();
        if self.has_old_texts.swap(false, Ordering::AcqRel) {
            *state = State::default();
            return;
        }
        state.tables.retain(|key, _| match key {
            TableKey::Runs(paths) => paths.iter().all(|path| !removed.contains(path.as_str())),
            TableKey::Batch(position) => through.is_none_or(|through| *position > through),
        });
    }

    /// Lets go of everything: the texts have become too many.
    pub fn begin_anew(&self) {
        *self.state() = State::default();
    }

    /// Bytes that columns and dictionaries take.
    pub fn n_bytes(&self) -> usize {
        Self::used(&self.state())
    }

    /// Makes room for `n_bytes` by letting go of what no question since `tick` has asked for;
    /// whether there is room now, a quarter of it left free where one `leaves_room`.
    pub fn make_room(&self, n_bytes: usize, tick: u64, leaves_room: bool) -> bool {
        let all = self.bytes_max.load(Ordering::Relaxed) as usize;
        let bytes_max = if leaves_room { all - all / 4 } else { all };
        let state = self.state();
        let Some(mut over) =
            (Self::used(&state) + n_bytes).checked_sub(bytes_max).filter(|over| *over > 0)
        else {
            return true;
        };
        let mut old: Vec<_> = state.tables.values().flat_map(|t| t.older_than(tick)).collect();
        old.sort_by_key(|item| item.tick);
        for item in old {
            over = over.saturating_sub(item.release());
            if over == 0 {
                return true;
            }
        }
        false
    }

    /// Lets go of what no question has asked for in the last `age` before `now`, as far as calls of
    /// this tell; of the texts too where no column is left. Says how many bytes that frees.
    pub fn cool(&self, now: Timestamp, age: Duration) -> usize {
        let Some(tick) = self.look(now, age) else { return 0 };
        let mut state = self.state();
        let before = Self::used(&state);
        let old: Vec<_> = state.tables.values().flat_map(|t| t.older_than(tick + 1)).collect();
        old.into_iter().for_each(|item| {
            item.release();
        });
        if state.tables.values().all(|table| table.n_bytes() == 0) {
            *state = State::default();
        }
        before.saturating_sub(Self::used(&state))
    }

    /// Notes that it is looked at `now`; the last question that is older than `age`.
    fn look(&self, now: Timestamp, age: Duration) -> Option<u64> {
        // A list that is changed in whole steps: never half done.
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back begins anew.
        looks.retain(|(at, _)| *at <= now);
        looks.push((now, self.ticks.load(Ordering::Relaxed)));
        let n_old = looks.partition_point(|(at, _)| *at <= now.minus(age));
        looks.drain(..n_old.saturating_sub(1));
        looks.first().filter(|_| n_old > 0).map(|(_, tick)| *tick)
    }

    fn used(state: &State) -> usize {
        state.tables.values().map(|table| table.n_bytes()).sum::<usize>()
            + state.dictionaries.n_bytes()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Changes are single insertions and removals: none is ever half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_asked_for_lately_goes() {
        let (hot, age) = (Hot::default(), Duration::seconds(300));
        let at = |seconds: i64| Timestamp(seconds * 1_000_000);
        assert_eq!(hot.look(at(0), age), None);
        let first = hot.tick();
        assert_eq!(hot.look(at(60), age), None);
        hot.tick();
        assert_eq!(hot.look(at(299), age), None);
        assert_eq!(hot.look(at(300), age), Some(0), "the first question came after that");
        assert_eq!(hot.look(at(360), age), Some(first));
        assert_eq!(hot.look(at(590), age), Some(first));
        assert_eq!(hot.look(at(599), age), Some(first + 1));
        assert_eq!(hot.look(at(10), age), None, "the clock was set back");
        assert_eq!(hot.look(at(310), age), Some(first + 1));
    }
}
