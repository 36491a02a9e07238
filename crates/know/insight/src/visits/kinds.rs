//! Which kinds of visits were met, while what tells them apart is codes yet?

use super::dimension::Key;
use crate::cells::Mixed;
use std::collections::HashMap;

/// Kinds of visits, numbered in the order in which they were met. Numbers mean nothing outside the
/// total that they came with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kinds {
    keys: Vec<Key>,
    numbers: HashMap<Key, u32, Mixed>,
    /// The kind that was asked for last: mostly the next visit is of the same.
    last: Option<(Key, u32)>,
}

impl Kinds {
    /// The number of a kind.
    pub(crate) fn number(&mut self, key: Key) -> u32 {
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
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Takes `other` in; gives the new numbers of its kinds, by their old ones.
    pub(crate) fn merge(&mut self, other: &Self) -> Vec<u32> {
        other.keys.iter().map(|key| self.number(*key)).collect()
    }
}
