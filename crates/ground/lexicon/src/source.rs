//! Where do events come from, and how strictly are they held to what was agreed?

use serde::{Deserialize, Serialize};

/// Whose hands the sender is in; a browser may be trusted with less than a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A web site: runs in the customer's browser.
    Browser,
    /// A mobile app: runs on the customer's phone.
    Mobile,
    /// The company's own servers.
    Server,
    /// Files that were imported.
    Import,
    /// What Rapport itself did.
    Rapport,
}

impl SourceKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Browser, Self::Mobile, Self::Server, Self::Import, Self::Rapport];

    /// The kind as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Mobile => "mobile",
            Self::Server => "server",
            Self::Import => "import",
            Self::Rapport => "rapport",
        }
    }

    /// The kind written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

/// What happens to an event that the tracking plan does not agree with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum PlanMode {
    /// It is taken; violations are counted.
    #[default]
    Allow,
    /// It is taken, and shown in the debugger with what is wrong.
    Flag,
    /// It is refused, and kept in the debugger.
    Block,
}

impl PlanMode {
    /// Every mode, from the mildest.
    pub const ALL: [Self; 3] = [Self::Allow, Self::Flag, Self::Block];

    /// The mode as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Flag => "flag",
            Self::Block => "block",
        }
    }

    /// The mode written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.slug() == slug)
    }
}
