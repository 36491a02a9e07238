//! Which settings hold, of flags, environment and file?

use crate::cli::Arguments;
use anyhow::Result;
use app::EngineOptions;
use base::{Error, ErrorKind};
use desk::PostgresOptions;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tracing_subscriber::EnvFilter;

/// The settings that the environment may give; other `RAPPORT_` variables are somebody else's.
const KEYS: [&str; 17] = [
    "data",
    "listen",
    "postgres",
    "postgres_certificate",
    "postgres_key",
    "public_url",
    "state",
    "admin_token",
    "write_key",
    "store_ip",
    "disk_reserve_mb",
    "lag_entries_max",
    "dedupe_window_hours",
    "log_retention_days",
    "trust_proxy",
    "api_requests_per_second",
    "webhooks_reach_inside",
];

/// Every setting, as it can stand in `rapport.toml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The folder that holds everything.
    pub data: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where programs that know PostgreSQL connect to ask in SQL; nowhere where nothing is said.
    pub postgres: Option<SocketAddr>,
    /// The certificate of that port, a PEM file; without it only this machine may connect.
    pub postgres_certificate: Option<PathBuf>,
    /// The key of that certificate, a PEM file.
    pub postgres_key: Option<PathBuf>,
    /// Where people reach it, for links (`https://rapport.example.com`).
    pub public_url: Option<String>,
    /// `postgres://…` to keep the operational tables there.
    pub state: Option<String>,
    /// A bearer token that may do everything, for unattended set-up.
    pub admin_token: Option<String>,
    /// The write key of a first source, for unattended set-up.
    pub write_key: Option<String>,
    /// Whether new sources keep the sender's address.
    pub store_ip: bool,
    /// Megabytes of disk that are left free; below, nothing new is accepted.
    pub disk_reserve_mb: u64,
    /// Log entries still to be processed at which senders are asked to wait.
    pub lag_entries_max: u64,
    /// Hours during which a message id is remembered.
    pub dedupe_window_hours: u32,
    /// Days for which the log keeps what is processed, for the debugger.
    pub log_retention_days: u32,
    /// Whether a proxy in front says who is asking (`X-Forwarded-For`).
    pub trust_proxy: bool,
    /// API requests per second that one user or token may make; an address may make twice as many.
    pub api_requests_per_second: u32,
    /// Whether webhooks may lead to private networks and to servers without TLS.
    pub webhooks_reach_inside: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("rapport-data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 7117)),
            postgres: None,
            postgres_certificate: None,
            postgres_key: None,
            public_url: None,
            state: None,
            admin_token: None,
            write_key: None,
            store_ip: true,
            disk_reserve_mb: 256,
            lag_entries_max: 100_000,
            dedupe_window_hours: 72,
            log_retention_days: 7,
            trust_proxy: false,
            api_requests_per_second: 100,
            webhooks_reach_inside: false,
        }
    }
}

/// The settings: flags, then `RAPPORT_*`, then the file, then what a fresh installation has.
pub fn read(arguments: &Arguments) -> Result<Config> {
    let figment = Figment::from(Serialized::defaults(Config::default()))
        .merge(file(arguments)?)
        .merge(Env::prefixed("RAPPORT_").only(&KEYS));
    let mut config: Config = figment.extract().map_err(|error| {
        Error::new(ErrorKind::Invalid, "the settings do not fit").with_source(error)
    })?;
    if let Some(data) = &arguments.data {
        config.data.clone_from(data);
    }
    config.listen = arguments.listen.unwrap_or(config.listen);
    config.postgres = arguments.postgres.or(config.postgres);
    for (given, setting) in [
        (&arguments.postgres_certificate, &mut config.postgres_certificate),
        (&arguments.postgres_key, &mut config.postgres_key),
    ] {
        if given.is_some() {
            setting.clone_from(given);
        }
    }
    Ok(config)
}

/// The file that was named, or `rapport.toml` of the current folder; nothing where there is none.
fn file(arguments: &Arguments) -> Result<Figment> {
    let (path, is_named) = match &arguments.config {
        Some(path) => (path.as_path(), true),
        None => (Path::new("rapport.toml"), false),
    };
    if path.is_file() {
        return Ok(Figment::from(Toml::file_exact(path)));
    }
    if is_named {
        let message = format!("there is no configuration file {}", path.display());
        return Err(Error::new(ErrorKind::NotFound, message).into());
    }
    Ok(Figment::new())
}

impl Config {
    /// The port of PostgreSQL's protocol, where one is wanted.
    ///
    /// # Errors
    /// `Invalid` for a certificate without its key, or a key without its certificate.
    pub fn postgres_options(&self) -> Result<Option<PostgresOptions>> {
        let Some(listen) = self.postgres else { return Ok(None) };
        let tls = match (&self.postgres_certificate, &self.postgres_key) {
            (Some(certificate), Some(key)) => Some((certificate.clone(), key.clone())),
            (None, None) => None,
            _ => {
                let message = "postgres_certificate and postgres_key go together";
                return Err(Error::new(ErrorKind::Invalid, message).into());
            }
        };
        Ok(Some(PostgresOptions { listen, tls }))
    }

    /// The same settings as the engine takes them.
    pub fn engine_options(&self) -> EngineOptions {
        let mut options = EngineOptions::new(&self.data);
        options.state_url.clone_from(&self.state);
        options.admin_token.clone_from(&self.admin_token);
        options.write_key.clone_from(&self.write_key);
        options.store_ip_default = self.store_ip;
        options.webhooks_reach_inside = self.webhooks_reach_inside;
        options.disk_reserve_bytes = self.disk_reserve_mb << 20;
        options.lag_entries_max = self.lag_entries_max;
        options.limits.dedupe_window_hours = self.dedupe_window_hours;
        let day_seconds = 24 * 3_600;
        let retention_seconds = u64::from(self.log_retention_days) * day_seconds;
        options.log_retention = std::time::Duration::from_secs(retention_seconds);
        options
    }
}

/// Sends what happens to the error stream; `RAPPORT_LOG` chooses finer than `--verbose`.
pub fn start_logging(arguments: &Arguments) {
    let level = match arguments.verbose {
        0 => "warn,rapport=info",
        1 => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("RAPPORT_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
