//! Who asks, and what may they see?

use crate::folds::Folds;
use crate::tables::Tables;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Takes out of a JSON text what somebody may not see.
pub trait Veil: Send + Sync {
    /// The text as it may be seen; `None` where it may be seen as it is.
    fn veil(&self, json: &str) -> Option<String>;
}

/// Writes down what was asked.
pub trait Ledger: Send + Sync {
    /// Notes a question that has ended. It must not wait: it is called where the work was.
    fn note(&self, asked: Asked);
}

/// A question that has ended, one way or the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its text.
    pub text: String,
    /// Rows that were handed over.
    pub n_rows: u64,
    /// From its turn until its end.
    pub took: Duration,
    /// Why it ended early; `None` where it was answered whole, or as far as somebody listened.
    pub trouble: Option<String>,
}

/// Somebody who asks. The shell makes one per sign-in or request, with what their role may see.
#[derive(Clone)]
pub struct Viewer {
    /// Their name, for `current_user` and the audit.
    pub name: Arc<str>,
    /// The tables beside the history, as they may see them.
    pub tables: Arc<dyn Tables>,
    /// What is taken out of the properties, traits and context of events; `None` where nothing is
    /// withheld.
    pub veil: Option<Arc<dyn Veil>>,
    /// The folds that they may call.
    pub folds: Folds,
    /// Where questions about data are written down; those that only browse the catalogues, or name
    /// no table, are not.
    pub ledger: Option<Arc<dyn Ledger>>,
}

impl fmt::Debug for Viewer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, veil, .. } = self;
        f.debug_struct("Viewer").field("name", name).field("veiled", &veil.is_some()).finish()
    }
}
