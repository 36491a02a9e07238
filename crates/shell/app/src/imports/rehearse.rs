//! What would become of an uploaded file under this mapping, and what would be refused?
//!
//! Nothing is written. The rows go the whole way that an import goes, up to the judgement that the
//! processor would pass on each event, so that what is shown is what will happen.

use super::UploadId;
use super::uploads::blocking;
use crate::access::Caller;
use crate::engine::{Engine, Shared};
use crate::linkage::Spread;
use base::{CustomerId, Error, ErrorKind, SourceId, Timestamp};
use collect::delivery::Arrival;
use collect::{Delivery, Dialect, Parcel, RawItem};
use lexicon::{Event, Identifier, Json, SourceKind};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sync::{Conversion, Mapping, Reject, SyncError};

/// Rows after which the rehearsal ends, at the next chunk's end.
pub const ROWS_REHEARSED: u64 = 10_000;
/// Events that are shown one by one.
const EVENTS_SHOWN: usize = 20;
/// Rejected rows that are shown one by one.
const REJECTS_SHOWN: usize = 50;

/// Rows over which those are spread that are looked at for duplicates: so many are read in some
/// seconds.
const ROWS_SPREAD_MAX: u64 = 1_000_000;

/// Events of an uploaded file.
pub(crate) struct UploadEvents {
    /// Each with its row, from 0.
    pub(crate) events: Vec<(u64, String)>,
    /// Rows over which they are spread; `None` where they are all there are.
    pub(crate) spread_over: Option<u64>,
}

/// What would become of the first rows.
#[derive(Clone, Debug, Default)]
pub struct Rehearsal {
    /// What is wrong with the mapping as a whole; nothing else is told then.
    pub flaw: Option<Flaw>,
    /// Rows that were gone through.
    pub n_rows: u64,
    /// Whether those are all rows of the file.
    pub is_whole_file: bool,
    /// Events that would be accepted.
    pub n_events: u64,
    /// Different identifiers that those come under: about how many customers they are of.
    pub n_identifiers: u64,
    /// Rows that the mapping passes over.
    pub n_skipped: u64,
    /// Rows that would not be taken.
    pub n_rejected: u64,
    /// The first events.
    pub events: Vec<RehearsedEvent>,
    /// The first rows that would not be taken.
    pub rejects: Vec<Reject>,
    /// The columns, in the order of a reject's cells.
    pub columns: Vec<String>,
}

/// What is wrong with a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Which part: a path like `order.product.price`.
    pub part: String,
    /// In a sentence.
    pub message: String,
}

/// One event as it would arrive.
#[derive(Clone, Debug)]
pub struct RehearsedEvent {
    /// Its first row, from 1.
    pub row: u64,
    /// As it would be sent: JSON in Segment's form.
    pub json: String,
    /// As it would be understood.
    pub event: Event,
    /// Whom it would come to, where that is somebody who is known already.
    pub customer: Option<CustomerId>,
}

impl Engine {
    /// Goes through the first rows of an uploaded file under `mapping`.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` where the file cannot be read. What is wrong with the mapping is no
    /// error: it is [`Rehearsal::flaw`].
    pub async fn rehearse_upload(
        &self,
        caller: &Caller,
        id: &UploadId,
        mapping: &Mapping,
    ) -> Result<Rehearsal, Error> {
        let uploads = self.imports().uploads();
        if !uploads.get(caller, id)?.is_here {
            return Err(gone());
        }
        uploads.tried(id, mapping, self.now());
        let stage = Stage {
            path: uploads.file(id),
            mapping: mapping.clone(),
            shared: Arc::clone(&self.shared),
            now: self.now(),
        };
        let mut rehearsal = blocking(move || stage.run()).await?;
        for shown in &mut rehearsal.events {
            shown.customer = self.first_known(&shown.event.identifiers).await?;
        }
        Ok(rehearsal)
    }

    /// Events of an uploaded file under `mapping`, each with its row (from 0): JSON in Segment's
    /// form, for whoever looks for duplicates among them. Of a long file those of some rows, spread
    /// evenly over it.
    ///
    /// # Errors
    /// As [`Engine::rehearse_upload`], and `Invalid` where the mapping does not fit.
    pub(crate) async fn upload_events(
        &self,
        caller: &Caller,
        id: &UploadId,
        mapping: &Mapping,
    ) -> Result<UploadEvents, Error> {
        let uploads = self.imports().uploads();
        if !uploads.get(caller, id)?.is_here {
            return Err(gone());
        }
        let (path, mapping) = (uploads.file(id), mapping.clone());
        blocking(move || {
            let mut spread = Spread::new(ROWS_REHEARSED as usize);
            let mut n_rows = 0;
            for chunk in Conversion::new(&path, &mapping, 0)? {
                let chunk = chunk?;
                let rows = chunk.event_rows.into_iter().zip(chunk.events);
                rows.for_each(|(row, event)| spread.offer(row, event));
                n_rows = chunk.to_row;
                if n_rows >= ROWS_SPREAD_MAX {
                    break;
                }
            }
            let (events, is_all) = spread.rows();
            Ok(UploadEvents { events, spread_over: (!is_all).then_some(n_rows) })
        })
        .await
    }

