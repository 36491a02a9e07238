//! How are the events of one processed batch packed, for memory and for the state database alike?
//!
//! One form serves both: the blob that the state database keeps is the memory that timelines are
//! read from. Rows are sorted by (customer, time, number); what is fixed in size lies open beside
//! the blob, texts lie in compressed blocks of about 16 kB, so that one customer's few events of a
//! batch cost one block. Measured on web events of about 800 bytes: 150–250 bytes per event.
//!
//! Blob: version (1 byte), fingerprint of the rest (8), length of the head (4), head, blocks.

use crate::error::HistoryError;
use crate::event::{RowKey, StoredEvent};
use base::hash::hash64;
use base::{CustomerId, IdentifierId, Position, SourceId, Timestamp};
use bytes::Bytes;
use lexicon::{EventKind, Json};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

const VERSION: u8 = 1;
const HEAD_AT: usize = 13;
const BLOCK_BYTES: usize = 16 << 10;
const ZSTD_LEVEL: i32 = 1;
/// No honest batch holds more text than this in one block: an event is limited to 32 kB of JSON,
/// corrected context included far below this.
const BLOCK_BYTES_MAX: u32 = 64 << 20;

/// The events of one batch of the processor, packed.
#[derive(Clone, Debug)]
pub struct FreshBatch {
    position: Position,
    rows: Box<[Row]>,
    names: Box<[Box<str>]>,
    blocks: Box<[Block]>,
    /// Where in the blob the blocks start.
    texts_at: usize,
    blob: Bytes,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Row {
    customer: u64,
    occurred_at: i64,
    seq: u64,
    identifier: u64,
    received_at: i64,
    source: u64,
    name: u32,
    block: u32,
    offset: u32,
    kind: u8,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Block {
    /// Where it starts, from the end of the head.
    start: u32,
    len: u32,
    raw_len: u32,
}

#[derive(Serialize, Deserialize)]
struct Head {
    position: u64,
    names: Vec<Box<str>>,
    blocks: Vec<Block>,
    rows: Vec<Row>,
}

impl FreshBatch {
    /// Packs `events`, the outcome of the log up to `position`.
    ///
    /// # Errors
    /// [`HistoryError::Encode`] where the batch is beyond 4 GB or memory runs out.
    pub fn pack(position: Position, events: &[StoredEvent]) -> Result<Self, HistoryError> {
        let mut order: Vec<&StoredEvent> = events.iter().collect();
        order.sort_unstable_by_key(|e| e.key());
        let mut packer = Packer::new(events.len())?;
        for event in order {
            packer.push(event.into())?;
        }
        packer.finish(position)
    }

    /// Reads what [`FreshBatch::blob`] gave.
    ///
    /// # Errors
    /// [`HistoryError::CorruptBatch`] or [`HistoryError::TooNew`].
    pub fn read(blob: Bytes) -> Result<Self, HistoryError> {
        let head = checked_head(&blob)?;
        let raw = zstd::stream::decode_all(&blob[HEAD_AT..HEAD_AT + head])
            .map_err(|e| HistoryError::batch(format!("its head cannot be inflated ({e})")))?;
        let head_read: Head = postcard::from_bytes(&raw)
            .map_err(|e| HistoryError::batch(format!("its head cannot be read ({e})")))?;
        let texts = blob.slice(HEAD_AT + head..);
        for row in &head_read.rows {
            check_row(row, &head_read)?;
        }
        for block in &head_read.blocks {
            let end = u64::from(block.start) + u64::from(block.len);
            if end > texts.len() as u64 || block.raw_len > BLOCK_BYTES_MAX {
                return Err(HistoryError::batch("a block lies outside of it"));
            }
        }
        Ok(Self {
            position: Position(head_read.position),
            rows: head_read.rows.into(),
            names: head_read.names.into(),
            blocks: head_read.blocks.into(),
            texts_at: HEAD_AT + head,
            blob,
        })
    }

    /// What the state database keeps.
    #[must_use]
    pub fn blob(&self) -> &Bytes {
        &self.blob
    }

    /// The log position through which the batch goes.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// How many events it holds.
    #[must_use]
    pub fn n_events(&self) -> usize {
        self.rows.len()
    }

    /// Memory that it takes, in bytes.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        self.blob.len()
            + size_of_val(&*self.rows)
            + size_of_val(&*self.blocks)
            + self.names.iter().map(|n| n.len() + size_of::<Box<str>>()).sum::<usize>()
    }

    /// Every event, sorted by (customer, time, number).
    ///
    /// # Errors
    /// [`HistoryError::CorruptBatch`].
    pub fn events(&self) -> Result<Vec<StoredEvent>, HistoryError> {
        let mut reader = BlockReader::new(0)?;
        (0..self.rows.len()).map(|row| reader.event(self, row)).collect()
    }

    pub(crate) fn key(&self, row: usize) -> RowKey {
        let Row { customer, occurred_at, seq, .. } = self.rows[row];
        RowKey { customer, occurred_at, seq }
    }

    pub(crate) fn identifier(&self, row: usize) -> IdentifierId {
        IdentifierId(self.rows[row].identifier)
    }

    pub(crate) fn kind(&self, row: usize) -> EventKind {
        EventKind::ALL[usize::from(self.rows[row].kind)]
    }

    pub(crate) fn source(&self, row: usize) -> SourceId {
        SourceId(self.rows[row].source)
    }

    pub(crate) fn name(&self, row: usize) -> &str {
        &self.names[self.rows[row].name as usize]
    }

    fn inflate(
        &self,
        block: u32,
        inflater: &mut zstd::bulk::Decompressor<'_>,
    ) -> Result<Vec<u8>, HistoryError> {
        let Block { start, len, raw_len } = self.blocks[block as usize];
        let start = self.texts_at + start as usize;
        inflater
            .decompress(&self.blob[start..start + len as usize], raw_len as usize)
            .map_err(|e| HistoryError::batch(format!("a block cannot be inflated ({e})")))
    }
}

fn checked_head(blob: &Bytes) -> Result<usize, HistoryError> {
    if blob.len() < HEAD_AT {
        return Err(HistoryError::batch("it is cut off"));
    }
    match blob[0] {
        VERSION => {}
        version if version > VERSION => {
            return Err(HistoryError::TooNew { version, known: VERSION });
        }
        version => return Err(HistoryError::batch(format!("it has no version {version}"))),
    }
    let fingerprint = u64::from_le_bytes(blob[1..9].try_into().expect("eight bytes"));
    if fingerprint != hash64(0, &blob[9..]) {
        return Err(HistoryError::batch("its fingerprint does not fit"));
    }
    let head = u32::from_le_bytes(blob[9..HEAD_AT].try_into().expect("four bytes")) as usize;
    if HEAD_AT + head > blob.len() {
        return Err(HistoryError::batch("its head is cut off"));
    }
    Ok(head)
}

fn check_row(row: &Row, head: &Head) -> Result<(), HistoryError> {
    let whole = usize::from(row.kind) < EventKind::ALL.len()
        && (row.name as usize) < head.names.len()
        && (row.block as usize) < head.blocks.len();
    if whole { Ok(()) } else { Err(HistoryError::batch("a row points outside of it")) }
}

/// An event to be packed, as it lies in somebody else's memory.
#[derive(Clone, Copy, Debug)]
pub struct PackedEvent<'e> {
    /// See [`StoredEvent::customer`].
    pub customer: CustomerId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The identifier that it came under, for ever.
    pub identifier: IdentifierId,
    /// See [`StoredEvent::seq_of`].
    pub seq: u64,
    /// Which of the six calls it was.
    pub kind: EventKind,
    /// What is counted.
    pub name: &'e str,
    /// Where it came from.
    pub source: SourceId,
    /// When it reached us.
    pub received_at: Timestamp,
    /// The sender's id of the event.
    pub message_id: &'e str,
    /// The fields of the event.
    pub properties: &'e Json,
    /// What it says of the customer or the account.
    pub traits: &'e Json,
    /// Circumstances.
    pub context: &'e Json,
}

