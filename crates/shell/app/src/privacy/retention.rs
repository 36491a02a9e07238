//! What is kept how long, and how much would go?
//!
//! Rules are by kind of event or by name; one with a name beats one with a kind. What is older is
//! taken out of the files of history and out of the log. Profiles, orders and counts keep what they
//! know: a rule is about events one by one.

use super::needles::Needles;
use super::steps::understand;
use super::strip::strip;
use crate::access::{Actor, audit_line};
use crate::engine::{Engine, Shared};
use crate::entry::LogEntry;
use crate::{failure, keeper};
use base::{Duration, Error, ErrorKind, Position, Timestamp};
use collect::Delivery;
use history::{HistoryError, Job, Rewrite, RowSeen, StoredEvent};
use lexicon::{Event, EventKind};
use serde::{Deserialize, Serialize};
use state::admin::{Admin, AuditRow};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

/// The name of the setting in the table.
const SETTING: &str = "retention";
/// Rules at most.
const RULES_MAX: usize = 500;
/// The longest that a rule may keep anything, in days: a hundred years.
const DAYS_MAX: u32 = 36_500;
/// How often what is too old is looked for.
const EVERY: Duration = Duration::hours(24);
/// Log entries that are looked at in one go, and their bytes.
const ENTRIES_AT_ONCE: (usize, usize) = (512, 4 << 20);

/// How long events of a kind, or of a name, are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionRule {
    /// Of this kind; `None` where the rule is about a name.
    pub kind: Option<EventKind>,
    /// Of this name.
    pub name: Option<String>,
    /// For so many days after they happened.
    pub days: u32,
}

/// What the last run of the rules took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionRun {
    /// When it was.
    pub at: Timestamp,
    /// Events in files.
    pub n_events: u64,
    /// Files that were written anew.
    pub n_files: u64,
    /// Entries of the log that were written anew.
    pub n_log_entries: u64,
}

/// What is agreed about how long events are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionRules {
    /// How often it was changed.
    pub version: u64,
    /// The rules.
    pub rules: Vec<RetentionRule>,
    /// When it was changed last.
    pub changed_at: Option<Timestamp>,
    /// By whom.
    pub changed_by: Option<String>,
    /// What the last run took away.
    pub last_run: Option<RetentionRun>,
    /// Events that went by rules so far, which profiles still count.
    pub n_events_ever: u64,
}

/// How much would go by some rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionPreview {
    /// Events that are stored.
    pub n_events_now: u64,
    /// Events of these that would go.
    pub n_events_go: u64,
    /// For each rule: the events that would go by it, and the oldest of them.
    pub by_rule: Vec<(RetentionRule, u64, Option<Timestamp>)>,
    /// As of when.
    pub at: Timestamp,
}

/// What is agreed, in memory and in the table.
pub(crate) struct Retention {
    admin: Admin,
    now: RwLock<Arc<RetentionRules>>,
    turn: Mutex<()>,
}

/// Rules, ready to be asked about an event.
#[derive(Clone)]
struct Horizons {
    by_name: HashMap<String, (usize, Timestamp)>,
    by_kind: HashMap<EventKind, (usize, Timestamp)>,
    latest: Timestamp,
}

impl Horizons {
    fn new(rules: &[RetentionRule], now: Timestamp) -> Self {
        let mut horizons =
            Self { by_name: HashMap::new(), by_kind: HashMap::new(), latest: Timestamp(i64::MIN) };
        for (index, rule) in rules.iter().enumerate() {
            let horizon = now.minus(Duration::hours(24 * i64::from(rule.days)));
            horizons.latest = horizons.latest.max(horizon);
            match (&rule.name, rule.kind) {
                (Some(name), _) => drop(horizons.by_name.insert(name.clone(), (index, horizon))),
                (None, Some(kind)) => drop(horizons.by_kind.insert(kind, (index, horizon))),
                (None, None) => {}
            }
        }
        horizons
    }

    /// The rule by which an event goes, if it goes.
    fn rule(&self, kind: EventKind, name: &str, at: Timestamp) -> Option<usize> {
        if at >= self.latest {
            return None;
        }
        let (index, horizon) = self.by_name.get(name).or_else(|| self.by_kind.get(&kind))?;
        (at < *horizon).then_some(*index)
    }
}

impl Retention {
    /// Reads the setting.
    ///
    /// # Errors
    /// `Corrupt` where the table holds something else.
    pub async fn open(state: &state::State) -> Result<Self, Error> {
        let admin = Admin::new(state.db());
        let rules = match admin.setting(SETTING).await? {
            Some(text) => serde_json::from_str(&text).map_err(|error| {
                Error::new(ErrorKind::Corrupt, "the rules of retention cannot be read")
                    .with_source(error)
            })?,
            None => RetentionRules::default(),
        };
        Ok(Self { admin, now: RwLock::new(Arc::new(rules)), turn: Mutex::new(()) })
    }

