//! How are all customers compared with each other?
//!
//! Customers are read, a model is learned, pairs are compared and clustered, and what was found is
//! written down, some at a time: questions into their table, links into the log. A run that is
//! killed at any place can be begun again: what it had linked is one customer by then, and a
//! question is kept once.

use super::book::{Book, Census, WITH_USER_ID};
use super::census::{Unread, take};
use super::dossier::Dossier;
use super::fates::{Fate, Found, Settled, fates, ordered};
use super::model::{self, LearnedModel, ModelOrigin};
use super::pairs::{NewPair, PairState};
use super::runs::{RunPhase, RunState};
use super::settings::LinkageSettings;
use super::{Linkage, Shelf};
use crate::access::Actor;
use crate::engine::Shared;
use base::seed::Seed;
use base::{CustomerId, Error, ErrorKind};
use linkage::{
    Index, IndexOptions, Label, LearnOptions, Learned, LinkOptions, Linked, NotEstimable,
    RecordIdx, Schema, Scope, Scorer, Stop, Table, learn, link,
};
use state::LinkageRunRow;
use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::oneshot;

/// Verdicts that are taught at most, the latest.
const VERDICTS_MAX: usize = 20_000;
/// Pairs that are written down at a time; a run's links are taken back in the same portions.
const N_AT_A_TIME: usize = 50;
/// Where draws come from: a run over the same customers comes to the same.
const SEED: u64 = 7;

/// How much of a run is done at the end of each phase, as measured on a million records.
const READ: f64 = 0.2;
const LEARNED: f64 = 0.5;
const COMPARED: f64 = 0.8;

/// Why a run ended before its end.
enum Ended {
    /// Somebody wanted it to.
    Cancelled,
    /// Rapport stops.
    Stopping,
    /// It cannot be done, for this reason.
    Impossible(String),
    /// Something failed.
    Failed(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// A run at work.
pub(super) struct Run<'a> {
    shared: &'a Arc<Shared>,
    settings: Arc<LinkageSettings>,
    row: LinkageRunRow,
    is_stopping: &'a (dyn Fn() -> bool + Sync),
    /// Ends what is computed beside.
    stop: Stop,
    /// Customers that it has linked.
    joined: HashSet<CustomerId>,
}

impl Drop for Run<'_> {
    /// Nobody wants what is still being computed.
    fn drop(&mut self) {
        self.stop.stop();
    }
}

