//! How does the log get rid of events that a tombstone kept out?

use super::needles::Needles;
use super::steps::understand;
use super::strip::strip;
use crate::engine::Shared;
use crate::entry::LogEntry;
use crate::failure;
use base::{Error, Position};
use collect::{Delivery, Dialect};
use lexicon::Event;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Entries that are rewritten in one go.
const N_ENTRIES: usize = 256;

/// Rewrites the entries of the log from which events were kept out, without them.
pub(crate) async fn strip_what_was_kept_out(shared: &Shared) -> Result<(), Error> {
    let positions = shared.state.log_strips(N_ENTRIES).await?;
    if positions.is_empty() {
        return Ok(());
    }
    // What is read again after a power failure must be what was read the first time.
    shared.state.settle().await?;
    let log = Arc::clone(&shared.log);
    let mut others = Vec::new();
    for &position in &positions {
        if let Some(payload) = stripped(shared, position).await? {
            others.push((position, payload.into()));
        }
    }
    log.replace(others).await.map_err(failure::log)?;
    log.purge().await.map_err(failure::log)?;
    tracing::info!(entries = positions.len(), "the log let go of events that were kept out");
    Ok(shared.state.drop_log_strips(&positions).await?)
}

async fn stripped(shared: &Shared, position: Position) -> Result<Option<Vec<u8>>, Error> {
    let entry = shared.log.entry(position).await.map_err(failure::log)?;
    let Some(said) = entry.and_then(|entry| LogEntry::decode(&entry.payload).ok()) else {
        return Ok(None);
    };
    let is_imported = matches!(&said, LogEntry::Delivery(d) if d.dialect == Dialect::Import);
    let goes = |event: &Event| shared.tombstones.keeps_out(event, is_imported);
    let understand = |delivery: &Delivery, index| understand(shared, delivery, index);
    let left = strip(said, understand, &Needles::new(&[]), &BTreeSet::new(), goes);
    Ok(left.map(|left| left.payload))
}
