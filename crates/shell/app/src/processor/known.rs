//! Which identifiers and links has the processor met lately?

use base::hash::hash128;
use identity::{LinkKey, Recorded};
use lexicon::Identifier;
use quick_cache::unsync::Cache;

/// How many identifiers are remembered; the rest is asked of the state.
const IDENTIFIERS_MAX: usize = 600_000;
/// How many links are remembered.
const LINKS_MAX: usize = 400_000;

/// What is known of identifiers and links, for as long as there is room.
pub struct Known {
    identifiers: Cache<u128, identity::Known>,
    links: Cache<LinkKey, Recorded>,
}

impl Known {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { identifiers: Cache::new(IDENTIFIERS_MAX), links: Cache::new(LINKS_MAX) }
    }

    /// The number and customer of `identifier`, if it was met lately.
    pub fn identifier(&self, identifier: &Identifier) -> Option<identity::Known> {
        self.identifiers.get(&key(identifier)).copied()
    }

    /// Remembers an identifier.
    pub fn put_identifier(&mut self, identifier: &Identifier, known: identity::Known) {
        self.identifiers.insert(key(identifier), known);
    }

    /// What the ledger knows of a link, if it was met lately.
    pub fn link(&self, link: &LinkKey) -> Option<Recorded> {
        self.links.get(link).copied()
    }

    /// Remembers a link.
    pub fn put_link(&mut self, link: LinkKey, recorded: Recorded) {
        self.links.insert(link, recorded);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.identifiers.clear();
        self.links.clear();
    }
}

fn key(identifier: &Identifier) -> u128 {
    let mut text = Vec::with_capacity(identifier.value.len() + 16);
    text.extend_from_slice(identifier.kind.slug().as_bytes());
    text.push(0);
    text.extend_from_slice(identifier.value.as_bytes());
    hash128(&text)
}
