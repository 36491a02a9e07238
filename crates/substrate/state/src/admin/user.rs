//! Who has an account?

use super::audit::{self, AuditRow};
use super::invite::NewUser;
use super::{Admin, next_id};
use crate::{Row, StateError, Tx};
use base::{Timestamp, UserId};

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Which user.
    pub id: UserId,
    /// The address, normalised; no two users share one.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// The slug of the role.
    pub role: String,
    /// The password as a PHC string.
    pub password_hash: String,
    /// Whether they are kept from signing in.
    pub is_disabled: bool,
    /// Since when they are here.
    pub created_at: Timestamp,
    /// When they last signed in.
    pub last_sign_in_at: Option<Timestamp>,
}

/// What to change about a user; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserChange {
    /// The slug of the new role.
    pub role: Option<String>,
    /// Whether they are kept from signing in.
    pub is_disabled: Option<bool>,
}

const COLUMNS: &str = "SELECT id, email, name, role, password_hash, is_disabled, created_at,
                       last_sign_in_at FROM users";

impl Admin {
    /// Every user, by id.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn users(&self) -> Result<Vec<UserRow>, StateError> {
        let rows = self.db.rows(format!("{COLUMNS} ORDER BY id"), vec![]).await?;
        rows.iter().map(user).collect()
    }

    /// The user `id`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn user(&self, id: UserId) -> Result<Option<UserRow>, StateError> {
        let row = self.db.row(format!("{COLUMNS} WHERE id = $1"), vec![id.to_sql().into()]).await?;
        row.as_ref().map(user).transpose()
    }

    /// The user with this normalised address.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn user_by_email(&self, email: &str) -> Result<Option<UserRow>, StateError> {
        let row = self.db.row(format!("{COLUMNS} WHERE email = $1"), vec![email.into()]).await?;
        row.as_ref().map(user).transpose()
    }

    /// How many users of `role` can sign in.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn n_enabled_users(&self, role: &str) -> Result<u64, StateError> {
        let sql = "SELECT COUNT(*) FROM users WHERE role = $1 AND is_disabled = 0";
        let row = self.db.row(sql, vec![role.into()]).await?;
        row.map_or(Ok(0), |row| Ok(row.int(0)?.cast_unsigned()))
    }

    /// Makes a user without a link, as the command line does.
    ///
    /// # Errors
    /// `Conflict` where the address has an account.
    pub async fn create_user(
        &self,
        new: &NewUser,
        at: Timestamp,
        audit: &AuditRow,
    ) -> Result<UserRow, StateError> {
        let mut tx = self.db.begin().await?;
        let made = insert(&mut tx, new, at).await?;
        audit::record(&mut tx, audit).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Changes a user, ends all of their sessions where they are disabled, and answers them as
    /// they are now. The last enabled user of `needed_role` cannot lose it: then `Conflict`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn change_user(
        &self,
        id: UserId,
        change: &UserChange,
        needed_role: &str,
        audit: &AuditRow,
    ) -> Result<Option<UserRow>, StateError> {
        let mut tx = self.db.begin().await?;
        let sql = "UPDATE users SET role = COALESCE(CAST($1 AS TEXT), role),
                   is_disabled = COALESCE(CAST($2 AS BIGINT), is_disabled) WHERE id = $3";
        let is_disabled = change.is_disabled.map(i64::from);
        let values = vec![change.role.as_deref().into(), is_disabled.into(), id.to_sql().into()];
        if tx.execute(sql, values).await? == 0 {
            return Ok(None);
        }
        let left = "SELECT COUNT(*) FROM users WHERE role = $1 AND is_disabled = 0";
        let left = tx.row(left, vec![needed_role.into()]).await?;
        if left.map_or(Ok(0), |row| row.int(0))? == 0 {
            return Err(StateError::Conflict { what: format!("nobody would be {needed_role}") });
        }
        if change.is_disabled == Some(true) {
            end_sessions(&mut tx, id).await?;
        }
        audit::record(&mut tx, audit).await?;
        tx.commit().await?;
        self.user(id).await
    }

    /// Remembers that a user signed in.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn note_sign_in(&self, id: UserId, at: Timestamp) -> Result<(), StateError> {
        let sql = "UPDATE users SET last_sign_in_at = $1 WHERE id = $2";
        self.db.execute(sql, vec![at.into(), id.to_sql().into()]).await?;
        Ok(())
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    new: &NewUser,
    at: Timestamp,
) -> Result<UserRow, StateError> {
    let id = next_id(tx, "SELECT COALESCE(MAX(id), CAST(0 AS BIGINT)) + 1 FROM users").await?;
    let sql = "INSERT INTO users (id, email, name, role, password_hash, is_disabled, created_at)
               VALUES ($1, $2, $3, $4, $5, 0, $6)";
    let values = vec![
        id.into(),
        new.email.as_str().into(),
        new.name.as_str().into(),
        new.role.as_str().into(),
        new.password_hash.as_str().into(),
        at.into(),
    ];
    tx.execute(sql, values).await?;
    Ok(UserRow {
        id: UserId::from_sql(id),
        email: new.email.clone(),
        name: new.name.clone(),
        role: new.role.clone(),
        password_hash: new.password_hash.clone(),
        is_disabled: false,
        created_at: at,
        last_sign_in_at: None,
    })
}

pub(super) async fn end_sessions(tx: &mut Tx, id: UserId) -> Result<(), StateError> {
    tx.execute("DELETE FROM sessions WHERE user_id = $1", vec![id.to_sql().into()]).await?;
    Ok(())
}

pub(super) fn user(row: &Row) -> Result<UserRow, StateError> {
    Ok(UserRow {
        id: UserId::from_sql(row.int(0)?),
        email: row.text(1)?,
        name: row.text(2)?,
        role: row.text(3)?,
        password_hash: row.text(4)?,
        is_disabled: row.flag(5)?,
        created_at: row.time(6)?,
        last_sign_in_at: row.time_opt(7)?,
    })
}
