//! How many pairs share a key, for many sets of keys one after the other?

use base::hash::mix64;

/// Counts pairs of equal keys. Open addressing; a stamp tells what is of the set at hand, so that
/// nothing is cleared between sets.
pub(crate) struct Tally {
    slots: Vec<Slot>,
    stamp: u32,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    key: u64,
    stamp: u32,
    n: u32,
}

impl Tally {
    /// For sets of at most `n_keys` keys.
    pub(crate) fn new(n_keys: usize) -> Self {
        let n_slots = (n_keys * 2).next_power_of_two().max(16);
        Self { slots: vec![Slot::default(); n_slots], stamp: 0 }
    }

    /// The pairs among these keys that are equal.
    pub(crate) fn n_pairs(&mut self, keys: impl Iterator<Item = u64>) -> f64 {
        self.stamp += 1;
        let mask = self.slots.len() - 1;
        let mut n_pairs = 0u64;
        for key in keys {
            let mut at = mix64(key) as usize & mask;
            loop {
                let slot = &mut self.slots[at];
                if slot.stamp != self.stamp {
                    *slot = Slot { key, stamp: self.stamp, n: 1 };
                    break;
                }
                if slot.key == key {
                    n_pairs += u64::from(slot.n);
                    slot.n += 1;
                    break;
                }
                at = (at + 1) & mask;
            }
        }
        n_pairs as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_set_is_counted_by_itself() {
        let mut tally = Tally::new(8);
        assert_eq!(tally.n_pairs([7, 1, 7, 7, 2, 1].into_iter()), 4.0);
        assert_eq!(tally.n_pairs([7, 1, 2].into_iter()), 0.0);
        assert_eq!(tally.n_pairs((0..8).map(|_| 0)), 28.0);
    }
}
