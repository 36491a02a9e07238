//! How does an engine come up?

use super::{Engine, N_PROFILES_CACHED, PROFILE_CACHE_BYTES, ProfileBytes, Shared, Tallies};
use crate::access::Access;
use crate::accounts::AccountRules;
use crate::customers::Watchers;
use crate::data_dir::DataDir;
use crate::debugger::Recent;
use crate::engine::pressure::Pressure;
use crate::entry::LogEntry;
use crate::imports::{Imports, Uploads};
use crate::keeper::Keeper;
use crate::linkage::{Linkage, Linker};
use crate::options::EngineOptions;
use crate::privacy::{Retention, Tombstones};
use crate::processor::Processor;
use crate::relations::{Influencers, carry_over};
use crate::rules::{RuleBook, RulesOrder};
use crate::sources::Sources;
use crate::traits::{Lists, Traits};
use crate::{failure, keeper, moves};
use base::Error;
use bytes::Bytes;
use event_log::{EventLog, LogOptions, SqliteLog};
use history::{History, RunStore};
use quick_cache::sync::Cache;
use state::State;
use std::sync::{Arc, Mutex};
use tokio::runtime::Handle;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

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
        moves::recall(&shared).await?;
        shared.recent.warm_up(&shared).await?;
        let stop = watch::Sender::new(false);
        let processor = Processor::open(Arc::clone(&shared)).await?;
        let mut tasks = Vec::new();
        if !is_paused {
            bring_up_to_date(&shared).await?;
            shared.imports.take_up(shared.now()).await?;
            tasks.push(tokio::spawn(Keeper::new(&shared).run(stop.subscribe())));
            tasks.push(on_own_thread(processor.run(stop.subscribe())));
            let linker = Linker::new(Arc::clone(&shared));
            tasks.push(on_own_thread(linker.run(stop.subscribe())));
        }
        let engine = Arc::new(Self { shared, stop, tasks: Mutex::new(tasks) });
        if !is_paused {
            crate::alerts::begin_watching(&engine);
        }
        Ok(engine)
    }
}

/// What a program without rules of identity judged is judged by the rules of this one, and what
/// was said by hand without an entry of the log gets one.
async fn bring_up_to_date(shared: &Shared) -> Result<(), Error> {
    if shared.state.identity_rules(1).await?.is_empty() {
        let order = RulesOrder::of_the_program(shared.now());
        let payload = LogEntry::encode_rules(&order).into();
        shared.log.append(payload).await.map_err(failure::log)?;
    }
    carry_over(shared).await
}

/// The processor thinks for milliseconds at a time: on a thread of its own no request waits behind
/// it, and what it lets go of is what it takes up again.
fn on_own_thread(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || runtime.block_on(work))
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
    let traits = Traits::open(&state).await?;
    let lists = Lists::open(&state).await?;
    let account_rules = AccountRules::open(&state).await?;
    let rules = RuleBook::open(&state, now).await?;
    let uploads = Uploads::open(&data_dir.uploads(), options.disk_reserve_bytes)?;
    let tombstones = Tombstones::open(&data_dir, &state).await?;
    let progress = state.progress().await?;
    keeper::refuse_a_log_that_fell_behind(&*log, progress.position).await?;
    Ok(Shared {
        pressure: Pressure::new(log.head(), progress.position),
        imports: Imports::open(&state, uploads),
        linkage: Linkage::open(&state, now).await?,
        processed: watch::Sender::new(progress.position),
        questions: crate::insights::Questions::default(),
        telling: tokio::sync::Mutex::default(),
        profiles: Cache::with_weighter(N_PROFILES_CACHED, PROFILE_CACHE_BYTES, ProfileBytes),
        recent: Recent::new(),
        debug: broadcast::Sender::new(DEBUG_BATCHES_MAX),
        watchers: Watchers::default(),
        observed: std::sync::RwLock::default(),
        tallies: Tallies::default(),
        started_at: now,
        history: Arc::new(history),
        retention: Retention::open(&state).await?,
        consent_report: tokio::sync::Mutex::default(),
        tombstones,
        options,
        data_dir,
        log,
        state,
        access,
        sources,
        traits,
        lists,
        account_rules,
        influencers: Influencers::default(),
        rules,
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
