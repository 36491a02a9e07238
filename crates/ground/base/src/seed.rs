//! Where does randomness come from, such that one more draw here changes nothing there?

use crate::hash::{hash64, mix64};
use rand_chacha::ChaCha12Rng;
use rand_core::SeedableRng;

/// A node in a tree of seeds. Children are found by name or index, not by drawing, so that the
/// stream of one child never depends on what its siblings did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// The root of a tree.
    #[must_use]
    pub fn root(seed: u64) -> Self {
        Self(mix64(seed))
    }

    /// The child called `name`.
    #[must_use]
    pub fn child(self, name: &str) -> Self {
        Self(hash64(self.0, name.as_bytes()))
    }

    /// The child with number `index`.
    #[must_use]
    pub fn nth(self, index: u64) -> Self {
        Self(mix64(self.0 ^ mix64(index)))
    }

    /// The stream of random numbers at this node.
    #[must_use]
    pub fn rng(self) -> ChaCha12Rng {
        ChaCha12Rng::seed_from_u64(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::RngCore;

    #[test]
    fn children_are_stable_and_apart() {
        let root = Seed::root(7);
        assert_eq!(root.child("a"), Seed::root(7).child("a"));
        assert_ne!(root.child("a"), root.child("b"));
        assert_ne!(root.nth(0), root.nth(1));
        assert_eq!(root.nth(3).rng().next_u64(), root.nth(3).rng().next_u64());
    }
}
