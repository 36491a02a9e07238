//! Which customers have visits of which kinds, while the kinds are codes yet?
//!
//! How many visitors a channel has cannot be added up from its parts: somebody may have come by
//! two of them. So customers are counted by the set of all kinds of their visits, and put to the
//! channels at the end, when it is known what the codes stand for.

use super::dimension::Key;
use super::kinds::Kinds;
use crate::cells::Mixed;
use std::collections::HashMap;

/// Something for each set of kinds that a customer has.
#[derive(Debug)]
pub(super) struct Sets<V> {
    kinds: Kinds,
    sets: HashMap<Box<[u32]>, V, Mixed>,
}

impl<V> Default for Sets<V> {
    fn default() -> Self {
        Self { kinds: Kinds::default(), sets: HashMap::default() }
    }
}

impl<V: Default> Sets<V> {
    /// The number of a kind.
    pub(super) fn number(&mut self, key: Key) -> u32 {
        self.kinds.number(key)
    }

    /// The kinds in the order of their numbers.
    pub(super) fn keys(&self) -> &[Key] {
        self.kinds.keys()
    }

    /// What belongs to a customer with visits of these kinds; they are sorted, each once, by it.
    pub(super) fn of(&mut self, numbers: &mut Vec<u32>) -> &mut V {
        numbers.sort_unstable();
        numbers.dedup();
        if !self.sets.contains_key(numbers.as_slice()) {
            self.sets.insert(numbers.as_slice().into(), V::default());
        }
        self.sets.get_mut(numbers.as_slice()).expect("it was just put there")
    }

    /// All sets.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u32], &V)> {
        self.sets.iter().map(|(set, value)| (&**set, value))
    }

    /// Takes `other` in; gives the new numbers of its kinds, by their old ones.
    pub(super) fn merge(&mut self, other: Self, mut add: impl FnMut(&mut V, V)) -> Vec<u32> {
        let numbers = self.kinds.merge(&other.kinds);
        for (set, value) in other.sets {
            let mut set = set.iter().map(|number| numbers[*number as usize]).collect();
            add(self.of(&mut set), value);
        }
        numbers
    }
}
