//! What was changed, by whom?

use super::caller::{Actor, ActorKind};
use super::{Access, known};
use crate::page::{Page, PageQuery, cursor_of};
use base::{Error, Timestamp};
use state::admin::AuditRow;

/// One change, as the audit log shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What was done, as `noun.verb`.
    pub action: String,
    /// To what.
    pub target: String,
    /// What about it.
    pub detail: String,
}

impl Access {
    /// Writes down a change that was made elsewhere than in the administrative tables.
    ///
    /// # Errors
    /// Where the table cannot be written.
    pub async fn audit(
        &self,
        actor: &Actor,
        action: &str,
        (target, detail): (&str, &str),
        now: Timestamp,
    ) -> Result<(), Error> {
        Ok(self.inner.admin.audit(&line(actor, action, (target, detail), now)).await?)
    }

    /// The audit log, newest first.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not of this list.
    pub async fn audit_log(&self, page: &PageQuery) -> Result<Page<AuditEntry>, Error> {
        let before = page.place::<i64>()?;
        let mut rows = self.inner.admin.audit_log(before, page.limit + 1).await?;
        let has_more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next = rows.last().filter(|_| has_more).map(|last| cursor_of(&last.id));
        let items = rows.into_iter().map(|entry| entry_of(entry.row)).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }
}

/// The row of the audit log for a change.
pub(crate) fn line(
    actor: &Actor,
    action: &str,
    (target, detail): (&str, &str),
    now: Timestamp,
) -> AuditRow {
    AuditRow {
        at: now,
        actor_kind: actor.kind.slug().to_owned(),
        actor_name: actor.name.clone(),
        action: action.to_owned(),
        target: target.to_owned(),
        detail: detail.to_owned(),
    }
}

fn entry_of(row: AuditRow) -> Result<AuditEntry, Error> {
    let kind = known(ActorKind::from_slug(&row.actor_kind), "kind of actor")?;
    Ok(AuditEntry {
        at: row.at,
        actor: Actor { kind, name: row.actor_name },
        action: row.action,
        target: row.target,
        detail: row.detail,
    })
}
