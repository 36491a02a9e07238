//! What has been learned about the fields: how often do they agree by identity and by chance?

use crate::error::LinkageError;
use crate::kind::DateNotation;
use crate::rule::Rule;
use crate::schema::{Field, Schema};
use serde::{Deserialize, Serialize};

/// The version of [`ModelParts`] that this code writes.
const PARTS_VERSION: u32 = 1;

/// A Fellegi–Sunter model (Fellegi and Sunter 1969) of three classes of pairs: one person,
/// two persons of one household, two persons who have nothing to do with each other (the third
/// class after Winkler 1993, without whom family and address pass for a person). For each column
/// and level it has the probability in each class (*m*, *r*, *u*), and the share of each class.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub(crate) schema: Schema,
    pub(crate) lambda: f64,
    pub(crate) lambda_home: f64,
    pub(crate) fields: Vec<FieldModel>,
    pub(crate) together: Vec<Together>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) calibration: Calibration,
}

/// What a column's agreement is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldModel {
    /// Whether it takes part: a column that is empty or constant in the data does not.
    pub is_used: bool,
    /// Share of matching pairs at each level, missing values left out; sums to 1.
    pub m: Vec<f64>,
    /// Share of the pairs of two persons who have nothing to do with each other at each level; sums
    /// to 1.
    pub u: Vec<f64>,
    /// Share of the pairs of two persons of one household at each level; sums to 1. For what belongs
    /// to one person only it is `u`, as it is among neighbours.
    pub r: Vec<f64>,
    /// Of the pairs that agree exactly, the share that are matches, in [0, 1]: that much of a
    /// value's frequency is the customer's own doing and no coincidence.
    pub match_share: f64,
    /// The column that this one hangs together with by chance, if any.
    pub dependence: Option<Dependence>,
}

/// That a column agrees more often by chance where another one does: the same street where the
/// postcode is the same.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dependence {
    /// The other column.
    pub column: u8,
    /// Agreement of both by chance, as a multiple of what independence gives; at least 1.
    pub lift: f64,
}

/// That two of a household who live at one address agree in just these fields more often, or less,
/// than the fields by themselves say: who shares a mailbox shares the family name as well.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Together {
    /// The columns that both have, one bit each, of those that households share, without the address.
    pub present: u16,
    /// Those in which they are equal, or nearly (at the first level below).
    pub same: u16,
    /// Agreement in just these, as a multiple of what independence gives; positive.
    pub lift: f64,
}

/// The line that turns the model's log odds into calibrated ones: `a + b·x`, in natural units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Intercept; 0 before any review.
    pub a: f64,
    /// Slope, positive; 1 before any review.
    pub b: f64,
}

impl Calibration {
    /// No correction.
    pub const NONE: Self = Self { a: 0.0, b: 1.0 };

    /// The calibrated probability of a pair whose model log odds are `weight` bits.
    #[must_use]
    pub fn probability(self, weight: f64) -> f64 {
        let odds = self.a + self.b * weight * std::f64::consts::LN_2;
        1.0 / (1.0 + (-odds).exp())
    }

    /// The weight in bits at which the calibrated probability is `probability`; infinite at 0
    /// and 1.
    #[must_use]
    pub fn weight(self, probability: f64) -> f64 {
        let odds = (probability / (1.0 - probability)).ln();
        (odds - self.a) / self.b / std::f64::consts::LN_2
    }
}

/// A model as plain values, for keeping: what [`Model::parts`] gives, [`Model::from_parts`] takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelParts {
    /// Which form this is.
    pub version: u32,
    /// The fields of the schema.
    pub fields: Vec<Field>,
    /// How dates are written.
    pub notation: DateNotation,
    /// Share of matching pairs among all pairs.
    pub lambda: f64,
    /// Share of pairs of one household among all pairs; 0 where none were found.
    pub lambda_home: f64,
    /// What each column's agreement is worth, in the order of the schema's columns.
    pub columns: Vec<FieldModel>,
    /// In what households agree together.
    #[serde(default)]
    pub together: Vec<Together>,
    /// Which records are compared.
    pub rules: Vec<Rule>,
    /// What reviews have taught about the scale.
    pub calibration: Calibration,
}

impl Model {
    /// The schema that the model is for.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Share of matching pairs among all pairs.
    #[must_use]
    pub fn lambda(&self) -> f64 {
        self.lambda
    }

    /// Share of pairs of two persons of one household among all pairs; 0 where none were found.
    #[must_use]
    pub fn lambda_home(&self) -> f64 {
        self.lambda_home
    }

    /// What each column's agreement is worth, in the order of the schema's columns.
    #[must_use]
    pub fn fields(&self) -> &[FieldModel] {
        &self.fields
    }

    /// Which records are compared.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What reviews have taught about the scale.
    #[must_use]
    pub fn calibration(&self) -> Calibration {
        self.calibration
    }

    /// The same model with another share of matching pairs: for matching against a table of
    /// another size, or one of whom every record is known to have a partner.
    #[must_use]
    pub fn with_lambda(mut self, lambda: f64) -> Self {
        self.lambda = lambda.clamp(LAMBDA_MIN, 0.5);
        self
    }

    /// The same model with other blocking rules, for those who know better.
    #[must_use]
    pub fn with_rules(mut self, rules: Vec<Rule>) -> Self {
        self.rules = rules;
        self
    }

