//! Which few rules reach nearly all matches at few comparisons?
//!
//! Candidates are parts of columns, alone and two or three together. For some thousand probes all
//! partners are sought that the loosest affordable candidates reach, and scored; the pairs that
//! look like matches are what is to be reached. Rules are then chosen greedily by matches newly
//! reached per pair to be compared (the greedy set cover of Chvátal 1979, as Bilenko, Kamath and
//! Mooney 2006 use it for blocking with labels; here the model takes their place).

use super::LearnOptions;
use super::reach::reached;
use crate::kind::{Kind, Part};
use crate::model::{LAMBDA_MIN, Model};
use crate::parallel::stretches;
use crate::rule::{KeyPart, Rule};
use crate::schema::Schema;
use crate::score::{Memo, Scorer};
use crate::table::Table;
use crate::tally::Tally;
use base::hash::mix64;
use rand_core::RngCore;
use std::collections::HashSet;

/// How blocking rules are chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockingOptions {
    /// Pairs that all rules together may lead to, per record.
    pub n_pairs_per_record_max: f64,
    /// So many pairs are allowed in any case: small tables can afford more.
    pub n_pairs_min: f64,
    /// Share of the reachable matches that is enough.
    pub coverage: f64,
    /// Records whose partners are sought at most: fewer in a small table where fewer have a thousand
    /// partners.
    pub n_probes: usize,
    /// Rules at most: each is a key per record in an [`crate::Index`].
    pub n_rules_max: usize,
}

impl Default for BlockingOptions {
    /// 20 pairs per record keep a million records within half a minute on two cores; 99.95 % is
    /// where one more rule usually costs more than all before.
    fn default() -> Self {
        Self {
            n_pairs_per_record_max: 20.0,
            n_pairs_min: 1e6,
            coverage: 0.9995,
            n_probes: 3_000,
            n_rules_max: 10,
        }
    }
}

/// A rule that was chosen, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleReport {
    /// The rule in words.
    pub words: String,
    /// Pairs it is estimated to lead to.
    pub n_pairs_est: f64,
    /// Share of the reachable matches that it reaches and no rule before it.
    pub coverage_gain: f64,
}

pub(super) struct Blocking {
    pub(super) rules: Vec<RuleReport>,
    pub(super) coverage: f64,
}

/// Records on which block sizes are estimated.
const SAMPLE_RECORDS: usize = 8_000;
/// Rules by which partners of probes are sought, at most.
const LOOSE_RULES_MAX: usize = 48;
/// Pairs per record that such a rule may lead to.
const LOOSE_PAIRS_PER_RECORD: f64 = 20.0;
/// Pairs of lower weight are not looked at closely.
const FLOOR_BITS: f32 = -5.0;
/// Pairs of probes that are scored for it, about.
const LOOSE_PAIRS_MAX: f64 = 8e5;
/// Partners from which rules can be chosen: one is a thousandth of the coverage.
const PARTNERS_WANTED: f64 = 1_000.0;
/// Records whose partners are sought at least.
const PROBES_MIN: f64 = 300.0;
/// Third parts are tried for so many pairs of parts that are too loose.
const TRIPLES_OF_PAIRS: usize = 25;

struct Candidate {
    parts: Vec<usize>,
    n_pairs: f64,
}

/// A pair that looks like a match, by its probability.
struct Partner {
    a: u32,
    b: u32,
    probability: f64,
}

/// Chooses rules, puts them into the model and sets its share of matches.
pub(super) fn learn(model: &mut Model, table: &Table, options: &LearnOptions) -> Blocking {
    let parts = usable_parts(model, table);
    let candidates = candidates(model, table, options, &parts);
    let loose = loose_rules(table, &parts, &candidates, options.blocking.n_probes as f64);
    let partners = partners(model, table, options, &loose);
    let n = table.n_records() as f64;
    let budget = (options.blocking.n_pairs_per_record_max * n).max(options.blocking.n_pairs_min);
    let chosen = if partners.is_empty() {
        fall_back(&candidates, budget, options.blocking.n_rules_max)
    } else {
        cover(&Reach::new(table, &parts, &partners), (&parts, &candidates), options, (budget, n))
    };
    let rule_of = |candidate: &Candidate| {
        Rule::of(&candidate.parts.iter().map(|&part| parts[part]).collect::<Vec<_>>())
    };
    model.rules = chosen.iter().map(|&(at, _)| rule_of(&candidates[at])).collect();
    let reports = chosen.iter().zip(&model.rules).map(|(&(at, gain), rule)| RuleReport {
        words: rule.words(&model.schema),
        n_pairs_est: candidates[at].n_pairs,
        coverage_gain: gain,
    });
    let rules: Vec<RuleReport> = reports.collect();
    let coverage = rules.iter().map(|rule| rule.coverage_gain).sum();
    Blocking { rules, coverage }
}

