//! Can this segment hold the id at all?
//!
//! A split block Bloom filter as Parquet has it (Putze, Sanders and Singler 2007): eight words of
//! 32 bits per block, one bit per word, one cache line per question. With 12 bits per id about
//! 0.7 % of absent ids are looked up in vain.

/// Odd multipliers, one per word, from the Parquet specification.
const SALT: [u32; 8] = [
    0x47b6_137b,
    0x4497_4d91,
    0x8824_ad5b,
    0xa2b7_289d,
    0x7054_95c7,
    0x2df1_424b,
    0x9efc_4947,
    0x5c6b_fb31,
];
const BITS_PER_ID: u64 = 12;
const BITS_PER_BLOCK: u64 = 256;

/// A set that answers "no" or "perhaps".
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Filter {
    blocks: Vec<[u32; 8]>,
}

impl Filter {
    /// An empty filter for `n_ids` ids.
    pub fn new(n_ids: u64) -> Self {
        let n_blocks = (n_ids * BITS_PER_ID).div_ceil(BITS_PER_BLOCK).max(1);
        let n_blocks = usize::try_from(n_blocks).expect("a filter fits into memory");
        Self { blocks: vec![[0; 8]; n_blocks] }
    }

    pub fn insert(&mut self, id: u128) {
        let block = self.block(id);
        for (word, bit) in self.blocks[block].iter_mut().zip(bits(id)) {
            *word |= bit;
        }
    }

    /// `false` only where the id was never inserted.
    pub fn may_hold(&self, id: u128) -> bool {
        self.blocks[self.block(id)].iter().zip(bits(id)).all(|(word, bit)| word & bit != 0)
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.blocks.iter().flatten().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// `None` where the bytes are no filter.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (words, rest) = bytes.as_chunks::<4>();
        let (blocks, more) = words.as_chunks::<8>();
        let is_whole = rest.is_empty() && more.is_empty() && !blocks.is_empty();
        let read = |block: &[[u8; 4]; 8]| block.map(u32::from_le_bytes);
        is_whole.then(|| Self { blocks: blocks.iter().map(read).collect() })
    }

    /// Ids in order meet blocks in order.
    fn block(&self, id: u128) -> usize {
        let high = id >> 64;
        ((high * self.blocks.len() as u128) >> 64) as usize
    }
}

/// One bit in each of the eight words, chosen by the low half of the id.
fn bits(id: u128) -> [u32; 8] {
    SALT.map(|salt| 1 << ((id as u32).wrapping_mul(salt) >> 27))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::hash::hash128;

    #[test]
    fn it_never_denies_and_seldom_errs() {
        let id = |n: u64| hash128(&n.to_le_bytes());
        let mut filter = Filter::new(10_000);
        (0..10_000).for_each(|n| filter.insert(id(n)));
        assert!((0..10_000).all(|n| filter.may_hold(id(n))));
        let n_wrong = (10_000..110_000).filter(|&n| filter.may_hold(id(n))).count();
        // 0.7 % of 100,000 are 700; twice that is far outside of chance.
        assert!(n_wrong < 1_400, "{n_wrong} of 100,000");
        assert_eq!(Filter::from_bytes(&filter.to_bytes()), Some(filter));
        assert_eq!(Filter::from_bytes(&[0; 33]), None);
    }
}
