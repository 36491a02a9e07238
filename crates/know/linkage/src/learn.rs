//! How is a model learned from records alone, and from the reviews of people?
//!
//! 1. *u*, the agreement by chance: equality from the exact counts of values, the other levels
//!    from random pairs; both are freed of the share of matches that they contain.
//! 2. *m*, the agreement of matches, and *r*, that of households: expectation–maximisation (Winkler 1988) over several
//!    blocking passes at once. Each pass has a share of matches of its own and says nothing about
//!    the columns it blocks by; all passes share one *m* ([`em`]).
//! 3. Which columns agree together by chance ([`dependence`]), then 2 again.
//! 4. Blocking rules that reach nearly all matches of some thousand probes ([`blocking`]), which
//!    give the final share of matches as well.
//! 5. Reviews: a reviewed pair keeps its verdict in step 2 (weight
//!    [`LearnOptions::label_weight`]), and the verdicts straighten the scale of probabilities
//!    ([`crate::Calibration`]).

mod blocking;
mod calibrate;
mod dependence;
mod em;
mod passes;
mod random;
mod reach;
mod verdicts;

pub(crate) use self::em::AT_HOME;
use self::em::Shares;
use crate::blocks::Scope;
use crate::error::NotEstimable;
use crate::model::{Calibration, FieldModel, LAMBDA_MIN, Model};
use crate::stop::Stop;
use crate::table::{RecordIdx, Table};
use base::seed::Seed;
use verdicts::Verdicts;

pub use blocking::{BlockingOptions, RuleReport};
pub use passes::PassReport;

/// How to learn. There is no default for the seed and the threads; [`LearnOptions::new`] has the
/// documented values for the rest.
#[derive(Clone, Debug)]
pub struct LearnOptions {
    /// Where random draws come from.
    pub seed: Seed,
    /// Threads that may work at a time.
    pub n_threads: usize,
    /// Which pairs will be asked for.
    pub scope: Scope,
    /// Random pairs drawn for *u*: as many as records, but at least these, of a small table a tenth
    /// of all pairs. The more records, the rarer a match among their pairs, and the rarer the chance
    /// agreements that matter. With 100,000 a level of one in 10⁴ is known to a third.
    pub n_random_pairs_min: usize,
    /// Random pairs drawn at most.
    pub n_random_pairs_max: usize,
    /// Pairs taken from each blocking pass at most.
    pub n_pass_pairs_max: usize,
    /// What is believed before any data ([`crate::Level::m_prior`]) counts like so many matches.
    pub prior_strength: f64,
    /// What a reviewed pair counts in the estimation of *m*. At 1 it counts like any other pair,
    /// and then the estimates stay consistent although people review doubtful pairs only (the
    /// choice depends on the levels alone: missing at random, Rubin 1976); more trusts reviews
    /// more, and bends *m* towards doubtful pairs.
    pub label_weight: f64,
    /// Iterations of expectation–maximisation at most.
    pub n_iterations_max: usize,
    /// The estimates have settled when no probability moves by more.
    pub tolerance: f64,
    /// How blocking rules are chosen.
    pub blocking: BlockingOptions,
    /// Who may end it before its end.
    pub stop: Stop,
}

impl LearnOptions {
    /// The documented values.
    #[must_use]
    pub fn new(seed: Seed, scope: Scope, n_threads: usize) -> Self {
        Self {
            seed,
            n_threads,
            scope,
            n_random_pairs_min: 100_000,
            n_random_pairs_max: 1_000_000,
            n_pass_pairs_max: 80_000,
            prior_strength: 20.0,
            label_weight: 1.0,
            n_iterations_max: 2_000,
            tolerance: 1e-5,
            blocking: BlockingOptions::default(),
            stop: Stop::default(),
        }
    }
}

/// The verdict of a person on a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Which pair.
    pub pair: LabelledPair,
    /// Whether they are one person.
    pub is_same: bool,
}

/// A pair that a person has judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelledPair {
    /// Two records of the table.
    Records(RecordIdx, RecordIdx),
    /// Two records as they were when they were judged, one text per field of the schema: they may
    /// have become one since, or be gone.
    Texts(Vec<String>, Vec<String>),
}

/// A model, and how it came to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// The model.
    pub model: Model,
    /// How it came to be.
    pub report: LearnReport,
}

/// How a model came to be.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnReport {
    /// Records that were learned from.
    pub n_records: usize,
    /// The blocking passes of the estimation.
    pub passes: Vec<PassReport>,
    /// Iterations until the estimates settled.
    pub n_iterations: usize,
    /// Matching pairs that are estimated to be in the table.
    pub n_matches_est: f64,
    /// Pairs of two persons of one household that are estimated to be in the table.
    pub n_home_pairs_est: f64,
    /// The rules that were chosen, in order.
    pub rules: Vec<RuleReport>,
    /// Of the matches that any candidate rule reaches, the share that the chosen rules reach.
    /// Matches that no candidate reaches are unknown to it.
    pub coverage: f64,
    /// What is to be known about single columns.
    pub notes: Vec<Note>,
}

