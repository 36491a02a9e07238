//! Who may get in, who may do what, and who did what?
//!
//! Everything about credentials and rights is decided here; `api` only carries cookies and
//! headers. Times are arguments.

mod attempts;
mod audit;
mod caller;
mod idempotency;
mod invite;
mod password;
mod role;
mod secret;
mod session;
#[cfg(test)]
mod tests;
mod token;
mod user;

pub use audit::AuditEntry;
pub(crate) use audit::line as audit_line;
pub use caller::{Actor, ActorKind, Caller, Credential};
pub use idempotency::{Begun, RequestKey, StoredAnswer};
pub use invite::{Acceptance, Invite, InvitePurpose};
pub use role::{Right, Role, Scope};
pub use secret::Secret;
pub use session::SignInRefused;
pub use token::{NewToken, Token};
pub use user::{User, UserChange};

pub(crate) use secret::{digest, random};

use attempts::Attempts;
use base::{Error, ErrorKind, Timestamp};
use password::Passwords;
use state::State;
use state::admin::Admin;
use std::sync::Arc;

/// Accounts, sessions, links, tokens and the audit log. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Access {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    admin: Admin,
    passwords: Passwords,
    attempts: Attempts,
    /// Of the token that the operator set in the environment.
    admin_token_digest: Option<String>,
}

/// The shortest token that the operator may set: a guess must be hopeless.
const ADMIN_TOKEN_CHARS_MIN: usize = 16;

impl Access {
    /// Opens the accounts in `state`, and forgets sessions that have run out by `now`.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] where the operator's token is too short to be safe.
    pub async fn open(
        state: &State,
        admin_token: Option<String>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        if admin_token.as_ref().is_some_and(|token| token.len() < ADMIN_TOKEN_CHARS_MIN) {
            let message = format!(
                "RAPPORT_ADMIN_TOKEN is too short: at least {ADMIN_TOKEN_CHARS_MIN} characters"
            );
            let hint = "make one with: head -c 32 /dev/urandom | base64";
            return Err(Error::new(ErrorKind::Invalid, message).with_hint(hint));
        }
        let admin = Admin::new(state.db());
        let inner = Inner {
            admin,
            passwords: Passwords::default(),
            attempts: Attempts::default(),
            admin_token_digest: admin_token.as_deref().map(secret::digest),
        };
        let access = Self { inner: Arc::new(inner) };
        access.forget_old(now).await?;
        Ok(access)
    }
}

impl Access {
    /// The administrative tables, for what is kept beside accounts.
    pub(crate) fn admin(&self) -> &Admin {
        &self.inner.admin
    }
}

/// An address as it is compared: no blanks around it, lower case.
///
/// # Errors
/// [`ErrorKind::Invalid`] where it has not the form of an address.
fn normal_email(raw: &str) -> Result<String, Error> {
    let found = lexicon::Identifier::new(lexicon::IdentifierKind::Email, raw);
    let found = found.filter(|email| email.value.len() <= 254);
    found.map(|email| email.value.into_string()).ok_or_else(|| {
        Error::new(ErrorKind::Invalid, "that is not an e-mail address")
            .with_hint("expected something like ann@example.com")
    })
}

/// A name as it is kept: no blanks around it, not empty, of one line and a sensible length.
///
/// # Errors
/// [`ErrorKind::Invalid`] with what is wrong.
pub(crate) fn normal_name(raw: &str, what: &str) -> Result<String, Error> {
    let name = raw.trim();
    let refuse = |why: &str| Err(Error::new(ErrorKind::Invalid, format!("{what} {why}")));
    if name.is_empty() {
        return refuse("must not be empty");
    }
    if name.chars().count() > 100 {
        return refuse("must have at most 100 characters");
    }
    if name.chars().any(char::is_control) {
        return refuse("must not have control characters");
    }
    Ok(name.to_owned())
}

/// What is read back from a table must be one of our words.
fn known<T>(word: Option<T>, what: &str) -> Result<T, Error> {
    word.ok_or_else(|| Error::new(ErrorKind::Corrupt, format!("the table holds no known {what}")))
}
