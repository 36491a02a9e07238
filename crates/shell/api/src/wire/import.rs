//! Which files were brought in, how far, and which rows were not taken?

use super::scalar::Time;
use super::word::ImportState;
use app::imports::Uploads;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// One run over one file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Import {
    #[schema(examples("i_0001"))]
    pub id: String,
    pub file_name: String,
    pub mapping_name: String,
    pub state: ImportState,
    pub n_rows_total: Option<u64>,
    pub n_rows_done: u64,
    /// The row at which it goes on, from 0; rows before it are durable.
    pub resume_row: u64,
    pub n_events: u64,
    pub n_duplicates: u64,
    pub n_rejected: u64,
    pub started_at: Time,
    pub finished_at: Option<Time>,
    /// Why it ended, where that is not plain.
    pub message: Option<String>,
    pub bytes_total: u64,
    pub bytes_done: u64,
    /// The uploaded file that it is of, while that or its rejected rows are still here.
    pub upload_id: Option<String>,
    /// Whether it runs on the server, and can be stopped there.
    pub runs_here: bool,
}

impl Import {
    /// The wire form of `import`.
    pub fn of(import: app::imports::Import, uploads: &Uploads) -> Self {
        Self {
            upload_id: uploads.of_import(import.id).map(|upload| upload.id.to_string()),
            runs_here: uploads.is_running(import.id),
            id: import.id.to_string(),
            file_name: import.file.file_name,
            mapping_name: import.file.mapping_name,
            state: import.state.into(),
            n_rows_total: import.file.n_rows_total,
            n_rows_done: import.resume_row,
            resume_row: import.resume_row,
            n_events: import.n_events,
            n_duplicates: import.n_duplicates,
            n_rejected: import.n_rejected,
            started_at: import.started_at.into(),
            finished_at: Time::maybe(import.finished_at),
            message: import.message,
            bytes_total: import.file.bytes_total,
            bytes_done: import.bytes_done,
        }
    }
}

/// An import to begin, or to go on with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImport {
    /// Of the file's content.
    pub fingerprint: String,
    pub file_name: String,
    pub mapping_name: String,
    /// Of the mapping's content.
    pub mapping_hash: String,
    pub bytes_total: u64,
    #[serde(default)]
    pub n_rows_total: Option<u64>,
}

impl From<NewImport> for app::imports::ImportStart {
    fn from(new: NewImport) -> Self {
        Self {
            fingerprint: new.fingerprint,
            file_name: new.file_name,
            mapping_name: new.mapping_name,
            mapping_hash: new.mapping_hash,
            bytes_total: new.bytes_total,
            n_rows_total: new.n_rows_total,
        }
    }
}

/// Rows of a file, as the events that they became.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportRows {
    /// The first row, from 0: where the import goes on.
    pub from_row: u64,
    /// The row after the last.
    pub to_row: u64,
    /// Events in Segment's form.
    #[schema(value_type = Vec<serde_json::Value>)]
    pub events: Vec<Box<RawValue>>,
    #[serde(default)]
    pub rejects: Vec<NewReject>,
    /// Bytes of the file that were read so far.
    pub bytes_done: u64,
}

/// A row that was not taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportReject {
    /// Which row of the file, from 1.
    pub row: u64,
    /// Which column is to blame.
    pub column: Option<String>,
    pub reason: String,
}

impl From<app::imports::ImportReject> for ImportReject {
    fn from(reject: app::imports::ImportReject) -> Self {
        Self { row: reject.row, column: reject.column, reason: reject.reason }
    }
}

/// A row that the importer does not take.
#[derive(Deserialize, ToSchema)]
pub struct NewReject {
    /// Which row of the file, from 1.
    pub row: u64,
    /// Which column is to blame.
    #[serde(default)]
    pub column: Option<String>,
    pub reason: String,
}

impl From<NewReject> for app::imports::ImportReject {
    fn from(reject: NewReject) -> Self {
        Self { row: reject.row, column: reject.column, reason: reject.reason }
    }
}

/// How an import ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishImport {
    /// `done`, `stopped` or `failed`.
    pub state: ImportState,
    #[serde(default)]
    pub message: Option<String>,
}
