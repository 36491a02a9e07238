//! Was this request made before, and what was the answer?

use super::Admin;
use crate::StateError;
use base::Timestamp;

/// An answer that was given to a request with an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body; `None` where it held a secret and was not kept.
    pub body: Option<String>,
}

/// What is known of a request when it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is new: carry it out, then [`Admin::answered`] or [`Admin::abandon_answer`].
    New,
    /// The first one is still at work.
    AtWork,
    /// Another request used the key.
    OtherRequest,
    /// It was answered.
    Answered(StoredAnswer),
}

impl Admin {
    /// Claims the key for a request, or tells what became of the one that had it. A claim older
    /// than `stale_before` that was never answered is taken over (its process died).
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn begin_answer(
        &self,
        scope: &str,
        key: &str,
        request_digest: &str,
        (now, stale_before): (Timestamp, Timestamp),
    ) -> Result<Begun, StateError> {
        let mut tx = self.db.begin().await?;
        let stale = "DELETE FROM idempotency WHERE scope = $1 AND idempotency_key = $2
                     AND status IS NULL AND created_at < $3";
        tx.execute(stale, vec![scope.into(), key.into(), stale_before.into()]).await?;
        let sql = "INSERT INTO idempotency (scope, idempotency_key, request_digest, created_at)
                   VALUES ($1, $2, $3, $4) ON CONFLICT (scope, idempotency_key) DO NOTHING";
        let values = vec![scope.into(), key.into(), request_digest.into(), now.into()];
        if tx.execute(sql, values).await? == 1 {
            tx.commit().await?;
            return Ok(Begun::New);
        }
        let sql = "SELECT request_digest, status, body FROM idempotency
                   WHERE scope = $1 AND idempotency_key = $2";
        let row = tx.row(sql, vec![scope.into(), key.into()]).await?;
        let row = row.ok_or_else(|| StateError::corrupt("an idempotency key that vanished"))?;
        if row.text(0)? != request_digest {
            return Ok(Begun::OtherRequest);
        }
        let Some(status) = row.int_opt(1)? else { return Ok(Begun::AtWork) };
        let status = u16::try_from(status).map_err(|_| StateError::corrupt("an HTTP status"))?;
        Ok(Begun::Answered(StoredAnswer { status, body: row.text_opt(2)? }))
    }

    /// Keeps the answer for those who ask again.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn answered(
        &self,
        scope: &str,
        key: &str,
        answer: &StoredAnswer,
    ) -> Result<(), StateError> {
        let sql = "UPDATE idempotency SET status = $1, body = $2
                   WHERE scope = $3 AND idempotency_key = $4";
        let status = i64::from(answer.status);
        let values = vec![status.into(), answer.body.as_deref().into(), scope.into(), key.into()];
        self.db.execute(sql, values).await?;
        Ok(())
    }

    /// Lets go of the key of a request that failed, so that it may be tried again.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn abandon_answer(&self, scope: &str, key: &str) -> Result<(), StateError> {
        let sql = "DELETE FROM idempotency WHERE scope = $1 AND idempotency_key = $2
                   AND status IS NULL";
        self.db.execute(sql, vec![scope.into(), key.into()]).await?;
        Ok(())
    }
}
