//! How strongly does the evidence speak for two records being one person?
//!
//! The weight of a pair is `log₂(λ/(1−λ)) + Σ wⱼ` bits over the columns that both records have
//! (Fellegi and Sunter 1969), with `wⱼ = log₂(mⱼ(l)/uⱼ(l))` for level `l`. Three things are better
//! than that:
//!
//! - **Frequency** (Newcombe 1959; Winkler 2000): for equal values `u` is replaced by the frequency
//!   of this value among other customers, so that "Zrzavy" says more than "Smith". For values
//!   that are merely alike the more frequent of the two counts, by the level's
//!   [`frequency_share`](crate::Level::frequency_share).
//! - **Households**: two persons of one household agree in family name, address and perhaps phone.
//!   With a class of their own the odds of one person are `λ·Πm / (λ_h·Πr + Πu)`; what that takes
//!   off the weight, `log₂(1 + λ_h·Πr/u)`, is one more bar of the waterfall.
//! - **Dependence**: where two columns agree by chance more often together than apart (postcode
//!   and town), the second one counts for what it adds: its `u` is multiplied by the lift.

use crate::kind::{Kind, name};
use crate::learn::AT_HOME;
use crate::model::{Model, Together};
use crate::pool::{MISSING, UNKNOWN};
use crate::table::{Probe, RecordIdx, Row, Table};
use base::hash::mix64;
use std::borrow::Cow;

/// The level of a column that one of the two lacks, in a [`Pattern`].
pub(crate) const NO_LEVEL: u8 = 15;

/// A frequency can move the weight of values that are merely alike by at most so many bits.
const FUZZY_SHIFT_MAX: f32 = 6.0;

/// The levels of a pair, four bits per column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Pattern(pub(crate) u64);

impl Pattern {
    pub(crate) fn level(self, column: usize) -> u8 {
        ((self.0 >> (4 * column)) & 15) as u8
    }

    fn with(self, column: usize, level: u8) -> Self {
        let cleared = self.0 & !(15 << (4 * column));
        Self(cleared | (u64::from(level) << (4 * column)))
    }
}

/// What one column says about a pair, in bits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Contribution {
    pub(crate) level: u8,
    pub(crate) weight: f32,
    pub(crate) of_frequency: f32,
    pub(crate) of_dependence: f32,
    /// What it says for two persons of one household against two strangers.
    pub(crate) home: f32,
}

/// What a pair's odds are made of, in bits against two strangers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Odds {
    pub(crate) person: f32,
    pub(crate) home: f32,
}

impl Odds {
    /// The log odds of one person against two.
    pub(crate) fn weight(self) -> f32 {
        self.person - self.of_home()
    }

    /// What the possibility of a household takes off.
    pub(crate) fn of_home(self) -> f32 {
        if self.home > 24.0 { self.home } else { self.home.exp2().ln_1p() / std::f32::consts::LN_2 }
    }

    /// The probability that the two have nothing to do with each other.
    pub(crate) fn strangers(self) -> f64 {
        1.0 / (1.0 + f64::from(self.person).exp2() + f64::from(self.home).exp2())
    }
}

/// Scores pairs of one table under one model.
pub struct Scorer<'a> {
    model: &'a Model,
    table: &'a Table,
    weights: Cow<'a, Weights>,
    n_own: f32,
}

/// The numbers of a model in the form that scoring wants them.
#[derive(Clone, Debug)]
pub(crate) struct Weights {
    columns: Vec<ColumnWeights>,
    /// Columns that take part, those first that can end a comparison with the least effort.
    order: Vec<usize>,
    prior: f32,
    home_prior: f32,
    together: Lifts,
}

/// In what households agree together more often than field by field, in bits.
#[derive(Clone, Debug)]
struct Lifts {
    /// By the columns that both have, in the upper half, and those in which they agree.
    by_columns: Vec<(u32, f32)>,
    /// Columns that households share, and those of the address among them.
    shared: u32,
    address: u32,
}

impl Lifts {
    fn new(model: &Model) -> Self {
        let (mut shared, mut address) = (0, 0);
        for (at, column) in model.schema.columns().iter().enumerate() {
            if model.fields[at].is_used {
                let at_home = column.kind.definition().at_home;
                shared |= u32::from(at_home > 0.0) << at;
                address |= u32::from(at_home >= AT_HOME) << at;
            }
        }
        let entry = |level: &Together| {
            (u32::from(level.present) << 16 | u32::from(level.same), level.lift.log2() as f32)
        };
        let mut by_columns: Vec<(u32, f32)> = model.together.iter().map(entry).collect();
        by_columns.sort_unstable_by_key(|(columns, _)| *columns);
        Self { by_columns, shared, address }
    }

