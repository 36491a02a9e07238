//! What was learned last, as it is kept between starts?

use base::{Error, ErrorKind, LinkageRunId, Timestamp};
use linkage::{LearnReport, Model, ModelParts, Note};
use serde::{Deserialize, Serialize};
use state::admin::Admin;

use crate::access::{Actor, audit_line};

/// The name under which it is kept among the settings.
const SETTING: &str = "linkage.model";

/// A model, and how it came to be.
#[derive(Clone, Debug)]
pub struct LearnedModel {
    /// The model.
    pub model: Model,
    /// How it came to be.
    pub origin: ModelOrigin,
}

/// How a model came to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelOrigin {
    /// When it was learned.
    pub learned_at: Timestamp,
    /// By which run.
    pub run: LinkageRunId,
    /// From how many records.
    pub n_records: usize,
    /// With how many verdicts of people.
    pub n_verdicts: usize,
    /// Matching pairs that were estimated to be among the records.
    pub n_matches_est: f64,
    /// Of the matches that can be reached, the share that its rules reach.
    pub coverage: f64,
    /// Its rules in words.
    pub rules: Vec<String>,
    /// What is to be known of single columns: `empty`, `constant` or `not_learned`.
    pub notes: Vec<Option<String>>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    parts: ModelParts,
    origin: ModelOrigin,
}

impl ModelOrigin {
    pub(super) fn new(
        report: &LearnReport,
        (run, learned_at): (LinkageRunId, Timestamp),
        (n_columns, n_verdicts): (usize, usize),
    ) -> Self {
        let mut notes = vec![None; n_columns];
        for note in &report.notes {
            let (column, word) = match note {
                Note::Empty { column } => (*column, "empty"),
                Note::Constant { column } => (*column, "constant"),
                Note::NotLearned { column } => (*column, "not_learned"),
            };
            notes[column] = Some(word.to_owned());
        }
        Self {
            learned_at,
            run,
            n_records: report.n_records,
            n_verdicts,
            n_matches_est: report.n_matches_est,
            coverage: report.coverage,
            rules: report.rules.iter().map(|rule| rule.words.clone()).collect(),
            notes,
        }
    }
}

/// The model that was kept; `None` before the first run.
///
/// # Errors
/// `Corrupt` where it cannot be read.
pub(super) async fn load(admin: &Admin) -> Result<Option<LearnedModel>, Error> {
    let Some(text) = admin.setting(SETTING).await? else { return Ok(None) };
    let corrupt = || Error::new(ErrorKind::Corrupt, "the model of linkage cannot be read");
    let stored: Stored =
        serde_json::from_str(&text).map_err(|error| corrupt().with_source(error))?;
    match Model::from_parts(stored.parts) {
        Ok(model) => Ok(Some(LearnedModel { model, origin: stored.origin })),
        Err(error) => {
            // A newer program compares otherwise: the next run learns again.
            tracing::warn!(%error, "the model of linkage is of another version");
            Ok(None)
        }
    }
}

pub(super) async fn save(
    admin: &Admin,
    learned: &LearnedModel,
    actor: &Actor,
    now: Timestamp,
) -> Result<(), Error> {
    let stored = Stored { parts: learned.model.parts(), origin: learned.origin.clone() };
    let text = serde_json::to_string(&stored).expect("words and finite numbers are JSON");
    let (n_records, n_verdicts) = (learned.origin.n_records, learned.origin.n_verdicts);
    let detail = format!("from {n_records} records and {n_verdicts} verdicts");
    let line = audit_line(actor, "linkage.learned", (SETTING, &detail), now);
    Ok(admin.put_setting(SETTING, &text, &line).await?)
}
