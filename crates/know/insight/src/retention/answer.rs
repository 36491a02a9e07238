//! What does a retention say?

use super::Plan;
use super::fold::RetentionTotal;
use crate::breakdown::{Group, Groups};
use base::Timestamp;
use stats::{Estimate, NotEstimable, UnitSums, share};
use timeline::{Texts, Window};

/// The retention of all, and of each group.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The columns, in their order.
    pub columns: Vec<Column>,
    /// Of all customers.
    pub all: RetentionGroup,
    /// By group, in their order; empty without a breakdown.
    pub groups: Vec<RetentionGroup>,
}

/// Which spans after the beginning a column stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The first.
    pub first: u32,
    /// The last.
    pub last: u32,
}

/// The retention of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct RetentionGroup {
    /// Which.
    pub group: Group,
    /// Its cohorts, in order of time.
    pub cohorts: Vec<CohortRow>,
    /// For each column, all cohorts together for which it is over.
    pub pooled: Vec<Pooled>,
}

/// One cohort.
#[derive(Clone, Debug, PartialEq)]
pub struct CohortRow {
    /// When it began.
    pub window: Window,
    /// What its span is called.
    pub name: String,
    /// Whether it gathered for a whole span, which is over; else its numbers are of a part of it.
    pub is_whole: bool,
    /// Customers.
    pub n: u64,
    /// Column by column; `None` for what had not begun.
    pub cells: Vec<Option<Cell>>,
}

/// One cohort in one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Customers who returned.
    pub n: u64,
    /// Of the cohort.
    pub of: Result<Estimate, NotEstimable>,
    /// Whether its time was over for everybody; else the number can still grow. In
    /// [`OnOrAfter`](super::Counting::OnOrAfter) every number can.
    pub is_over: bool,
    /// What their returns are worth, where a value is asked for.
    pub worth: Option<Worth>,
}

/// What returns are worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Worth {
    /// What they add up to.
    pub sum: f64,
    /// Per customer of the cohort, also those who did not return.
    pub per_customer: Result<Estimate, NotEstimable>,
    /// As a share of the first column: above 1 where those who returned spent more than all did at
    /// the beginning.
    pub of_first: Result<f64, NotEstimable>,
}

/// All cohorts of a group for which a column is over, together.
#[derive(Clone, Debug, PartialEq)]
pub struct Pooled {
    /// How many cohorts that are, of those with a customer.
    pub n_cohorts: usize,
    /// Customers who returned; one who is in several cohorts is counted in each.
    pub n: u64,
    /// Of the customers of these cohorts.
    pub of: Result<Estimate, NotEstimable>,
}

/// The cells of one group while they are put together.
#[derive(Clone)]
struct Part {
    n: Vec<u64>,
    sums: Vec<UnitSums>,
}

impl Plan {
    /// The answer, of what the fold came to, in the groups in which most customers began.
    #[must_use]
    pub fn answer(&self, total: &RetentionTotal, texts: &[Texts]) -> Answer {
        let texts = self.codes.texts(&self.ask, texts);
        let groups =
            texts.map(|texts| Groups::rank(&self.weights(total, texts), texts, self.n_groups));
        self.answer_by(total, groups.as_ref())
    }

    /// The answer in the groups of another answer, so that the two can be compared. Who is in none
    /// of them is in the whole alone.
    #[must_use]
    pub fn answer_in(&self, groups: &[Group], total: &RetentionTotal, texts: &[Texts]) -> Answer {
        let texts = self.codes.texts(&self.ask, texts);
        let groups = texts.map(|texts| Groups::like(groups, &self.weights(total, texts), texts));
        self.answer_by(total, groups.as_ref())
    }

    fn answer_by(&self, total: &RetentionTotal, groups: Option<&Groups>) -> Answer {
        let mut all = self.part();
        let mut parts = vec![self.part(); groups.map_or(0, Groups::len)];
        let place = |code| groups.and_then(|groups| groups.find(code));
        for (code, cell, n) in total.n.iter().filter(|(.., n)| **n > 0) {
            all.n[cell] += n;
            place(code).into_iter().for_each(|place| parts[place].n[cell] += n);
        }
        for (code, cell, sums) in total.sums.iter().filter(|(.., sums)| sums.n() > 0) {
            all.sums[cell].merge(sums);
            place(code).into_iter().for_each(|place| parts[place].sums[cell].merge(sums));
        }
        let columns =
            self.columns.iter().map(|(first, next)| Column { first: *first, last: next - 1 });
        let named = groups.into_iter().flat_map(Groups::groups).cloned().zip(parts);
        Answer {
            columns: columns.collect(),
            all: self.group(Group::All, all),
            groups: named.map(|(group, part)| self.group(group, part)).collect(),
        }
    }

