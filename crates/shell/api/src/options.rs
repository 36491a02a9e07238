//! With what does the server run?

use crate::rate::Limiters;
use crate::sql::SqlDesk;
use crate::telemetry::Telemetry;
use crate::ui::UiAssets;
use app::Engine;
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};

/// Live streams that may be open at the same time.
const STREAMS_MAX: usize = 500;

/// What the binary decides about the server.
#[derive(Clone)]
pub struct ApiOptions {
    /// The loop behind the server.
    pub engine: Arc<Engine>,
    /// The files of the UI; `None` serves the API alone.
    pub ui: Option<UiAssets>,
    /// The address under which people reach the server (`https://rapport.example.com`), where it
    /// is not the one in their requests.
    pub public_url: Option<String>,
    /// Whether a proxy in front is believed about the client's address and protocol
    /// (`X-Forwarded-For`, `X-Forwarded-Proto`).
    pub is_behind_proxy: bool,
    /// How often one address may ask.
    pub rates: Rates,
    /// Who answers questions in SQL; `None` where nobody does.
    pub sql: Option<Arc<dyn SqlDesk>>,
    /// Turns `true` when the process stops: live streams end, so that the server can.
    pub stopping: watch::Receiver<bool>,
}

impl ApiOptions {
    /// The options of a server on loopback, reached directly.
    #[must_use]
    pub fn new(engine: Arc<Engine>, stopping: watch::Receiver<bool>) -> Self {
        let rates = Rates::default();
        Self {
            engine,
            ui: None,
            public_url: None,
            is_behind_proxy: false,
            rates,
            sql: None,
            stopping,
        }
    }
}

/// How many requests per second are answered; bursts of three times that are let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// API requests per second of one address.
    pub api_per_address: u32,
    /// API requests per second of one user or token.
    pub api_per_caller: u32,
    /// Requests with events per second of one address.
    pub collect_per_address: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self { api_per_address: 200, api_per_caller: 100, collect_per_address: 20_000 }
    }
}

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Api {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub options: ApiOptions,
    pub limiters: Limiters,
    pub telemetry: Telemetry,
    pub streams: Arc<Semaphore>,
    /// Memory for bodies that are being read or taken, in kilobytes.
    pub body_memory: Arc<Semaphore>,
    /// `/api/openapi.json`, built once.
    pub openapi: String,
}

impl Api {
    pub(crate) fn new(options: ApiOptions, openapi: String) -> Self {
        let limiters = Limiters::new(options.rates);
        let streams = Arc::new(Semaphore::new(STREAMS_MAX));
        let telemetry = Telemetry::default();
        let body_memory = Arc::new(Semaphore::new(crate::body::HELD_KB_MAX));
        let shared = Shared { options, limiters, telemetry, streams, body_memory, openapi };
        Self { shared: Arc::new(shared) }
    }

    /// The loop behind the server.
    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.shared.options.engine
    }
}

impl std::ops::Deref for Api {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}
