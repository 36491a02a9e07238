//! What happened on a day that a chart alone does not tell?
//!
//! A note stands beside a day of the calendar on every chart over time, in whatever zone the chart
//! counts its days: "Price rise", "Shop was down".

use crate::access::{Actor, audit_line};
use crate::engine::Engine;
use base::{Error, ErrorKind, NoteId, Timestamp};
use insight::Date;
use state::State;
use state::admin::{Admin, NoteRow};

/// Notes at most.
pub const NOTES_MAX: usize = 5_000;
/// Characters of a note at most.
pub const TEXT_CHARS_MAX: usize = 280;

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Which note.
    pub id: NoteId,
    /// Counts every change, from 1.
    pub version: u64,
    /// What it says, of which day.
    pub content: NoteContent,
    /// Who wrote it first.
    pub owner: String,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
}

/// What a note says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteContent {
    /// Of which day.
    pub day: Date,
    /// What happened.
    pub text: String,
}

/// The notes of an installation. Cheap to make.
pub struct Notes {
    admin: Admin,
}

impl Engine {
    /// The notes.
    #[must_use]
    pub fn notes(&self) -> Notes {
        Notes::of(&self.shared.state)
    }
}

impl Notes {
    /// The notes in `state`.
    fn of(state: &State) -> Self {
        Self { admin: Admin::new(state.db()) }
    }

    /// Every note, by day.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn list(&self) -> Result<Vec<Note>, Error> {
        self.admin.notes().await?.into_iter().map(note).collect()
    }

    /// Writes a note.
    ///
    /// # Errors
    /// `Invalid` where it says nothing or too much; `Limited` where there are too many.
    pub async fn create(
        &self,
        actor: &Actor,
        content: NoteContent,
        now: Timestamp,
    ) -> Result<Note, Error> {
        let content = checked(content)?;
        if self.admin.notes().await?.len() >= NOTES_MAX {
            let message = format!("there may be {NOTES_MAX} notes at most");
            return Err(Error::new(ErrorKind::Limited, message).with_hint("delete some of them"));
        }
        let line = audit_line(actor, "note.written", ("", &detail(&content)), now);
        let made = Note {
            id: NoteId(0),
            version: 1,
            content,
            owner: actor.name.clone(),
            changed_at: now,
            changed_by: actor.name.clone(),
        };
        note(self.admin.put_note(row(made), &line).await?)
    }

    /// Changes a note that was looked at in `version`.
    ///
    /// # Errors
    /// `Invalid` where it says nothing or too much, `NotFound`, or `Conflict` where it was changed
    /// meanwhile.
    pub async fn change(
        &self,
        actor: &Actor,
        (id, version): (NoteId, u64),
        content: NoteContent,
        now: Timestamp,
    ) -> Result<Note, Error> {
        let content = checked(content)?;
        let before = note(self.admin.note(id).await?.ok_or_else(|| nowhere(id))?)?;
        let line = audit_line(actor, "note.changed", (&id.to_string(), &detail(&content)), now);
        let (changed_at, changed_by) = (now, actor.name.clone());
        let after = Note { version: version + 1, content, changed_at, changed_by, ..before };
        if !self.admin.change_note(&row(after.clone()), &line).await? {
            let message = "the note was changed by somebody else meanwhile";
            return Err(Error::new(ErrorKind::Conflict, message).with_hint("read it again"));
        }
        Ok(after)
    }

    /// Deletes a note.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn delete(&self, actor: &Actor, id: NoteId, now: Timestamp) -> Result<(), Error> {
        let before = note(self.admin.note(id).await?.ok_or_else(|| nowhere(id))?)?;
        let what = (&*id.to_string(), &*detail(&before.content));
        let line = audit_line(actor, "note.deleted", what, now);
        self.admin.delete_note(id, &line).await?;
        Ok(())
    }
}

fn checked(content: NoteContent) -> Result<NoteContent, Error> {
    let NoteContent { day, text } = content;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let refuse = |message: String| Err(Error::new(ErrorKind::Invalid, message));
    if text.is_empty() {
        return refuse("a note says something".to_owned());
    }
    if text.chars().count() > TEXT_CHARS_MAX {
        return refuse(format!("a note has at most {TEXT_CHARS_MAX} characters"));
    }
    Ok(NoteContent { day, text })
}

fn detail(content: &NoteContent) -> String {
    format!("{}: {}", content.day, content.text)
}

fn row(note: Note) -> NoteRow {
    NoteRow {
        id: note.id,
        version: note.version,
        day: note.content.day.to_string(),
        text: note.content.text,
        owner: note.owner,
        changed_at: note.changed_at,
        changed_by: note.changed_by,
    }
}

fn note(row: NoteRow) -> Result<Note, Error> {
    let day: Date = row.day.parse().map_err(|error| {
        Error::new(ErrorKind::Corrupt, "the day of a note cannot be read").with_source(error)
    })?;
    Ok(Note {
        id: row.id,
        version: row.version,
        content: NoteContent { day, text: row.text },
        owner: row.owner,
        changed_at: row.changed_at,
        changed_by: row.changed_by,
    })
}

fn nowhere(id: NoteId) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no note {id}"))
}
