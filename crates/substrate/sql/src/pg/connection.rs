//! Who is at the other end, and what are they told when they come in or something fails?

use super::known::SERVER_VERSION;
use super::parser::GuardedParser;
use super::query::Asking;
use super::{Key, Server};
use crate::answer::Canceller;
use crate::error::SqlError;
use crate::session::plan;
use async_trait::async_trait;
use datafusion::error::DataFusionError;
use datafusion_postgres::pgwire;
use futures::{Sink, SinkExt};
use pgwire::api::auth::{
    DefaultServerParameterProvider, StartupHandler, finish_authentication, protocol_negotiation,
    save_startup_parameters_to_metadata,
};
use pgwire::api::cancel::CancelHandler;
use pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use pgwire::api::{
    ClientInfo, ErrorHandler, METADATA_USER, PgWireConnectionState, PgWireServerHandlers,
    PidSecretKeyGenerator, RandomPidSecretKeyGenerator,
};
use pgwire::error::{ErrorInfo, PgWireError, PgWireResult};
use pgwire::messages::cancel::CancelRequest;
use pgwire::messages::startup::Authentication;
use pgwire::messages::{PgWireBackendMessage, PgWireFrontendMessage};
use pgwire::tokio::process_socket;
use std::fmt::Debug;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::net::TcpStream;

/// One connection.
pub(crate) struct Connection {
    pub server: Arc<Server>,
    peer: SocketAddr,
    /// What asks, once it is known for whom.
    asking: OnceLock<Arc<Asking>>,
    at_work: Mutex<Option<Canceller>>,
}

/// Serves one connection to its end.
pub(crate) async fn talk(
    server: Arc<Server>,
    socket: TcpStream,
    peer: SocketAddr,
) -> std::io::Result<()> {
    let tls = server.options.tls.clone();
    let (asking, at_work) = (OnceLock::new(), Mutex::default());
    let connection = Arc::new(Connection { server, peer, asking, at_work });
    process_socket(socket, tls, Handlers { connection }).await
}

impl Connection {
    pub fn asking(&self) -> PgWireResult<Arc<Asking>> {
        self.asking.get().cloned().ok_or(PgWireError::NotReadyForQuery)
    }

    /// Remembers what stops the question that is being answered.
    pub fn begin(&self, canceller: Canceller) {
        *self.at_work.lock().unwrap_or_else(PoisonError::into_inner) = Some(canceller);
    }

    pub fn stop(&self) {
        let at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(canceller) = at_work {
            canceller.stop();
        }
    }
}

struct Handlers {
    connection: Arc<Connection>,
}

/// Handles whatever comes over one connection.
pub(crate) struct Desk {
    pub connection: Arc<Connection>,
    pub parser: Arc<GuardedParser>,
}

impl PgWireServerHandlers for Handlers {
    fn simple_query_handler(&self) -> Arc<impl SimpleQueryHandler> {
        Arc::new(self.desk())
    }

    fn extended_query_handler(&self) -> Arc<impl ExtendedQueryHandler> {
        Arc::new(self.desk())
    }

    fn startup_handler(&self) -> Arc<impl StartupHandler> {
        Arc::new(self.desk())
    }

    fn error_handler(&self) -> Arc<impl ErrorHandler> {
        Arc::new(self.desk())
    }

    fn cancel_handler(&self) -> Arc<impl CancelHandler> {
        Arc::new(self.desk())
    }
}

impl Handlers {
    fn desk(&self) -> Desk {
        let connection = self.connection.clone();
        let parser = Arc::new(GuardedParser { connection: connection.clone() });
        Desk { connection, parser }
    }
}

#[async_trait]
impl StartupHandler for Desk {
    async fn on_startup<C>(
        &self,
        client: &mut C,
        message: PgWireFrontendMessage,
    ) -> PgWireResult<()>
    where
        C: ClientInfo + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        match message {
            PgWireFrontendMessage::Startup(startup) => {
                self.check_tls(client.is_secure())?;
                protocol_negotiation(client, &startup).await?;
                save_startup_parameters_to_metadata(client, &startup);
                client.set_state(PgWireConnectionState::AuthenticationInProgress);
                let ask = Authentication::CleartextPassword;
                client.send(PgWireBackendMessage::Authentication(ask)).await?;
            }
            PgWireFrontendMessage::PasswordMessageFamily(password) => {
                let password = password.into_password()?;
                let user = client.metadata().get(METADATA_USER).cloned().unwrap_or_default();
                self.sign_in(&user, &password.password).await?;
                let (pid, secret) = RandomPidSecretKeyGenerator::default().generate(client);
                let key = (pid, secret.to_bytes().to_vec());
                client.set_pid_and_secret_key(pid, secret);
                self.connection.server.enter(key, &self.connection);
                finish_authentication(client, &parameters()).await?;
            }
            _ => {}
        }
        Ok(())
    }
}

