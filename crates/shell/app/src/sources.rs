//! Where do events come from, and may they come?
//!
//! All sources are held in memory: the write key of every request is looked up without touching
//! the database. The tables are written first, then the memory.

mod change;
#[cfg(test)]
mod tests;

pub use change::SourceChange;

use base::{Error, ErrorKind, SourceId, Timestamp};
use collect::TrackingPlan;
use lexicon::{PlanMode, SourceKind};
use state::State;
use state::admin::{Admin, SourceRow};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::{Mutex, watch};

/// A source of events.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Which source.
    pub id: SourceId,
    /// What people call it.
    pub name: String,
    /// Whose hands the sender is in.
    pub kind: SourceKind,
    /// With what senders show that they may write, and no more than write.
    pub write_key: String,
    /// Whether it takes events.
    pub enabled: bool,
    /// Whether senders' addresses are kept.
    pub store_ip: bool,
    /// What happens to events that the plan does not agree with.
    pub plan_mode: PlanMode,
    /// What was agreed that it sends.
    pub plan: Option<Arc<TrackingPlan>>,
    /// When that was agreed.
    pub pinned_at: Option<Timestamp>,
    /// Who agreed.
    pub pinned_by: Option<String>,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it was deleted; its name stays for the events that it sent.
    pub deleted_at: Option<Timestamp>,
}

/// Every source, in memory and in the tables. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sources {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    admin: Admin,
    known: RwLock<Known>,
    /// One change at a time: each reads, writes the table, then the memory.
    turn: Mutex<()>,
    n_changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Known {
    by_id: HashMap<SourceId, Arc<Source>>,
    by_write_key: HashMap<String, Arc<Source>>,
}

impl Known {
    fn put(&mut self, source: Source) -> Arc<Source> {
        let source = Arc::new(source);
        if let Some(before) = self.by_id.insert(source.id, Arc::clone(&source)) {
            self.by_write_key.remove(&before.write_key);
        }
        if source.deleted_at.is_none() {
            self.by_write_key.insert(source.write_key.clone(), Arc::clone(&source));
        }
        source
    }
}

impl Sources {
    /// Reads every source from `state`.
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] where a source in the table cannot be one of ours.
    pub async fn open(state: &State) -> Result<Self, Error> {
        let admin = Admin::new(state.db());
        let mut known = Known::default();
        for row in admin.sources().await? {
            known.put(source_of(row)?);
        }
        let inner = Inner {
            admin,
            known: RwLock::new(known),
            turn: Mutex::new(()),
            n_changes: watch::Sender::new(0),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The source with this write key; `None` for unknown keys and deleted sources.
    #[must_use]
    pub fn by_write_key(&self, write_key: &str) -> Option<Arc<Source>> {
        self.read().by_write_key.get(write_key).cloned()
    }

    /// The source `id`, deleted or not.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<Arc<Source>> {
        self.read().by_id.get(&id).cloned()
    }

    /// The source `id`, unless deleted.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub fn find(&self, id: SourceId) -> Result<Arc<Source>, Error> {
        let found = self.get(id).filter(|source| source.deleted_at.is_none());
        found.ok_or_else(|| Error::new(ErrorKind::NotFound, format!("there is no source {id}")))
    }

    /// Every source that ever was, by id: events of deleted ones stay.
    #[must_use]
    pub fn ever(&self) -> Vec<Arc<Source>> {
        let mut ever: Vec<_> = self.read().by_id.values().cloned().collect();
        ever.sort_by_key(|source| source.id);
        ever
    }

    /// Every source that was not deleted, by id.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Source>> {
        let mut all: Vec<_> = self.read().by_id.values().cloned().collect();
        all.retain(|source| source.deleted_at.is_none());
        all.sort_by_key(|source| source.id);
        all
    }

    /// Counts up at every change.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.n_changes.subscribe()
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Known> {
        self.inner.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a source into the memory, after the table has it.
    fn remember(&self, source: Source) -> Arc<Source> {
        let mut known = self.inner.known.write().unwrap_or_else(PoisonError::into_inner);
        let source = known.put(source);
        drop(known);
        self.inner.n_changes.send_modify(|n| *n += 1);
        source
    }
}

fn source_of(row: SourceRow) -> Result<Source, Error> {
    let id = row.id;
    let corrupt = |what: &str| {
        Error::new(ErrorKind::Corrupt, format!("the {what} of source {id} cannot be read"))
    };
    let plan = row.plan.as_deref().map(serde_json::from_str::<TrackingPlan>).transpose();
    Ok(Source {
        id,
        name: row.name,
        kind: SourceKind::from_slug(&row.kind).ok_or_else(|| corrupt("kind"))?,
        write_key: row.write_key,
        enabled: row.is_enabled,
        store_ip: row.store_ip,
        plan_mode: PlanMode::from_slug(&row.plan_mode).ok_or_else(|| corrupt("plan mode"))?,
        plan: plan.map_err(|_| corrupt("tracking plan"))?.map(Arc::new),
        pinned_at: row.pinned_at,
        pinned_by: row.pinned_by,
        created_at: row.created_at,
        deleted_at: row.deleted_at,
    })
}

fn row_of(source: &Source) -> Result<SourceRow, Error> {
    let plan = source.plan.as_deref().map(serde_json::to_string).transpose();
    Ok(SourceRow {
        id: source.id,
        name: source.name.clone(),
        kind: source.kind.slug().to_owned(),
        write_key: source.write_key.clone(),
        is_enabled: source.enabled,
        store_ip: source.store_ip,
        plan_mode: source.plan_mode.slug().to_owned(),
        plan: plan.map_err(|source| {
            Error::new(ErrorKind::Internal, "the plan cannot be written").with_source(source)
        })?,
        pinned_at: source.pinned_at,
        pinned_by: source.pinned_by.clone(),
        created_at: source.created_at,
        deleted_at: source.deleted_at,
    })
}
