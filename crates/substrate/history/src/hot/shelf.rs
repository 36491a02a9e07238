//! Which columns of the same rows are in memory, and since when has nobody asked for them?

use super::column::{Column, ColumnKey};
use super::keys::Keys;
use super::table::Loader;
use crate::error::HistoryError;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Keys and columns of the same rows.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    /// Held by whoever loads something, so that no two load the same.
    loading: Mutex<()>,
    kept: Mutex<Kept>,
}

/// Each with the number of the last question that asked for it.
#[derive(Debug, Default)]
struct Kept {
    keys: Option<(Arc<Keys>, u64)>,
    columns: HashMap<ColumnKey, (Arc<Column>, u64)>,
}

/// Some columns of a shelf, as one question holds them.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    pub keys: Arc<Keys>,
    /// In the order in which they were asked for.
    pub columns: Vec<Arc<Column>>,
}

/// Something on a shelf that may go.
pub(crate) struct Item {
    pub tick: u64,
    shelf: Arc<Shelf>,
    /// The keys where it is none.
    column: Option<ColumnKey>,
}

/// From where a shelf is filled.
pub(crate) trait Supply {
    /// The keys of all rows.
    ///
    /// # Errors
    /// What keeps the source from being read.
    fn keys(&self, loader: &Loader<'_>) -> Result<Keys, HistoryError>;
    /// The columns `wanted`, in their order.
    ///
    /// # Errors
    /// What keeps the source from being read.
    fn columns(
        &self,
        keys: &Keys,
        wanted: &[ColumnKey],
        loader: &Loader<'_>,
    ) -> Result<Vec<Column>, HistoryError>;
}

impl Shelf {
    /// Bytes that lie on it.
    pub fn n_bytes(&self) -> usize {
        let kept = self.kept();
        kept.keys.as_ref().map_or(0, |(keys, _)| keys.n_bytes())
            + kept.columns.values().map(|(column, _)| column.n_bytes()).sum::<usize>()
    }

    /// What no question since `tick` has asked for.
    pub fn older_than(self: &Arc<Self>, tick: u64) -> Vec<Item> {
        let kept = self.kept();
        let keys = kept.keys.iter().map(|(_, used)| (None, *used));
        let columns = kept.columns.iter().map(|(key, (_, used))| (Some(key.clone()), *used));
        let old = keys.chain(columns).filter(|(_, used)| *used < tick);
        old.map(|(column, used)| Item { tick: used, shelf: self.clone(), column }).collect()
    }

    /// The columns `wanted`, where they are not there from `supply`. Called where it may block.
    ///
    /// # Errors
    /// What keeps the source from being read.
    pub fn view(
        &self,
        wanted: &[ColumnKey],
        supply: &dyn Supply,
        loader: &Loader<'_>,
    ) -> Result<View, HistoryError> {
        if let Some(view) = self.seen(wanted, loader.tick).0 {
            return Ok(view);
        }
        // Nothing is guarded by it; whoever panicked while loading has kept nothing.
        let _loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        let (view, missing) = self.seen(wanted, loader.tick);
        if let Some(view) = view {
            return Ok(view);
        }
        let keys = self.kept().keys.as_ref().map(|(keys, _)| keys.clone());
        let keys = match keys {
            Some(keys) => keys,
            None => self.keep_keys(Arc::new(supply.keys(loader)?), loader),
        };
        let mut found: HashMap<ColumnKey, Arc<Column>> = HashMap::new();
        if !missing.is_empty() {
            let loaded = supply.columns(&keys, &missing, loader)?;
            for (key, column) in missing.into_iter().zip(loaded) {
                found.insert(key.clone(), self.keep(key, Arc::new(column), loader));
            }
        }
        // What was there may have been let go of meanwhile; then all is loaded again.
        let kept = self.kept();
        let column = |key: &ColumnKey| {
            found.get(key).or_else(|| kept.columns.get(key).map(|(column, _)| column)).cloned()
        };
        let columns: Option<Vec<_>> = wanted.iter().map(column).collect();
        drop(kept);
        let columns = match columns {
            Some(columns) => columns,
            None => supply.columns(&keys, wanted, loader)?.into_iter().map(Arc::new).collect(),
        };
        Ok(View { keys, columns })
    }

    /// The view where all is there; else which columns are missing.
    fn seen(&self, wanted: &[ColumnKey], tick: u64) -> (Option<View>, Vec<ColumnKey>) {
        let mut kept = self.kept();
        let mut columns = Vec::with_capacity(wanted.len());
        let mut missing: Vec<ColumnKey> = Vec::new();
        for key in wanted {
            match kept.columns.get_mut(key) {
                Some((column, used)) => {
                    *used = tick.max(*used);
                    columns.push(column.clone());
                }
                None if missing.contains(key) => {}
                None => missing.push(key.clone()),
            }
        }
        let Some((keys, used)) = &mut kept.keys else { return (None, missing) };
        *used = tick.max(*used);
        let view = missing.is_empty().then(|| View { keys: keys.clone(), columns });
        (view, missing)
    }

    fn keep_keys(&self, keys: Arc<Keys>, loader: &Loader<'_>) -> Arc<Keys> {
        if loader.make_room(keys.n_bytes()) {
            self.kept().keys = Some((keys.clone(), loader.tick));
        }
        keys
    }

    fn keep(&self, key: ColumnKey, column: Arc<Column>, loader: &Loader<'_>) -> Arc<Column> {
        if loader.make_room(column.n_bytes()) {
            self.kept().columns.insert(key, (column.clone(), loader.tick));
        }
        column
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Insertions and removals of shared columns: none is ever half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Item {
    /// Lets go of it; says how many bytes that frees.
    pub fn release(self) -> usize {
        let mut kept = self.shelf.kept();
        match &self.column {
            Some(key) => kept.columns.remove(key).map_or(0, |(column, _)| column.n_bytes()),
            None => kept.keys.take().map_or(0, |(keys, _)| keys.n_bytes()),
        }
    }
}