fn usable_parts(model: &Model, table: &Table) -> Vec<KeyPart> {
    let n = table.n_records() as f64;
    let mut parts = Vec::new();
    for (at, column) in model.schema.columns().iter().enumerate() {
        let is_frequent = f64::from(table.n_present(at)) >= 0.01 * n;
        if !model.fields[at].is_used || !is_frequent || column.kind == Kind::Generation {
            continue;
        }
        let has_names = model.schema.names().is_some_and(|(given, _)| given == at);
        let of_kind = column.kind.definition().parts.iter();
        parts.extend(
            of_kind
                .filter(|part| **part != Part::BothNames || has_names)
                .map(|&part| KeyPart { column: at as u8, part }),
        );
    }
    parts
}

/// All parts, alone and in pairs, and in threes where two are too loose, with the pairs they are
/// estimated to lead to.
fn candidates(
    model: &Model,
    table: &Table,
    options: &LearnOptions,
    parts: &[KeyPart],
) -> Vec<Candidate> {
    let schema = table.schema();
    let n = table.n_records();
    let step = n.div_ceil(SAMPLE_RECORDS).max(1);
    let sample: Vec<u32> = (0..n as u32).step_by(step).collect();
    let hashes: Vec<Vec<u64>> = parts
        .iter()
        .map(|part| {
            let hash = |&record: &u32| part.hash(schema, &table.row(record)).unwrap_or(0);
            sample.iter().map(hash).collect()
        })
        .collect();
    let pairs = |n: f64| n * (n - 1.0) / 2.0;
    let scope_share = options.scope.n_pairs(table) / pairs(n as f64).max(1.0);
    let scale = (n as f64 / sample.len() as f64).powi(2) * scope_share;
    let size = |sets: Vec<Vec<usize>>| -> Vec<Candidate> {
        let measured = stretches(options.n_threads, sets.len(), |range| {
            let mut tally = Tally::new(sample.len());
            let sets = sets[range].iter().take_while(|_| !options.stop.is_stopped());
            let sizes = sets.map(|set| n_pairs_in(&hashes, set, &mut tally) * scale);
            sizes.collect::<Vec<f64>>()
        });
        let sizes = measured.concat();
        sets.into_iter().zip(sizes).map(|(parts, n_pairs)| Candidate { parts, n_pairs }).collect()
    };
    let mut out = size((0..parts.len()).map(|part| vec![part]).collect());
    let pairs = size(two_parts(&model.schema, parts));
    let triples = three_parts(&model.schema, parts, &pairs, n as f64);
    out.extend(pairs);
    out.extend(size(triples));
    out.sort_by(|a, b| a.n_pairs.total_cmp(&b.n_pairs).then_with(|| a.parts.cmp(&b.parts)));
    out
}

fn two_parts(schema: &Schema, parts: &[KeyPart]) -> Vec<Vec<usize>> {
    let mut sets = Vec::new();
    for a in 0..parts.len() {
        for b in a + 1..parts.len() {
            if are_apart(schema, parts[a], parts[b]) {
                sets.push(vec![a, b]);
            }
        }
    }
    sets
}

