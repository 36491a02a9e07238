//! What do the customers come to who were counted so far?
//!
//! Measures of events (how many, the sum) simply add up, also over groups. Measures of customers do
//! not: who had two of the values that end up in "other" is one customer there, and which values
//! these are is known only at the end. So a customer with one group in a span is counted at once, and
//! one with several is kept until the groups are known.

use super::definition::Measure;
use super::table::{Cell, Table};
use crate::breakdown::Groups;
use crate::visits::Kinds;
use stats::{ExactSum, UnitSums};

/// Parts of customers with several groups that are kept at most: 20 million of some 20 bytes.
pub const KEPT_MAX: usize = 20_000_000;

/// The numbers of a trend, while it is counted.
#[derive(Clone, Debug)]
pub struct Total {
    /// By series.
    pub(super) columns: Vec<Column>,
    /// Events that count by the code of their group; without a breakdown empty.
    pub(super) weights: Vec<u64>,
    /// What the codes are numbers of, where events are told apart by channel.
    pub(super) kinds: Kinds,
    /// Room for one customer.
    pub(super) span: Gathered,
    pub(super) whole: Gathered,
    pub(super) of_rows: Vec<u32>,
}

/// The numbers of one series.
#[derive(Clone, Debug)]
pub(super) enum Column {
    Events(Table<u64>),
    Sums(Table<Sum>),
    Extremes(Table<Extremes>),
    Values(Table<Vec<f64>>),
    /// Customers, as many as there are.
    Customers(Table<u64>, Several),
    /// Customers with what they have.
    Units(Table<UnitSums>, Several),
}

/// A sum of numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Sum {
    pub n: u64,
    pub sum: ExactSum,
}

impl Cell for Sum {
    fn merge(&mut self, other: Self) {
        self.n += other.n;
        self.sum.merge(&other.sum);
    }
}

/// The least and the largest of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extremes {
    pub n: u64,
    pub min: f64,
    pub max: f64,
}

impl Default for Extremes {
    fn default() -> Self {
        Self { n: 0, min: f64::INFINITY, max: f64::NEG_INFINITY }
    }
}

impl Cell for Extremes {
    fn merge(&mut self, other: Self) {
        self.n += other.n;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

/// Customers who have several groups in one span.
#[derive(Clone, Debug, Default)]
pub(super) struct Several {
    /// The span of each customer, and where their parts end.
    heads: Vec<(u32, u64)>,
    codes: Vec<u32>,
    /// What each part has; empty where customers are counted only.
    things: Vec<(u64, f64)>,
    /// Whether there were more than can be kept.
    pub is_too_much: bool,
}

impl Several {
    fn push(&mut self, span: usize, parts: &[Part], with_things: bool) {
        if self.codes.len() + parts.len() > KEPT_MAX {
            *self = Self { is_too_much: true, ..Self::default() };
        }
        if self.is_too_much {
            return;
        }
        self.codes.extend(parts.iter().map(|part| part.code));
        if with_things {
            self.things.extend(parts.iter().map(|part| (part.n, part.sum.value())));
        }
        let span = u32::try_from(span).expect("spans are few");
        self.heads.push((span, self.codes.len() as u64));
    }

    fn renumber(&mut self, codes: &[u32]) {
        self.codes.iter_mut().for_each(|code| *code = codes[*code as usize]);
    }

    fn merge(&mut self, other: Self) {
        let n_before = self.codes.len() as u64;
        let is_too_much = self.is_too_much
            || other.is_too_much
            || self.codes.len() + other.codes.len() > KEPT_MAX;
        if is_too_much {
            *self = Self { is_too_much, ..Self::default() };
            return;
        }
        self.codes.extend(other.codes);
        self.things.extend(other.things);
        self.heads.extend(other.heads.into_iter().map(|(span, end)| (span, n_before + end)));
    }

    /// Gives out what each customer has in each group.
    pub fn each(&self, groups: &Groups, mut take: impl FnMut(usize, usize, (u64, f64))) {
        let mut of_group: Vec<Option<(u64, f64)>> = vec![None; groups.len()];
        let mut begin = 0;
        for &(span, end) in &self.heads {
            let parts = begin..end as usize;
            begin = end as usize;
            for part in parts.clone() {
                let (n, sum) = self.things.get(part).copied().unwrap_or_default();
                if let Some(group) = groups.find(self.codes[part]) {
                    let all = of_group[group].get_or_insert((0, 0.0));
                    *all = (all.0 + n, all.1 + sum);
                }
            }
            for group in parts.filter_map(|part| groups.find(self.codes[part])) {
                if let Some(things) = of_group[group].take() {
                    take(group, span as usize, things);
                }
            }
        }
    }
}

/// What one customer has, by group.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    /// By code, where its part is: one more than its place; 0 where there is none.
    places: Vec<u32>,
    parts: Vec<Part>,
}

/// What one customer has of a group.
#[derive(Clone, Debug)]
pub(super) struct Part {
    code: u32,
    n: u64,
    sum: ExactSum,
}

impl Gathered {
    #[inline]
    pub fn part(&mut self, code: u32) -> &mut Part {
        let at = code as usize;
        if at >= self.places.len() {
            self.places.resize(at + 1, 0);
        }
        if self.places[at] == 0 {
            self.parts.push(Part { code, n: 0, sum: ExactSum::default() });
            self.places[at] = u32::try_from(self.parts.len()).expect("a timeline is short");
        }
        &mut self.parts[self.places[at] as usize - 1]
    }

