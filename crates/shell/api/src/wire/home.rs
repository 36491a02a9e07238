//! What came in, and what needs attention?

use super::scalar::{Money, Time};
use super::word::{AttentionKind, Severity, SourceKind};
use app::SourceActivity;
use serde::Serialize;
use utoipa::ToSchema;

/// The figures of the first page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Home {
    /// Up to when the figures hold.
    pub freshness_at: Time,
    pub events: Events,
    /// The most frequent event names of the last 7 days.
    pub top_events: Vec<NameCount>,
    pub customers: Customers,
    /// `null` where no order was ever seen.
    pub orders_7d: Option<Orders>,
    pub sources: Vec<HomeSource>,
    /// The most urgent first.
    pub attention: Vec<Attention>,
    pub processor: Processor,
}

/// Events taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct Events {
    pub last_24h: u64,
    pub last_7d: u64,
    /// The last 168 hours, oldest first, silent ones included.
    pub by_hour: Vec<HourCount>,
}

/// What came in within one hour of UTC.
#[derive(Debug, Serialize, ToSchema)]
pub struct HourCount {
    /// The hour's beginning.
    pub hour: Time,
    pub accepted: u64,
    pub refused: u64,
}

/// A name and how often it occurred.
#[derive(Debug, Serialize, ToSchema)]
pub struct NameCount {
    pub name: String,
    pub n: u64,
}

impl From<(String, u64)> for NameCount {
    fn from((name, n): (String, u64)) -> Self {
        Self { name, n }
    }
}

/// How many customers there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Customers {
    pub known: u64,
    pub anonymous: u64,
    /// First seen in the last 7 days.
    pub new_7d: u64,
}

/// Orders and what they were worth.
#[derive(Debug, Serialize, ToSchema)]
pub struct Orders {
    pub n: u64,
    /// Per currency.
    pub revenue: Vec<Money>,
}

/// A source with what it sent lately.
#[derive(Debug, Serialize, ToSchema)]
pub struct HomeSource {
    pub id: String,
    pub name: String,
    pub kind: SourceKind,
    pub last_event_at: Option<Time>,
    pub n_24h: u64,
}

impl HomeSource {
    /// The wire form of `source`.
    pub fn of(source: &app::sources::Source, sent: &SourceActivity) -> Self {
        Self {
            id: source.id.to_string(),
            name: source.name.clone(),
            kind: source.kind.into(),
            last_event_at: Time::maybe(sent.last_event_at),
            n_24h: sent.n_24h,
        }
    }
}

/// Something to look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attention {
    pub kind: AttentionKind,
    pub severity: Severity,
    /// The same in a sentence.
    pub message: String,
    pub count: Option<u64>,
    /// The page of the UI that helps.
    pub link: String,
}

/// How far the processor is behind the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct Processor {
    /// The last log entry that is processed.
    pub position: String,
    /// The last log entry.
    pub head: String,
    pub lag_events: u64,
    pub lag_seconds: f64,
}

impl Home {
    /// The wire form of `home` beside its sources.
    pub fn of(home: app::home::Home, sources: Vec<HomeSource>) -> Self {
        let by_hour = home.by_hour.into_iter().map(|hour| HourCount {
            hour: hour.hour.into(),
            accepted: hour.n_accepted,
            refused: hour.n_refused,
        });
        let attention = home.attention.into_iter().map(|it| Attention {
            kind: it.kind.into(),
            severity: it.severity.into(),
            message: it.message,
            count: it.count,
            link: it.link,
        });
        Self {
            freshness_at: home.freshness_at.into(),
            events: Events {
                last_24h: home.events_24h,
                last_7d: home.events_7d,
                by_hour: by_hour.collect(),
            },
            top_events: home.top_events.into_iter().map(NameCount::from).collect(),
            customers: Customers {
                known: home.n_known,
                anonymous: home.n_anonymous,
                new_7d: home.n_new_7d,
            },
            orders_7d: home.orders_7d.map(|orders| Orders {
                n: orders.n,
                revenue: orders.revenue.into_iter().map(Money::from).collect(),
            }),
            sources,
            attention: attention.collect(),
            processor: Processor {
                position: home.processor.position.to_string(),
                head: home.processor.head.to_string(),
                lag_events: home.processor.lag_events,
                lag_seconds: home.processor.lag_seconds,
            },
        }
    }
}

/// What is running here.
#[derive(Debug, Serialize, ToSchema)]
pub struct About {
    pub version: String,
    /// The commit it was built from, where that was known at build time.
    pub commit: Option<String>,
    pub data_dir_bytes: DataBytes,
    pub n_customers: u64,
    pub n_events: u64,
    pub uptime_seconds: u64,
    pub log: Part,
    pub state: Part,
    pub history: Part,
    /// Whether new sources keep senders' addresses.
    pub store_ip_default: bool,
    pub disk_free_bytes: u64,
}

/// Bytes on disk.
#[derive(Debug, Serialize, ToSchema)]
pub struct DataBytes {
    pub log: u64,
    pub state: u64,
    pub history: u64,
}

/// What a part of the installation runs on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Part {
    #[schema(examples("sqlite"))]
    pub kind: String,
}

impl About {
    /// The wire form of `about`.
    pub fn of(about: app::About, version: &str) -> Self {
        Self {
            version: version.to_owned(),
            commit: about.commit,
            data_dir_bytes: DataBytes {
                log: about.log_bytes,
                state: about.state_bytes,
                history: about.history_bytes,
            },
            n_customers: about.n_customers,
            n_events: about.n_events,
            uptime_seconds: about.uptime_seconds,
            log: Part { kind: about.log_kind },
            state: Part { kind: about.state_kind },
            history: Part { kind: about.history_kind },
            store_ip_default: about.store_ip_default,
            disk_free_bytes: about.disk_free_bytes,
        }
    }
}
