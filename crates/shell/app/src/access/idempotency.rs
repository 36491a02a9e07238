//! Was this request made before, and what was the answer?

use super::secret::digest;
use super::{Access, Caller};
use base::{Duration, Error, Timestamp};
pub use state::admin::{Begun, StoredAnswer};

/// A request that was not answered after this long died with its process.
const STALE_AFTER: Duration = Duration::seconds(120);

/// A request that carries an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    scope: String,
    key: String,
    digest: String,
}

impl RequestKey {
    /// The request of `caller` for `what` (method and path) with this key and body.
    #[must_use]
    pub fn new(caller: &Caller, what: &str, key: &str, body: &str) -> Self {
        let scope = format!("{} {what}", caller.key());
        Self { scope, key: key.to_owned(), digest: digest(body) }
    }
}

impl Access {
    /// Claims the key for a request, or tells what became of the one that had it.
    ///
    /// # Errors
    /// Where the table cannot be written.
    pub async fn begin_answer(&self, of: &RequestKey, now: Timestamp) -> Result<Begun, Error> {
        let times = (now, now.minus(STALE_AFTER));
        Ok(self.inner.admin.begin_answer(&of.scope, &of.key, &of.digest, times).await?)
    }

    /// Keeps the answer for those who ask again.
    ///
    /// # Errors
    /// Where the table cannot be written.
    pub async fn answered(&self, of: &RequestKey, answer: &StoredAnswer) -> Result<(), Error> {
        Ok(self.inner.admin.answered(&of.scope, &of.key, answer).await?)
    }

    /// Lets go of the key of a request that failed, so that it may be tried again.
    ///
    /// # Errors
    /// Where the table cannot be written.
    pub async fn abandon_answer(&self, of: &RequestKey) -> Result<(), Error> {
        Ok(self.inner.admin.abandon_answer(&of.scope, &of.key).await?)
    }
}