    /// What is agreed now.
    pub fn rules(&self) -> Arc<RetentionRules> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn put(&self, rules: RetentionRules, audit: &AuditRow) -> Result<(), Error> {
        let text = serde_json::to_string(&rules).expect("words and numbers are JSON");
        self.admin.put_setting(SETTING, &text, audit).await?;
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
        Ok(())
    }
}

impl Engine {
    /// How long events are kept.
    #[must_use]
    pub fn retention(&self) -> Arc<RetentionRules> {
        self.shared.retention.rules()
    }

    /// Agrees on other rules. What is too old by them goes within a day.
    ///
    /// # Errors
    /// `Invalid` with what is wrong; `Conflict` where they were changed since they were looked at.
    pub async fn change_retention(
        &self,
        actor: &Actor,
        version: u64,
        rules: Vec<RetentionRule>,
    ) -> Result<Arc<RetentionRules>, Error> {
        check(&rules)?;
        let retention = &self.shared.retention;
        let _turn = retention.turn.lock().await;
        let before = retention.rules();
        if before.version != version {
            let message = "the rules of retention were changed meanwhile: read them again";
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        let now = self.now();
        let detail = rules.iter().map(words).collect::<Vec<_>>().join("; ");
        let audit = audit_line(actor, "retention.changed", ("", &detail), now);
        let after = RetentionRules {
            version: version + 1,
            rules,
            changed_at: Some(now),
            changed_by: Some(actor.name.clone()),
            ..(*before).clone()
        };
        retention.put(after, &audit).await?;
        Ok(retention.rules())
    }

    /// How much would go by `rules` if they were carried out now.
    ///
    /// # Errors
    /// `Invalid` with what is wrong with them; whatever history says.
    pub async fn preview_retention(
        &self,
        rules: Vec<RetentionRule>,
    ) -> Result<RetentionPreview, Error> {
        check(&rules)?;
        let at = self.now();
        let horizons = Horizons::new(&rules, at);
        let mut go = vec![(0u64, None::<Timestamp>); rules.len()];
        let scan = self.shared.history.scan(|event: StoredEvent| -> Result<(), HistoryError> {
            if let Some(rule) = horizons.rule(event.kind, &event.name, event.occurred_at) {
                let (n, oldest) = &mut go[rule];
                *n += 1;
                *oldest = Some(oldest.map_or(event.occurred_at, |o| o.min(event.occurred_at)));
            }
            Ok(())
        });
        scan.await.map_err(failure::history)?;
        let size = self.shared.history.size();
        Ok(RetentionPreview {
            n_events_now: size.n_run_rows + size.n_fresh as u64,
            n_events_go: go.iter().map(|(n, _)| n).sum(),
            by_rule: rules.into_iter().zip(go).map(|(r, (n, oldest))| (r, n, oldest)).collect(),
            at,
        })
    }
}

/// Carries the rules out where that is due.
///
/// # Errors
/// Whatever history, log or tables say; it is begun again.
pub(crate) async fn retain(shared: &Shared) -> Result<(), Error> {
    let (rules, now) = (shared.retention.rules(), shared.now());
    let is_due = rules.last_run.is_none_or(|run| {
        now >= run.at.plus(EVERY) || rules.changed_at.is_some_and(|changed| changed > run.at)
    });
    if rules.rules.is_empty() || !is_due {
        return Ok(());
    }
    let horizons = Horizons::new(&rules.rules, now);
    let mut run = RetentionRun { at: now, ..RetentionRun::default() };
    retain_files(shared, &horizons, &mut run).await?;
    retain_log(shared, &horizons, &mut run).await?;
    let detail = format!("{} events", run.n_events);
    let audit = audit_line(&Actor::system(), "retention.carried_out", ("", &detail), now);
    let _turn = shared.retention.turn.lock().await;
    let mut after = (*shared.retention.rules()).clone();
    after.last_run = Some(run);
    after.n_events_ever += run.n_events;
    shared.retention.put(after, &audit).await
}

async fn retain_files(
    shared: &Shared,
    horizons: &Horizons,
    run: &mut RetentionRun,
) -> Result<(), Error> {
    run.n_events += keeper::flush(shared, rewrite(shared, horizons).await?).await?;
    for meta in shared.history.runs() {
        if meta.min_time >= horizons.latest || !has_old(shared, &meta, horizons).await? {
            continue;
        }
        let job = Job::rewriting(vec![meta]).expect("one run is of one bucket");
        let done = keeper::compact(shared, job, rewrite(shared, horizons).await?).await?;
        run.n_events += done.n_dropped;
        run.n_files += 1;
        keeper::flush_if_full(shared).await?;
    }
    Ok(())
}

async fn rewrite(shared: &Shared, horizons: &Horizons) -> Result<Rewrite, Error> {
    let (own, before) = (horizons.clone(), keeper::rewrite(shared).await?);
    let erased = before.drops.clone();
    let drops = move |row: &RowSeen<'_>| {
        own.rule(row.kind, row.name, row.occurred_at).is_some()
            || erased.as_ref().is_some_and(|erased| erased(row))
    };
    Ok(Rewrite { drops: Some(Arc::new(drops)), ..before })
}

