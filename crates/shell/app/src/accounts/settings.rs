//! Which e-mail domains say nothing about an organisation?

use crate::access::{Actor, audit_line};
use base::{Error, ErrorKind, Timestamp};
use relations::FreeMail;
use serde::{Deserialize, Serialize};
use state::State;
use state::admin::Admin;
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

/// The name of the setting in the table.
const SETTING: &str = "accounts";
/// Domains that may be added, and that may be exempted.
const DOMAINS_MAX: usize = 1_000;

/// What is agreed about accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountSettings {
    /// How often it was changed; 0 is what an installation begins with.
    pub version: u64,
    /// When it was changed last.
    pub changed_at: Option<Timestamp>,
    /// Who changed it last.
    pub changed_by: Option<String>,
    /// Which domains say nothing about an organisation.
    pub free_mail: Arc<FreeMail>,
}

/// A change of what is agreed about accounts.
#[derive(Clone, Debug)]
pub struct AccountSettingsChange {
    /// The version that was looked at: where it is not the present one, nothing is changed.
    pub version: u64,
    /// Domains besides the kept list.
    pub added: Vec<String>,
    /// Domains of the kept list that do say something.
    pub exempted: Vec<String>,
}

/// The setting as JSON.
#[derive(Serialize, Deserialize)]
struct Stored {
    version: u64,
    changed_at: Option<Timestamp>,
    changed_by: Option<String>,
    added: BTreeSet<String>,
    exempted: BTreeSet<String>,
}

/// What is agreed about accounts, in memory and in the table. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AccountRules {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    admin: Admin,
    now: RwLock<Arc<AccountSettings>>,
    /// One change at a time: each reads, writes the table, then the memory.
    turn: Mutex<()>,
}

impl AccountRules {
    /// Reads the setting.
    ///
    /// # Errors
    /// `Corrupt` where the table holds something else.
    pub async fn open(state: &State) -> Result<Self, Error> {
        let admin = Admin::new(state.db());
        let settings = match admin.setting(SETTING).await? {
            Some(text) => read(&text)?,
            None => AccountSettings::default(),
        };
        let now = RwLock::new(Arc::new(settings));
        Ok(Self { inner: Arc::new(Inner { admin, now, turn: Mutex::new(()) }) })
    }

    /// What is agreed now.
    #[must_use]
    pub fn settings(&self) -> Arc<AccountSettings> {
        Arc::clone(&self.inner.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Agrees on something else.
    ///
    /// # Errors
    /// `Conflict` where it was changed since it was looked at; `Invalid` with what is wrong.
    pub async fn change(
        &self,
        actor: &Actor,
        change: AccountSettingsChange,
        now: Timestamp,
    ) -> Result<Arc<AccountSettings>, Error> {
        let free_mail = checked(&change)?;
        let _turn = self.inner.turn.lock().await;
        let before = self.settings();
        if change.version != before.version {
            let message = "the settings of accounts were changed by somebody else meanwhile";
            return Err(Error::new(ErrorKind::Conflict, message).with_hint("read them again"));
        }
        let after = AccountSettings {
            version: before.version + 1,
            changed_at: Some(now),
            changed_by: Some(actor.name.clone()),
            free_mail: Arc::new(free_mail),
        };
        let detail = format!(
            "version {}; {} domains added to the list of free mail, {} exempted",
            after.version,
            after.free_mail.added.len(),
            after.free_mail.exempted.len()
        );
        let line = audit_line(actor, "accounts.settings_changed", (SETTING, &detail), now);
        self.inner.admin.put_setting(SETTING, &write(&after), &line).await?;
        let after = Arc::new(after);
        let mut held = self.inner.now.write().unwrap_or_else(PoisonError::into_inner);
        *held = Arc::clone(&after);
        Ok(after)
    }
}

fn checked(change: &AccountSettingsChange) -> Result<FreeMail, Error> {
    let refuse = |message: String| Err(Error::new(ErrorKind::Invalid, message));
    if change.added.len() > DOMAINS_MAX || change.exempted.len() > DOMAINS_MAX {
        return refuse(format!("at most {DOMAINS_MAX} domains may be added or exempted"));
    }
    let mut free_mail = FreeMail::default();
    for domain in &change.added {
        match relations::domain_of_site(domain) {
            Some(domain) => free_mail.added.insert(domain),
            None => return refuse(format!("'{domain}' is no domain")),
        };
    }
    for domain in &change.exempted {
        match relations::domain_of_site(domain).filter(|domain| FreeMail::is_kept(domain)) {
            Some(domain) => free_mail.exempted.insert(domain),
            None => return refuse(format!("'{domain}' is not on the kept list of free mail")),
        };
    }
    Ok(free_mail)
}

fn write(settings: &AccountSettings) -> String {
    let stored = Stored {
        version: settings.version,
        changed_at: settings.changed_at,
        changed_by: settings.changed_by.clone(),
        added: settings.free_mail.added.clone(),
        exempted: settings.free_mail.exempted.clone(),
    };
    serde_json::to_string(&stored).expect("words and numbers are JSON")
}

fn read(text: &str) -> Result<AccountSettings, Error> {
    let corrupt = |error| {
        let message = "the settings of accounts cannot be read";
        Error::new(ErrorKind::Corrupt, message).with_source(error)
    };
    let Stored { version, changed_at, changed_by, added, exempted } =
        serde_json::from_str::<Stored>(text).map_err(corrupt)?;
    let free_mail = Arc::new(FreeMail { added, exempted });
    Ok(AccountSettings { version, changed_at, changed_by, free_mail })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_list_is_changed_once_for_each_version() {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("state.db").display());
        let state = State::open(&url).await.unwrap();
        let rules = AccountRules::open(&state).await.unwrap();
        let change = |version, added: &str, exempted: &[&str]| AccountSettingsChange {
            version,
            added: vec![added.to_owned()],
            exempted: exempted.iter().map(|&domain| domain.to_owned()).collect(),
        };
        let actor = Actor::cli();
        let now = Timestamp(5);
        rules.change(&actor, change(0, "https://Campus.example", &["sky.com"]), now).await.unwrap();
        let kind = |result: Result<_, Error>| result.map(|_: Arc<_>| ()).unwrap_err().kind();
        let stale = rules.change(&actor, change(0, "a.de", &[]), now).await;
        assert_eq!(kind(stale), ErrorKind::Conflict);
        for wrong in [change(1, "nonsense", &[]), change(1, "a.de", &["acme.com"])] {
            assert_eq!(kind(rules.change(&actor, wrong, now).await), ErrorKind::Invalid);
        }
        let again = AccountRules::open(&state).await.unwrap().settings();
        assert_eq!(again, rules.settings());
        assert!(again.free_mail.includes("campus.example") && !again.free_mail.includes("sky.com"));
    }
}
