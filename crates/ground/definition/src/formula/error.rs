//! Where can a formula not be read, and what could stand there?

use std::fmt;

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which character, from 1; one past the end where something is missing.
    pub at: usize,
    /// Its line, from 1.
    pub line: usize,
    /// Its place in the line, from 1.
    pub column: usize,
}

impl Place {
    /// The place of the character with this index.
    pub(super) fn of(chars: &[char], idx: usize) -> Self {
        let before = &chars[..idx.min(chars.len())];
        let line = 1 + before.iter().filter(|letter| **letter == '\n').count();
        let begin = before.iter().rposition(|letter| *letter == '\n').map_or(0, |k| k + 1);
        Self { at: idx + 1, line, column: before.len() - begin + 1 }
    }
}

/// Why a formula cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormulaError {
    /// Where.
    pub place: Place,
    /// What stands there; empty at the end.
    pub found: String,
    /// What could stand there.
    pub expected: Vec<String>,
    /// What is known and comes near to what stands there, the nearest first.
    pub suggest: Vec<String>,
}

impl fmt::Display for FormulaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column, .. } = self.place;
        let expected = crate::words::list(&self.expected, "or");
        write!(f, "line {line}, column {column}: expected {expected}")?;
        match self.found.as_str() {
            "" => f.write_str(", found the end")?,
            found => write!(f, ", found {found}")?,
        }
        match &self.suggest[..] {
            [] => Ok(()),
            near => write!(f, "; did you mean {}?", crate::words::list(near, "or")),
        }
    }
}

impl std::error::Error for FormulaError {}

/// A name that nobody knows so far: it may come, or be a slip of the pen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Where it stands.
    pub place: Place,
    /// The name.
    pub name: String,
    /// What is known and comes near to it, the nearest first.
    pub suggest: Vec<String>,
}
