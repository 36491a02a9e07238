//! Which customers have changed since they were looked at?
//!
//! The processor says so after each batch, in memory: a set of numbers, bounded. What a crash or
//! an overflow loses is found again in the log (see `missed`).

use base::{CustomerId, Position};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// Customers that may wait: 16 MB with the set's slack.
const WAITING_MAX: usize = 500_000;

/// The customers that wait to be looked at.
#[derive(Default)]
pub(crate) struct News {
    is_wanted: AtomicBool,
    waiting: Mutex<Waiting>,
    come: Notify,
}

#[derive(Default)]
struct Waiting {
    customers: HashSet<CustomerId>,
    is_lost: bool,
    /// The last entry of the log that was told of.
    heard: Position,
}

/// Customers that have changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changed {
    /// Which, ascending.
    pub(super) customers: Vec<CustomerId>,
    /// Whether there were more than could be remembered.
    pub(super) is_lost: bool,
    /// Where nobody waits any more: up to which entry of the log everybody was taken.
    pub(super) through: Option<Position>,
}

impl News {
    /// Whether anybody wants to know. One relaxed load, for those who are in a hurry.
    pub(crate) fn is_wanted(&self) -> bool {
        self.is_wanted.load(Ordering::Relaxed)
    }

    /// Notes that the log was listened to up to here.
    pub(crate) fn hear(&self, through: Position) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.heard = waiting.heard.max(through);
    }

    /// Notes that these customers have changed.
    pub(crate) fn note(&self, customers: impl Iterator<Item = CustomerId>) {
        if !self.is_wanted() {
            return;
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let n_before = waiting.customers.len();
        waiting.customers.extend(customers);
        if waiting.customers.len() > WAITING_MAX {
            waiting.customers = HashSet::new();
            waiting.is_lost = true;
        }
        let is_news = waiting.customers.len() > n_before || waiting.is_lost;
        drop(waiting);
        if is_news {
            self.come.notify_one();
        }
    }

    /// Begins or ends to listen; what waits is forgotten.
    pub(super) fn want(&self, is_wanted: bool) {
        self.is_wanted.store(is_wanted, Ordering::Relaxed);
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = Waiting::default();
    }

    /// Up to `n_max` of those that wait.
    pub(super) fn take(&self, n_max: usize) -> Changed {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let is_lost = std::mem::take(&mut waiting.is_lost);
        let mut customers: Vec<CustomerId> = if waiting.customers.len() <= n_max {
            waiting.customers.drain().collect()
        } else {
            let some: Vec<CustomerId> = waiting.customers.iter().take(n_max).copied().collect();
            some.iter().for_each(|customer| {
                waiting.customers.remove(customer);
            });
            some
        };
        customers.sort_unstable();
        let is_all = waiting.customers.is_empty() && !is_lost;
        Changed { customers, is_lost, through: is_all.then_some(waiting.heard) }
    }

    /// How many wait.
    pub(super) fn n_waiting(&self) -> usize {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).customers.len()
    }

    /// Wakes whoever waits for news.
    pub(super) fn wake(&self) {
        self.come.notify_one();
    }

    /// Waits until something has changed, or somebody wants something.
    pub(super) async fn wait(&self) {
        self.come.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_unasked_and_nothing_grows_without_end() {
        let news = News::default();
        let some = |from: u64, n: u64| (from..from + n).map(CustomerId);
        news.note(some(1, 3));
        assert_eq!(news.n_waiting(), 0, "nobody wanted to know");
        news.want(true);
        news.note(some(1, 3));
        news.note(some(2, 3));
        news.hear(Position(5));
        let some_taken = news.take(2);
        assert_eq!((some_taken.customers.len(), some_taken.through), (2, None));
        let rest = news.take(10);
        assert_eq!((rest.customers.len(), rest.through), (2, Some(Position(5))), "each once");
        news.note(some(1, WAITING_MAX as u64 + 1));
        let changed = news.take(10);
        assert!(changed.is_lost && changed.customers.is_empty());
        assert!(!news.take(10).is_lost, "it is told once");
    }
}
