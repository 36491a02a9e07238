//! What is this installation made of, how big is it, and is it well?

use crate::engine::Engine;
use base::Error;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the page about the installation shows.
#[derive(Clone, Debug)]
pub struct About {
    /// The commit that it was built from, where that is known.
    pub commit: Option<String>,
    /// Bytes of the log.
    pub log_bytes: u64,
    /// Bytes of the operational tables.
    pub state_bytes: u64,
    /// Bytes of the timelines.
    pub history_bytes: u64,
    /// How many customers there are.
    pub n_customers: u64,
    /// How many events there are.
    pub n_events: u64,
    /// For how long it has run.
    pub uptime_seconds: u64,
    /// What keeps the log.
    pub log_kind: String,
    /// What keeps the tables.
    pub state_kind: String,
    /// What keeps the timelines.
    pub history_kind: String,
    /// Whether new sources keep the sender's address.
    pub store_ip_default: bool,
    /// Bytes of disk that are free.
    pub disk_free_bytes: u64,
}

/// Whether requests can be served, and why not.
#[derive(Clone, Debug)]
pub struct Readiness {
    /// Whether they can.
    pub is_ready: bool,
    /// Why not.
    pub reasons: Vec<String>,
}

/// One figure for the operator's monitoring.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its name, `rapport_…`.
    pub name: &'static str,
    /// What it counts.
    pub help: &'static str,
    /// Whether it only grows.
    pub is_counter: bool,
    /// What it is about.
    pub labels: Vec<(&'static str, String)>,
    /// Its value.
    pub value: f64,
}

impl Engine {
    /// What the page about the installation shows.
    ///
    /// # Errors
    /// Whatever the state says.
    pub async fn about(&self) -> Result<About, Error> {
        let shared = &self.shared;
        let customers = shared.state.count_customers().await?;
        let history = shared.history.size();
        Ok(About {
            commit: option_env!("RAPPORT_COMMIT").map(str::to_owned),
            log_bytes: folder_bytes(&shared.data_dir.log()),
            state_bytes: shared.state.db().size_bytes().await?,
            history_bytes: history.run_bytes,
            n_customers: customers.known + customers.anonymous,
            n_events: shared.state.progress().await?.n_events,
            uptime_seconds: u64::try_from(shared.now().since(shared.started_at).0 / 1_000_000)
                .unwrap_or(0),
            log_kind: "SQLite".to_owned(),
            state_kind: shared.state.db().dialect().name().to_owned(),
            history_kind: "Parquet on the local disk".to_owned(),
            store_ip_default: shared.options.store_ip_default,
            disk_free_bytes: fs4::available_space(shared.data_dir.path()).unwrap_or(0),
        })
    }

    /// Whether events can be taken.
    pub async fn readiness(&self) -> Readiness {
        let mut reasons = Vec::new();
        if let Err(error) = self.shared.state.progress().await {
            reasons.push(format!("the state database does not answer: {error}"));
        }
        if *self.stop.borrow() {
            reasons.push("the server is stopping".to_owned());
        }
        Readiness { is_ready: reasons.is_empty(), reasons }
    }

    /// Figures for the operator's monitoring; cheap.
    #[must_use]
    pub fn figures(&self) -> Vec<Figure> {
        let (shared, tallies) = (&self.shared, &self.shared.tallies);
        let history = shared.history.size();
        let counter = |name, help, value: &AtomicU64| {
            figure(name, help, (true, value.load(Ordering::Relaxed)))
        };
        vec![
            counter("rapport_requests_total", "Requests made durable", &tallies.n_requests),
            counter("rapport_events_total", "Events put on timelines", &tallies.n_accepted),
            counter("rapport_events_refused_total", "Events refused", &tallies.n_refused),
            counter("rapport_events_duplicate_total", "Events known before", &tallies.n_duplicates),
            counter("rapport_batches_total", "Batches processed", &tallies.n_batches),
            counter("rapport_flushes_total", "Flushes of fresh events", &tallies.n_flushes),
            counter("rapport_compactions_total", "Compactions", &tallies.n_compactions),
            figure("rapport_log_head", "Last log entry", (false, shared.log.head().0)),
            figure(
                "rapport_log_processed",
                "Last log entry that is processed",
                (false, shared.processed.borrow().0),
            ),
            figure(
                "rapport_fresh_events",
                "Events not yet in files",
                (false, history.n_fresh as u64),
            ),
            figure("rapport_runs", "Files of history", (false, history.n_runs as u64)),
            figure("rapport_run_bytes", "Bytes of history", (false, history.run_bytes)),
        ]
    }
}

fn figure(name: &'static str, help: &'static str, (is_counter, value): (bool, u64)) -> Figure {
    Figure { name, help, is_counter, labels: Vec::new(), value: value as f64 }
}

fn folder_bytes(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .filter_map(|e| e.metadata().ok())
        .filter(|m| m.is_file())
        .map(|m| m.len())
        .sum()
}
