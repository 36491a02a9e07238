//! How does the server start, say where it is, and stop?

use crate::config::Config;
use crate::ui;
use anyhow::{Context, Result};
use api::ApiOptions;
use app::Engine;
use app::access::Secret;
use app::data_dir::Running;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long open requests may take to end once the server is told to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// A server that runs.
pub struct Serving {
    engine: Arc<Engine>,
    running: Running,
    stop: watch::Sender<bool>,
    server: JoinHandle<std::io::Result<()>>,
}

/// Serves until somebody stops it.
pub async fn run(config: &Config) -> Result<()> {
    let serving = Serving::start(config).await?;
    serving.greet(config).await?;
    serving.until_stopped().await
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
        let listener = TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("could not listen on {}", config.listen))?;
        let engine = Engine::open(options).await?;
        let address = listener.local_addr()?.to_string();
        let running = Running { pid: std::process::id(), address, token };
        engine.data_dir().announce(&running)?;
        let stop = watch::Sender::new(false);
        let mut api_options = ApiOptions::new(Arc::clone(&engine), stop.subscribe());
        api_options.ui = Some(ui::file);
        api_options.public_url.clone_from(&config.public_url);
        api_options.is_behind_proxy = config.trust_proxy;
        let service =
            api::router(api_options).into_make_service_with_connect_info::<SocketAddr>();
        let stopped = until_true(stop.subscribe());
        let server = axum::serve(listener, service).with_graceful_shutdown(stopped);
        Ok(Self { engine, running, stop, server: tokio::spawn(server.into_future()) })
    }

    /// How to reach it.
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// The engine behind it.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Says where it is, and how to sign in.
    pub async fn greet(&self, config: &Config) -> Result<()> {
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
        println!("Ctrl-C stops it.");
        Ok(())
    }

    /// Serves until Ctrl-C or SIGTERM.
    pub async fn until_stopped(self) -> Result<()> {
        asked_to_stop().await?;
        eprintln!("stopping …");
        self.stop().await
    }

    /// Lets open requests end, finishes the batch at hand, and closes everything.
    pub async fn stop(self) -> Result<()> {
        self.engine.caught_up(FAREWELL).await.ok();
        self.stop.send_replace(true);
        let server = self.server;
        if let Ok(ended) = tokio::time::timeout(FAREWELL, server).await {
            ended??;
        }
        self.engine.shutdown().await;
        Ok(())
    }
}

async fn until_true(mut stop: watch::Receiver<bool>) {
    // Whoever could stop us being gone means the same.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn asked_to_stop() -> Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}
