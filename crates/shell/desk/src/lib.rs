//! How does a running Rapport answer SQL, over HTTP and over PostgreSQL's protocol?
//!
//! The only part of the shell that brings DataFusion along: `app` and `api` know a small trait
//! ([`api::sql::SqlDesk`]) and are checked in seconds. Here the tables of `sql` are filled from the
//! engine, everybody gets a [`Seat`] with what their role may see, and each question about data
//! leaves a line in the audit log.

mod asking;
mod folds;
mod ledger;
mod postgres;
mod schema;
mod seat;
mod sign_in;
mod tables;
mod veil;

pub use postgres::{Port, PostgresOptions};

use app::Engine;
use base::{Error, ErrorKind};
use sql::{SqlError, SqlLimits};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Answers SQL over everything that the engine knows. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    engine: Arc<Engine>,
    sql: sql::Engine,
    /// Where what is not a question is done: writing the audit log.
    house: Handle,
    port: Option<api::sql::SqlServer>,
}

impl Desk {
    /// A desk for `engine`. Called on the runtime that serves everything else; questions get
    /// threads of their own.
    ///
    /// # Errors
    /// `Internal` where threads cannot be started.
    pub fn new(engine: &Arc<Engine>, limits: SqlLimits) -> Result<Self, Error> {
        let sql = sql::Engine::new(engine.history(), limits).map_err(failure)?;
        Ok(Self { engine: Arc::clone(engine), sql, house: Handle::current(), port: None })
    }
}

/// An error of SQL as the rest of the house knows errors.
fn failure(error: SqlError) -> Error {
    let mut failure = Error::new(error.kind(), error.to_string());
    if let Some(hint) = error.hint() {
        failure = failure.with_hint(hint);
    }
    // The cause is for the operator; what the asker did is no news to them.
    let is_the_askers = matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Denied);
    if is_the_askers { failure } else { failure.with_source(error) }
}
