//! What runs when Rapport runs, and how does it start and stop?

mod accept;
mod open;
mod pressure;

pub use accept::{Admission, ImportRows, Origin};

use crate::access::Access;
use crate::accounts::AccountRules;
use crate::customers::Watchers;
use crate::data_dir::DataDir;
use crate::debugger::{DebugBatch, Recent};
use crate::imports::Imports;
use crate::insights::Questions;
use crate::linkage::Linkage;
use crate::options::EngineOptions;
use crate::plan::ObservedPlan;
use crate::privacy::{ConsentReport, Retention, Tombstones};
use crate::relations::Influencers;
use crate::rules::RuleBook;
use crate::sources::Sources;
use crate::traits::{Lists, Traits};
use base::{CustomerId, Error, Limits, Position, SourceId, Timestamp};
use collect::Delivery;
use event_log::EventLog;
use history::History;
use lexicon::{Event, Refusal};
use pressure::Pressure;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use state::State;
use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

/// Bytes of profiles that are kept in memory.
const PROFILE_CACHE_BYTES: u64 = 96 << 20;

/// How many profiles are expected to fill that.
const N_PROFILES_CACHED: usize = 100_000;
/// How long a shutdown waits for those who still read.
const CLOSED_WITHIN: Duration = Duration::from_secs(10);

/// What a profile in memory weighs.
#[derive(Clone)]
pub(crate) struct ProfileBytes;

impl Weighter<CustomerId, Arc<[u8]>> for ProfileBytes {
    fn weight(&self, _: &CustomerId, blob: &Arc<[u8]>) -> u64 {
        blob.len() as u64 + 64
    }
}

/// One running Rapport.
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
    pub(crate) stop: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// What the parts of an engine have in common.
pub(crate) struct Shared {
    pub(crate) options: EngineOptions,
    pub(crate) data_dir: DataDir,
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) state: State,
    pub(crate) history: Arc<History>,
    pub(crate) access: Access,
    pub(crate) sources: Sources,
    pub(crate) traits: Traits,
    pub(crate) lists: Lists,
    pub(crate) account_rules: AccountRules,
    pub(crate) influencers: Influencers,
    pub(crate) rules: RuleBook,
    pub(crate) imports: Imports,
    pub(crate) tombstones: Tombstones,
    pub(crate) retention: Retention,
    pub(crate) consent_report: tokio::sync::Mutex<Option<Arc<ConsentReport>>>,
    pub(crate) linkage: Linkage,
    pub(crate) questions: Questions,
    /// One at a time tells servers what alerts found: nobody is told twice at once.
    pub(crate) telling: tokio::sync::Mutex<()>,
    /// The last log entry that readers see the effects of.
    pub(crate) processed: watch::Sender<Position>,
    /// Profiles as they are committed.
    pub(crate) profiles: Cache<CustomerId, Arc<[u8]>, ProfileBytes>,
    pub(crate) recent: Recent,
    pub(crate) debug: broadcast::Sender<Arc<DebugBatch>>,
    pub(crate) watchers: Watchers,
    pub(crate) observed: RwLock<HashMap<SourceId, Arc<ObservedPlan>>>,
    pub(crate) pressure: Pressure,
    pub(crate) tallies: Tallies,
    pub(crate) started_at: Timestamp,
}

/// What was counted since the start, for the metrics.
#[derive(Default)]
pub(crate) struct Tallies {
    pub(crate) n_requests: AtomicU64,
    pub(crate) n_accepted: AtomicU64,
    pub(crate) n_refused: AtomicU64,
    pub(crate) n_duplicates: AtomicU64,
    pub(crate) n_batches: AtomicU64,
    pub(crate) n_flushes: AtomicU64,
    pub(crate) n_compactions: AtomicU64,
}

impl Shared {
    /// The present moment.
    pub(crate) fn now(&self) -> Timestamp {
        self.options.clock.now()
    }

    /// What an event says by the rules of identity that hold now.
    pub(crate) fn understand(&self, delivery: &Delivery, index: usize) -> Result<Event, Refusal> {
        let rules = Arc::clone(&self.rules.now().rules);
        let limits = &self.options.limits;
        let mut event = collect::understand_without(delivery, index, limits, &rules.blocked)?;
        rules.tidy(&mut event);
        Ok(event)
    }

    /// The profiles of these customers as they are committed, in their order.
    pub(crate) async fn profile_blobs(
        &self,
        customers: &[CustomerId],
    ) -> Result<Vec<Option<Arc<[u8]>>>, Error> {
        let mut blobs: Vec<Option<Arc<[u8]>>> =
            customers.iter().map(|id| self.profiles.get(id)).collect();
        let missing: Vec<usize> = (0..blobs.len()).filter(|&i| blobs[i].is_none()).collect();
        if missing.is_empty() {
            return Ok(blobs);
        }
        let wanted: Vec<CustomerId> = missing.iter().map(|&i| customers[i]).collect();
        for (index, blob) in missing.into_iter().zip(self.state.profiles(&wanted).await?) {
            blobs[index] = blob.map(Arc::from);
        }
        Ok(blobs)
    }
}

impl Engine {
    /// Who may get in.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.shared.access
    }

    /// Where events come from.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.shared.sources
    }

    /// Which value of a trait counts, and who may see it.
    #[must_use]
    pub fn traits(&self) -> &Traits {
        &self.shared.traits
    }

    /// The registry of imports.
    #[must_use]
    pub fn imports(&self) -> &Imports {
        &self.shared.imports
    }

    /// The bounds of everything.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.shared.options.limits
    }

    /// The present moment, by the engine's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.now()
    }

    /// Whether new sources keep the sender's address.
    #[must_use]
    pub fn store_ip_default(&self) -> bool {
        self.shared.options.store_ip_default
    }

    /// The folder that this engine has for itself.
    #[must_use]
    pub fn data_dir(&self) -> &DataDir {
        &self.shared.data_dir
    }

    /// Waits until everything accepted so far is processed.
    ///
    /// # Errors
    /// `Unavailable` where that takes longer than `patience`.
    pub async fn caught_up(&self, patience: Duration) -> Result<(), Error> {
        let head = self.shared.log.head();
        let mut processed = self.shared.processed.subscribe();
        let reached = processed.wait_for(|position| *position >= head);
        let in_time = tokio::time::timeout(patience, reached).await;
        if matches!(in_time, Ok(Ok(_))) {
            return Ok(());
        }
        let message = "the processor did not reach the end of the log in time";
        Err(Error::new(base::ErrorKind::Unavailable, message))
    }

    /// Makes the shutdown wait for `task`, which ends when the engine is told to stop.
    pub(crate) fn attend(&self, task: JoinHandle<()>) {
        let mut tasks = self.tasks.lock().expect("no holder of the tasks panics");
        tasks.retain(|task| !task.is_finished());
        tasks.push(task);
    }

    /// Finishes the batch at hand, stops, and closes the files, so that they can be copied as they
    /// are; what is accepted and not processed waits in the log.
    pub async fn shutdown(&self) {
        self.stop.send_replace(true);
        let tasks: Vec<JoinHandle<()>> =
            std::mem::take(&mut *self.tasks.lock().expect("no holder of the tasks panics"));
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a background task had ended before its time");
            }
        }
        let closing = async {
            if let Err(error) = self.shared.log.close().await {
                tracing::warn!(%error, "the log was not closed");
            }
            self.shared.state.db().close().await;
        };
        if tokio::time::timeout(CLOSED_WITHIN, closing).await.is_err() {
            tracing::warn!("somebody still reads; the files are closed with the process");
        }
        self.shared.data_dir.retire();
    }
}
