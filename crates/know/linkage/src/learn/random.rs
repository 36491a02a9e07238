//! How often do records agree by chance?

use super::LearnOptions;
use crate::blocks::Scope;
use crate::kind::{Kind, name};
use crate::model::Model;
use crate::parallel::stretches;
use crate::score::{Memo, NO_LEVEL, Scorer};
use crate::table::{SourceIdx, Table};
use base::hash::mix64;
use rand_core::RngCore;

/// What is observed over all pairs, matches among them.
pub(super) struct Chance {
    columns: Vec<Observed>,
}

struct Observed {
    /// Probability that two records that both have the column are equal in it.
    same: f64,
    /// Random pairs that are not equal, by level.
    unequal: Vec<f64>,
}

/// Of a small table's pairs no larger share is drawn: what happens by chance between its records is
/// known well enough by then.
const SHARE_OF_FEW: f64 = 0.1;
/// No chance is smaller than one in a thousand million: more was never counted.
const U_MIN: f64 = 1e-9;

impl Chance {
    pub(super) fn observe(model: &Model, table: &Table, options: &LearnOptions) -> Self {
        let levels = random_levels(model, table, options);
        let columns = levels
            .into_iter()
            .enumerate()
            .map(|(column, unequal)| Observed {
                same: equal_share(table, column, options.scope),
                unequal,
            })
            .collect();
        Self { columns }
    }

    /// Sets *u* and the share of matches among equal values, given the present *m* and *λ*.
    pub(super) fn set_u(&self, model: &mut Model) {
        let lambda = model.lambda;
        for (field, observed) in model.fields.iter_mut().zip(&self.columns) {
            if !field.is_used {
                continue;
            }
            let of_matches = (lambda * field.m[0]).min(observed.same);
            let same = (observed.same - of_matches).max(U_MIN);
            field.match_share = if observed.same > 0.0 { of_matches / observed.same } else { 0.0 };
            let n: f64 = observed.unequal.iter().sum();
            // Half an observation per level (Jeffreys), freed of matches like the rest.
            let counts: Vec<f64> = (0..field.m.len())
                .skip(1)
                .map(|at| (observed.unequal[at] - n * lambda * field.m[at]).max(0.0) + 0.5)
                .collect();
            let total: f64 = counts.iter().sum();
            field.u[0] = same;
            for (u, count) in field.u[1..].iter_mut().zip(&counts) {
                *u = ((1.0 - same) * count / total).max(U_MIN);
            }
        }
        set_swapped(model);
        for field in model.fields.iter_mut().filter(|field| field.is_used) {
            let sum: f64 = field.u.iter().sum();
            field.u.iter_mut().for_each(|u| *u /= sum);
        }
    }
}

/// Swapped names by chance are too rare to be seen in random pairs; both agreeing crosswise is at
/// most as likely as both agreeing.
fn set_swapped(model: &mut Model) {
    let Some((given, family)) = model.schema.names() else { return };
    if model.schema.columns()[given].kind != Kind::GivenName {
        return;
    }
    let by_chance = model.fields[given].u[0] * model.fields[family].u[0];
    model.fields[given].u[usize::from(name::SWAPPED)] = by_chance.max(U_MIN);
}

/// The share of pairs that are equal in a column, of those that both have it: exact, by counting.
fn equal_share(table: &Table, column: usize, scope: Scope) -> f64 {
    let pairs = |n: f64| n * (n - 1.0) / 2.0;
    let counts = table.counts(column);
    let all: f64 = counts.iter().map(|n| pairs(f64::from(*n))).sum();
    let present = pairs(f64::from(table.n_present(column)));
    if scope == Scope::Within {
        return if present > 0.0 { all / present } else { 0.0 };
    }
    let mut valued: Vec<(SourceIdx, u32)> = (0..table.n_records() as u32)
        .map(|record| (table.sources()[record as usize], value_of(table, record, column)))
        .filter(|(_, value)| *value != crate::pool::MISSING)
        .collect();
    valued.sort_unstable();
    let own: f64 = valued.chunk_by(|a, b| a == b).map(|run| pairs(run.len() as f64)).sum();
    let own_present: f64 =
        valued.chunk_by(|a, b| a.0 == b.0).map(|run| pairs(run.len() as f64)).sum();
    if present > own_present { (all - own) / (present - own_present) } else { 0.0 }
}

fn value_of(table: &Table, record: u32, column: usize) -> u32 {
    use crate::table::Row;
    table.row(record).values()[column]
}

/// Levels of random pairs that are not equal, by column.
fn random_levels(model: &Model, table: &Table, options: &LearnOptions) -> Vec<Vec<f64>> {
    let scorer = Scorer::new(model, table);
    let base = options.seed.child("random pairs").rng().next_u64();
    let few = (options.scope.n_pairs(table) * SHARE_OF_FEW) as usize;
    let n_draws = options.n_random_pairs_min.min(few).max(table.n_records());
    let n_draws = n_draws.min(options.n_random_pairs_max);
    let parts = stretches(options.n_threads, n_draws, |draws| {
        let mut memo = Memo::new();
        let mut counts: Vec<Vec<f64>> =
            model.fields.iter().map(|field| vec![0.0; field.m.len()]).collect();
        for draw in draws {
            if draw % 1_024 == 0 && options.stop.is_stopped() {
                break;
            }
            let Some((a, b)) = random_pair(table, options.scope, base ^ draw as u64) else {
                continue;
            };
            let pattern = scorer.pattern(&table.row(a), &table.row(b), Some(&mut memo));
            for (column, counts) in counts.iter_mut().enumerate() {
                let level = pattern.level(column);
                if level != NO_LEVEL && level != 0 {
                    counts[usize::from(level)] += 1.0;
                }
            }
        }
        counts
    });
    let mut parts = parts.into_iter();
    let mut sum = parts.next().expect("there is at least one stretch");
    for part in parts {
        for (sum, part) in sum.iter_mut().flatten().zip(part.iter().flatten()) {
            *sum += part;
        }
    }
    sum
}

/// The pair of a draw: a function of the draw alone, so that threads do not matter.
fn random_pair(table: &Table, scope: Scope, draw: u64) -> Option<(u32, u32)> {
    let n = table.n_records() as u64;
    let bits = mix64(draw);
    let pick = |bits: u64| ((u128::from(bits) * u128::from(n)) >> 64) as u32;
    let (a, b) = (pick(bits), pick(mix64(bits)));
    let sources = table.sources();
    (a != b && scope.covers(sources[a as usize], sources[b as usize])).then_some((a, b))
}
