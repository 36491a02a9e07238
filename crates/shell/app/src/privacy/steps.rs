//! What is done after nobody sees the customer any more, until no file knows them?
//!
//! Each step can be begun again at any time and comes to the same end: what it has done before is
//! found done. Which step is at work, and how far, is a row of the tables; whom it is about, in
//! words, is a file beside them that goes last.

use super::RedactOrder;
use super::needles::Needles;
use super::strip::{Stripped, strip, strip_words};
use super::verify;
use super::whom::Whom;
use crate::engine::Shared;
use crate::entry::LogEntry;
use crate::relations::RelateOrder;
use crate::{failure, keeper};
use base::{CustomerId, Error, ErrorKind, IdentifierId, Position};
use collect::Delivery;
use history::{HistoryError, Job, Rewrite, RowText, RunMeta, StoredEvent};
use lexicon::Event;
use state::{ErasureRow, HandPlace, MENTION_PLACES, MentionPlace};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Rows that are looked at in one go.
const N_TEXTS: usize = 500;
/// How long the processor may take to reach what it is asked to do.
const PROCESSOR_WAIT: Duration = Duration::from_secs(60);
/// Bytes on each side of a hit by which it is known again.
const AROUND_BYTES: usize = 12;
/// Log entries that are looked at in one go.
const N_ENTRIES: usize = 512;
/// Bytes of log entries that are looked at in one go.
const ENTRY_BYTES: usize = 4 << 20;
/// How long files that somebody still reads are waited for, in tenths of a second.
const READERS_WAIT_TENTHS: usize = 600;

/// A step of an erasure, in the order in which they are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Texts in the tables that mention them; rows of their own went at once.
    Tables,
    /// Files of history.
    Files,
    /// The log.
    Log,
    /// Pages of the databases that are free, and their write-ahead logs.
    FreePages,
    /// Every file is searched.
    Verify,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 5] =
        [Self::Tables, Self::Files, Self::Log, Self::FreePages, Self::Verify];

    /// Its number.
    #[must_use]
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The step as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Tables => "tables",
            Self::Files => "files",
            Self::Log => "log",
            Self::FreePages => "free_pages",
            Self::Verify => "verify",
        }
    }

    /// The step in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Tables => "Tables: identifiers, links, profile, lists, search, the debugger",
            Self::Files => "Files of history are written anew without their events",
            Self::Log => "Entries of the log are written anew without their events",
            Self::FreePages => "Free pages and write-ahead logs are overwritten",
            Self::Verify => "Every file is searched for what they were known by",
        }
    }
}

/// What a running erasure works with.
pub(super) struct Work<'a> {
    pub shared: &'a Shared,
    pub row: ErasureRow,
    pub whom: Whom,
    pub needles: Needles,
    /// Numbers of everybody who was ever erased, this customer included.
    erased: BTreeSet<IdentifierId>,
    counts: BTreeMap<String, u64>,
}

/// Goes on with the oldest erasure that is not finished; whether one was finished.
///
/// # Errors
/// What kept a step from being done; it is told on the erasure as well, and tried again.
pub(crate) async fn advance(shared: &Shared) -> Result<bool, Error> {
    let Some(row) = shared.state.open_erasure().await? else { return Ok(false) };
    let id = row.id;
    let done = go_on(shared, row).await;
    if let Err(error) = &done
        && let Some(mut row) = shared.state.erasure(id).await?
    {
        row.trouble = Some(error.to_string());
        shared.state.put_erasure_progress(&row).await?;
    }
    done
}

/// Takes every step that is left; whether that was done.
async fn go_on(shared: &Shared, row: ErasureRow) -> Result<bool, Error> {
    // What the log holds up to here is not read again, so that it may be changed.
    shared.state.settle().await?;
    let whom = read_whom(shared, row.id)?;
    let mut work = Work::new(shared, row, whom).await?;
    while let Some(step) = Step::ALL.into_iter().find(|step| step.number() == work.row.step) {
        if shared.options.erasure_holds_at == Some(step) {
            return Ok(false);
        }
        tracing::info!(erasure = %work.row.id, step = step.slug(), "erasing");
        match step {
            Step::Tables => work.tables().await?,
            Step::Files => work.files().await?,
            Step::Log => work.log().await?,
            Step::FreePages => work.free_pages().await?,
            Step::Verify => return verify::verify(work).await.map(|()| true),
        }
        work.row.step += 1;
        work.put_progress(0, 0).await?;
    }
    Ok(true)
}

