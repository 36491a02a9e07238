//! Which events are listed?

use super::{DebugBatch, DebugEvent, DebugQuery, DebugStatus};
use crate::engine::Engine;
use crate::page::{Page, PageQuery, cursor_of};
use crate::processor::line_of_row;
use crate::seq::EventSeq;
use base::Error;
use state::{RefusalOutcome, RefusalQuery};
use std::sync::Arc;
use tokio::sync::broadcast;

/// Events that are looked through in one go.
const N_SOUGHT: usize = 500;

impl Engine {
    /// Events, newest first: the latest ones from memory, and behind them those that were refused,
    /// flagged or double, as long as they are kept.
    ///
    /// # Errors
    /// `Invalid` for a cursor of another list.
    pub async fn debugger(
        &self,
        query: &DebugQuery,
        page: &PageQuery,
    ) -> Result<Page<DebugEvent>, Error> {
        let before: Option<EventSeq> = page.place::<u64>()?.map(EventSeq::from);
        let recent = self.shared.recent.newest_first(before);
        let fitting = recent.iter().filter(|event| query.matches(event));
        let mut items: Vec<DebugEvent> =
            fitting.take(page.limit + 1).map(|event| (**event).clone()).collect();
        if items.len() <= page.limit {
            let room = page.limit + 1 - items.len();
            items.extend(self.put_aside(query, before, room).await?);
        }
        let has_more = items.len() > page.limit;
        items.truncate(page.limit);
        let next = items.last().filter(|_| has_more);
        Ok(Page { next: next.map(|event| cursor_of(&event.seq.to_number())), items })
    }

    /// Events older than those in memory that were not simply taken.
    async fn put_aside(
        &self,
        query: &DebugQuery,
        before: Option<EventSeq>,
        limit: usize,
    ) -> Result<Vec<DebugEvent>, Error> {
        let outcome = match query.status {
            None => None,
            Some(DebugStatus::Accepted) => return Ok(Vec::new()),
            Some(DebugStatus::Flagged) => Some(RefusalOutcome::Flagged),
            Some(DebugStatus::Refused) => Some(RefusalOutcome::Refused),
            Some(DebugStatus::Duplicate) => Some(RefusalOutcome::Duplicate),
        };
        let oldest = self.shared.recent.oldest();
        let before = [before, oldest].into_iter().flatten().min();
        let mut asked = RefusalQuery {
            source: query.source,
            outcome,
            kind: query.kind,
            text: query.text.clone(),
            before: before.map(EventSeq::to_number),
            limit,
        };
        let state = &self.shared.state;
        if query.text.is_none() || query.sight.is_clear() {
            return Ok(state.refusals(&asked).await?.iter().map(line_of_row).collect());
        }
        // What is withheld must not be sought, which the table cannot know.
        (asked.text, asked.limit) = (None, N_SOUGHT);
        let mut found: Vec<DebugEvent> = Vec::new();
        loop {
            let rows = state.refusals(&asked).await?;
            asked.before = rows.last().map(|row| row.seq);
            found.extend(rows.iter().map(line_of_row).filter(|event| query.matches(event)));
            if rows.len() < N_SOUGHT || found.len() >= limit {
                found.truncate(limit);
                return Ok(found);
            }
        }
    }

    /// What arrives from now on, batch by batch.
    #[must_use]
    pub fn debugger_live(&self) -> broadcast::Receiver<Arc<DebugBatch>> {
        self.shared.debug.subscribe()
    }
}
