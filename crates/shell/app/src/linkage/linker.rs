//! Who compares customers, and when?
//!
//! One task: it works on the run that somebody began, keeps all customers in memory once there is
//! a model, and looks at those who change. It gives way to the processor.

use super::Shelf;
use super::book::Book;
use super::census::{Unread, take};
use super::fates::Settled;
use super::follow::{Followed, follow};
use super::missed::{Mark, Missed};
use super::model::LearnedModel;
use super::run::Run;
use super::runs::new_run;
use super::settings::LinkageSettings;
use crate::engine::Shared;
use crate::imports::{Import, ImportState};
use base::{CustomerId, Error};
use linkage::{Index, IndexOptions};
use state::LinkageRunRow;
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::{broadcast, watch};
use tokio::time::{Duration, Instant};

/// Log entries waiting for the processor above which comparing is put off.
const BUSY_ENTRIES: u64 = 50;
/// How often it looks around when nobody calls.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long what people decided about pairs may be remembered: customers merge meanwhile.
const SETTLED_FOR: Duration = Duration::from_secs(60);
/// How long verdicts gather before the model hears them.
const VERDICTS_GATHER: Duration = Duration::from_secs(2);
/// The pause after something failed.
const PAUSE: Duration = Duration::from_secs(5);
/// An import of fewer events is followed record by record, without a run.
const LARGE_IMPORT_MIN: u64 = 1_000;
/// So is one of fewer events than this share of the customers.
const LARGE_IMPORT_SHARE: f64 = 0.05;
/// Customers that linkage itself has joined and that are still to come by, at most.
const QUIET_MAX: usize = 100_000;

/// Compares customers, as long as Rapport runs.
pub(crate) struct Linker {
    shared: Arc<Shared>,
    imports: broadcast::Receiver<Import>,
    settled: Option<(Instant, Settled)>,
    quiet: HashSet<CustomerId>,
    verdicts_since: Option<Instant>,
    mark: Mark,
    /// After what a run is due.
    due_after: Option<String>,
}

