//! What does one run hold of one customer's timeline?
//!
//! In two steps: key columns of the pages that the index names decide which rows are wanted, then
//! all columns of those rows alone are read. Newest first, page by page, so that a page out of a
//! timeline of a million events looks at a few thousand rows.

use crate::columns::{self, KEYS, KEYS_AND_NAMES, KIND, KeyView, NAME};
use crate::error::HistoryError;
use crate::event::{Cursor, StoredEvent};
use crate::filter::{Filter, Sieve, TimelineQuery};
use crate::found::Found;
use crate::run::RunMeta;
use crate::source::{RunFile, Span};
use crate::store::RunStore;
use arrow_array::RecordBatch;
use base::{CustomerId, IdentifierId};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

const ALL: [usize; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
/// Rows whose texts are read at once while searching for text.
const TEXT_ROWS: usize = 128;

/// A query that owns what it asks, to be taken to another thread.
pub(crate) struct Ask {
    customers: Vec<CustomerId>,
    identifiers: HashSet<IdentifierId>,
    filter: Filter,
    before: Option<Cursor>,
    limit: usize,
    scan_rows_max: usize,
}

impl Ask {
    pub fn of(query: &TimelineQuery<'_>) -> Self {
        Self {
            customers: query.customers.to_vec(),
            identifiers: query.identifiers.clone(),
            filter: query.filter.clone(),
            before: query.before,
            limit: query.limit,
            scan_rows_max: query.scan_rows_max,
        }
    }

    /// What each of `runs` holds of the customer beside it.
    pub async fn search(
        &self,
        store: &RunStore,
        runs: &[(CustomerId, Arc<RunMeta>)],
    ) -> Result<Vec<Found>, HistoryError> {
        let query = &TimelineQuery {
            customers: &self.customers,
            identifiers: &self.identifiers,
            before: self.before,
            limit: self.limit,
            scan_rows_max: self.scan_rows_max,
            filter: &self.filter,
        };
        let sieve = &Sieve::new(&self.filter);
        let searches = runs.iter().map(|(customer, run)| async move {
            Search { query, sieve, customer: customer.0 }.run(store, run).await
        });
        futures::future::try_join_all(searches).await
    }
}

/// One search for one customer in one run.
struct Search<'a> {
    query: &'a TimelineQuery<'a>,
    sieve: &'a Sieve<'a>,
    customer: u64,
}

/// The rows of a span that may be wanted, newest first, and what it took to know.
struct Candidates {
    rows: Vec<(usize, Cursor)>,
    n_scanned: usize,
    /// The oldest of the customer's rows that was looked at.
    oldest: Option<Cursor>,
}

impl Search<'_> {
    async fn run(&self, store: &RunStore, meta: &RunMeta) -> Result<Found, HistoryError> {
        let file = RunFile::open(store, meta).await?;
        let start = self.sieve.start(self.query.before);
        let mut found = Found::default();
        for span in file.spans(self.customer)?.iter().rev() {
            if let Some((oldest, newest)) = span.times {
                if oldest > start.occurred_at.0 {
                    continue;
                }
                if newest < self.sieve.since() {
                    break;
                }
            }
            let candidates = self.candidates(&file, span, start).await?;
            found.n_scanned += candidates.n_scanned;
            found.frontier = candidates.oldest.or(found.frontier);
            if self.collect(&file, span, &candidates.rows, &mut found).await? {
                return Ok(found);
            }
        }
        found.frontier = None;
        Ok(found)
    }

    async fn candidates(
        &self,
        file: &RunFile<'_>,
        span: &Span,
        start: Cursor,
    ) -> Result<Candidates, HistoryError> {
        let columns: &[usize] = if self.sieve.needs_names() { &KEYS_AND_NAMES } else { &KEYS };
        let batch = file.rows(span.row_group, std::slice::from_ref(&span.rows), columns).await?;
        let wrong = || file.damaged("a key column is not what it must be");
        let keys = KeyView::of(&batch).ok_or_else(wrong)?;
        let mine = rows_of(keys.customers(), self.customer);
        let mut candidates = Candidates { rows: Vec::new(), n_scanned: 0, oldest: None };
        for row in mine.rev() {
            let at = keys.key(row).cursor();
            if at >= start {
                continue;
            }
            if at.occurred_at.0 < self.sieve.since() {
                break;
            }
            candidates.n_scanned += 1;
            candidates.oldest = Some(at);
            if self.query.identifiers.contains(&keys.identifier(row))
                && self.takes_name(&batch, row).ok_or_else(wrong)?
            {
                candidates.rows.push((span.rows.start + row, at));
            }
        }
        Ok(candidates)
    }

    fn takes_name(&self, batch: &RecordBatch, row: usize) -> Option<bool> {
        if !self.sieve.needs_names() {
            return Some(true);
        }
        let (kinds, names) = (columns::texts(batch, KIND)?, columns::texts(batch, NAME)?);
        Some(self.sieve.takes_name(kinds.value(row), names.value(row)))
    }

    /// Adds the candidates that the text filter takes; whether the search ends here.
    async fn collect(
        &self,
        file: &RunFile<'_>,
        span: &Span,
        rows: &[(usize, Cursor)],
        found: &mut Found,
    ) -> Result<bool, HistoryError> {
        let mut rest = rows;
        while !rest.is_empty() {
            let open = self.query.limit + 1 - found.events.len();
            let n = rest.len().min(if self.sieve.needs_text() { TEXT_ROWS } else { open });
            let (now, later) = rest.split_at(n);
            for event in fetch(file, span.row_group, now).await? {
                if self.sieve.takes_text(&event.name, event.properties.as_str()) {
                    let at = event.cursor();
                    found.events.push(event);
                    if found.events.len() > self.query.limit {
                        found.frontier = Some(at);
                        return Ok(true);
                    }
                }
            }
            rest = later;
        }
        Ok(found.n_scanned >= self.query.scan_rows_max.max(1))
    }
}

/// The events in rows that are given newest first, newest first.
async fn fetch(
    file: &RunFile<'_>,
    row_group: usize,
    rows: &[(usize, Cursor)],
) -> Result<Vec<StoredEvent>, HistoryError> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for &(row, _) in rows.iter().rev() {
        match ranges.last_mut() {
            Some(last) if last.end == row => last.end += 1,
            _ => ranges.push(row..row + 1),
        }
    }
    let batch = file.rows(row_group, &ranges, &ALL).await?;
    let mut events =
        columns::events(&batch).ok_or_else(|| file.damaged("a column is not what it must be"))?;
    events.reverse();
    Ok(events)
}

/// Where `customer` lies among sorted customers.
fn rows_of(customers: &[u64], customer: u64) -> Range<usize> {
    let begin = customers.partition_point(|&c| c < customer);
    begin..begin + customers[begin..].partition_point(|&c| c == customer)
}
