//! What should the history answer? A plain list of events, and a database in memory.

use base::hash::mix64;
use base::{CustomerId, IdentifierId, Position, SourceId, Timestamp};
use bytes::Bytes;
use lexicon::{EventKind, Json};
use rapport_history::{
    Cursor, Filter, FreshBatch, History, HistoryError, Job, Moved, News, Rewrite, RowSeen, RowText,
    RunMeta, RunStore, StoredEvent, TimelineQuery,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

pub const NAMES: [&str; 4] = ["Order Placed", "Page Viewed", "Müsli Tasted", "signed up"];

/// An event that depends on `n` alone.
pub fn event(n: u64, identifier: u64, customer: CustomerId, at: i64, seq: u64) -> StoredEvent {
    let r = mix64(n);
    let kind = EventKind::ALL[(r % 6) as usize];
    let name = NAMES[(r >> 8) as usize % NAMES.len()];
    let sku = r >> 16 & 15;
    StoredEvent {
        customer,
        occurred_at: Timestamp(at),
        identifier: IdentifierId(identifier),
        seq,
        kind,
        name: name.into(),
        source: SourceId(r >> 24 & 3),
        received_at: Timestamp(at + 5),
        message_id: format!("m-{r:016x}").into(),
        properties: Json::from_checked_text(format!(r#"{{"sku":"SKU-{sku}","n":{n}}}"#)),
        traits: if r & 64 == 0 { Json::empty() } else { Json::from_checked_text(r#"{"a":1}"#) },
        context: Json::from_checked_text(format!(
            r#"{{"page":{{"path":"/p/{sku}","title":"Page {sku}"}},"library":{{"name":"web"}}}}"#
        )),
    }
}

/// The model, and beside it the system with what its database would hold.
pub struct World {
    pub history: History,
    pub runs: Vec<RunMeta>,
    pub blobs: BTreeMap<Position, Bytes>,
    pub events: Vec<StoredEvent>,
    pub owner: HashMap<u64, CustomerId>,
    pub ever: HashMap<u64, BTreeSet<CustomerId>>,
    pub ledger: Vec<Moved>,
    pub forgotten: HashSet<u64>,
    pub position: u64,
    pub seed: u64,
}

impl World {
    pub fn new(folder: &Path) -> Self {
        let store = RunStore::in_folder(folder, 16 << 20).unwrap();
        Self {
            history: History::open(store, Vec::new(), Vec::new()).unwrap(),
            runs: Vec::new(),
            blobs: BTreeMap::new(),
            events: Vec::new(),
            owner: HashMap::new(),
            ever: HashMap::new(),
            ledger: Vec::new(),
            forgotten: HashSet::new(),
            position: 0,
            seed: 0,
        }
    }

    pub fn customer(&mut self, identifier: u64) -> CustomerId {
        let founded = CustomerId(identifier);
        self.ever
            .entry(identifier)
            .or_default()
            .insert(*self.owner.get(&identifier).unwrap_or(&founded));
        *self.owner.entry(identifier).or_insert(founded)
    }

    /// One processed batch: (identifier, time) per event.
    pub fn add(&mut self, what: &[(u64, i64)]) {
        self.position += 1;
        let position = Position(self.position);
        let lasting = what.iter().filter(|(identifier, _)| !self.forgotten.contains(identifier));
        let lasting: Vec<&(u64, i64)> = lasting.collect();
        let events: Vec<StoredEvent> = lasting
            .into_iter()
            .enumerate()
            .map(|(index, &(identifier, at))| {
                let customer = self.customer(identifier);
                let seq = StoredEvent::seq_of(position, index);
                event(seq, identifier, customer, at, seq)
            })
            .collect();
        let batch = FreshBatch::pack(position, &events).unwrap();
        self.blobs.insert(position, batch.blob().clone());
        assert!(self.history.add(batch));
        self.events.extend(events);
    }

    pub fn move_to(&mut self, identifier: u64, customer: CustomerId) {
        if self.forgotten.contains(&identifier) {
            return;
        }
        let from = self.customer(identifier);
        self.owner.insert(identifier, customer);
        self.ever.entry(identifier).or_default().insert(customer);
        self.tell(identifier, from, Some(customer));
    }

    /// Their rows are nobody's from now on, and go when they are written anew.
    pub fn forget(&mut self, identifier: u64) {
        self.owner.remove(&identifier);
        self.forgotten.insert(identifier);
        self.events.retain(|e| e.identifier.0 != identifier);
        for from in self.ever.remove(&identifier).unwrap_or_default() {
            self.tell(identifier, from, None);
        }
    }

    fn tell(&mut self, identifier: u64, from: CustomerId, to: Option<CustomerId>) {
        self.position += 1;
        let at = Position(self.position);
        let moved = Moved { identifier: IdentifierId(identifier), from, to, at };
        self.ledger.push(moved);
        self.history.take_in(News { through: at, fresh: Vec::new(), moved: vec![moved] });
    }

    pub fn rewrite(&self) -> Rewrite {
        let (owner, forgotten) = (self.owner.clone(), self.forgotten.clone());
        Rewrite {
            through: Position(self.position),
            customer_of: Some(Arc::new(move |id: IdentifierId, now| {
                owner.get(&id.0).copied().unwrap_or(now)
            })),
            drops: Some(Arc::new(move |row| forgotten.contains(&row.identifier.0))),
            ..Rewrite::default()
        }
    }

    fn rewrite_without(
        &self,
        goes: impl Fn(&RowSeen<'_>) -> bool + Send + Sync + 'static,
    ) -> Rewrite {
        let rewrite = self.rewrite();
        let before = rewrite.drops.clone().expect("the forgotten are dropped");
        let drops = move |row: &RowSeen<'_>| goes(row) || before(row);
        Rewrite { drops: Some(Arc::new(drops)), ..rewrite }
    }

    pub fn seed(&mut self) -> u64 {
        self.seed += 1;
        self.seed
    }

    pub async fn flush(&mut self, rewrite: Rewrite) {
        self.flush_while(rewrite, |_| ()).await;
    }

    /// Something happens while files are being written.
    pub async fn flush_while(&mut self, rewrite: Rewrite, happens: impl FnOnce(&mut Self)) {
        let seed = self.seed();
        let flushed = self.history.flush(rewrite, seed).await.unwrap();
        happens(self);
        let Some(flushed) = flushed else { return };
        self.runs.extend(flushed.runs.iter().cloned());
        self.blobs.retain(|position, _| *position > flushed.through);
        self.history.install(&flushed.runs, &[], Some(flushed.through));
    }

    pub async fn compact(&mut self, job: Job, rewrite: Rewrite) {
        self.compact_while(job, rewrite, |_| ()).await;
    }

    /// Something happens while files are being merged.
    pub async fn compact_while(
        &mut self,
        job: Job,
        rewrite: Rewrite,
        happens: impl FnOnce(&mut Self),
    ) {
        let seed = self.seed();
        let done = self.history.compact(job, rewrite, seed).await.unwrap();
        happens(self);
        self.runs.retain(|run| !done.removed.contains(&run.path));
        self.runs.extend(done.added.iter().cloned());
        self.history.install(&done.added, &done.removed, None);
        self.history.remove_retired().await.unwrap();
    }

    /// Rewrites every bucket's runs into one.
    pub async fn compact_all(&mut self, rewrite: &Rewrite) {
        let mut buckets: BTreeMap<u16, Vec<RunMeta>> = BTreeMap::new();
        for run in self.runs.clone() {
            buckets.entry(run.bucket).or_default().push(run);
        }
        for runs in buckets.into_values() {
            self.compact(Job::rewriting(runs).unwrap(), rewrite.clone()).await;
        }
    }

    /// Follows the plan until nothing is due; says how many jobs that took.
    pub async fn compact_as_planned(&mut self) -> usize {
        for n_jobs in 0..1_000 {
            let Some(job) = self.history.plan(false).into_iter().next() else {
                return n_jobs;
            };
            self.compact(job, self.rewrite()).await;
        }
        panic!("compaction does not come to an end");
    }

    /// Writes anew whatever may hold a stale row.
    pub async fn tidy(&mut self) {
        self.flush(self.rewrite()).await;
        for _ in 0..1_000 {
            let Some(job) = self.history.plan_tidying() else {
                // What moved since the last change of files is looked at with the next.
                return self.history.install(&[], &[], None);
            };
            self.compact(job, self.rewrite()).await;
        }
        panic!("tidying does not come to an end");
    }

    pub async fn erase(&mut self, identifier: u64) {
        let is_theirs = move |row: &RowSeen<'_>| row.identifier.0 == identifier;
        self.everywhere(self.rewrite_without(is_theirs)).await;
        self.events.retain(|e| e.identifier.0 != identifier);
    }

    /// What happened before `horizon` under this name is kept no longer.
    pub async fn expire(&mut self, name: &'static str, horizon: i64) {
        let is_old = move |row: &RowSeen<'_>| row.name == name && row.occurred_at.0 < horizon;
        self.everywhere(self.rewrite_without(is_old)).await;
        self.events.retain(|e| &*e.name != name || e.occurred_at.0 >= horizon);
    }

    /// Takes a product, and what may be read of names, out of everybody's events.
    pub async fn redact(&mut self, sku: u64) {
        let (from, to) = (format!("\"SKU-{sku}\""), "\"(erased)\"");
        let other = move |sort: RowText, text: &str| match sort {
            RowText::Json => text.contains(&from).then(|| text.replace(&from, to)),
            RowText::Plain => (text == "signed up").then(|| "(erased)".to_owned()),
        };
        for event in &mut self.events {
            if let Some(text) = other(RowText::Json, event.properties.as_str()) {
                event.properties = Json::from_checked_text(text);
            }
            if let Some(text) = other(RowText::Plain, &event.name) {
                event.name = text.into();
            }
        }
        self.everywhere(Rewrite { redacts: Some(Arc::new(other)), ..self.rewrite() }).await;
    }

    async fn everywhere(&mut self, rewrite: Rewrite) {
        self.flush(rewrite.clone()).await;
        self.compact_all(&rewrite).await;
    }

    /// The program ends and starts again from its database.
    pub fn restart(&mut self, folder: &Path) {
        let store = RunStore::in_folder(folder, 16 << 20).unwrap();
        let blobs: Vec<Bytes> = self.blobs.values().cloned().collect();
        self.history = History::open(store, self.runs.clone(), blobs).unwrap();
        if let Some(through) = self.history.written_through() {
            let mut later = self.ledger.clone();
            later.retain(|moved| moved.at > through);
            later.chunks(3).for_each(|some| self.history.recall(some));
        }
        let through = Position(self.position);
        self.history.take_in(News { through, ..News::default() });
    }

    /// Every row belongs to whom its identifier points to, by what it says and what has moved.
    pub async fn check_rows(&self) {
        let moves = self.history.moves();
        let mut n_rows = 0;
        let scan = self.history.scan(|row| -> Result<(), HistoryError> {
            let (identifier, written) = (row.identifier, row.customer);
            let owner = moves.customer_of(identifier, written);
            assert_eq!(owner, self.owner.get(&identifier.0).copied(), "{identifier} {written}");
            if owner != Some(written) {
                assert!(moves.is_touched(written));
                let owes = |owner| moves.sources_of(owner).any(|source| source == written);
                assert!(owner.is_none_or(owes), "rows of {owner:?} under {written}");
            }
            n_rows += usize::from(owner.is_some());
            Ok(())
        });
        scan.await.unwrap();
        assert_eq!(n_rows, self.events.len());
    }

    /// What `check_rows` finds, and nothing is stale.
    pub async fn check_tidy(&self) {
        self.check_rows().await;
        assert!(self.history.moves().is_empty(), "{:?}", self.history.moves());
        let scan = self.history.scan(|row| -> Result<(), HistoryError> {
            assert_eq!(Some(&row.customer), self.owner.get(&row.identifier.0));
            Ok(())
        });
        scan.await.unwrap();
    }

    pub fn customers(&self) -> BTreeSet<CustomerId> {
        self.owner.values().copied().collect()
    }

    /// Compares all pages of a customer's timeline with the model.
    pub async fn check(&self, customer: CustomerId, limit: usize, filter: &Filter, scan: usize) {
        let identifiers: HashSet<IdentifierId> =
            self.owner.iter().filter(|o| *o.1 == customer).map(|o| IdentifierId(*o.0)).collect();
        let keys: BTreeSet<CustomerId> =
            identifiers.iter().flat_map(|id| self.ever[&id.0].iter().copied()).collect();
        let keys: Vec<CustomerId> = keys.into_iter().collect();
        let mut expected: Vec<&StoredEvent> = self
            .events
            .iter()
            .filter(|e| identifiers.contains(&e.identifier) && takes(filter, e))
            .collect();
        expected.sort_by_key(|e| std::cmp::Reverse(e.cursor()));
        let mut before: Option<Cursor> = None;
        let mut seen = Vec::new();
        loop {
            let query = TimelineQuery {
                customers: &keys,
                identifiers: &identifiers,
                before,
                limit,
                scan_rows_max: scan,
                filter,
            };
            let page = self.history.timeline(&query).await.unwrap();
            assert!(page.events.len() <= limit);
            assert!(page.next.is_none_or(|next| before.is_none_or(|b| next < b)), "it goes on");
            if scan == usize::MAX {
                let whole = page.events.len() == limit || page.next.is_none();
                assert!(whole, "a page is full or the last");
            }
            seen.extend(page.events);
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), expected.len(), "{customer} {limit} {filter:?}");
        for (seen, expected) in seen.iter().zip(expected) {
            let expected = StoredEvent { customer: seen.customer, ..expected.clone() };
            assert_eq!(*seen, expected);
            assert!(keys.contains(&seen.customer));
        }
    }
}

fn takes(filter: &Filter, event: &StoredEvent) -> bool {
    let text = filter.text.as_deref().unwrap_or("").to_lowercase();
    (filter.kinds.is_empty() || filter.kinds.contains(&event.kind))
        && (filter.names.is_empty() || filter.names.contains(&event.name))
        && filter.since.is_none_or(|since| event.occurred_at >= since)
        && filter.until.is_none_or(|until| event.occurred_at < until)
        && (event.name.to_lowercase().contains(&text)
            || event.properties.as_str().to_lowercase().contains(&text))
}

/// Filters of every sort over times between `from` and `to`.
pub fn filters(from: i64, to: i64) -> Vec<Filter> {
    let third = (to - from) / 3;
    let (since, until) = (Some(Timestamp(from + third)), Some(Timestamp(to - third)));
    let none = Filter::default();
    vec![
        none.clone(),
        Filter { kinds: vec![EventKind::Track, EventKind::Page], ..none.clone() },
        Filter { names: vec![NAMES[0].into(), NAMES[2].into()], ..none.clone() },
        Filter { text: Some("sku-7".into()), ..none.clone() },
        Filter { text: Some("MÜSLI".into()), since, ..none.clone() },
        Filter { since, until, ..none.clone() },
        Filter { kinds: vec![EventKind::Alias], until, text: Some("1".into()), ..none },
    ]
}
