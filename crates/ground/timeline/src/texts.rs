//! Which text does a code stand for?

use std::collections::HashMap;
use std::sync::Arc;

/// The code of what is not there.
pub const ABSENT: u32 = 0;

/// The texts of one label or trait, numbered from 1 in the order in which they were met. Codes
/// say nothing about order, and mean nothing outside the answer they came with.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    texts: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32>,
}

impl Texts {
    /// The code of `text`, a new one where it was not met before.
    ///
    /// # Panics
    /// With more than 2³² − 2 texts.
    pub fn code(&mut self, text: &str) -> u32 {
        if let Some(&code) = self.codes.get(text) {
            return code;
        }
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        let code = u32::try_from(self.texts.len()).expect("fewer texts than codes");
        self.codes.insert(text, code);
        code
    }

    /// The code of `text` where it was met.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        self.codes.get(text).copied()
    }

    /// What `code` stands for; `None` for [`ABSENT`].
    ///
    /// # Panics
    /// If the code was not given out here.
    #[must_use]
    pub fn text(&self, code: u32) -> Option<&Arc<str>> {
        (code != ABSENT).then(|| &self.texts[code as usize - 1])
    }

    /// How many there are; codes go from 1 to this.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether none was met.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}
