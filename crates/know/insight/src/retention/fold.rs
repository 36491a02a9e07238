//! In which cohorts is a customer, and when did they return?

use super::{Cohort, Plan};
use crate::breakdown::Group;
use crate::cells::Cells;
use crate::kept::seen_whole;
use crate::listed::Listed;
use crate::{Behind, LISTED_MAX};
use base::Timestamp;
use stats::{ExactSum, UnitSums};
use std::sync::Arc;
use timeline::{Ask, CustomerBouts, Fold, Marks, Rows, Texts, Window};

/// What a number of customers come to.
pub struct RetentionTotal {
    /// By group; the cells of a cohort side by side: its customers, then the columns.
    pub(super) n: Cells<u64>,
    /// What returns add up to, likewise, each customer a unit; nothing where no value is asked for.
    pub(super) sums: Cells<UnitSums>,
    room: Room,
}

/// What is used again from customer to customer.
#[derive(Default)]
struct Room {
    began: Vec<Began>,
    times: Vec<i64>,
    values: Vec<f64>,
    worth: Worth,
}

/// How many returns with a value are in a column, and what they add up to; columns ascend.
type Worth = Vec<(usize, u64, ExactSum)>;

/// A customer's beginning.
#[derive(Clone, Copy, Debug)]
struct Began {
    cohort: usize,
    at: i64,
    code: u32,
}

/// The returning events of a customer.
#[derive(Clone, Copy)]
struct Returns<'a> {
    times: &'a [i64],
    /// Which of them are some; all where empty.
    marks: &'a [Marks],
    /// The bit that says so.
    bit: Marks,
    values: &'a [f64],
}

impl Returns<'_> {
    #[inline]
    fn is_one(&self, row: usize) -> bool {
        self.marks.is_empty() || self.marks[row] & self.bit != 0
    }
}

impl Plan {
    /// How many columns there are.
    pub(super) fn n_columns(&self) -> usize {
        self.columns.len()
    }

    /// Where the cells of a cohort begin.
    pub(super) fn cell(&self, cohort: usize) -> usize {
        cohort * (self.n_columns() + 1)
    }

    /// The beginnings of a customer that count.
    fn began(&self, rows: &Rows<'_>, began: &mut Vec<Began>) {
        began.clear();
        let (times, marks) = (rows.times(), rows.marks());
        if self.cohort == Cohort::First && marks.is_empty() {
            let at = rows.span().0;
            if self.window.holds(Timestamp(at)) {
                let (cohort, code) = (self.spans.place(at), self.codes.at(rows, 0));
                began.push(Began { cohort, at, code });
            }
            return;
        }
        let mut done_until = self.window.from.0;
        let mut row = match self.cohort {
            Cohort::First => 0,
            Cohort::Every => skip(times, 0, done_until),
        };
        while row < times.len() && times[row] < self.window.until.0 {
            if !marks.is_empty() && marks[row] & 1 == 0 {
                row += 1;
                continue;
            }
            let at = times[row];
            if at >= done_until {
                let cohort = self.spans.place(at);
                began.push(Began { cohort, at, code: self.codes.at(rows, row) });
                done_until = self.spans.end(cohort);
            }
            if self.cohort == Cohort::First {
                return;
            }
            row = skip(times, row + 1, done_until);
        }
    }

    /// How many spans after the beginning `at` is, and where that span ends.
    #[inline]
    fn span_after(&self, began: Began, at: i64) -> (usize, i64) {
        match self.exact {
            Some(length) => {
                let n = (at - began.at) / length;
                (n as usize, began.at + (n + 1) * length)
            }
            None => {
                let place = self.spans.place(at);
                (place - began.cohort, self.spans.end(place))
            }
        }
    }

    /// Each column in which the customer returned, ascending.
    #[inline]
    fn columns_of(&self, began: Began, returns: Returns<'_>, mut note: impl FnMut(usize)) {
        let times = returns.times;
        let (mut row, mut last) = (skip(times, 0, began.at), None);
        while row < times.len() {
            if !returns.is_one(row) {
                row += 1;
                continue;
            }
            let (n_spans, end) = self.span_after(began, times[row]);
            let Some(column) = self.column(n_spans) else { return };
            if last != Some(column) {
                note(column);
                last = Some(column);
            }
            row = skip(times, row + 1, end);
        }
    }

    /// The column of a span; `None` after the last.
    #[inline]
    fn column(&self, n_spans: usize) -> Option<usize> {
        match self.column_of.get(n_spans) {
            Some(column) => Some(*column as usize),
            None => self.is_or_after.then(|| self.n_columns() - 1),
        }
    }

