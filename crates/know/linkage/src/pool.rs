//! Where is each distinct value kept, once?

use crate::kind::{Prepared, groups_of};
use crate::metric::letters_of;
use base::hash::hash64;
use hashbrown::HashTable;

/// The value of a field that is empty.
pub(crate) const MISSING: u32 = 0;
/// The value of a probe that no record has.
pub(crate) const UNKNOWN: u32 = u32::MAX;

/// Distinct normalised texts, each with a number. Numbers are stable while a value is in use;
/// those of values that nobody uses any more are given out again.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    texts: String,
    entries: Vec<Entry>,
    /// For given names: the groups of nicknames.
    groups: Option<Vec<u64>>,
    by_text: HashTable<u32>,
    free: Vec<u32>,
    n_dead_bytes: usize,
}

/// What is known of a value without a look at its text.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    start: u32,
    letters: u32,
    uses: u32,
    length: u8,
}

impl Entry {
    fn text(self, texts: &str) -> &str {
        let start = self.start as usize;
        &texts[start..start + usize::from(self.length)]
    }
}

impl Pool {
    pub(crate) fn new(has_groups: bool) -> Self {
        Self {
            texts: String::new(),
            entries: vec![Entry::default()],
            groups: has_groups.then(|| vec![0]),
            by_text: HashTable::new(),
            free: Vec::new(),
            n_dead_bytes: 0,
        }
    }

    pub(crate) fn text(&self, value: u32) -> &str {
        self.entries[value as usize].text(&self.texts)
    }

    pub(crate) fn prepared(&self, value: u32) -> Prepared<'_> {
        let groups = self.groups.as_ref().map_or(0, |groups| groups[value as usize]);
        let entry = self.entries[value as usize];
        Prepared { text: entry.text(&self.texts), groups, letters: entry.letters }
    }

    /// The number of `text`; [`UNKNOWN`] if no record has it.
    pub(crate) fn find(&self, text: &str) -> u32 {
        if text.is_empty() {
            return MISSING;
        }
        let found = self.by_text.find(hash(text), |&value| self.text(value) == text);
        found.copied().unwrap_or(UNKNOWN)
    }

    /// The number of `text`, which is in use once more from now on.
    pub(crate) fn take(&mut self, text: &str) -> u32 {
        let found = self.find(text);
        let value = if found == UNKNOWN { self.insert(text) } else { found };
        self.entries[value as usize].uses += 1;
        value
    }

    /// Says that one use of `value` has ended.
    pub(crate) fn give_back(&mut self, value: u32) {
        let entry = &mut self.entries[value as usize];
        entry.uses -= 1;
        if value != MISSING && entry.uses == 0 {
            self.forget(value);
        }
    }

    fn insert(&mut self, text: &str) -> u32 {
        let start = u32::try_from(self.texts.len()).expect("values of a column fit into 4 GB");
        let length = u8::try_from(text.len()).expect("normalised values are shorter than 256");
        self.texts.push_str(text);
        let entry = Entry { start, length, letters: letters_of(text), uses: 0 };
        let value = match self.free.pop() {
            Some(value) => {
                self.entries[value as usize] = entry;
                value
            }
            None => self.append(entry),
        };
        if let Some(groups) = &mut self.groups {
            groups[value as usize] = groups_of(text);
        }
        let Self { by_text, texts, entries, .. } = self;
        by_text
            .insert_unique(hash(text), value, |&other| hash(entries[other as usize].text(texts)));
        value
    }

    fn append(&mut self, entry: Entry) -> u32 {
        let value = u32::try_from(self.entries.len()).expect("fewer than 2³² distinct values");
        self.entries.push(entry);
        if let Some(groups) = &mut self.groups {
            groups.push(0);
        }
        value
    }

    fn forget(&mut self, value: u32) {
        let hash = hash(self.text(value));
        if let Ok(entry) = self.by_text.find_entry(hash, |&other| other == value) {
            entry.remove();
        }
        let entry = &mut self.entries[value as usize];
        self.n_dead_bytes += usize::from(entry.length);
        entry.length = 0;
        self.free.push(value);
        if self.n_dead_bytes > (1 << 20) && self.n_dead_bytes * 2 > self.texts.len() {
            self.compact();
        }
    }

    /// Drops the texts that nobody uses; numbers stay.
    fn compact(&mut self) {
        let mut kept = String::with_capacity(self.texts.len() - self.n_dead_bytes);
        for entry in &mut self.entries {
            let text = entry.text(&self.texts);
            entry.start =
                u32::try_from(kept.len()).expect("what is kept is no more than there was");
            kept.push_str(text);
        }
        self.texts = kept;
        self.n_dead_bytes = 0;
    }

    /// Bytes held, roughly.
    pub(crate) fn n_bytes(&self) -> usize {
        let groups = self.groups.as_ref().map_or(0, |groups| groups.capacity() * 8);
        self.texts.capacity() + self.entries.capacity() * 16 + groups + self.by_text.capacity() * 5
    }
}

fn hash(text: &str) -> u64 {
    hash64(0, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_and_go() {
        let mut pool = Pool::new(false);
        let smith = pool.take("smith");
        assert_eq!(pool.take("smith"), smith);
        assert_eq!(pool.take(""), MISSING);
        assert_eq!(pool.find("zrzavy"), UNKNOWN);
        pool.give_back(smith);
        assert_eq!(pool.find("smith"), smith);
        pool.give_back(smith);
        assert_eq!(pool.find("smith"), UNKNOWN);
        assert_eq!(pool.take("jones"), smith, "the number is given out again");
    }

    #[test]
    fn much_coming_and_going_does_not_grow() {
        let mut pool = Pool::new(false);
        for round in 0..300_000u32 {
            let value = pool.take(&format!("somebody with a long name {round}"));
            pool.give_back(value);
        }
        assert!(pool.entries.len() <= 2);
        assert!(pool.texts.len() < 3 << 20, "{}", pool.texts.len());
    }
}
