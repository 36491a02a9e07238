//! How do folds of different sorts share one pass?

use std::any::Any;
use timeline::{Ask, Columns, Fold, Window, fold_rows};

/// A [`Fold`] whose total nobody else needs to know the type of. Every fold is one.
pub trait Folding: Send + Sync {
    /// See [`Fold::ask`].
    fn ask(&self) -> &Ask;
    /// See [`Fold::total`].
    fn start(&self) -> Box<dyn Any + Send>;
    /// Takes the customers of `columns` into a total that [`Folding::start`] has made: their rows
    /// in `window`, where there is one. Customers without a row that counts are passed over.
    fn take(&self, columns: &Columns<'_>, window: Option<Window>, total: &mut dyn Any);
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

    fn take(&self, columns: &Columns<'_>, window: Option<Window>, total: &mut dyn Any) {
        let total: &mut F::Total = total.downcast_mut().expect("a fold is given its own total");
        let has_marks = !columns.marks.is_empty();
        for place in 0..columns.customers.len() {
            let mut rows = columns.rows(place);
            if let Some(window) = window {
                rows = rows.clip(window);
            }
            let counts = !has_marks || rows.marks().iter().fold(0, |any, marks| any | marks) != 0;
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
