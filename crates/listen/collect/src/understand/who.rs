//! Whom is the event about, and which identifiers does it say belong together?

use super::{fault, nobody};
use lexicon::{Blocked, Identifier, IdentifierKind, LinkClaim, LinkRule, Refusal};

/// The identifiers and links gathered from one event.
pub(super) struct Who<'b> {
    identifiers: Vec<Identifier>,
    links: Vec<LinkClaim>,
    /// The first value that stood for nobody, with its field.
    blocked: Option<(&'static str, Box<str>)>,
    chars_max: usize,
    /// The values that stand for nobody.
    nobody: &'b Blocked,
}

impl<'b> Who<'b> {
    pub(super) fn new(chars_max: usize, nobody: &'b Blocked) -> Self {
        let identifiers = Vec::with_capacity(2);
        Self { identifiers, links: Vec::new(), blocked: None, chars_max, nobody }
    }

    /// Adds the main identifier in `field`; one that is too long spoils the event, one that stands
    /// for nobody is as good as absent.
    pub(super) fn add(
        &mut self,
        kind: IdentifierKind,
        field: &'static str,
        value: &str,
    ) -> Result<Option<Identifier>, Refusal> {
        if value.chars().count() > self.chars_max {
            return Err(fault::too_long(field, self.chars_max));
        }
        let Some(identifier) = self.somebody(kind, value) else {
            let shown = value.chars().take(40).collect::<String>().into();
            self.blocked.get_or_insert((field, shown));
            return Ok(None);
        };
        self.keep(&identifier);
        Ok(Some(identifier))
    }

    /// Links two identifiers that the event carries.
    pub(super) fn link(&mut self, a: &Identifier, b: &Identifier, rule: LinkRule) {
        let known = |link: &LinkClaim| {
            link.rule == rule && (link.a == *a && link.b == *b || link.a == *b && link.b == *a)
        };
        if a != b && !self.links.iter().any(known) {
            self.links.push(LinkClaim { a: a.clone(), b: b.clone(), rule });
        }
    }

    /// Adds a further identifier and links it to the one that the event came under. What is no
    /// identifier is passed over: it stays a trait.
    pub(super) fn attach(&mut self, kind: IdentifierKind, value: &str, rule: LinkRule) {
        if value.chars().count() > self.chars_max {
            return;
        }
        let Some(identifier) = self.somebody(kind, value) else {
            return;
        };
        self.keep(&identifier);
        let first = self.identifiers[0].clone();
        self.link(&first, &identifier, rule);
    }

    /// Everything gathered; a refusal where there is nobody. `expected` says which field would
    /// have helped, its name first.
    pub(super) fn finish(
        self,
        expected: &str,
    ) -> Result<(Vec<Identifier>, Vec<LinkClaim>), Refusal> {
        if self.identifiers.is_empty() {
            return Err(nobody(self.blocked, expected));
        }
        Ok((self.identifiers, self.links))
    }

    fn somebody(&self, kind: IdentifierKind, value: &str) -> Option<Identifier> {
        Identifier::formed(kind, value).filter(|identifier| !self.nobody.blocks(identifier))
    }

    fn keep(&mut self, identifier: &Identifier) {
        if !self.identifiers.contains(identifier) {
            self.identifiers.push(identifier.clone());
        }
    }
}