    async fn first_known(&self, identifiers: &[Identifier]) -> Result<Option<CustomerId>, Error> {
        for identifier in identifiers {
            match self.lookup(identifier).await {
                Ok(customer) => return Ok(Some(customer)),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}

/// What a rehearsal needs.
struct Stage {
    path: PathBuf,
    mapping: Mapping,
    shared: Arc<Shared>,
    now: Timestamp,
}

impl Stage {
    fn run(&self) -> Result<Rehearsal, Error> {
        let mut rehearsal = Rehearsal::default();
        let mut conversion = match open(&self.path, &self.mapping)? {
            Ok(conversion) => conversion,
            Err(flaw) => return Ok(Rehearsal { flaw: Some(flaw), ..rehearsal }),
        };
        let mut seen = BTreeSet::new();
        rehearsal.is_whole_file = true;
        for chunk in conversion.by_ref() {
            let chunk = chunk?;
            for (json, row) in chunk.events.into_iter().zip(chunk.event_rows) {
                self.judge(json, row, &mut rehearsal, &mut seen);
            }
            rehearsal.n_skipped += chunk.n_skipped;
            chunk.rejects.into_iter().for_each(|reject| refuse(&mut rehearsal, reject));
            rehearsal.n_rows = chunk.to_row;
            if chunk.to_row >= ROWS_REHEARSED {
                rehearsal.is_whole_file = false;
                break;
            }
        }
        rehearsal.columns = conversion.columns();
        rehearsal.n_identifiers = seen.len() as u64;
        Ok(rehearsal)
    }

    fn judge(
        &self,
        json: String,
        row: u64,
        rehearsal: &mut Rehearsal,
        seen: &mut BTreeSet<Identifier>,
    ) {
        match self.understood(&json) {
            Err(reason) => {
                let (column, cells) = (None, Vec::new());
                refuse(rehearsal, Reject { row: row + 1, column, reason, cells });
            }
            Ok(event) => {
                rehearsal.n_events += 1;
                seen.insert(event.came_under().clone());
                if rehearsal.events.len() < EVENTS_SHOWN {
                    let shown = RehearsedEvent { row: row + 1, json, event, customer: None };
                    rehearsal.events.push(shown);
                }
            }
        }
    }

    /// What the processor would make of the event, or why it would not take it.
    fn understood(&self, json: &str) -> Result<Event, String> {
        let parcel = Parcel {
            dialect: Dialect::Import,
            write_key: None,
            sent_at: None,
            is_single: false,
            shared: Json::default(),
            items: vec![RawItem { kind: None, json: json.into() }],
        };
        let arrival = Arrival {
            source: SourceId::default(),
            source_kind: SourceKind::Import,
            received_at: self.now,
            store_ip: false,
            ip: None,
            user_agent: None,
        };
        let understood = self.shared.understand(&Delivery::new(parcel, arrival), 0);
        let event = understood.map_err(|refusal| refusal.message)?;
        if self.shared.tombstones.keeps_out(&event, true) {
            return Err("the customer was erased, and is kept out".to_owned());
        }
        Ok(event)
    }
}

/// The conversion, or what is wrong with the mapping.
pub(super) fn open(path: &Path, mapping: &Mapping) -> Result<Result<Conversion, Flaw>, Error> {
    match Conversion::new(path, mapping, 0) {
        Ok(conversion) => Ok(Ok(conversion)),
        Err(SyncError::Mapping { field, why }) => Ok(Err(Flaw { part: field, message: why })),
        Err(error) => Err(error.into()),
    }
}

fn gone() -> Error {
    Error::new(ErrorKind::Conflict, "this file was imported and is deleted")
}

fn refuse(rehearsal: &mut Rehearsal, reject: Reject) {
    rehearsal.n_rejected += 1;
    if rehearsal.rejects.len() < REJECTS_SHOWN {
        rehearsal.rejects.push(reject);
    }
}
