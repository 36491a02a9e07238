//! Is this somebody who signed in?
//!
//! A session is a random 256-bit secret in a cookie, whose digest is stored. It ends when it was
//! idle for [`IDLE_MAX`], at the latest [`AGE_MAX`] after signing in, and when its user is shut
//! out or gets a new password.

use super::caller::{Actor, ActorKind, Caller, Credential};
use super::secret::{Secret, digest};
use super::user::User;
use super::{Access, normal_email};
use base::{Duration, Error, ErrorKind, Timestamp};

/// How long a session lives without being used.
pub(super) const IDLE_MAX: Duration = Duration::days(7);
/// How long a session lives at most.
pub(super) const AGE_MAX: Duration = Duration::days(30);
/// How stale the time of last use may get: saves a write on every request.
const USE_GRAIN: Duration = Duration::seconds(5 * 60);

/// Why somebody could not sign in.
#[derive(Debug)]
pub enum SignInRefused {
    /// The address or the password is wrong, or the account is disabled: which, is not told.
    Wrong,
    /// Too many tries failed.
    TooManyTries {
        /// Seconds until the next try may be made.
        wait_seconds: u32,
    },
    /// It could not be found out.
    Failed(Error),
}

impl From<Error> for SignInRefused {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Access {
    /// Signs in with a password, and answers the user with the secret for their cookie. The
    /// answer takes as long for unknown addresses as for known ones.
    ///
    /// # Errors
    /// See [`SignInRefused`].
    pub async fn sign_in(
        &self,
        (email, password): (&str, &str),
        address: &str,
        now: Timestamp,
    ) -> Result<(User, Secret), SignInRefused> {
        let user = self.verified((email, password), address, now).await?;
        let secret = self.begin_session(&user, now).await?;
        Ok((user, secret))
    }

    /// Who is calling with this password, without a session: for protocols that send it each time.
    ///
    /// # Errors
    /// See [`SignInRefused`].
    pub async fn caller_by_password(
        &self,
        (email, password): (&str, &str),
        address: &str,
        now: Timestamp,
    ) -> Result<Caller, SignInRefused> {
        let user = self.verified((email, password), address, now).await?;
        Ok(Caller {
            actor: user_actor(&user),
            credential: Credential::Session { user: user.id, role: user.role },
        })
    }

    async fn verified(
        &self,
        (email, password): (&str, &str),
        address: &str,
        now: Timestamp,
    ) -> Result<User, SignInRefused> {
        let email = normal_email(email).map_err(|_| SignInRefused::Wrong)?;
        let attempts = &self.inner.attempts;
        if let Some(wait_seconds) = attempts.wait_seconds(&email, address, now) {
            return Err(SignInRefused::TooManyTries { wait_seconds });
        }
        // Counted before the slow hash, so that tries side by side do not slip past the limit.
        attempts.failed(&email, address, now);
        let found = self.inner.admin.user_by_email(&email).await.map_err(Error::from)?;
        let stored = found.as_ref().map(|user| user.password_hash.as_str());
        let is_right = self.inner.passwords.verify(password, stored).await?;
        let Some(row) = found.filter(|user| is_right && !user.is_disabled) else {
            return Err(SignInRefused::Wrong);
        };
        attempts.succeeded(&email, address);
        Ok(User::of(row)?)
    }

    /// Begins a session for a user who has shown who they are.
    pub(super) async fn begin_session(&self, user: &User, now: Timestamp) -> Result<Secret, Error> {
        let secret = Secret::fresh("")?;
        self.inner.admin.put_session(&secret.digest(), user.id, now).await?;
        self.inner.admin.note_sign_in(user.id, now).await?;
        Ok(secret)
    }

    /// Who is signed in with this cookie; `None` for nobody.
    ///
    /// # Errors
    /// Where the tables cannot be read.
    pub async fn session_user(&self, cookie: &str, now: Timestamp) -> Result<Option<User>, Error> {
        let digest = digest(cookie);
        let Some(session) = self.inner.admin.session(&digest).await? else { return Ok(None) };
        let is_over =
            session.created_at.plus(AGE_MAX) <= now || session.last_used_at.plus(IDLE_MAX) <= now;
        if is_over {
            return Ok(None);
        }
        let Some(row) = self.inner.admin.user(session.user).await? else { return Ok(None) };
        if row.is_disabled {
            return Ok(None);
        }
        if now.since(session.last_used_at) >= USE_GRAIN {
            self.in_background(async move |admin| admin.touch_session(&digest, now).await);
        }
        User::of(row).map(Some)
    }

    /// Who is calling with this cookie.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthenticated`].
    pub async fn caller_by_cookie(&self, cookie: &str, now: Timestamp) -> Result<Caller, Error> {
        let user = self.session_user(cookie, now).await?.ok_or_else(|| {
            Error::new(ErrorKind::Unauthenticated, "the session has ended")
                .with_hint("sign in again")
        })?;
        let credential = Credential::Session { user: user.id, role: user.role };
        Ok(Caller { actor: user_actor(&user), credential })
    }

    /// Ends the session of this cookie.
    ///
    /// # Errors
    /// Where the table cannot be written.
    pub async fn sign_out(&self, cookie: &str) -> Result<(), Error> {
        Ok(self.inner.admin.end_session(&digest(cookie)).await?)
    }

    /// Forgets sessions, links and kept answers that have run out. Called at start, and daily.
    ///
    /// # Errors
    /// Where the tables cannot be written.
    pub async fn forget_old(&self, now: Timestamp) -> Result<(), Error> {
        Ok(self.inner.admin.forget_old(now.minus(AGE_MAX), now.minus(IDLE_MAX)).await?)
    }

    /// Writes something that nobody waits for: the writer may be busy with a batch of events.
    pub(super) fn in_background<F, Fut>(&self, write: F)
    where
        F: FnOnce(state::admin::Admin) -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), state::StateError>> + Send,
    {
        let admin = self.inner.admin.clone();
        tokio::spawn(async move {
            if let Err(error) = write(admin).await {
                tracing::debug!(%error, "a time of last use was not written");
            }
        });
    }
}

/// A user as the audit log names them.
pub(super) fn user_actor(user: &User) -> Actor {
    Actor { kind: ActorKind::User, name: user.email.clone() }
}
