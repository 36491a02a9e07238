//! How does a request wait in the log until it is processed?

use crate::dialect::Dialect;
use crate::parcel::{Parcel, RawItem};
use base::{SourceId, Timestamp};
use lexicon::{Json, SourceKind};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::io;

/// The version of the form in which deliveries are kept; an unknown one is not guessed at.
const VERSION: u8 = 1;
const PLAIN: u8 = 0;
const ZSTD: u8 = 1;
/// The quickest that zstd has: an entry lives until it is processed.
const ZSTD_LEVEL: i32 = 1;
/// Below this many bytes, compression costs more than it saves.
const ZSTD_BYTES_MIN: usize = 512;
/// Bytes of one delivery unpacked: more than any body may have.
const UNPACKED_BYTES_MAX: usize = 256 << 20;

/// A parcel together with what the server knows about it: one entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Where it came from.
    pub source: SourceId,
    /// Whose hands the sender is in, which decides whether its address is the customer's.
    pub source_kind: SourceKind,
    /// Whose words it is in.
    pub dialect: Dialect,
    /// When it reached us.
    pub received_at: Timestamp,
    /// When the client says that it sent it.
    pub sent_at: Option<Timestamp>,
    /// Whether addresses are kept. If not, neither the sender's nor those inside events are.
    pub store_ip: bool,
    /// The sender's address, where addresses are kept.
    pub ip: Option<Box<str>>,
    /// The sender's `User-Agent`.
    pub user_agent: Option<Box<str>>,
    /// What all its events share: `{"context":{…},"integrations":{…}}`.
    pub shared: Json,
    /// The events as they were sent.
    pub items: Vec<RawItem>,
}

/// The bytes are no delivery.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// Written by a later version of the program.
    #[error("the delivery is of version {found}, this program reads up to {VERSION}")]
    Version {
        /// The version found.
        found: u8,
    },
    /// Damaged.
    #[error("the delivery is damaged: {what}")]
    Damaged {
        /// What is wrong with it.
        what: &'static str,
    },
}

/// What the server adds to a parcel.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The source that the write key belongs to.
    pub source: SourceId,
    /// Its kind.
    pub source_kind: SourceKind,
    /// When the request came.
    pub received_at: Timestamp,
    /// Whether the source keeps addresses.
    pub store_ip: bool,
    /// The sender's address; dropped unless `store_ip`.
    pub ip: Option<Box<str>>,
    /// The sender's `User-Agent`.
    pub user_agent: Option<Box<str>>,
}

impl Delivery {
    /// The delivery of `parcel` that arrived as `arrival` says.
    #[must_use]
    pub fn new(parcel: Parcel, arrival: Arrival) -> Self {
        Self {
            source: arrival.source,
            source_kind: arrival.source_kind,
            dialect: parcel.dialect,
            received_at: arrival.received_at,
            sent_at: parcel.sent_at,
            store_ip: arrival.store_ip,
            ip: arrival.ip.filter(|_| arrival.store_ip),
            user_agent: arrival.user_agent,
            shared: parcel.shared,
            items: parcel.items,
        }
    }

    /// The bytes to keep: version, packing, content.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let content =
            postcard::to_extend(self, Vec::new()).expect("a delivery has no unencodable part");
        if content.len() >= ZSTD_BYTES_MIN
            && let Ok(packed) = pack(&content)
        {
            return [&[VERSION, ZSTD], packed.as_slice()].concat();
        }
        [&[VERSION, PLAIN], content.as_slice()].concat()
    }

    /// The delivery kept as `bytes`.
    ///
    /// # Errors
    /// The bytes are of a later version, or damaged.
    pub fn decode(bytes: &[u8]) -> Result<Self, DeliveryError> {
        let damaged = |what| DeliveryError::Damaged { what };
        match bytes {
            [VERSION, PLAIN, content @ ..] => {
                postcard::from_bytes(content).map_err(|_| damaged("the content does not parse"))
            }
            [VERSION, ZSTD, packed @ ..] => {
                let content = unpack(packed).map_err(|_| damaged("it does not decompress"))?;
                postcard::from_bytes(&content).map_err(|_| damaged("the content does not parse"))
            }
            [VERSION, ..] => Err(damaged("the packing is not known")),
            [found, ..] => Err(DeliveryError::Version { found: *found }),
            [] => Err(damaged("it is empty")),
        }
    }
}

/// Hundreds of deliveries a second come and go; making a context for each costs more than packing.
struct Contexts {
    packing: zstd::bulk::Compressor<'static>,
    unpacking: zstd::bulk::Decompressor<'static>,
}

thread_local! {
    static CONTEXTS: RefCell<Option<Contexts>> = const { RefCell::new(None) };
}

fn with_contexts<T>(work: impl FnOnce(&mut Contexts) -> io::Result<T>) -> io::Result<T> {
    CONTEXTS.with_borrow_mut(|kept| {
        let contexts = match kept {
            Some(contexts) => contexts,
            None => kept.insert(Contexts {
                packing: zstd::bulk::Compressor::new(ZSTD_LEVEL)?,
                unpacking: zstd::bulk::Decompressor::new()?,
            }),
        };
        work(contexts)
    })
}

fn pack(content: &[u8]) -> io::Result<Vec<u8>> {
    with_contexts(|contexts| contexts.packing.compress(content))
}

/// What was packed says at its head how long it will be; nothing longer is made room for.
fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
    let length = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten();
    let length = length.and_then(|n| usize::try_from(n).ok()).filter(|&n| n <= UNPACKED_BYTES_MAX);
    let length = length.ok_or_else(|| io::Error::other("its length is missing or too large"))?;
    with_contexts(|contexts| contexts.unpacking.decompress(packed, length))
}
