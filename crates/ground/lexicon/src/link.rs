//! What makes us think that two identifiers belong to one customer?

use crate::Identifier;
use serde::{Deserialize, Serialize};

/// The reason for a link, from the strongest to the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkRule {
    /// The sender said so outright (`alias`, `$create_alias`, `$merge_dangerously`).
    Stated,
    /// One event carried both (anonymous id and user id; `$anon_distinct_id`).
    SameEvent,
    /// A trait of the customer is an identifier itself, and the sender says that it was shown to
    /// be the customer's own (`email_verified`, `phone_verified`).
    Verified,
    /// A trait of the customer is an identifier itself (e-mail, phone).
    Trait,
    /// The sender attached it (`context.externalIds`, device id).
    Attached,
    /// Two customers without a shared identifier are alike enough (names, dates, addresses).
    Linkage,
}

impl LinkRule {
    /// Every rule, from the strongest to the weakest.
    pub const ALL: [Self; 6] =
        [Self::Stated, Self::SameEvent, Self::Verified, Self::Trait, Self::Attached, Self::Linkage];

    /// The rule as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::SameEvent => "same_event",
            Self::Verified => "verified",
            Self::Trait => "trait",
            Self::Attached => "attached",
            Self::Linkage => "linkage",
        }
    }

    /// The rule written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.slug() == slug)
    }

    /// The rule in a sentence, for the page of evidence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Stated => "the sender said that they are the same",
            Self::SameEvent => "one event carried both",
            Self::Verified => "given as a trait of the customer, and shown to be theirs",
            Self::Trait => "given as a trait of the customer",
            Self::Attached => "attached by the sender",
            Self::Linkage => "alike enough to be one person",
        }
    }
}

/// One event's claim that two identifiers belong together.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LinkClaim {
    /// One identifier; the order of the two says nothing.
    pub a: Identifier,
    /// The other.
    pub b: Identifier,
    /// Why.
    pub rule: LinkRule,
}