    /// What agreement in the columns `near`, of those that both have, says for a household, beyond
    /// what the columns say.
    fn of(&self, present: u32, near: u32) -> f32 {
        if near & self.address == 0 || present & !near & self.address != 0 {
            return 0.0;
        }
        let own = self.shared & !self.address;
        let key = (present & own) << 16 | near & own;
        let found = self.by_columns.binary_search_by_key(&key, |(columns, _)| *columns);
        found.map_or(0.0, |at| self.by_columns[at].1)
    }
}

#[derive(Clone, Debug)]
struct ColumnWeights {
    levels: [f32; 8],
    /// What is shared at home: `log₂(r/m)` by level, to be added to a weight to have the
    /// household's; what is not: `log₂(r/u)`, which is the household's weight.
    home: [f32; 8],
    /// Whether it belongs to a household, and not to one person.
    is_shared: bool,
    shares: [f32; 8],
    level_of: fn(crate::kind::Prepared<'_>, crate::kind::Prepared<'_>) -> u8,
    /// The most that unequal values can weigh.
    best_unequal: f32,
    log_m_same: f32,
    log_u_same: f32,
    /// Agreements that no frequency can push below: `min(1, n·u)`.
    extra: f32,
    /// Share of a value's frequency that is chance.
    chance: f32,
    n: f32,
    parent: Option<(usize, f32)>,
    is_memorable: bool,
}

impl<'a> Scorer<'a> {
    /// A scorer for pairs of records of `table`, which has the model's schema.
    #[must_use]
    pub fn new(model: &'a Model, table: &'a Table) -> Self {
        let weights = Cow::Owned(Weights::new(model, table));
        Self { model, table, weights, n_own: 2.0 }
    }

    /// For records that are not in the table: of a value's frequency only the other record's own
    /// is taken off.
    pub(crate) fn for_probes(model: &'a Model, table: &'a Table, weights: &'a Weights) -> Self {
        Self { model, table, weights: Cow::Borrowed(weights), n_own: 1.0 }
    }

