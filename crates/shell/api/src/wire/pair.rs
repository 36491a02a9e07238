//! How do pairs of customers who may be one person travel, what people say about them, and the
//! duplicates in a file?

use super::linkage::{LinkageKind, twins};
use super::scalar::{Identifier, Time};
use crate::error::ApiError;
use app::edits::CustomerCard;
use app::linkage as inner;
use app::linkage::Band;
use base::PairId;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// Two customers who may be one person.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkagePair {
    #[schema(examples("k_0001"))]
    pub id: String,
    pub state: PairState,
    /// That they are one person, from 0 to 1.
    pub probability: f64,
    /// The same in bits: one bit doubles the odds.
    pub weight: f64,
    pub found_at: Time,
    pub found_by: PairFoundBy,
    pub run_id: Option<String>,
    /// Why identity would not join the two by itself: `two_user_ids`, `taken_back` (they were
    /// joined before) or `contradicted` (others who would be joined with them speak against it).
    pub held_apart: Option<String>,
    /// The one customer as they are now; `null` for one who is gone.
    pub a: Option<PairSide>,
    pub b: Option<PairSide>,
    /// As of `found_at`.
    pub evidence: PairEvidence,
    pub decided_at: Option<Time>,
    pub decided_by: Option<String>,
    /// The decision that joined the two.
    pub decision_id: Option<String>,
}

/// Where a pair stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PairState {
    Open,
    Same,
    Different,
    Skipped,
    Linked,
    Gone,
}

/// How a pair was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PairFoundBy {
    Run,
    NewRecord,
}

/// In which order pairs are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PairOrder {
    /// The nearest to even odds first.
    Doubtful,
    Likely,
    Newest,
}

/// A customer of a pair, in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairSide {
    pub customer_id: String,
    pub name: Option<String>,
    pub n_events: u64,
    pub n_orders: u64,
    pub first_seen: Option<Time>,
    pub last_seen: Option<Time>,
    /// At most eight.
    pub identifiers: Vec<Identifier>,
}

/// What speaks for one person and what against: `prior`, the weights of the fields and
/// `of_household` add up to `total`, in bits.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairEvidence {
    pub prior: f64,
    pub fields: Vec<PairField>,
    pub of_household: f64,
    pub total: f64,
    pub probability: f64,
}

/// What one comparison says.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairField {
    pub name: String,
    pub kind: LinkageKind,
    pub a: Option<String>,
    pub b: Option<String>,
    /// How alike they are, in words; `null` where one is missing.
    pub level: Option<String>,
    /// In bits, adjustments included.
    pub weight: f64,
    /// Of that, what the frequency of the value adds or takes.
    pub of_frequency: f64,
    /// Of that, what is taken off because another field has said it already.
    pub of_dependence: f64,
    /// How often pairs of one person are at this level, from 0 to 1; `null` without a level.
    pub m: Option<f64>,
    /// How often pairs of strangers are; the weight is about log₂(m/u), before adjustments.
    pub u: Option<f64>,
    /// Whether the values are withheld from the caller.
    pub is_withheld: bool,
}

/// What people say about pairs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVerdicts {
    /// 1 to 200.
    pub verdicts: Vec<NewVerdict>,
}

/// What a person says about a pair.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVerdict {
    pub pair_id: String,
    pub verdict: Verdict,
}

/// Whether two customers are one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They are merged.
    Same,
    /// It is never asked again.
    Different,
    /// The question is put aside.
    Skip,
}

/// Verdicts that are taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoVerdicts {
    /// 1 to 200.
    pub pair_ids: Vec<String>,
}

/// What became of verdicts, in the order in which they were sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerdictResults {
    pub results: Vec<VerdictResult>,
}

/// What became of a verdict.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerdictResult {
    pub pair_id: String,
    /// The pair as it is now; `null` where there is none.
    pub pair: Option<LinkagePair>,
    /// Why it was not carried out.
    pub problem: Option<String>,
}

/// Events of a file that is not imported yet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewEvents {
    /// The row of the first event.
    #[serde(default)]
    pub first_row: u64,
    /// Events in Segment's form, one per row; at most 20,000.
    #[schema(value_type = Vec<serde_json::Value>)]
    pub events: Vec<Box<RawValue>>,
}

/// What an import would meet.
#[derive(Debug, Serialize, ToSchema)]
pub struct Duplicates {
    /// Rows that were looked at.
    pub n_rows: u64,
    /// Rows of the file over which those are spread evenly; `null` where all were looked at. Doubles
    /// are found among the rows that were looked at.
    pub spread_over: Option<u64>,
    /// Rows of customers who are known for certain, by an identifier.
    pub n_known: u64,
    /// Rows that may be of a customer.
    pub n_perhaps: u64,
    pub n_new: u64,
    /// Rows that are for certain of the same person as an earlier row.
    pub n_among_known: u64,
    /// Rows that may be of the same person as an earlier row.
    pub n_among_perhaps: u64,
    /// Whether more than identifiers was compared with customers.
    pub has_model: bool,
    /// Rows of which there is something to say, the doubtful ones first; at most 500.
    pub rows: Vec<DuplicateRow>,
}

/// What a row of a file is of.
#[derive(Debug, Serialize, ToSchema)]
pub struct DuplicateRow {
    pub row: u64,
    pub r#match: DuplicateMatch,
    pub customer: Option<PairSide>,
    pub probability: Option<f64>,
    /// What would be done after the import: `link` or `review`.
    pub band: Option<DuplicateBand>,
    /// What shows it for certain.
    #[schema(examples("same email"))]
    pub reason: Option<String>,
    pub evidence: Option<PairEvidence>,
    /// The earlier row that is of the same person.
    pub double_of_row: Option<u64>,
    pub double_probability: Option<f64>,
}

