//! From which pairs can one learn how matches agree?
//!
//! Matches are far too rare among all pairs. A pass takes the pairs that are equal in one or a
//! few columns, so few by chance that matches are a fair share; other passes block by other
//! columns, so that each column is free in most of them.

use super::LearnOptions;
use super::verdicts::Verdicts;
use crate::blocks::{Blocks, keys};
use crate::error::NotEstimable;
use crate::kind::{Kind, Part};
use crate::model::Model;
use crate::parallel::stretches;
use crate::rule::{KeyPart, Rule};
use crate::score::{Memo, Pattern, Scorer};
use crate::table::Table;
use base::hash::mix64;
use std::cell::Cell;

/// A blocking pass, its pairs counted by their levels.
pub(super) struct Pass {
    pub(super) rule: Rule,
    /// Pairs by levels, without a verdict.
    pub(super) open: Vec<(Pattern, f64)>,
    /// Pairs by levels, with the verdict of a person.
    pub(super) judged: Vec<(Pattern, bool, f64)>,
    /// Of the pass's pairs, the share that was taken.
    pub(super) taken: f64,
    pub(super) n_pairs: f64,
    pub(super) n_matches: Cell<f64>,
}

/// What a pass contributed.
#[derive(Clone, Debug, PartialEq)]
pub struct PassReport {
    /// Which pairs it took, in words.
    pub words: String,
    /// How many pairs it took.
    pub n_pairs: f64,
    /// How many of them are estimated to be matches.
    pub n_matches: f64,
}

/// Chance pairs that a pass may have per record. With matches of a tenth of the records, 5 leave a
/// share of matches of 2 %; at a thousandth estimates begin to follow chance (fastLink's authors
/// put the limit at about one in two hundred; Enamorado, Fifield and Imai 2019).
const CHANCE_PAIRS_PER_RECORD: f64 = 5.0;
/// A pass of fewer pairs says too little.
const PAIRS_MIN: f64 = 10.0;
const PASSES_MAX: usize = 8;
/// Blocks of more records are left out: they are agreement by chance.
const BLOCK_RECORDS_MAX: usize = 2_000;

/// Chooses passes and counts their pairs.
pub(super) fn collect(
    model: &Model,
    table: &Table,
    options: &LearnOptions,
    verdicts: &Verdicts,
) -> Result<Vec<Pass>, NotEstimable> {
    let scorer = Scorer::new(model, table);
    let passes: Vec<Pass> = choose(model, table, options)
        .into_iter()
        .map(|rule| count(&scorer, table, options, verdicts, rule))
        .filter(|pass| pass.n_pairs >= PAIRS_MIN)
        .collect();
    if passes.is_empty() { Err(NotEstimable::NoCandidates) } else { Ok(passes) }
}

pub(super) fn report(model: &Model, passes: &[Pass]) -> Vec<PassReport> {
    passes
        .iter()
        .map(|pass| PassReport {
            words: pass.rule.words(&model.schema),
            n_pairs: pass.n_pairs,
            n_matches: pass.n_matches.get(),
        })
        .collect()
}

/// Sets of columns, each column in one set, each set rare enough by chance: the most telling
/// column that is left begins a set, and the next most telling ones join until it is rare.
fn choose(model: &Model, table: &Table, options: &LearnOptions) -> Vec<Rule> {
    let n = table.n_records() as f64;
    let allowed = (CHANCE_PAIRS_PER_RECORD * n / options.scope.n_pairs(table)).min(1.0);
    let chance = |column: &usize| {
        let present = f64::from(table.n_present(*column)) / n;
        model.fields[*column].u[0] * present * present
    };
    let can_block = |column: &usize| {
        let kind = model.schema.columns()[*column].kind;
        let is_frequent = f64::from(table.n_present(*column)) >= 0.02 * n;
        model.fields[*column].is_used && is_frequent && kind != Kind::Generation
    };
    let mut left: Vec<usize> = (0..model.fields.len()).filter(can_block).collect();
    left.sort_by(|a, b| chance(a).total_cmp(&chance(b)));
    let all = left.clone();
    let mut rules = Vec::new();
    while !left.is_empty() && rules.len() < PASSES_MAX {
        let mut set = vec![left.remove(0)];
        let mut product = chance(&set[0]);
        while product > allowed && !left.is_empty() {
            let next = left.remove(0);
            product *= chance(&next);
            set.push(next);
        }
        // The last set borrows from the others.
        for column in all.iter().rev() {
            if product > allowed && set.len() < 4 && !set.contains(column) {
                product *= chance(column);
                set.push(*column);
            }
        }
        if product <= allowed {
            rules.push(rule_of(&set));
        }
    }
    rules
}