    /// The model that it scores by.
    #[must_use]
    pub fn model(&self) -> &'a Model {
        self.model
    }

    pub(crate) fn table(&self) -> &'a Table {
        self.table
    }

    pub(crate) fn prior(&self) -> f32 {
        self.weights.prior
    }

    pub(crate) fn home_prior(&self) -> f32 {
        self.weights.home_prior
    }

    /// The weight of a pair in bits, prior included.
    #[must_use]
    pub fn weight(&self, a: RecordIdx, b: RecordIdx) -> f32 {
        let (a, b) = (self.table.row(a.0), self.table.row(b.0));
        self.weight_above(&a, &b, f32::NEG_INFINITY, None).expect("every weight is above −∞")
    }

    /// The weight of two records that are not in the table.
    pub(crate) fn weight_of_probes(&self, a: &Probe, b: &Probe) -> f32 {
        self.weight_above(a, b, f32::NEG_INFINITY, None).expect("every weight is above −∞")
    }

    /// The probability that two records are one person, in [0, 1].
    #[must_use]
    pub fn probability(&self, a: RecordIdx, b: RecordIdx) -> f64 {
        self.model.calibration.probability(f64::from(self.weight(a, b)))
    }

    /// The log odds of a pair against two strangers, prior included.
    pub(crate) fn odds(&self, a: RecordIdx, b: RecordIdx) -> Odds {
        let (a, b) = (self.table.row(a.0), self.table.row(b.0));
        self.odds_above(&a, &b, f32::NEG_INFINITY, None).expect("every weight is above −∞")
    }

    /// The weight of a pair if it is at least `floor`.
    pub(crate) fn weight_above<A: Row, B: Row>(
        &self,
        a: &A,
        b: &B,
        floor: f32,
        memo: Option<&mut Memo>,
    ) -> Option<f32> {
        let weight = self.odds_above(a, b, floor, memo)?.weight();
        (weight >= floor).then_some(weight)
    }

    /// The odds of a pair unless its weight is below `floor`. Equality is looked at first; strings are
    /// compared only as long as the floor can still be reached.
    fn odds_above<A: Row, B: Row>(
        &self,
        a: &A,
        b: &B,
        floor: f32,
        mut memo: Option<&mut Memo>,
    ) -> Option<Odds> {
        let (values_a, values_b) = (a.values(), b.values());
        let mut same = 0u32;
        let mut unequal = [0u8; 16];
        let mut n_unequal = 0;
        for &column in &self.weights.order {
            let (value, other) = (values_a[column], values_b[column]);
            if value == MISSING || other == MISSING {
                continue;
            }
            if value == other && value != UNKNOWN {
                same |= 1 << column;
            } else {
                unequal[n_unequal] = column as u8;
                n_unequal += 1;
            }
        }
        let mut sum = self.weights.prior;
        let mut home = self.weights.home_prior;
        let mut rest = same;
        while rest != 0 {
            let column = rest.trailing_zeros() as usize;
            let said = self.of_equal(column, values_a[column], same);
            sum += said.weight;
            home += said.home;
            rest &= rest - 1;
        }
        let mut unequal = &mut unequal[..n_unequal];
        if let Some(weight) = self.swapped_weight(a, b, unequal) {
            sum += weight;
            unequal = self.without_names(unequal);
        }
        let mut bound: f32 = sum
            + unequal
                .iter()
                .map(|c| self.weights.columns[usize::from(*c)].best_unequal)
                .sum::<f32>();
        let (mut present, mut near) = (same, same);
        for &mut column in unequal {
            if bound < floor {
                return None;
            }
            let column = usize::from(column);
            let level = self.level(column, a, b, memo.as_deref_mut());
            present |= 1 << column;
            near |= u32::from(level == 1) << column;
            let said = self.of_unequal(column, level, values_a[column], values_b[column]);
            sum += said.weight;
            home += said.home;
            bound += said.weight - self.weights.columns[column].best_unequal;
        }
        home += self.weights.together.of(present, near);
        (sum >= floor).then_some(Odds { person: sum, home })
    }

    /// What each column says about a pair, slow and complete.
    pub(crate) fn contributions<A: Row, B: Row>(&self, a: &A, b: &B) -> [Contribution; 16] {
        let pattern = self.pattern(a, b, None);
        let mut out = [Contribution { level: NO_LEVEL, ..Contribution::default() }; 16];
        let used = |column: usize| pattern.level(column) != NO_LEVEL;
        let same = (0..self.weights.columns.len())
            .filter(|&column| pattern.level(column) == 0)
            .fold(0, |mask, column| mask | 1 << column);
        for column in (0..self.weights.columns.len()).filter(|&column| used(column)) {
            let (value, other) = (a.values()[column], b.values()[column]);
            let level = pattern.level(column);
            out[column] = match level {
                0 => self.of_equal(column, value, same),
                _ => self.of_unequal(column, level, value, other),
            };
        }
        out
    }

    /// What a pair's agreement in several columns together says for a household.
    pub(crate) fn together<A: Row, B: Row>(&self, a: &A, b: &B) -> f32 {
        let pattern = self.pattern(a, b, None);
        let (mut present, mut near) = (0, 0);
        for column in 0..self.weights.columns.len() {
            let level = pattern.level(column);
            present |= u32::from(level != NO_LEVEL) << column;
            near |= u32::from(level <= 1) << column;
        }
        self.weights.together.of(present, near)
    }

    /// The levels of a pair.
    pub(crate) fn pattern<A: Row, B: Row>(
        &self,
        a: &A,
        b: &B,
        mut memo: Option<&mut Memo>,
    ) -> Pattern {
        let mut pattern = Pattern(u64::MAX);
        let mut unequal = [0u8; 16];
        let mut n_unequal = 0;
        for &column in &self.weights.order {
            let (value, other) = (a.values()[column], b.values()[column]);
            if value == MISSING || other == MISSING {
                continue;
            }
            if value == other && value != UNKNOWN {
                pattern = pattern.with(column, 0);
            } else {
                unequal[n_unequal] = column as u8;
                n_unequal += 1;
            }
        }
        let mut unequal = &mut unequal[..n_unequal];
        if self.swapped_weight(a, b, unequal).is_some() {
            let (given, _) = self.model.schema.names().expect("swapped names are two names");
            pattern = pattern.with(given, name::SWAPPED);
            unequal = self.without_names(unequal);
        }
        for &mut column in unequal {
            let column = usize::from(column);
            let level = self.level(column, a, b, memo.as_deref_mut());
            pattern = pattern.with(column, level);
        }
        pattern
    }

    fn level<A: Row, B: Row>(&self, column: usize, a: &A, b: &B, memo: Option<&mut Memo>) -> u8 {
        let weights = &self.weights.columns[column];
        let compare = || (weights.level_of)(a.prepared(column), b.prepared(column));
        match memo {
            Some(memo) if weights.is_memorable => {
                memo.level(column, a.values()[column], b.values()[column], compare)
            }
            _ => compare(),
        }
    }

    /// The weight of swapped names, if that is what they are: at least one of the two must be
    /// equal crosswise, the other may have a slip.
    fn swapped_weight<A: Row, B: Row>(&self, a: &A, b: &B, unequal: &[u8]) -> Option<f32> {
        let (given, family) = self.model.schema.names()?;
        let (values_a, values_b) = (a.values(), b.values());
        let crosses = values_a[given] == values_b[family];
        let crosses_back = values_a[family] == values_b[given];
        if !(crosses || crosses_back) {
            return None;
        }
        let is_open = |column: usize| unequal.iter().any(|&other| usize::from(other) == column);
        if !is_open(given) || !is_open(family) {
            return None;
        }
        let is_swapped = name::is_close(a.prepared(given).text, b.prepared(family).text)
            && name::is_close(a.prepared(family).text, b.prepared(given).text);
        is_swapped.then(|| self.weights.columns[given].levels[usize::from(name::SWAPPED)])
    }

    fn without_names<'b>(&self, unequal: &'b mut [u8]) -> &'b mut [u8] {
        let (given, family) = self.model.schema.names().expect("swapped names are two names");
        let mut n = 0;
        for at in 0..unequal.len() {
            let column = usize::from(unequal[at]);
            if column != given && column != family {
                unequal[n] = unequal[at];
                n += 1;
            }
        }
        &mut unequal[..n]
    }

    fn of_equal(&self, column: usize, value: u32, same: u32) -> Contribution {
        let weights = &self.weights.columns[column];
        let plain = weights.log_m_same - weights.log_u_same;
        let of_frequency = weights.log_u_same - weights.log_frequency(self, column, value);
        let with_frequency = plain + of_frequency;
        let of_dependence = match weights.parent {
            Some((parent, lift)) if same & (1 << parent) != 0 => {
                // Agreement is never evidence against: at worst it adds nothing.
                -lift.min(with_frequency.max(0.0))
            }
            _ => 0.0,
        };
        let weight = with_frequency + of_dependence;
        let home = weights.of_home(0, weight);
        Contribution { level: 0, weight, of_frequency, of_dependence, home }
    }

    fn of_unequal(&self, column: usize, level: u8, value: u32, other: u32) -> Contribution {
        let weights = &self.weights.columns[column];
        let plain = weights.levels[usize::from(level)];
        let share = weights.shares[usize::from(level)];
        let of_frequency = if share > 0.0 {
            let frequency = weights
                .log_frequency(self, column, value)
                .max(weights.log_frequency(self, column, other));
            let shift = share * (weights.log_u_same - frequency);
            shift.clamp(-FUZZY_SHIFT_MAX, FUZZY_SHIFT_MAX)
        } else {
            0.0
        };
        let weight = plain + of_frequency;
        let home = weights.of_home(level, weight);
        Contribution { level, weight, of_frequency, of_dependence: 0.0, home }
    }
}

