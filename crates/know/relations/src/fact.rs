//! What does one event say about two people?

use base::{IdentifierId, SourceId, Timestamp};
use lexicon::{Identifier, IdentifierKind};

/// Bytes of a referral code that count.
const CODE_BYTES_MAX: usize = 128;

/// How two people are related.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RelationKind {
    /// One brought the other here.
    Referral,
    /// One spoke of the other.
    Mention,
}

impl RelationKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Referral, Self::Mention];

    /// The kind as it is written in tables and on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Referral => "referral",
            Self::Mention => "mention",
        }
    }

    /// The kind written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

/// Who of the two said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Way {
    /// The one who refers or mentions: the speaker acted on the other.
    Outward,
    /// The one who was referred: the other acted on the speaker.
    Inward,
}

impl Way {
    /// The way as it is written in tables and on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Outward => "outward",
            Self::Inward => "inward",
        }
    }

    /// The way written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Outward, Self::Inward].into_iter().find(|way| way.slug() == slug)
    }
}

/// How the other one was named.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reference {
    /// By an identifier, which nobody need have seen yet.
    Identifier(Identifier),
    /// By a code that somebody hands on, in capital letters.
    Code(Box<str>),
}

impl Reference {
    /// The reference by a code; `None` where it is none.
    #[must_use]
    pub fn code(raw: &str) -> Option<Self> {
        let code = raw.trim();
        let fits = !code.is_empty() && code.len() <= CODE_BYTES_MAX && !code.contains('\0');
        fits.then(|| Self::Code(code.to_uppercase().into()))
    }

    /// The reference by a name on a social network.
    #[must_use]
    pub fn handle(network: Option<&str>, handle: &str) -> Option<Self> {
        let handle = handle.trim().trim_start_matches('@').to_lowercase();
        if handle.is_empty() {
            return None;
        }
        let value = match network.map(str::trim).filter(|network| !network.is_empty()) {
            Some(network) => format!("{}:{handle}", network.to_lowercase()),
            None => handle,
        };
        Identifier::new(IdentifierKind::SocialHandle, &value).map(Self::Identifier)
    }

    /// The reference by an identifier; `None` where the value stands for nobody.
    #[must_use]
    pub fn identifier(kind: IdentifierKind, raw: &str) -> Option<Self> {
        Identifier::new(kind, raw).map(Self::Identifier)
    }
}

/// That one person referred or mentioned another, as one event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// How they are related.
    pub kind: RelationKind,
    /// Who of the two said so.
    pub way: Way,
    /// The other one.
    pub other: Reference,
    /// When it happened.
    pub at: Timestamp,
    /// Where it was said.
    pub source: SourceId,
    /// The event that says so.
    pub message_id: Box<str>,
}

/// A fact and the identifier that it came under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The identifier that spoke.
    pub speaker: IdentifierId,
    /// What it said.
    pub fact: Fact,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_normalised_or_refused() {
        let code = |raw| match Reference::code(raw) {
            Some(Reference::Code(code)) => Some(code.to_string()),
            _ => None,
        };
        assert_eq!(code(" ann-7 ").as_deref(), Some("ANN-7"));
        assert_eq!(code("  "), None);
        assert_eq!(code(&"x".repeat(200)), None);
        let handle = |network, raw| match Reference::handle(network, raw) {
            Some(Reference::Identifier(identifier)) => Some(identifier.to_string()),
            _ => None,
        };
        let cases = [
            (
                Some("Mastodon"),
                "@Ann@Example.Social",
                Some("social_handle:mastodon:ann@example.social"),
            ),
            (None, "@Ann", Some("social_handle:ann")),
            (Some(" "), "ann", Some("social_handle:ann")),
            (Some("x"), "@", None),
            (None, "null", None),
        ];
        for (network, raw, expected) in cases {
            assert_eq!(handle(network, raw).as_deref(), expected, "{raw}");
        }
    }
}
