//! What does one row of a file hold, whatever the file's format?

/// What a cell is known to be. Formats without types (CSV) have texts only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Nothing: empty, blank, or a word for nothing (`NULL`, `\N`, `NaN`).
    Missing,
    /// Text.
    Text,
    /// A number, written as JSON writes it.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A moment, as RFC 3339.
    Time,
    /// A JSON array or object.
    Json,
}

/// One cell: its kind and its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// What it is known to be.
    pub kind: CellKind,
    /// Its text, without blanks around it; empty where it is missing.
    pub text: &'a str,
}

impl Cell<'_> {
    /// The cell that is not there.
    pub const MISSING: Self = Self { kind: CellKind::Missing, text: "" };

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.kind == CellKind::Missing
    }
}

/// One row. All cells lie in one text, so that a row is three allocations whatever its width.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    text: String,
    cells: Vec<(u32, u32, CellKind)>,
    /// The line as it stood, where the reader was asked to keep it (JSON lines only).
    pub(crate) whole: Option<Box<str>>,
}

impl CellKind {
    fn of_text(text: &str) -> Self {
        let nothing = matches!(text, "" | "NULL" | "null" | "Null" | "\\N" | "NaN" | "nan");
        if nothing { Self::Missing } else { Self::Text }
    }
}

impl Row {
    /// The row of these texts.
    #[must_use]
    pub fn of_texts(texts: &[&str]) -> Self {
        let mut row = Self::default();
        texts.iter().for_each(|text| row.push_text(text));
        row
    }

    /// Empties the row, keeping its memory.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.whole = None;
    }

    /// Adds a cell of untyped text.
    pub(crate) fn push_text(&mut self, text: &str) {
        let trimmed = text.trim();
        self.push(CellKind::of_text(trimmed), trimmed);
    }

    /// Adds a cell of a known kind.
    pub(crate) fn push(&mut self, kind: CellKind, text: &str) {
        let start = self.text.len();
        if kind != CellKind::Missing {
            self.text.push_str(text);
        }
        let offset = |at: usize| u32::try_from(at).expect("readers bound a row at 16 MiB");
        self.cells.push((offset(start), offset(self.text.len()), kind));
    }

    /// Puts a cell of a known kind at `index`, where there was none or a missing one.
    pub(crate) fn put(&mut self, index: usize, kind: CellKind, text: &str) {
        while self.cells.len() <= index {
            self.push(CellKind::Missing, "");
        }
        self.push(kind, text);
        let cell = self.cells.pop().expect("one was pushed");
        self.cells[index] = cell;
    }

    /// How many cells it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has no cell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The cell at `index`; missing where the row is shorter.
    #[must_use]
    pub fn cell(&self, index: usize) -> Cell<'_> {
        self.cells.get(index).map_or(Cell::MISSING, |&(start, end, kind)| Cell {
            kind,
            text: &self.text[start as usize..end as usize],
        })
    }

    /// Every cell's text, in the order of the columns.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        (0..self.len()).map(|index| self.cell(index).text.to_owned()).collect()
    }

    /// How much memory the row takes, roughly.
    pub(crate) fn n_bytes(&self) -> usize {
        self.text.len() + self.cells.len() * 12 + self.whole.as_ref().map_or(0, |w| w.len())
    }

    /// A fingerprint of the content, the same in every run.
    pub(crate) fn content_hash(&self) -> u128 {
        if let Some(whole) = &self.whole {
            return base::hash::hash128(whole.as_bytes());
        }
        let mut bytes = Vec::with_capacity(self.text.len() + self.cells.len());
        for index in 0..self.len() {
            bytes.extend_from_slice(self.cell(index).text.as_bytes());
            bytes.push(0x1f);
        }
        base::hash::hash128(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_again() {
        let mut row = Row::of_texts(&[" a ", "NULL", "", "ü"]);
        assert_eq!(row.cell(0).text, "a");
        assert!(row.cell(1).is_missing() && row.cell(2).is_missing() && row.cell(9).is_missing());
        assert_eq!(row.texts(), ["a", "", "", "ü"]);
        row.put(5, CellKind::Number, "7");
        row.put(1, CellKind::Boolean, "true");
        assert_eq!(row.texts(), ["a", "true", "", "ü", "", "7"]);
    }

    #[test]
    fn equal_content_has_equal_hashes() {
        let hash = |texts: &[&str]| Row::of_texts(texts).content_hash();
        assert_eq!(hash(&["a", "b"]), hash(&["a", "b"]));
        assert_ne!(hash(&["ab", ""]), hash(&["a", "b"]));
    }
}
