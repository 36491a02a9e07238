//! How often did what happen?

use crate::bounds::evict;
use crate::semantic::Semantic;
use base::hash::hash64;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Names counted one by one per fragment.
const NAMES_MAX: usize = 64;

/// How often events of one name happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameCount {
    /// The name.
    pub name: String,
    /// How often.
    pub n: u64,
}

/// The counts of one fragment. A name that is kept was kept from the start, so its count is whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    by_name: BTreeMap<Box<str>, u64>,
    other: u64,
}

impl Counts {
    pub(crate) fn absorb(&mut self, name: &str) {
        match self.by_name.get_mut(name) {
            Some(n) => *n += 1,
            None => {
                self.by_name.insert(name.into(), 1);
                let dropped = evict(&mut self.by_name, NAMES_MAX, |name, _| rank(name));
                self.other += dropped.iter().map(|(_, n)| n).sum::<u64>();
            }
        }
    }

    pub(crate) fn join(&mut self, other: Self) {
        for (name, n) in other.by_name {
            *self.by_name.entry(name).or_default() += n;
        }
        self.other += other.other;
    }

    /// The counts, the greatest first, and how many events had other names.
    pub(crate) fn shown(&self) -> (Vec<NameCount>, u64) {
        let counts = self.by_name.iter().map(|(name, &n)| NameCount { name: name.to_string(), n });
        let mut counts: Vec<_> = counts.collect();
        counts.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.name.cmp(&b.name)));
        (counts, self.other)
    }
}

/// Names that everybody understands stay first; among the others the smallest hash, which no
/// sender can foresee to be that of a name made up for one event.
fn rank(name: &str) -> (bool, Reverse<u64>) {
    (Semantic::of(name).is_some(), Reverse(hash64(0, name.as_bytes())))
}
