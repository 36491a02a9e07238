//! Which customers have visits of which kinds, while the kinds are codes yet?
//!
//! How many visitors a channel has cannot be added up from its parts: somebody may have come by
//! two of them. So customers are counted by the set of all kinds of their visits, and put to the
//! channels at the end, when it is known what the codes stand for.

use super::dimension::Key;
use crate::cells::Mixed;
use std::collections::HashMap;

/// Something for each set of kinds that a customer has.
#[derive(Debug)]
pub(super) struct Sets<V> {
    keys: Vec<Key>,
    numbers: HashMap<Key, u32, Mixed>,
    sets: HashMap<Box<[u32]>, V, Mixed>,
    /// The kind that was asked for last: mostly the next visit is of the same.
    last: Option<(Key, u32)>,
}

impl<V> Default for Sets<V> {
    fn default() -> Self {
        Self { keys: Vec::new(), numbers: HashMap::default(), sets: HashMap::default(), last: None }
    }
}

impl<V: Default> Sets<V> {
    /// The number of a kind.
    pub(super) fn number(&mut self, key: Key) -> u32 {
        if let Some((_, number)) = self.last.filter(|(last, _)| *last == key) {
            return number;
        }
        let next = self.keys.len() as u32;
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.keys.push(key);
        }
        self.last = Some((key, number));
        number
    }

    /// The kinds in the order of their numbers.
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
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
        let numbers: Vec<u32> = other.keys.iter().map(|key| self.number(*key)).collect();
        for (set, value) in other.sets {
            let mut set = set.iter().map(|number| numbers[*number as usize]).collect();
            add(self.of(&mut set), value);
        }
        numbers
    }
}
