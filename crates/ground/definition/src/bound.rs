//! Which definition can be used, and how far back do its events reach?

use crate::check;
use crate::criterion::Criterion;
use crate::definition::Definition;
use crate::error::BadDefinition;
use crate::vocabulary::Vocabulary;
use base::Duration;

/// A definition that was checked, with how long the events are kept that it looks at. What looks
/// back farther than events are kept looks back so far and no farther, whoever evaluates it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    definition: Definition,
    /// Of each test, in order.
    kept: Vec<Option<Duration>>,
}

impl Bound {
    /// A definition that can be used.
    ///
    /// # Errors
    /// Names the first place that cannot.
    pub fn new(definition: Definition, names: &dyn Vocabulary) -> Result<Self, BadDefinition> {
        check::check(&definition, names)?;
        let kept = definition.who.criteria().map(|criterion| kept(criterion, names)).collect();
        Ok(Self { definition, kept })
    }

    /// The definition.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The shortest time for which any of the events is kept that a test looks at, of a `Same` of
    /// all inside; `None` for ever.
    #[must_use]
    pub fn kept(&self, criterion: &Criterion) -> Option<Duration> {
        let mut all = self.definition.who.criteria().zip(&self.kept);
        all.find(|(known, _)| *known == criterion).and_then(|(_, kept)| *kept)
    }
}

fn kept(criterion: &Criterion, names: &dyn Vocabulary) -> Option<Duration> {
    match criterion {
        Criterion::Same(same) => same.who.criteria().filter_map(|inside| kept(inside, names)).min(),
        _ => criterion.selections().into_iter().filter_map(|events| names.kept(events)).min(),
    }
}