impl<'a> Work<'a> {
    async fn new(shared: &'a Shared, row: ErasureRow, whom: Whom) -> Result<Self, Error> {
        let erased = shared.state.erased_identifiers().await?.into_iter().collect();
        let needles = Needles::new(&whom.own);
        let counts = serde_json::from_str(&row.counts).unwrap_or_default();
        Ok(Self { shared, row, whom, needles, erased, counts })
    }

    /// Adds to what is told of a place.
    fn count(&mut self, place: &str, n: u64) {
        if n > 0 {
            *self.counts.entry(place.to_owned()).or_default() += n;
        }
    }

    /// Tells how far the step has got.
    pub async fn put_progress(&mut self, n_done: u64, n_total: u64) -> Result<(), Error> {
        (self.row.n_done, self.row.n_total) = (n_done, n_total);
        self.row.trouble = None;
        self.row.counts = serde_json::to_string(&self.counts).expect("names and numbers are JSON");
        Ok(self.shared.state.put_erasure_progress(&self.row).await?)
    }

    /// What went, and from where.
    pub fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }

    /// Takes mentions out of every text of the tables, and uploaded files away.
    async fn tables(&mut self) -> Result<(), Error> {
        self.shared.imports.uploads().forget();
        let n_total = MENTION_PLACES.len() as u64;
        for (place, n_done) in MENTION_PLACES.iter().zip(1..) {
            for needle in self.needles.telling().to_vec() {
                let n = self.redact_place(place, &needle).await?;
                self.count(&format!("mentions.{}", place.table), n);
            }
            self.put_progress(n_done, n_total).await?;
        }
        self.redact_profiles().await?;
        let mut parts = self.needles.telling().to_vec();
        parts.push(format!("\"{}\"", self.row.customer));
        parts.extend(self.whom.edits.iter().map(|id| format!("\"{id}\"")));
        for part in parts {
            let n = self.shared.state.drop_answers_with(&part).await?;
            self.count("idempotency", n);
        }
        Ok(())
    }

    /// Has the processor, whose profiles are, take mentions out of those of others.
    async fn redact_profiles(&mut self) -> Result<(), Error> {
        let found = self.profiles_with(|_| {}).await?;
        for customers in found.chunks(N_TEXTS) {
            let (at, erasure) = (self.shared.now(), self.row.id);
            let order = RedactOrder { at, erasure, customers: customers.to_vec() };
            let payload = LogEntry::encode_redact(&order).into();
            let position = self.shared.log.append(payload).await.map_err(failure::log)?;
            let mut processed = self.shared.processed.subscribe();
            let reached = processed.wait_for(|reached| *reached >= position);
            if tokio::time::timeout(PROCESSOR_WAIT, reached).await.is_err() {
                let message = "the processor has much to do; the erasure waits for it";
                return Err(Error::new(ErrorKind::Unavailable, message));
            }
            self.count("profiles.mentions", customers.len() as u64);
        }
        Ok(())
    }

    /// The customers whose profiles mention them anywhere; `see` gets each hit with what stands
    /// around it.
    pub async fn profiles_with(
        &self,
        mut see: impl FnMut(&[u8]),
    ) -> Result<Vec<CustomerId>, Error> {
        let (mut found, mut after) = (Vec::new(), CustomerId::default());
        loop {
            let profiles = self.shared.state.profiles_after(after, N_TEXTS).await?;
            let Some((last, _)) = profiles.last() else { return Ok(found) };
            after = *last;
            for (customer, blob) in &profiles {
                let hits = self.needles.hits(blob);
                for hit in &hits {
                    let start = hit.start.saturating_sub(AROUND_BYTES);
                    see(&blob[start..(hit.end + AROUND_BYTES).min(blob.len())]);
                }
                if !hits.is_empty() {
                    found.push(*customer);
                }
            }
            tokio::task::yield_now().await;
        }
    }

    async fn redact_place(&self, place: &MentionPlace, needle: &str) -> Result<u64, Error> {
        let (mut n, mut n_passed) = (0, 0);
        loop {
            let found = self.shared.state.mentions(place, needle, (n_passed, N_TEXTS)).await?;
            let n_found = found.len();
            let redact = |text: &str| match place.is_json {
                true => self.needles.redact_json(text),
                false => self.needles.redact_plain(text),
            };
            let others: Vec<_> =
                found.into_iter().filter_map(|(key, text)| Some((key, redact(&text)?))).collect();
            // A longer word that the needle is a part of stays, and is passed by.
            n_passed += n_found - others.len();
            n += others.len() as u64;
            self.shared.state.put_mentions(place, others).await?;
            if n_found < N_TEXTS {
                return Ok(n);
            }
        }
    }

    /// Writes fresh events to files, and every file that holds anything of theirs anew.
    async fn files(&mut self) -> Result<(), Error> {
        let n_fresh = keeper::flush(self.shared, self.rewrite().await?).await?;
        self.count("history.events", n_fresh);
        let runs = self.shared.history.runs();
        let n_total = runs.len() as u64;
        for (run, n_done) in runs.into_iter().zip(1..) {
            if self.is_in(&run).await? {
                let job = Job::rewriting(vec![run]).expect("one run is of one bucket");
                let done = keeper::compact(self.shared, job, self.rewrite().await?).await?;
                self.count("history.events", done.n_dropped);
                self.count("history.mentions", done.n_redacted);
            }
            keeper::flush_if_full(self.shared).await?;
            self.put_progress(n_done, n_total).await?;
        }
        self.remove_files().await
    }

    /// Whether a file holds their events, or mentions them in somebody else's.
    async fn is_in(&self, run: &RunMeta) -> Result<bool, Error> {
        let mut is_in = false;
        let scan = self.shared.history.scan_run(run, |event: StoredEvent| {
            is_in = self.erased.contains(&event.identifier) || self.is_mentioned(&event);
            if is_in { Err(Stop::Found) } else { Ok(()) }
        });
        match scan.await {
            Ok(()) | Err(Stop::Found) => Ok(is_in),
            Err(Stop::History(error)) => Err(failure::history(error)),
        }
    }

    /// Whether any text of an event mentions them.
    pub fn is_mentioned(&self, event: &StoredEvent) -> bool {
        let plain = [&event.name, &event.message_id];
        let json = [&event.properties, &event.traits, &event.context];
        plain.into_iter().any(|text| self.needles.redact_plain(text).is_some())
            || json.into_iter().any(|json| self.needles.redact_json(json.as_str()).is_some())
    }

    /// Whether the identifier was anybody's who is erased.
    pub fn is_erased(&self, identifier: IdentifierId) -> bool {
        self.erased.contains(&identifier)
    }

    async fn rewrite(&self) -> Result<Rewrite, Error> {
        let needles = Needles::new(&self.whom.own);
        let redacts = move |sort: RowText, text: &str| match sort {
            RowText::Plain => needles.redact_plain(text),
            RowText::Json => needles.redact_json(text),
        };
        Ok(Rewrite { redacts: Some(Arc::new(redacts)), ..keeper::rewrite(self.shared).await? })
    }

    /// Waits until nobody reads the old files, and removes them and whatever a crash left behind.
    async fn remove_files(&self) -> Result<(), Error> {
        let history = &self.shared.history;
        for _ in 0..READERS_WAIT_TENTHS {
            history.remove_retired().await.map_err(failure::history)?;
            if history.n_retired() == 0 {
                return keeper::remove_orphans(self.shared, base::Duration(0)).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let message = "somebody has been reading an old file of history for a minute";
        Err(Error::new(ErrorKind::Unavailable, message))
    }

    /// Takes their events, and mentions of them, out of the log.
    async fn log(&mut self) -> Result<(), Error> {
        let own: BTreeSet<_> = self.whom.own.iter().chain(&self.whom.shared).cloned().collect();
        let ids: BTreeSet<IdentifierId> = self.whom.ids.iter().copied().collect();
        let (log, id) = (Arc::clone(&self.shared.log), self.row.id);
        let mut after = Position::default();
        while after < id {
            let entries = log.read_after(after, N_ENTRIES, ENTRY_BYTES).await;
            let entries = entries.map_err(failure::log)?;
            let Some(last) = entries.last().map(|entry| entry.position) else { break };
            let mut others = Vec::new();
            for entry in entries.into_iter().filter(|entry| entry.position < id) {
                let Ok(said) = LogEntry::decode(&entry.payload) else { continue };
                let understand = |d: &Delivery, index| understand(self.shared, d, index);
                let goes = |event: &Event| own.contains(event.came_under());
                let left = match said {
                    LogEntry::Relate(order) => self.strip_words(entry.position, order).await?,
                    said => strip(said, understand, &self.needles, &ids, goes),
                };
                if let Some(left) = left {
                    self.count("log.events", left.n_events);
                    self.count("log.entries", 1);
                    others.push((entry.position, left.payload.into()));
                }
            }
            if !others.is_empty() {
                log.replace(others).await.map_err(failure::log)?;
            }
            after = last;
            self.put_progress(after.0.min(id.0), id.0).await?;
        }
        Ok(())
    }

    /// What was said by hand, without what the tables do not remember any more: words about them,
    /// and about households that only they showed.
    async fn strip_words(
        &self,
        position: Position,
        order: RelateOrder,
    ) -> Result<Option<Stripped>, Error> {
        let found = self.shared.state.relation_edit(position).await?;
        let kept: BTreeSet<(IdentifierId, String)> = found
            .into_iter()
            .flat_map(|(_, changes)| changes)
            .filter_map(|change| match change.place {
                HandPlace::Domain { .. } => None,
                HandPlace::Member { identifier, .. } => Some((identifier, String::new())),
                HandPlace::Household { household, identifier } => Some((identifier, household)),
            })
            .collect();
        let is_kept = |id: IdentifierId, home: &str| kept.contains(&(id, home.to_owned()));
        Ok(strip_words(order, &self.needles, is_kept))
    }

    async fn free_pages(&mut self) -> Result<(), Error> {
        self.shared.log.purge().await.map_err(failure::log)?;
        Ok(self.shared.state.purge().await?)
    }
}

/// An event of the log as the processor understands it today; `None` where it would be refused.
pub(super) fn understand(shared: &Shared, delivery: &Delivery, index: usize) -> Option<Event> {
    let (limits, rules) = (&shared.options.limits, shared.rules.now());
    let rules = &rules.rules;
    let mut event = collect::understand_without(delivery, index, limits, &rules.blocked).ok()?;
    rules.tidy(&mut event);
    Some(event)
}

/// Why a search of a file ended.
enum Stop {
    Found,
    History(HistoryError),
}

impl From<HistoryError> for Stop {
    fn from(error: HistoryError) -> Self {
        Self::History(error)
    }
}

/// Where it is kept whom an erasure is about.
pub(super) fn whom_file(shared: &Shared, id: Position) -> PathBuf {
    shared.data_dir.erasing().join(format!("{id}.json"))
}

/// Keeps whom an erasure is about until it is done.
pub(crate) fn write_whom(shared: &Shared, id: Position, whom: &Whom) -> Result<(), Error> {
    let text = serde_json::to_string(whom).expect("texts and numbers are JSON");
    shared.data_dir.write_private_file(&whom_file(shared, id), &text)
}

/// What is sought for a running erasure; `None` once it is done.
pub(crate) fn needles_of(shared: &Shared, id: Position) -> Option<Needles> {
    read_whom(shared, id).ok().map(|whom| Needles::new(&whom.own))
}

/// Under whom events of somebody may lie whose erasure is running; nothing where that is not known.
pub(crate) fn under_whom(shared: &Shared, id: Position) -> Vec<(IdentifierId, CustomerId)> {
    read_whom(shared, id).map(|whom| whom.under).unwrap_or_default()
}

fn read_whom(shared: &Shared, id: Position) -> Result<Whom, Error> {
    let file = whom_file(shared, id);
    let lost = || {
        let message = format!("{} cannot be read", file.display());
        Error::new(ErrorKind::Corrupt, message).with_hint(
            "it says whom the erasure is about; restore it from the copy that the state is from",
        )
    };
    let text = std::fs::read(&file).map_err(|error| lost().with_source(error))?;
    serde_json::from_slice(&text).map_err(|error| lost().with_source(error))
}
