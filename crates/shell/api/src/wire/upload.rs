//! What is in an uploaded file, and what would become of it?

use super::import::Import;
use super::mapping::{ImportFileForm, ImportMapping};
use super::scalar::{Identifier, JsonObject, Time};
use super::word::{EventKind, ImportConfidence, ImportShape};
use app::imports as inner;
use app::imports::file::FileForm;
use lexicon::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A file that was uploaded to be imported.
#[derive(Debug, Serialize, ToSchema)]
pub struct Upload {
    pub id: String,
    pub file_name: String,
    pub n_bytes: u64,
    pub uploaded_at: Time,
    /// When it is deleted, unless somebody has to do with it before.
    pub delete_at: Time,
    /// The import that it became.
    pub import_id: Option<String>,
    /// Whether the file itself is still here; it is deleted when it is imported, and only its
    /// rejected rows stay for a day.
    pub is_here: bool,
}

impl From<inner::Upload> for Upload {
    fn from(upload: inner::Upload) -> Self {
        Self {
            id: upload.id.to_string(),
            n_bytes: upload.n_bytes,
            uploaded_at: upload.uploaded_at.into(),
            delete_at: upload.delete_at().into(),
            import_id: upload.import.map(|id| id.to_string()),
            is_here: upload.is_here,
            file_name: upload.file_name,
        }
    }
}

/// What was found in an uploaded file, and how it could be read.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadLook {
    pub upload: Upload,
    /// How the file is read.
    pub form: ImportFileForm,
    /// Its columns, judged by the first rows.
    pub columns: Vec<UploadColumn>,
    pub n_rows_seen: u64,
    /// Of them, rows that cannot be read at all.
    pub n_rows_bad: u64,
    /// Rows of the file, where its format says so.
    pub n_rows: Option<u64>,
    /// The shape that the file seems to be of.
    pub shape_found: ImportShape,
    /// The shape that the proposal is for.
    pub shape: ImportShape,
    /// Every shape there is.
    pub shapes: Vec<ShapeWords>,
    pub confidence: ImportConfidence,
    pub reasons: Vec<ImportReason>,
    /// What a person should look at or fill in.
    pub warnings: Vec<String>,
    /// The mapping that seems right.
    pub proposed: ImportMapping,
    /// The mapping that was tried last.
    pub tried: Option<ImportMapping>,
    /// Earlier imports of the same content, newest first.
    pub before: Vec<Import>,
}

/// A shape of files, in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShapeWords {
    pub shape: ImportShape,
    pub words: String,
}

/// What a column seems to hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadColumn {
    pub name: String,
    /// What it seems to hold, in words.
    pub holds: String,
    /// How its times are written, where it seems to hold times.
    pub time_format: Option<String>,
    /// Another way to read them that fits every value too.
    pub time_rival: Option<String>,
    pub n_seen: u64,
    pub n_empty: u64,
    /// Different values, up to 20,000.
    pub n_distinct: u64,
    /// Some different values.
    pub examples: Vec<String>,
}

/// Why a part of the proposal is as it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportReason {
    /// A path like `customer.user_id`.
    pub part: String,
    pub column: Option<String>,
    pub confidence: ImportConfidence,
    pub words: String,
}

/// A mapping to be tried, or to import by.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadMapping {
    pub mapping: ImportMapping,
}

/// What would become of the first rows of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadPreview {
    /// What is wrong with the mapping as a whole; nothing else is told then.
    pub flaw: Option<ImportFlaw>,
    /// Rows that were gone through.
    pub n_rows: u64,
    /// Whether those are all rows of the file.
    pub is_whole_file: bool,
    /// Events that would be accepted.
    pub n_events: u64,
    /// Different identifiers that those come under.
    pub n_identifiers: u64,
    /// Rows that the mapping passes over.
    pub n_skipped: u64,
    /// Rows that would not be taken.
    pub n_rejected: u64,
    /// The first events, at most 20.
    pub events: Vec<PreviewEvent>,
    /// The first rows that would not be taken, at most 50.
    pub rejects: Vec<PreviewReject>,
    /// The columns, in the order of a reject's cells.
    pub columns: Vec<String>,
    /// The mapping as a file for the command line; null where it has a flaw.
    pub mapping_file: Option<String>,
}

/// What is wrong with a mapping.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportFlaw {
    /// A path like `order.product.price`.
    pub part: String,
    pub message: String,
}

