//! What is kept of a pair: both records as they were, and what spoke for and against?

use super::record::Record;
use super::settings::LinkageSettings;
use crate::traits::{Sight, WITHHELD};
use base::{Error, ErrorKind};
use linkage::{Evidence, Kind, Label, LabelledPair, Schema};
use serde::{Deserialize, Serialize};

/// Both records of a pair and the evidence on it, as it is kept beside the pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dossier {
    /// The kinds of the fields.
    pub kinds: Vec<Kind>,
    /// The one record, field by field.
    pub a: Vec<String>,
    /// The other.
    pub b: Vec<String>,
    /// What speaks for one person, and what against.
    pub evidence: PairEvidence,
}

/// The waterfall: `prior + Σ weights + of_household = total`, in bits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairEvidence {
    /// What is known before looking.
    pub prior: f64,
    /// What each comparison says.
    pub fields: Vec<FieldSaid>,
    /// What is taken off because two persons of a household would agree like that too.
    pub of_household: f64,
    /// The weight.
    pub total: f64,
    /// That the two are one person, in [0, 1].
    pub probability: f64,
}

/// What one comparison says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldSaid {
    /// What people call the field.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// The traits that it may come from, for those who may not see them.
    pub traits: Vec<String>,
    /// The value of the one.
    pub a: Option<String>,
    /// Of the other.
    pub b: Option<String>,
    /// How alike they are, in words; `None` where one is missing.
    pub level: Option<String>,
    /// What it weighs, in bits, adjustments included.
    pub weight: f64,
    /// Of that, what the frequency of the value adds or takes.
    pub of_frequency: f64,
    /// Of that, what is taken off because another field has said it already.
    pub of_dependence: f64,
    /// How often pairs of one person are at this level, in [0, 1]; `None` without a level, and in
    /// pairs that were found before this was kept.
    #[serde(default)]
    pub m: Option<f64>,
    /// How often pairs of strangers are.
    #[serde(default)]
    pub u: Option<f64>,
    /// Whether the values are withheld from whoever asks.
    #[serde(skip)]
    pub is_withheld: bool,
}

impl Dossier {
    /// The dossier of two records.
    pub fn new(
        settings: &LinkageSettings,
        schema: &Schema,
        (a, b): (&Record, &Record),
        evidence: &Evidence,
    ) -> Self {
        Self {
            kinds: settings.fields.iter().map(|field| field.kind).collect(),
            a: a.0.clone(),
            b: b.0.clone(),
            evidence: PairEvidence::of(settings, schema, (a, b), evidence),
        }
    }

    /// The same with the two sides the other way round.
    #[must_use]
    pub fn swapped(mut self) -> Self {
        std::mem::swap(&mut self.a, &mut self.b);
        self.evidence
            .fields
            .iter_mut()
            .for_each(|field| std::mem::swap(&mut field.a, &mut field.b));
        self
    }

    /// What was kept.
    ///
    /// # Errors
    /// `Corrupt` where it cannot be read.
    pub fn read(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|error| {
            Error::new(ErrorKind::Corrupt, "the evidence of a pair cannot be read")
                .with_source(error)
        })
    }

    /// The text that is kept.
    pub fn write(&self) -> String {
        serde_json::to_string(self).expect("texts and finite numbers are JSON")
    }

    /// The pair as a verdict on it teaches, if its fields are still those of `schema`.
    pub fn label(self, schema: &Schema, is_same: bool) -> Option<Label> {
        let kinds = schema.fields().iter().map(|field| field.kind);
        let is_current = kinds.eq(self.kinds.iter().copied())
            && self.a.len() == self.kinds.len()
            && self.b.len() == self.kinds.len();
        is_current.then_some(Label { pair: LabelledPair::Texts(self.a, self.b), is_same })
    }
}

impl PairEvidence {
    /// The evidence on two records, with the values as they were written.
    pub fn of(
        settings: &LinkageSettings,
        schema: &Schema,
        (a, b): (&Record, &Record),
        evidence: &Evidence,
    ) -> Self {
        let sources = sources(settings, schema);
        let said = evidence.fields.iter().map(|field| {
            let column = &schema.columns()[field.column];
            let source = sources[field.column];
            let written = |record: &Record, normal: &Option<String>| {
                let own = source.map(|at| record.0[at].clone()).filter(|text| !text.is_empty());
                normal.as_ref().map(|normal| own.unwrap_or_else(|| normal.clone()))
            };
            FieldSaid {
                name: column.name.clone(),
                kind: column.kind,
                traits: traits(settings, source),
                a: written(a, &field.a),
                b: written(b, &field.b),
                level: field.level.map(str::to_owned),
                weight: field.weight,
                of_frequency: field.of_frequency,
                of_dependence: field.of_dependence,
                m: field.m,
                u: field.u,
                is_withheld: false,
            }
        });
        Self {
            prior: evidence.prior,
            fields: said.collect(),
            of_household: evidence.of_household,
            total: evidence.total,
            probability: evidence.probability,
        }
    }

    /// What speaks for one person, in words that tell nobody's data.
    pub fn words(&self) -> String {
        let mut levels: Vec<&FieldSaid> =
            self.fields.iter().filter(|field| field.weight > 0.0).collect();
        levels.sort_by(|x, y| y.weight.total_cmp(&x.weight));
        let words = levels.iter().take(6).filter_map(|field| {
            field.level.as_ref().map(|level| format!("{} {level}", field.name))
        });
        let percent = (self.probability * 1_000.0).floor() / 10.0;
        format!("{percent} % ({:.1} bits): {}", self.total, words.collect::<Vec<_>>().join(", "))
    }

    /// Withholds the values that somebody with this `sight` may not see.
    #[must_use]
    pub fn seen_with(mut self, sight: &Sight) -> Self {
        for field in &mut self.fields {
            let parts = field.traits.iter().flat_map(|path| path.split('.').chain([path.as_str()]));
            if parts.into_iter().any(|name| sight.hides(name)) {
                field.is_withheld = true;
                for value in [&mut field.a, &mut field.b].into_iter().flatten() {
                    *value = WITHHELD.to_owned();
                }
            }
        }
        self
    }
}

/// For each column the field that it is written in; `None` for what is made from whole names.
fn sources(settings: &LinkageSettings, schema: &Schema) -> Vec<Option<usize>> {
    let own = (0..settings.fields.len()).filter(|&at| settings.fields[at].kind != Kind::FullName);
    let mut sources: Vec<Option<usize>> = own.map(Some).collect();
    sources.resize(schema.columns().len(), None);
    sources
}

fn traits(settings: &LinkageSettings, source: Option<usize>) -> Vec<String> {
    let is_named = |kind| matches!(kind, Kind::FullName | Kind::GivenName | Kind::FamilyName);
    match source {
        Some(at) if !is_named(settings.fields[at].kind) => settings.fields[at].traits.clone(),
        // A name may come from a whole name too, and a generation from any.
        _ => {
            let names = settings.fields.iter().filter(|field| is_named(field.kind));
            names.flat_map(|field| field.traits.clone()).collect()
        }
    }
}
