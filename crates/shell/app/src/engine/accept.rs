//! How is a request's content made durable?

use super::Engine;
use crate::imports::{Import, ImportReject, ImportStep, RowsWanted};
use crate::seq::EVENTS_PER_ENTRY_MAX;
use crate::sources::Source;
use base::{Error, ImportId, Limits, Position, Timestamp};
use bytes::Bytes;
use collect::delivery::Arrival;
use collect::{Delivery, Dialect, Parcel, RawItem};
use lexicon::{Json, PlanMode, Refusal};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Who sent a request, and when.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The source that the write key belongs to.
    pub source: Arc<Source>,
    /// When the request came.
    pub received_at: Timestamp,
    /// The sender's address; kept only where the source keeps addresses.
    pub ip: Option<IpAddr>,
    /// The sender's program.
    pub user_agent: Option<Box<str>>,
}

/// What became of a request.
#[derive(Clone, Debug)]
pub struct Admission {
    /// The log entry that holds it.
    pub position: Position,
    /// How many events it had.
    pub n_items: usize,
    /// Where the request was one event: what is wrong with it, if anything. It is in the log all
    /// the same, for the debugger.
    pub refusal: Option<Refusal>,
}

/// Rows of an import that were turned into events.
#[derive(Clone, Debug)]
pub struct ImportRows {
    /// The first row.
    pub from_row: u64,
    /// The row behind the last.
    pub to_row: u64,
    /// The events, as JSON in Segment's form.
    pub events: Vec<Box<str>>,
    /// The rows that could not be turned into events.
    pub rejects: Vec<ImportReject>,
    /// Bytes of the file read so far.
    pub bytes_done: u64,
}

impl Engine {
    /// Makes a request durable. When this returns, its events will not be lost.
    ///
    /// # Errors
    /// `Limited` where the processor is too far behind, `Unavailable` where the log cannot be
    /// written (a full disk, say). Nothing was taken then; the sender should come again.
    pub async fn accept(&self, parcel: Parcel, origin: Origin) -> Result<Admission, Error> {
        let is_single = parcel.is_single;
        let delivery = Delivery::new(parcel, arrival(&origin));
        let refusal = if is_single { self.refusal_of(&delivery, &origin.source) } else { None };
        let n_items = delivery.items.len();
        let position = self.append(delivery).await?;
        self.shared.tallies.n_requests.fetch_add(1, Ordering::Relaxed);
        Ok(Admission { position, n_items, refusal })
    }

    /// Takes rows of an import, once: rows that were taken before are not taken again.
    ///
    /// # Errors
    /// As [`Engine::accept`]; `Conflict` where the import stands at another row.
    pub async fn import_rows(&self, id: ImportId, rows: ImportRows) -> Result<Import, Error> {
        match self.imports().check_rows(id, (rows.from_row, rows.to_row)).await? {
            RowsWanted::TakenBefore(import) => return Ok(import),
            RowsWanted::Yes(_) => {}
        }
        let n_events = rows.events.len() as u64;
        if !rows.events.is_empty() {
            let source = self.sources().ensure_import_source(self.now()).await?;
            let origin = Origin { source, received_at: self.now(), ip: None, user_agent: None };
            let delivery = Delivery::new(parcel_of(id, rows.events), arrival(&origin));
            self.append(delivery).await?;
        }
        let step = ImportStep {
            to_row: rows.to_row,
            n_events,
            rejects: rows.rejects,
            bytes_done: rows.bytes_done,
        };
        self.imports().advance(id, rows.from_row, &step).await
    }

    async fn append(&self, delivery: Delivery) -> Result<Position, Error> {
        let shared = &self.shared;
        let processed = *shared.processed.borrow();
        shared.pressure.check(shared.log.head(), processed, shared.options.lag_entries_max)?;
        let mut last = Position::default();
        for part in parts(delivery, self.limits()) {
            let payload = Bytes::from(part.encode());
            last = shared.log.append(payload).await.map_err(crate::failure::log)?;
        }
        Ok(last)
    }

    /// What is wrong with the one event of a delivery, as the processor will find as well.
    fn refusal_of(&self, delivery: &Delivery, source: &Source) -> Option<Refusal> {
        let event = match self.shared.understand(delivery, 0) {
            Ok(event) => event,
            Err(refusal) => return Some(refusal),
        };
        let plan = source.plan.as_ref().filter(|_| source.plan_mode == PlanMode::Block)?;
        plan.check(&event).into_iter().next()
    }
}

fn arrival(origin: &Origin) -> Arrival {
    let source = &origin.source;
    Arrival {
        source: source.id,
        source_kind: source.kind,
        received_at: origin.received_at,
        store_ip: source.store_ip,
        ip: origin.ip.map(|ip| ip.to_string().into()),
        user_agent: origin.user_agent.clone(),
    }
}

/// The log remembers which import the events belong to, so that its duplicates can be counted.
fn parcel_of(id: ImportId, events: Vec<Box<str>>) -> Parcel {
    Parcel {
        dialect: Dialect::Import,
        write_key: None,
        sent_at: None,
        is_single: false,
        shared: Json::from_checked_text(format!("{{\"import\":\"{id}\"}}")),
        items: events.into_iter().map(|json| RawItem { kind: None, json }).collect(),
    }
}

/// Splits a delivery so that each log entry can number its events.
fn parts(mut delivery: Delivery, limits: &Limits) -> Vec<Delivery> {
    let n_max = limits.events_per_batch_max.min(EVENTS_PER_ENTRY_MAX - 1);
    let mut rest = std::mem::take(&mut delivery.items);
    let mut parts = Vec::new();
    while rest.len() > n_max {
        let behind = rest.split_off(n_max);
        parts.push(Delivery { items: std::mem::replace(&mut rest, behind), ..delivery.clone() });
    }
    parts.push(Delivery { items: rest, ..delivery });
    parts
}
