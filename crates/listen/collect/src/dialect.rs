//! In whose words does a client library speak, and what may it send at once?

pub(crate) mod dittofeed;
pub(crate) mod jitsu;
pub(crate) mod posthog;
pub(crate) mod rudderstack;
pub(crate) mod segment;

use base::Limits;
use serde::{Deserialize, Serialize};

/// Whose wire format a request is in. Kept in the log by its place in this list: append only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// Segment's HTTP tracking API.
    Segment,
    /// RudderStack's, which is Segment's with own ideas.
    RudderStack,
    /// PostHog's capture API.
    PostHog,
    /// Jitsu's.
    Jitsu,
    /// Dittofeed's.
    Dittofeed,
    /// Rapport's own import: Segment's events without a client's clock and with larger events.
    Import,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 6] = [
        Self::Segment,
        Self::RudderStack,
        Self::PostHog,
        Self::Jitsu,
        Self::Dittofeed,
        Self::Import,
    ];

    /// The dialect as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Segment => "segment",
            Self::RudderStack => "rudderstack",
            Self::PostHog => "posthog",
            Self::Jitsu => "jitsu",
            Self::Dittofeed => "dittofeed",
            Self::Import => "import",
        }
    }

    /// The dialect written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.slug() == slug)
    }

    /// What a client of this dialect may send.
    pub(crate) fn bounds(self, limits: &Limits) -> Bounds {
        match self {
            Self::Segment => segment::bounds(limits),
            Self::RudderStack => rudderstack::bounds(limits),
            Self::PostHog => posthog::bounds(limits),
            Self::Jitsu => jitsu::bounds(limits),
            Self::Dittofeed => dittofeed::bounds(limits),
            Self::Import => import_bounds(limits),
        }
    }
}

/// The most that one event may weigh in dialects that have no tighter rule: PostHog's own
/// pipeline stops there too.
pub(crate) const LARGE_EVENT_BYTES_MAX: usize = 1 << 20;

/// The sizes that a dialect's clients expect to get through, and how they are told about more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Bytes of a body once decompressed.
    pub body_bytes_max: usize,
    /// Bytes of one event.
    pub event_bytes_max: usize,
    /// Events of one batch; those behind are refused one by one.
    pub events_max: usize,
    /// The status that says "too large" without making the client drop or repeat more than it has
    /// to: 400 for Segment's, 413 for those that shrink their batch then.
    pub too_large_status: u16,
}

/// An order with a thousand lines is one event here, so that the size of an event is generous.
fn import_bounds(limits: &Limits) -> Bounds {
    Bounds {
        body_bytes_max: limits.body_bytes_inflated_max,
        event_bytes_max: LARGE_EVENT_BYTES_MAX,
        events_max: usize::MAX,
        too_large_status: 413,
    }
}
