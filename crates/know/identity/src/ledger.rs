//! What is written in the ledger of links?

use base::{CustomerId, IdentifierId, Position, SourceId, Timestamp};
use lexicon::{Identifier, LinkRule};

/// Which row of the ledger is meant: the smaller identifier, the greater, the rule.
pub type LinkKey = (IdentifierId, IdentifierId, LinkRule);

/// An identifier and the customer whom it points to now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its number.
    pub id: IdentifierId,
    /// Its kind and value.
    pub identifier: Identifier,
    /// The customer whom it points to.
    pub customer: CustomerId,
    /// Whether it was seen with too many people to point to any of them.
    pub is_shared: bool,
}

/// Why a link is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Inert {
    /// Both ends belong to customers with user ids of their own, by links that are stronger or
    /// older.
    TwoUserIds,
    /// Somebody has withdrawn it. This reason does not follow from the links: it stays until
    /// somebody takes it back.
    Withdrawn,
    /// One customer would have more identifiers of a kind than the rules allow.
    Limit,
    /// One of the two stands for nobody.
    Blocked,
    /// One of the two is of a kind that counts only when it was shown to be the customer's own.
    Unverified,
    /// One of the two was seen with more people than one person can be.
    Shared,
}

impl Inert {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::TwoUserIds,
        Self::Withdrawn,
        Self::Limit,
        Self::Blocked,
        Self::Unverified,
        Self::Shared,
    ];

    /// The reason as it is written in tables and on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::TwoUserIds => "two_user_ids",
            Self::Withdrawn => "withdrawn",
            Self::Limit => "limit",
            Self::Blocked => "blocked",
            Self::Unverified => "unverified",
            Self::Shared => "shared",
        }
    }

    /// The reason written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|inert| inert.slug() == slug)
    }

    /// The reason in a sentence. It names nobody, so that it stays true when a side changes.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::TwoUserIds => {
                "Not followed: by stronger or earlier evidence the two belong to customers with \
                 different user ids, and only an explicit statement may join two user ids."
            }
            Self::Withdrawn => {
                "Not followed: it was withdrawn by hand, as if it had never been, until somebody \
                 takes that back."
            }
            Self::Limit => {
                "Not followed: one customer would have more identifiers of one kind than the rules \
                 of identity allow."
            }
            Self::Blocked => {
                "Not followed: one of the two is a value that stands for nobody by the rules of \
                 identity."
            }
            Self::Unverified => {
                "Not followed: by the rules of identity such an address counts only where it was \
                 shown to be the customer's own, and this was only claimed."
            }
            Self::Shared => {
                "Not followed: one of the two was seen with more people than the rules of identity \
                 take for one person, so it is shared and points to none of them."
            }
        }
    }

    /// Whether the reason lies in the customers at both ends, so that it may pass when they change.
    pub(crate) fn is_of_customers(self) -> bool {
        matches!(self, Self::TwoUserIds | Self::Limit)
    }
}

/// One row of the ledger: that two identifiers belong together, with the earliest evidence.
///
/// There is one row for each ([`LinkKey`]); of two pieces of evidence the earlier one is kept, at
/// the same time the one with the smaller message id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkFact {
    /// The identifier with the smaller number.
    pub a: IdentifierId,
    /// The identifier with the greater number.
    pub b: IdentifierId,
    /// Why they belong together.
    pub rule: LinkRule,
    /// When the earliest evidence happened.
    pub occurred_at: Timestamp,
    /// The message id of the event that is the evidence.
    pub evidence: Box<str>,
    /// The source of that event.
    pub source: SourceId,
    /// When that event reached us.
    pub recorded_at: Timestamp,
    /// Where that event lies in the log.
    pub position: Position,
    /// Why it is not followed; `None` for a link that is.
    pub inert: Option<Inert>,
    /// The version of the rules under which that was decided.
    pub version: u64,
}

impl LinkFact {
    /// Which row it is.
    #[must_use]
    pub fn key(&self) -> LinkKey {
        (self.a, self.b, self.rule)
    }

    /// Whether somebody has withdrawn it.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.inert == Some(Inert::Withdrawn)
    }

    /// Whether it is followed.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.inert.is_none()
    }

    /// Whether its evidence goes before that of `other`, a fact of the same key.
    #[must_use]
    pub fn is_earlier_than(&self, other: &Self) -> bool {
        (self.occurred_at, &self.evidence) < (other.occurred_at, &other.evidence)
    }
}