impl PackedEvent<'_> {
    fn key(&self) -> RowKey {
        RowKey { customer: self.customer.0, occurred_at: self.occurred_at.0, seq: self.seq }
    }
}

impl<'e> From<&'e StoredEvent> for PackedEvent<'e> {
    fn from(event: &'e StoredEvent) -> Self {
        Self {
            customer: event.customer,
            occurred_at: event.occurred_at,
            identifier: event.identifier,
            seq: event.seq,
            kind: event.kind,
            name: &event.name,
            source: event.source,
            received_at: event.received_at,
            message_id: &event.message_id,
            properties: &event.properties,
            traits: &event.traits,
            context: &event.context,
        }
    }
}

/// Packs a batch event by event, for those who have other things to do in between.
pub struct Packer<'e> {
    last: Option<RowKey>,
    compressor: zstd::bulk::Compressor<'static>,
    name_numbers: HashMap<&'e str, u32>,
    names: Vec<Box<str>>,
    rows: Vec<Row>,
    blocks: Vec<Block>,
    texts: Vec<u8>,
    open: Vec<u8>,
}

impl<'e> Packer<'e> {
    /// A packer of about `n_events` events.
    ///
    /// # Errors
    /// [`HistoryError::Encode`] where memory runs out.
    pub fn new(n_events: usize) -> Result<Self, HistoryError> {
        Ok(Self {
            last: None,
            compressor: zstd::bulk::Compressor::new(ZSTD_LEVEL).map_err(HistoryError::encode)?,
            name_numbers: HashMap::new(),
            names: Vec::new(),
            rows: Vec::with_capacity(n_events),
            blocks: Vec::new(),
            texts: Vec::new(),
            open: Vec::with_capacity(BLOCK_BYTES * 2),
        })
    }