/// What was compared, and what came of it.
struct Compared {
    table: Table,
    census: Census,
    linked: Linked,
    settled: Settled,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        shared: &'a Arc<Shared>,
        settings: Arc<LinkageSettings>,
        row: LinkageRunRow,
        is_stopping: &'a (dyn Fn() -> bool + Sync),
    ) -> Self {
        let stop = Stop::default();
        Self { shared, settings, row, is_stopping, stop, joined: HashSet::new() }
    }

    /// Works to the end, and writes down how it ended; answers whom it has linked.
    ///
    /// # Errors
    /// Where not even that can be written.
    pub(super) async fn work(mut self) -> Result<HashSet<CustomerId>, Error> {
        let linkage = &self.shared.linkage;
        // Whoever changes from here on is looked at again afterwards.
        linkage.listen(self.shared);
        linkage.put_on_shelf(Shelf::Loading);
        let ended = self.steps().await;
        if ended.is_err() {
            linkage.put_on_shelf(Shelf::Empty);
        }
        let (state, message) = match ended {
            Ok(()) => (RunState::Done, None),
            Err(Ended::Cancelled) => (RunState::Cancelled, None),
            Err(Ended::Stopping) => return Ok(std::mem::take(&mut self.joined)),
            Err(Ended::Impossible(why)) => (RunState::Failed, Some(why)),
            Err(Ended::Failed(error)) => {
                tracing::error!(run = %self.row.id, ?error, "a run of linkage failed");
                (RunState::Failed, Some(error.to_string()))
            }
        };
        state.slug().clone_into(&mut self.row.state);
        (self.row.message, self.row.finished_at) = (message, Some(self.shared.now()));
        self.shared.state.put_linkage_run(&self.row).await?;
        linkage.end_run();
        Ok(std::mem::take(&mut self.joined))
    }

    async fn steps(&mut self) -> Result<(), Ended> {
        let schema = self.settings.schema();
        let schema = schema.map_err(|error| Ended::Impossible(error.to_string()))?;
        let (table, census) = self.read(schema.clone()).await?;
        let labels = self.shared.labels(&schema).await?;
        let settled = self.shared.settled().await?;
        let n_verdicts = labels.len();
        self.note(RunPhase::Learning, READ)?;
        let (table, learned) = self.learn(table, labels).await?;
        self.note(RunPhase::Comparing, LEARNED)?;
        let origin = ModelOrigin::new(
            &learned.report,
            (self.row.id, self.shared.now()),
            (schema.columns().len(), n_verdicts),
        );
        let learned = LearnedModel { model: learned.model, origin };
        model::save(&self.shared.linkage.admin, &learned, &Actor::system(), self.shared.now())
            .await?;
        let compared = self.compare(table, census, &learned, settled).await?;
        self.note(RunPhase::Writing, COMPARED)?;
        self.write_down(&compared, &learned).await?;
        let Compared { table, census, .. } = compared;
        let options = IndexOptions { bands: self.settings.bands(), ..IndexOptions::default() };
        let model = learned.model.clone();
        self.shared.linkage.set_model(learned);
        let index = self.compute(move || Index::new(table, model, options)).await?;
        self.shared.linkage.put_on_shelf(Shelf::Ready(Box::new(Book::new(index, census))));
        Ok(())
    }

    async fn read(&mut self, schema: Schema) -> Result<(Table, Census), Ended> {
        let last = self.shared.state.next_identifier().await.map_err(Error::from)?;
        let on = |at: CustomerId| {
            let share = at.0 as f64 / last.0.max(1) as f64;
            self.shared.linkage.note_progress(&self.row, RunPhase::Reading, share * READ);
            !(self.is_stopping)() && !self.shared.linkage.is_cancelled()
        };
        match take(self.shared, &self.settings, schema, on).await {
            Ok((table, census)) => {
                self.row.counts.n_records = census.customers.len() as u64;
                Ok((table, census))
            }
            Err(Unread::TooMany { n_max }) => Err(Ended::Impossible(format!(
                "there are more than {n_max} customers with names or addresses; the settings say \
                 how many may be held in memory"
            ))),
            Err(Unread::Stopped) if (self.is_stopping)() => Err(Ended::Stopping),
            Err(Unread::Stopped) => Err(Ended::Cancelled),
            Err(Unread::Failed(error)) => Err(error.into()),
        }
    }

    async fn learn(&self, table: Table, labels: Vec<Label>) -> Result<(Table, Learned), Ended> {
        let mut options = LearnOptions::new(Seed::root(SEED), Scope::Within, n_threads());
        options.stop = self.stop.clone();
        let (table, learned) = self
            .compute(move || {
                let learned = learn(&table, &options, &labels);
                (table, learned)
            })
            .await?;
        match learned {
            Ok(learned) => Ok((table, learned)),
            Err(why) => Err(Ended::Impossible(reason(&why))),
        }
    }

    async fn compare(
        &mut self,
        table: Table,
        census: Census,
        learned: &LearnedModel,
        settled: Settled,
    ) -> Result<Compared, Ended> {
        let mut options = LinkOptions::new(Scope::Within, n_threads());
        options.bands = self.settings.bands();
        options.stop = self.stop.clone();
        options.unique_sources = vec![WITH_USER_ID];
        options.apart = settled.apart(&census);
        let model = learned.model.clone();
        let (table, linked) = self
            .compute(move || {
                let linked = link(&table, &model, &options);
                (table, linked)
            })
            .await?;
        self.row.counts.n_compared = linked.report.n_compared;
        Ok(Compared { table, census, linked, settled })
    }

    async fn write_down(
        &mut self,
        compared: &Compared,
        learned: &LearnedModel,
    ) -> Result<(), Ended> {
        let (table, census) = (&compared.table, &compared.census);
        let bands = self.settings.bands();
        let found = fates(&compared.linked, (table, census), &compared.settled, bands);
        let n_all = found.len();
        let scorer = Scorer::new(&learned.model, table);
        for (n_done, some) in found.chunks(N_AT_A_TIME).enumerate() {
            let share = (n_done * N_AT_A_TIME) as f64 / n_all as f64;
            self.note(RunPhase::Writing, COMPARED + share * (1.0 - COMPARED))?;
            let pairs = self.pairs(some, census, &scorer).await?;
            let links = pairs.iter().filter(|pair| pair.is_link);
            self.joined.extend(links.flat_map(|pair| [pair.a, pair.b]));
            let written = self.shared.write_pairs(pairs, Some(self.row.id)).await?;
            let counts = &mut self.row.counts;
            counts.n_links += written.n_links;
            counts.n_review += written.n_review;
            counts.n_held_apart += written.n_held_apart;
            self.shared.state.put_linkage_run(&self.row).await.map_err(Error::from)?;
        }
        Ok(())
    }

    /// What was found, with both records as they are now and the evidence.
    async fn pairs(
        &self,
        found: &[Found],
        census: &Census,
        scorer: &Scorer<'_>,
    ) -> Result<Vec<NewPair>, Error> {
        let customer = |at: RecordIdx| census.customers[at.0 as usize];
        let named = found.iter().flat_map(|f| [customer(f.pair.a), customer(f.pair.b)]);
        let records = self.shared.records(named.collect(), &self.settings).await?;
        let schema = scorer.model().schema();
        let pair = |found: &Found| {
            let (a, b) = (customer(found.pair.a), customer(found.pair.b));
            let (of_a, of_b) = (records.get(&a)?, records.get(&b)?);
            let evidence = scorer.explain(found.pair.a, found.pair.b);
            let dossier = Dossier::new(&self.settings, schema, (of_a, of_b), &evidence);
            let (is_link, held_apart) = match found.fate {
                Fate::Link => (true, None),
                Fate::Review(held) => (false, held),
            };
            Some(NewPair::new((a, b), is_link, held_apart, dossier))
        };
        Ok(found.iter().filter_map(pair).collect())
    }

    /// Notes how far it is, and ends where somebody wants that.
    fn note(&self, phase: RunPhase, progress: f64) -> Result<(), Ended> {
        self.shared.linkage.note_progress(&self.row, phase, progress);
        self.go_on()
    }

    /// Ends where somebody wants that.
    fn go_on(&self) -> Result<(), Ended> {
        if (self.is_stopping)() {
            return Err(Ended::Stopping);
        }
        if self.shared.linkage.is_cancelled() { Err(Ended::Cancelled) } else { Ok(()) }
    }

    /// Lets `work` have a thread of its own. Whoever cancels or stops does not wait for it; it ends
    /// soon after the run does.
    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Ended> {
        let (tell, mut answer) = oneshot::channel();
        let begin = std::thread::Builder::new().name("linkage".to_owned()).spawn(move || {
            // Nobody may want the answer any more.
            let _ = tell.send(work());
        });
        begin.map_err(|error| {
            Error::new(ErrorKind::Unavailable, "no thread can be had").with_source(error)
        })?;
        loop {
            let pause = std::time::Duration::from_millis(200);
            match tokio::time::timeout(pause, &mut answer).await {
                Ok(Ok(done)) => return Ok(done),
                Ok(Err(_)) => {
                    let message = "the comparison of customers was broken off";
                    return Err(Error::new(ErrorKind::Internal, message).into());
                }
                Err(_) => self.go_on()?,
            }
        }
    }
}

