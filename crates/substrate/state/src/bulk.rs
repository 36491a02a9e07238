//! How do thousands of rows go in or out with few statements?
//!
//! A statement is prepared once per shape, so shapes must be few: writes go in chunks of fixed
//! sizes, reads fill up their last chunk by asking for its last key again.
//!
//! For SQLite parameters are bare `?`: it takes `$1` for a *name*, and the driver then seeks every
//! one of thousands by name, each from the first.

use crate::db::Dialect;
use crate::{Db, Row, Sql, StateError, Tx, Value};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, LazyLock, Mutex};

/// Rows per statement, from the largest; the rest of a chunk goes down the ladder.
const WRITE_SIZES: [usize; 4] = [128, 16, 4, 1];
/// Keys per question, from the smallest; the first that holds all that is left is taken.
const READ_SIZES: [usize; 4] = [1, 16, 128, 512];

/// A statement that lists rows of values: `head` ends before them, `tail` goes on behind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    /// The text before the rows, such as `INSERT INTO t (a, b) VALUES`.
    pub head: &'static str,
    /// Values per row.
    pub n_columns: usize,
    /// The text behind the rows, such as `ON CONFLICT (a) DO UPDATE SET b = excluded.b`.
    pub tail: &'static str,
}

type Texts = HashMap<(Dialect, &'static str, &'static str, usize), Arc<str>>;

/// Texts already assembled. A statement is known by its dialect, head, tail and number of rows.
static TEXTS: LazyLock<Mutex<Texts>> = LazyLock::new(Mutex::default);

impl Rows {
    /// The statement for `n_rows` rows. One column is written without brackets around each value
    /// where `head` ends with `IN (`.
    fn text(&self, dialect: Dialect, n_rows: usize) -> Sql {
        let mut texts = TEXTS.lock().expect("nobody panics while assembling a text");
        let text = texts.entry((dialect, self.head, self.tail, n_rows));
        Sql::Shared(text.or_insert_with(|| self.assemble(dialect, n_rows).into()).clone())
    }

    fn assemble(&self, dialect: Dialect, n_rows: usize) -> String {
        let is_list = self.head.ends_with("IN (");
        let mut text = String::with_capacity(n_rows * self.n_columns * 6 + 256);
        text.push_str(self.head);
        for row in 0..n_rows {
            text.push_str(match (row, is_list) {
                (0, true) => "",
                (_, true) => ",",
                (0, false) => " (",
                (_, false) => ",(",
            });
            for column in 0..self.n_columns {
                text.push_str(if column > 0 { "," } else { "" });
                let number = row * self.n_columns + column + 1;
                match dialect {
                    Dialect::Sqlite => text.push('?'),
                    Dialect::Postgres => {
                        write!(text, "${number}").expect("a String takes any text");
                    }
                }
            }
            if !is_list {
                text.push(')');
            }
        }
        text.push_str(self.tail);
        text
    }

    /// Writes `items`, each as the values that `bind` pushes; answers how many rows were touched.
    pub async fn write<T>(
        &self,
        tx: &mut Tx,
        items: &[T],
        bind: impl for<'a> Fn(&'a T, &mut Vec<Value<'a>>),
    ) -> Result<u64, StateError> {
        let (dialect, mut rest, mut n_touched) = (tx.dialect(), items, 0);
        while let Some(size) = WRITE_SIZES.into_iter().find(|&size| size <= rest.len()) {
            let (chunk, behind) = rest.split_at(size);
            let mut values = Vec::with_capacity(size * self.n_columns);
            chunk.iter().for_each(|item| bind(item, &mut values));
            n_touched += tx.execute(self.text(dialect, size), values).await?;
            rest = behind;
        }
        Ok(n_touched)
    }

    /// Reads what is there for `keys`, in any order; a key that is not there gives no row.
    pub async fn read<T>(
        &self,
        db: &Db,
        keys: &[T],
        bind: impl for<'a> Fn(&'a T, &mut Vec<Value<'a>>),
    ) -> Result<Vec<Row>, StateError> {
        let (mut rest, mut rows) = (keys, Vec::with_capacity(keys.len()));
        while let Some(last) = rest.last() {
            let fitting = READ_SIZES.into_iter().find(|&size| size >= rest.len());
            let size = fitting.unwrap_or(READ_SIZES[READ_SIZES.len() - 1]);
            let (chunk, behind) = rest.split_at(size.min(rest.len()));
            let mut values = Vec::with_capacity(size * self.n_columns);
            chunk.iter().for_each(|key| bind(key, &mut values));
            (chunk.len()..size).for_each(|_| bind(last, &mut values));
            rows.extend(db.rows(self.text(db.dialect(), size), values).await?);
            rest = behind;
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_assembled_row_by_row() {
        let insert =
            Rows { head: "INSERT INTO t (a, b) VALUES", n_columns: 2, tail: " RETURNING a" };
        let list = Rows { head: "SELECT a FROM t WHERE a IN (", n_columns: 1, tail: ")" };
        let cases = [
            (
                Dialect::Postgres,
                "INSERT INTO t (a, b) VALUES ($1,$2),($3,$4) RETURNING a",
                "SELECT a FROM t WHERE a IN ($1,$2)",
            ),
            (
                Dialect::Sqlite,
                "INSERT INTO t (a, b) VALUES (?,?),(?,?) RETURNING a",
                "SELECT a FROM t WHERE a IN (?,?)",
            ),
        ];
        for (dialect, rows, keys) in cases {
            assert_eq!(insert.assemble(dialect, 2), rows);
            assert_eq!(list.assemble(dialect, 2), keys);
        }
    }
}
