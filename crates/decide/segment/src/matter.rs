//! What must an event be like to count for a behaviour, and what of it is looked at?

use crate::error::TooMuch;
use crate::state::{COLUMNS_MAX, Columns, MARKS_MAX};
use definition::Calendar;
use timeline::{Condition, Field, Label};

/// Events that are of one of some kinds, and fields of them. Behaviours of equal matter that are
/// kept alike are one leaf.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matter {
    /// The kinds; the place of each is its bit in the marks of an event.
    pub kinds: Vec<Condition>,
    /// The fields; the place of each is its column.
    pub columns: Vec<Column>,
}

/// What is looked at of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// A text, by its fingerprint.
    Text(Label),
    /// A number.
    Number(Field),
    /// The local day on which it happened.
    Day(Calendar),
    /// Nothing: the number 0, for whoever counts.
    Nothing,
}

impl Matter {
    /// Events that one condition takes.
    #[must_use]
    pub fn of(events: &Condition) -> Self {
        Self { kinds: vec![events.clone()], columns: Vec::new() }
    }

    /// The same, looking at a field.
    #[must_use]
    pub fn with(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// The bit of a kind, a new one where there is none yet.
    pub(crate) fn mark(&mut self, events: &Condition) -> u8 {
        let place = self.kinds.iter().position(|kind| kind == events);
        let place = place.unwrap_or_else(|| {
            self.kinds.push(events.clone());
            self.kinds.len() - 1
        });
        place as u8
    }

    /// The place of a column, a new one where there is none yet.
    pub(crate) fn column(&mut self, column: Column) -> u8 {
        let place = self.columns.iter().position(|has| *has == column);
        let place = place.unwrap_or_else(|| {
            self.columns.push(column);
            self.columns.len() - 1
        });
        place as u8
    }

    /// That a state can tell the kinds apart and keep the fields.
    pub(crate) fn check(&self) -> Result<(), TooMuch> {
        let (n_kinds, n_columns) = (self.kinds.len(), self.columns.len());
        if n_kinds > MARKS_MAX {
            return Err(TooMuch::Marks { n: n_kinds, most: MARKS_MAX });
        }
        if n_columns > COLUMNS_MAX {
            return Err(TooMuch::Columns { n: n_columns, most: COLUMNS_MAX });
        }
        Ok(())
    }

    /// What a trail keeps of each event.
    pub(crate) fn of_trail(&self) -> Columns {
        let columns = self.columns.iter().enumerate();
        let numbers = columns.filter(|(_, column)| matches!(column, Column::Number(_)));
        let bits = numbers.fold(0, |bits, (k, _)| bits | 1 << k);
        Columns { n: self.columns.len() as u8, numbers: bits }
    }
}
