//! How is one stretch of sorted rows given to a fold?

use super::folding::{Folding, Known};
use super::question::{Question, Tables, Traits};
use crate::hot::{Codes, Column};
use base::CustomerId;
use std::any::Any;
use std::ops::Range;
use timeline::{BoutsFrom, Columns, Marks};

/// Some rows of a column.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Strip<'a> {
    Codes(Codes<'a>),
    Numbers(&'a [f64]),
}

impl<'a> Strip<'a> {
    /// Some rows of `column`.
    ///
    /// # Panics
    /// For a column of keys: folds see none.
    pub fn of(column: &'a Column, rows: Range<usize>) -> Self {
        match column {
            Column::Narrow(codes) => Self::Codes(Codes::Narrow(&codes[rows])),
            Column::Wide(codes) => Self::Codes(Codes::Wide(&codes[rows])),
            Column::Numbers(numbers) => Self::Numbers(&numbers[rows]),
            Column::Keys(_) => panic!("a fold sees no keys"),
        }
    }

    /// The codes.
    ///
    /// # Panics
    /// If it is a column of numbers.
    pub fn codes(self) -> Codes<'a> {
        match self {
            Self::Codes(codes) => codes,
            Self::Numbers(_) => panic!("the column was asked for as codes"),
        }
    }

    fn numbers(self) -> &'a [f64] {
        match self {
            Self::Numbers(numbers) => numbers,
            Self::Codes(_) => panic!("the column was asked for as numbers"),
        }
    }
}

/// All rows of some customers, sorted, column by column.
#[derive(Debug)]
pub(crate) struct Slab<'a> {
    pub customers: &'a [CustomerId],
    /// The number of the first row.
    pub start: u32,
    /// Where the rows of each customer end.
    pub ends: &'a [u32],
    pub times: &'a [i64],
    /// When the first and the last row of each customer happened; empty where it is not known.
    pub spans: &'a [(i64, i64)],
    pub bouts: Option<BoutsFrom<'a>>,
    pub columns: Vec<Strip<'a>>,
    pub traits: Vec<&'a [u32]>,
}

/// What a worker reuses from slab to slab.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    marks: Vec<Marks>,
    labels: Vec<Vec<u32>>,
    whom: Vec<bool>,
}

impl Slab<'_> {
    /// Takes it into the total of one fold.
    pub fn give(
        &self,
        fold: &dyn Folding,
        (question, traits_of): (&Question, &Traits),
        known: Known<'_>,
        work: (&Tables, &mut Scratch, &mut dyn Any),
    ) {
        let (tables, scratch, total) = work;
        let Scratch { marks, labels, whom } = scratch;
        question.choose(traits_of, &self.traits, whom);
        question.mark(self, tables, marks);
        labels.resize_with(question.labels.len().max(labels.len()), Vec::new);
        let label = |(k, out)| tables.label_codes(question, k, &self.columns, out);
        let n_labels = question.labels.len();
        let labels: Vec<&[u32]> = labels.iter_mut().take(n_labels).enumerate().map(label).collect();
        let numbers = question.numbers.iter().map(|&column| self.columns[column].numbers());
        let traits = question.traits.iter().map(|&k| self.traits[k]);
        let columns = Columns {
            customers: self.customers,
            start: self.start,
            ends: self.ends,
            times: self.times,
            spans: self.spans,
            bouts: self.bouts,
            marks,
            numbers: &numbers.collect::<Vec<_>>(),
            labels: &labels,
            traits: &traits.collect::<Vec<_>>(),
        };
        fold.take(&columns, Known { whom, ..known }, total);
    }
}
