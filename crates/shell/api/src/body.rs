//! How much of what senders are sending right now may be in memory?

use crate::options::Api;
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Kilobytes of bodies that all requests together may hold.
pub const HELD_KB_MAX: usize = 128 << 10;

/// A body, and its share of the memory for bodies until it is dropped.
pub struct Held {
    /// The bytes as sent.
    pub bytes: Bytes,
    _share: Option<OwnedSemaphorePermit>,
}

/// Why a body was not read.
pub enum NotRead {
    /// It is larger than one body may be, or broke off.
    TooLarge,
    /// The bodies of others fill the memory for bodies.
    Crowded,
}

/// Reads a body of at most `bytes_max`. Memory is taken as the bytes come, so that a sender who
/// announces much and sends nothing holds nothing.
pub async fn hold(api: &Api, body: Body, bytes_max: usize) -> Result<Held, NotRead> {
    let mut parts = body.into_data_stream();
    let (mut first, mut rest) = (Bytes::new(), BytesMut::new());
    let mut share: Option<OwnedSemaphorePermit> = None;
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| NotRead::TooLarge)?;
        let n_bytes = first.len() + rest.len() + part.len();
        if n_bytes > bytes_max {
            return Err(NotRead::TooLarge);
        }
        grow(&mut share, &api.body_memory, n_bytes)?;
        if first.is_empty() {
            first = part;
        } else {
            rest.extend_from_slice(&part);
        }
    }
    let bytes = if rest.is_empty() { first } else { [first, rest.freeze()].concat().into() };
    Ok(Held { bytes, _share: share })
}

/// Makes `share` large enough for `n_bytes`.
fn grow(
    share: &mut Option<OwnedSemaphorePermit>,
    memory: &Arc<Semaphore>,
    n_bytes: usize,
) -> Result<(), NotRead> {
    let held_kb = share.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
    let missing_kb = n_bytes.div_ceil(1 << 10).saturating_sub(held_kb);
    let missing_kb = u32::try_from(missing_kb).map_err(|_| NotRead::TooLarge)?;
    let more = Arc::clone(memory).try_acquire_many_owned(missing_kb);
    let more = more.map_err(|_| NotRead::Crowded)?;
    match share {
        Some(share) => share.merge(more),
        None => *share = Some(more),
    }
    Ok(())
}