impl Linker {
    /// The linker of `shared`.
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        let imports = shared.imports.changes();
        Self {
            shared,
            imports,
            settled: None,
            quiet: HashSet::new(),
            verdicts_since: None,
            mark: Mark::default(),
            due_after: None,
        }
    }

    /// Works until `stop` says so, and breaks off what it is at: that is safe at any place, and it
    /// may be waiting for a processor that has stopped already.
    pub(crate) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let is_stopping = stop.clone();
        while !*stop.borrow() {
            let turned = tokio::select! {
                _ = stop.changed() => return,
                turned = self.turn(&is_stopping) => turned,
            };
            let has_more = match turned {
                Ok(has_more) => has_more,
                Err(error) => {
                    tracing::error!(?error, "linkage failed; it will be tried again");
                    self.forget();
                    tokio::select! {
                        _ = stop.changed() => return,
                        () = tokio::time::sleep(PAUSE) => {}
                    }
                    false
                }
            };
            if !has_more {
                self.wait(&mut stop).await;
            }
        }
    }

    async fn wait(&mut self, stop: &mut watch::Receiver<bool>) {
        let shared = Arc::clone(&self.shared);
        tokio::select! {
            _ = stop.changed() => {}
            () = shared.linkage.news.wait() => {}
            import = self.imports.recv() => {
                if let Ok(import) = import {
                    self.note_import(&import);
                }
            }
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }

    /// One thing that is to be done; answers whether there may be more.
    async fn turn(&mut self, stop: &watch::Receiver<bool>) -> Result<bool, Error> {
        let settings = self.shared.linkage.settings.now();
        if let Some(row) = self.shared.linkage.take_run() {
            self.work(settings, row, stop).await?;
            return Ok(true);
        }
        if self.is_busy() {
            return Ok(false);
        }
        self.hear_verdicts().await?;
        let Some(learned) = self.shared.linkage.model() else { return Ok(false) };
        if !settings.is_automatic {
            self.put_away();
            return Ok(false);
        }
        if let Some(cause) = self.due_after.take() {
            return self.begin_run(format!("after {cause}")).await.map(|()| true);
        }
        self.keep_up(&settings, &learned, stop).await
    }

    async fn work(
        &mut self,
        settings: Arc<LinkageSettings>,
        row: LinkageRunRow,
        stop: &watch::Receiver<bool>,
    ) -> Result<(), Error> {
        let is_stopping = || *stop.borrow();
        let run = Run::new(&self.shared, settings, row, &is_stopping);
        self.settled = None;
        // Whom the run has joined is not asked about again, so that one link does not lead to the
        // next; the processor has told of them meanwhile.
        self.quiet = run.work().await?;
        Ok(())
    }

    /// Reads all customers where that has not been done, and looks at those who changed.
    async fn keep_up(
        &mut self,
        settings: &LinkageSettings,
        learned: &LearnedModel,
        stop: &watch::Receiver<bool>,
    ) -> Result<bool, Error> {
        let is_empty = self.shared.linkage.is_shelf_empty();
        if is_empty {
            return self.load(settings, learned, stop).await;
        }
        let has_book = self.shared.linkage.change_book(|book| {
            book.index_mut().set_bands(settings.bands());
        });
        if has_book.is_none() {
            return Ok(false);
        }
        if self.settled.as_ref().is_none_or(|(at, _)| at.elapsed() > SETTLED_FOR) {
            self.settled = Some((Instant::now(), self.shared.settled().await?));
        }
        if self.quiet.len() > QUIET_MAX {
            self.quiet.clear();
        }
        let Some((_, settled)) = &self.settled else { return Ok(false) };
        let followed = follow(&self.shared, settings, settled, &mut self.quiet).await?;
        match followed {
            Followed::Nothing(through) => {
                if let Some(through) = through {
                    self.mark.put(&self.shared, through).await?;
                }
                Ok(false)
            }
            Followed::Some => Ok(true),
            Followed::Lost => {
                self.shared.linkage.put_on_shelf(Shelf::Empty);
                Ok(true)
            }
        }
    }

    async fn load(
        &mut self,
        settings: &LinkageSettings,
        learned: &LearnedModel,
        stop: &watch::Receiver<bool>,
    ) -> Result<bool, Error> {
        let shared = Arc::clone(&self.shared);
        let linkage = &shared.linkage;
        let schema = settings.schema().ok().filter(|schema| schema == learned.model.schema());
        // Other fields than those that were learned of: the next run learns again.
        let Some(schema) = schema else { return Ok(false) };
        let heard = linkage.listen(&shared);
        let Missed::Customers(missed) = shared.missed(heard).await? else {
            self.due_after = Some("many changes".to_owned());
            return Ok(true);
        };
        linkage.put_on_shelf(Shelf::Loading);
        let taken = take(&shared, settings, schema, |_| !*stop.borrow()).await;
        match taken {
            Ok((table, census)) => {
                let options = IndexOptions { bands: settings.bands(), ..IndexOptions::default() };
                let index = Index::new(table, learned.model.clone(), options);
                let mut book = Book::new(index, census);
                book.forget(&missed);
                linkage.put_on_shelf(Shelf::Ready(Box::new(book)));
                linkage.news.note(missed.into_iter());
                Ok(true)
            }
            Err(Unread::TooMany { n_max }) => {
                tracing::warn!(n_max, "too many customers to match new records against");
                linkage.news.want(false);
                linkage.put_on_shelf(Shelf::TooLarge);
                Ok(false)
            }
            Err(Unread::Stopped) => Ok(false),
            Err(Unread::Failed(error)) => {
                linkage.put_on_shelf(Shelf::Empty);
                Err(error)
            }
        }
    }

    /// Lets the model hear verdicts, some at a time.
    async fn hear_verdicts(&mut self) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        if shared.linkage.take_new_verdicts() {
            self.settled = None;
            self.verdicts_since.get_or_insert_with(Instant::now);
        }
        if self.verdicts_since.is_some_and(|since| since.elapsed() > VERDICTS_GATHER) {
            self.verdicts_since = None;
            shared.linkage.hear_verdicts(&shared).await?;
        }
        Ok(())
    }

    /// Begins a run of Rapport's own accord, unless one is at work.
    async fn begin_run(&self, why: String) -> Result<(), Error> {
        let linkage = &self.shared.linkage;
        let _turn = linkage.turn.lock().await;
        if linkage.running().is_none() {
            let row = new_run(why, self.shared.now());
            linkage.begin_run(self.shared.state.create_linkage_run(row).await?);
        }
        Ok(())
    }

    fn note_import(&mut self, import: &Import) {
        let n_records = self.shared.linkage.model().map_or(0, |learned| learned.origin.n_records);
        let n_large = (n_records as f64 * LARGE_IMPORT_SHARE).max(LARGE_IMPORT_MIN as f64);
        if import.state == ImportState::Done && import.n_events as f64 >= n_large {
            self.due_after = Some(format!("import {}", import.id));
        }
    }

    /// Whether the processor needs the machine more.
    fn is_busy(&self) -> bool {
        let processed = self.shared.processed.borrow().0;
        self.shared.log.head().0.saturating_sub(processed) > BUSY_ENTRIES
    }

    fn put_away(&mut self) {
        self.shared.linkage.news.want(false);
        self.shared.linkage.put_on_shelf(Shelf::Empty);
        self.due_after = None;
    }

    /// After a failure nothing in memory is taken for true.
    fn forget(&mut self) {
        self.settled = None;
        self.quiet.clear();
        self.shared.linkage.put_on_shelf(Shelf::Empty);
        self.shared.linkage.end_run();
    }
}
