//! What came in, and what needs attention?

mod gather;

pub use gather::SourceActivity;

use base::{Money, Position, Timestamp};

/// The figures of the first page.
#[derive(Clone, Debug)]
pub struct Home {
    /// Up to when the figures hold.
    pub freshness_at: Timestamp,
    /// Events taken in the last 24 hours.
    pub events_24h: u64,
    /// Events taken in the last 7 days.
    pub events_7d: u64,
    /// The last 168 hours, oldest first, silent ones included.
    pub by_hour: Vec<HourCount>,
    /// The most frequent event names of the last 7 days, with their numbers.
    pub top_events: Vec<(String, u64)>,
    /// Customers with an identifier of their own.
    pub n_known: u64,
    /// Customers seen only as a browser or device.
    pub n_anonymous: u64,
    /// Customers first seen in the last 7 days.
    pub n_new_7d: u64,
    /// Orders of the last 7 days; `None` where no order was ever seen.
    pub orders_7d: Option<OrdersSum>,
    /// What needs attention, the most urgent first.
    pub attention: Vec<Attention>,
    /// How far the processor is.
    pub processor: ProcessorState,
}

/// What came in within one hour of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourCount {
    /// The hour's beginning.
    pub hour: Timestamp,
    /// Events taken.
    pub n_accepted: u64,
    /// Events refused.
    pub n_refused: u64,
}

/// Orders and what they were worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrdersSum {
    /// How many.
    pub n: u64,
    /// How much, per currency.
    pub revenue: Vec<Money>,
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attention {
    /// What it is.
    pub kind: AttentionKind,
    /// How urgent it is.
    pub severity: Severity,
    /// The same in a sentence.
    pub message: String,
    /// How many of it, where it can be counted.
    pub count: Option<u64>,
    /// The page of the UI that helps.
    pub link: String,
}

/// What sort of thing needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttentionKind {
    /// Events are being refused.
    RefusedEvents,
    /// Events break a tracking plan.
    PlanViolations,
    /// The processor is behind.
    ProcessorLag,
    /// No source has been set up.
    NoSource,
    /// The disk is nearly full.
    DiskLow,
    /// Rows of an import were rejected.
    ImportRejects,
}

impl AttentionKind {
    /// The kind as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::RefusedEvents => "refused_events",
            Self::PlanViolations => "plan_violations",
            Self::ProcessorLag => "processor_lag",
            Self::NoSource => "no_source",
            Self::DiskLow => "disk_low",
            Self::ImportRejects => "import_rejects",
        }
    }
}

/// How urgent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Look at it today.
    Warning,
    /// Look at it now.
    Critical,
}

impl Severity {
    /// The severity as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// How far the processor is behind the log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProcessorState {
    /// The last log entry that is processed.
    pub position: Position,
    /// The last log entry.
    pub head: Position,
    /// Events still to be processed; estimated from entries once there are many.
    pub lag_events: u64,
    /// Age of the oldest entry still to be processed, in seconds.
    pub lag_seconds: f64,
}
