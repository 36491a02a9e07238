//! May we use what we know, and may we write?

use serde::{Deserialize, Serialize};

/// What the permission is for (`marketing`, `analytics`, `advertising`, …), in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Purpose(Box<str>);

impl Purpose {
    /// The purpose called `name`, blanks around it and case apart; `None` where nothing is left.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        (!name.is_empty()).then(|| Self(name.into()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The way out that the permission is about (`email`, `sms`, `push`, `web`, …), or `all`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Channel(Box<str>);

impl Channel {
    /// The channel called `name`; an empty name means every channel.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let name = name.trim().to_lowercase();
        if name.is_empty() { Self::all() } else { Self(name.into()) }
    }

    /// Every channel.
    #[must_use]
    pub fn all() -> Self {
        Self("all".into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The answer of the customer. Where there is none, there is no value: silence is not consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Yes.
    Granted,
    /// No, or no longer.
    Denied,
    /// Yes, but they have not confirmed yet that it was they who said so: it permits nothing.
    Pending,
}

impl ConsentState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Granted, Self::Denied, Self::Pending];

    /// The state as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Denied => "denied",
            Self::Pending => "pending",
        }
    }
}

/// What somebody did about a consent. In the order in which acts of the same moment count: no
/// comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentAct {
    /// Agreed where a confirmation was to follow (double opt-in).
    Asked,
    /// Agreed.
    Given,
    /// Confirmed that it was they who agreed.
    Confirmed,
    /// Refused, or took it back.
    Withdrawn,
}

impl ConsentAct {
    /// Every act.
    pub const ALL: [Self; 4] = [Self::Asked, Self::Given, Self::Confirmed, Self::Withdrawn];

    /// The act as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Given => "given",
            Self::Confirmed => "confirmed",
            Self::Withdrawn => "withdrawn",
        }
    }
}