    fn add(&mut self, other: &Self, sums: bool) {
        for Part { code, n, sum } in &other.parts {
            let part = self.part(*code);
            part.n += n;
            if sums {
                part.sum.merge(sum);
            }
        }
    }

    fn clear(&mut self) {
        self.parts.iter().for_each(|part| self.places[part.code as usize] = 0);
        self.parts.clear();
    }
}

impl Part {
    /// One more event, whose number does not matter.
    #[inline]
    pub fn count(&mut self) {
        self.n += 1;
    }

    /// One more event, with its number.
    #[inline]
    pub fn event(&mut self, number: f64) {
        self.n += 1;
        self.sum.add(number);
    }
}

impl Column {
    /// Nothing yet, of a measure in `n_spans` spans. Measures of customers have a cell more: that
    /// of all spans together.
    pub fn new(measure: &Measure, n_spans: usize) -> Self {
        match measure {
            Measure::Events => Self::Events(Table::new(n_spans)),
            Measure::Sum(_) => Self::Sums(Table::new(n_spans)),
            Measure::Min(_) | Measure::Max(_) => Self::Extremes(Table::new(n_spans)),
            Measure::Percentile { .. } => Self::Values(Table::new(n_spans)),
            Measure::Customers => Self::Customers(Table::new(n_spans + 1), Several::default()),
            Measure::EventsPerCustomer | Measure::Mean(_) | Measure::SumPerCustomer(_) => {
                Self::Units(Table::new(n_spans + 1), Several::default())
            }
        }
    }

    /// Whether customers are counted, not events.
    pub fn is_of_customers(&self) -> bool {
        matches!(self, Self::Customers(..) | Self::Units(..))
    }

    /// Whether what each customer has is summed up.
    pub fn sums_of_customers(&self) -> bool {
        matches!(self, Self::Units(..))
    }

    /// An event with its number, of a measure of events.
    #[inline]
    pub fn event(&mut self, code: u32, span: usize, number: f64) {
        match self {
            Self::Events(table) => *table.at(code, span) += 1,
            Self::Sums(table) => {
                let cell = table.at(code, span);
                cell.n += 1;
                cell.sum.add(number);
            }
            Self::Extremes(table) => {
                table.at(code, span).merge(Extremes { n: 1, min: number, max: number });
            }
            Self::Values(table) => table.at(code, span).push(number),
            Self::Customers(..) | Self::Units(..) => unreachable!("customers are gathered first"),
        }
    }