    /// The same by the bouts of a customer of whom every event is a return and the first the
    /// beginning.
    #[inline]
    fn columns_of_bouts(
        &self,
        began: Began,
        (bouts, times): (CustomerBouts<'_>, &[i64]),
        mut note: impl FnMut(usize),
    ) {
        let mut noted = None;
        // Where the last span that was looked at ends.
        let mut seen_until = i64::MIN;
        for (k, (&first, &last)) in bouts.firsts.iter().zip(bouts.lasts).enumerate() {
            let (mut at, mut row) = (first, 0);
            while last >= seen_until {
                if at < seen_until {
                    let of_bout = &times[bouts.rows(k)];
                    row = skip(of_bout, row, seen_until);
                    at = of_bout[row];
                }
                let (n_spans, end) = self.span_after(began, at);
                let Some(column) = self.column(n_spans) else { return };
                if noted != Some(column) {
                    note(column);
                    noted = Some(column);
                }
                seen_until = end;
            }
        }
    }

    /// What the returns of each column add up to.
    fn add_up(&self, began: Began, returns: Returns<'_>, worth: &mut Worth) {
        worth.clear();
        for row in skip(returns.times, 0, began.at)..returns.times.len() {
            let value = returns.values[row];
            if !returns.is_one(row) || value.is_nan() {
                continue;
            }
            let (n_spans, _) = self.span_after(began, returns.times[row]);
            let Some(column) = self.column(n_spans) else { return };
            if worth.last().is_none_or(|(last, ..)| *last != column) {
                worth.push((column, 0, ExactSum::default()));
            }
            let (_, n, sum) = worth.last_mut().expect("one was just put there");
            *n += 1;
            sum.add(value);
        }
    }

    /// Adds a customer to the columns in which they count.
    fn add_worth(&self, began: Began, worth: &Worth, sums: &mut Cells<UnitSums>) {
        let cell = self.cell(began.cohort) + 1;
        let mut n_and_sum = (0, ExactSum::default());
        let mut next = None;
        for (column, n, sum) in worth.iter().rev() {
            if !self.is_or_after {
                sums.at(began.code, cell + column).add(*n, sum);
                continue;
            }
            // What counts for a column counts for all before it.
            let between = next.map_or(0..0, |next| column + 1..next);
            for column in between {
                sums.at(began.code, cell + column).add(n_and_sum.0, &n_and_sum.1);
            }
            n_and_sum.0 += n;
            n_and_sum.1.merge(sum);
            sums.at(began.code, cell + column).add(n_and_sum.0, &n_and_sum.1);
            next = Some(*column);
        }
        for column in 0..next.filter(|_| self.is_or_after).unwrap_or(0) {
            sums.at(began.code, cell + column).add(n_and_sum.0, &n_and_sum.1);
        }
    }

    /// The returning events; of one who is in several cohorts put together, so that each cohort
    /// goes through nothing else.
    fn returns<'a>(
        &self,
        rows: &Rows<'a>,
        times: &'a mut Vec<i64>,
        values: &'a mut Vec<f64>,
    ) -> Returns<'a> {
        let all = Returns {
            times: rows.times(),
            marks: rows.marks(),
            bit: if self.ask.conditions.len() == 2 { 2 } else { 1 },
            values: if self.has_value { rows.numbers(0) } else { &[] },
        };
        if self.cohort == Cohort::First || all.marks.is_empty() {
            return all;
        }
        times.clear();
        values.clear();
        for row in (0..all.times.len()).filter(|row| all.is_one(*row)) {
            times.push(all.times[row]);
            values.extend(all.values.get(row));
        }
        Returns { times, marks: &[], values, ..all }
    }
}

/// The first row from `from` on that is not before `until`; quick where it is near.
#[inline]
fn skip(times: &[i64], from: usize, until: i64) -> usize {
    let (mut low, mut step) = (from, 1);
    while low + step <= times.len() && times[low + step - 1] < until {
        low += step;
        step *= 2;
    }
    let high = times.len().min(low + step);
    low + times[low..high].partition_point(|at| *at < until)
}

