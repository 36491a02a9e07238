//! How do matches agree, when nobody says which pairs are matches?
//!
//! For pass `k` with blocked columns `Bₖ`, a pair of levels `γ` has the likelihood
//! `λₖ·Π mⱼ(γⱼ) + ηₖ·Π rⱼ(γⱼ) + (1−λₖ−ηₖ)·Π uⱼ(γⱼ)` over `j ∉ Bₖ`: one person, two of a household,
//! two strangers. The product over passes is maximised in `m`, `r` and all `λₖ`, `ηₖ` (a composite
//! likelihood, since one pair may be in several passes), `u` being known: expectation, every
//! pair's probability of each class; maximisation, weighted shares (Dempster, Laird and Rubin
//! 1977; Winkler 1988, 1993). What tells a household from a person is that it agrees by chance
//! only in what belongs to one person: there `r` is `u`. *m* and *r* have Dirichlet priors at what
//! is believed of their kinds, so that a level that is never seen keeps a probability.

mod cells;
mod together;

use super::LearnOptions;
use super::passes::Pass;
use crate::blocks::Scope;
use crate::error::NotEstimable;
use crate::kind::Kind;
use crate::model::{FieldModel, LAMBDA_MIN, Model};
use crate::table::Table;
use cells::{Cells, Ratios, believed_sums, slot};
use together::Joint;

/// The shares of a pass's pairs that are one person, and two of a household.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shares {
    pub(super) person: f64,
    pub(super) home: f64,
}

/// Below so many expected pairs there are no households to speak of.
const HOME_PAIRS_MIN: f64 = 20.0;
/// Fields of which so much is believed to be shared at home belong to the address.
pub(crate) const AT_HOME: f64 = 0.85;
const SAME_AT_HOME_MIN: f64 = 0.75;
const DIFFERENT_AT_HOME_MAX: f64 = 0.05;
/// Of two records of one person at most so many have altogether different first names.
const GIVEN_DIFFERENT_MAX: f64 = 0.015;
/// What belongs to one person is the same for at most so many of two, or it tells nobody apart.
const SAME_BY_CHANCE_MAX: f64 = 0.25;
/// No probability falls below this.
const PROBABILITY_MIN: f64 = 1e-9;

/// Sets *r* to what is believed of households, given the present *u*.
pub(super) fn believe_in_homes(model: &mut Model) {
    let columns = model.schema.columns().to_vec();
    for (column, field) in columns.iter().zip(&mut model.fields) {
        let definition = column.kind.definition();
        for ((r, level), u) in field.r.iter_mut().zip(definition.levels).zip(&field.u) {
            *r = definition.at_home * level.m_prior + (1.0 - definition.at_home) * u;
        }
    }
}

/// Sets *r* for what belongs to one person: *u*, but people of one household agree by chance as
/// neighbours do. First names go by country and language, so that two of a family bear the same
/// one several times as often as two of all the world.
pub(super) fn part_homes(model: &mut Model, lifts: &[f64]) {
    let columns = model.schema.columns().iter();
    for ((column, field), lift) in columns.zip(&mut model.fields).zip(lifts) {
        if column.kind.definition().at_home == 0.0 {
            field.r.clone_from(&field.u);
            let same = (field.u[0] * lift).min(SAME_BY_CHANCE_MAX).max(field.u[0]);
            let rest = (1.0 - same) / (1.0 - field.u[0]);
            field.r.iter_mut().for_each(|r| *r *= rest);
            field.r[0] = same;
        }
    }
}

/// Maximises *m*, *r* and the passes' shares; returns the iterations made.
pub(super) fn maximise(
    model: &mut Model,
    passes: &[Pass],
    shares: &mut [Shares],
    options: &LearnOptions,
) -> Result<usize, NotEstimable> {
    let mut joint = Joint::new(model);
    let mut cells: Vec<Cells<'_>> =
        passes.iter().map(|pass| Cells::new(model, pass, &mut joint)).collect();
    let mut change = f64::INFINITY;
    for iteration in 0..options.n_iterations_max {
        if options.stop.is_stopped() {
            return Err(NotEstimable::Stopped);
        }
        change = iterate(model, &mut joint, (&mut cells, shares), options.prior_strength);
        if change < options.tolerance {
            model.together = joint.learned();
            return Ok(iteration + 1);
        }
    }
    Err(NotEstimable::NotConverged { iterations: options.n_iterations_max, change })
}

