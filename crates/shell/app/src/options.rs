//! What can be set about an engine, and what does it run with when nothing is?

use crate::clock::{Clock, FixedClock, SystemClock};
use crate::privacy::Step;
use base::{Limits, Timestamp};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How an engine runs.
#[derive(Clone)]
pub struct EngineOptions {
    /// The folder that holds everything.
    pub data_dir: PathBuf,
    /// Where the operational tables are: `None` for a file in the data directory, or a
    /// `postgres://` address.
    pub state_url: Option<String>,
    /// The bounds of everything.
    pub limits: Limits,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// A bearer token that may do everything, for unattended set-up.
    pub admin_token: Option<String>,
    /// The write key of a first source, for unattended set-up.
    pub write_key: Option<String>,
    /// Bytes of disk that are left free: below, nothing new is accepted.
    pub disk_reserve_bytes: u64,
    /// Log entries still to be processed at which senders are asked to wait.
    pub lag_entries_max: u64,
    /// Events that one batch of the processor takes at most. The more it takes, the fewer times a
    /// page of the tables is written; only a processor that is behind ever takes so many.
    pub batch_events_max: usize,
    /// How long the processor lets events gather after a batch, so that one commit carries many.
    pub batch_pause: Duration,
    /// Fresh events at which they are written to files.
    pub fresh_events_max: usize,
    /// How long a catalogue of events and values is good for although more has come since.
    pub catalogue_rest: Duration,
    /// How long the log keeps what has long been processed, for the debugger.
    pub log_retention: Duration,
    /// Whether new sources keep the sender's address.
    pub store_ip_default: bool,
    /// Keeps the processor and the keeper from running: nothing stored changes. For checks, and for
    /// drills of a lagging processor.
    pub is_processor_paused: bool,
    /// Whether webhooks may lead to private networks and to servers without TLS.
    pub webhooks_reach_inside: bool,
    /// The step before which erasures wait, for drills: as if the process had ended there.
    pub erasure_holds_at: Option<Step>,
}

impl EngineOptions {
    /// The options of a fresh installation in `data_dir`.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            state_url: None,
            limits: Limits::default(),
            clock: Arc::new(SystemClock),
            admin_token: None,
            write_key: None,
            disk_reserve_bytes: 256 << 20,
            lag_entries_max: 100_000,
            batch_events_max: 50_000,
            batch_pause: Duration::from_millis(20),
            fresh_events_max: 200_000,
            catalogue_rest: Duration::from_secs(3),
            log_retention: Duration::from_secs(7 * 24 * 3_600),
            store_ip_default: true,
            is_processor_paused: false,
            webhooks_reach_inside: false,
            erasure_holds_at: None,
        }
    }

    /// Options for a test: a clock that stands still, known credentials, no disk reserve.
    #[must_use]
    pub fn for_tests(data_dir: &Path, now: Timestamp) -> Self {
        Self {
            clock: Arc::new(FixedClock::at(now)),
            admin_token: Some("test-admin-token".to_owned()),
            write_key: Some("test-write-key".to_owned()),
            disk_reserve_bytes: 0,
            webhooks_reach_inside: true,
            batch_pause: Duration::ZERO,
            catalogue_rest: Duration::ZERO,
            ..Self::new(data_dir)
        }
    }
}
