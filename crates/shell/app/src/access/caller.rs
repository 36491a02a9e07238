//! Who is asking, and may they?

use super::Access;
use super::role::{Right, Role, Scope};
use base::{Error, ErrorKind, Timestamp, TokenId, UserId};

/// What sort of somebody made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A person who signed in.
    User,
    /// A program with an API token.
    Token,
    /// Somebody at the command line of the machine itself.
    Cli,
    /// Rapport of its own accord.
    System,
}

impl ActorKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::User, Self::Token, Self::Cli, Self::System];

    /// The kind as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Token => "token",
            Self::Cli => "cli",
            Self::System => "system",
        }
    }

    /// The kind written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

/// Who made a change, as the audit log names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What sort of somebody.
    pub kind: ActorKind,
    /// The e-mail address of a user, the name of a token.
    pub name: String,
}

impl Actor {
    /// Rapport of its own accord.
    #[must_use]
    pub fn system() -> Self {
        Self { kind: ActorKind::System, name: "rapport".to_owned() }
    }

    /// Somebody at the command line.
    #[must_use]
    pub fn cli() -> Self {
        Self { kind: ActorKind::Cli, name: "command line".to_owned() }
    }
}

/// By what somebody showed who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A session cookie of this user.
    Session {
        /// Who signed in.
        user: UserId,
        /// What they are here for.
        role: Role,
    },
    /// An API token.
    Token {
        /// Which one.
        token: TokenId,
        /// What it was made for.
        scopes: Vec<Scope>,
    },
    /// The token that the operator set in the environment: everything.
    AdminToken,
}

/// Somebody whose credential was found to be good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// How the audit log names them.
    pub actor: Actor,
    /// By what they showed who they are.
    pub credential: Credential,
}

impl Caller {
    /// Whether they have the right.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        match &self.credential {
            Credential::Session { role, .. } => role.may(right),
            Credential::Token { scopes, .. } => scopes.iter().any(|scope| scope.may(right)),
            Credential::AdminToken => true,
        }
    }

    /// Nothing if they have the right.
    ///
    /// # Errors
    /// [`ErrorKind::Denied`] with what was missing and what would have it.
    pub fn require(&self, right: Right) -> Result<(), Error> {
        if self.may(right) {
            return Ok(());
        }
        let message = format!("you may not {}", right.words());
        Err(Error::new(ErrorKind::Denied, message).with_hint(self.who_may(right)))
    }

    /// A text that tells callers apart, for limits and idempotency keys.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.credential {
            Credential::Session { user, .. } => user.to_string(),
            Credential::Token { token, .. } => token.to_string(),
            Credential::AdminToken => "admin_token".to_owned(),
        }
    }

    fn who_may(&self, right: Right) -> String {
        if let Credential::Session { .. } = self.credential {
            let roles = Role::ALL.into_iter().filter(|role| role.may(right)).map(Role::slug);
            return format!("roles that may: {}", roles.collect::<Vec<_>>().join(", "));
        }
        let scopes = Scope::ALL.into_iter().filter(|scope| scope.may(right)).map(Scope::slug);
        format!("token scopes that may: {}", scopes.collect::<Vec<_>>().join(", "))
    }
}

impl Access {
    /// Whether somebody who was let in would be let in again, as who they were: for connections
    /// that live long.
    ///
    /// # Errors
    /// Where the tables cannot be read.
    pub async fn is_still(&self, caller: &Caller, now: Timestamp) -> Result<bool, Error> {
        Ok(match &caller.credential {
            Credential::Session { user, role } => {
                let row = self.inner.admin.user(*user).await?;
                row.is_some_and(|row| !row.is_disabled && row.role == role.slug())
            }
            Credential::Token { token, .. } => {
                let tokens = self.inner.admin.tokens().await?;
                let found = tokens.iter().find(|row| row.id == *token);
                found.is_some_and(|row| row.expires_at.is_none_or(|end| end > now))
            }
            Credential::AdminToken => true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_who_may() {
        let caller = |credential| Caller { actor: Actor::cli(), credential };
        let sales = caller(Credential::Session { user: UserId(1), role: Role::Sales });
        let error = sales.require(Right::ChangeSources).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Denied);
        assert_eq!(error.message(), "you may not change sources");
        assert_eq!(error.hint(), Some("roles that may: admin, marketer"));
        let scopes = vec![Scope::Read, Scope::Import];
        let token = caller(Credential::Token { token: TokenId(1), scopes });
        assert!(token.require(Right::RunImports).is_ok());
        let error = token.require(Right::ManageUsers).unwrap_err();
        assert_eq!(error.hint(), Some("token scopes that may: admin"));
        assert!(caller(Credential::AdminToken).require(Right::ManageUsers).is_ok());
    }
}
