//! Which columns of which rows does a fold see?

use crate::ask::Window;
use base::CustomerId;

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
    pub fn rows(&'a self, place: usize) -> Rows<'a> {
        let from = if place == 0 { self.start } else { self.ends[place - 1] };
        let row = |number: u32| (number - self.start) as usize;
        Rows { columns: self, place, from: row(from), to: row(self.ends[place]) }
    }
}

/// The rows of one customer: a stretch of the timeline, or all of it.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    columns: &'a Columns<'a>,
    place: usize,
    from: usize,
    to: usize,
}

impl<'a> Rows<'a> {
    /// Whose they are.
    #[must_use]
    pub fn customer(&self) -> CustomerId {
        self.columns.customers[self.place]
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.to - self.from
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.from == self.to
    }

    /// Those of them that are in `window`.
    #[must_use]
    pub fn clip(self, window: Window) -> Self {
        let times = self.times();
        let from = times.partition_point(|&at| at < window.from.0);
        let to = from + times[from..].partition_point(|&at| at < window.until.0);
        Self { from: self.from + from, to: self.from + to, ..self }
    }

    /// When each happened, ascending, in µs UTC.
    #[must_use]
    pub fn times(&self) -> &'a [i64] {
        &self.columns.times[self.from..self.to]
    }

    /// Which conditions hold for each; rows for which none holds may be missing. Empty where the
    /// question has no conditions: then every row in the window is there.
    #[must_use]
    pub fn marks(&self) -> &'a [Marks] {
        match self.columns.marks {
            [] => &[],
            marks => &marks[self.from..self.to],
        }
    }

    /// The `k`-th number asked for of each row; NaN where it has none.
    #[must_use]
    pub fn numbers(&self, k: usize) -> &'a [f64] {
        &self.columns.numbers[k][self.from..self.to]
    }

    /// The code of the `k`-th label asked for of each row.
    #[must_use]
    pub fn labels(&self, k: usize) -> &'a [u32] {
        &self.columns.labels[k][self.from..self.to]
    }

    /// The code of the `k`-th trait asked for of the customer.
    #[must_use]
    pub fn trait_(&self, k: usize) -> u32 {
        self.columns.traits[k][self.place]
    }
}
