//! Which rows are one event together, when its lines need not follow one another?

use crate::Reject;
use crate::plan::Flaw;
use crate::remembered::Remembered;
use crate::row::Row;
use std::collections::{HashMap, VecDeque};

/// Bytes of rows that wait for the others of their group. Beyond, the oldest groups are closed
/// early; at 100 bytes a row that is 600,000 rows.
const WAITING_BYTES_MAX: usize = 64 << 20;

/// Rows that were read and wait to be told, in the order of their first rows.
///
/// A group is open from its first row until `within_rows` rows later, whatever comes in between,
/// so that groups close in the order in which they opened and the state at any row is a pure
/// function of the rows before it: an import that starts in the middle finds the same groups.
#[derive(Debug)]
pub(crate) struct Gathering {
    within_rows: u64,
    waiting: VecDeque<Group>,
    open: HashMap<Box<str>, u64>,
    n_closed: u64,
    closed_keys: Remembered,
    n_bytes: usize,
}

/// Rows that are one event together.
#[derive(Debug)]
pub(crate) struct Group {
    /// The first row's number, from 0.
    pub(crate) first_row: u64,
    /// What the rows have in common.
    pub(crate) key: Box<str>,
    /// The rows and their numbers; none where they are only counted.
    pub(crate) rows: Vec<Row>,
    /// Their numbers, from 0.
    pub(crate) numbers: Vec<u64>,
    /// What tells a row that is alone from all others; none for a group, whose key does.
    pub(crate) identity: Option<u128>,
    /// A row that was read but not understood: it stands alone and is rejected.
    pub(crate) flaw: Option<Flaw>,
    n_bytes: usize,
}

impl Group {
    fn named(first_row: u64, key: Box<str>) -> Self {
        let (rows, numbers) = (Vec::new(), Vec::new());
        Self { first_row, key, rows, numbers, identity: None, flaw: None, n_bytes: 0 }
    }

    /// The rejects of all rows, when the row with index `culprit` has `flaw`.
    pub(crate) fn rejected(&self, culprit: usize, flaw: &Flaw) -> Vec<Reject> {
        let reject = |(index, row): (usize, &Row)| {
            let alone = index == culprit;
            let because = || {
                let row = self.numbers.get(culprit).map_or(0, |n| n + 1);
                format!("row {row} of the same '{}' was rejected: {}", self.key, flaw.reason)
            };
            Reject {
                row: self.numbers.get(index).map_or(0, |n| n + 1),
                column: flaw.column.clone().filter(|_| alone),
                reason: if alone { flaw.reason.clone() } else { because() },
                cells: row.whole.as_ref().map_or_else(|| row.texts(), |w| vec![w.to_string()]),
            }
        };
        self.rows.iter().enumerate().map(reject).collect()
    }
}

impl Gathering {
    /// Gathers groups whose rows lie within `within_rows` of the first.
    pub(crate) fn new(within_rows: u64) -> Self {
        Self {
            within_rows,
            waiting: VecDeque::new(),
            open: HashMap::new(),
            n_closed: 0,
            closed_keys: Remembered::default(),
            n_bytes: 0,
        }
    }

    /// Adds row `number` under `key`. Rows of groups that began before `keep_from` are counted and
    /// not kept.
    pub(crate) fn add(&mut self, number: u64, key: Box<str>, row: Row, keep_from: u64) {
        if let Some(&sequence) = self.open.get(&key) {
            let index = usize::try_from(sequence - self.n_closed).expect("open groups wait");
            let group = &mut self.waiting[index];
            self.n_bytes += row.n_bytes();
            group.n_bytes += row.n_bytes();
            if group.first_row >= keep_from {
                group.rows.push(row);
                group.numbers.push(number);
            }
            return;
        }
        if self.closed_keys.count_before(key_hash(&key)) > 0 {
            let reason = format!(
                "the other rows of '{key}' came over {} rows earlier and were sent; sort the file \
                 by that column, or raise group.within_rows",
                self.within_rows
            );
            return self.add_alone(number, row, Err(Flaw { column: None, reason }), keep_from);
        }
        self.open.insert(key.clone(), self.n_closed + self.waiting.len() as u64);
        self.push(Group::named(number, key), row, keep_from);
    }

    /// Adds row `number`, which is a group of its own: known by its identity, or rejected.
    pub(crate) fn add_alone(
        &mut self,
        number: u64,
        row: Row,
        identity: Result<u128, Flaw>,
        keep_from: u64,
    ) {
        let mut group = Group::named(number, Box::default());
        match identity {
            Ok(identity) => group.identity = Some(identity),
            Err(flaw) => group.flaw = Some(flaw),
        }
        self.push(group, row, keep_from);
    }

    fn push(&mut self, mut group: Group, row: Row, keep_from: u64) {
        group.n_bytes = row.n_bytes();
        self.n_bytes += group.n_bytes;
        if group.first_row >= keep_from {
            group.rows.push(row);
            group.numbers.push(group.first_row);
        }
        self.waiting.push_back(group);
    }

    /// The oldest group, if no row from `next_row` on can belong to it.
    pub(crate) fn take_closed(&mut self, next_row: u64) -> Option<Group> {
        let first = self.waiting.front()?;
        let alone = first.key.is_empty();
        let passed = next_row.saturating_sub(first.first_row) >= self.within_rows;
        if alone || passed || self.n_bytes > WAITING_BYTES_MAX { self.take() } else { None }
    }

    /// The oldest group, closed or not: there are no more rows.
    pub(crate) fn take(&mut self) -> Option<Group> {
        let group = self.waiting.pop_front()?;
        self.n_closed += 1;
        self.n_bytes -= group.n_bytes;
        if !group.key.is_empty() {
            self.open.remove(&group.key);
            self.closed_keys.count(key_hash(&group.key));
        }
        Some(group)
    }

    /// The first row of the oldest group that waits.
    pub(crate) fn first_waiting(&self) -> Option<u64> {
        self.waiting.front().map(|group| group.first_row)
    }
}

fn key_hash(key: &str) -> u64 {
    base::hash::hash64(0x6b65_7973, key.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(within_rows: u64, keys: &[&str]) -> Vec<(String, Vec<u64>, bool)> {
        let mut gathering = Gathering::new(within_rows);
        let mut groups = Vec::new();
        for (number, key) in keys.iter().enumerate() {
            let number = number as u64;
            groups.extend(std::iter::from_fn(|| gathering.take_closed(number)));
            gathering.add(number, (*key).into(), Row::of_texts(&[key]), 0);
        }
        groups.extend(std::iter::from_fn(|| gathering.take()));
        groups.into_iter().map(|g| (g.key.into(), g.numbers, g.flaw.is_some())).collect()
    }

    #[test]
    fn lines_apart_are_one_group_within_reach() {
        let group = |key: &str, numbers: &[u64]| (key.to_owned(), numbers.to_vec(), false);
        let found = gathered(3, &["a", "b", "a", "b", "c"]);
        assert_eq!(found, [group("a", &[0, 2]), group("b", &[1, 3]), group("c", &[4])]);
    }

    #[test]
    fn late_lines_are_flawed_and_lost_to_nobody() {
        let found = gathered(2, &["a", "b", "b", "a"]);
        assert_eq!(found[0].1, [0]);
        assert_eq!(found[2], (String::new(), vec![3], true));
    }
}