/// One event as it would arrive.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewEvent {
    /// Its first row, from 1.
    pub row: u64,
    pub kind: EventKind,
    pub name: String,
    pub occurred_at: Time,
    pub identifiers: Vec<Identifier>,
    /// Whom it would come to, where that is somebody who is known already.
    pub customer_id: Option<String>,
    pub properties: JsonObject,
    pub traits: JsonObject,
    /// As it would be sent, in Segment's form.
    pub raw: JsonObject,
}

/// A row that would not be taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewReject {
    /// Which row of the file, from 1.
    pub row: u64,
    pub column: Option<String>,
    pub reason: String,
    /// Its cells as they stand; empty where the row as such is understood.
    pub cells: Vec<String>,
}

impl UploadLook {
    /// The wire form of `look`.
    pub fn of(look: inner::Look, uploads: &inner::Uploads) -> Self {
        let inspection = &look.inspection;
        let proposal = look.proposal;
        let reasons = proposal.reasons.into_iter().map(|reason| ImportReason {
            part: reason.part,
            column: reason.column,
            confidence: reason.confidence.into(),
            words: reason.words,
        });
        let words = |shape: inner::Shape| ShapeWords {
            shape: shape.into(),
            words: shape.words().to_owned(),
        };
        Self {
            form: FileForm::clone(&inspection.form).into(),
            columns: inspection.columns.iter().map(UploadColumn::of).collect(),
            n_rows_seen: inspection.n_rows_seen,
            n_rows_bad: inspection.n_rows_bad,
            n_rows: inspection.n_rows,
            shape_found: inspection.proposal.shape.into(),
            shape: proposal.shape.into(),
            shapes: inner::Shape::ALL.map(words).into(),
            confidence: proposal.confidence.into(),
            reasons: reasons.collect(),
            warnings: proposal.warnings,
            proposed: proposal.mapping.into(),
            tried: look.upload.mapping.clone().map(Into::into),
            before: look.before.into_iter().map(|i| Import::of(i, uploads)).collect(),
            upload: look.upload.into(),
        }
    }
}

impl UploadColumn {
    fn of(column: &inner::ColumnProfile) -> Self {
        let (form, rival) = match &column.guess {
            inner::ColumnGuess::Time { form, rival } => {
                (Some(form.name().to_owned()), rival.as_ref().map(|rival| rival.name().to_owned()))
            }
            _ => (None, None),
        };
        Self {
            name: column.name.clone(),
            holds: column.guess.words(),
            time_format: form,
            time_rival: rival,
            n_seen: column.n_seen,
            n_empty: column.n_empty,
            n_distinct: column.n_distinct,
            examples: column.examples.clone(),
        }
    }
}

impl UploadPreview {
    /// The wire form of `rehearsal`; `mapping_file` is the mapping that it was made by.
    pub fn of(rehearsal: inner::Rehearsal, mapping_file: Option<String>) -> Self {
        let flaw = rehearsal.flaw;
        let rejects = rehearsal.rejects.into_iter().map(|reject| PreviewReject {
            row: reject.row,
            column: reject.column,
            reason: reject.reason,
            cells: reject.cells,
        });
        Self {
            mapping_file: mapping_file.filter(|_| flaw.is_none()),
            flaw: flaw.map(|flaw| ImportFlaw { part: flaw.part, message: flaw.message }),
            n_rows: rehearsal.n_rows,
            is_whole_file: rehearsal.is_whole_file,
            n_events: rehearsal.n_events,
            n_identifiers: rehearsal.n_identifiers,
            n_skipped: rehearsal.n_skipped,
            n_rejected: rehearsal.n_rejected,
            events: rehearsal.events.into_iter().map(PreviewEvent::of).collect(),
            rejects: rejects.collect(),
            columns: rehearsal.columns,
        }
    }
}

impl PreviewEvent {
    fn of(shown: inner::RehearsedEvent) -> Self {
        let event = shown.event;
        Self {
            row: shown.row,
            kind: event.kind.into(),
            occurred_at: event.occurred_at.into(),
            customer_id: shown.customer.map(|id| id.to_string()),
            properties: JsonObject::of(&event.properties),
            traits: JsonObject::of(&event.traits),
            raw: JsonObject::of(&Json::from_checked_text(shown.json)),
            name: event.name.into(),
            identifiers: event.identifiers.into_iter().map(Identifier::from).collect(),
        }
    }
}
