//! What is to become of each pair that a run has found?
//!
//! A cluster of customers is joined along the strongest pairs that hold it together (a maximum
//! spanning tree), so that each link has evidence of its own and none is there twice. Pairs whose
//! two customers stay apart are put up for review, of the pairs between two clusters the likeliest.

use super::book::{Census, WITH_USER_ID};
use base::CustomerId;
use linkage::{Bands, Linked, RecordIdx, ScoredPair, Table};
use std::collections::{HashMap, HashSet};

/// Pairs that one run puts up for review at most, the likeliest: more would never be looked at.
const REVIEW_MAX: usize = 5_000;

/// Why identity would not join two customers by itself.
pub(super) const TWO_USER_IDS: &str = "two_user_ids";
/// They were joined before, and somebody took it back.
pub(super) const TAKEN_BACK: &str = "taken_back";
/// Others who would be joined with them speak against it.
pub(super) const CONTRADICTED: &str = "contradicted";

/// A pair, and what is to become of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) pair: ScoredPair,
    pub(super) fate: Fate,
}

/// What is to become of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// A link.
    Link,
    /// A question, and what held it back from being a link.
    Review(Option<&'static str>),
}

/// What was decided about pairs of customers before.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// People said that these are two persons.
    pub(super) different: HashSet<(CustomerId, CustomerId)>,
    /// These were joined, and are not any more.
    pub(super) taken_back: HashSet<(CustomerId, CustomerId)>,
}

impl Settled {
    /// Pairs that must not be joined, as records of a census.
    pub(super) fn apart(&self, census: &Census) -> Vec<(RecordIdx, RecordIdx)> {
        let records = (0u32..).map(RecordIdx);
        let places: HashMap<CustomerId, RecordIdx> =
            census.customers.iter().copied().zip(records).collect();
        let both = self.different.iter().chain(&self.taken_back);
        both.filter_map(|(a, b)| Some((*places.get(a)?, *places.get(b)?))).collect()
    }
}

/// Two customers, the smaller number first.
pub(super) fn ordered(a: CustomerId, b: CustomerId) -> (CustomerId, CustomerId) {
    (a.min(b), a.max(b))
}

/// What is to become of what was found; links first.
pub(super) fn fates(
    linked: &Linked,
    (table, census): (&Table, &Census),
    settled: &Settled,
    bands: Bands,
) -> Vec<Found> {
    let mut found = tree(linked, bands);
    found.extend(questions(linked, (table, census), settled, bands));
    found
}

