//! Which endpoint of which dialect does a path belong to?

use crate::Dialect;
use crate::dialect::{dittofeed, jitsu, posthog, rudderstack, segment};
use lexicon::EventKind;

/// A place that client libraries call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Whose client library calls it.
    pub dialect: Dialect,
    /// What it does there.
    pub call: Call,
}

impl Endpoint {
    /// Whether the call carries exactly one event by its path.
    pub(crate) fn is_single(&self) -> bool {
        matches!(self.call, Call::Single(_) | Call::Typed)
    }

    /// Whether the call brings events to be read with [`crate::read`].
    #[must_use]
    pub fn brings_events(&self) -> bool {
        !matches!(self.call, Call::Discard | Call::Ask(_))
    }
}

/// What a client does at an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Sends one event, whose kind the path names.
    Single(EventKind),
    /// Sends one event that names its own kind.
    Typed,
    /// Sends several events, each naming its own kind.
    Batch,
    /// Sends one event in the query of an image's address.
    Pixel(EventKind),
    /// Sends one PostHog event, a list of them, or a batch.
    Capture,
    /// Sends what is taken and thrown away: replays, logs, the client's own metrics.
    Discard,
    /// Asks for its configuration.
    Ask(Question),
}

/// What a client wants to know before, or while, it sends events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Segment's browser SDK: which integrations run?
    Settings {
        /// The key in the path.
        write_key: Box<str>,
    },
    /// RudderStack's browser SDK: which destinations run? (The key is in the query.)
    SourceConfig,
    /// PostHog's browser SDK: remote configuration.
    Config {
        /// The token in the path.
        token: Box<str>,
    },
    /// The same as a script.
    ConfigScript {
        /// The token in the path.
        token: Box<str>,
    },
    /// PostHog: which feature flags are on?
    Flags,
    /// PostHog of old: configuration and flags at once.
    Decide,
    /// PostHog on servers: the rules of the flags.
    FlagDefinitions,
    /// PostHog: surveys to show.
    Surveys,
    /// PostHog: web experiments to run.
    WebExperiments,
    /// PostHog: features offered early.
    EarlyAccessFeatures,
    /// PostHog: a script that the SDK loads when a feature wants it.
    Script,
}

/// The method, as far as collecting goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
}

/// The endpoint at `path` for `method` (`GET`, `POST`), with or without slashes at the end;
/// `None` where client libraries have no business.
#[must_use]
pub fn route(method: &str, path: &str) -> Option<Endpoint> {
    let method = match method {
        "GET" => Method::Get,
        "POST" => Method::Post,
        _ => return None,
    };
    let mut parts = [""; 6];
    let parts = split(path, &mut parts)?;
    let at = |dialect, call: Option<Call>| call.map(|call| Endpoint { dialect, call });
    at(Dialect::Segment, segment::route(method, parts))
        .or_else(|| at(Dialect::RudderStack, rudderstack::route(method, parts)))
        .or_else(|| at(Dialect::PostHog, posthog::route(method, parts)))
        .or_else(|| at(Dialect::Jitsu, jitsu::route(method, parts)))
        .or_else(|| at(Dialect::Dittofeed, dittofeed::route(method, parts)))
}

/// Whether any method of `path` is for client libraries: such paths answer preflights of any
/// origin.
#[must_use]
pub fn is_collect_path(path: &str) -> bool {
    route("POST", path).is_some() || route("GET", path).is_some()
}

fn split<'p, 's>(path: &'p str, parts: &'s mut [&'p str; 6]) -> Option<&'s [&'p str]> {
    let path = path.strip_prefix('/')?.trim_end_matches('/');
    let mut n_parts = 0;
    for part in path.split('/') {
        *parts.get_mut(n_parts)? = part;
        n_parts += 1;
    }
    Some(&parts[..n_parts])
}

/// A key or token that stands in a path: short, and of letters that need no escape anywhere.
pub(crate) fn key_in_path(part: &str) -> Option<Box<str>> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    ((1..=200).contains(&part.len()) && part.bytes().all(plain)).then(|| part.into())
}