/// Third parts for those pairs of parts that are just too loose to be used.
fn three_parts(
    schema: &Schema,
    parts: &[KeyPart],
    pairs: &[Candidate],
    n_records: f64,
) -> Vec<Vec<usize>> {
    let mut loose: Vec<&Candidate> =
        pairs.iter().filter(|pair| pair.n_pairs > 10.0 * n_records).collect();
    loose.sort_by(|a, b| a.n_pairs.total_cmp(&b.n_pairs).then_with(|| a.parts.cmp(&b.parts)));
    let mut sets = HashSet::new();
    for pair in loose.into_iter().take(TRIPLES_OF_PAIRS) {
        for third in 0..parts.len() {
            if pair.parts.iter().all(|&part| are_apart(schema, parts[part], parts[third])) {
                let mut set = pair.parts.clone();
                set.push(third);
                set.sort_unstable();
                sets.insert(set);
            }
        }
    }
    let mut sets: Vec<Vec<usize>> = sets.into_iter().collect();
    sets.sort();
    sets
}

/// Whether two parts are of different columns; both names together are two columns.
fn are_apart(schema: &Schema, a: KeyPart, b: KeyPart) -> bool {
    let family = schema.names().map(|(_, family)| family);
    let clashes = |both: KeyPart, other: KeyPart| {
        both.part == Part::BothNames && Some(usize::from(other.column)) == family
    };
    a.column != b.column && !clashes(a, b) && !clashes(b, a)
}

/// Pairs of the sample that agree in all parts of a set.
fn n_pairs_in(hashes: &[Vec<u64>], set: &[usize], tally: &mut Tally) -> f64 {
    let keys = (0..hashes[set[0]].len()).filter_map(|at| {
        set.iter().try_fold(0, |key, &part| {
            let hash = hashes[part][at];
            (hash != 0).then(|| mix64(key ^ hash))
        })
    });
    tally.n_pairs(keys)
}

/// The loosest affordable candidate of each set of columns, those of few parts first: what they
/// reach, tighter ones with the same parts and more reach as well.
fn loose_rules(
    table: &Table,
    parts: &[KeyPart],
    candidates: &[Candidate],
    n_probes: f64,
) -> Vec<Rule> {
    let n = table.n_records() as f64;
    let affordable = LOOSE_PAIRS_PER_RECORD * n;
    let mut left = LOOSE_PAIRS_MAX * n / n_probes.min(n) / 2.0;
    let mut loosest: Vec<&Candidate> =
        candidates.iter().rev().filter(|candidate| candidate.n_pairs <= affordable).collect();
    loosest.sort_by_key(|candidate| candidate.parts.len());
    let mut seen = HashSet::new();
    let mut chosen: Vec<&Candidate> = Vec::new();
    for candidate in loosest {
        let mut columns: Vec<u8> = candidate.parts.iter().map(|&part| parts[part].column).collect();
        columns.sort_unstable();
        let is_known = chosen
            .iter()
            .any(|known| known.parts.iter().all(|part| candidate.parts.contains(part)));
        if chosen.len() < LOOSE_RULES_MAX
            && candidate.n_pairs <= left
            && !is_known
            && seen.insert(columns)
        {
            left -= candidate.n_pairs;
            chosen.push(candidate);
        }
    }
    let rule = |candidate: &&Candidate| {
        Rule::of(&candidate.parts.iter().map(|&part| parts[part]).collect::<Vec<_>>())
    };
    chosen.iter().map(rule).collect()
}

/// The pairs of probes that are likely matches; the model's share of matches is set by the way.
fn partners(
    model: &mut Model,
    table: &Table,
    options: &LearnOptions,
    rules: &[Rule],
) -> Vec<Partner> {
    let probes = probes(model, table, options);
    let found = reached(table, options, rules, &probes);
    let scorer = Scorer::new(model, table);
    // What is less likely than one in thirty is no partner and hardly a share of one.
    let floor = FLOOR_BITS;
    let weights = stretches(options.n_threads, found.len(), |range| {
        let mut memo = Memo::new();
        let weigh = |&(a, b): &(u32, u32)| {
            if options.stop.is_stopped() {
                return f32::NEG_INFINITY;
            }
            let (a, b) = (table.row(a), table.row(b));
            let weight = scorer.weight_above(&a, &b, floor, Some(&mut memo));
            weight.unwrap_or(f32::NEG_INFINITY) - scorer.prior()
        };
        found[range].iter().map(weigh).collect::<Vec<f32>>()
    })
    .concat();
    // Every probe has all its partners here, so that a pair counts once from either side.
    let per_probe = table.n_records() as f64 / probes.len() as f64 / 2.0;
    let prior = |lambda: f64| (lambda / (1.0 - lambda)).log2();
    let mut lambda = model.lambda;
    for _ in 0..20 {
        let bits = prior(lambda);
        let sum: f64 = weights.iter().map(|w| probability(f64::from(*w) + bits)).sum();
        lambda = (sum * per_probe / options.scope.n_pairs(table)).clamp(LAMBDA_MIN, 0.5);
    }
    model.lambda = lambda;
    let bits = prior(lambda);
    found
        .iter()
        .zip(&weights)
        .map(|(&(a, b), w)| Partner { a, b, probability: probability(f64::from(*w) + bits) })
        .filter(|partner| partner.probability >= 0.5)
        .collect()
}

fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

/// Evenly spread records, from a random one on. Of a small table, where rules can be had in plenty,
/// as many as should have enough partners by the share of matches that is known so far.
fn probes(model: &Model, table: &Table, options: &LearnOptions) -> Vec<u32> {
    let n = table.n_records();
    let per_record = 2.0 * model.lambda * options.scope.n_pairs(table) / n as f64;
    let rules_cost = RULE_COST_PER_RECORD * n as f64 * options.blocking.n_rules_max as f64;
    let is_small = rules_cost <= options.blocking.n_pairs_min;
    let enough = (PARTNERS_WANTED / per_record).max(PROBES_MIN) as usize;
    let n_probes = if is_small { enough } else { usize::MAX };
    let step = n.div_ceil(n_probes.clamp(1, options.blocking.n_probes.max(1)));
    let from = options.seed.child("probes").rng().next_u64() as usize % step;
    (from as u32..n as u32).step_by(step).collect()
}

/// Which partners agree in which part, one bit each.
struct Reach {
    by_part: Vec<Vec<u64>>,
    weights: Vec<f64>,
}

impl Reach {
    fn new(table: &Table, parts: &[KeyPart], partners: &[Partner]) -> Self {
        let schema = table.schema();
        let agrees = |part: &KeyPart, partner: &Partner| {
            let a = part.hash(schema, &table.row(partner.a));
            a.is_some() && a == part.hash(schema, &table.row(partner.b))
        };
        let bits = |part: &KeyPart| {
            let mut words = vec![0u64; partners.len().div_ceil(64)];
            for (at, partner) in partners.iter().enumerate() {
                words[at / 64] |= u64::from(agrees(part, partner)) << (at % 64);
            }
            words
        };
        Self {
            by_part: parts.iter().map(bits).collect(),
            weights: partners.iter().map(|partner| partner.probability).collect(),
        }
    }

    /// Weight of the partners that a candidate reaches and `open` still has.
    fn gain(&self, candidate: &Candidate, open: &[u64]) -> f64 {
        let mut sum = 0.0;
        for (at, &word) in open.iter().enumerate() {
            let mut left =
                candidate.parts.iter().fold(word, |word, &part| word & self.by_part[part][at]);
            while left != 0 {
                sum += self.weights[at * 64 + left.trailing_zeros() as usize];
                left &= left - 1;
            }
        }
        sum
    }

    /// Takes what a candidate reaches from `open`, and what was not there any more from `once`.
    fn close(&self, candidate: &Candidate, open: &mut [u64], once: &mut [u64]) {
        for (at, (open, once)) in open.iter_mut().zip(once).enumerate() {
            let reached =
                candidate.parts.iter().fold(u64::MAX, |word, &part| word & self.by_part[part][at]);
            *once &= !reached | *open;
            *open &= !reached;
        }
    }
}

/// A rule costs a sort of all records, and a key for each in an index, besides its pairs; that is
/// set at two pairs per record.
const RULE_COST_PER_RECORD: f64 = 2.0;
/// A rule that adds less is not worth its key: one match in ten thousand.
const GAIN_MIN: f64 = 1e-4;

