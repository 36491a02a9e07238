//! Which customers are one person although they share no identifier, and who said so?
//!
//! A run compares all customers: it learns a model, links what is sure, puts up for review what is
//! doubtful ([`run`]). From then on each new record is compared as it comes ([`follow`]). Links go
//! the way of every decision: an entry of the log, a link of the weakest rule in the ledger, and
//! back again exactly. What people say about doubtful pairs ([`review`]) is kept and taught to the
//! model.
//!
//! Everything that is in memory here can be had again from profiles; what cannot (verdicts,
//! evidence, runs) is in tables.

mod book;
mod census;
mod dossier;
mod fates;
mod follow;
mod linker;
mod missed;
mod model;
mod news;
mod orders;
mod pairs;
mod preview;
mod record;
mod review;
mod run;
mod runs;
mod settings;
mod spread;
mod status;
mod told;

pub use ::linkage::{Band, Kind};
pub use dossier::{FieldSaid, PairEvidence};
pub(crate) use linker::Linker;
pub use model::ModelOrigin;
pub use pairs::{FoundBy, Pair, PairState, PairsQuery, SpreadBin};
pub use preview::{ImportMatch, ImportPreview, ImportRowMatch};
pub use review::{Verdict, VerdictResult};
pub use runs::{LinkageRun, RunPhase, RunState};
pub use settings::{LinkageSettings, RecordField};
pub(crate) use spread::Spread;
pub use state::PairOrder;
pub use status::{IndexState, IndexStatus, LinkageStatus, ModelField, ModelStatus, ReviewCounts};
pub use told::{FieldTold, PairTold};

use base::{Error, Timestamp};
use book::Book;
use model::LearnedModel;
use news::News;
use runs::Running;
use settings::Settings;
use state::State;
use state::admin::Admin;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// What the parts of linkage have in common.
pub(crate) struct Linkage {
    admin: Admin,
    settings: Settings,
    news: News,
    model: RwLock<Option<Arc<LearnedModel>>>,
    shelf: RwLock<Shelf>,
    running: Mutex<Option<Running>>,
    /// One start, verdict or undo at a time.
    turn: tokio::sync::Mutex<()>,
    has_new_verdicts: AtomicBool,
}

/// Where the customers are who can be compared with.
enum Shelf {
    /// Nowhere: there is no model, or nobody wants new records to be matched.
    Empty,
    /// They are being read.
    Loading,
    /// There are more than are allowed.
    TooLarge,
    /// In memory.
    Ready(Box<Book>),
}

impl Linkage {
    /// What was agreed and learned before; what was at work when Rapport stopped has ended.
    ///
    /// # Errors
    /// `Corrupt` where the tables hold something else.
    pub(crate) async fn open(state: &State, now: Timestamp) -> Result<Self, Error> {
        let admin = Admin::new(state.db());
        state.end_interrupted_linkage(now).await?;
        let model = model::load(&admin).await?.map(Arc::new);
        Ok(Self {
            settings: Settings::open(admin.clone()).await?,
            admin,
            news: News::default(),
            model: RwLock::new(model),
            shelf: RwLock::new(Shelf::Empty),
            running: Mutex::new(None),
            turn: tokio::sync::Mutex::new(()),
            has_new_verdicts: AtomicBool::new(false),
        })
    }

    /// Where the processor tells who has changed.
    pub(crate) fn news(&self) -> &News {
        &self.news
    }

    fn model(&self) -> Option<Arc<LearnedModel>> {
        self.model.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_model(&self, learned: LearnedModel) {
        let learned = Some(Arc::new(learned));
        *self.model.write().unwrap_or_else(PoisonError::into_inner) = learned;
    }

    fn put_on_shelf(&self, shelf: Shelf) {
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = shelf;
    }

    fn is_shelf_empty(&self) -> bool {
        matches!(*self.shelf.read().unwrap_or_else(PoisonError::into_inner), Shelf::Empty)
    }

    /// What `look` sees in the book, if there is one.
    fn with_book<T>(&self, look: impl FnOnce(&Book) -> T) -> Option<T> {
        match &*self.shelf.read().unwrap_or_else(PoisonError::into_inner) {
            Shelf::Ready(book) => Some(look(book)),
            _ => None,
        }
    }

    /// What `change` does to the book, if there is one.
    fn change_book<T>(&self, change: impl FnOnce(&mut Book) -> T) -> Option<T> {
        match &mut *self.shelf.write().unwrap_or_else(PoisonError::into_inner) {
            Shelf::Ready(book) => Some(change(book)),
            _ => None,
        }
    }
}
