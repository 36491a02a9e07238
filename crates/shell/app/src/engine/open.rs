//! How does an engine come up?

use super::{Engine, PROFILE_CACHE_BYTES, Shared, Tallies};
use crate::access::Access;
use crate::customers::Watchers;
use crate::data_dir::DataDir;
use crate::debugger::Recent;
use crate::engine::pressure::Pressure;
use crate::imports::Imports;
use crate::keeper::Keeper;
use crate::options::EngineOptions;
use crate::processor::Processor;
use crate::sources::Sources;
use crate::{failure, keeper};
use base::{CustomerId, Error};
use bytes::Bytes;
use event_log::{EventLog, LogOptions, SqliteLog};
use history::{History, RunStore};
use moka::sync::Cache;
use state::State;
use std::sync::{Arc, Mutex};
use tokio::sync::{broadcast, watch};

/// Bytes of file footers that are kept in memory.
const FOOTER_CACHE_BYTES: u64 = 64 << 20;
/// Batches that a slow watcher of the debugger may be behind.
const DEBUG_BATCHES_MAX: usize = 64;

impl Engine {
    /// Opens the data directory and starts to process what its log holds.
    ///
    /// # Errors
    /// What [`DataDir::open`] says, and whatever keeps a store from opening.
    pub async fn open(options: EngineOptions) -> Result<Arc<Self>, Error> {
        let is_paused = options.is_processor_paused;
        let shared = Arc::new(open_shared(options).await?);
        shared.recent.warm_up(&shared).await?;
        let stop = watch::Sender::new(false);
        let processor = Processor::open(Arc::clone(&shared)).await?;
        let mut tasks = Vec::new();
        if !is_paused {
            tasks.push(tokio::spawn(Keeper::new(&shared).run(stop.subscribe())));
            tasks.push(tokio::spawn(processor.run(stop.subscribe())));
        }
        Ok(Arc::new(Self { shared, stop, tasks: Mutex::new(tasks) }))
    }
}

async fn open_shared(options: EngineOptions) -> Result<Shared, Error> {
    let data_dir = DataDir::open(&options.data_dir)?;
    let log = open_log(&data_dir, &options).await?;
    let file = format!("sqlite:{}", data_dir.state_file().display());
    let state = State::open(options.state_url.as_deref().unwrap_or(&file)).await?;
    let history = open_history(&data_dir, &state).await?;
    let now = options.clock.now();
    let access = Access::open(&state, options.admin_token.clone(), now).await?;
    let sources = Sources::open(&state).await?;
    sources.ensure_first(options.write_key.as_deref(), options.store_ip_default, now).await?;
    let progress = state.progress().await?;
    keeper::refuse_a_log_that_fell_behind(&*log, progress.position)?;
    Ok(Shared {
        pressure: Pressure::new(log.head(), progress.position),
        imports: Imports::open(&state),
        processed: watch::Sender::new(progress.position),
        profiles: profile_cache(),
        recent: Recent::new(),
        debug: broadcast::Sender::new(DEBUG_BATCHES_MAX),
        watchers: Watchers::default(),
        observed: std::sync::RwLock::default(),
        tallies: Tallies::default(),
        started_at: now,
        history: Arc::new(history),
        options,
        data_dir,
        log,
        state,
        access,
        sources,
    })
}

async fn open_log(data_dir: &DataDir, options: &EngineOptions) -> Result<Arc<dyn EventLog>, Error> {
    let log_options =
        LogOptions { reserve_bytes: options.disk_reserve_bytes, ..LogOptions::default() };
    Ok(Arc::new(SqliteLog::open(&data_dir.log(), log_options).await.map_err(failure::log)?))
}

async fn open_history(data_dir: &DataDir, state: &State) -> Result<History, Error> {
    let folder = data_dir.history();
    std::fs::create_dir_all(&folder).map_err(|error| {
        let message = format!("could not make {}", folder.display());
        Error::new(base::ErrorKind::Unavailable, message).with_source(error)
    })?;
    let store = RunStore::in_folder(&folder, FOOTER_CACHE_BYTES).map_err(failure::history)?;
    let runs = state.runs().await?.into_iter().map(keeper::meta_of).collect();
    let fresh = state.fresh_batches().await?.into_iter().map(|batch| Bytes::from(batch.events));
    History::open(store, runs, fresh).map_err(failure::history)
}

fn profile_cache() -> Cache<CustomerId, Arc<[u8]>> {
    Cache::builder()
        .weigher(|_, blob: &Arc<[u8]>| u32::try_from(blob.len() + 64).unwrap_or(u32::MAX))
        .max_capacity(PROFILE_CACHE_BYTES)
        .build()
}