/// The strongest pairs that hold each cluster together (Kruskal 1956).
fn tree(linked: &Linked, bands: Bands) -> Vec<Found> {
    let inside = |pair: &&ScoredPair| {
        root(linked, pair.a) == root(linked, pair.b) && f64::from(pair.probability) >= bands.link_at
    };
    let mut pairs: Vec<ScoredPair> = linked.pairs.iter().filter(inside).copied().collect();
    pairs.sort_by(|x, y| y.weight.total_cmp(&x.weight).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut parents: HashMap<RecordIdx, RecordIdx> = HashMap::new();
    let mut kept = Vec::new();
    for pair in pairs {
        let (a, b) = (find(&mut parents, pair.a), find(&mut parents, pair.b));
        if a != b {
            parents.insert(a.max(b), a.min(b));
            kept.push(Found { pair, fate: Fate::Link });
        }
    }
    kept
}

fn find(parents: &mut HashMap<RecordIdx, RecordIdx>, mut at: RecordIdx) -> RecordIdx {
    while let Some(&parent) = parents.get(&at) {
        if let Some(&above) = parents.get(&parent) {
            parents.insert(at, above);
        }
        at = parent;
    }
    at
}

fn root(linked: &Linked, record: RecordIdx) -> RecordIdx {
    linked.clusters[record.0 as usize]
}

/// The likeliest pair between each two clusters that stay apart.
fn questions(
    linked: &Linked,
    (table, census): (&Table, &Census),
    settled: &Settled,
    bands: Bands,
) -> Vec<Found> {
    let mut best: HashMap<(RecordIdx, RecordIdx), Found> = HashMap::new();
    for pair in &linked.pairs {
        let (x, y) = (root(linked, pair.a), root(linked, pair.b));
        let customer = |at: RecordIdx| census.customers[at.0 as usize];
        let names = ordered(customer(pair.a), customer(pair.b));
        if x == y || settled.different.contains(&names) {
            continue;
        }
        let both_signed_in = [pair.a, pair.b].iter().all(|&at| table.source(at) == WITH_USER_ID);
        let held = if settled.taken_back.contains(&names) {
            Some(TAKEN_BACK)
        } else if both_signed_in {
            Some(TWO_USER_IDS)
        } else {
            (f64::from(pair.probability) >= bands.link_at).then_some(CONTRADICTED)
        };
        let found = Found { pair: *pair, fate: Fate::Review(held) };
        let place = best.entry((x.min(y), x.max(y))).or_insert(found);
        if pair.weight > place.pair.weight {
            *place = found;
        }
    }
    let mut questions: Vec<Found> = best.into_values().collect();
    questions.sort_by(|x, y| {
        let by_weight = y.pair.weight.total_cmp(&x.pair.weight);
        by_weight.then((x.pair.a, x.pair.b).cmp(&(y.pair.a, y.pair.b)))
    });
    questions.truncate(REVIEW_MAX);
    questions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linkage::settings::LinkageSettings;
    use linkage::{LinkReport, SourceIdx};

    fn pair(a: u32, b: u32, weight: f32, probability: f32) -> ScoredPair {
        ScoredPair { a: RecordIdx(a), b: RecordIdx(b), weight, probability }
    }

    /// Records 0 to 5, of which 4 and 5 have user ids; customers are numbered from 10.
    fn people() -> (Table, Census) {
        let schema = LinkageSettings::default().schema().expect("the usual fields");
        let mut table = Table::new(schema);
        let mut census = Census::default();
        for at in 0..6u64 {
            let source = SourceIdx(u16::from(at >= 4));
            table.push(source, &[""; 11]).expect("eleven fields");
            census.customers.push(CustomerId(10 + at));
            census.fingerprints.push(at);
        }
        (table, census)
    }

    #[test]
    fn clusters_become_trees_and_the_rest_questions() {
        let (table, census) = people();
        let linked = Linked {
            pairs: vec![
                pair(0, 1, 9.0, 0.99),
                pair(0, 2, 5.0, 0.95),
                pair(1, 2, 7.0, 0.97),
                pair(0, 3, 0.5, 0.6),
                pair(1, 3, 0.9, 0.65),
                pair(2, 4, 6.0, 0.96),
                pair(4, 5, 8.0, 0.98),
            ],
            clusters: [0, 0, 0, 3, 4, 5].map(RecordIdx).to_vec(),
            report: LinkReport::default(),
        };
        let mut settled = Settled::default();
        let bands = Bands::default();
        let told = |settled: &Settled| {
            let found = fates(&linked, (&table, &census), settled, bands);
            found.iter().map(|f| (f.pair.a.0, f.pair.b.0, f.fate)).collect::<Vec<_>>()
        };
        assert_eq!(
            told(&settled),
            [
                (0, 1, Fate::Link),
                (1, 2, Fate::Link),
                (4, 5, Fate::Review(Some(TWO_USER_IDS))),
                (2, 4, Fate::Review(Some(CONTRADICTED))),
                (1, 3, Fate::Review(None)),
            ]
        );
        settled.different.insert((CustomerId(14), CustomerId(15)));
        settled.taken_back.insert((CustomerId(12), CustomerId(14)));
        assert_eq!(
            told(&settled)[2..],
            [(2, 4, Fate::Review(Some(TAKEN_BACK))), (1, 3, Fate::Review(None))]
        );
        assert_eq!(settled.apart(&census).len(), 2);
    }
}
