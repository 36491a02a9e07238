//! What is known of a sorted file without opening it?

use base::hash::hash64;
use base::{CustomerId, Position, Timestamp};

/// The number of buckets that customers are spread over; part of the format.
pub const N_BUCKETS: u16 = 64;

/// One sorted Parquet file. The list of live runs lives in the state database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunMeta {
    /// Its path in the store; unique for ever. It ends in the fingerprint of the file's bytes.
    pub path: String,
    /// The bucket of all its customers, or [`RunMeta::MIXED`].
    pub bucket: u16,
    /// How often its oldest rows have been rewritten.
    pub level: u8,
    /// Rows in it; at least 1.
    pub n_rows: u64,
    /// Its size.
    pub bytes: u64,
    /// The smallest customer number in it.
    pub min_customer: CustomerId,
    /// The largest customer number in it.
    pub max_customer: CustomerId,
    /// When its oldest event happened.
    pub min_time: Timestamp,
    /// When its newest event happened.
    pub max_time: Timestamp,
    /// Each row says whom its identifier pointed to after the log entry at this position, or after
    /// a later one. 0 where that is not known.
    pub written_through: Position,
    /// Customers in it; 0 where that is not known.
    pub n_customers: u64,
}

/// What a run is told when it is finished.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamp {
    /// See [`RunMeta::bucket`].
    pub bucket: u16,
    /// See [`RunMeta::level`].
    pub level: u8,
    /// See [`RunMeta::written_through`].
    pub written_through: Position,
}

impl RunMeta {
    /// The bucket number of runs that hold customers of any bucket: few rows that were not worth
    /// 64 files, or rows whose customer has changed. Compaction spreads them.
    pub const MIXED: u16 = u16::MAX;

    /// Whether events of `customer` may lie in it.
    #[must_use]
    pub fn may_hold(&self, customer: CustomerId) -> bool {
        (self.bucket == Self::MIXED || self.bucket == bucket_of(customer))
            && (self.min_customer..=self.max_customer).contains(&customer)
    }

    /// Whether rows may lie in it that say `customer` although their identifier came to point to
    /// somebody else at `moved_at`.
    pub(crate) fn may_hold_stale(&self, customer: CustomerId, moved_at: Position) -> bool {
        self.written_through < moved_at && self.may_hold(customer)
    }

    /// The fingerprint that the file's bytes must have, read from its path.
    pub(crate) fn fingerprint(&self) -> Option<u64> {
        let stem = self.path.strip_suffix(".parquet")?;
        u64::from_str_radix(stem.rsplit_once('-')?.1, 16).ok()
    }
}

/// The bucket of a customer; part of the format.
#[must_use]
pub fn bucket_of(customer: CustomerId) -> u16 {
    base::hash::bucket(customer.0, N_BUCKETS)
}

/// `bucket/first-last-seed-fingerprint.parquet`: the first and last event number tell a person
/// what is in it, the seed keeps apart what was written twice, the fingerprint proves the bytes.
pub(crate) fn run_path(bucket: u16, seqs: (u64, u64), seed: u64, fingerprint: u64) -> String {
    let (first, last) = seqs;
    let folder = if bucket == RunMeta::MIXED { "mixed".into() } else { format!("b{bucket:02}") };
    format!("{folder}/{first:x}-{last:x}-{seed:x}-{fingerprint:016x}.parquet")
}

/// A fingerprint of a stream of bytes, however it is cut: XXH3 chained over whole mebibytes.
#[derive(Default)]
pub(crate) struct Fingerprint {
    chained: u64,
    open: Vec<u8>,
}

const CHUNK: usize = 1 << 20;

impl Fingerprint {
    pub fn add(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK - self.open.len()));
            self.open.extend_from_slice(now);
            bytes = later;
            if self.open.len() == CHUNK {
                self.chained = hash64(self.chained, &self.open);
                self.open.clear();
            }
        }
    }

    pub fn finish(self) -> u64 {
        hash64(self.chained, &self.open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_does_not_depend_on_the_cuts() {
        let bytes: Vec<u8> = (0..3 * CHUNK + 17).map(|i| (i % 251) as u8).collect();
        let of = |cut: usize| {
            let mut print = Fingerprint::default();
            bytes.chunks(cut).for_each(|c| print.add(c));
            print.finish()
        };
        assert_eq!(of(1000), of(CHUNK));
        assert_eq!(of(7 * CHUNK), of(CHUNK + 1));
    }
}
