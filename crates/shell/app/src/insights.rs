//! How is a question about behaviour put to everything that is known?

mod shelf;

pub use history::{Folded, Seen};
pub(crate) use shelf::Shelf;

use crate::catalogue::Catalogue;
use crate::engine::Engine;
use crate::failure;
use base::CustomerId;
use base::{Error, ErrorKind};
use history::FoldOptions;
use state::CustomerRow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use timeline::Fold;
use tokio::sync::Semaphore;

/// Questions that are answered at the same time; others wait for their turn.
const AT_ONCE: usize = 2;
/// How long a question may take before it is given up.
const BUDGET: Duration = Duration::from_secs(60);
/// Memory that one question may take for decoding, beside what is kept for all of them.
const DECODING_BYTES_MAX: usize = 256 << 20;

/// What questions about behaviour share.
pub(crate) struct Questions {
    turns: Semaphore,
    pub(crate) shelf: Shelf,
    pub(crate) catalogue: Catalogue,
}

impl Default for Questions {
    fn default() -> Self {
        let turns = Semaphore::new(AT_ONCE);
        Self { turns, shelf: Shelf::default(), catalogue: Catalogue::default() }
    }
}

/// Calls the question off when nobody waits for the answer any more.
struct CalledOff(Arc<AtomicBool>);

impl Drop for CalledOff {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Engine {
    /// What lists show of these customers, in their order; those who are nobody are left out.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn customers_by_id(&self, ids: &[CustomerId]) -> Result<Vec<CustomerRow>, Error> {
        Ok(self.shared.state.customer_rows(ids).await?.into_iter().flatten().collect())
    }

    /// What `fold` comes to over all that has been processed, but for the events of customers whose
    /// data rest: they count for nothing, and how many they are comes with the answer. Dropping the future calls it off.
    ///
    /// # Errors
    /// `Limited` where it took too long or needs too much memory; `Unavailable` or `Corrupt` where
    /// files cannot be read.
    pub async fn fold<F>(&self, fold: F) -> Result<Folded<F::Total>, Error>
    where
        F: Fold + Send + 'static,
        F::Total: 'static,
    {
        let questions = &self.shared.questions;
        let _turn = questions.turns.acquire().await.map_err(|_| {
            Error::new(ErrorKind::Unavailable, "questions are not answered any more")
        })?;
        let mut facts = fold.ask().traits.clone();
        facts.extend(fold.ask().who.iter().map(|test| test.fact.clone()));
        let traits = questions.shelf.bring(&self.shared, &facts).await?;
        let cancel = Arc::new(AtomicBool::new(false));
        let _called_off = CalledOff(Arc::clone(&cancel));
        let options = FoldOptions {
            without: self.shared.state.suspended().await?.into(),
            traits: Arc::new(traits),
            threads: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            cancel,
            progress: None,
            budget: Some(BUDGET),
            memory_max: DECODING_BYTES_MAX,
        };
        self.shared.history.fold(Arc::new(fold), options).await.map_err(failure::question)
    }
}
