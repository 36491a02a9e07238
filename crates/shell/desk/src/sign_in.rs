//! Who comes in over PostgreSQL's protocol?

use crate::Desk;
use app::access::{Caller, SignInRefused};
use async_trait::async_trait;
use base::{Error, ErrorKind};
use sql::Viewer;
use sql::pg::Authenticator;
use std::net::SocketAddr;

/// How our tokens begin.
const TOKEN: &str = "rpt_";

#[async_trait]
impl Authenticator for Desk {
    /// With e-mail address and password, or with any name and an API token as password. Nobody who
    /// may not ask in SQL gets in.
    async fn sign_in(&self, user: &str, password: &str, peer: SocketAddr) -> Option<Viewer> {
        let caller = self.caller(user, password, peer).await?;
        if !Self::may_ask(&caller) {
            tracing::info!(%peer, who = caller.actor.name, "may not ask in SQL");
            return None;
        }
        Some(self.viewer(&caller, "postgresql"))
    }
}

impl Desk {
    async fn caller(&self, user: &str, password: &str, peer: SocketAddr) -> Option<Caller> {
        let (access, now) = (self.engine.access(), self.engine.now());
        // A password may begin like a token, too: it is tried as one then.
        if let Some(caller) = found(access.caller_by_token(password, now).await) {
            return Some(caller);
        }
        if password.starts_with(TOKEN) && !user.contains('@') {
            return None;
        }
        let address = peer.ip().to_string();
        match access.caller_by_password((user, password), &address, now).await {
            Ok(caller) => Some(caller),
            Err(SignInRefused::Wrong) => None,
            Err(SignInRefused::TooManyTries { wait_seconds }) => {
                tracing::warn!(%peer, wait_seconds, "too many tries to sign in over SQL");
                None
            }
            Err(SignInRefused::Failed(error)) => {
                tracing::error!(%error, "nobody can sign in over SQL");
                None
            }
        }
    }
}

fn found(caller: Result<Caller, Error>) -> Option<Caller> {
    match caller {
        Ok(caller) => Some(caller),
        Err(error) if error.kind() == ErrorKind::Unauthenticated => None,
        Err(error) => {
            tracing::error!(%error, "nobody can sign in over SQL");
            None
        }
    }
}
