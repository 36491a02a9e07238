//! Where do psql, JDBC, psycopg and their like connect?

use crate::Desk;
use base::{Error, ErrorKind};
use sql::pg;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Connections at the same time.
const N_CONNECTIONS_MAX: usize = 64;

/// Where to listen, and with which certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresOptions {
    /// The address. Without a certificate it must be of this machine alone: passwords would travel
    /// in the clear.
    pub listen: SocketAddr,
    /// A chain of certificates and its key, both as PEM files.
    pub tls: Option<(PathBuf, PathBuf)>,
}

/// A port that is open.
#[derive(Debug)]
pub struct Port {
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether connections can be encrypted.
    pub is_tls: bool,
    serving: JoinHandle<()>,
}

impl Desk {
    /// Opens the port and serves it until `stopping` turns `true`; gives a desk that knows of it.
    ///
    /// # Errors
    /// `Invalid` where the certificate or its key cannot be used, or an address that others reach
    /// has none; `Conflict` where the port is taken.
    pub async fn open(
        mut self,
        options: &PostgresOptions,
        stopping: watch::Receiver<bool>,
    ) -> Result<(Self, Port), Error> {
        let tls = match &options.tls {
            Some((chain, key)) => Some(pg::tls(&read(chain)?, &read(key)?).map_err(bad_tls)?),
            None if options.listen.ip().is_loopback() => None,
            None => {
                let message = format!("{} is reached by others and has no TLS", options.listen);
                let failure = Error::new(ErrorKind::Invalid, message);
                let hint = "give --postgres-certificate and --postgres-key, or an address like \
                            127.0.0.1:5433";
                return Err(failure.with_hint(hint));
            }
        };
        let listener = listen(options.listen).await?;
        let address = listener.local_addr().map_err(|e| no_port(options.listen, e))?;
        let is_tls = tls.is_some();
        self.port = Some(api::sql::SqlServer { port: address.port(), is_tls });
        let settings = pg::Options {
            authenticator: Arc::new(self.clone()),
            tls,
            requires_tls: is_tls,
            n_connections_max: N_CONNECTIONS_MAX,
        };
        let served = pg::serve(self.sql.clone(), listener, settings, until_true(stopping));
        let serving = tokio::spawn(served);
        Ok((self, Port { address, is_tls, serving }))
    }
}

impl Port {
    /// Waits until nobody new is let in.
    pub async fn closed(self) {
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "the port of SQL had closed before its time");
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|error| no_port(address, error))
}

fn no_port(address: SocketAddr, error: std::io::Error) -> Error {
    let kind = match error.kind() {
        std::io::ErrorKind::AddrInUse => ErrorKind::Conflict,
        _ => ErrorKind::Invalid,
    };
    let failure = Error::new(kind, format!("could not listen on {address} for PostgreSQL"));
    failure.with_hint("give another --postgres, as 127.0.0.1:5433").with_source(error)
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| {
        let message = format!("could not read {}", path.display());
        Error::new(ErrorKind::Invalid, message).with_source(error)
    })
}

fn bad_tls(bad: pg::BadTls) -> Error {
    let failure = Error::new(bad.kind(), bad.to_string());
    failure.with_hint("both must be PEM files that belong together").with_source(bad)
}

async fn until_true(mut stopping: watch::Receiver<bool>) {
    // Whoever could stop us being gone means the same.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}