/// Whether a row is of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateMatch {
    Known,
    Perhaps,
    New,
}

/// What would be done with a row that may be of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateBand {
    Link,
    Review,
}

twins!(PairState, inner::PairState { Open, Same, Different, Skipped, Linked, Gone });
twins!(PairOrder, inner::PairOrder { Doubtful, Likely, Newest });
twins!(Verdict, inner::Verdict { Same, Different, Skip });
twins!(DuplicateMatch, inner::ImportMatch { Known, Perhaps, New });

impl From<inner::Pair> for LinkagePair {
    fn from(pair: inner::Pair) -> Self {
        let (found_by, run) = match pair.found_by {
            inner::FoundBy::Run(run) => (PairFoundBy::Run, Some(run)),
            inner::FoundBy::NewRecord => (PairFoundBy::NewRecord, None),
        };
        Self {
            id: pair.id.to_string(),
            state: pair.state.into(),
            probability: pair.probability,
            weight: pair.weight,
            found_at: pair.found_at.into(),
            found_by,
            run_id: run.map(|run| run.to_string()),
            held_apart: pair.held_apart,
            a: pair.a.map(PairSide::from),
            b: pair.b.map(PairSide::from),
            evidence: pair.evidence.into(),
            decided_at: Time::maybe(pair.decided_at),
            decided_by: pair.decided_by,
            decision_id: pair.decision.map(|id| id.to_string()),
        }
    }
}

impl From<CustomerCard> for PairSide {
    fn from(card: CustomerCard) -> Self {
        Self {
            customer_id: card.id.to_string(),
            name: card.name,
            n_events: card.n_events,
            n_orders: card.n_orders,
            first_seen: Time::maybe(card.first_seen),
            last_seen: Time::maybe(card.last_seen),
            identifiers: card.identifiers.into_iter().map(Identifier::from).collect(),
        }
    }
}

impl From<inner::PairEvidence> for PairEvidence {
    fn from(evidence: inner::PairEvidence) -> Self {
        let field = |field: inner::FieldSaid| PairField {
            name: field.name,
            kind: field.kind.into(),
            a: field.a,
            b: field.b,
            level: field.level,
            weight: field.weight,
            of_frequency: field.of_frequency,
            of_dependence: field.of_dependence,
            m: field.m,
            u: field.u,
            is_withheld: field.is_withheld,
        };
        Self {
            prior: evidence.prior,
            fields: evidence.fields.into_iter().map(field).collect(),
            of_household: evidence.of_household,
            total: evidence.total,
            probability: evidence.probability,
        }
    }
}

impl NewVerdicts {
    /// The verdicts, by pairs.
    ///
    /// # Errors
    /// `Invalid` for an id that is none.
    pub fn read(&self) -> Result<Vec<(PairId, inner::Verdict)>, ApiError> {
        let verdict = |one: &NewVerdict| Ok((pair("verdicts", &one.pair_id)?, one.verdict.into()));
        self.verdicts.iter().map(verdict).collect()
    }
}

impl UndoVerdicts {
    /// The pairs.
    ///
    /// # Errors
    /// `Invalid` for an id that is none.
    pub fn read(&self) -> Result<Vec<PairId>, ApiError> {
        self.pair_ids.iter().map(|id| pair("pair_ids", id)).collect()
    }
}

fn pair(field: &str, id: &str) -> Result<PairId, ApiError> {
    id.parse::<PairId>().map_err(|error| ApiError::field(field, error.to_string()))
}

impl From<Vec<inner::VerdictResult>> for VerdictResults {
    fn from(results: Vec<inner::VerdictResult>) -> Self {
        let result = |result: inner::VerdictResult| VerdictResult {
            pair_id: result.id.to_string(),
            pair: result.pair.map(LinkagePair::from),
            problem: result.problem,
        };
        Self { results: results.into_iter().map(result).collect() }
    }
}

impl PreviewEvents {
    /// The events with their rows.
    pub fn into_rows(self) -> Vec<(u64, String)> {
        let texts = self.events.into_iter().map(|event| event.get().to_owned());
        (self.first_row..).zip(texts).collect()
    }
}

impl From<inner::ImportPreview> for Duplicates {
    fn from(preview: inner::ImportPreview) -> Self {
        let row = |row: inner::ImportRowMatch| DuplicateRow {
            row: row.row,
            r#match: row.found.into(),
            customer: row.customer.map(PairSide::from),
            probability: row.probability,
            band: row.band.and_then(|band| match band {
                Band::Link => Some(DuplicateBand::Link),
                Band::Review => Some(DuplicateBand::Review),
                Band::Apart => None,
            }),
            reason: row.reason,
            evidence: row.evidence.map(PairEvidence::from),
            double_of_row: row.double_of,
            double_probability: row.double_probability,
        };
        Self {
            n_rows: preview.n_rows,
            spread_over: preview.spread_over,
            n_known: preview.n_known,
            n_perhaps: preview.n_perhaps,
            n_new: preview.n_new,
            n_among_known: preview.n_among_known,
            n_among_perhaps: preview.n_among_perhaps,
            has_model: preview.has_model,
            rows: preview.rows.into_iter().map(row).collect(),
        }
    }
}
