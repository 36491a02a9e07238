//! Where is it counted how often something happened in many places at once?

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// How maps by numbers are hashed.
pub(crate) type Mixed = BuildHasherDefault<Mixer>;

/// A map by numbers; quick, and without defence against numbers chosen to collide: they are codes
/// and places that were given out here.
pub(crate) type ByNumber<V> = HashMap<u64, V, Mixed>;

/// A map by three numbers in one.
pub(crate) type ByTriple<V> = HashMap<u128, V, Mixed>;

/// Mixes one number so that its high and its low bits tell numbers apart.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, number: u64) {
        // Both halves of the product with an odd number; 2⁶⁴ divided by the golden ratio.
        let product = u128::from(number ^ self.0) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product as u64) ^ (product >> 64) as u64;
    }

    fn write_u128(&mut self, number: u128) {
        self.write_u64(number as u64);
        self.write_u64((number >> 64) as u64);
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut number = [0; 8];
            number[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(number));
        }
    }
}

/// The same cells for each of many groups: those of code 0 lie side by side, those of other codes
/// are there when something happened in them.
#[derive(Clone, Debug)]
pub struct Cells<V> {
    n_cells: usize,
    first: Vec<V>,
    others: ByNumber<V>,
}

impl<V: Clone + Default> Cells<V> {
    /// `n_cells` for each code.
    pub(crate) fn new(n_cells: usize) -> Self {
        Self { n_cells, first: vec![V::default(); n_cells], others: ByNumber::default() }
    }

    /// A cell of a code.
    #[inline]
    pub(crate) fn at(&mut self, code: u32, cell: usize) -> &mut V {
        if code == 0 {
            return &mut self.first[cell];
        }
        let number = u64::from(code) * self.n_cells as u64 + cell as u64;
        self.others.entry(number).or_default()
    }

    /// Every cell in which something may have happened: code, cell, what is in it.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, usize, &V)> {
        let first = self.first.iter().enumerate().map(|(cell, value)| (0, cell, value));
        let n_cells = self.n_cells as u64;
        let others = self.others.iter().map(move |(number, value)| {
            ((number / n_cells) as u32, (number % n_cells) as usize, value)
        });
        first.chain(others)
    }

    /// Takes each cell of `other` into the same of this one.
    pub(crate) fn merge(&mut self, other: &Self, mut add: impl FnMut(&mut V, &V)) {
        for (code, cell, value) in other.iter() {
            add(self.at(code, cell), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_codes_are_their_own() {
        let mut cells: Cells<u64> = Cells::new(3);
        for (code, cell) in [(0, 2), (1, 0), (7, 2), (7, 2)] {
            *cells.at(code, cell) += 1;
        }
        let mut other = Cells::new(3);
        *other.at(7, 2) = 5;
        cells.merge(&other, |into, n| *into += n);
        let mut found: Vec<_> = cells.iter().filter(|(.., n)| **n > 0).collect();
        found.sort_unstable();
        assert_eq!(found, [(0, 2, &1), (1, 0, &1), (7, 2, &7)]);
    }
}
