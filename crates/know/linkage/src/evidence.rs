//! Why are two records held for one person, or not?

use crate::score::{Contribution, NO_LEVEL, Odds, Scorer};
use crate::table::{Probe, RecordIdx, Row};

/// The evidence on a pair, to be shown as a waterfall: from the prior, column by column, to the
/// weight and the probability. All weights are in bits, and `prior + Σ fields + of_household = total`.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// What is known before looking: the share of matches among all pairs, as log odds.
    pub prior: f64,
    /// The columns in the schema's order.
    pub fields: Vec<FieldEvidence>,
    /// What is taken off because two persons of one household would agree like that too; never
    /// above 0.
    pub of_household: f64,
    /// The weight of the pair.
    pub total: f64,
    /// The calibrated probability that the two are one person, in [0, 1].
    pub probability: f64,
}

/// What a column says.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldEvidence {
    /// Which column of the schema.
    pub column: usize,
    /// The level in words; `None` where a record lacks the value, or the other level has spoken
    /// for it (swapped names): then the weight is 0.
    pub level: Option<&'static str>,
    /// The normalised value of the one record.
    pub a: Option<String>,
    /// And of the other.
    pub b: Option<String>,
    /// What the column weighs, adjustments included.
    pub weight: f64,
    /// Of that, what the frequency of the value adds (rare) or takes (common).
    pub of_frequency: f64,
    /// Of that, what is taken off because another column has said it already.
    pub of_dependence: f64,
    /// How often pairs of one person are at this level (*m*), in [0, 1]; `None` without a level.
    pub m: Option<f64>,
    /// How often pairs of strangers are, frequencies of single values left out (*u*), in [0, 1].
    pub u: Option<f64>,
}

impl Scorer<'_> {
    /// The evidence on a pair of records.
    #[must_use]
    pub fn explain(&self, a: RecordIdx, b: RecordIdx) -> Evidence {
        self.evidence(&self.table().row(a.0), &self.table().row(b.0))
    }

    /// The evidence on a record that is not in the table and one that is.
    pub(crate) fn explain_probe(&self, probe: &Probe, record: RecordIdx) -> Evidence {
        self.evidence(probe, &self.table().row(record.0))
    }

    fn evidence<A: Row, B: Row>(&self, a: &A, b: &B) -> Evidence {
        let contributions = self.contributions(a, b);
        let fields: Vec<FieldEvidence> = (0..self.model().schema().columns().len())
            .map(|at| self.said_by(at, &contributions[at], (shown(a, at), shown(b, at))))
            .collect();
        let prior = f64::from(self.prior());
        let person = prior + fields.iter().map(|field| field.weight).sum::<f64>();
        let home = self.home_prior()
            + contributions.iter().map(|said| said.home).sum::<f32>()
            + self.together(a, b);
        let of_household = -f64::from(Odds { person: 0.0, home }.of_home());
        let total = person + of_household;
        let probability = self.model().calibration().probability(total);
        Evidence { prior, fields, of_household, total, probability }
    }

    fn said_by(
        &self,
        column: usize,
        contribution: &Contribution,
        (a, b): (Option<String>, Option<String>),
    ) -> FieldEvidence {
        let levels = self.model().schema().columns()[column].kind.levels();
        let field = &self.model().fields()[column];
        let level = (contribution.level != NO_LEVEL).then(|| usize::from(contribution.level));
        FieldEvidence {
            column,
            level: level.map(|at| levels[at].name),
            a,
            b,
            weight: f64::from(contribution.weight),
            of_frequency: f64::from(contribution.of_frequency),
            of_dependence: f64::from(contribution.of_dependence),
            m: level.map(|at| field.m[at]),
            u: level.map(|at| field.u[at]),
        }
    }
}

fn shown(row: &impl Row, column: usize) -> Option<String> {
    let is_there = row.values()[column] != crate::pool::MISSING;
    is_there.then(|| row.prepared(column).text.to_owned())
}
