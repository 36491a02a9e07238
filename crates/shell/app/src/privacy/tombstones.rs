//! Which events must not come back?

use super::key::TombstoneKey;
use crate::data_dir::DataDir;
use base::{Error, Position, Timestamp};
use lexicon::{Event, Identifier};
use state::State;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What is known of an identifier that was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Up to when its events are refused for ever.
    pub erased_at: Timestamp,
    /// The erasure.
    pub erasure: Position,
    /// Whether another customer has given it too: it keeps out only what came under it until then.
    pub is_shared: bool,
    /// Whether somebody lifted it.
    pub is_lifted: bool,
}

/// All tombstones of the installation.
pub(crate) struct Tombstones {
    key: TombstoneKey,
    all: RwLock<All>,
}

#[derive(Default)]
struct All {
    by_digest: HashMap<String, Tombstone>,
    /// When the latest of them was set: what happened afterwards need not be looked at.
    latest: Option<Timestamp>,
}

impl Tombstones {
    /// The tombstones in `state`.
    ///
    /// # Errors
    /// `Corrupt` where there are some and their key is gone.
    pub async fn open(data_dir: &DataDir, state: &State) -> Result<Self, Error> {
        let rows = state.tombstones().await?;
        let mut all = All::default();
        let key = TombstoneKey::open(data_dir, !rows.is_empty())?;
        for row in rows {
            let tombstone = Tombstone {
                erased_at: row.erased_at,
                erasure: row.erasure,
                is_shared: row.is_shared,
                is_lifted: row.is_lifted,
            };
            all.put(row.digest, tombstone);
        }
        Ok(Self { key, all: RwLock::new(all) })
    }

    /// The key.
    pub fn key(&self) -> &TombstoneKey {
        &self.key
    }

    /// What is known of `identifier`, as one that was nobody else's before one that was.
    pub fn of(&self, identifier: &Identifier) -> Option<Tombstone> {
        if self.read().by_digest.is_empty() {
            return None;
        }
        self.own(identifier).or_else(|| self.get(&self.key.digest_shared(identifier)))
    }

    fn own(&self, identifier: &Identifier) -> Option<Tombstone> {
        self.get(&self.key.digest(identifier))
    }

    fn get(&self, digest: &str) -> Option<Tombstone> {
        self.read().by_digest.get(digest).copied()
    }

    /// What is remembered of an identifier that is erased.
    pub fn digest(&self, identifier: &Identifier, is_shared: bool) -> String {
        if is_shared { self.key.digest_shared(identifier) } else { self.key.digest(identifier) }
    }

    /// Whether the event must not come in: it happened up to the erasure of anybody whom it
    /// mentions, or stands in a file and mentions somebody whose tombstone was not lifted.
    pub fn keeps_out(&self, event: &Event, is_imported: bool) -> bool {
        let Some(latest) = self.read().latest else { return false };
        if !is_imported && event.occurred_at > latest {
            return false;
        }
        let came_under = event.came_under();
        let shared = self.get(&self.key.digest_shared(came_under));
        if shared.is_some_and(|tombstone| event.occurred_at <= tombstone.erased_at) {
            return true;
        }
        let linked = event.links.iter().flat_map(|link| [&link.a, &link.b]);
        let mut mentioned: Vec<&Identifier> = event.identifiers.iter().chain(linked).collect();
        mentioned.sort_unstable();
        mentioned.dedup();
        mentioned.into_iter().any(|identifier| {
            let Some(tombstone) = self.own(identifier) else { return false };
            let is_old = event.occurred_at <= tombstone.erased_at;
            if tombstone.is_shared {
                // As an earlier version put it down.
                is_old && identifier == came_under
            } else if is_imported {
                !tombstone.is_lifted
            } else {
                is_old
            }
        })
    }

    /// What is remembered of identifiers that are nobody else's, in order, and since when.
    pub fn digests(&self) -> Vec<(String, Timestamp)> {
        let all = self.read();
        let own = all.by_digest.iter().filter(|(_, tombstone)| !tombstone.is_shared);
        let mut own: Vec<_> = own.map(|(digest, t)| (digest.clone(), t.erased_at)).collect();
        own.sort_unstable();
        own
    }

    /// From now on these do not come back.
    pub fn add(&self, digests: &[(String, bool)], erasure: Position, erased_at: Timestamp) {
        let mut all = self.write();
        for (digest, is_shared) in digests {
            let (is_shared, is_lifted) = (*is_shared, false);
            all.put(digest.clone(), Tombstone { erased_at, erasure, is_shared, is_lifted });
        }
    }

    /// The tombstones of an erasure hold no more.
    pub fn lift(&self, erasure: Position) {
        let mut all = self.write();
        for tombstone in all.by_digest.values_mut() {
            tombstone.is_lifted |= tombstone.erasure == erasure;
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, All> {
        // Every change under the lock is whole.
        self.all.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, All> {
        self.all.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl All {
    fn put(&mut self, digest: String, tombstone: Tombstone) {
        self.latest = self.latest.max(Some(tombstone.erased_at));
        self.by_digest.insert(digest, tombstone);
    }
}