    /// The model as plain values.
    #[must_use]
    pub fn parts(&self) -> ModelParts {
        ModelParts {
            version: PARTS_VERSION,
            fields: self.schema.fields().to_vec(),
            notation: self.schema.notation(),
            lambda: self.lambda,
            lambda_home: self.lambda_home,
            columns: self.fields.clone(),
            together: self.together.clone(),
            rules: self.rules.clone(),
            calibration: self.calibration,
        }
    }

    /// The model of plain values.
    ///
    /// # Errors
    /// [`LinkageError::BadModel`] if they are of another version or no probabilities, and the
    /// errors of [`Schema::new`].
    pub fn from_parts(parts: ModelParts) -> Result<Self, LinkageError> {
        let schema = Schema::new(parts.fields, parts.notation)?;
        let bad = |what: &str| Err(LinkageError::BadModel { what: what.to_owned() });
        if parts.version != PARTS_VERSION {
            return bad("another version");
        }
        if parts.columns.len() != schema.columns().len() {
            return bad("not one entry per column");
        }
        let is_share =
            (LAMBDA_MIN..=0.5).contains(&parts.lambda) && (0.0..=0.5).contains(&parts.lambda_home);
        if !is_share {
            return bad("the share of a class is out of range");
        }
        let is_calibrated = parts.calibration.a.is_finite()
            && parts.calibration.b.is_finite()
            && parts.calibration.b > 0.0;
        if !is_calibrated {
            return bad("the calibration is no rising line");
        }
        if parts.together.iter().any(|level| !(level.lift.is_finite() && level.lift > 0.0)) {
            return bad("a joint level of households is no share");
        }
        let n = schema.columns().len();
        if parts.rules.iter().flat_map(|rule| &rule.parts).any(|p| usize::from(p.column) >= n) {
            return bad("a rule names a column that is not there");
        }
        for (column, field) in schema.columns().iter().zip(&parts.columns) {
            if !field.is_valid(column.kind.levels().len(), n) {
                return bad(&format!("the numbers of '{}' are no probabilities", column.name));
            }
        }
        Ok(Self {
            schema,
            lambda: parts.lambda,
            lambda_home: parts.lambda_home,
            fields: parts.columns,
            together: parts.together,
            rules: parts.rules,
            calibration: parts.calibration,
        })
    }
}

/// Below one match among 10¹⁵ pairs nothing can be said: that is a table of 45 million records in
/// which one person is twice.
pub(crate) const LAMBDA_MIN: f64 = 1e-15;

impl FieldModel {
    fn is_valid(&self, n_levels: usize, n_columns: usize) -> bool {
        let is_distribution = |p: &[f64]| {
            let sum: f64 = p.iter().sum();
            p.len() == n_levels
                && p.iter().all(|x| *x > 0.0 && *x <= 1.0)
                && (sum - 1.0).abs() < 1e-6
        };
        let lifts = |d: &Dependence| {
            usize::from(d.column) < n_columns && d.lift.is_finite() && d.lift >= 1.0
        };
        is_distribution(&self.m)
            && is_distribution(&self.u)
            && is_distribution(&self.r)
            && (0.0..=1.0).contains(&self.match_share)
            && self.dependence.as_ref().is_none_or(lifts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;

    fn parts() -> ModelParts {
        let m = Kind::Category.levels().iter().map(|level| level.m_prior).collect();
        let field = FieldModel {
            is_used: true,
            m,
            u: vec![0.5, 0.5],
            r: vec![0.5, 0.5],
            match_share: 0.0,
            dependence: None,
        };
        ModelParts {
            version: 1,
            fields: vec![Field::new("gender", Kind::Category)],
            notation: DateNotation::default(),
            lambda: 0.01,
            lambda_home: 0.0,
            columns: vec![field],
            together: Vec::new(),
            rules: Vec::new(),
            calibration: Calibration::NONE,
        }
    }

    #[test]
    fn parts_go_there_and_back() {
        let model = Model::from_parts(parts()).expect("valid parts");
        let json = serde_json::to_string(&model.parts()).expect("plain values");
        let back: ModelParts = serde_json::from_str(&json).expect("what was written");
        assert_eq!(Model::from_parts(back), Ok(model));
    }

    #[test]
    fn what_is_no_model_is_refused() {
        let spoil: [fn(&mut ModelParts); 7] = [
            |parts| parts.together.push(Together { present: 1, same: 1, lift: 0.0 }),
            |parts| parts.version = 2,
            |parts| parts.lambda = 0.9,
            |parts| parts.columns[0].u[0] = 0.9,
            |parts| parts.columns.clear(),
            |parts| parts.calibration.b = -1.0,
            |parts| parts.columns[0].dependence = Some(Dependence { column: 9, lift: 2.0 }),
        ];
        for spoil in spoil {
            let mut parts = parts();
            spoil(&mut parts);
            assert!(matches!(Model::from_parts(parts), Err(LinkageError::BadModel { .. })));
        }
    }

    #[test]
    fn calibration_is_its_own_inverse() {
        let line = Calibration { a: -0.3, b: 0.8 };
        for weight in [-10.0, 0.0, 3.5] {
            assert!((line.weight(line.probability(weight)) - weight).abs() < 1e-9);
        }
        assert_eq!(Calibration::NONE.probability(0.0), 0.5);
    }
}
