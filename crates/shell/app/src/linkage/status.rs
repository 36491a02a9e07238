//! How does linkage stand: agreed, learned, in memory, at work, to be reviewed?

use super::model::{LearnedModel, ModelOrigin};
use super::runs::{LinkageRun, run_of};
use super::settings::LinkageSettings;
use super::{Linkage, Shelf};
use crate::access::Actor;
use crate::engine::Engine;
use base::Error;
use linkage::Kind;
use std::sync::{Arc, PoisonError};

/// How linkage stands.
#[derive(Clone, Debug)]
pub struct LinkageStatus {
    /// What was agreed.
    pub settings: Arc<LinkageSettings>,
    /// What was learned; `None` before the first run.
    pub model: Option<ModelStatus>,
    /// Who is in memory to be compared with.
    pub index: IndexStatus,
    /// The run at work.
    pub running: Option<LinkageRun>,
    /// The last run, at work or not.
    pub last_run: Option<LinkageRun>,
    /// How many pairs were reviewed, and how many wait.
    pub review: ReviewCounts,
}

/// What was learned.
#[derive(Clone, Debug)]
pub struct ModelStatus {
    /// How it came to be.
    pub origin: ModelOrigin,
    /// What each comparison is worth.
    pub fields: Vec<ModelField>,
}

/// What a comparison is worth.
#[derive(Clone, Debug)]
pub struct ModelField {
    /// What people call it.
    pub name: String,
    /// What it compares.
    pub kind: Kind,
    /// Whether it takes part.
    pub is_used: bool,
    /// What is to be known about it: `empty`, `constant` or `not_learned`.
    pub note: Option<String>,
    /// What it weighs where both are the same and the value is neither rare nor frequent, in bits.
    pub weight_same: f64,
    /// What it weighs where the two are different, in bits.
    pub weight_different: f64,
}

/// Where the customers are who can be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IndexState {
    /// Not in memory: there is no model, or new records are not to be matched.
    Off,
    /// They are being read.
    Loading,
    /// In memory.
    Ready,
    /// There are more than are allowed.
    TooLarge,
}

/// Who is in memory to be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexStatus {
    /// Where they are.
    pub state: IndexState,
    /// How many.
    pub n_records: u64,
    /// Bytes that they take, roughly.
    pub n_bytes: u64,
    /// Customers who have changed and wait to be looked at.
    pub n_waiting: u64,
}

/// How many pairs were reviewed, and how many wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReviewCounts {
    /// That wait.
    pub n_open: u64,
    /// That are one person.
    pub n_same: u64,
    /// That are two.
    pub n_different: u64,
    /// That were put aside.
    pub n_skipped: u64,
}

impl Engine {
    /// How linkage stands.
    ///
    /// # Errors
    /// Whatever the state says.
    pub async fn linkage_status(&self) -> Result<LinkageStatus, Error> {
        let linkage = &self.shared.linkage;
        let running = linkage.running();
        let last = self.shared.state.linkage_runs(None, 1).await?.into_iter().next();
        let mut review = ReviewCounts::default();
        for (state, n) in self.shared.state.count_pairs().await? {
            match state.as_str() {
                "open" => review.n_open = n,
                "same" => review.n_same = n,
                "different" => review.n_different = n,
                "skipped" => review.n_skipped = n,
                _ => {}
            }
        }
        Ok(LinkageStatus {
            settings: linkage.settings.now(),
            model: linkage.model().map(|learned| ModelStatus::of(&learned)),
            index: linkage.index_status(),
            last_run: match &running {
                Some(running) => Some(running.clone()),
                None => last.map(run_of).transpose()?,
            },
            running,
            review,
        })
    }

    /// What was agreed about linkage.
    #[must_use]
    pub fn linkage_settings(&self) -> Arc<LinkageSettings> {
        self.shared.linkage.settings.now()
    }

    /// Agrees on something else. Other fields take effect with the next run.
    ///
    /// # Errors
    /// `Invalid` with what is wrong.
    pub async fn change_linkage(
        &self,
        actor: &Actor,
        settings: LinkageSettings,
    ) -> Result<Arc<LinkageSettings>, Error> {
        let settings = self.shared.linkage.settings.change(actor, settings, self.now()).await?;
        self.shared.linkage.news.wake();
        Ok(settings)
    }
}

impl Linkage {
    fn index_status(&self) -> IndexStatus {
        let n_waiting = self.news.n_waiting() as u64;
        let (state, n_records, n_bytes) =
            match &*self.shelf.read().unwrap_or_else(PoisonError::into_inner) {
                Shelf::Empty => (IndexState::Off, 0, 0),
                Shelf::Loading => (IndexState::Loading, 0, 0),
                Shelf::TooLarge => (IndexState::TooLarge, 0, 0),
                Shelf::Ready(book) => {
                    let n_records = book.index().n_records() as u64;
                    (IndexState::Ready, n_records, book.n_bytes() as u64)
                }
            };
        IndexStatus { state, n_records, n_bytes, n_waiting }
    }
}

impl ModelStatus {
    fn of(learned: &LearnedModel) -> Self {
        let columns = learned.model.schema().columns().iter();
        let fields =
            columns.zip(learned.model.fields()).enumerate().map(|(at, (column, field))| {
                let last = field.m.len() - 1;
                ModelField {
                    name: column.name.clone(),
                    kind: column.kind,
                    is_used: field.is_used,
                    note: learned.origin.notes.get(at).cloned().flatten(),
                    weight_same: (field.m[0] / field.u[0]).log2(),
                    weight_different: (field.m[last] / field.u[last]).log2(),
                }
            });
        Self { fields: fields.collect(), origin: learned.origin.clone() }
    }
}
