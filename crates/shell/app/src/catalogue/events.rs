//! Which events are there?

use super::search::{Found, search};
use crate::engine::Engine;
use base::Error;
use insight::catalogue::{EventNames, NameCount};
use std::collections::HashSet;

/// A name of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventFound {
    /// How often it was there.
    pub count: NameCount,
    /// Whether a source has agreed to send it.
    pub is_planned: bool,
}

impl Engine {
    /// The names of events that contain `q`, those with most events first; `limit` at most.
    ///
    /// # Errors
    /// As for every question about behaviour.
    pub async fn catalogue_events(
        &self,
        q: &str,
        limit: usize,
    ) -> Result<Found<EventFound>, Error> {
        let names = &self.shared.questions.catalogue.names;
        let count = async || {
            let fold = EventNames::default();
            let folded = self.fold(fold.clone()).await?;
            Ok(fold.answer(&folded.total, &folded.texts))
        };
        let counts = names.get((), self.freshness(), count).await?;
        let found = search(counts.iter(), (q, limit), |count| &count.name);
        let planned = self.planned();
        let item = |count: &NameCount| EventFound {
            is_planned: planned.contains(&*count.name),
            count: count.clone(),
        };
        Ok(Found { items: found.items.into_iter().map(item).collect(), total: found.total })
    }

    fn planned(&self) -> HashSet<Box<str>> {
        let sources = self.sources().all();
        let plans = sources.iter().filter_map(|source| source.plan.as_deref());
        plans.flat_map(|plan| plan.events.iter().map(|event| event.name.clone())).collect()
    }
}
