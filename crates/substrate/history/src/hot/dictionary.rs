//! Which code does a text have in all columns of a field?

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

/// Codes of one column in the making.
pub(crate) struct Coder {
    dictionary: Arc<Dictionary>,
    seen: HashMap<Box<str>, u32>,
    codes: Vec<u32>,
}

impl Coder {
    pub fn new(dictionary: Arc<Dictionary>, n_rows: usize) -> Self {
        Self { dictionary, seen: HashMap::new(), codes: Vec::with_capacity(n_rows) }
    }

    /// The code of a text, for [`Coder::push`].
    pub fn code(&mut self, text: &str) -> u32 {
        if let Some(&code) = self.seen.get(text) {
            return code;
        }
        let code = self.dictionary.code(text);
        self.seen.insert(text.into(), code);
        code
    }

    /// The next row.
    pub fn push(&mut self, code: u32) {
        self.codes.push(code);
    }

    /// The next rows.
    pub fn extend(&mut self, codes: impl Iterator<Item = u32>) {
        self.codes.extend(codes);
    }

    pub fn finish(self) -> Vec<u32> {
        self.codes
    }
}
