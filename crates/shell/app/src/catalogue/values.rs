//! Which values does a field of events have?

use super::Shared;
use super::properties::hides;
use super::search::{Found, search};
use crate::engine::Engine;
use crate::traits::Sight;
use base::{Error, ErrorKind};
use insight::catalogue::FieldValues;
use std::sync::Arc;
use timeline::Field;

/// Values that are kept, and searched, of one field.
const VALUES_MAX: usize = 10_000;

/// The values with most events.
pub(super) struct Counted {
    values: Vec<(Arc<str>, u64)>,
    n_values: usize,
}

/// The values of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct ValuesFound {
    /// Values and how many events have them, those with most events first.
    pub found: Found<(Arc<str>, u64)>,
    /// How many values there are, found or not.
    pub n_values: usize,
    /// Whether all of them were searched; else only those with most events were.
    pub is_exact: bool,
}

impl Engine {
    /// The values of `field` in events of the name `event`, or in all, that contain `q`.
    ///
    /// # Errors
    /// `Denied` where `sight` withholds the field; else as for every question about behaviour.
    pub async fn catalogue_values(
        &self,
        (event, field): (Option<&str>, Field),
        (q, limit): (&str, usize),
        sight: &Sight,
    ) -> Result<ValuesFound, Error> {
        if let Field::Property(path) | Field::Context(path) = &field
            && hides(sight, path)
        {
            let message = format!("values of '{path}' are withheld from you");
            return Err(Error::new(ErrorKind::Denied, message));
        }
        let counted = self.counted(event, field).await?;
        let values = counted.values.iter();
        let found = search(values, (q, limit), |(value, _)| value);
        Ok(ValuesFound {
            found: Found { items: found.items.into_iter().cloned().collect(), total: found.total },
            n_values: counted.n_values,
            is_exact: counted.n_values <= VALUES_MAX,
        })
    }

    async fn counted(&self, event: Option<&str>, field: Field) -> Result<Shared<Counted>, Error> {
        let count = async || {
            let fold = FieldValues::new(event, field.clone());
            let folded = self.fold(fold.clone()).await?;
            let (values, n_values) = fold.answer(&folded.total, &folded.texts, VALUES_MAX);
            Ok(Counted { values, n_values })
        };
        let key = (event.map(Box::from), field.clone());
        self.shared.questions.catalogue.values.get(key, self.freshness(), count).await
    }
}
