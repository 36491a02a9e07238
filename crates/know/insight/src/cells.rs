//! Where is it counted how often something happened in many places at once?

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// How maps by numbers are hashed.
pub(crate) type Mixed = BuildHasherDefault<Mixer>;

/// A map by numbers; quick, and without defence against numbers chosen to collide: they are codes
/// and places that were given out here.
pub(crate) type ByNumber<V> = HashMap<u64, V, Mixed>;

/// A map by three numbers in one.
type ByTriple<V> = HashMap<u128, V, Mixed>;

/// Numbers below this are small, where triples are counted.
const SMALL: u32 = 64;

/// How often each three numbers were met; `u32::MAX` may be among them, it stands for none. Where
/// all three are small, as codes of names are, no table is searched.
#[derive(Clone, Debug)]
pub(crate) struct Triples {
    small: Vec<u64>,
    others: ByTriple<u64>,
}

impl Default for Triples {
    fn default() -> Self {
        Self { small: vec![0; (SMALL as usize).pow(3)], others: ByTriple::default() }
    }
}

impl Triples {
    /// Three numbers were met once more.
    #[inline]
    pub(crate) fn add(&mut self, triple: [u32; 3]) {
        self.add_n(triple, 1);
    }

    #[inline]
    fn add_n(&mut self, triple: [u32; 3], n: u64) {
        // None is the smallest.
        let [a, b, c] = triple.map(|number| number.wrapping_add(1));
        if (a | b | c) < SMALL {
            self.small[((a * SMALL + b) * SMALL + c) as usize] += n;
        } else {
            let [a, b, c] = triple.map(u128::from);
            *self.others.entry(a << 64 | b << 32 | c).or_insert(0) += n;
        }
    }

    /// How many different ones were met, not counting those of small numbers.
    pub(crate) fn n_others(&self) -> usize {
        self.others.len()
    }

    /// Each three numbers that were met, and how often.
    pub(crate) fn iter(&self) -> impl Iterator<Item = ([u32; 3], u64)> {
        let small = (0u32..).zip(&self.small).filter(|(_, n)| **n > 0).map(|(place, n)| {
            let abc = [place / (SMALL * SMALL), place / SMALL % SMALL, place % SMALL];
            (abc.map(|number| number.wrapping_sub(1)), *n)
        });
        let others = self.others.iter().map(|(triple, n)| {
            ([(triple >> 64) as u32, (triple >> 32) as u32, *triple as u32], *n)
        });
        small.chain(others)
    }

    /// Takes in what another one has.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (triple, n) in other.iter() {
            self.add_n(triple, n);
        }
    }
}

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
    fn triples_of_large_and_small_numbers_are_counted_alike() {
        let numbers = [0, 1, SMALL - 2, SMALL - 1, SMALL, u32::MAX - 1, u32::MAX];
        let all = numbers.iter().flat_map(|a| numbers.iter().map(move |b| [*a, *b]));
        let all = all.flat_map(|[a, b]| numbers.iter().map(move |c| [a, b, *c]));
        let mut triples = Triples::default();
        for (k, triple) in all.clone().enumerate() {
            (0..k).for_each(|_| triples.add(triple));
        }
        let (mut twice, mut expected) = (triples.clone(), Vec::new());
        twice.merge(&triples);
        expected.extend(all.zip(0u64..).filter(|(_, k)| *k > 0).map(|(t, k)| (t, 2 * k)));
        expected.sort_unstable();
        let mut found: Vec<_> = twice.iter().collect();
        found.sort_unstable();
        assert_eq!(found, expected);
    }

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
