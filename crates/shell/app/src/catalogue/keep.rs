//! How is what was counted a moment ago answered again without counting?

use super::{Freshness, Shared};
use base::{Error, Position};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What was counted, by what was asked.
pub(super) struct Keep<K, V> {
    state: Mutex<State<K, V>>,
    /// One at a time counts; who waits finds it counted.
    making: tokio::sync::Mutex<()>,
    n_max: usize,
}

struct State<K, V> {
    kept: HashMap<K, Kept<V>>,
    n_asked: u64,
    /// Grows when everything is forgotten: what was begun before must not be kept.
    n_cleared: u64,
}

struct Kept<V> {
    value: Shared<V>,
    through: Position,
    made: Instant,
    asked: u64,
}

impl<K: Clone + Eq + Hash, V> Keep<K, V> {
    /// Keeps `n_max` answers; the one that was not asked for longest gives way.
    pub fn new(n_max: usize) -> Self {
        let state = State { kept: HashMap::new(), n_asked: 0, n_cleared: 0 };
        Self { state: Mutex::new(state), making: tokio::sync::Mutex::default(), n_max }
    }

    /// What is kept under `key` where it is fresh, else what `make` comes to.
    pub async fn get(
        &self,
        key: K,
        fresh: Freshness,
        make: impl AsyncFnOnce() -> Result<V, Error>,
    ) -> Result<Shared<V>, Error> {
        if let Some(kept) = self.find(&key, fresh) {
            return Ok(kept);
        }
        let _making = self.making.lock().await;
        if let Some(kept) = self.find(&key, fresh) {
            return Ok(kept);
        }
        let n_cleared = self.state().n_cleared;
        let value = Arc::new(make().await?);
        let mut state = self.state();
        if state.n_cleared == n_cleared {
            state.put(key, Arc::clone(&value), fresh, self.n_max);
        }
        Ok(value)
    }

    fn find(&self, key: &K, fresh: Freshness) -> Option<Shared<V>> {
        let mut state = self.state();
        state.n_asked += 1;
        let n_asked = state.n_asked;
        let kept = state.kept.get_mut(key)?;
        kept.asked = n_asked;
        let is_fresh =
            kept.through >= fresh.through || fresh.now.duration_since(kept.made) < fresh.rest;
        is_fresh.then(|| Arc::clone(&kept.value))
    }

    /// Forgets everything, also what is being counted.
    pub fn clear(&self) {
        let mut state = self.state();
        state.kept.clear();
        state.n_cleared += 1;
    }

    fn state(&self) -> MutexGuard<'_, State<K, V>> {
        // Nothing under the lock can panic in the middle of a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash, V> State<K, V> {
    fn put(&mut self, key: K, value: Shared<V>, fresh: Freshness, n_max: usize) {
        if self.kept.len() >= n_max && !self.kept.contains_key(&key) {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.asked);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.kept.remove(&oldest);
            }
        }
        let Freshness { through, now: made, .. } = fresh;
        self.kept.insert(key, Kept { value, through, made, asked: self.n_asked });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    fn fresh(through: u64, now: Instant) -> Freshness {
        Freshness { through: Position(through), rest: Duration::from_secs(3), now }
    }

    #[tokio::test]
    async fn what_is_fresh_is_not_counted_again() {
        let keep: Keep<u8, u32> = Keep::new(2);
        let n_made = AtomicU32::new(0);
        let begin = Instant::now();
        let get = async |key: u8, through: u64, seconds: u64| {
            let fresh = fresh(through, begin + Duration::from_secs(seconds));
            let make = async || Ok(n_made.fetch_add(1, Ordering::Relaxed) + 1);
            *keep.get(key, fresh, make).await.unwrap()
        };
        assert_eq!((get(1, 5, 0).await, get(1, 5, 2).await), (1, 1));
        assert_eq!(get(1, 6, 2).await, 1, "it is young");
        assert_eq!(get(1, 5, 4).await, 1, "nothing has happened since");
        assert_eq!(get(1, 6, 4).await, 2, "something has");
        assert_eq!((get(2, 6, 4).await, get(1, 6, 4).await, get(3, 6, 4).await), (3, 2, 4));
        assert_eq!((get(1, 6, 4).await, get(2, 6, 4).await), (2, 5), "2 was not asked for longest");
        keep.clear();
        assert_eq!(get(1, 6, 4).await, 6);
    }

    #[tokio::test]
    async fn what_was_begun_before_everything_was_forgotten_is_not_kept() {
        let keep: Keep<(), u32> = Keep::new(1);
        let fresh = fresh(1, Instant::now());
        let slow = async || {
            keep.clear();
            Ok(1)
        };
        assert_eq!(*keep.get((), fresh, slow).await.unwrap(), 1);
        assert_eq!(*keep.get((), fresh, async || Ok(2)).await.unwrap(), 2);
    }
}
