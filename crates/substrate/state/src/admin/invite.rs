//! Which one-time links are out, and what happens when one is used?

use super::Admin;
use super::audit::{self, AuditRow};
use super::user::{self, UserRow};
use crate::{Row, StateError, Tx};
use base::{Timestamp, UserId};

/// A one-time link, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteRow {
    /// `first_admin`, `invite` or `password_reset`.
    pub purpose: String,
    /// The address that the account has or will have, where it is fixed.
    pub email: Option<String>,
    /// The slug of the role that the account has or will have.
    pub role: String,
    /// Whose password is reset.
    pub user: Option<UserId>,
    /// Since when it is out.
    pub created_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// An account to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// The address, normalised.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// The slug of the role.
    pub role: String,
    /// The password as a PHC string.
    pub password_hash: String,
}

impl Admin {
    /// Hands out a link; earlier ones for the same purpose and person stop working.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_invite(
        &self,
        digest: &str,
        invite: &InviteRow,
        audit: &AuditRow,
    ) -> Result<(), StateError> {
        let mut tx = self.db.begin().await?;
        let earlier = "DELETE FROM invites WHERE used_at IS NULL AND purpose = $1
                       AND COALESCE(email, '') = CAST($2 AS TEXT)";
        let email = invite.email.as_deref().unwrap_or_default();
        tx.execute(earlier, vec![invite.purpose.as_str().into(), email.into()]).await?;
        let sql = "INSERT INTO invites
                   (digest, purpose, email, role, user_id, created_at, expires_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = vec![
            digest.into(),
            invite.purpose.as_str().into(),
            invite.email.as_deref().into(),
            invite.role.as_str().into(),
            invite.user.map(UserId::to_sql).into(),
            invite.created_at.into(),
            invite.expires_at.into(),
        ];
        tx.execute(sql, values).await?;
        audit::record(&mut tx, audit).await?;
        tx.commit().await
    }

    /// The link whose secret has this digest, if it still works at `now`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn invite(
        &self,
        digest: &str,
        now: Timestamp,
    ) -> Result<Option<InviteRow>, StateError> {
        let sql = "SELECT purpose, email, role, user_id, created_at, expires_at FROM invites
                   WHERE digest = $1 AND used_at IS NULL AND expires_at > $2";
        let row = self.db.row(sql, vec![digest.into(), now.into()]).await?;
        row.as_ref().map(invite).transpose()
    }

    /// Uses up a link and makes its account, both or neither. `None` where the link no longer
    /// works.
    ///
    /// # Errors
    /// `Conflict` where the address has an account.
    pub async fn join_by_invite(
        &self,
        digest: &str,
        new: &NewUser,
        at: Timestamp,
        audit: &AuditRow,
    ) -> Result<Option<UserRow>, StateError> {
        let mut tx = self.db.begin().await?;
        if !use_up(&mut tx, digest, at).await? {
            return Ok(None);
        }
        let made = user::insert(&mut tx, new, at).await?;
        audit::record(&mut tx, audit).await?;
        tx.commit().await?;
        Ok(Some(made))
    }

    /// Uses up a link, sets a user's password and ends their sessions, all or nothing. `false`
    /// where the link no longer works.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn reset_by_invite(
        &self,
        digest: &str,
        id: UserId,
        password_hash: &str,
        audit: &AuditRow,
    ) -> Result<bool, StateError> {
        let mut tx = self.db.begin().await?;
        if !use_up(&mut tx, digest, audit.at).await? {
            return Ok(false);
        }
        let sql = "UPDATE users SET password_hash = $1 WHERE id = $2";
        tx.execute(sql, vec![password_hash.into(), id.to_sql().into()]).await?;
        user::end_sessions(&mut tx, id).await?;
        audit::record(&mut tx, audit).await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn use_up(tx: &mut Tx, digest: &str, at: Timestamp) -> Result<bool, StateError> {
    let sql = "UPDATE invites SET used_at = $1
               WHERE digest = $2 AND used_at IS NULL AND expires_at > $3";
    Ok(tx.execute(sql, vec![at.into(), digest.into(), at.into()]).await? == 1)
}

fn invite(row: &Row) -> Result<InviteRow, StateError> {
    Ok(InviteRow {
        purpose: row.text(0)?,
        email: row.text_opt(1)?,
        role: row.text(2)?,
        user: row.int_opt(3)?.map(UserId::from_sql),
        created_at: row.time(4)?,
        expires_at: row.time(5)?,
    })
}