/// One iteration; answers the most that a probability has moved.
fn iterate(
    model: &mut Model,
    joint: &mut Joint,
    (cells, shares): (&mut [Cells<'_>], &mut [Shares]),
    prior_strength: f64,
) -> f64 {
    let mut sums = believed_sums(model, prior_strength);
    let ratios = Ratios::new(model);
    joint.clear();
    let mut change = 0.0_f64;
    for (cells, share) in cells.iter_mut().zip(shares) {
        let (persons, homes) = cells.expect(&ratios, *share, &mut sums, joint);
        cells.pass.n_matches.set(persons);
        // Half a pair of each sort keeps the shares off their ends.
        let all = cells.pass.n_pairs + 1.5;
        let new = Shares { person: (persons + 0.5) / all, home: (homes + 0.5) / all };
        change = change.max((new.person - share.person).abs());
        *share = new;
    }
    for (column, field) in model.fields.iter_mut().enumerate().filter(|(_, f)| f.is_used) {
        let kind = model.schema.columns()[column].kind;
        let before = field.m.clone();
        set_shares(&mut field.m, &sums.person[slot(column, 0)..]);
        if kind == Kind::GivenName {
            keep_given_name(&mut field.m);
        }
        change = change.max(greatest_move(&before, &field.m));
        let at_home = kind.definition().at_home;
        if at_home > 0.0 {
            let before = field.r.clone();
            set_shares(&mut field.r, &sums.home[slot(column, 0)..]);
            keep_at_home(&mut field.r, at_home);
            change = change.max(greatest_move(&before, &field.r));
        }
    }
    change.max(joint.settle() * LIFT_SCALE)
}

/// The logarithm of a lift is known well enough when it moves by a hundred times the tolerance.
const LIFT_SCALE: f64 = 0.01;

/// Sets probabilities to the shares of `sums`.
fn set_shares(probabilities: &mut [f64], sums: &[f64]) {
    let sums = &sums[..probabilities.len()];
    let total: f64 = sums.iter().sum();
    for (probability, sum) in probabilities.iter_mut().zip(sums) {
        *probability = (sum / total).max(PROBABILITY_MIN);
    }
}

fn greatest_move(before: &[f64], after: &[f64]) -> f64 {
    before.iter().zip(after).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
}

/// Holds the class of one person to what it is meant to be. Nicknames, slips, initials, swapped
/// names and names within names have levels of their own; what is left is hardly ever one person.
/// Without this bound couples who share an e-mail address are taken for persons with two first
/// names, and the more of them are, the more names seem to differ.
fn keep_given_name(m: &mut [f64]) {
    keep_below(m, GIVEN_DIFFERENT_MAX);
}

/// Lets the last level have at most `most`, the others what is left.
fn keep_below(probabilities: &mut [f64], most: f64) {
    let last = probabilities.len() - 1;
    if probabilities[last] > most {
        let scale = (1.0 - most) / (1.0 - probabilities[last]);
        probabilities.iter_mut().for_each(|p| *p *= scale);
        probabilities[last] = most;
    }
}

/// Holds the class to what it is meant to be. People of one household share an address: of their
/// pairs at least three quarters are equal in a field that belongs to it, and at most one in
/// twenty differs altogether, mistyped or moved as they may be. Without these bounds the class
/// wanders to whatever else hangs together, such as one country with its names and streets, and
/// households are taken for persons.
fn keep_at_home(r: &mut [f64], at_home: f64) {
    if at_home < AT_HOME {
        return;
    }
    keep_below(r, DIFFERENT_AT_HOME_MAX);
    if r[0] < SAME_AT_HOME_MIN {
        let scale = (1.0 - SAME_AT_HOME_MIN) / (1.0 - r[0]);
        r.iter_mut().for_each(|r| *r *= scale);
        r[0] = SAME_AT_HOME_MIN;
    }
}

/// Columns that no pass can speak of: blocked wherever there are matches.
pub(super) fn unseen_columns(model: &Model, passes: &[Pass]) -> Vec<usize> {
    let is_seen = |column: usize| {
        passes
            .iter()
            .any(|pass| pass.n_matches.get() >= 5.0 && !pass.rule.touches(&model.schema, column))
    };
    (0..model.fields.len())
        .filter(|&column| model.fields[column].is_used && !is_seen(column))
        .collect()
}

/// Sets the model's shares of persons and households among all pairs of the scope.
///
/// Each pass counts its own, of which it sees those that agree in what it blocks by. The median
/// of the passes is taken, since a pass can be far off where its columns hang together. Of
/// households only passes by what they share can tell.
pub(super) fn set_shares_of_all(
    model: &mut Model,
    table: &Table,
    passes: &[Pass],
    shares: &[Shares],
    scope: Scope,
) {
    let n = table.n_records() as f64;
    let reached = |pass: &Pass, agree: fn(&FieldModel) -> f64| -> f64 {
        let columns = pass.rule.parts.iter().map(|part| usize::from(part.column));
        let of = |c: usize| agree(&model.fields[c]) * f64::from(table.n_present(c)) / n;
        columns.map(of).product::<f64>().max(1e-3)
    };
    let all = |share: f64, pass: &Pass| share * pass.n_pairs / pass.taken;
    let persons = median(
        passes
            .iter()
            .zip(shares)
            .map(|(pass, share)| all(share.person, pass) / reached(pass, |field| field.m[0])),
    );
    let blocks_by_home = |pass: &Pass| {
        let columns = model.schema.columns();
        let kinds = pass.rule.parts.iter().map(|part| columns[usize::from(part.column)].kind);
        kinds.into_iter().all(|kind| kind.definition().at_home >= 0.3)
    };
    let homes = median(
        passes
            .iter()
            .zip(shares)
            .filter(|(pass, _)| blocks_by_home(pass))
            .map(|(pass, share)| all(share.home, pass) / reached(pass, |field| field.r[0])),
    );
    let n_pairs = scope.n_pairs(table);
    model.lambda = (persons.unwrap_or(0.0) / n_pairs).clamp(LAMBDA_MIN, 0.5);
    let homes = homes.filter(|homes| *homes >= HOME_PAIRS_MIN).unwrap_or(0.0);
    model.lambda_home = (homes / n_pairs).min(0.5);
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (lower, upper) = (values.len().checked_sub(1)? / 2, values.len() / 2);
    Some(f64::midpoint(values[lower], values[upper]))
}
