//! What happened, to whom, when, and how do we know?

use crate::{Identifier, Json, LinkClaim};
use base::{SourceId, Timestamp};
use serde::{Deserialize, Serialize};

/// The six calls of the Segment specification, which every other dialect is translated into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Something was done.
    Track,
    /// Something was learned about the customer.
    Identify,
    /// A page was seen.
    Page,
    /// A screen of an app was seen.
    Screen,
    /// The customer belongs to an account.
    Group,
    /// Two identifiers were said to be the same customer.
    Alias,
}

impl EventKind {
    /// Every kind, in the order of the specification.
    pub const ALL: [Self; 6] =
        [Self::Track, Self::Identify, Self::Page, Self::Screen, Self::Group, Self::Alias];

    /// The kind as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Identify => "identify",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Group => "group",
            Self::Alias => "alias",
        }
    }

    /// The kind written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// The name under which events of this kind are counted when they carry none of their own.
    #[must_use]
    pub fn default_name(self) -> &'static str {
        match self {
            Self::Track => "Unnamed",
            Self::Identify => "Identified",
            Self::Page => "Page Viewed",
            Self::Screen => "Screen Viewed",
            Self::Group => "Account Joined",
            Self::Alias => "Identity Linked",
        }
    }
}

/// Something that happened: immutable, understood, not yet assigned to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The sender's id of the event (`messageId`); the same id within the window is the same event.
    pub message_id: Box<str>,
    /// Which of the six calls it was.
    pub kind: EventKind,
    /// What is counted: the track call's event, else [`EventKind::default_name`].
    pub name: Box<str>,
    /// The identifiers that it carries, the one it *came under* first; at least one.
    pub identifiers: Vec<Identifier>,
    /// What it says about which identifiers belong together; often nothing.
    pub links: Vec<LinkClaim>,
    /// When it happened, corrected for the sender's clock.
    pub occurred_at: Timestamp,
    /// When it reached us.
    pub received_at: Timestamp,
    /// Where it came from.
    pub source: SourceId,
    /// The fields of the event (page name and category included). For `group`: empty.
    pub properties: Json,
    /// What it says of the customer (`identify`), or of the account (`group`).
    pub traits: Json,
    /// The same, but kept only where nothing is known yet (`$set_once`).
    pub traits_once: Json,
    /// Names of traits that it takes away (`$unset`).
    pub traits_unset: Vec<Box<str>>,
    /// The account that the customer belongs to, where the event says so (`groupId`).
    pub account_key: Option<Box<str>>,
    /// Circumstances: page, campaign, device, library, address, locale.
    pub context: Json,
}

impl Event {
    /// The identifier that the event came under, for ever.
    ///
    /// # Panics
    /// If the event carries none, which understanding an event rules out.
    #[must_use]
    pub fn came_under(&self) -> &Identifier {
        self.identifiers.first().expect("an understood event carries at least one identifier")
    }

    /// Whether it says anything of the customer's traits.
    #[must_use]
    pub fn speaks_of_traits(&self) -> bool {
        let says = !self.traits.is_empty() || !self.traits_once.is_empty();
        self.kind != EventKind::Group && (says || !self.traits_unset.is_empty())
    }
}
