//! In which form does a decoded column lie in memory?

use std::ops::Range;
use timeline::Field;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ColumnKey {
    /// The numbers of the events.
    Seq,
    /// The identifiers that they came under.
    Identifier,
    /// A field as codes of its dictionary.
    Label(Field),
    /// A field as numbers; NaN where it has none.
    Number(Field),
}

/// The values of a column, one per row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Column {
    /// Codes below 2¹⁶.
    Narrow(Vec<u16>),
    /// Codes.
    Wide(Vec<u32>),
    /// Numbers of a field.
    Numbers(Vec<f64>),
    /// Ids and the like.
    Keys(Vec<u64>),
}

/// Some rows of a column of codes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Codes<'a> {
    Narrow(&'a [u16]),
    Wide(&'a [u32]),
}

impl Column {
    pub fn len(&self) -> usize {
        match self {
            Self::Narrow(codes) => codes.len(),
            Self::Wide(codes) => codes.len(),
            Self::Numbers(numbers) => numbers.len(),
            Self::Keys(keys) => keys.len(),
        }
    }

    pub fn n_bytes(&self) -> usize {
        match self {
            Self::Narrow(codes) => size_of_val(&codes[..]),
            Self::Wide(codes) => size_of_val(&codes[..]),
            Self::Numbers(numbers) => size_of_val(&numbers[..]),
            Self::Keys(keys) => size_of_val(&keys[..]),
        }
    }

    /// The code of a row.
    ///
    /// # Panics
    /// If it is a column of something else.
    pub fn code(&self, row: usize) -> u32 {
        match self {
            Self::Narrow(codes) => u32::from(codes[row]),
            Self::Wide(codes) => codes[row],
            Self::Numbers(_) | Self::Keys(_) => panic!("the column was asked for as codes"),
        }
    }

    /// The ids.
    ///
    /// # Panics
    /// If it is a column of something else.
    pub fn keys(&self) -> &[u64] {
        match self {
            Self::Keys(keys) => keys,
            _ => panic!("the column was asked for as keys"),
        }
    }

    /// The ids.
    ///
    /// # Panics
    /// If it is a column of something else.
    pub fn into_keys(self) -> Vec<u64> {
        match self {
            Self::Keys(keys) => keys,
            _ => panic!("the column was asked for as keys"),
        }
    }

    /// The numbers of the rows of which the code `is_one`, where they are at most `rows_max`.
    ///
    /// # Panics
    /// If it is not a column of codes.
    pub fn rows_of(&self, is_one: &[bool], rows_max: usize) -> Option<Vec<u32>> {
        let rows = match self {
            Self::Narrow(codes) => rows_where(codes.iter().map(|&c| is_one[usize::from(c)])),
            Self::Wide(codes) => rows_where(codes.iter().map(|&c| is_one[c as usize])),
            Self::Numbers(_) | Self::Keys(_) => panic!("the column was asked for as codes"),
        };
        (rows.len() <= rows_max).then_some(rows)
    }

    /// Some rows, by their numbers.
    pub fn picked(&self, rows: &[u32]) -> Self {
        fn pick<T: Copy>(values: &[T], rows: &[u32]) -> Vec<T> {
            rows.iter().map(|&row| values[row as usize]).collect()
        }
        match self {
            Self::Narrow(codes) => Self::Narrow(pick(codes, rows)),
            Self::Wide(codes) => Self::Wide(pick(codes, rows)),
            Self::Numbers(numbers) => Self::Numbers(pick(numbers, rows)),
            Self::Keys(keys) => Self::Keys(pick(keys, rows)),
        }
    }

    /// The rows of `columns` in the order of `pieces`: of which column, and which rows.
    ///
    /// # Panics
    /// If the columns are not all of one sort, codes aside, or a piece is not in its column.
    pub fn arranged(
        columns: &[&Self],
        pieces: impl Iterator<Item = (usize, Range<usize>)>,
        n_rows: usize,
    ) -> Self {
        match columns {
            [Self::Numbers(_), ..] => {
                let part = |column: &Self, rows: Range<usize>, out: &mut Vec<f64>| match column {
                    Self::Numbers(numbers) => out.extend_from_slice(&numbers[rows]),
                    _ => panic!("a column of numbers is one in every source"),
                };
                Self::Numbers(put_together(columns, pieces, n_rows, part))
            }
            [Self::Keys(_), ..] => {
                let part = |column: &Self, rows: Range<usize>, out: &mut Vec<u64>| {
                    out.extend_from_slice(&column.keys()[rows]);
                };
                Self::Keys(put_together(columns, pieces, n_rows, part))
            }
            _ if columns.iter().all(|column| matches!(column, Self::Narrow(_))) => {
                let part = |column: &Self, rows: Range<usize>, out: &mut Vec<u16>| match column {
                    Self::Narrow(codes) => out.extend_from_slice(&codes[rows]),
                    _ => panic!("all columns were found to be narrow"),
                };
                Self::Narrow(put_together(columns, pieces, n_rows, part))
            }
            _ => {
                let part = |column: &Self, rows: Range<usize>, out: &mut Vec<u32>| match column {
                    Self::Narrow(codes) => out.extend(codes[rows].iter().map(|&c| u32::from(c))),
                    Self::Wide(codes) => out.extend_from_slice(&codes[rows]),
                    _ => panic!("a column of codes is one in every source"),
                };
                Self::Wide(put_together(columns, pieces, n_rows, part))
            }
        }
    }
}

/// The numbers of the rows that are in.
fn rows_where(is_in: impl ExactSizeIterator<Item = bool>) -> Vec<u32> {
    // Written at every row and kept where the row is in: no branch to be guessed wrong.
    let mut rows = vec![0; is_in.len() + 1];
    let mut n = 0;
    for (row, is_in) in (0u32..).zip(is_in) {
        rows[n] = row;
        n += usize::from(is_in);
    }
    rows.truncate(n);
    rows.shrink_to_fit();
    rows
}

fn put_together<T>(
    columns: &[&Column],
    pieces: impl Iterator<Item = (usize, Range<usize>)>,
    n_rows: usize,
    part: impl Fn(&Column, Range<usize>, &mut Vec<T>),
) -> Vec<T> {
    let mut out = Vec::with_capacity(n_rows);
    for (source, rows) in pieces {
        part(columns[source], rows, &mut out);
    }
    out
}
