//! How often may somebody guess?

use base::{Duration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Failed tries for one account from one address within [`WINDOW`].
const FAILURES_PER_ACCOUNT_MAX: u32 = 10;
/// Failed tries from one address, whatever the account.
const FAILURES_PER_ADDRESS_MAX: u32 = 60;
/// How long a failure counts.
const WINDOW: Duration = Duration::seconds(15 * 60);
/// Pairs remembered; beyond that those whose window has passed are forgotten, then all.
const KEYS_MAX: usize = 50_000;

/// Counts failed tries by account and address, in memory: a restart forgives.
#[derive(Debug, Default)]
pub struct Attempts {
    failures: Mutex<HashMap<String, Failures>>,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    since: Timestamp,
    n: u32,
}

impl Attempts {
    /// Seconds to wait before `account` may be tried from `address` again; `None` for now.
    #[must_use]
    pub fn wait_seconds(&self, account: &str, address: &str, now: Timestamp) -> Option<u32> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = keys(account, address);
        let waits = keys.iter().filter_map(|(key, n_max)| {
            let found = failures.get(key).filter(|found| found.n >= *n_max)?;
            let left = found.since.plus(WINDOW).since(now).0;
            (left > 0).then(|| u32::try_from(left / 1_000_000 + 1).unwrap_or(u32::MAX))
        });
        waits.max()
    }

    /// Remembers that a try failed.
    pub fn failed(&self, account: &str, address: &str, now: Timestamp) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= KEYS_MAX {
            failures.retain(|_, found| !has_passed(found, now));
        }
        if failures.len() >= KEYS_MAX {
            failures.clear();
        }
        for (key, _) in keys(account, address) {
            let found = failures.entry(key).or_insert(Failures { since: now, n: 0 });
            if has_passed(found, now) {
                *found = Failures { since: now, n: 0 };
            }
            found.n = found.n.saturating_add(1);
        }
    }

    /// Forgets the failures of an account that was just opened from `address`, and that this try
    /// was counted against the address.
    pub fn succeeded(&self, account: &str, address: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let [(pair, _), (alone, _)] = keys(account, address);
        failures.remove(&pair);
        if let Some(found) = failures.get_mut(&alone) {
            found.n = found.n.saturating_sub(1);
        }
    }
}

fn has_passed(failures: &Failures, now: Timestamp) -> bool {
    failures.since.plus(WINDOW) <= now
}

fn keys(account: &str, address: &str) -> [(String, u32); 2] {
    [
        (format!("{address} {account}"), FAILURES_PER_ACCOUNT_MAX),
        (address.to_owned(), FAILURES_PER_ADDRESS_MAX),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_stopped_and_forgiven() {
        let attempts = Attempts::default();
        let start = Timestamp(0);
        for n in 0..FAILURES_PER_ACCOUNT_MAX {
            assert_eq!(attempts.wait_seconds("ann", "10.0.0.1", start), None, "try {n}");
            attempts.failed("ann", "10.0.0.1", start);
        }
        assert_eq!(attempts.wait_seconds("ann", "10.0.0.1", start), Some(901));
        assert_eq!(attempts.wait_seconds("ann", "10.0.0.2", start), None, "another address");
        assert_eq!(attempts.wait_seconds("bob", "10.0.0.1", start), None, "another account");
        assert_eq!(attempts.wait_seconds("ann", "10.0.0.1", start.plus(WINDOW)), None);
        attempts.succeeded("ann", "10.0.0.1");
        assert_eq!(attempts.wait_seconds("ann", "10.0.0.1", start), None);
    }

    #[test]
    fn one_address_cannot_try_every_account() {
        let attempts = Attempts::default();
        for n in 0..FAILURES_PER_ADDRESS_MAX {
            attempts.failed(&format!("user{n}"), "10.0.0.1", Timestamp(0));
        }
        assert!(attempts.wait_seconds("new", "10.0.0.1", Timestamp(0)).is_some());
    }
}
