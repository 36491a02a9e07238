//! What is this one-time link good for, and what happens when it is used?
//!
//! A link works once, until it expires or a newer one for the same person replaces it.

use super::audit::line;
use super::caller::Actor;
use super::role::Role;
use super::secret::{Secret, digest};
use super::session::user_actor;
use super::user::{User, taken};
use super::{Access, known, normal_email, normal_name};
use base::{Duration, Error, ErrorKind, Timestamp, UserId};
use state::admin::{InviteRow, NewUser};

/// How long an invitation works.
const INVITE_LIFE: Duration = Duration::days(7);
/// How long a link for a new password works.
const RESET_LIFE: Duration = Duration::days(1);

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InvitePurpose {
    /// The first administrator of a fresh installation.
    FirstAdmin,
    /// Somebody who is to have an account.
    Invite,
    /// A user who needs a new password.
    PasswordReset,
}

impl InvitePurpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::FirstAdmin, Self::Invite, Self::PasswordReset];

    /// The purpose as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::FirstAdmin => "first_admin",
            Self::Invite => "invite",
            Self::PasswordReset => "password_reset",
        }
    }

    /// The purpose written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.slug() == slug)
    }
}

/// A link that still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// What it is for.
    pub purpose: InvitePurpose,
    /// The address that the account has or will have; `None` where the person chooses it.
    pub email: Option<String>,
    /// The role that the account has or will have.
    pub role: Role,
    /// Whose password is reset.
    pub user: Option<UserId>,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// What the person who follows a link says about themselves.
#[derive(Clone, Debug, Default)]
pub struct Acceptance {
    /// What they are called; not asked for a new password.
    pub name: Option<String>,
    /// Their address; needed where the link names none.
    pub email: Option<String>,
    /// The password that they chose.
    pub password: String,
}

impl Access {
    /// A link for the first administrator, while there is none; earlier ones stop working.
    ///
    /// # Errors
    /// Where the tables cannot be read or written.
    pub async fn first_admin_link(&self, now: Timestamp) -> Result<Option<Secret>, Error> {
        if !self.is_first_run().await? {
            return Ok(None);
        }
        let invite = Invite {
            purpose: InvitePurpose::FirstAdmin,
            email: None,
            role: Role::Admin,
            user: None,
            expires_at: now.plus(INVITE_LIFE),
        };
        let secret =
            self.hand_out(&Actor::system(), &invite, "the first administrator", now).await?;
        Ok(Some(secret))
    }

    /// A link with which somebody makes their account, and until when it works.
    ///
    /// # Errors
    /// `Invalid` for a bad address; `Conflict` where it has an account.
    pub async fn invite_user(
        &self,
        actor: &Actor,
        email: &str,
        role: Role,
        now: Timestamp,
    ) -> Result<(Secret, Timestamp), Error> {
        let email = normal_email(email)?;
        if self.inner.admin.user_by_email(&email).await?.is_some() {
            let message = format!("{email} has an account already");
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        let expires_at = now.plus(INVITE_LIFE);
        let purpose = InvitePurpose::Invite;
        let invite = Invite { purpose, email: Some(email.clone()), role, user: None, expires_at };
        Ok((self.hand_out(actor, &invite, &email, now).await?, expires_at))
    }

    /// A link with which a user sets a new password, and until when it works.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub async fn reset_link(
        &self,
        actor: &Actor,
        id: UserId,
        now: Timestamp,
    ) -> Result<(Secret, Timestamp), Error> {
        let user = self.user(id).await?;
        let expires_at = now.plus(RESET_LIFE);
        let invite = Invite {
            purpose: InvitePurpose::PasswordReset,
            email: Some(user.email.clone()),
            role: user.role,
            user: Some(id),
            expires_at,
        };
        Ok((self.hand_out(actor, &invite, &user.email, now).await?, expires_at))
    }

