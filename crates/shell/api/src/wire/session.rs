//! Who is signed in, and how does one get in?

use super::scalar::Time;
use super::word::{InvitePurpose, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionUser {
    #[schema(examples("u_0001"))]
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: Role,
}

impl From<&app::access::User> for SessionUser {
    fn from(user: &app::access::User) -> Self {
        Self {
            id: user.id.to_string(),
            name: user.name.clone(),
            email: user.email.clone(),
            role: user.role.into(),
        }
    }
}

/// The state of this browser's session.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Who is signed in; `null` for nobody.
    pub user: Option<SessionUser>,
    /// Whether nobody has set up an account yet.
    pub first_run: bool,
    /// The version of Rapport.
    pub version: String,
}

/// Who just signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedIn {
    pub user: SessionUser,
}

/// An e-mail address and its password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    pub email: String,
    pub password: String,
}

/// What a one-time link is good for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invite {
    pub purpose: InvitePurpose,
    /// The address that the account will have; `null` where the person chooses it.
    pub email: Option<String>,
    pub role: Role,
    pub expires_at: Time,
}

impl From<app::access::Invite> for Invite {
    fn from(invite: app::access::Invite) -> Self {
        Self {
            purpose: invite.purpose.into(),
            email: invite.email,
            role: invite.role.into(),
            expires_at: invite.expires_at.into(),
        }
    }
}

/// The answer to a one-time link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInvite {
    /// Not needed where a password is reset.
    #[serde(default)]
    pub name: Option<String>,
    /// Needed where the invite names no address.
    #[serde(default)]
    pub email: Option<String>,
    /// At least 10 characters.
    pub password: String,
}
