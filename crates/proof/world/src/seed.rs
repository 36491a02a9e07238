//! Which random stream belongs to which part of the world?
//!
//! Seeds form a tree: a node's child is named by a label or a number, and each
//! node can open one [`Stream`]. One more draw in one place therefore changes
//! nothing in another, and customer `k` is the same whatever the size of the
//! world or the order in which its customers are made.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// A node of the seed tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seed(u64);

impl Seed {
    /// The root of a world.
    pub(crate) fn root(seed: u64) -> Seed {
        Seed(mix(seed ^ 0x4E4F_5254_484C_4947))
    }

    /// The child named by a word.
    pub(crate) fn named(self, label: &str) -> Seed {
        let hash = label.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        Seed(mix(self.0 ^ mix(hash)))
    }

    /// The child with a number.
    pub(crate) fn nth(self, number: u64) -> Seed {
        Seed(mix(self.0.wrapping_add(mix(number.wrapping_add(0x9E37_79B9_7F4A_7C15)))))
    }

    /// The node as 64 well-mixed bits: a hash, not a draw.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// The node as 128 well-mixed bits.
    pub(crate) fn wide_bits(self) -> u128 {
        (u128::from(self.0) << 64) | u128::from(mix(self.0 ^ 0x5851_F42D_4C95_7F2D))
    }

    /// The stream of random numbers that belongs to this node.
    pub(crate) fn stream(self) -> Stream {
        Stream(ChaCha8Rng::seed_from_u64(self.0))
    }
}

/// SplitMix64's finaliser (Steele, Lea and Flood 2014).
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A stream of random numbers; its distributions are in `draw`.
pub(crate) struct Stream(ChaCha8Rng);

impl Stream {
    /// Uniform on [0, 1), 53 bits.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_differ_from_one_another_and_from_their_parent() {
        let root = Seed::root(1);
        let nodes = [root, root.named("a"), root.named("b"), root.nth(0), root.nth(1)];
        for (i, left) in nodes.iter().enumerate() {
            for right in &nodes[i + 1..] {
                assert_ne!(left, right);
            }
        }
    }

    #[test]
    fn a_stream_is_repeatable_and_stays_in_its_range() {
        let mut left = Seed::root(7).stream();
        let mut right = Seed::root(7).stream();
        for _ in 0..1000 {
            let draw = left.unit();
            assert_eq!(draw, right.unit());
            assert!((0.0..1.0).contains(&draw));
        }
    }
}
