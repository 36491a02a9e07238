//! How does a source come, change and go?

use super::{Source, Sources, row_of};
use crate::access::{Actor, audit_line, normal_name, random};
use base::{Error, ErrorKind, SourceId, Timestamp};
use collect::TrackingPlan;
use lexicon::{PlanMode, SourceKind};
use std::sync::Arc;

/// Sources that one installation may have.
const SOURCES_MAX: usize = 1_000;
/// Letters of the longest write key that the operator may set.
const WRITE_KEY_CHARS_MAX: usize = 200;

/// What to change about a source; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct SourceChange {
    /// What people call it.
    pub name: Option<String>,
    /// Whether it takes events.
    pub enabled: Option<bool>,
    /// Whether senders' addresses are kept.
    pub store_ip: Option<bool>,
    /// What happens to events that the plan does not agree with.
    pub plan_mode: Option<PlanMode>,
}

impl Sources {
    /// Makes a source with a write key of its own.
    ///
    /// # Errors
    /// `Invalid` for a bad name or a kind that people do not make; `Limited` where there are too
    /// many sources.
    pub async fn create(
        &self,
        actor: &Actor,
        (name, kind): (&str, SourceKind),
        store_ip: bool,
        now: Timestamp,
    ) -> Result<Arc<Source>, Error> {
        if !matches!(kind, SourceKind::Browser | SourceKind::Mobile | SourceKind::Server) {
            let message = "the kind of a source is browser, mobile or server";
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        let name = normal_name(name, "the name")?;
        let source = fresh((name, kind), fresh_write_key()?, store_ip, now);
        let _turn = self.inner.turn.lock().await;
        self.insert(actor, source).await
    }

    /// Makes the first source, with the write key that the operator set; nothing happens where a
    /// source has that key.
    ///
    /// # Errors
    /// `Invalid` for a key that client libraries could not carry.
    pub async fn ensure_first(
        &self,
        write_key: Option<&str>,
        store_ip: bool,
        now: Timestamp,
    ) -> Result<Option<Arc<Source>>, Error> {
        let Some(write_key) = write_key else { return Ok(None) };
        check_write_key(write_key)?;
        let _turn = self.inner.turn.lock().await;
        if let Some(found) = self.by_write_key(write_key) {
            return Ok(Some(found));
        }
        let name = "First source".to_owned();
        let source = fresh((name, SourceKind::Server), write_key.to_owned(), store_ip, now);
        self.insert(&Actor::system(), source).await.map(Some)
    }

    /// The one source of imported files, made where it is missing.
    ///
    /// # Errors
    /// Where the table cannot be written.
    pub async fn ensure_import_source(&self, now: Timestamp) -> Result<Arc<Source>, Error> {
        self.ensure_kind(SourceKind::Import, "Imported files", now).await
    }

    /// The one source of what Rapport itself does, made where it is missing.
    ///
    /// # Errors
    /// Where the table cannot be written.
    pub async fn ensure_rapport_source(&self, now: Timestamp) -> Result<Arc<Source>, Error> {
        self.ensure_kind(SourceKind::Rapport, "Rapport", now).await
    }

    /// Changes what people may change about a source.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for a bad name.
    pub async fn change(
        &self,
        actor: &Actor,
        id: SourceId,
        change: SourceChange,
        now: Timestamp,
    ) -> Result<Arc<Source>, Error> {
        let name = change.name.as_deref().map(|name| normal_name(name, "the name")).transpose()?;
        let detail = words(&change);
        self.rewrite(actor, id, ("source.changed", &detail), now, |source| {
            source.name = name.unwrap_or_else(|| source.name.clone());
            source.enabled = change.enabled.unwrap_or(source.enabled);
            source.store_ip = change.store_ip.unwrap_or(source.store_ip);
            source.plan_mode = change.plan_mode.unwrap_or(source.plan_mode);
        })
        .await
    }

    /// Gives a source a new write key; the old one stops working at once.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn rotate_key(
        &self,
        actor: &Actor,
        id: SourceId,
        now: Timestamp,
    ) -> Result<Arc<Source>, Error> {
        let write_key = fresh_write_key()?;
        self.rewrite(actor, id, ("source.key_rotated", ""), now, |source| {
            source.write_key = write_key;
        })
        .await
    }

