//! How do psql, JDBC, psycopg and everything else that knows PostgreSQL ask?
//!
//! Over version 3 of its wire protocol, simple and extended, with a password in clear text inside
//! TLS (our passwords are kept as argon2id, from which no challenge can be answered). Catalogues
//! (`pg_catalog`, `information_schema`) are there to be browsed. A connection asks as one viewer,
//! under the bounds of its [`Engine`]; `statement_timeout` may make its time shorter.
//!
//! What is not there: writing, `COPY`, `LISTEN`, prepared statements by SQL, and transactions that
//! mean anything; `BEGIN` and `COMMIT` are acknowledged, since drivers send them unasked.

mod connection;
mod known;
mod parser;
mod query;
mod statements;

use crate::engine::Engine;
use crate::viewer::Viewer;
use async_trait::async_trait;
use base::ErrorKind;
use connection::Connection;
use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Says who somebody is.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// The viewer with this name and password; `None` where there is none, or where too many
    /// tries have failed from there.
    async fn sign_in(&self, user: &str, password: &str, peer: SocketAddr) -> Option<Viewer>;
}

/// What the server is to be like.
pub struct Options {
    /// Who asks.
    pub authenticator: Arc<dyn Authenticator>,
    /// The certificate; without it passwords travel in the clear.
    pub tls: Option<TlsAcceptor>,
    /// Whether connections without TLS are refused, those of this machine apart.
    pub requires_tls: bool,
    /// Connections at the same time.
    pub n_connections_max: usize,
}

/// A certificate or key cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot use the {what} for TLS")]
pub struct BadTls {
    what: &'static str,
    #[source]
    source: crate::error::Cause,
}

impl BadTls {
    /// What the caller should do.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }
}

/// TLS with a chain of certificates and its key, both as PEM.
///
/// # Errors
/// [`BadTls`] naming what cannot be used.
pub fn tls(certificates: &[u8], key: &[u8]) -> Result<TlsAcceptor, BadTls> {
    let bad = |what| move |source: crate::error::Cause| BadTls { what, source };
    let chain = CertificateDer::pem_slice_iter(certificates).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|e| bad("certificate")(e.into()))?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|e| bad("key")(e.into()))?;
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| bad("protocol versions")(e.into()))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|e| bad("certificate")(e.into()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// How long an error of the listener is given to pass.
const LISTENER_PAUSE: Duration = Duration::from_millis(100);

/// What all connections share.
pub(crate) struct Server {
    pub engine: Engine,
    pub options: Options,
    open: Mutex<HashMap<Key, Weak<Connection>>>,
}

/// What a client must show to stop a question of a connection.
pub(crate) type Key = (i32, Vec<u8>);

impl Server {
    pub fn enter(&self, key: Key, connection: &Arc<Connection>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, connection| connection.strong_count() > 0);
        open.insert(key, Arc::downgrade(connection));
    }

    pub fn stop(&self, key: &Key) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = open.get(key).and_then(Weak::upgrade) {
            connection.stop();
        }
    }
}

/// Serves connections until `stop` is done. Those that are open then end with their engine.
pub async fn serve(
    engine: Engine,
    listener: TcpListener,
    options: Options,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(options.n_connections_max));
    let server = Arc::new(Server { engine, options, open: Mutex::default() });
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => return,
            accepted = listener.accept() => accepted,
        };
        let (socket, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection of SQL");
                tokio::time::sleep(LISTENER_PAUSE).await;
                continue;
            }
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            tracing::warn!(%peer, "too many connections of SQL");
            continue;
        };
        let server_here = server.clone();
        // Connections live on the threads of questions, whose stacks are deep enough to parse.
        let Ok(socket) = socket.into_std() else { continue };
        server.engine.handle().spawn(async move {
            let _place = place;
            let Ok(socket) = TcpStream::from_std(socket) else { return };
            if let Err(error) = connection::talk(server_here, socket, peer).await {
                tracing::debug!(%peer, %error, "a connection of SQL broke off");
            }
        });
    }
}