impl Fold for Plan {
    type Total = RetentionTotal;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut RetentionTotal) {
        let RetentionTotal { n, sums, room } = total;
        let Room { began: begans, times, values, worth } = room;
        self.began(&rows, begans);
        if begans.is_empty() {
            return;
        }
        let returns = self.returns(&rows, times, values);
        for &began in begans.iter() {
            let cell = self.cell(began.cohort);
            *n.at(began.code, cell) += 1;
            let mut last = None;
            let note = |column| {
                if !self.is_or_after {
                    *n.at(began.code, cell + 1 + column) += 1;
                }
                last = Some(column);
            };
            match rows.bouts().filter(|_| self.cohort == Cohort::First && returns.marks.is_empty())
            {
                Some(bouts) => self.columns_of_bouts(began, (bouts, returns.times), note),
                None => self.columns_of(began, returns, note),
            }
            // By the last column alone: those before it are added up in the answer.
            if let Some(column) = last.filter(|_| self.is_or_after) {
                *n.at(began.code, cell + 1 + column) += 1;
            }
            if self.has_value {
                self.add_up(began, returns, worth);
                self.add_worth(began, worth, sums);
            }
        }
    }

    fn total(&self) -> RetentionTotal {
        let n_cells = self.cell(self.n_cohorts);
        let n_sums = if self.has_value { n_cells } else { 0 };
        RetentionTotal { n: Cells::new(n_cells), sums: Cells::new(n_sums), room: Room::default() }
    }

    fn merge(&self, into: &mut RetentionTotal, other: RetentionTotal) {
        into.n.merge(&other.n, |into, n| *into += n);
        into.sums.merge(&other.sums, UnitSums::merge);
    }
}

/// A point of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The cohort, by its place; `None` is all of them together: those for which the column is over
    /// (all, where no column is looked at). Then a customer of several cohorts is listed once.
    pub cohort: Option<usize>,
    /// Whom of it.
    pub side: Side,
    /// The group, and the values of the answer that have a group of their own.
    pub group: (Group, Vec<Arc<str>>),
}

/// Whom of a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// All of it, of all cohorts together those for which this column is over.
    Began(Option<usize>),
    /// Those counted in this column.
    Returned(usize),
    /// Those who are not.
    Stayed(usize),
}

/// The customers behind a point.
#[derive(Clone, Debug)]
pub struct Members {
    plan: Plan,
    point: Point,
    limit: usize,
}

impl Plan {
    /// The fold that lists the customers of a point, `limit` of them at most.
    #[must_use]
    pub fn members(&self, point: Point, limit: usize) -> Members {
        let mut plan = self.clone();
        if self.cohort == Cohort::Every
            && let Some(cohort) = point.cohort
        {
            let cohort = self.spans.clipped(cohort.min(self.n_cohorts - 1));
            plan.window = Window { until: cohort.until.min(self.window.until), ..cohort };
        }
        Members { plan, point, limit: limit.min(LISTED_MAX) }
    }
}

impl Members {
    /// The customers, of what the fold came to.
    #[must_use]
    pub fn answer(&self, total: &Listed, texts: &[Texts]) -> Behind {
        let (group, shown) = &self.point.group;
        let texts = self.plan.codes.texts(&self.plan.ask, texts);
        total.of(group, (shown, texts), self.limit)
    }

    /// Whether a cohort is looked at.
    fn is_of(&self, cohort: usize) -> bool {
        let column = match self.point.side {
            Side::Began(column) => column,
            Side::Returned(column) | Side::Stayed(column) => Some(column),
        };
        match self.point.cohort {
            Some(of) => of == cohort,
            None => column.is_none_or(|column| self.plan.is_over(cohort, column)),
        }
    }

    fn takes(&self, began: Began, returns: Returns<'_>) -> bool {
        let is_counted = |column: usize| {
            let mut is = false;
            self.plan.columns_of(began, returns, |seen| {
                is |= seen == column || self.plan.is_or_after && seen > column;
            });
            is
        };
        match self.point.side {
            Side::Began(_) => true,
            Side::Returned(column) => is_counted(column),
            Side::Stayed(column) => !is_counted(column),
        }
    }
}

impl Fold for Members {
    type Total = Listed;

    fn ask(&self) -> &Ask {
        &self.plan.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Listed) {
        let mut room = Room::default();
        self.plan.began(&rows, &mut room.began);
        let returns = self.plan.returns(&rows, &mut room.times, &mut room.values);
        let mut codes: Vec<u32> = Vec::new();
        for began in room.began.iter().filter(|began| self.is_of(began.cohort)) {
            if !codes.contains(&began.code) && self.takes(*began, returns) {
                codes.push(began.code);
            }
        }
        total.add_in(&codes, rows.customer(), self.limit);
    }

    fn total(&self) -> Listed {
        Listed::default()
    }

    fn merge(&self, into: &mut Listed, other: Listed) {
        into.merge(other, self.limit);
    }
}