    /// Deletes a source: it takes nothing any more; its name stays for the events that it sent.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, actor: &Actor, id: SourceId, now: Timestamp) -> Result<(), Error> {
        let change = |source: &mut Source| source.deleted_at = Some(now);
        self.rewrite(actor, id, ("source.deleted", ""), now, change).await.map(drop)
    }

    /// Agrees on a plan, or on none, and on how strictly it is held to.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn pin_plan(
        &self,
        actor: &Actor,
        id: SourceId,
        (plan, mode): (Option<TrackingPlan>, PlanMode),
        now: Timestamp,
    ) -> Result<Arc<Source>, Error> {
        let action = if plan.is_some() { "plan.pinned" } else { "plan.unpinned" };
        let detail = format!("mode {}", mode.slug());
        self.rewrite(actor, id, (action, &detail), now, |source| {
            source.pinned_at = plan.as_ref().map(|_| now);
            source.pinned_by = plan.as_ref().map(|_| actor.name.clone());
            source.plan = plan.map(Arc::new);
            source.plan_mode = mode;
        })
        .await
    }

    async fn ensure_kind(
        &self,
        kind: SourceKind,
        name: &str,
        now: Timestamp,
    ) -> Result<Arc<Source>, Error> {
        let _turn = self.inner.turn.lock().await;
        if let Some(found) = self.all().into_iter().find(|source| source.kind == kind) {
            return Ok(found);
        }
        let source = fresh((name.to_owned(), kind), fresh_write_key()?, false, now);
        self.insert(&Actor::system(), source).await
    }

    async fn insert(&self, actor: &Actor, mut source: Source) -> Result<Arc<Source>, Error> {
        if self.all().len() >= SOURCES_MAX {
            let message = format!("there are {SOURCES_MAX} sources, which is the limit");
            return Err(Error::new(ErrorKind::Limited, message));
        }
        let detail = format!("'{}', {}", source.name, source.kind.slug());
        let audit = audit_line(actor, "source.created", ("", &detail), source.created_at);
        let row = self.inner.admin.create_source(row_of(&source)?, &audit).await?;
        source.id = row.id;
        Ok(self.remember(source))
    }

    async fn rewrite(
        &self,
        actor: &Actor,
        id: SourceId,
        (action, detail): (&str, &str),
        now: Timestamp,
        change: impl FnOnce(&mut Source),
    ) -> Result<Arc<Source>, Error> {
        let _turn = self.inner.turn.lock().await;
        let mut source = Source::clone(&*self.find(id)?);
        change(&mut source);
        let audit = audit_line(actor, action, (&id.to_string(), detail), now);
        self.inner.admin.update_source(&row_of(&source)?, &audit).await?;
        Ok(self.remember(source))
    }
}

fn fresh(
    (name, kind): (String, SourceKind),
    write_key: String,
    store_ip: bool,
    now: Timestamp,
) -> Source {
    Source {
        id: SourceId(0),
        name,
        kind,
        write_key,
        enabled: true,
        store_ip,
        plan_mode: PlanMode::Allow,
        plan: None,
        pinned_at: None,
        pinned_by: None,
        created_at: now,
        deleted_at: None,
    }
}

/// 32 letters and digits (190 bits): as Segment's keys look, so that every library carries them.
fn fresh_write_key() -> Result<String, Error> {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut key = String::with_capacity(32);
    while key.len() < 32 {
        // Bytes from 248 = 4 × 62 on are thrown away, so that every letter is equally likely.
        let letters = random::<64>()?.into_iter().filter(|byte| *byte < 248);
        let letters = letters.map(|byte| char::from(LETTERS[usize::from(byte % 62)]));
        key.extend(letters.take(32 - key.len()));
    }
    Ok(key)
}

fn check_write_key(key: &str) -> Result<(), Error> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let is_good = (8..=WRITE_KEY_CHARS_MAX).contains(&key.len()) && key.bytes().all(is_plain);
    if is_good {
        return Ok(());
    }
    let message =
        format!("a write key has 8 to {WRITE_KEY_CHARS_MAX} letters, digits, '_', '-' and '.'");
    Err(Error::new(ErrorKind::Invalid, message).with_hint("change RAPPORT_WRITE_KEY"))
}

fn words(change: &SourceChange) -> String {
    let on = |yes: bool| if yes { "on" } else { "off" };
    let name = change.name.as_ref().map(|name| format!("name '{}'", name.trim()));
    let enabled = change.enabled.map(|yes| format!("taking events {}", on(yes)));
    let store_ip = change.store_ip.map(|yes| format!("keeping addresses {}", on(yes)));
    let mode = change.plan_mode.map(|mode| format!("plan mode {}", mode.slug()));
    let all = [name, enabled, store_ip, mode].into_iter().flatten();
    all.collect::<Vec<_>>().join(", ")
}
