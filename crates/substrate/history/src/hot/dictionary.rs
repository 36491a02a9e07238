//! Which code does a text have in all columns of a field?

use super::column::Column;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use timeline::{Field, Texts};

/// The texts of one field, numbered as they were met.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    texts: RwLock<Texts>,
    n_bytes: AtomicUsize,
}

impl Dictionary {
    /// The code of `text`.
    pub fn code(&self, text: &str) -> u32 {
        if let Some(code) = self.read().find(text) {
            return code;
        }
        let mut texts = self.texts.write().unwrap_or_else(PoisonError::into_inner);
        let n_before = texts.len();
        let code = texts.code(text);
        if texts.len() > n_before {
            self.n_bytes.fetch_add(text.len() + TEXT_BYTES, Ordering::Relaxed);
        }
        code
    }

    /// By code, whether it is one of `texts`, as far as codes go at this moment.
    pub fn which(&self, texts: &[Box<str>]) -> Vec<bool> {
        let known = self.read();
        let mut is_one = vec![false; known.len() + 1];
        for code in texts.iter().filter_map(|text| known.find(text)) {
            is_one[code as usize] = true;
        }
        is_one
    }

    /// The texts so far.
    pub fn read(&self) -> RwLockReadGuard<'_, Texts> {
        // A text is added whole or not at all.
        self.texts.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The dictionary of every field that was ever read as a label.
#[derive(Debug, Default)]
pub(crate) struct Dictionaries {
    of: Mutex<HashMap<Field, Arc<Dictionary>>>,
}

/// What a text costs beside its letters: two pointers with counts, an entry of a hash table.
const TEXT_BYTES: usize = 80;

impl Dictionaries {
    /// The dictionary of `field`.
    pub fn of(&self, field: &Field) -> Arc<Dictionary> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        of.entry(field.clone()).or_default().clone()
    }

    /// Bytes that all of them take.
    pub fn n_bytes(&self) -> usize {
        let of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        of.values().map(|dictionary| dictionary.n_bytes.load(Ordering::Relaxed)).sum()
    }
}

/// A column of codes in the making.
pub(crate) struct Coder {
    dictionary: Arc<Dictionary>,
    seen: HashMap<Box<str>, u32>,
    codes: Codes,
}

/// As small as the codes allow that were given out so far.
enum Codes {
    Narrow(Vec<u16>),
    Wide(Vec<u32>),
}

impl Coder {
    pub fn new(dictionary: Arc<Dictionary>, n_rows: usize) -> Self {
        let codes = Codes::Narrow(Vec::with_capacity(n_rows));
        Self { dictionary, seen: HashMap::new(), codes }
    }

    /// The code of a text, for [`Coder::push`].
    pub fn code(&mut self, text: &str) -> u32 {
        if let Some(&code) = self.seen.get(text) {
            return code;
        }
        let code = self.dictionary.code(text);
        if let Codes::Narrow(narrow) = &self.codes
            && code > u32::from(u16::MAX)
        {
            let mut wide = Vec::with_capacity(narrow.capacity());
            wide.extend(narrow.iter().map(|&code| u32::from(code)));
            self.codes = Codes::Wide(wide);
        }
        self.seen.insert(text.into(), code);
        code
    }

    /// The next row, by a code that was given out here or [`ABSENT`](timeline::ABSENT).
    pub fn push(&mut self, code: u32) {
        match &mut self.codes {
            Codes::Narrow(codes) => codes.push(code as u16),
            Codes::Wide(codes) => codes.push(code),
        }
    }

    /// The next rows, likewise.
    pub fn extend(&mut self, codes: impl Iterator<Item = u32>) {
        match &mut self.codes {
            Codes::Narrow(narrow) => narrow.extend(codes.map(|code| code as u16)),
            Codes::Wide(wide) => wide.extend(codes),
        }
    }

    pub fn finish(self) -> Column {
        match self.codes {
            Codes::Narrow(codes) => Column::Narrow(codes),
            Codes::Wide(codes) => Column::Wide(codes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_gets_wide_with_the_first_large_code() {
        let dictionary = Arc::new(Dictionary::default());
        for number in 0..u16::MAX {
            dictionary.code(&number.to_string());
        }
        let mut coder = Coder::new(dictionary.clone(), 3);
        let last = coder.code(&(u16::MAX - 1).to_string());
        coder.push(last);
        coder.extend([0, last].into_iter());
        let next = coder.code("next");
        coder.extend([next, 1].into_iter());
        assert_eq!(coder.finish(), Column::Wide(vec![65_535, 0, 65_535, 65_536, 1]));
        let mut coder = Coder::new(dictionary, 1);
        coder.push(last);
        assert_eq!(coder.finish(), Column::Narrow(vec![65_535]));
    }
}
