//! Which programs may call the API?

use super::audit::{self, AuditRow};
use super::{Admin, next_id};
use crate::{Row, StateError};
use base::{Timestamp, TokenId};

/// An API token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Which token.
    pub id: TokenId,
    /// What its maker calls it.
    pub name: String,
    /// The slugs of its scopes, separated by blanks.
    pub scopes: String,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it works; `None` for ever.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

const COLUMNS: &str = "SELECT id, name, scopes, created_by, created_at, expires_at, last_used_at
                       FROM tokens WHERE revoked_at IS NULL";

impl Admin {
    /// Makes a token whose secret has this digest; the id in `row` is replaced by the real one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_token(
        &self,
        digest: &str,
        mut row: TokenRow,
        audit: &AuditRow,
    ) -> Result<TokenRow, StateError> {
        let mut tx = self.db.begin().await?;
        let next = "SELECT COALESCE(MAX(id), CAST(0 AS BIGINT)) + 1 FROM tokens";
        row.id = TokenId::from_sql(next_id(&mut tx, next).await?);
        let sql =
            "INSERT INTO tokens (id, digest, name, scopes, created_by, created_at, expires_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = vec![
            row.id.to_sql().into(),
            digest.into(),
            row.name.as_str().into(),
            row.scopes.as_str().into(),
            row.created_by.as_str().into(),
            row.created_at.into(),
            row.expires_at.into(),
        ];
        tx.execute(sql, values).await?;
        let audit = AuditRow { target: row.id.to_string(), ..audit.clone() };
        audit::record(&mut tx, &audit).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Every token that was not revoked, expired ones too, newest first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, StateError> {
        let rows = self.db.rows(format!("{COLUMNS} ORDER BY id DESC"), vec![]).await?;
        rows.iter().map(token).collect()
    }

    /// The token whose secret has this digest, unless revoked or expired at `now`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn token(
        &self,
        digest: &str,
        now: Timestamp,
    ) -> Result<Option<TokenRow>, StateError> {
        let sql = format!("{COLUMNS} AND digest = $1 AND (expires_at IS NULL OR expires_at > $2)");
        let row = self.db.row(sql, vec![digest.into(), now.into()]).await?;
        row.as_ref().map(token).transpose()
    }

    /// Remembers that a token was used.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn touch_token(&self, id: TokenId, at: Timestamp) -> Result<(), StateError> {
        let sql = "UPDATE tokens SET last_used_at = $1 WHERE id = $2";
        self.db.execute(sql, vec![at.into(), id.to_sql().into()]).await?;
        Ok(())
    }

    /// Makes a token stop working; `false` where there was none.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn revoke_token(&self, id: TokenId, audit: &AuditRow) -> Result<bool, StateError> {
        let sql = "UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL";
        let values = vec![audit.at.into(), id.to_sql().into()];
        Ok(self.execute_audited(sql, values, audit).await? == 1)
    }
}

fn token(row: &Row) -> Result<TokenRow, StateError> {
    Ok(TokenRow {
        id: TokenId::from_sql(row.int(0)?),
        name: row.text(1)?,
        scopes: row.text(2)?,
        created_by: row.text(3)?,
        created_at: row.time(4)?,
        expires_at: row.time_opt(5)?,
        last_used_at: row.time_opt(6)?,
    })
}