fn rule_of(columns: &[usize]) -> Rule {
    let part = |column: &usize| KeyPart { column: *column as u8, part: Part::Whole };
    Rule { parts: columns.iter().map(part).collect() }
}

fn count(
    scorer: &Scorer<'_>,
    table: &Table,
    options: &LearnOptions,
    verdicts: &Verdicts,
    rule: Rule,
) -> Pass {
    let blocks = Blocks::new(&keys(table, &rule, options.n_threads));
    let (n_all, _) = blocks.n_pairs(BLOCK_RECORDS_MAX);
    let taken = (options.n_pass_pairs_max as f64 / n_all.max(1.0)).min(1.0);
    let below = (taken * u64::MAX as f64) as u64;
    let small: Vec<&[(u64, u32)]> =
        blocks.iter().filter(|block| block.len() <= BLOCK_RECORDS_MAX).collect();
    let counting = Counting { scorer, table, options, verdicts, below };
    let parts = stretches(options.n_threads, small.len(), |range| counting.run(&small[range]));
    let (mut open, mut judged) = (Vec::new(), Vec::new());
    for part in parts {
        open.extend(part.open);
        judged.extend(part.judged);
    }
    judged.extend(kept(scorer, options, verdicts, &rule));
    let n_pairs = (open.len() + judged.len()) as f64;
    open.sort_unstable();
    let counted = open.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as f64));
    let open = counted.collect();
    Pass { rule, open, judged, taken, n_pairs, n_matches: Cell::new(0.0) }
}

/// The judged pairs that are no longer in the table and that the rule leads to.
fn kept(
    scorer: &Scorer<'_>,
    options: &LearnOptions,
    verdicts: &Verdicts,
    rule: &Rule,
) -> Vec<(Pattern, bool, f64)> {
    let schema = scorer.model().schema();
    let reached = verdicts.texts().filter(|(a, b, _)| {
        let key = rule.key(schema, a);
        key.is_some() && key == rule.key(schema, b)
    });
    let judged = |(a, b, is_same): &(_, _, bool)| {
        (scorer.pattern(a, b, None), *is_same, options.label_weight)
    };
    reached.map(judged).collect()
}

struct Counting<'a> {
    scorer: &'a Scorer<'a>,
    table: &'a Table,
    options: &'a LearnOptions,
    verdicts: &'a Verdicts,
    /// Pairs whose draw is above are left out.
    below: u64,
}

#[derive(Default)]
struct Counts {
    open: Vec<Pattern>,
    judged: Vec<(Pattern, bool, f64)>,
}

impl Counting<'_> {
    fn run(&self, blocks: &[&[(u64, u32)]]) -> Counts {
        let mut memo = Memo::new();
        let mut counts = Counts::default();
        for block in blocks {
            if self.options.stop.is_stopped() {
                break;
            }
            for (at, &(key, a)) in block.iter().enumerate() {
                for &(_, b) in &block[at + 1..] {
                    if self.is_taken(key, a, b) {
                        self.count((a, b), &mut memo, &mut counts);
                    }
                }
            }
        }
        counts
    }

    /// A sample of pairs, by their own numbers: the same for every number of threads.
    fn is_taken(&self, key: u64, a: u32, b: u32) -> bool {
        let sources = self.table.sources();
        mix64(key ^ (u64::from(a) << 32 | u64::from(b))) <= self.below
            && self.options.scope.covers(sources[a as usize], sources[b as usize])
    }

    fn count(&self, (a, b): (u32, u32), memo: &mut Memo, counts: &mut Counts) {
        let pattern = self.scorer.pattern(&self.table.row(a), &self.table.row(b), Some(memo));
        match self.verdicts.on_records(a, b) {
            Some(is_same) => counts.judged.push((pattern, is_same, self.options.label_weight)),
            None => counts.open.push(pattern),
        }
    }
}
