//! Which columns of which rows does a fold see?

use crate::ask::Window;
use crate::bouts::{BoutsFrom, CustomerBouts};
use base::CustomerId;
use std::ops::Range;

/// Which conditions of the [`Ask`](crate::Ask) hold for a row: bit `k` for the `k`-th.
pub type Marks = u16;

/// The rows of many customers, column by column, sorted by customer, time and arrival. All rows of
/// a customer are in it.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    /// The customers, ascending, each once.
    pub customers: &'a [CustomerId],
    /// What `ends` counts from: the number of the first row.
    pub start: u32,
    /// Where the rows of each customer end; they begin where those of the one before end.
    pub ends: &'a [u32],
    /// When each row happened, in µs UTC.
    pub times: &'a [i64],
    /// When the first and the last row of each customer happened; empty where it is not known.
    pub spans: &'a [(i64, i64)],
    /// The bouts of the customers, where they are known.
    pub bouts: Option<BoutsFrom<'a>>,
    /// Which conditions hold for each row; empty where the question has no conditions.
    pub marks: &'a [Marks],
    /// A column for each number asked for; NaN where the row has none.
    pub numbers: &'a [&'a [f64]],
    /// A column of codes for each label asked for; [`ABSENT`](crate::ABSENT) where there is none.
    pub labels: &'a [&'a [u32]],
    /// A column of codes for each trait asked for, one code per customer.
    pub traits: &'a [&'a [u32]],
}

impl<'a> Columns<'a> {
    /// The rows of the customer at `place`.
    #[must_use]
    #[inline]
    pub fn rows(&'a self, place: usize) -> Rows<'a> {
        let from = if place == 0 { self.start } else { self.ends[place - 1] };
        let row = |number: u32| (number - self.start) as usize;
        Rows { columns: self, place, from: row(from), to: row(self.ends[place]), share: Share::All }
    }
}

/// The rows of one customer: a stretch of the timeline, or all of it.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    columns: &'a Columns<'a>,
    place: usize,
    from: usize,
    to: usize,
    share: Share,
}

/// What of a customer's rows some rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Share {
    /// All.
    All,
    /// Those of some bouts, by number: from one to before another.
    Bouts(u32, u32),
    /// Some others.
    Some,
}

impl<'a> Rows<'a> {
    /// Whose they are.
    #[must_use]
    #[inline]
    pub fn customer(&self) -> CustomerId {
        self.columns.customers[self.place]
    }

    /// How many there are.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.to - self.from
    }

    /// Whether there are none.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.from == self.to
    }

    /// When the first and the last of them happened; there must be one. Nothing else of the rows is
    /// looked at where it is known.
    #[must_use]
    #[inline]
    pub fn span(&self) -> (i64, i64) {
        match self.columns.spans.get(self.place) {
            Some(span) if self.share == Share::All => *span,
            _ => (self.columns.times[self.from], self.columns.times[self.to - 1]),
        }
    }

    /// Those of them that are in `window`.
    #[must_use]
    #[inline]
    pub fn clip(self, window: Window) -> Self {
        if self.is_empty() {
            return self;
        }
        let (first, last) = self.span();
        let (is_first_in, is_last_in) = (first >= window.from.0, last < window.until.0);
        if is_first_in && is_last_in {
            return self;
        }
        if last < window.from.0 || first >= window.until.0 {
            return Self { to: self.from, share: Share::Some, ..self };
        }
        match self.columns.bouts.filter(|_| self.share == Share::All) {
            Some(bouts) => self.clip_bouts(bouts, window),
            None => {
                let rows = clipped(self.times(), window);
                Self { from: self.from + rows.start, to: self.from + rows.end, ..self }.some()
            }
        }
    }

    /// The same by the bouts: only at those that the window cuts in two rows are looked at.
    fn clip_bouts(self, bouts: BoutsFrom<'a>, window: Window) -> Self {
        let first = bouts.range(self.place).start;
        let of = bouts.whole(self.place);
        let from = of.lasts.partition_point(|&at| at < window.from.0);
        let to = of.firsts.partition_point(|&at| at < window.until.0);
        if from >= to {
            return Self { to: self.from, ..self }.some();
        }
        let rows = of.rows(from).start..of.rows(to - 1).end;
        let is_cut = of.firsts[from] < window.from.0 || of.lasts[to - 1] >= window.until.0;
        let (begin, end) = (self.from + rows.start, self.from + rows.end);
        let of_bouts = Self { from: begin, to: end, ..self };
        if is_cut {
            let rows = clipped(of_bouts.times(), window);
            return Self { from: begin + rows.start, to: begin + rows.end, ..self }.some();
        }
        let share = Share::Bouts((first + from) as u32, (first + to) as u32);
        Self { share, ..of_bouts }
    }

    fn some(self) -> Self {
        Self { share: Share::Some, ..self }
    }

    /// When each happened, ascending, in µs UTC.
    #[must_use]
    #[inline]
    pub fn times(&self) -> &'a [i64] {
        &self.columns.times[self.from..self.to]
    }

    /// The bouts that they make up; `None` where these are not known, or are not whole.
    #[must_use]
    #[inline]
    pub fn bouts(&self) -> Option<CustomerBouts<'a>> {
        let bouts = self.columns.bouts?;
        match self.share {
            Share::All => Some(bouts.whole(self.place)),
            Share::Bouts(from, to) => {
                let start = self.columns.start + self.from as u32;
                Some(bouts.some(from as usize..to as usize, start))
            }
            Share::Some => None,
        }
    }

    /// Which conditions hold for each; rows for which none holds may be missing. Empty where the
    /// question has no conditions: then every row in the window is there.
    #[must_use]
    #[inline]
    pub fn marks(&self) -> &'a [Marks] {
        match self.columns.marks {
            [] => &[],
            marks => &marks[self.from..self.to],
        }
    }

    /// The `k`-th number asked for of each row; NaN where it has none.
    #[must_use]
    #[inline]
    pub fn numbers(&self, k: usize) -> &'a [f64] {
        &self.columns.numbers[k][self.from..self.to]
    }

    /// The code of the `k`-th label asked for of each row.
    #[must_use]
    #[inline]
    pub fn labels(&self, k: usize) -> &'a [u32] {
        &self.columns.labels[k][self.from..self.to]
    }

    /// The code of the `k`-th trait asked for of the customer.
    #[must_use]
    #[inline]
    pub fn trait_(&self, k: usize) -> u32 {
        self.columns.traits[k][self.place]
    }
}

/// Which of sorted times are in a window.
fn clipped(times: &[i64], window: Window) -> Range<usize> {
    let from = times.partition_point(|&at| at < window.from.0);
    from..from + times[from..].partition_point(|&at| at < window.until.0)
}