    /// `n` events of a customer that belong to one group; no number is looked at.
    #[inline]
    pub fn events(&mut self, code: u32, span: usize, n: u64) {
        match self {
            Self::Events(table) => *table.at(code, span) += n,
            Self::Customers(table, _) => *table.at(code, span) += 1,
            Self::Units(table, _) => {
                let sum = std::iter::once(n as f64).collect();
                table.at(code, span).add(n, &sum);
            }
            Self::Sums(_) | Self::Extremes(_) | Self::Values(_) => {
                unreachable!("these look at a number")
            }
        }
    }

    /// What a customer has in a span, by group.
    fn customer(&mut self, span: usize, parts: &[Part]) {
        match (self, parts) {
            (_, []) => {}
            (Self::Customers(table, _), [part]) => *table.at(part.code, span) += 1,
            (Self::Customers(_, several), parts) => several.push(span, parts, false),
            (Self::Units(table, _), [part]) => table.at(part.code, span).add(part.n, &part.sum),
            (Self::Units(table, several), parts) => {
                for part in parts {
                    table.at(part.code, span).add_things(part.n, &part.sum);
                }
                several.push(span, parts, true);
            }
            _ => unreachable!("events are counted one by one"),
        }
    }

    fn renumber(&mut self, codes: &[u32]) {
        match self {
            Self::Events(table) => table.renumber(codes),
            Self::Sums(table) => table.renumber(codes),
            Self::Extremes(table) => table.renumber(codes),
            Self::Values(table) => table.renumber(codes),
            Self::Customers(table, several) => {
                table.renumber(codes);
                several.renumber(codes);
            }
            Self::Units(table, several) => {
                table.renumber(codes);
                several.renumber(codes);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        match (self, other) {
            (Self::Events(into), Self::Events(other)) => into.merge(other),
            (Self::Sums(into), Self::Sums(other)) => into.merge(other),
            (Self::Extremes(into), Self::Extremes(other)) => into.merge(other),
            (Self::Values(into), Self::Values(other)) => into.merge(other),
            (Self::Customers(into, several), Self::Customers(other, others)) => {
                into.merge(other);
                several.merge(others);
            }
            (Self::Units(into, several), Self::Units(other, others)) => {
                into.merge(other);
                several.merge(others);
            }
            _ => unreachable!("totals of one plan measure the same"),
        }
    }
}

impl Total {
    /// Nothing yet.
    pub(super) fn new(columns: Vec<Column>) -> Self {
        let room = Gathered::default();
        Self {
            columns,
            weights: Vec::new(),
            kinds: Kinds::default(),
            span: room.clone(),
            whole: room,
            of_rows: Vec::new(),
        }
    }

    /// Weighs a group by `n` more events.
    #[inline]
    pub(super) fn weigh(&mut self, code: u32, n: u64) {
        let code = code as usize;
        if code >= self.weights.len() {
            self.weights.resize(code + 1, 0);
        }
        self.weights[code] += n;
    }

    /// Gives groups new codes, by the old ones; several may become one.
    pub(super) fn renumber(&mut self, codes: &[u32]) {
        self.columns.iter_mut().for_each(|column| column.renumber(codes));
        for (code, weight) in codes.iter().zip(std::mem::take(&mut self.weights)) {
            self.weigh(*code, weight);
        }
    }

    /// Ends a span of the customer whose events were gathered.
    pub(super) fn end_span(&mut self, series: usize, span: usize) {
        self.columns[series].customer(span, &self.span.parts);
        self.whole.add(&self.span, self.columns[series].sums_of_customers());
        self.span.clear();
    }

    /// Ends the customer; `whole` is the cell of all spans together.
    pub(super) fn end_customer(&mut self, series: usize, whole: usize) {
        self.columns[series].customer(whole, &self.whole.parts);
        self.whole.clear();
    }

    /// Takes in what another one has.
    pub(super) fn merge(&mut self, other: Self) {
        for (into, other) in self.columns.iter_mut().zip(other.columns) {
            into.merge(other);
        }
        for (code, weight) in (0..).zip(other.weights) {
            if weight > 0 {
                self.weigh(code, weight);
            }
        }
    }
}
