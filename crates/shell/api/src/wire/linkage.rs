//! How does linkage stand, what was agreed about it, and what did its runs come to?

use super::scalar::Time;
use app::linkage as inner;
use app::linkage::{Kind, SpreadBin};
use serde::{Deserialize, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// How linkage stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkageStatus {
    pub settings: LinkageSettings,
    /// What was learned; `null` before the first run.
    pub model: Option<LinkageModel>,
    /// Who is in memory to be compared with.
    pub index: LinkageIndex,
    /// The run at work.
    pub running: Option<LinkageRun>,
    pub last_run: Option<LinkageRun>,
    pub review: LinkageReview,
}

/// What was agreed about linkage.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkageSettings {
    /// Whether new records are matched as they come, once a first run has learned a model, and a
    /// large import is followed by a run.
    pub is_automatic: bool,
    /// From this probability on customers are linked, reversibly; between 0.5 and 0.9999.
    pub link_at: f64,
    /// From this one on they are put up for review; between 0.01 and `link_at`.
    pub review_at: f64,
    /// With more customers than these there is no linkage: they are held in memory.
    pub records_max: u64,
    /// Whether `1/7/80` is the first of July.
    pub day_first: bool,
    /// What a record has. Changes take effect with the next run.
    pub fields: Vec<LinkageField>,
}

/// One field of a record.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkageField {
    #[schema(examples("first name"))]
    pub name: String,
    pub kind: LinkageKind,
    /// The traits that it is taken from: the first that has a value counts; a dot looks inside an
    /// object.
    #[schema(examples(json!(["address.city", "city"])))]
    pub traits: Vec<String>,
}

/// What a field holds; it decides how values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkageKind(Kind);

impl PartialSchema for LinkageKind {
    /// The words are those in which models are kept.
    fn schema() -> RefOr<Schema> {
        let words = Kind::ALL.map(|kind| {
            serde_json::to_value(kind).expect("a variant without fields is written as a word")
        });
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("What a field holds; it decides how values are compared."))
            .enum_values(Some(words))
            .into()
    }
}

impl ToSchema for LinkageKind {}

impl From<Kind> for LinkageKind {
    fn from(kind: Kind) -> Self {
        Self(kind)
    }
}

impl From<LinkageKind> for Kind {
    fn from(kind: LinkageKind) -> Self {
        kind.0
    }
}

/// What was learned.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkageModel {
    pub learned_at: Time,
    /// The run that learned it.
    #[schema(examples("r_0001"))]
    pub run_id: String,
    pub n_records: usize,
    /// Verdicts of people that it has heard.
    pub n_verdicts: usize,
    /// Matching pairs that were estimated to be among the records.
    pub n_matches_est: f64,
    /// Of the matches that can be reached, the share that the rules reach.
    pub coverage: f64,
    pub fields: Vec<LinkageModelField>,
    /// Which records are compared, in words.
    pub rules: Vec<String>,
}

/// What a comparison is worth.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkageModelField {
    pub name: String,
    pub kind: LinkageKind,
    pub is_used: bool,
    /// `empty`, `constant` or `not_learned`.
    pub note: Option<String>,
    /// What it weighs where both are the same, in bits.
    pub weight_same: f64,
    /// What it weighs where they are different, in bits.
    pub weight_different: f64,
}

/// Who is in memory to be compared with.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkageIndex {
    pub state: LinkageIndexState,
    pub n_records: u64,
    pub n_bytes: u64,
    /// Customers who have changed and wait to be looked at.
    pub n_waiting: u64,
}

/// Where the customers are who can be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkageIndexState {
    Off,
    Loading,
    Ready,
    TooLarge,
}

/// How many pairs were reviewed, and how many wait.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkageReview {
    pub n_open: u64,
    pub n_same: u64,
    pub n_different: u64,
    pub n_skipped: u64,
}

/// One run over all customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkageRun {
    #[schema(examples("r_0001"))]
    pub id: String,
    pub state: LinkageRunState,
    /// What it is doing, while it is at work.
    pub phase: Option<LinkageRunPhase>,
    /// How much of the whole is done, from 0 to 1; estimated.
    pub progress: f64,
    pub started_at: Time,
    pub started_by: String,
    pub finished_at: Option<Time>,
    /// Customers that were compared.
    pub n_records: u64,
    /// Pairs that were compared.
    pub n_compared: u64,
    /// Links that were made.
    pub n_links: u64,
    /// Pairs that were put up for review.
    pub n_review: u64,
    /// Of these, pairs that something held back from being linked.
    pub n_held_apart: u64,
    /// Links that were withdrawn when it was taken back.
    pub n_withdrawn: u64,
    pub undone_at: Option<Time>,
    pub undone_by: Option<String>,
    /// What is to be known about its end.
    pub message: Option<String>,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkageRunState {
    Running,
    Done,
    Cancelled,
    Failed,
    /// Rapport stopped meanwhile; begin another.
    Interrupted,
}

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkageRunPhase {
    Reading,
    Learning,
    Comparing,
    Writing,
}

