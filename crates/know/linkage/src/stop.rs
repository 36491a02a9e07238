//! How does somebody end work that takes long?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ends learning and linking from another thread, within some milliseconds. Clones end together.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Wants the work to end. What it comes to is of no use then: learning says
    /// [`NotEstimable::Stopped`](crate::NotEstimable::Stopped), a linkage is incomplete and
    /// [says so](crate::LinkReport::is_complete).
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody wants the work to end.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
