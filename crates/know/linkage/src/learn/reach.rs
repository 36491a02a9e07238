//! Whom do many rules lead to from a few probes?
//!
//! One walk over all records: each record's parts are hashed once for all rules, and a rule's key
//! is looked up only if a bit says that a probe may have it.

use super::LearnOptions;
use crate::parallel::stretches;
use crate::rule::{KeyPart, Rule};
use crate::table::Table;
use base::hash::mix64;
use std::collections::HashMap;

/// Records that a rule may give for one key.
const BLOCK_RECORDS_MAX: usize = 2_000;
/// Bits of a rule's sieve: a few thousand probes set one in twenty.
const SIEVE_BITS: usize = 1 << 16;

/// Probes and the records that share a key of any rule with them, each pair once, the probe first.
pub(super) fn reached(
    table: &Table,
    options: &LearnOptions,
    rules: &[Rule],
    probes: &[u32],
) -> Vec<(u32, u32)> {
    let walk = Walk::new(table, rules, probes);
    let stretch = |records: std::ops::Range<usize>| walk.hits(records);
    let mut hits = stretches(options.n_threads, table.n_records(), stretch).concat();
    hits.sort_unstable();
    let mut pairs = Vec::new();
    let sources = table.sources();
    for block in hits.chunk_by(|a, b| (a.rule, a.key) == (b.rule, b.key)) {
        if block.len() > BLOCK_RECORDS_MAX {
            continue;
        }
        for &probe in &walk.sieves[block[0].rule].probes[&block[0].key] {
            let source = sources[probe as usize];
            let others = block.iter().map(|hit| hit.record).filter(|&other| {
                other != probe && options.scope.covers(source, sources[other as usize])
            });
            pairs.extend(others.map(|other| (probe, other)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    rule: usize,
    key: u64,
    record: u32,
}

struct Walk<'a> {
    table: &'a Table,
    parts: Vec<KeyPart>,
    /// For each rule the places of its parts.
    rules: Vec<Vec<usize>>,
    sieves: Vec<Sieve>,
}

/// The keys of the probes under one rule.
struct Sieve {
    bits: Vec<u64>,
    probes: HashMap<u64, Vec<u32>>,
}

impl Sieve {
    fn new() -> Self {
        Self { bits: vec![0; SIEVE_BITS / 64], probes: HashMap::new() }
    }

    fn insert(&mut self, key: u64, probe: u32) {
        let bit = key as usize % SIEVE_BITS;
        self.bits[bit / 64] |= 1 << (bit % 64);
        self.probes.entry(key).or_default().push(probe);
    }

    fn has(&self, key: u64) -> bool {
        let bit = key as usize % SIEVE_BITS;
        self.bits[bit / 64] & (1 << (bit % 64)) != 0 && self.probes.contains_key(&key)
    }
}

impl<'a> Walk<'a> {
    fn new(table: &'a Table, rules: &[Rule], probes: &[u32]) -> Self {
        let mut parts: Vec<KeyPart> = rules.iter().flat_map(|rule| rule.parts.clone()).collect();
        parts.sort_unstable();
        parts.dedup();
        let place = |part: &KeyPart| parts.binary_search(part).expect("every part is listed");
        let rules: Vec<Vec<usize>> =
            rules.iter().map(|rule| rule.parts.iter().map(place).collect()).collect();
        let sieves = rules.iter().map(|_| Sieve::new()).collect();
        let mut walk = Self { table, parts, rules, sieves };
        let mut hashes = Vec::new();
        for &probe in probes {
            walk.hash(probe, &mut hashes);
            for (rule, sieve) in walk.rules.iter().zip(&mut walk.sieves) {
                if let Some(key) = key(rule, &hashes) {
                    sieve.insert(key, probe);
                }
            }
        }
        walk
    }

    fn hits(&self, records: std::ops::Range<usize>) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut hashes = Vec::new();
        for record in records {
            let record = record as u32;
            self.hash(record, &mut hashes);
            for (at, (rule, sieve)) in self.rules.iter().zip(&self.sieves).enumerate() {
                if let Some(key) = key(rule, &hashes).filter(|&key| sieve.has(key)) {
                    hits.push(Hit { rule: at, key, record });
                }
            }
        }
        hits
    }

    fn hash(&self, record: u32, hashes: &mut Vec<Option<u64>>) {
        hashes.clear();
        let row = self.table.row(record);
        hashes.extend(self.parts.iter().map(|part| part.hash(self.table.schema(), &row)));
    }
}

fn key(rule: &[usize], hashes: &[Option<u64>]) -> Option<u64> {
    rule.iter().try_fold(0, |key, &part| Some(mix64(key ^ hashes[part]?)))
}
