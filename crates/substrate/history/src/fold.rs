//! How is a question about behaviour answered over all of history?
//!
//! Bucket by bucket, in parallel, each once for however many folds share the pass. The runs of a
//! bucket lie decoded and merged in memory ([`Hot`](crate::hot::Hot)) as long as there is room;
//! nearly all customers are slices of these columns. The others (with rows in fresh batches, in
//! mixed runs, or under customers whom they have left) are put together row by row and come after
//! them.
//!
//! ```text
//! snapshot ─► tables ─► strays (Delta) ─► per bucket: slabs ─► marks ─► Fold ─► totals merged
//! ```

mod delta;
mod folding;
mod lot;
mod options;
mod pass;
mod question;
mod slab;
mod worker;

pub use folding::{Folding, Known};
pub use options::{FactColumns, FoldOptions, Folded, NoFacts, Progress, Seen};

use crate::error::HistoryError;
use crate::history::History;
use base::{Duration, Timestamp};
use pass::Pass;
use std::any::Any;
use std::sync::Arc;
use timeline::{CONDITIONS_MAX, Fold, Texts};

/// What one of several folds came to: its total as [`Folding::start`] made it, and its texts.
pub type AnyFolded = Folded<Box<dyn Any + Send>>;

impl History {
    /// What `fold` comes to over everything that is live at this moment. `total` and `texts` are
    /// as [`timeline::fold_plain`] gives them, but for the numbers of the codes.
    ///
    /// # Errors
    /// [`HistoryError::Corrupt`] or [`HistoryError::Missing`] naming a file,
    /// [`HistoryError::Cancelled`], [`HistoryError::OutOfTime`], [`HistoryError::TooLarge`] and
    /// others.
    pub async fn fold<F>(
        &self,
        fold: Arc<F>,
        options: FoldOptions,
    ) -> Result<Folded<F::Total>, HistoryError>
    where
        F: Fold + Send + 'static,
        F::Total: 'static,
    {
        let mut all = self.fold_all(vec![fold], options).await?;
        let Folded { total, texts, seen } = all.pop().expect("one fold has one answer");
        let total = total.downcast().expect("a fold gets the total back that it started");
        Ok(Folded { total: *total, texts, seen })
    }

    /// The same for several folds in one pass, in their order.
    ///
    /// # Errors
    /// As [`History::fold`]; one failure fails all.
    pub async fn fold_all(
        &self,
        folds: Vec<Arc<dyn Folding>>,
        options: FoldOptions,
    ) -> Result<Vec<AnyFolded>, HistoryError> {
        for fold in &folds {
            let n = fold.ask().conditions.len();
            if n > CONDITIONS_MAX {
                return Err(HistoryError::TooManyConditions { n, max: CONDITIONS_MAX });
            }
        }
        for ask in folds.iter().map(|fold| fold.ask()) {
            let labels = ask.labels.iter().map(|label| &label.field);
            let tests = ask.conditions.iter().flat_map(|c| &c.tests).map(|test| &test.field);
            labels.chain(&ask.numbers).chain(tests).for_each(|field| self.note(field));
        }
        let pass = Pass::new(self, folds, options);
        let (totals, seen) = pass.run().await?;
        let texts: Vec<Vec<Texts>> = pass.texts();
        let folded = totals.into_iter().zip(texts);
        Ok(folded.map(|(total, texts)| Folded { total, texts, seen }).collect())
    }

    /// Lets decoded columns take so many bytes of memory from now on; without it
    /// about 400 MB. With 0 every question decodes what it needs.
    pub fn keep_hot(&self, bytes_max: usize) {
        self.hot().set_bytes_max(bytes_max);
    }

    /// Lets go of decoded columns that no question has asked for in the last `age`: called now and
    /// then, it is told the time by its callers. Says how many bytes that frees.
    pub fn cool(&self, now: Timestamp, age: Duration) -> usize {
        self.hot().cool(now, age)
    }

    /// Bytes that decoded columns take at this moment.
    #[must_use]
    pub fn hot_bytes(&self) -> usize {
        self.hot().n_bytes()
    }
}