/// The greedy cover: candidates with the coverage that each adds.
///
/// Partners of some hundred probes do not show every slip that there is. Where comparisons are
/// cheap, in a small table, each partner is therefore reached by a second rule, too.
fn cover(
    reach: &Reach,
    (parts, candidates): (&[KeyPart], &[Candidate]),
    options: &LearnOptions,
    (budget, n_records): (f64, f64),
) -> Vec<(usize, f64)> {
    let wanted = options.blocking;
    let mut cover = Cover::new(reach, (parts, candidates), n_records);
    while cover.chosen.len() < wanted.n_rules_max && cover.covered < wanted.coverage {
        if !cover.take_best(budget, |cover| &cover.open) {
            break;
        }
    }
    while cover.chosen.len() < wanted.n_rules_max {
        let left = wanted.n_pairs_min - cover.chosen.len() as f64 * cover.rule_cost;
        if !cover.take_best(left, |cover| &cover.once) {
            break;
        }
    }
    cover.chosen
}

struct Cover<'a> {
    reach: &'a Reach,
    parts: &'a [KeyPart],
    candidates: &'a [Candidate],
    /// What a rule costs besides its pairs, in pairs.
    rule_cost: f64,
    chosen: Vec<(usize, f64)>,
    covered: f64,
    spent: f64,
    /// Partners that no rule reaches, and those that not more than one does.
    open: Vec<u64>,
    once: Vec<u64>,
}

impl<'a> Cover<'a> {
    fn new(
        reach: &'a Reach,
        (parts, candidates): (&'a [KeyPart], &'a [Candidate]),
        n_records: f64,
    ) -> Self {
        let open = vec![u64::MAX; reach.weights.len().div_ceil(64)];
        Self {
            reach,
            parts,
            candidates,
            rule_cost: RULE_COST_PER_RECORD * n_records,
            chosen: Vec::new(),
            covered: 0.0,
            spent: 0.0,
            once: open.clone(),
            open,
        }
    }

    /// Takes the affordable candidate that reaches most of `wanted` for what it costs; `false` if
    /// there is none.
    fn take_best(&mut self, budget: f64, wanted: fn(&Self) -> &Vec<u64>) -> bool {
        let total: f64 = self.reach.weights.iter().sum();
        let best = self
            .candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| self.spent + candidate.n_pairs <= budget)
            .filter(|(_, candidate)| !self.is_known(candidate))
            .map(|(at, candidate)| {
                let gain = self.reach.gain(candidate, wanted(self)) / total;
                (at, gain, gain / (candidate.n_pairs + self.rule_cost))
            })
            .filter(|(_, gain, _)| *gain >= GAIN_MIN)
            .max_by(|a, b| a.2.total_cmp(&b.2));
        let Some((at, ..)) = best else { return false };
        let candidate = &self.candidates[at];
        let gain = self.reach.gain(candidate, &self.open) / total;
        self.reach.close(candidate, &mut self.open, &mut self.once);
        self.covered += gain;
        self.spent += candidate.n_pairs;
        self.chosen.push((at, gain));
        true
    }

    /// Whether a chosen rule leads to all that the candidate leads to.
    fn is_known(&self, candidate: &Candidate) -> bool {
        let is_said = |part: &usize| {
            let part = self.parts[*part];
            let whole = KeyPart { part: Part::Whole, ..part };
            let own = candidate.parts.iter().map(|&own| self.parts[own]);
            own.into_iter().any(|own| own == part || own == whole)
        };
        self.chosen.iter().any(|(known, _)| self.candidates[*known].parts.iter().all(is_said))
    }
}

/// Where nobody looks like a match: the tightest candidates that the budget allows, so that the
/// model can be used on records to come.
fn fall_back(candidates: &[Candidate], budget: f64, n_rules_max: usize) -> Vec<(usize, f64)> {
    let mut spent = 0.0;
    let mut chosen = Vec::new();
    for (at, candidate) in candidates.iter().enumerate().filter(|(_, c)| c.parts.len() == 1) {
        if chosen.len() < n_rules_max && spent + candidate.n_pairs <= budget {
            spent += candidate.n_pairs;
            chosen.push((at, 0.0));
        }
    }
    chosen
}
