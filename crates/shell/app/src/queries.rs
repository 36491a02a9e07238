//! Which questions in SQL did people save, for each other?

use crate::access::{Access, Actor, audit_line, normal_name};
use crate::deletion::{self, Deletion};
use base::{Error, ErrorKind, QueryId, Timestamp};
use state::admin::{Kept, QueryRow};

/// Questions at most, with those that were deleted and can come back.
const QUERIES_MAX: u64 = 2_000;
/// Bytes of a question's text, and of how its answer is shown.
const BYTES_MAX: usize = 64 << 10;

/// A question in SQL that was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedQuery {
    /// Which question.
    pub id: QueryId,
    /// What it is called.
    pub name: String,
    /// Its text.
    pub query: String,
    /// How its answer is shown, as JSON that the page understands.
    pub look: Option<String>,
    /// Who saved it first.
    pub owner: String,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// That it was deleted.
    pub deleted: Option<Deletion>,
}

/// A question to save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryDraft {
    /// What to call it.
    pub name: String,
    /// Its text. Whether it can be answered is not asked: a question may be saved half-written.
    pub query: String,
    /// How its answer is shown, as JSON.
    pub look: Option<String>,
}

impl QueryDraft {
    fn checked(self) -> Result<Self, Error> {
        let name = normal_name(&self.name, "the name")?;
        let too_long = |what: &str| {
            Error::new(ErrorKind::Invalid, format!("{what} has more than {BYTES_MAX} bytes"))
        };
        if self.query.trim().is_empty() {
            return Err(Error::new(ErrorKind::Invalid, "there is no question"));
        }
        if self.query.len() > BYTES_MAX {
            return Err(too_long("the question"));
        }
        if self.look.as_ref().is_some_and(|look| look.len() > BYTES_MAX) {
            return Err(too_long("how its answer is shown"));
        }
        Ok(Self { name, ..self })
    }
}

impl Access {
    /// Every saved question, by name.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn saved_queries(&self) -> Result<Vec<SavedQuery>, Error> {
        Ok(self.admin().queries().await?.into_iter().map(SavedQuery::from).collect())
    }

    /// Every question that was deleted and can come back at `now`, the one that was deleted last
    /// first.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn deleted_queries(&self, now: Timestamp) -> Result<Vec<SavedQuery>, Error> {
        let all = self.admin().deleted_queries().await?.into_iter().map(SavedQuery::from);
        Ok(all.filter(|query| query.can_come_back(now)).collect())
    }

    /// Saves a question.
    ///
    /// # Errors
    /// `Invalid` for an empty name or text, or one that is too long; `Limited` where too many are
    /// saved.
    pub async fn save_query(
        &self,
        actor: &Actor,
        draft: QueryDraft,
        now: Timestamp,
    ) -> Result<SavedQuery, Error> {
        let draft = draft.checked()?;
        if !self.admin().has_room(Kept::Queries, QUERIES_MAX).await? {
            let message = format!("{QUERIES_MAX} questions are saved already");
            return Err(Error::new(ErrorKind::Limited, message).with_hint("delete some of them"));
        }
        let audit = audit_line(actor, "query.saved", ("", &draft.name), now);
        let row = QueryRow {
            id: QueryId(0),
            name: draft.name,
            query: draft.query,
            look: draft.look,
            owner: actor.name.clone(),
            changed_at: now,
            deleted: None,
        };
        Ok(self.admin().put_query(row, &audit).await?.into())
    }

    /// Saves a question anew; its first owner stays.
    ///
    /// # Errors
    /// As [`Access::save_query`]; `NotFound`.
    pub async fn change_query(
        &self,
        actor: &Actor,
        id: QueryId,
        draft: QueryDraft,
        now: Timestamp,
    ) -> Result<SavedQuery, Error> {
        let draft = draft.checked()?;
        let before = self.admin().query(id).await?.ok_or_else(|| no_query(id))?;
        let audit = audit_line(actor, "query.changed", (&id.to_string(), &draft.name), now);
        let row = QueryRow {
            name: draft.name,
            query: draft.query,
            look: draft.look,
            changed_at: now,
            ..before
        };
        match self.admin().change_query(&row, &audit).await? {
            true => Ok(row.into()),
            false => Err(no_query(id)),
        }
    }

    /// Deletes a question: nobody finds it until it comes back or is gone for good.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_query(
        &self,
        actor: &Actor,
        id: QueryId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let audit = audit_line(actor, "query.deleted", (&id.to_string(), ""), now);
        let (which, mark) = ((Kept::Queries, id.to_sql()), deletion::mark(actor, now));
        match self.admin().mark_deleted(which, &mark, &audit).await? {
            true => Ok(()),
            false => Err(no_query(id)),
        }
    }

    /// Brings a deleted question back as it was. One that is there stays as it is.
    ///
    /// # Errors
    /// `NotFound` where there is none, or it was deleted too long ago.
    pub async fn restore_query(
        &self,
        actor: &Actor,
        id: QueryId,
        now: Timestamp,
    ) -> Result<SavedQuery, Error> {
        let found = self.admin().query(id).await?.map(SavedQuery::from);
        let found = found.filter(|query| query.deleted.is_none() || query.can_come_back(now));
        let found = found.ok_or_else(|| {
            no_query(id).with_hint("30 days after it was deleted a question is gone for good")
        })?;
        if found.deleted.is_some() {
            let audit = audit_line(actor, "query.restored", (&id.to_string(), &found.name), now);
            self.admin().unmark_deleted((Kept::Queries, id.to_sql()), &audit).await?;
        }
        Ok(SavedQuery { deleted: None, ..found })
    }
}

impl SavedQuery {
    fn can_come_back(&self, now: Timestamp) -> bool {
        self.deleted.as_ref().is_some_and(|deleted| deleted.can_come_back(now))
    }
}

fn no_query(id: QueryId) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no saved question {id}"))
}

impl From<QueryRow> for SavedQuery {
    fn from(row: QueryRow) -> Self {
        let QueryRow { id, name, query, look, owner, changed_at, deleted } = row;
        Self { id, name, query, look, owner, changed_at, deleted: deleted.map(Into::into) }
    }
}
