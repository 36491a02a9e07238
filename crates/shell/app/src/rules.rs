//! Which rules of identity hold, and how are they changed?
//!
//! A change is an entry of the log, like a decision: carried out in the order of the log, in one
//! transaction with every link that it judges otherwise. So the log read again comes to the same
//! customers, and every link says under which version it was judged.

mod check;
mod judge;
mod stored;
#[cfg(test)]
mod tests;

pub use identity::{IdentityRules, KindRules, Limit, Trust};
pub use judge::RulesPreview;
pub(crate) use stored::StoredRules;

use crate::access::Actor;
use crate::engine::Engine;
use crate::entry::LogEntry;
use base::{Error, ErrorKind, Position, Timestamp};
use serde::{Deserialize, Serialize};
use state::{RulesRow, State};
use std::sync::{Arc, PoisonError, RwLock};

/// Versions that the page of the rules lists.
const VERSIONS_MAX: usize = 50;
/// Who is named where a version came with the program.
const RAPPORT: &str = "Rapport";

/// Rules and how they came to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreedRules {
    /// The rules, with their version.
    pub rules: Arc<IdentityRules>,
    /// Since when they hold.
    pub changed_at: Timestamp,
    /// Who agreed them.
    pub changed_by: String,
    /// How many links they judged otherwise than those before.
    pub n_links_turned: u64,
    /// How many identifiers point to somebody else since.
    pub n_identifiers_moved: u64,
}

/// A change of the rules as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesOrder {
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// All rules from then on.
    pub rules: StoredRules,
}

/// The rules that hold, in memory; the processor changes them when it has carried a change out.
#[derive(Debug)]
pub(crate) struct RuleBook(RwLock<Arc<AgreedRules>>);

impl RuleBook {
    /// Reads the rules that hold; a data directory that has none yet gets those of the program.
    ///
    /// # Errors
    /// `Corrupt` where the table holds something else.
    pub(crate) async fn open(state: &State, now: Timestamp) -> Result<Self, Error> {
        if state.identity_rules(1).await?.is_empty() && !state.has_links().await? {
            let rules = StoredRules::of(&IdentityRules::default()).to_json();
            state.begin_identity_rules(&begun(rules, now)).await?;
        }
        Ok(Self(RwLock::new(Arc::new(latest(state).await?))))
    }

    /// What holds.
    pub(crate) fn now(&self) -> Arc<AgreedRules> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets the rules of a row hold that was just written.
    pub(crate) fn put(&self, row: &RulesRow) {
        let agreed = agreed(row.clone()).expect("the row was made from rules");
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(agreed);
    }

    /// Takes up what the table says.
    pub(crate) async fn reload(&self, state: &State) -> Result<(), Error> {
        let latest = Arc::new(latest(state).await?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = latest;
        Ok(())
    }
}

impl RulesOrder {
    /// The rules, if they are the next ones after `before`; of two that were agreed at the same
    /// time only the first one is.
    pub(crate) fn after(&self, before: &IdentityRules) -> Option<IdentityRules> {
        let rules = self.rules.to_rules().ok()?;
        (rules.version == before.version + 1).then_some(rules)
    }

    /// The cause of what moves, in words.
    pub(crate) fn words(&self) -> String {
        format!("the rules of identity were changed ({})", self.by)
    }

    /// The order that lets the rules of this program hold where older ones did without any.
    pub(crate) fn of_the_program(at: Timestamp) -> Self {
        let rules = IdentityRules { version: 1, ..IdentityRules::default() };
        Self { at, by: RAPPORT.to_owned(), rules: StoredRules::of(&rules) }
    }
}

impl Engine {
    /// The rules of identity that hold.
    #[must_use]
    pub fn identity_rules(&self) -> Arc<AgreedRules> {
        self.shared.rules.now()
    }

    /// The latest versions of the rules, the one that holds first.
    ///
    /// # Errors
    /// Whatever the state says.
    pub async fn identity_rule_versions(&self) -> Result<Vec<AgreedRules>, Error> {
        let rows = self.shared.state.identity_rules(VERSIONS_MAX).await?;
        rows.into_iter().map(agreed).collect()
    }

    /// Lets `rules` hold from now on; their version is the one that was looked at. Every link is
    /// judged anew, and when the answer is there, every page shows it.
    ///
    /// # Errors
    /// `Invalid` with what is wrong; `Conflict` where they were changed since they were looked at;
    /// `Unavailable` where the change is written down but not yet carried out.
    pub async fn change_identity_rules(
        &self,
        actor: &Actor,
        rules: IdentityRules,
    ) -> Result<Arc<AgreedRules>, Error> {
        let rules = check::checked(rules)?;
        let before = self.identity_rules();
        if rules.version != before.rules.version {
            return Err(overtaken());
        }
        if rules == *before.rules {
            return Ok(before);
        }
        let detail = check::difference(&before.rules, &rules);
        let version = rules.version + 1;
        let rules = StoredRules::of(&IdentityRules { version, ..rules });
        let order = RulesOrder { at: self.now(), by: actor.name.clone(), rules };
        let payload = LogEntry::encode_rules(&order).into();
        let position = self.shared.log.append(payload).await.map_err(crate::failure::log)?;
        let target = format!("version {version}");
        let action = ("identity_rules.changed", (target.as_str(), detail.as_str()));
        self.shared.access.audit(actor, action.0, action.1, order.at).await?;
        self.until_processed(position).await?;
        let versions = self.shared.state.identity_rules(VERSIONS_MAX).await?;
        if versions.iter().any(|row| row.position == position) {
            Ok(self.identity_rules())
        } else {
            Err(overtaken())
        }
    }
}

/// The row of a version that lies at `position` and turned so many links and identifiers.
pub(crate) fn row(
    order: &RulesOrder,
    position: Position,
    (n_links_turned, n_identifiers_moved): (u64, u64),
) -> RulesRow {
    RulesRow {
        version: order.rules.version,
        position,
        changed_at: order.at,
        changed_by: order.by.clone(),
        rules: order.rules.to_json(),
        n_links_turned,
        n_identifiers_moved,
    }
}

fn begun(rules: String, now: Timestamp) -> RulesRow {
    RulesRow {
        version: 0,
        position: Position::default(),
        changed_at: now,
        changed_by: RAPPORT.to_owned(),
        rules,
        n_links_turned: 0,
        n_identifiers_moved: 0,
    }
}

async fn latest(state: &State) -> Result<AgreedRules, Error> {
    match state.identity_rules(1).await?.pop() {
        Some(row) => agreed(row),
        // What an older program judged, it judged by these as far as it knew them.
        None => Ok(AgreedRules {
            rules: Arc::new(IdentityRules::default()),
            changed_at: Timestamp::default(),
            changed_by: RAPPORT.to_owned(),
            n_links_turned: 0,
            n_identifiers_moved: 0,
        }),
    }
}

fn agreed(row: RulesRow) -> Result<AgreedRules, Error> {
    let corrupt = || Error::new(ErrorKind::Corrupt, "the rules of identity cannot be read");
    let stored: StoredRules =
        serde_json::from_str(&row.rules).map_err(|error| corrupt().with_source(error))?;
    Ok(AgreedRules {
        rules: Arc::new(stored.to_rules()?),
        changed_at: row.changed_at,
        changed_by: row.changed_by,
        n_links_turned: row.n_links_turned,
        n_identifiers_moved: row.n_identifiers_moved,
    })
}

fn overtaken() -> Error {
    let message = "the rules of identity were changed by somebody else meanwhile";
    Error::new(ErrorKind::Conflict, message).with_hint("read them again")
}
