//! Who is signed in?

use super::Admin;
use crate::StateError;
use base::{Timestamp, UserId};

/// A session, without its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose it is.
    pub user: UserId,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was last used, to some minutes.
    pub last_used_at: Timestamp,
}

impl Admin {
    /// Begins a session.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_session(
        &self,
        digest: &str,
        user: UserId,
        at: Timestamp,
    ) -> Result<(), StateError> {
        let sql = "INSERT INTO sessions (digest, user_id, created_at, last_used_at)
                   VALUES ($1, $2, $3, $4)";
        let values = vec![digest.into(), user.to_sql().into(), at.into(), at.into()];
        self.db.execute(sql, values).await?;
        Ok(())
    }

    /// The session whose secret has this digest.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn session(&self, digest: &str) -> Result<Option<SessionRow>, StateError> {
        let sql = "SELECT user_id, created_at, last_used_at FROM sessions WHERE digest = $1";
        let Some(row) = self.db.row(sql, vec![digest.into()]).await? else { return Ok(None) };
        Ok(Some(SessionRow {
            user: UserId::from_sql(row.int(0)?),
            created_at: row.time(1)?,
            last_used_at: row.time(2)?,
        }))
    }

    /// Remembers that a session was used.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn touch_session(&self, digest: &str, at: Timestamp) -> Result<(), StateError> {
        let sql = "UPDATE sessions SET last_used_at = $1 WHERE digest = $2";
        self.db.execute(sql, vec![at.into(), digest.into()]).await?;
        Ok(())
    }

    /// Ends a session; nothing happens where there is none.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn end_session(&self, digest: &str) -> Result<(), StateError> {
        self.db.execute("DELETE FROM sessions WHERE digest = $1", vec![digest.into()]).await?;
        Ok(())
    }

    /// Forgets sessions that began before `begun` or were last used before `used`, and links and
    /// answers from before `begun`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn forget_old(&self, begun: Timestamp, used: Timestamp) -> Result<(), StateError> {
        let mut tx = self.db.begin().await?;
        let sessions = "DELETE FROM sessions WHERE created_at < $1 OR last_used_at < $2";
        tx.execute(sessions, vec![begun.into(), used.into()]).await?;
        tx.execute("DELETE FROM invites WHERE expires_at < $1", vec![begun.into()]).await?;
        tx.execute("DELETE FROM idempotency WHERE created_at < $1", vec![used.into()]).await?;
        tx.commit().await
    }
}
