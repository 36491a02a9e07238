//! How do notes beside days travel?

use super::scalar::Time;
use crate::error::ApiError;
use app::notes::{Note as KeptNote, NoteContent};
use insight::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All notes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notes {
    /// By day.
    pub notes: Vec<Note>,
}

/// What happened on a day that a chart alone does not tell.
#[derive(Debug, Serialize, ToSchema)]
pub struct Note {
    #[schema(examples("n_0001"))]
    pub id: String,
    /// A day of the calendar, in whatever zone a chart counts its days.
    #[schema(examples("2026-03-01"))]
    pub day: String,
    #[schema(examples("Price rise"))]
    pub text: String,
    /// Grows with every change; a change says which one it was made on.
    pub version: u64,
    /// Who wrote it first.
    pub owner: String,
    pub changed_at: Time,
    pub changed_by: String,
}

/// A note to write.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteDraft {
    /// `2026-03-01`.
    pub day: String,
    /// One line, 280 characters at most.
    pub text: String,
}

/// What a note is to say from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteChange {
    /// The version that was looked at.
    pub version: u64,
    pub day: String,
    pub text: String,
}

impl NoteDraft {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn inner(self) -> Result<NoteContent, ApiError> {
        let day = self.day.parse::<Date>();
        let day = day.map_err(|_| ApiError::field("day", "a day looks like 2026-03-01"))?;
        if !(1900..=2200).contains(&day.year()) {
            return Err(ApiError::field("day", "a day lies between the years 1900 and 2200"));
        }
        Ok(NoteContent { day, text: self.text })
    }
}

impl NoteChange {
    /// What it is to say.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn inner(self) -> Result<NoteContent, ApiError> {
        NoteDraft { day: self.day, text: self.text }.inner()
    }
}

impl From<KeptNote> for Note {
    fn from(kept: KeptNote) -> Self {
        Self {
            id: kept.id.to_string(),
            day: kept.content.day.to_string(),
            text: kept.content.text,
            version: kept.version,
            owner: kept.owner,
            changed_at: kept.changed_at.into(),
            changed_by: kept.changed_by,
        }
    }
}
