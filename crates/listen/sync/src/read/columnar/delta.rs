//! How many numbers does a delta-packed stream say that it holds, and where does it end?
//!
//! See "Delta encoding" in the specification of Parquet's encodings.

use super::thrift::varint;

/// Groups of numbers in a block. Writers have four.
const MINIBLOCKS_MAX: u64 = 1 << 12;

/// The count and the length of the stream at the start of `bytes`; `None` where the bytes are no
/// such stream, or end before it does.
pub(super) fn stream(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut at = 0;
    let mut next = || {
        let (number, n_bytes) = varint(bytes.get(at..)?)?;
        at += n_bytes;
        Some(number)
    };
    let (in_block, n_miniblocks, n_numbers) = (next()?, next()?, next()?);
    let _first = next()?;
    if n_miniblocks == 0 || n_miniblocks > MINIBLOCKS_MAX || in_block % n_miniblocks != 0 {
        return None;
    }
    let in_miniblock = in_block / n_miniblocks;
    let mut n_left = n_numbers.saturating_sub(1);
    while n_left > 0 {
        let (_, n_bytes) = varint(bytes.get(at..)?)?;
        at += n_bytes;
        let widths = bytes.get(at..at + n_miniblocks as usize)?;
        at += widths.len();
        for width in widths.iter().take_while(|_| in_miniblock > 0) {
            if n_left == 0 {
                break;
            }
            // The last one is filled up to its whole length.
            let n_bits = in_miniblock.checked_mul(u64::from(*width))?;
            at = at.checked_add(usize::try_from(n_bits / 8).ok()?)?;
            n_left = n_left.saturating_sub(in_miniblock);
        }
        if in_miniblock == 0 || at > bytes.len() {
            return None;
        }
    }
    Some((n_numbers, at))
}
