//! Who asks, and what may they see?

use crate::tables::Tables;
use std::fmt;
use std::sync::Arc;

/// Takes out of a JSON text what somebody may not see.
pub trait Veil: Send + Sync {
    /// The text as it may be seen; `None` where it may be seen as it is.
    fn veil(&self, json: &str) -> Option<String>;
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
}

impl fmt::Debug for Viewer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, veil, .. } = self;
        f.debug_struct("Viewer").field("name", name).field("veiled", &veil.is_some()).finish()
    }
}
