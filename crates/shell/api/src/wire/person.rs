//! Who may get in, people and programs, and what did they change?

use super::scalar::Time;
use super::word::{ActorKind, Role, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A user as the settings list them.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    #[schema(examples("u_0001"))]
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// A disabled user cannot sign in.
    pub disabled: bool,
    pub created_at: Time,
    /// When they last signed in.
    pub last_sign_in_at: Option<Time>,
}

impl From<app::access::User> for User {
    fn from(user: app::access::User) -> Self {
        Self {
            id: user.id.to_string(),
            name: user.name,
            email: user.email,
            role: user.role.into(),
            disabled: user.is_disabled,
            created_at: user.created_at.into(),
            last_sign_in_at: Time::maybe(user.last_sign_in_at),
        }
    }
}

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvite {
    pub email: String,
    pub role: Role,
}

/// A link to be handed to its person; it works once.
#[derive(Debug, Serialize, ToSchema)]
pub struct InviteLink {
    pub invite_url: String,
    pub expires_at: Time,
}

/// What to change about a user; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    #[serde(default)]
    pub role: Option<Role>,
    #[serde(default)]
    pub disabled: Option<bool>,
}

/// An API token as the settings list it: never its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    #[schema(examples("t_0001"))]
    pub id: String,
    pub name: String,
    pub scopes: Vec<Scope>,
    /// Who made it.
    pub created_by: String,
    pub created_at: Time,
    pub expires_at: Option<Time>,
    /// To the minute.
    pub last_used_at: Option<Time>,
}

impl From<app::access::Token> for Token {
    fn from(token: app::access::Token) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name,
            scopes: token.scopes.into_iter().map(Scope::from).collect(),
            created_by: token.created_by,
            created_at: token.created_at.into(),
            expires_at: Time::maybe(token.expires_at),
            last_used_at: Time::maybe(token.last_used_at),
        }
    }
}

/// A token to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    pub name: String,
    pub scopes: Vec<Scope>,
    /// `null` for a token that does not expire.
    #[serde(default)]
    pub expires_at: Option<Time>,
}

/// A token that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeToken {
    /// The secret, shown this once: `rpt_…`.
    pub token: String,
    #[serde(flatten)]
    pub made: Token,
}

/// Who made a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct Actor {
    pub kind: ActorKind,
    pub name: String,
}

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    pub at: Time,
    pub actor: Actor,
    /// What was done, as `noun.verb`.
    #[schema(examples("source.created"))]
    pub action: String,
    /// To what.
    pub target: String,
    /// What was changed about it.
    pub detail: String,
}

impl From<app::access::AuditEntry> for AuditEntry {
    fn from(entry: app::access::AuditEntry) -> Self {
        Self {
            at: entry.at.into(),
            actor: Actor { kind: entry.actor.kind.into(), name: entry.actor.name },
            action: entry.action,
            target: entry.target,
            detail: entry.detail,
        }
    }
}