/// Whether anything in a file is too old.
async fn has_old(
    shared: &Shared,
    meta: &history::RunMeta,
    horizons: &Horizons,
) -> Result<bool, Error> {
    let mut has_old = false;
    let scan = shared.history.scan_run(meta, |event: StoredEvent| -> Result<(), HistoryError> {
        has_old |= horizons.rule(event.kind, &event.name, event.occurred_at).is_some();
        Ok(())
    });
    scan.await.map_err(failure::history)?;
    Ok(has_old)
}

/// Takes what is too old out of entries that are processed. What the debugger shows of it goes.
async fn retain_log(
    shared: &Shared,
    horizons: &Horizons,
    run: &mut RetentionRun,
) -> Result<(), Error> {
    shared.state.settle().await?;
    let (log, processed) = (Arc::clone(&shared.log), *shared.processed.borrow());
    let none = (Needles::new(&[]), BTreeSet::new());
    let mut after = Position::default();
    while after < processed {
        let (n_max, bytes_max) = ENTRIES_AT_ONCE;
        let entries = log.read_after(after, n_max, bytes_max).await.map_err(failure::log)?;
        let Some(last) = entries.last().map(|entry| entry.position) else { break };
        let mut others = Vec::new();
        for entry in entries.into_iter().filter(|entry| entry.position <= processed) {
            let Ok(said) = LogEntry::decode(&entry.payload) else { continue };
            let goes =
                |event: &Event| horizons.rule(event.kind, &event.name, event.occurred_at).is_some();
            let understand = |delivery: &Delivery, index| understand(shared, delivery, index);
            if let Some(left) = strip(said, understand, &none.0, &none.1, goes) {
                others.push((entry.position, left.payload.into()));
            }
        }
        run.n_log_entries += others.len() as u64;
        if !others.is_empty() {
            log.replace(others).await.map_err(failure::log)?;
        }
        after = last;
    }
    if run.n_log_entries > 0 {
        log.purge().await.map_err(failure::log)?;
    }
    Ok(())
}

fn check(rules: &[RetentionRule]) -> Result<(), Error> {
    let invalid = |message: String| Err(Error::new(ErrorKind::Invalid, message));
    if rules.len() > RULES_MAX {
        return invalid(format!("there are more than {RULES_MAX} rules"));
    }
    let mut seen = BTreeSet::new();
    for rule in rules {
        if rule.kind.is_some() == rule.name.is_some() {
            return invalid(
                "a rule is about a kind or about a name, and not about both".to_owned(),
            );
        }
        if rule.days == 0 || rule.days > DAYS_MAX {
            return invalid(format!("days go from 1 to {DAYS_MAX}"));
        }
        if !seen.insert((rule.kind.map(EventKind::slug), &rule.name)) {
            return invalid(format!("there are two rules about {}", words(rule)));
        }
    }
    Ok(())
}

fn words(rule: &RetentionRule) -> String {
    let what = rule.name.clone().or(rule.kind.map(|kind| kind.slug().to_owned()));
    format!("{}: {} days", what.unwrap_or_default(), rule.days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_beats_a_kind_and_young_events_stay() {
        let rule = |kind, name: Option<&str>, days| RetentionRule {
            kind,
            name: name.map(str::to_owned),
            days,
        };
        let rules = [
            rule(Some(EventKind::Page), None, 10),
            rule(None, Some("Home"), 100),
            rule(Some(EventKind::Track), None, 1),
        ];
        check(&rules).unwrap();
        let day = |n: i64| Timestamp(n * Duration::hours(24).0);
        let horizons = Horizons::new(&rules, day(200));
        assert_eq!(horizons.rule(EventKind::Page, "Shop", day(189)), Some(0));
        assert_eq!(horizons.rule(EventKind::Page, "Shop", day(190)), None);
        assert_eq!(horizons.rule(EventKind::Page, "Home", day(150)), None);
        assert_eq!(horizons.rule(EventKind::Page, "Home", day(99)), Some(1));
        assert_eq!(horizons.rule(EventKind::Identify, "Identified", day(0)), None);
        assert!(check(&[rule(None, None, 1)]).is_err());
        assert!(check(&[rule(None, Some("a"), 0)]).is_err());
        assert!(check(&[rule(None, Some("a"), 1), rule(None, Some("a"), 2)]).is_err());
    }
}