impl Weights {
    /// Takes a look at every distinct value.
    pub(crate) fn new(model: &Model, table: &Table) -> Self {
        assert!(model.schema() == table.schema(), "a model scores tables of its own schema");
        let columns: Vec<_> = (0..model.fields.len())
            .map(|column| ColumnWeights::new(model, table, column))
            .collect();
        let mut order: Vec<usize> =
            (0..columns.len()).filter(|&column| model.fields[column].is_used).collect();
        let settles = |column: usize| {
            let n_levels = model.fields[column].m.len();
            let drop = columns[column].best_unequal - columns[column].levels[n_levels - 1];
            drop / effort(model.schema.columns()[column].kind)
        };
        order.sort_by(|&a, &b| settles(b).total_cmp(&settles(a)));
        let prior = (model.lambda / (1.0 - model.lambda)).log2() as f32;
        // Without households their log odds are far below everything.
        let home_prior = (model.lambda_home.max(1e-30) as f32).log2();
        Self { columns, order, prior, home_prior, together: Lifts::new(model) }
    }
}

/// What it takes to compare two values of a kind, about: letters of one word, two, or words.
fn effort(kind: Kind) -> f32 {
    match kind {
        Kind::Street | Kind::Address | Kind::Organisation | Kind::Text => 3.0,
        Kind::GivenName | Kind::FamilyName | Kind::Town | Kind::Email => 2.0,
        _ => 1.0,
    }
}