    /// How many customers began, by code.
    fn weights(&self, total: &RetentionTotal, texts: &Texts) -> Vec<u64> {
        let mut weights = vec![0; texts.len() + 1];
        for (code, cell, n) in total.n.iter() {
            if cell % (self.n_columns() + 1) == 0 {
                weights[code as usize] += n;
            }
        }
        weights
    }

    fn part(&self) -> Part {
        let n_cells = self.cell(self.n_cohorts);
        let n_sums = if self.has_value { n_cells } else { 0 };
        Part { n: vec![0; n_cells], sums: vec![UnitSums::default(); n_sums] }
    }

    fn group(&self, group: Group, mut part: Part) -> RetentionGroup {
        if self.is_or_after {
            for cohort in 0..self.n_cohorts {
                let from = self.cell(cohort) + 1;
                for cell in (from..from + self.n_columns() - 1).rev() {
                    part.n[cell] += part.n[cell + 1];
                }
            }
        }
        let cohorts: Vec<CohortRow> = (0..self.n_cohorts).map(|k| self.row(k, &part)).collect();
        let pooled = (0..self.n_columns()).map(|column| pooled(&cohorts, column)).collect();
        RetentionGroup { group, cohorts, pooled }
    }

    fn row(&self, cohort: usize, part: &Part) -> CohortRow {
        let place = self.cell(cohort);
        let n = part.n[place];
        let window = self.began_in(cohort);
        let cell = |column: usize| {
            let (first, _) = self.columns[column];
            if self.time_of(cohort, first).from >= self.now {
                return None;
            }
            let n_back = part.n[place + 1 + column];
            Some(Cell {
                n: n_back,
                of: share(n_back, n),
                is_over: self.is_over(cohort, column),
                worth: self.has_value.then(|| worth(n, &part.sums[place + 1..], column)),
            })
        };
        CohortRow {
            window,
            name: self.calendar.name(self.spans.grain(), self.spans.span(cohort).from),
            is_whole: window == self.spans.span(cohort),
            n,
            cells: (0..self.n_columns()).map(cell).collect(),
        }
    }

    /// Whether the time of a column is over for everybody of a cohort.
    pub(super) fn is_over(&self, cohort: usize, column: usize) -> bool {
        let (_, next) = self.columns[column];
        self.time_of(cohort, next - 1).until <= self.now
    }

    /// When a cohort began: its span, without what is out of the period.
    fn began_in(&self, cohort: usize) -> Window {
        let Window { from, until } = self.spans.clipped(cohort);
        Window { from, until: until.min(self.window.until) }
    }

    /// From when to when somebody of the cohort can return in the span `n_spans` after.
    fn time_of(&self, cohort: usize, n_spans: u32) -> Window {
        if let Some(length) = self.exact {
            let Window { from, until } = self.began_in(cohort);
            let n_spans = i64::from(n_spans);
            let later = |at: Timestamp, n: i64| Timestamp(at.0.saturating_add(n * length));
            return Window { from: later(from, n_spans), until: later(until, n_spans + 1) };
        }
        let place = cohort + n_spans as usize;
        match place < self.spans.len() {
            true => self.spans.span(place),
            // What lies behind the last span has not begun.
            false => Window { from: Timestamp(i64::MAX), until: Timestamp(i64::MAX) },
        }
    }
}

fn worth(n: u64, columns: &[UnitSums], column: usize) -> Worth {
    let mut sums = columns[column].clone();
    // Those without a return are units as well.
    sums.add_idle(n - sums.n());
    let (sum, first) = (sums.sum(), columns[0].sum());
    let of_first = if first == 0.0 { Err(NotEstimable::ZeroBaseline) } else { Ok(sum / first) };
    Worth { sum, per_customer: sums.per_unit(), of_first }
}

fn pooled(cohorts: &[CohortRow], column: usize) -> Pooled {
    let over = cohorts.iter().filter_map(|row| {
        let cell = row.cells[column].as_ref()?;
        (cell.is_over && row.n > 0).then_some((row.n, cell.n))
    });
    let (mut n_cohorts, mut n_began, mut n_back) = (0, 0, 0);
    for (began, back) in over {
        n_cohorts += 1;
        n_began += began;
        n_back += back;
    }
    Pooled { n_cohorts, n: n_back, of: share(n_back, n_began) }
}
