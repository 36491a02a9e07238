//! Which identifiers and links has the processor met lately?

use base::hash::hash128;
use base::{CustomerId, IdentifierId, Timestamp};
use identity::LinkKey;
use lexicon::Identifier;
use moka::sync::Cache;

/// How many identifiers are remembered; the rest is asked of the state.
const IDENTIFIERS_MAX: u64 = 600_000;
/// How many links are remembered.
const LINKS_MAX: u64 = 400_000;

/// What is known of identifiers and links, for as long as there is room.
pub struct Known {
    identifiers: Cache<u128, identity::Known>,
    links: Cache<LinkKey, Timestamp>,
}

impl Known {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { identifiers: Cache::new(IDENTIFIERS_MAX), links: Cache::new(LINKS_MAX) }
    }

    /// The number and customer of `identifier`, if it was met lately.
    pub fn identifier(&self, identifier: &Identifier) -> Option<identity::Known> {
        self.identifiers.get(&key(identifier))
    }

    /// Remembers an identifier.
    pub fn put_identifier(&self, identifier: &Identifier, id: IdentifierId, customer: CustomerId) {
        self.identifiers.insert(key(identifier), identity::Known { id, customer });
    }

    /// When the earliest evidence of a link happened, if it was met lately.
    pub fn link(&self, link: &LinkKey) -> Option<Timestamp> {
        self.links.get(link)
    }

    /// Remembers a link.
    pub fn put_link(&self, link: LinkKey, occurred_at: Timestamp) {
        self.links.insert(link, occurred_at);
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.identifiers.invalidate_all();
        self.links.invalidate_all();
    }
}

fn key(identifier: &Identifier) -> u128 {
    let mut text = Vec::with_capacity(identifier.value.len() + 16);
    text.extend_from_slice(identifier.kind.slug().as_bytes());
    text.push(0);
    text.extend_from_slice(identifier.value.as_bytes());
    hash128(&text)
}
