//! Which attempt gets deepest where all its steps must say the same in some field?
//!
//! Each value has a timeline of its own, of the events that say it; exclusions are in all of them.

use super::attempt::{Attempt, Rules, Timeline};
use std::collections::HashMap;
use timeline::{ABSENT, Marks};

/// What is used again from customer to customer.
#[derive(Default)]
pub(super) struct Held {
    /// The rows of steps, by value and then in order.
    order: Vec<u32>,
    /// When each exclusion happened.
    exclusions: Vec<Vec<i64>>,
    /// The rows of one value, and those of exclusions before them.
    rows: Vec<u32>,
    times: Vec<i64>,
    marks: Vec<Marks>,
}

/// The row of what is none: exclusions between two rows of a value, taken together.
const NO_ROW: u32 = u32::MAX;

impl Held {
    /// The deepest of all values, the earliest among equals.
    pub(super) fn best(
        &mut self,
        rules: &Rules,
        line: Timeline<'_>,
        mut best_of: impl FnMut(Timeline<'_>) -> Attempt,
    ) -> Attempt {
        self.sort(rules, line);
        let order = std::mem::take(&mut self.order);
        let mut best = Attempt::default();
        for group in order.chunk_by(|a, b| line.values[*a as usize] == line.values[*b as usize]) {
            self.take(rules, line, group);
            let mut attempt =
                best_of(Timeline { times: &self.times, marks: &self.marks, values: &[] });
            for row in &mut attempt.rows[..attempt.level] {
                *row = self.rows[*row as usize];
            }
            let is_earlier = attempt.level == best.level && attempt.rows[0] < best.rows[0];
            if attempt.level > best.level || is_earlier {
                best = attempt;
            }
        }
        self.order = order;
        best
    }

    fn sort(&mut self, rules: &Rules, line: Timeline<'_>) {
        let is_step = |row: &u32| {
            let row = *row as usize;
            line.values[row] != ABSENT && rules.steps_of(line.marks[row]) != 0
        };
        self.order.clear();
        self.order.extend((0..line.times.len() as u32).filter(is_step));
        self.order.sort_by_key(|&row| line.values[row as usize]);

        self.exclusions.resize_with(rules.exclusions.len(), Vec::new);
        for (k, times) in self.exclusions.iter_mut().enumerate() {
            let rows = line.times.iter().zip(line.marks);
            times.clear();
            times.extend(rows.filter(|(_, marks)| **marks >> k & 1 == 1).map(|(at, _)| *at));
        }
    }

    /// The timeline of one value.
    fn take(&mut self, rules: &Rules, line: Timeline<'_>, group: &[u32]) {
        self.rows.clear();
        self.times.clear();
        self.marks.clear();
        let mut last = i64::MIN;
        for &row in group {
            let at = line.times[row as usize];
            let excluded = self.excluded(last, at);
            if excluded != 0 {
                self.push(NO_ROW, at, excluded);
            }
            let steps = rules.steps_of(line.marks[row as usize]);
            self.push(row, at, steps << rules.exclusions.len());
            last = at;
        }
    }

    /// Which exclusions happened after `last` and not after `at`.
    fn excluded(&self, last: i64, at: i64) -> Marks {
        let happened = |times: &[i64]| {
            let place = times.partition_point(|time| *time <= last);
            times.get(place).is_some_and(|time| *time <= at)
        };
        let which = self.exclusions.iter().enumerate();
        which.fold(0, |marks, (k, times)| marks | Marks::from(happened(times)) << k)
    }

    fn push(&mut self, row: u32, at: i64, marks: Marks) {
        self.rows.push(row);
        self.times.push(at);
        self.marks.push(marks);
    }
}

/// One value per row out of several: the same number where all of them are the same, absent where
/// one of them is.
#[derive(Default)]
pub(super) struct Combined {
    numbers: HashMap<Box<[u32]>, u32>,
    values: Vec<u32>,
}

impl Combined {
    /// The values of the rows of which `columns` are columns, at least two.
    pub(super) fn of(&mut self, columns: &[&[u32]]) -> &[u32] {
        self.numbers.clear();
        self.values.clear();
        for row in 0..columns[0].len() {
            let all: Box<[u32]> = columns.iter().map(|column| column[row]).collect();
            let value = if all.contains(&ABSENT) {
                ABSENT
            } else {
                let next = self.numbers.len() as u32 + 1;
                *self.numbers.entry(all).or_insert(next)
            };
            self.values.push(value);
        }
        &self.values
    }
}
