//! Which bucket, shard or fingerprint does this value have, today and in ten years?
//!
//! XXH3 (Yann Collet) is stable across platforms and versions, which `std::hash` is not. What is
//! hashed here decides where data lies on disk: the functions must never change their answers.

use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128};

/// A 64-bit fingerprint of `bytes` under `seed`.
#[must_use]
pub fn hash64(seed: u64, bytes: &[u8]) -> u64 {
    xxh3_64_with_seed(bytes, seed)
}

/// A 128-bit fingerprint, wide enough to stand for the value itself: among 10¹² values the chance
/// that any two collide is below 10⁻¹⁴ (birthday bound n²/2¹²⁹).
#[must_use]
pub fn hash128(bytes: &[u8]) -> u128 {
    xxh3_128(bytes)
}

/// Mixes an integer key into 64 evenly spread bits (the finaliser of SplitMix64; Steele, Lea and
/// Flood 2014).
#[must_use]
pub fn mix64(key: u64) -> u64 {
    let mut z = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The bucket of `key` among `n_buckets`, every bucket equally likely.
///
/// # Panics
/// If `n_buckets` is 0.
#[must_use]
pub fn bucket(key: u64, n_buckets: u16) -> u16 {
    assert!(n_buckets > 0, "a thing cannot lie in one of no buckets");
    let n = u64::from(n_buckets);
    u16::try_from(mix64(key) % n).expect("a remainder of a u16 fits into u16")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_never_change() {
        assert_eq!(hash64(0, b"rapport"), xxh3_64_with_seed(b"rapport", 0));
        assert_eq!(mix64(0), 0xe220_a839_7b1d_cdaf, "first output of SplitMix64 from seed 0");
        assert_eq!(mix64(1), 0x910a_2dec_8902_5cc1);
    }

    #[test]
    fn buckets_are_even() {
        let mut counts = [0u32; 64];
        for key in 0..64_000 {
            counts[usize::from(bucket(key, 64))] += 1;
        }
        // Binomial(64000, 1/64): mean 1000, standard deviation 31; five of them on both sides.
        assert!(counts.iter().all(|&n| (845..=1155).contains(&n)), "{counts:?}");
    }
}
