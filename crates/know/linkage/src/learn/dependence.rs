//! Which columns agree together by chance more often than apart?
//!
//! Postcode and town, organisation and domain: taken as independent they would be counted twice.
//! (Households are a class of their own.) For each two columns the pairs of a sample that agree
//! in both are counted, each by its probability of being two strangers, and compared with what
//! independence gives. Of these lifts a maximum spanning forest is kept, one parent per column
//! (the tree of Chow and Liu 1968, its edges weighed by the logarithm of the lift).

use super::LearnOptions;
use super::em::AT_HOME;
use crate::model::{Dependence, Model};
use crate::parallel::stretches;
use crate::pool::MISSING;
use crate::score::Scorer;
use crate::table::{RecordIdx, Row, Table};
use crate::tally::Tally;
use base::hash::mix64;
use base::seed::Seed;
use rand_core::RngCore;

/// Records that are looked at: five thousand million pairs.
const SAMPLE_RECORDS: usize = 100_000;
/// Pairs per two columns whose probabilities are looked at.
const SAMPLE_PAIRS: usize = 500;
/// So many pairs of chance are believed beforehand; where fewer are seen, a lift stays near 1.
const BELIEVED_PAIRS: f64 = 10.0;
/// A lift below one bit is left alone.
const LIFT_MIN: f64 = 2.0;

struct Edge {
    a: usize,
    b: usize,
    lift: f64,
}

/// Learns which columns depend on which, and writes it into the model. Answers for each column by
/// how much more often strangers agree in it who agree in some part of the address.
pub(super) fn learn(model: &mut Model, table: &Table, options: &LearnOptions) -> Vec<f64> {
    let sample = sample(table, options.seed.child("dependence"));
    let used: Vec<usize> =
        (0..model.fields.len()).filter(|&column| model.fields[column].is_used).collect();
    let twos: Vec<(usize, usize)> = used
        .iter()
        .enumerate()
        .flat_map(|(at, &a)| used[at + 1..].iter().map(move |&b| (a, b)))
        .collect();
    let scorer = Scorer::new(model, table);
    let found = stretches(options.n_threads, twos.len(), |range| {
        let mut lifts =
            Lifts { scorer: &scorer, table, sample: &sample, tally: Tally::new(sample.len()) };
        let edges = twos[range].iter().map(|&(a, b)| Edge { a, b, lift: lifts.lift(a, b) });
        edges.filter(|edge| edge.lift >= LIFT_MIN).collect::<Vec<Edge>>()
    });
    let mut edges: Vec<Edge> = found.into_iter().flatten().collect();
    edges.sort_by(|x, y| y.lift.total_cmp(&x.lift));
    plant(model, &edges);
    near_home(model, &edges)
}

/// For each column the greatest lift by a column of the address.
fn near_home(model: &Model, edges: &[Edge]) -> Vec<f64> {
    let is_address =
        |column: usize| model.schema.columns()[column].kind.definition().at_home >= AT_HOME;
    let mut lifts = vec![1.0_f64; model.fields.len()];
    for edge in edges {
        for (column, other) in [(edge.a, edge.b), (edge.b, edge.a)] {
            if is_address(other) {
                lifts[column] = lifts[column].max(edge.lift);
            }
        }
    }
    lifts
}

fn sample(table: &Table, seed: Seed) -> Vec<u32> {
    let n = table.n_records();
    if n <= SAMPLE_RECORDS {
        return (0..n as u32).collect();
    }
    let draw = seed.rng().next_u64();
    let below = (SAMPLE_RECORDS as f64 / n as f64 * u64::MAX as f64) as u64;
    (0..n as u32).filter(|record| mix64(draw ^ u64::from(*record)) < below).collect()
}

struct Lifts<'a> {
    scorer: &'a Scorer<'a>,
    table: &'a Table,
    sample: &'a [u32],
    tally: Tally,
}

impl Lifts<'_> {
    /// How much more often than independence gives do strangers agree in both columns? Matches are
    /// told from strangers only where all agreement together would be a lift.
    fn lift(&mut self, a: usize, b: usize) -> f64 {
        let Self { scorer, table, sample, .. } = *self;
        let keyed = |record: u32| {
            let row = table.row(record);
            let (x, y) = (row.values()[a], row.values()[b]);
            let is_there = x != MISSING && y != MISSING;
            is_there.then(|| ((u64::from(x) << 32) | u64::from(y), record))
        };
        let mut n_present = 0;
        let keys = sample.iter().filter_map(|&record| {
            let (key, _) = keyed(record)?;
            n_present += 1;
            Some(key)
        });
        let n_agree = self.tally.n_pairs(keys);
        let (u_a, u_b) = (scorer.model().fields[a].u[0], scorer.model().fields[b].u[0]);
        let n_pairs = f64::from(n_present) * (f64::from(n_present) - 1.0) / 2.0;
        let most = (1.0 / u_a.max(u_b)).max(1.0);
        let lift = |seen: f64| {
            ((seen + BELIEVED_PAIRS) / (n_pairs * u_a * u_b + BELIEVED_PAIRS)).clamp(1.0, most)
        };
        if n_agree == 0.0 || lift(n_agree) < LIFT_MIN {
            return 1.0;
        }
        let mut entries: Vec<(u64, u32)> =
            sample.iter().filter_map(|&record| keyed(record)).collect();
        entries.sort_unstable();
        lift(n_agree * chance_share(scorer, &entries, n_agree))
    }
}

/// Of the pairs in blocks, the share that is two strangers: the mean over an even sample of them.
fn chance_share(scorer: &Scorer<'_>, entries: &[(u64, u32)], n_pairs: f64) -> f64 {
    let step = (n_pairs / SAMPLE_PAIRS as f64).max(1.0);
    let (mut sum, mut n, mut at, mut next) = (0.0, 0.0, 0.0, 0.0);
    for block in entries.chunk_by(|x, y| x.0 == y.0) {
        for (first, &(_, a)) in block.iter().enumerate() {
            let row = (block.len() - first - 1) as f64;
            while next < at + row {
                let (_, b) = block[first + 1 + (next - at) as usize];
                sum += scorer.odds(RecordIdx(a), RecordIdx(b)).strangers();
                n += 1.0;
                next += step;
            }
            at += row;
        }
    }
    if n > 0.0 { sum / n } else { 0.0 }
}

/// The maximum spanning forest of `edges` (Kruskal 1956), strongest first; of each edge the later
/// found end becomes the child.
fn plant(model: &mut Model, edges: &[Edge]) {
    let n = model.fields.len();
    let mut tree: Vec<usize> = (0..n).collect();
    let mut kept: Vec<Vec<(usize, f64)>> = vec![Vec::new(); n];
    for edge in edges {
        let (x, y) = (tree[edge.a], tree[edge.b]);
        if x != y {
            tree.iter_mut().filter(|root| **root == y).for_each(|root| *root = x);
            kept[edge.a].push((edge.b, edge.lift));
            kept[edge.b].push((edge.a, edge.lift));
        }
    }
    let mut is_planted = vec![false; n];
    for root in 0..n {
        let mut waiting = vec![(root, None)];
        while let Some((column, parent)) = waiting.pop() {
            if is_planted[column] {
                continue;
            }
            is_planted[column] = true;
            model.fields[column].dependence = parent;
            for &(child, lift) in &kept[column] {
                let on = Dependence { column: column as u8, lift };
                waiting.push((child, Some(on)));
            }
        }
    }
}