impl Desk {
    fn check_tls(&self, is_secure: bool) -> PgWireResult<()> {
        let Connection { server, peer, .. } = &*self.connection;
        if is_secure || !server.options.requires_tls || peer.ip().is_loopback() {
            return Ok(());
        }
        Err(fatal("28000", "this server wants TLS: connect with sslmode=require"))
    }

    async fn sign_in(&self, user: &str, password: &str) -> PgWireResult<()> {
        let Connection { server, peer, asking, .. } = &*self.connection;
        let viewer = server.options.authenticator.sign_in(user, password, *peer).await;
        let Some(viewer) = viewer else {
            return Err(fatal(
                "28P01",
                &format!("password authentication failed for user \"{user}\""),
            ));
        };
        let new = Asking::new(&server.engine, &viewer).map_err(told)?;
        // A second password on the same connection changes nothing.
        let _ = asking.set(Arc::new(new));
        Ok(())
    }
}

fn parameters() -> DefaultServerParameterProvider {
    let mut parameters = DefaultServerParameterProvider::default();
    parameters.server_version = SERVER_VERSION.into();
    parameters.is_superuser = false;
    parameters.default_transaction_read_only = true;
    parameters.time_zone = "UTC".into();
    parameters
}

#[async_trait]
impl CancelHandler for Desk {
    async fn on_cancel_request(&self, request: CancelRequest) {
        let key: Key = (request.pid, request.secret_key.to_bytes().to_vec());
        self.connection.server.stop(&key);
    }
}

impl ErrorHandler for Desk {
    /// What DataFusion says becomes what everybody else is told.
    fn on_error<C>(&self, _: &C, error: &mut PgWireError)
    where
        C: ClientInfo,
    {
        let taken = std::mem::replace(error, PgWireError::NotReadyForQuery);
        let memory_bytes_max = self.connection.server.engine.limits().memory_bytes_max;
        *error = match taken {
            PgWireError::ApiError(cause) => match cause.downcast::<DataFusionError>() {
                Ok(inner) => told(SqlError::of(*inner, memory_bytes_max)),
                Err(cause) => told_plainly(cause.to_string()),
            },
            other => other,
        };
    }
}

fn told_plainly(message: String) -> PgWireError {
    told(SqlError::invalid(message))
}

/// What is wrong with a question that was not answered, and where. The bridge to DataFusion reads a
/// text without keeping places: it is read once more to find the place, which clients point at.
pub(crate) async fn placed(error: PgWireError, text: &str, asking: &Asking) -> PgWireError {
    let is_of_text = matches!(error, PgWireError::ApiError(_));
    let again = match is_of_text {
        true => plan(&asking.context, text, asking.engine.limits()).await.err(),
        false => None,
    };
    let Some(again) = again else { return error };
    let (message, place) = again.apart();
    let position = place.and_then(|place| place.character(text));
    match (told(again), position) {
        (PgWireError::UserError(mut info), Some(position)) => {
            (info.message, info.position) = (message, Some(position.to_string()));
            PgWireError::UserError(info)
        }
        _ => error,
    }
}

/// An error as PostgreSQL's clients are told it; the cause of a defect goes to the log.
#[expect(clippy::needless_pass_by_value, reason = "errors are mapped by it")]
pub(crate) fn told(error: SqlError) -> PgWireError {
    if let Some(cause) = std::error::Error::source(&error) {
        tracing::warn!(%error, cause, "a question of SQL was not answered");
    }
    let mut info = ErrorInfo::new("ERROR".into(), error.sqlstate().into(), error.to_string());
    info.hint = error.hint().map(str::to_owned);
    PgWireError::UserError(Box::new(info))
}

fn fatal(code: &str, message: &str) -> PgWireError {
    PgWireError::UserError(Box::new(ErrorInfo::new("FATAL".into(), code.into(), message.into())))
}