macro_rules! twins {
    ($name:ident, $inner:path { $($variant:ident),* $(,)? }) => {
        impl From<$inner> for $name {
            fn from(inner: $inner) -> Self {
                use $inner as Inner;
                match inner { $(Inner::$variant => Self::$variant),* }
            }
        }

        impl From<$name> for $inner {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant),* }
            }
        }
    };
}

pub(super) use twins;

twins!(LinkageRunState, inner::RunState { Running, Done, Cancelled, Failed, Interrupted });
twins!(LinkageRunPhase, inner::RunPhase { Reading, Learning, Comparing, Writing });
twins!(LinkageIndexState, inner::IndexState { Off, Loading, Ready, TooLarge });

impl From<inner::LinkageStatus> for LinkageStatus {
    fn from(status: inner::LinkageStatus) -> Self {
        let (index, review) = (status.index, status.review);
        Self {
            settings: LinkageSettings::from(&*status.settings),
            model: status.model.map(LinkageModel::from),
            index: LinkageIndex {
                state: index.state.into(),
                n_records: index.n_records,
                n_bytes: index.n_bytes,
                n_waiting: index.n_waiting,
            },
            running: status.running.map(LinkageRun::from),
            last_run: status.last_run.map(LinkageRun::from),
            review: LinkageReview {
                n_open: review.n_open,
                n_same: review.n_same,
                n_different: review.n_different,
                n_skipped: review.n_skipped,
            },
        }
    }
}

impl From<&inner::LinkageSettings> for LinkageSettings {
    fn from(settings: &inner::LinkageSettings) -> Self {
        let field = |field: &inner::RecordField| LinkageField {
            name: field.name.clone(),
            kind: field.kind.into(),
            traits: field.traits.clone(),
        };
        Self {
            is_automatic: settings.is_automatic,
            link_at: settings.link_at,
            review_at: settings.review_at,
            records_max: settings.records_max,
            day_first: settings.day_first,
            fields: settings.fields.iter().map(field).collect(),
        }
    }
}

impl From<LinkageSettings> for inner::LinkageSettings {
    fn from(settings: LinkageSettings) -> Self {
        let field = |field: LinkageField| inner::RecordField {
            name: field.name,
            kind: field.kind.into(),
            traits: field.traits,
        };
        Self {
            is_automatic: settings.is_automatic,
            link_at: settings.link_at,
            review_at: settings.review_at,
            records_max: settings.records_max,
            day_first: settings.day_first,
            fields: settings.fields.into_iter().map(field).collect(),
        }
    }
}

impl From<inner::ModelStatus> for LinkageModel {
    fn from(model: inner::ModelStatus) -> Self {
        let field = |field: inner::ModelField| LinkageModelField {
            name: field.name,
            kind: field.kind.into(),
            is_used: field.is_used,
            note: field.note,
            weight_same: field.weight_same,
            weight_different: field.weight_different,
        };
        let origin = model.origin;
        Self {
            learned_at: origin.learned_at.into(),
            run_id: origin.run.to_string(),
            n_records: origin.n_records,
            n_verdicts: origin.n_verdicts,
            n_matches_est: origin.n_matches_est,
            coverage: origin.coverage,
            fields: model.fields.into_iter().map(field).collect(),
            rules: origin.rules,
        }
    }
}

impl From<inner::LinkageRun> for LinkageRun {
    fn from(run: inner::LinkageRun) -> Self {
        let counts = run.counts;
        Self {
            id: run.id.to_string(),
            state: run.state.into(),
            phase: run.phase.map(Into::into),
            progress: run.progress,
            started_at: run.started_at.into(),
            started_by: run.started_by,
            finished_at: Time::maybe(run.finished_at),
            n_records: counts.n_records,
            n_compared: counts.n_compared,
            n_links: counts.n_links,
            n_review: counts.n_review,
            n_held_apart: counts.n_held_apart,
            n_withdrawn: counts.n_withdrawn,
            undone_at: Time::maybe(run.undone_at),
            undone_by: run.undone_by,
            message: run.message,
        }
    }
}

/// How many pairs are how likely.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkageSpread {
    /// From here on pairs are known; how many there are below it is not.
    pub floor: f64,
    /// Those that are not empty, from the least likely.
    pub bins: Vec<LinkageBin>,
}

/// The pairs of about one probability.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkageBin {
    /// The least probability.
    pub from: f64,
    /// Where the next bin begins.
    pub to: f64,
    pub n: u64,
    /// Those that wait for a person.
    pub n_open: u64,
}

impl LinkageSpread {
    /// Pairs are kept from the threshold of review on that held when they were found: what is known
    /// begins where the first of them is. Without any it begins at today's, `review_at`.
    pub fn new(bins: Vec<SpreadBin>, review_at: f64) -> Self {
        let floor = bins.first().map_or(review_at, |bin| bin.from);
        let bins = bins.into_iter().map(|bin| LinkageBin {
            from: bin.from,
            to: bin.to,
            n: bin.n,
            n_open: bin.n_open,
        });
        Self { floor, bins: bins.collect() }
    }
}