    /// The link with this secret.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where it never was, was used, or expired.
    pub async fn find_invite(&self, token: &str, now: Timestamp) -> Result<Invite, Error> {
        let row = self.inner.admin.invite(&digest(token), now).await?.ok_or_else(no_invite)?;
        Ok(Invite {
            purpose: known(InvitePurpose::from_slug(&row.purpose), "purpose of a link")?,
            email: row.email,
            role: known(Role::from_slug(&row.role), "role")?,
            user: row.user,
            expires_at: row.expires_at,
        })
    }

    /// Uses the link up, and signs its person in.
    ///
    /// # Errors
    /// `NotFound` where it no longer works; `Invalid` for a bad address, name or password (the
    /// link still works then); `Conflict` where the address has an account.
    pub async fn accept_invite(
        &self,
        token: &str,
        said: &Acceptance,
        now: Timestamp,
    ) -> Result<(User, Secret), Error> {
        let invite = self.find_invite(token, now).await?;
        let user = match (invite.purpose, invite.user) {
            (InvitePurpose::PasswordReset, Some(id)) => self.reset(token, id, said, now).await?,
            _ => self.join(token, &invite, said, now).await?,
        };
        if user.is_disabled {
            return Err(Error::new(ErrorKind::Denied, "this account is disabled"));
        }
        let secret = self.begin_session(&user, now).await?;
        Ok((user, secret))
    }

    async fn join(
        &self,
        token: &str,
        invite: &Invite,
        said: &Acceptance,
        now: Timestamp,
    ) -> Result<User, Error> {
        if invite.purpose == InvitePurpose::FirstAdmin && !self.is_first_run().await? {
            return Err(no_invite());
        }
        let email = invite.email.as_deref().or(said.email.as_deref()).unwrap_or_default();
        let email = normal_email(email)?;
        let name = normal_name(said.name.as_deref().unwrap_or_default(), "the name")?;
        let password_hash = self.inner.passwords.hash(&said.password, &email).await?;
        let role = invite.role.slug().to_owned();
        let new = NewUser { email, name, role, password_hash };
        let actor = Actor { kind: super::ActorKind::User, name: new.email.clone() };
        let detail = format!("role {}", new.role);
        let audit = line(&actor, "user.joined", (&new.email, &detail), now);
        let made = self.inner.admin.join_by_invite(&digest(token), &new, now, &audit).await;
        let row = made.map_err(|error| taken(error, &new.email))?.ok_or_else(no_invite)?;
        User::of(row)
    }

    async fn reset(
        &self,
        token: &str,
        id: UserId,
        said: &Acceptance,
        now: Timestamp,
    ) -> Result<User, Error> {
        let user = self.user(id).await?;
        let hash = self.inner.passwords.hash(&said.password, &user.email).await?;
        let audit = line(&user_actor(&user), "user.password_reset", (&user.email, ""), now);
        let admin = &self.inner.admin;
        if !admin.reset_by_invite(&digest(token), id, &hash, &audit).await? {
            return Err(no_invite());
        }
        Ok(user)
    }

    async fn hand_out(
        &self,
        actor: &Actor,
        invite: &Invite,
        whom: &str,
        now: Timestamp,
    ) -> Result<Secret, Error> {
        let secret = Secret::fresh("")?;
        let row = InviteRow {
            purpose: invite.purpose.slug().to_owned(),
            email: invite.email.clone(),
            role: invite.role.slug().to_owned(),
            user: invite.user,
            created_at: now,
            expires_at: invite.expires_at,
        };
        let action = match invite.purpose {
            InvitePurpose::PasswordReset => "user.reset_link_made",
            InvitePurpose::FirstAdmin | InvitePurpose::Invite => "user.invited",
        };
        let detail = format!("role {}", row.role);
        let audit = line(actor, action, (whom, &detail), now);
        self.inner.admin.put_invite(&secret.digest(), &row, &audit).await?;
        Ok(secret)
    }
}

fn no_invite() -> Error {
    Error::new(ErrorKind::NotFound, "this link does not work (any more)")
        .with_hint("links work once and for a limited time: ask for a new one")
}
