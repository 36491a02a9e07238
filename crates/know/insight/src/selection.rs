//! Which rows does an insight count that looks at one selection of events?
//!
//! What a selection is, and how it is checked and said, is the language's: `definition::selection`.

pub use definition::selection::{
    NAMES_MAX, TESTS_MAX, VALUES_MAX, check, check_who, who_words, words,
};

use std::ops::Range;
use timeline::{Ask, Condition, Rows, Window};

/// What a fold asks for that looks at the events of one selection.
pub(crate) fn asked(selection: &Condition, window: Window) -> Ask {
    let mut ask = Ask::every(window);
    if *selection != Condition::default() {
        ask.conditions.push(selection.clone());
    }
    ask
}

/// How many of the rows of a range count, for a fold that looks at one selection.
#[inline]
pub(crate) fn n_counted(rows: &Rows<'_>, range: Range<usize>) -> u64 {
    match rows.marks() {
        [] => range.len() as u64,
        marks => marks[range].iter().map(|marks| u64::from(*marks != 0)).sum(),
    }
}

/// Whether any of the rows of a range counts, likewise.
#[inline]
pub(crate) fn any_counts(rows: &Rows<'_>, range: Range<usize>) -> bool {
    match rows.marks() {
        [] => !range.is_empty(),
        marks => marks[range].iter().any(|marks| *marks != 0),
    }
}

/// The first of the rows of a range that counts, likewise.
#[inline]
pub(crate) fn first_counted(rows: &Rows<'_>, mut range: Range<usize>) -> Option<usize> {
    match rows.marks() {
        [] => range.next(),
        marks => range.find(|row| marks[*row] != 0),
    }
}
