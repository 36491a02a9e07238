//! How often was this seen before, in bounded memory?

use std::collections::HashMap;

/// Keys of one generation. Two generations of a million take about 50 MB at most.
const GENERATION_KEYS_MAX: usize = 1 << 20;

/// Counts of keys, by fingerprint. When a generation is full the one before it is forgotten, so
/// that a key is remembered over at least a million and at most two million different others.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    current: HashMap<u64, u32>,
    previous: HashMap<u64, u32>,
}

impl Remembered {
    /// Counts `key` and says how often it was counted before.
    pub(crate) fn count(&mut self, key: u64) -> u32 {
        let before = self.count_before(key);
        if self.current.len() >= GENERATION_KEYS_MAX && !self.current.contains_key(&key) {
            self.previous = std::mem::take(&mut self.current);
        }
        self.current.insert(key, before.saturating_add(1));
        before
    }

    /// How often `key` was counted.
    pub(crate) fn count_before(&self, key: u64) -> u32 {
        let kept = self.current.get(&key).or_else(|| self.previous.get(&key));
        kept.copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_last_for_a_generation_at_least() {
        let mut remembered = Remembered::default();
        assert_eq!([remembered.count(7), remembered.count(7), remembered.count(8)], [0, 1, 0]);
        for other in 100..100 + GENERATION_KEYS_MAX as u64 {
            remembered.count(other);
        }
        assert_eq!(remembered.count_before(7), 2, "one generation later");
        for other in 0..2 * GENERATION_KEYS_MAX as u64 {
            remembered.count((1 << 40) + other);
        }
        assert_eq!(remembered.count_before(7), 0, "forgotten after two");
        assert!(remembered.current.len() <= GENERATION_KEYS_MAX);
    }
}
