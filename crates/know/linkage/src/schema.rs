//! Which fields does a record have, and which columns are compared?

use crate::error::LinkageError;
use crate::kind::{DateNotation, Kind};
use serde::{Deserialize, Serialize};

/// A field as the caller has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// What people call it.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

impl Field {
    /// A field called `name` that holds a `kind`.
    #[must_use]
    pub fn new(name: &str, kind: Kind) -> Self {
        Self { name: name.to_owned(), kind }
    }
}

/// One comparison: a normalised column that a field, or part of one, goes into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What people call it.
    pub name: String,
    /// What it holds; never a [`Kind::FullName`].
    pub kind: Kind,
}

/// The fields of a table, and the columns that they are compared by.
///
/// Every field is a column of its own, except that a whole name becomes a given and a family
/// name, and that names give rise to a column of generations (junior, senior).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    fields: Vec<Field>,
    columns: Vec<Column>,
    notation: DateNotation,
    given: Option<usize>,
    family: Option<usize>,
    generation: Option<usize>,
}

/// Columns at most: the levels of a pair fit into one word, four bits each.
pub const COLUMNS_MAX: usize = 16;

impl Schema {
    /// A schema of `fields`, dates being in `notation`.
    ///
    /// # Errors
    /// [`LinkageError::NoFields`] and [`LinkageError::TooManyColumns`].
    pub fn new(fields: Vec<Field>, notation: DateNotation) -> Result<Self, LinkageError> {
        if fields.is_empty() {
            return Err(LinkageError::NoFields);
        }
        let mut columns: Vec<Column> = fields
            .iter()
            .filter(|field| field.kind != Kind::FullName)
            .map(|field| Column { name: field.name.clone(), kind: field.kind })
            .collect();
        let has_full_name = fields.iter().any(|field| field.kind == Kind::FullName);
        let mut column_of = |kind: Kind, name: &str, is_wanted: bool| {
            let found = columns.iter().position(|column| column.kind == kind);
            if found.is_none() && is_wanted {
                columns.push(Column { name: name.to_owned(), kind });
                return Some(columns.len() - 1);
            }
            found
        };
        let given = column_of(Kind::GivenName, "given name", has_full_name);
        let family = column_of(Kind::FamilyName, "family name", has_full_name);
        let has_name = given.is_some() || family.is_some();
        let generation = column_of(Kind::Generation, "generation", has_name);
        if columns.len() > COLUMNS_MAX {
            return Err(LinkageError::TooManyColumns { n: columns.len(), n_max: COLUMNS_MAX });
        }
        Ok(Self { fields, columns, notation, given, family, generation })
    }

    /// The fields, as given.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The columns that pairs are compared by.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How dates are written.
    #[must_use]
    pub fn notation(&self) -> DateNotation {
        self.notation
    }

    /// The columns of given and family names, where there are both.
    pub(crate) fn names(&self) -> Option<(usize, usize)> {
        Some((self.given?, self.family?))
    }

    pub(crate) fn given(&self) -> Option<usize> {
        self.given
    }

    pub(crate) fn family(&self) -> Option<usize> {
        self.family
    }

    pub(crate) fn generation(&self) -> Option<usize> {
        self.generation
    }
}
