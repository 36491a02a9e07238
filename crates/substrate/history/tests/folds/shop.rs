//! Which events are there, whose are they, and what does the history know of it?

use crate::recorder::{Recorder, resolved};
use base::hash::mix64;
use base::{CustomerId, IdentifierId, Position, SourceId, Timestamp};
use bytes::Bytes;
use lexicon::{EventKind, Json};
use rapport_history::{
    Cause, FactColumns, FoldOptions, Folding, FreshBatch, History, Job, Moved, News, Rewrite,
    RowText, RunMeta, RunStore, StoredEvent, bucket_of,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use timeline::{Ask, Fact, PlainEvent, PlainFacts, Scalar, fold_plain};

const NAMES: [&str; 4] = ["Page Viewed", "Product Added", "Order Completed", "Müsli Tasted"];
const SOURCES: u64 = 3;

/// The customers: few buckets hold all of them, so that buckets have several.
pub fn customers() -> Vec<CustomerId> {
    let all = (1u64..).map(CustomerId);
    all.filter(|c| [3, 17].contains(&bucket_of(*c))).take(9).collect()
}

/// An event that depends on `n` alone.
fn event(n: u64, identifier: u64, customer: CustomerId, at: i64, seq: u64) -> StoredEvent {
    let r = mix64(n);
    let page = r >> 40 & 3;
    let properties = match r >> 16 & 7 {
        0 => "{}".to_owned(),
        1 => format!(r#"{{"revenue":{},"currency":"EUR"}}"#, r >> 20 & 7),
        2 => format!(r#"{{"revenue":"{}","item":{{"sku":"S-{page}"}}}}"#, r >> 20 & 7),
        3 => format!(r#"{{"revenue":{}.25,"currency":"USD","odd":true}}"#, r >> 20 & 7),
        4 => r#"{"odd":[1,2],"item.sku":5,"currency":null}"#.to_owned(),
        5 => "{\"curren\\u0063y\":\"\\u00fc\",\"odd\":-0.5}".to_owned(),
        6 => format!(r#"{{"item":{{"sku":{page}}},"odd":{{"a":1}}}}"#),
        _ => r#"{"revenue":5,"odd":"5"}"#.to_owned(),
    };
    let context = match r >> 24 & 3 {
        0 => "{}".to_owned(),
        1 => format!(r#"{{"page":{{"url":"https://shop.example/a/{page}?b=c"}}}}"#),
        2 => format!(r#"{{"campaign":{{"source":"mail-{page}"}},"locale":"de"}}"#),
        _ => format!(r#"{{"locale":"en","page":{{"url":"/a/{page}"}}}}"#),
    };
    StoredEvent {
        customer,
        occurred_at: Timestamp(at),
        identifier: IdentifierId(identifier),
        seq,
        kind: EventKind::ALL[(r % 6) as usize],
        name: NAMES[(r >> 8) as usize % NAMES.len()].into(),
        source: SourceId(r >> 32 & SOURCES),
        received_at: Timestamp(at + 5),
        message_id: format!("m-{r:016x}").into(),
        properties: Json::from_checked_text(properties),
        traits: Json::empty(),
        context: Json::from_checked_text(context),
    }
}

/// Traits out of a map.
pub struct Traits(PlainFacts);

impl FactColumns for Traits {
    fn labels(
        &self,
        fact: &Fact,
        customers: &[CustomerId],
        put: &mut dyn FnMut(usize, &str),
    ) -> Result<(), Cause> {
        for (place, customer) in customers.iter().enumerate() {
            if let Some(scalar) = self.0.get(&(*customer, fact.clone())) {
                put(place, &scalar.label());
            }
        }
        Ok(())
    }
}

/// The model and the system, with what its database would hold.
pub struct Shop {
    pub history: Arc<History>,
    runs: Vec<RunMeta>,
    blobs: BTreeMap<Position, Bytes>,
    events: Vec<StoredEvent>,
    owner: HashMap<u64, Option<CustomerId>>,
    moved: Vec<Moved>,
    position: u64,
    seed: u64,
    traits: Arc<Traits>,
    without: Arc<[CustomerId]>,
}

impl Shop {
    pub fn new(folder: &Path) -> Self {
        let store = RunStore::in_folder(folder, 16 << 20).unwrap();
        let mut traits = PlainFacts::new();
        for customer in customers() {
            let r = mix64(customer.0);
            if r & 1 == 0 {
                traits.insert(
                    (customer, Fact::Trait("plan".into())),
                    Scalar::Number((r >> 1 & 3) as f64),
                );
            }
            traits.insert(
                (customer, Fact::Trait("city".into())),
                Scalar::Text(["Ulm", "Bonn"][(r >> 3 & 1) as usize].into()),
            );
        }
        Self {
            history: Arc::new(History::open(store, Vec::new(), Vec::new()).unwrap()),
            runs: Vec::new(),
            blobs: BTreeMap::new(),
            events: Vec::new(),
            owner: HashMap::new(),
            moved: Vec::new(),
            position: 0,
            seed: 0,
            traits: Arc::new(Traits(traits)),
            without: Arc::default(),
        }
    }

    fn next(&mut self) -> Position {
        self.position += 1;
        Position(self.position)
    }

    fn owner(&mut self, identifier: u64) -> Option<CustomerId> {
        let all = customers();
        *self.owner.entry(identifier).or_insert(Some(all[identifier as usize % all.len()]))
    }

    /// A batch: identifier and time of each event.
    pub fn add(&mut self, what: &[(u64, i64)]) {
        let position = self.next();
        let mut events = Vec::new();
        for (index, &(identifier, at)) in what.iter().enumerate() {
            let seq = StoredEvent::seq_of(position, index);
            // Nothing comes under an identifier that was erased.
            if let Some(customer) = self.owner(identifier) {
                events.push(event(seq, identifier, customer, at, seq));
            }
        }
        let batch = FreshBatch::pack(position, &events).unwrap();
        self.blobs.insert(position, batch.blob().clone());
        assert!(self.history.add(batch));
        self.events.extend(events);
    }

    /// The identifier points to somebody else from now on; to nobody where it is erased.
    pub fn move_to(&mut self, identifier: u64, to: Option<CustomerId>) {
        let at = self.next();
        let Some(from) = self.owner(identifier) else { return };
        self.owner.insert(identifier, to);
        let moved = Moved { identifier: IdentifierId(identifier), from, to, at };
        self.moved.push(moved);
        self.history.take_in(News { through: at, fresh: Vec::new(), moved: vec![moved] });
    }

    pub fn rewrite(&self) -> Rewrite {
        let owner = self.owner.clone();
        let erased = self.owner.clone();
        Rewrite {
            customer_of: Some(Arc::new(move |id: IdentifierId, now| {
                owner.get(&id.0).copied().flatten().unwrap_or(now)
            })),
            drops: Some(Arc::new(move |row| erased.get(&row.identifier.0) == Some(&None))),
            through: Position(self.position),
            ..Rewrite::default()
        }
    }

    fn made_anew(&self, rewrite: &Rewrite) -> Rewrite {
        if rewrite.customer_of.is_some() { self.rewrite() } else { Rewrite::default() }
    }

    fn seed(&mut self) -> u64 {
        self.seed += 1;
        self.seed
    }

    pub async fn flush(&mut self, rewrite: Rewrite) {
        let seed = self.seed();
        let Some(flushed) = self.history.flush(rewrite, seed).await.unwrap() else { return };
        self.runs.extend(flushed.runs.iter().cloned());
        self.blobs.retain(|position, _| *position > flushed.through);
        self.history.install(&flushed.runs, &[], Some(flushed.through));
    }

    async fn compact(&mut self, job: Job, rewrite: Rewrite) {
        let seed = self.seed();
        let done = self.history.compact(job, rewrite, seed).await.unwrap();
        self.runs.retain(|run| !done.removed.contains(&run.path));
        self.runs.extend(done.added.iter().cloned());
        self.history.install(&done.added, &done.removed, None);
        self.history.remove_retired().await.unwrap();
        assert_eq!(self.history.n_retired(), 0, "nobody keeps files that are replaced");
    }

    /// Spreads mixed runs over their buckets, or merges the runs of each bucket.
    pub async fn compact_all(&mut self, mixed: bool, rewrite: &Rewrite) {
        let mut buckets: BTreeMap<u16, Vec<RunMeta>> = BTreeMap::new();
        for run in self.runs.iter().filter(|run| (run.bucket == RunMeta::MIXED) == mixed) {
            buckets.entry(run.bucket).or_default().push(run.clone());
        }
        for runs in buckets.into_values() {
            let job = Job::rewriting(runs).unwrap();
            let split = job.bucket == RunMeta::MIXED;
            // A rewrite is made after the one before it was installed; nothing moves meanwhile.
            let rewrite = Rewrite { redacts: rewrite.redacts.clone(), ..self.made_anew(rewrite) };
            self.compact(Job { split, ..job }, rewrite).await;
        }
    }

    /// Takes a name and a source of visits out of everybody's events.
    pub async fn redact(&mut self) {
        let other = |sort: RowText, text: &str| match sort {
            RowText::Json => text.contains("mail-1").then(|| text.replace("mail-1", "gone")),
            RowText::Plain => (text == NAMES[3]).then(|| "gone".to_owned()),
        };
        for event in &mut self.events {
            if let Some(text) = other(RowText::Json, event.context.as_str()) {
                event.context = Json::from_checked_text(text);
            }
            if let Some(text) = other(RowText::Plain, &event.name) {
                event.name = text.into();
            }
        }
        let rewrite = Rewrite { redacts: Some(Arc::new(other)), ..self.rewrite() };
        self.flush(rewrite.clone()).await;
        self.compact_all(true, &rewrite).await;
        self.compact_all(false, &rewrite).await;
    }

    pub fn restart(&mut self, folder: &Path) {
        let store = RunStore::in_folder(folder, 16 << 20).unwrap();
        let blobs: Vec<Bytes> = self.blobs.values().cloned().collect();
        self.history = Arc::new(History::open(store, self.runs.clone(), blobs).unwrap());
        if let Some(through) = self.history.written_through() {
            let later: Vec<Moved> =
                self.moved.iter().filter(|moved| moved.at > through).copied().collect();
            self.history.recall(&later);
        }
    }

    /// The files.
    pub fn paths(&self) -> Vec<String> {
        self.runs.iter().map(|run| run.path.clone()).collect()
    }

    pub fn options(&self, threads: usize) -> FoldOptions {
        FoldOptions {
            without: self.without.clone(),
            traits: self.traits.clone(),
            threads,
            cancel: Arc::default(),
            progress: None,
            budget: None,
            memory_max: 64 << 20,
        }
    }

    /// Lets these customers count for nothing from now on.
    pub fn leave_out(&mut self, mut customers: Vec<CustomerId>) {
        customers.sort_unstable();
        customers.dedup();
        self.without = customers.into();
    }

    /// Compares what several questions in one pass come to with what they come to over plain
    /// events.
    pub async fn check(&self, asks: &[Ask], threads: usize) {
        let folds: Vec<Arc<dyn Folding>> =
            asks.iter().map(|ask| Arc::new(Recorder(ask.clone())) as Arc<dyn Folding>).collect();
        let all = self.history.fold_all(folds, self.options(threads)).await.unwrap();
        let plain = self.plain();
        for (ask, folded) in asks.iter().zip(all) {
            assert_eq!(folded.seen.n_left_out, self.without.len() as u64);
            let record = folded.total.downcast().unwrap();
            let (expected, texts) = fold_plain(&Recorder(ask.clone()), &plain, &self.traits.0);
            let seen = resolved(ask, &record, &folded.texts);
            assert_eq!(seen, resolved(ask, &expected, &texts), "{ask:?}");
        }
    }

    fn plain(&self) -> Vec<PlainEvent> {
        let plain = |event: &StoredEvent| {
            let customer = self.owner[&event.identifier.0]?;
            if self.without.contains(&customer) {
                return None;
            }
            let StoredEvent { occurred_at, seq, kind, source, .. } = *event;
            let (name, properties) = (event.name.clone(), event.properties.clone());
            let context = event.context.clone();
            let what =
                PlainEvent { customer, occurred_at, seq, kind, name, source, properties, context };
            Some(what)
        };
        self.events.iter().filter_map(plain).collect()
    }

    /// All texts that answers may carry at this moment.
    pub async fn texts(&self, ask: Ask) -> BTreeSet<String> {
        let folded = self.history.fold(Arc::new(Recorder(ask)), self.options(1)).await.unwrap();
        let texts =
            folded.texts.iter().flat_map(|texts| (1..=texts.len()).map(|c| texts.text(c as u32)));
        texts.flatten().map(ToString::to_string).collect()
    }
}