/// One thread is left to those who want an answer now.
fn n_threads() -> usize {
    let n_all = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    n_all.saturating_sub(1).clamp(1, 8)
}

/// Why nothing can be learned, for the page of the run.
fn reason(why: &NotEstimable) -> String {
    format!("nothing can be learned from these customers: {why}")
}

impl Shared {
    /// What people have said about pairs, as it is taught.
    pub(super) async fn labels(&self, schema: &Schema) -> Result<Vec<Label>, Error> {
        let judged = self.state.judged_pairs(VERDICTS_MAX).await?;
        let labels = judged.into_iter().filter_map(|(text, is_same)| {
            Dossier::read(&text).ok().and_then(|dossier| dossier.label(schema, is_same))
        });
        Ok(labels.collect())
    }

    /// What was decided about pairs of customers, as those are now.
    pub(super) async fn settled(&self) -> Result<Settled, Error> {
        let mut settled = Settled::default();
        for (a, b, state) in self.state.settled_pairs().await? {
            let is_different = state == PairState::Different.slug();
            let known = if is_different { &mut settled.different } else { &mut settled.taken_back };
            known.insert(ordered(a, b));
        }
        Ok(settled)
    }
}

impl Linkage {
    /// Whether verdicts came since this was asked last.
    pub(super) fn take_new_verdicts(&self) -> bool {
        self.has_new_verdicts.swap(false, Ordering::Relaxed)
    }
}
