//! Which value of a trait counts where sources disagree, and who may see which trait?
//!
//! One setting for the whole installation, with a version that grows with every change. It is held
//! in memory: the table is written first, then the memory.

mod lists;
mod sight;
mod stored;
#[cfg(test)]
mod tests;

pub(crate) use lists::{Lists, relist};
pub use lists::{ListsProgress, RelistOrder};
pub use profile::{TraitRule, TraitRules};
pub use sight::{Sight, WITHHELD};

use crate::access::{Actor, Role, audit_line};
use crate::sources::Sources;
use base::{Error, ErrorKind, SourceId, Timestamp};
use state::State;
use state::admin::Admin;
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

/// The name of the setting in the table.
const SETTING: &str = "traits";
/// Traits with a rule of their own.
const RULES_MAX: usize = 500;
/// Patterns of sensitive traits.
const PATTERNS_MAX: usize = 200;
/// Letters of a trait's name or of a pattern.
const NAME_BYTES_MAX: usize = 256;

/// What is agreed about traits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraitSettings {
    /// How often it was changed; 0 is what an installation begins with.
    pub version: u64,
    /// When it was changed last.
    pub changed_at: Option<Timestamp>,
    /// Who changed it last.
    pub changed_by: Option<String>,
    /// Which value counts.
    pub rules: Arc<TraitRules>,
    /// Which traits only some may see.
    pub sensitive: Vec<Sensitive>,
}

/// Traits that only some may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sensitive {
    /// A trait's name; `*` stands for any letters, and case does not matter.
    pub pattern: String,
    /// Who may see them, besides admins.
    pub roles: Vec<Role>,
}

/// A change of what is agreed about traits.
#[derive(Clone, Debug)]
pub struct TraitChange {
    /// The version that was looked at: where it is not the present one, nothing is changed.
    pub version: u64,
    /// The rules from now on.
    pub rules: TraitRules,
    /// The sensitive traits from now on.
    pub sensitive: Vec<Sensitive>,
}

/// What is agreed about traits, in memory and in the table. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Traits {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    admin: Admin,
    now: RwLock<Arc<TraitSettings>>,
    /// One change at a time: each reads, writes the table, then the memory.
    turn: Mutex<()>,
}

impl Traits {
    /// Reads the setting.
    ///
    /// # Errors
    /// `Corrupt` where the table holds something else.
    pub async fn open(state: &State) -> Result<Self, Error> {
        let admin = Admin::new(state.db());
        let settings = match admin.setting(SETTING).await? {
            Some(text) => stored::read(&text)?,
            None => TraitSettings::default(),
        };
        let now = RwLock::new(Arc::new(settings));
        Ok(Self { inner: Arc::new(Inner { admin, now, turn: Mutex::new(()) }) })
    }

    /// What is agreed now.
    #[must_use]
    pub fn settings(&self) -> Arc<TraitSettings> {
        Arc::clone(&self.inner.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Which value counts now.
    #[must_use]
    pub fn rules(&self) -> Arc<TraitRules> {
        Arc::clone(&self.settings().rules)
    }

    /// Agrees on something else.
    ///
    /// # Errors
    /// `Conflict` where it was changed since it was looked at; `Invalid` with what is wrong.
    pub async fn change(
        &self,
        actor: &Actor,
        change: TraitChange,
        sources: &Sources,
        now: Timestamp,
    ) -> Result<Arc<TraitSettings>, Error> {
        let change = checked(change, sources)?;
        let _turn = self.inner.turn.lock().await;
        let before = self.settings();
        if change.version != before.version {
            let message = "the settings of traits were changed by somebody else meanwhile";
            return Err(Error::new(ErrorKind::Conflict, message).with_hint("read them again"));
        }
        let after = TraitSettings {
            version: before.version + 1,
            changed_at: Some(now),
            changed_by: Some(actor.name.clone()),
            rules: Arc::new(change.rules),
            sensitive: change.sensitive,
        };
        let detail = difference(&before, &after);
        let line = audit_line(actor, "traits.changed", (SETTING, &detail), now);
        self.inner.admin.put_setting(SETTING, &stored::write(&after), &line).await?;
        let after = Arc::new(after);
        let mut held = self.inner.now.write().unwrap_or_else(PoisonError::into_inner);
        *held = Arc::clone(&after);
        Ok(after)
    }
}

/// The change, if it holds together.
fn checked(mut change: TraitChange, sources: &Sources) -> Result<TraitChange, Error> {
    let refuse = |message: String| Err(Error::new(ErrorKind::Invalid, message));
    let rules = &mut change.rules;
    if rules.by_name.len() > RULES_MAX || change.sensitive.len() > PATTERNS_MAX {
        return refuse(format!(
            "at most {RULES_MAX} traits may have a rule of their own, and at most {PATTERNS_MAX} \
             patterns may name sensitive traits"
        ));
    }
    for sensitive in &mut change.sensitive {
        sensitive.pattern = sensitive.pattern.trim().to_owned();
        sensitive.roles.sort_by_key(|role| role.slug());
        sensitive.roles.dedup();
    }
    let names = rules.by_name.keys().map(|name| &**name);
    let patterns = change.sensitive.iter().map(|sensitive| sensitive.pattern.as_str());
    for name in names.chain(patterns) {
        if name.trim().is_empty() || name.len() > NAME_BYTES_MAX {
            return refuse(format!("a trait's name has 1 to {NAME_BYTES_MAX} letters"));
        }
    }
    let trusted: BTreeSet<SourceId> = rules.trusted.iter().copied().collect();
    if trusted.len() < rules.trusted.len() {
        return refuse("a source stands twice in the list of trusted sources".to_owned());
    }
    for &source in trusted.iter().chain(&rules.verified) {
        if sources.get(source).is_none() {
            return refuse(format!("there is no source {source}"));
        }
    }
    Ok(change)
}

/// What is different, for the audit log.
fn difference(before: &TraitSettings, after: &TraitSettings) -> String {
    let (old, new) = (&before.rules, &after.rules);
    let mut parts = vec![format!("version {}", after.version)];
    if old.default != new.default {
        parts.push(format!("default rule {}", new.default.slug()));
    }
    for (name, rule) in &new.by_name {
        if old.by_name.get(name) != Some(rule) {
            parts.push(format!("rule of {name}: {}", rule.slug()));
        }
    }
    let gone = old.by_name.keys().filter(|name| !new.by_name.contains_key(*name));
    parts.extend(gone.map(|name| format!("rule of {name}: the default")));
    let list = |ids: &mut dyn Iterator<Item = &SourceId>| {
        let ids: Vec<String> = ids.map(SourceId::to_string).collect();
        if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
    };
    if old.trusted != new.trusted {
        parts.push(format!("trusted: {}", list(&mut new.trusted.iter())));
    }
    if old.verified != new.verified {
        parts.push(format!("verified: {}", list(&mut new.verified.iter())));
    }
    for sensitive in after.sensitive.iter().filter(|one| !before.sensitive.contains(one)) {
        let roles: Vec<&str> = sensitive.roles.iter().map(|role| role.slug()).collect();
        let roles =
            if roles.is_empty() { String::new() } else { format!(", {}", roles.join(", ")) };
        parts.push(format!("{} only for admin{roles}", sensitive.pattern));
    }
    let still = |pattern: &str| after.sensitive.iter().any(|one| one.pattern == pattern);
    let gone = before.sensitive.iter().filter(|one| !still(&one.pattern));
    parts.extend(gone.map(|one| format!("{} for everybody", one.pattern)));
    parts.join("; ")
}
