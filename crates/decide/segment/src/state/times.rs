//! How are ascending times written?
//!
//! How many; the newest; then, backwards, by how much each is earlier than the one after it: days
//! apart, six bytes each.

use crate::bytes::{Reader, put as put_whole, put_signed};
use crate::error::DecodeError;

/// Writes ascending times.
pub(super) fn put(into: &mut Vec<u8>, times: &[i64]) {
    put_whole(into, times.len() as u64);
    let mut later: Option<i64> = None;
    for &time in times.iter().rev() {
        match later {
            None => put_signed(into, time),
            Some(later) => put_whole(into, later.wrapping_sub(time).cast_unsigned()),
        }
        later = Some(time);
    }
}

/// Reads them.
pub(super) fn read(from: &mut Reader<'_>) -> Result<Vec<i64>, DecodeError> {
    let n = from.count()?;
    let mut times = Vec::with_capacity(n);
    for place in 0..n {
        times.push(match place {
            0 => from.signed()?,
            _ => earlier(times[place - 1], from.whole()?)?,
        });
    }
    times.reverse();
    Ok(times)
}

/// The time that is `by` earlier.
pub(super) fn earlier(time: i64, by: u64) -> Result<i64, DecodeError> {
    time.checked_sub_unsigned(by).ok_or(DecodeError::Damaged { what: "a time is out of range" })
}
