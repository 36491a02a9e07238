//! How do folds of different sorts share one pass?

use std::any::Any;
use timeline::{Ask, Columns, Fold, Window, fold_rows};

/// What is known of the rows that a fold is given.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// In which window they are looked at; `None` where all of them are in it.
    pub window: Option<Window>,
    /// Whether some condition holds for each of them.
    pub all_count: bool,
    /// Which of the customers are looked at; empty where all are.
    pub whom: &'a [bool],
}

/// A [`Fold`] whose total nobody else needs to know the type of. Every fold is one.
pub trait Folding: Send + Sync {
    /// See [`Fold::ask`].
    fn ask(&self) -> &Ask;
    /// See [`Fold::total`].
    fn start(&self) -> Box<dyn Any + Send>;
    /// Takes the customers of `columns` into a total that [`Folding::start`] has made. Customers
    /// without a row that counts, and those who are not looked at, are passed over.
    fn take(&self, columns: &Columns<'_>, known: Known<'_>, total: &mut dyn Any);
    /// See [`Fold::merge`].
    fn merge(&self, into: &mut dyn Any, other: Box<dyn Any + Send>);
}

impl<F> Folding for F
where
    F: Fold + Send,
    F::Total: 'static,
{
    fn ask(&self) -> &Ask {
        Fold::ask(self)
    }

    fn start(&self) -> Box<dyn Any + Send> {
        Box::new(self.total())
    }

    fn take(&self, columns: &Columns<'_>, known: Known<'_>, total: &mut dyn Any) {
        let total: &mut F::Total = total.downcast_mut().expect("a fold is given its own total");
        let all_count = known.all_count || columns.marks.is_empty();
        for place in 0..columns.customers.len() {
            if known.whom.get(place) == Some(&false) {
                continue;
            }
            let mut rows = columns.rows(place);
            if let Some(window) = known.window {
                rows = rows.clip(window);
            }
            let counts = all_count || rows.marks().iter().fold(0, |any, marks| any | marks) != 0;
            if counts {
                fold_rows(self, rows, total);
            }
        }
    }

    fn merge(&self, into: &mut dyn Any, other: Box<dyn Any + Send>) {
        let into = into.downcast_mut().expect("a fold is given its own total");
        let other = other.downcast().expect("a fold is given its own total");
        Fold::merge(self, into, *other);
    }
}