/// What is to be known about a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// It is empty in nearly all records and takes no part.
    Empty {
        /// The column.
        column: usize,
    },
    /// All records have the same value; it takes no part.
    Constant {
        /// The column.
        column: usize,
    },
    /// No pass could tell how often matches agree in it; what was believed beforehand stands.
    NotLearned {
        /// The column.
        column: usize,
    },
}

/// Records below which nothing is learned: 50 records are 1,225 pairs, so that an agreement by
/// chance of one in a hundred is seen a dozen times.
const RECORDS_MIN: usize = 50;

/// Rounds in which *u* is freed of matches and *m* is learned again; the fourth changes the third
/// digit of a weight at most.
const ROUNDS: usize = 4;

/// Learns a model of `table`, without labels or with some.
///
/// The same table, options and labels give the same model, whatever the number of threads.
///
/// # Errors
/// [`NotEstimable`], with the cause.
///
/// # Panics
/// If a label does not have one text per field.
pub fn learn(
    table: &Table,
    options: &LearnOptions,
    labels: &[Label],
) -> Result<Learned, NotEstimable> {
    if table.n_records() < RECORDS_MIN {
        return Err(NotEstimable::TooFewRecords { n: table.n_records(), needed: RECORDS_MIN });
    }
    let (mut model, mut notes) = believed(table)?;
    let chance = random::Chance::observe(&model, table, options);
    chance.set_u(&mut model);
    let verdicts = Verdicts::new(table, labels);
    let passes = passes::collect(&model, table, options, &verdicts);
    go_on(options)?;
    let passes = passes?;
    let n_iterations = settle(&mut model, table, options, &chance, &passes)?;
    for column in em::unseen_columns(&model, &passes) {
        notes.push(Note::NotLearned { column });
    }
    let blocked = blocking::learn(&mut model, table, options);
    go_on(options)?;
    calibrate::fit(&mut model, table, &verdicts);
    let report = LearnReport {
        n_records: table.n_records(),
        passes: passes::report(&model, &passes),
        n_iterations,
        n_matches_est: model.lambda * options.scope.n_pairs(table),
        n_home_pairs_est: model.lambda_home * options.scope.n_pairs(table),
        rules: blocked.rules,
        coverage: blocked.coverage,
        notes,
    };
    Ok(Learned { model, report })
}

/// Ends where somebody wants that.
fn go_on(options: &LearnOptions) -> Result<(), NotEstimable> {
    if options.stop.is_stopped() { Err(NotEstimable::Stopped) } else { Ok(()) }
}

/// Learns again what reviews can change, the scale of probabilities, and leaves the rest of the
/// model as it is: cheap enough for every review.
///
/// # Panics
/// If a label does not have one text per field.
#[must_use]
pub fn recalibrate(mut model: Model, table: &Table, labels: &[Label]) -> Model {
    model.calibration = Calibration::NONE;
    calibrate::fit(&mut model, table, &Verdicts::new(table, labels));
    model
}

/// Alternates between *m*, *λ*, *u* and the dependences until they fit together.
fn settle(
    model: &mut Model,
    table: &Table,
    options: &LearnOptions,
    chance: &random::Chance,
    passes: &[passes::Pass],
) -> Result<usize, NotEstimable> {
    let mut shares = vec![Shares { person: 0.3, home: 0.1 }; passes.len()];
    let mut n_iterations = 0;
    let mut lifts = vec![1.0; model.fields.len()];
    em::believe_in_homes(model);
    for round in 0..ROUNDS {
        n_iterations += em::maximise(model, passes, &mut shares, options)?;
        em::set_shares_of_all(model, table, passes, &shares, options.scope);
        chance.set_u(model);
        if round == 1 {
            lifts = dependence::learn(model, table, options);
        }
        em::part_homes(model, &lifts);
    }
    Ok(n_iterations)
}

/// What is believed before any data speak: *m* by kind, and which columns can say anything.
fn believed(table: &Table) -> Result<(Model, Vec<Note>), NotEstimable> {
    let schema = table.schema().clone();
    let mut notes = Vec::new();
    let mut fields = Vec::new();
    for (at, column) in schema.columns().iter().enumerate() {
        let m: Vec<f64> = column.kind.levels().iter().map(|level| level.m_prior).collect();
        let n_distinct = table.counts(at).iter().filter(|count| **count > 0).count();
        let is_empty = table.n_present(at) < 2;
        if is_empty {
            notes.push(Note::Empty { column: at });
        } else if n_distinct < 2 {
            notes.push(Note::Constant { column: at });
        }
        let is_used = !is_empty && n_distinct >= 2;
        let (u, r) = (m.clone(), m.clone());
        fields.push(FieldModel { is_used, m, u, r, match_share: 0.0, dependence: None });
    }
    if !fields.iter().any(|field| field.is_used) {
        return Err(NotEstimable::NoTellingField);
    }
    let model = Model {
        schema,
        lambda: LAMBDA_MIN,
        lambda_home: 0.0,
        fields,
        together: Vec::new(),
        rules: Vec::new(),
        calibration: Calibration::NONE,
    };
    Ok((model, notes))
}
