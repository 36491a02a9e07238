//! How do the finds of several places become one exact page?

use crate::event::{Cursor, StoredEvent};
use crate::filter::TimelinePage;

/// What one place (fresh events, or one run) holds for one page: newest first.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub events: Vec<StoredEvent>,
    /// Everything at this place or newer has been looked at; `None` when there is nothing older.
    pub frontier: Option<Cursor>,
    pub n_scanned: usize,
}

/// Puts finds together. What is older than the newest frontier may have gaps and is left to the
/// next page, so every event is shown exactly once whatever stopped the single searches.
pub(crate) fn one_page(finds: Vec<Found>, limit: usize) -> TimelinePage {
    let limit = limit.max(1);
    let n_scanned = finds.iter().map(|f| f.n_scanned).sum();
    let frontier = finds.iter().filter_map(|f| f.frontier).max();
    let mut events: Vec<StoredEvent> = finds.into_iter().flat_map(|f| f.events).collect();
    events.sort_unstable_by_key(|e| std::cmp::Reverse(e.cursor()));
    events.dedup_by_key(|e| e.cursor());
    if let Some(frontier) = frontier {
        events.retain(|e| e.cursor() >= frontier);
    }
    let next = if events.len() > limit {
        events.truncate(limit);
        events.last().map(StoredEvent::cursor)
    } else {
        frontier
    };
    TimelinePage { events, next, n_scanned }
}
