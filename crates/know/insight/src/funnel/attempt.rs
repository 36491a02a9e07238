//! Which of a customer's attempts gets deepest, and by which events?

use super::held::Held;
use super::ordered::{self, Ordered};
use super::{any, strict};
use timeline::{ABSENT, Marks};

/// Steps of a funnel at most.
pub const STEPS_MAX: usize = 10;

/// How the bits of the marks are dealt out, and when an attempt is over: first the exclusions (at
/// the same moment they come first), then the steps, then whatever breaks a strict order.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) n_steps: usize,
    /// Between which steps each exclusion counts, from 1: after the first, before the second.
    pub(super) exclusions: Vec<(usize, usize)>,
    /// How long an attempt may last, in µs.
    pub(super) within: i64,
    /// Attempts begin before this.
    pub(super) begin_until: i64,
    pub(super) kind: Kind,
}

/// How the events of an attempt lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Ordered,
    Strict,
    Any,
}

/// How deep an attempt got, and the rows of its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Attempt {
    /// Steps reached; 0 where no attempt began.
    pub(super) level: usize,
    /// The row of each step reached.
    pub(super) rows: [u32; STEPS_MAX],
}

/// Rows of one timeline, in order of time.
#[derive(Clone, Copy)]
pub(super) struct Timeline<'a> {
    pub(super) times: &'a [i64],
    pub(super) marks: &'a [Marks],
    /// What must be the same in all steps of an attempt; empty where nothing must.
    pub(super) values: &'a [u32],
}

/// What is used again from customer to customer.
#[derive(Default)]
pub(super) struct Scratch {
    ordered: Ordered,
    held: Held,
    sorted: Sorted,
}

/// Rows that were put in order, and where they stood before.
#[derive(Default)]
struct Sorted {
    order: Vec<u32>,
    times: Vec<i64>,
    marks: Vec<Marks>,
    values: Vec<u32>,
}

impl Timeline<'_> {
    /// Whether a row may be a step of an attempt that began at `begin`.
    #[inline]
    pub(super) fn is_same(&self, begin: usize, row: usize) -> bool {
        self.values.is_empty()
            || self.values[begin] != ABSENT && self.values[begin] == self.values[row]
    }
}

impl Rules {
    #[inline]
    pub(super) fn steps_of(&self, marks: Marks) -> Marks {
        marks >> self.exclusions.len() & ((1 << self.n_steps) - 1)
    }

    #[inline]
    pub(super) fn exclusions_of(&self, marks: Marks) -> Marks {
        marks & ((1 << self.exclusions.len()) - 1)
    }

    /// The exclusions of the moment of `row`, told with the first of its rows that has any: at the
    /// same moment all exclusions come before all steps.
    #[inline]
    pub(super) fn exclusions_at(&self, line: Timeline<'_>, row: usize) -> Marks {
        if self.exclusions_of(line.marks[row]) == 0 {
            return 0;
        }
        let is_same = |other: &usize| line.times[*other] == line.times[row];
        let of = |row: usize| self.exclusions_of(line.marks[row]);
        if (0..row).rev().take_while(is_same).any(|row| of(row) != 0) {
            return 0;
        }
        (row..line.times.len()).take_while(is_same).fold(0, |all, row| all | of(row))
    }

    /// Whether the step after `level` steps is one of `marks`.
    #[inline]
    pub(super) fn goes_on(&self, marks: Marks, level: usize) -> bool {
        self.steps_of(marks) >> level & 1 == 1
    }

    /// The deepest attempt, the earliest among equals. Without `has_rows` only its level is said.
    ///
    /// Nobody knows the order of what happened in the same microsecond, so it is read in favour of
    /// the funnel: exclusions first, then in the order of the steps.
    #[inline]
    pub(super) fn best(
        &self,
        line: Timeline<'_>,
        scratch: &mut Scratch,
        has_rows: bool,
    ) -> Attempt {
        let Scratch { ordered, held, sorted } = scratch;
        if has_ties(line.times) && !is_in_order(line) {
            let mut attempt = self.best_in_order(sorted.sort(line), (ordered, held), true);
            for row in &mut attempt.rows[..attempt.level] {
                *row = sorted.order[*row as usize];
            }
            return attempt;
        }
        self.best_in_order(line, (ordered, held), has_rows)
    }

    #[inline]
    fn best_in_order(
        &self,
        line: Timeline<'_>,
        (ordered, held): (&mut Ordered, &mut Held),
        has_rows: bool,
    ) -> Attempt {
        match self.kind {
            Kind::Strict => strict::best(self, line),
            _ if !line.values.is_empty() => {
                held.best(self, line, |group| self.best_of_one((group, true), ordered))
            }
            _ => self.best_of_one((line, has_rows), ordered),
        }
    }

    #[inline]
    fn best_of_one(
        &self,
        (line, has_rows): (Timeline<'_>, bool),
        ordered: &mut Ordered,
    ) -> Attempt {
        match self.kind {
            Kind::Any => any::best(self, line),
            _ if !has_rows && self.exclusions.is_empty() => {
                Attempt { level: ordered::level(self, line), ..Attempt::default() }
            }
            _ => ordered.best(self, line, has_rows),
        }
    }
}

impl Sorted {
    #[cold]
    fn sort(&mut self, line: Timeline<'_>) -> Timeline<'_> {
        let Self { order, times, marks, values } = self;
        order.clear();
        order.extend((0..line.times.len() as u32).filter(|&row| line.marks[row as usize] != 0));
        order.sort_by_key(|&row| (line.times[row as usize], rank(line.marks[row as usize])));
        times.clear();
        times.extend(order.iter().map(|&row| line.times[row as usize]));
        marks.clear();
        marks.extend(order.iter().map(|&row| line.marks[row as usize]));
        values.clear();
        if !line.values.is_empty() {
            values.extend(order.iter().map(|&row| line.values[row as usize]));
        }
        Timeline { times, marks, values }
    }
}

/// Whether two rows are of the same moment; without a branch per row.
fn has_ties(times: &[i64]) -> bool {
    let pairs = times.iter().zip(times.iter().skip(1));
    pairs.fold(false, |has, (at, next)| has | (at == next))
}

fn is_in_order(line: Timeline<'_>) -> bool {
    let mut last = (i64::MIN, (0, 0));
    let counted = line.times.iter().zip(line.marks).filter(|(_, marks)| **marks != 0);
    for (&at, &marks) in counted {
        let this = (at, rank(marks));
        if this < last {
            return false;
        }
        last = this;
    }
    true
}

/// The place among rows of the same moment: exclusions first, then by the first step, then those
/// of one step before those of several.
fn rank(marks: Marks) -> (u32, Marks) {
    (marks.trailing_zeros(), marks)
}