impl ColumnWeights {
    fn new(model: &Model, table: &Table, column: usize) -> Self {
        let field = &model.fields[column];
        let kind = model.schema.columns()[column].kind;
        let definition = kind.definition();
        let (mut levels, mut shares, mut home) = ([0.0; 8], [0.0; 8], [0.0; 8]);
        for (at, (m, u)) in field.m.iter().zip(&field.u).enumerate() {
            levels[at] = (m / u).log2() as f32;
            let against = if definition.at_home > 0.0 { m } else { u };
            home[at] = (field.r[at] / against).log2() as f32;
            shares[at] = definition.levels[at].frequency_share as f32;
        }
        let n = f64::from(table.n_present(column).max(1));
        let extra = (n * field.u[0]).min(1.0);
        let log_u_same = field.u[0].log2() as f32;
        let rarest = (extra / n).log2() as f32;
        let shift_max = (log_u_same - rarest).clamp(0.0, FUZZY_SHIFT_MAX);
        let is_swap = |at: usize| kind == Kind::GivenName && at == usize::from(name::SWAPPED);
        let best_unequal = (1..field.m.len())
            .filter(|&at| !is_swap(at))
            .map(|at| levels[at] + (shares[at] * shift_max).min(FUZZY_SHIFT_MAX))
            .fold(f32::NEG_INFINITY, f32::max);
        let n_distinct = table.counts(column).iter().filter(|count| **count > 0).count();
        Self {
            levels,
            home,
            is_shared: definition.at_home > 0.0,
            shares,
            level_of: definition.level,
            best_unequal,
            log_m_same: field.m[0].log2() as f32,
            log_u_same,
            extra: extra as f32,
            chance: (1.0 - field.match_share) as f32,
            n: n as f32,
            parent: field.dependence.map(|on| (usize::from(on.column), on.lift.log2() as f32)),
            // Pairs of values of which there are many hardly ever come again soon.
            is_memorable: n_distinct <= MEMORABLE_MAX,
        }
    }

    fn of_home(&self, level: u8, weight: f32) -> f32 {
        let home = self.home[usize::from(level)];
        if self.is_shared { weight + home } else { home }
    }

    /// `log₂` of how frequent the value is among other customers: the two records at hand are
    /// taken off, matches of theirs by their share, and never less than chance agreement gives.
    fn log_frequency(&self, scorer: &Scorer<'_>, column: usize, value: u32) -> f32 {
        let others = (scorer.table.count(column, value) as f32 - scorer.n_own).max(0.0);
        ((others * self.chance + self.extra) / self.n).min(1.0).log2()
    }
}

/// Remembers the levels of pairs of values. Direct-mapped: a new pair takes the place of an old
/// one; what is forgotten is compared again.
pub(crate) struct Memo {
    slots: Vec<(u64, u8)>,
}

const MEMO_SLOTS: usize = 1 << 14;
/// Values of a column whose pairs fit into the memory.
const MEMORABLE_MAX: usize = 180;

impl Memo {
    pub(crate) fn new() -> Self {
        Self { slots: vec![(0, 0); MEMO_SLOTS] }
    }

    fn level(&mut self, column: usize, a: u32, b: u32, compare: impl FnOnce() -> u8) -> u8 {
        let (low, high) = (u64::from(a.min(b)), u64::from(a.max(b)));
        // 30 bits per value are exact up to a thousand million values; the column fills the rest.
        let key = (low << 34) ^ (high << 4) ^ column as u64;
        let slot = &mut self.slots[mix64(key) as usize % MEMO_SLOTS];
        if slot.0 != key {
            *slot = (key, compare());
        }
        slot.1
    }
}