    /// Takes the next event in the order of (customer, time, number).
    ///
    /// # Errors
    /// [`HistoryError::Encode`] where the batch is beyond 4 GB.
    ///
    /// # Panics
    /// If the order is broken.
    pub fn push(&mut self, event: PackedEvent<'e>) -> Result<(), HistoryError> {
        let key = event.key();
        assert!(self.last.is_none_or(|last| last < key), "events are packed in the order of rows");
        self.last = Some(key);
        if self.open.len() >= BLOCK_BYTES {
            self.close_block()?;
        }
        let name = self.name_number(event.name);
        self.rows.push(Row {
            customer: event.customer.0,
            occurred_at: event.occurred_at.0,
            seq: event.seq,
            identifier: event.identifier.0,
            received_at: event.received_at.0,
            source: event.source.0,
            name,
            block: small(self.blocks.len())?,
            offset: small(self.open.len())?,
            kind: kind_number(event.kind),
        });
        let texts = [
            event.message_id,
            event.properties.as_str(),
            event.traits.as_str(),
            event.context.as_str(),
        ];
        for text in texts {
            self.open.extend_from_slice(&small(text.len())?.to_le_bytes());
            self.open.extend_from_slice(text.as_bytes());
        }
        Ok(())
    }

    fn name_number(&mut self, name: &'e str) -> u32 {
        let next = u32::try_from(self.names.len()).expect("fewer names than rows, below 2^32");
        *self.name_numbers.entry(name).or_insert_with(|| {
            self.names.push(name.into());
            next
        })
    }

    fn close_block(&mut self) -> Result<(), HistoryError> {
        let packed = self.compressor.compress(&self.open).map_err(HistoryError::encode)?;
        self.blocks.push(Block {
            start: small(self.texts.len())?,
            len: small(packed.len())?,
            raw_len: small(self.open.len())?,
        });
        self.texts.extend_from_slice(&packed);
        self.open.clear();
        Ok(())
    }

    /// The packed batch, the outcome of the log up to `position`.
    ///
    /// # Errors
    /// [`HistoryError::Encode`] where the batch is beyond 4 GB.
    pub fn finish(mut self, position: Position) -> Result<FreshBatch, HistoryError> {
        if !self.open.is_empty() {
            self.close_block()?;
        }
        let head =
            Head { position: position.0, names: self.names, blocks: self.blocks, rows: self.rows };
        let raw = postcard::to_stdvec(&head).map_err(HistoryError::encode)?;
        let packed = self.compressor.compress(&raw).map_err(HistoryError::encode)?;
        let mut blob = Vec::with_capacity(HEAD_AT + packed.len() + self.texts.len());
        blob.push(VERSION);
        blob.extend_from_slice(&[0; 8]);
        blob.extend_from_slice(&small(packed.len())?.to_le_bytes());
        blob.extend_from_slice(&packed);
        blob.extend_from_slice(&self.texts);
        let fingerprint = hash64(0, &blob[9..]);
        blob[1..9].copy_from_slice(&fingerprint.to_le_bytes());
        Ok(FreshBatch {
            position,
            rows: head.rows.into(),
            names: head.names.into(),
            blocks: head.blocks.into(),
            texts_at: HEAD_AT + packed.len(),
            blob: blob.into(),
        })
    }
}

