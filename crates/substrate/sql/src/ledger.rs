//! How is a question written down however it ends, also when nobody waits for the answer any more?

use crate::error::SqlError;
use crate::viewer::{Asked, Ledger};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::time::Instant;

/// A question at work. Dropped, it is noted as it stands.
pub(crate) struct Entry {
    ledger: Option<Arc<dyn Ledger>>,
    text: String,
    begun: Instant,
    n_rows: Arc<AtomicU64>,
    trouble: Option<String>,
}

impl Entry {
    pub fn new(text: String, ledger: Option<Arc<dyn Ledger>>) -> Self {
        let trouble = Some("stopped".to_owned());
        Self { ledger, text, begun: Instant::now(), n_rows: Arc::default(), trouble }
    }

    /// It reads nothing that matters.
    pub fn forget(&mut self) {
        self.ledger = None;
    }

    /// Where the rows that were handed over are counted.
    pub fn counter(&self) -> Arc<AtomicU64> {
        self.n_rows.clone()
    }

    /// It has ended by itself.
    pub fn end(&mut self, end: Result<(), &SqlError>) {
        self.trouble = end.err().map(ToString::to_string);
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let Some(ledger) = self.ledger.take() else { return };
        ledger.note(Asked {
            text: std::mem::take(&mut self.text),
            n_rows: self.n_rows.load(Ordering::Relaxed),
            took: self.begun.elapsed(),
            trouble: self.trouble.take(),
        });
    }
}
