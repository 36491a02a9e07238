//! How does the server start, say where it is, and stop?

use crate::config::Config;
use crate::ui;
use anyhow::{Context, Result};
use api::ApiOptions;
use app::Engine;
use app::access::Secret;
use app::data_dir::{DataDir, Running};
use base::{Error, ErrorKind};
use desk::{Desk, Port};
use sql::SqlLimits;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long open requests may take to end once the server is told to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// What SQL may put on the disk while it sorts and groups.
const SQL_WORK_BYTES_MAX: u64 = 4 << 30;

/// A server that runs.
pub struct Serving {
    engine: Arc<Engine>,
    running: Running,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    port: Option<Port>,
}

/// Serves until somebody stops it.
pub async fn run(config: &Config) -> Result<()> {
    let serving = Serving::start(config).await?;
    // Before the greeting: who reads it may stop us at once.
    let signals = StopSignals::new()?;
    serving.until_stopped(config, signals).await
}

impl Serving {
    /// Opens the data directory and listens.
    pub async fn start(config: &Config) -> Result<Self> {
        let mut options = config.engine_options();
        // Other commands on this machine reach the server with this token; see `running.json`.
        let token = match &options.admin_token {
            Some(token) => token.clone(),
            None => Secret::fresh("rpl_")?.reveal().to_owned(),
        };
        options.admin_token = Some(token.clone());
        let listener = listen(config).await?;
        let engine = Engine::open(options).await?;
        let address = listener.local_addr()?.to_string();
        let running = Running { pid: std::process::id(), address, token };
        engine.data_dir().announce(&running)?;
        let stop = watch::Sender::new(false);
        let (desk, port) = open_desk(config, &engine, &stop).await?;
        let mut api_options = ApiOptions::new(Arc::clone(&engine), stop.subscribe());
        api_options.ui = Some(ui::file);
        api_options.sql = Some(Arc::new(desk));
        api_options.public_url.clone_from(&config.public_url);
        api_options.is_behind_proxy = config.trust_proxy;
        api_options.rates.api_per_caller = config.api_requests_per_second;
        api_options.rates.api_per_address = config.api_requests_per_second.saturating_mul(2);
        let router = api::router(api_options);
        let server = api::serve(listener, router, api::HEAD_WITHIN, stop.subscribe());
        Ok(Self { engine, running, stop, server: tokio::spawn(server), port })
    }

    /// How to reach it.
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// The engine behind it.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Says where it is, and serves until Ctrl-C or SIGTERM.
    pub async fn until_stopped(self, config: &Config, mut signals: StopSignals) -> Result<()> {
        self.greet(config).await?;
        signals.wait().await;
        eprintln!("stopping …");
        self.stop().await
    }

    /// Says where it is, and how to sign in.
    async fn greet(&self, config: &Config) -> Result<()> {
        let own = format!("http://{}", self.running.address);
        let url = config.public_url.as_deref().unwrap_or(&own).trim_end_matches('/');
        println!("Rapport serves {} at {url}", config.data.display());
        match self.engine.access().first_admin_link(self.engine.now()).await? {
            Some(token) => {
                println!("\n  Open this once to set your name and password:\n");
                println!("  {url}/invite/{}\n", token.reveal());
            }
            None => println!("Sign in there with your e-mail address and password."),
        }
        if let Some(port) = &self.port {
            let how = if port.is_tls { "TLS" } else { "this machine only, without TLS" };
            println!("SQL for psql, JDBC and their like at {} ({how}).", port.address);
        }
        println!("Ctrl-C stops it.");
        Ok(())
    }

    /// Lets open requests end, finishes the batch at hand, and closes everything.
    pub async fn stop(self) -> Result<()> {
        self.engine.caught_up(FAREWELL).await.ok();
        self.stop.send_replace(true);
        let server = self.server;
        if let Ok(ended) = tokio::time::timeout(FAREWELL, server).await {
            ended?;
        }
        if let Some(port) = self.port {
            port.closed().await;
        }
        self.engine.shutdown().await;
        Ok(())
    }
}

/// What answers SQL, and its port where one is wanted.
async fn open_desk(
    config: &Config,
    engine: &Arc<Engine>,
    stop: &watch::Sender<bool>,
) -> Result<(Desk, Option<Port>)> {
    let desk = Desk::new(engine, sql_limits(&config.data)?)?;
    Ok(match config.postgres_options()? {
        None => (desk, None),
        Some(options) => {
            let (desk, port) = desk.open(&options, stop.subscribe()).await?;
            (desk, Some(port))
        }
    })
}

/// The limits of SQL, with a place for what sorting and grouping cannot keep in memory. What a crash
/// has left there is taken away first.
fn sql_limits(data: &Path) -> Result<SqlLimits> {
    let folder = data.join("sql-work");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(SqlLimits { spill: Some((folder, SQL_WORK_BYTES_MAX)), ..SqlLimits::default() })
}

/// A listener; where there can be none, the more telling of the reasons.
async fn listen(config: &Config) -> Result<TcpListener> {
    let address = config.listen;
    let error = match TcpListener::bind(address).await {
        Ok(listener) => return Ok(listener),
        Err(error) => error,
    };
    // A server of the same directory has the port as well, most of the time.
    if config.data.is_dir() {
        DataDir::open(&config.data)?;
    }
    let (kind, hint) = match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            (ErrorKind::Conflict, "give another --listen, as 127.0.0.1:7118")
        }
        _ => (ErrorKind::Invalid, "give an address of this machine and a free port as --listen"),
    };
    let failure = Error::new(kind, format!("could not listen on {address}"));
    Err(failure.with_hint(hint).with_source(error).into())
}

/// What asks a process to stop, from the moment on in which this is made.
#[cfg(unix)]
pub struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

#[cfg(unix)]
impl StopSignals {
    /// Keeps whatever asks from now on.
    pub fn new() -> Result<Self> {
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { interrupt, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits until somebody asks.
    pub async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
pub struct StopSignals;

#[cfg(not(unix))]
impl StopSignals {
    /// Keeps whatever asks from now on.
    pub fn new() -> Result<Self> {
        Ok(Self)
    }

    /// Waits until somebody asks.
    pub async fn wait(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // Then only the end of the process stops it.
            std::future::pending::<()>().await;
        }
    }
}