fn small(n: usize) -> Result<u32, HistoryError> {
    u32::try_from(n).map_err(HistoryError::encode)
}

fn kind_number(kind: EventKind) -> u8 {
    let place = EventKind::ALL.iter().position(|&k| k == kind);
    place.and_then(|p| u8::try_from(p).ok()).expect("every kind is in the list of kinds")
}

/// Reads events out of batches and keeps the blocks that it has inflated, up to a bound.
pub(crate) struct BlockReader {
    inflater: zstd::bulk::Decompressor<'static>,
    blocks: HashMap<(u64, u32), Vec<u8>>,
    n_bytes: usize,
    n_bytes_max: usize,
}

impl BlockReader {
    /// A reader that keeps about `n_bytes_max` of inflated text; with 0 the last block alone.
    pub fn new(n_bytes_max: usize) -> Result<Self, HistoryError> {
        let inflater = zstd::bulk::Decompressor::new().map_err(HistoryError::encode)?;
        Ok(Self { inflater, blocks: HashMap::new(), n_bytes: 0, n_bytes_max })
    }

    pub fn event(&mut self, batch: &FreshBatch, row: usize) -> Result<StoredEvent, HistoryError> {
        let fixed = batch.rows[row];
        let [message_id, properties, traits, context] = self.texts(batch, fixed)?;
        Ok(StoredEvent {
            customer: CustomerId(fixed.customer),
            occurred_at: Timestamp(fixed.occurred_at),
            identifier: IdentifierId(fixed.identifier),
            seq: fixed.seq,
            kind: batch.kind(row),
            name: batch.name(row).into(),
            source: SourceId(fixed.source),
            received_at: Timestamp(fixed.received_at),
            message_id: message_id.into(),
            properties: Json::from_checked_text(properties),
            traits: Json::from_checked_text(traits),
            context: Json::from_checked_text(context),
        })
    }

    pub fn properties(&mut self, batch: &FreshBatch, row: usize) -> Result<&str, HistoryError> {
        Ok(self.texts(batch, batch.rows[row])?[1])
    }

    /// Properties and context.
    pub fn json_texts(
        &mut self,
        batch: &FreshBatch,
        row: usize,
    ) -> Result<(&str, &str), HistoryError> {
        let [_, properties, _, context] = self.texts(batch, batch.rows[row])?;
        Ok((properties, context))
    }

    fn texts(&mut self, batch: &FreshBatch, row: Row) -> Result<[&str; 4], HistoryError> {
        let key = (batch.position.0, row.block);
        if !self.blocks.contains_key(&key) {
            if self.n_bytes > self.n_bytes_max || self.n_bytes_max == 0 {
                self.blocks.clear();
                self.n_bytes = 0;
            }
            let raw = batch.inflate(row.block, &mut self.inflater)?;
            self.n_bytes += raw.len();
            self.blocks.insert(key, raw);
        }
        let cut_off = || HistoryError::batch("a row's texts are cut off");
        let mut rest = self.blocks[&key].get(row.offset as usize..).ok_or_else(cut_off)?;
        let mut texts = [""; 4];
        for text in &mut texts {
            let (len, after) = rest.split_first_chunk::<4>().ok_or_else(cut_off)?;
            let len = u32::from_le_bytes(*len) as usize;
            let bytes = after.get(..len).ok_or_else(cut_off)?;
            *text = std::str::from_utf8(bytes)
                .map_err(|_| HistoryError::batch("a text is not UTF-8"))?;
            rest = &after[len..];
        }
        Ok(texts)
    }
}
