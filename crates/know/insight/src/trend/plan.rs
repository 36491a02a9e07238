//! How is a trend counted?

use super::answer::{self, Answer};
use super::definition::Definition;
use super::total::{Column, Total};
use super::twin;
use crate::behind::WithEvent;
use crate::breakdown::{Codes, Group, Groups, shown};
use crate::error::{BadDefinition, TooMuch};
use crate::formula::Formula;
use crate::kept::seen_whole;
use crate::spans::Spans;
use crate::visits::Arrivals;
use timeline::{
    Ask, Condition, CustomerBouts, Field, Fold, Marks, Op, Rows, Test, Texts, View, Window,
};

/// A trend over a window, ready to be counted.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) definition: Definition,
    pub(super) formula: Option<Formula>,
    pub(super) spans: Spans,
    pub(super) codes: Codes,
    arrivals: Option<Arrivals>,
    ask: Ask,
    looks: Vec<Look>,
}

/// Where a series finds its events.
#[derive(Clone, Copy, Debug)]
struct Look {
    /// The bit of its condition; 0 where every row counts.
    mask: Marks,
    /// The column of its number.
    number: Option<usize>,
}

impl Plan {
    /// A checked definition over `window`.
    pub(super) fn new(definition: Definition, window: Window) -> Result<Self, BadDefinition> {
        let spans = Spans::new(&definition.calendar, definition.grain, window)?;
        let mut ask = Ask::every(window);
        let everything = Condition::default();
        let takes_all = definition.series.iter().all(|series| series.events == everything);
        let look = |series: &super::Series| Look {
            mask: if takes_all { 0 } else { 1 << place(&mut ask.conditions, &series.events) },
            number: series.measure.number().map(|number| place(&mut ask.numbers, number)),
        };
        let looks = definition.series.iter().map(look).collect();
        let breakdown = definition.breakdown.as_ref();
        let codes = breakdown.map_or(Codes::None, |breakdown| breakdown.ask(&mut ask));
        let arrivals = breakdown.and_then(|breakdown| breakdown.ask_arrivals(&mut ask));
        let formula = definition.parsed_formula()?;
        Ok(Self { definition, formula, spans, codes, arrivals, ask, looks })
    }

    /// What is asked.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The hours, days, weeks… of the answer.
    #[must_use]
    pub fn spans(&self) -> &Spans {
        &self.spans
    }

    /// The answer, in the groups with the most events.
    ///
    /// # Errors
    /// If there were too many customers with several groups to keep them apart.
    pub fn answer(&self, mut total: Total, texts: &[Texts]) -> Result<Answer, TooMuch> {
        let channels = self.channels(&mut total, texts);
        let texts = channels.as_ref().or_else(|| self.codes.texts(&self.ask, texts));
        let groups = match (&self.definition.breakdown, texts) {
            (Some(breakdown), Some(texts)) => {
                Groups::rank(&total.weights, texts, breakdown.n_groups)
            }
            _ => Groups::all(),
        };
        answer::answer(self, total, &groups)
    }

    /// The answer in the groups of another answer, so that the two can be compared. What is neither
    /// shown there nor absent is "other"; a group that is not there has nothing.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn answer_in(
        &self,
        groups: &[Group],
        mut total: Total,
        texts: &[Texts],
    ) -> Result<Answer, TooMuch> {
        let channels = self.channels(&mut total, texts);
        let texts = channels.as_ref().or_else(|| self.codes.texts(&self.ask, texts));
        let groups = match texts {
            Some(texts) => Groups::like(groups, &total.weights, texts),
            None => Groups::all(),
        };
        answer::answer(self, total, &groups)
    }

    /// Puts channels in the place of kinds of visits, where events are told apart by them.
    fn channels(&self, total: &mut Total, texts: &[Texts]) -> Option<Texts> {
        let (channels, codes) = self.arrivals.as_ref()?.channels(&total.kinds, texts);
        total.renumber(&codes);
        Some(channels)
    }

    /// The customers behind a point: those with an event that counts in a series, of a group of
    /// `answer`, in one span (`None`: in any).
    #[must_use]
    pub fn behind(
        &self,
        (series, group, span): (usize, &Group, Option<usize>),
        answer: &Answer,
        limit: usize,
    ) -> WithEvent {
        let window = span.map_or(self.spans.window(), |span| self.spans.clipped(span));
        let series = &self.definition.series[series];
        let mut events = series.events.clone();
        events.tests.extend(series.measure.number().map(|of| is_number(of.clone())));
        let behind = WithEvent::new(events, window, limit);
        match &self.definition.breakdown {
            Some(breakdown) => behind.of_group(breakdown, group, &shown(&answer.groups)),
            None => behind,
        }
    }

    /// The same question in SQL; see [`sql`](crate::sql) for its tables.
    #[must_use]
    pub fn sql(&self) -> String {
        twin::sql(self)
    }

    /// How many rows from `from` to `to` count for a series that looks at no number.
    #[inline]
    fn count(look: Look, rows: &Rows<'_>, range: std::ops::Range<usize>) -> u64 {
        if look.mask == 0 {
            return range.len() as u64;
        }
        let marks = &rows.marks()[range];
        marks.iter().map(|marks| u64::from(marks & look.mask != 0)).sum()
    }

    /// A series that looks at no number, of a customer who is in one group.
    fn count_series(&self, series: usize, rows: Rows<'_>, total: &mut Total) {
        let (look, code) = (self.looks[series], self.codes.of_customer(&rows));
        let column = &mut total.columns[series];
        if self.codes == Codes::None {
            match column {
                Column::Events(table) => return self.count_events(look, rows, table.all(code)),
                Column::Customers(table, _) => {
                    return self.count_customer(look, rows, table.all(code));
                }
                _ => {}
            }
        }
        let mut n_all = 0;
        for (span, range) in self.spans.runs(rows.times()) {
            let n = Self::count(look, &rows, range);
            if n > 0 {
                column.events(code, span, n);
                n_all += n;
            }
        }
        if n_all > 0 && column.is_of_customers() {
            column.events(code, self.spans.len(), n_all);
        }
        if n_all > 0 && self.codes != Codes::None {
            total.weigh(code, n_all);
        }
    }

    /// The events of everybody. Without a branch: which rows count cannot be foreseen.
    #[inline]
    fn count_events(&self, look: Look, rows: Rows<'_>, cells: &mut [u64]) {
        if look.mask == 0 {
            let mut count = |span: usize, n: usize| cells[span] += n as u64;
            match rows.bouts() {
                Some(bouts) => self.each_run(rows.times(), bouts, count),
                None => self.spans.runs(rows.times()).for_each(|(span, of)| count(span, of.len())),
            }
            return;
        }
        for (at, marks) in rows.times().iter().zip(rows.marks()) {
            cells[self.spans.place(*at)] += u64::from(marks & look.mask != 0);
        }
    }

    /// Each span in which the customer has rows, in order and maybe several times in a row, with
    /// how many.
    #[inline]
    fn each_run(
        &self,
        times: &[i64],
        bouts: CustomerBouts<'_>,
        mut take: impl FnMut(usize, usize),
    ) {
        for (k, (&first, &last)) in bouts.firsts.iter().zip(bouts.lasts).enumerate() {
            let span = self.spans.place(first);
            let range = bouts.rows(k);
            if last < self.spans.end(span) {
                take(span, range.len());
            } else {
                let of_bout = self.spans.runs(&times[range]);
                of_bout.for_each(|(span, range)| take(span, range.len()));
            }
        }
    }

    /// The spans in which the customer has an event, likewise, and that of all together.
    #[inline]
    fn count_customer(&self, look: Look, rows: Rows<'_>, cells: &mut [u64]) {
        const NONE: usize = usize::MAX;
        let mut last = NONE;
        let mut note = |span: usize| {
            cells[span] += u64::from(span != last);
            last = span;
        };
        if look.mask == 0 {
            match rows.bouts() {
                Some(bouts) => self.each_run(rows.times(), bouts, |span, _| note(span)),
                None => rows.times().iter().for_each(|at| note(self.spans.place(*at))),
            }
        } else {
            for (at, marks) in rows.times().iter().zip(rows.marks()) {
                let (span, counts) = (self.spans.place(*at), marks & look.mask != 0);
                cells[span] += u64::from(counts & (span != last));
                last = if counts { span } else { last };
            }
        }
        cells[self.spans.len()] += u64::from(last != NONE);
    }

    /// All series, of rows told apart by the kinds of their visits.
    fn read_visits(&self, arrivals: &Arrivals, rows: Rows<'_>, total: &mut Total) {
        let mut of_rows = std::mem::take(&mut total.of_rows);
        arrivals.kinds(&rows, &mut total.kinds, &mut of_rows);
        let (inner, n_before) = arrivals.inner(&rows);
        for series in 0..self.looks.len() {
            self.read_series(series, (inner, Some(&of_rows[n_before..])), total);
        }
        total.of_rows = of_rows;
    }

    /// Any series, of rows told apart by their codes; without codes by the customer's.
    fn read_series(
        &self,
        series: usize,
        (rows, codes): (Rows<'_>, Option<&[u32]>),
        total: &mut Total,
    ) {
        let look = self.looks[series];
        let marks = if look.mask == 0 { &[][..] } else { rows.marks() };
        let numbers = look.number.map(|k| rows.numbers(k));
        let of_customer = self.codes.of_customer(&rows);
        let is_of_customers = total.columns[series].is_of_customers();
        let sums = total.columns[series].sums_of_customers();
        let mut last = None;
        for (row, at) in rows.times().iter().enumerate() {
            // Without a number to look at, an event is one.
            let number = numbers.map_or(1.0, |numbers| numbers[row]);
            if number.is_nan() || marks.get(row).is_some_and(|marks| marks & look.mask == 0) {
                continue;
            }
            let span = self.spans.place(*at);
            let code = codes.map_or(of_customer, |codes| codes[row]);
            if is_of_customers {
                if let Some(last) = last.replace(span).filter(|last| *last != span) {
                    total.end_span(series, last);
                }
                match sums {
                    true => total.span.part(code).event(number),
                    false => total.span.part(code).count(),
                }
            } else {
                total.columns[series].event(code, span, number);
            }
            if self.codes != Codes::None {
                total.weigh(code, 1);
            }
        }
        if let Some(last) = last {
            total.end_span(series, last);
            total.end_customer(series, self.spans.len());
        }
    }
}

impl Fold for Plan {
    type Total = Total;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Total) {
        if let Some(arrivals) = &self.arrivals {
            return self.read_visits(arrivals, rows, total);
        }
        for (series, look) in self.looks.iter().enumerate() {
            match (look.number, self.codes) {
                (None, Codes::None | Codes::Trait(_)) => self.count_series(series, rows, total),
                (_, Codes::Label(k)) => {
                    self.read_series(series, (rows, Some(rows.labels(k))), total);
                }
                _ => self.read_series(series, (rows, None), total),
            }
        }
    }

    fn total(&self) -> Total {
        let n_spans = self.spans.len();
        let column = |series: &super::Series| Column::new(&series.measure, n_spans);
        Total::new(self.definition.series.iter().map(column).collect())
    }

    fn merge(&self, into: &mut Total, mut other: Total) {
        if self.arrivals.is_some() {
            other.renumber(&into.kinds.merge(&other.kinds));
        }
        into.merge(other);
    }
}

/// Where an item stands in a list; it is added where it does not.
fn place<T: PartialEq + Clone>(list: &mut Vec<T>, item: &T) -> usize {
    list.iter().position(|listed| listed == item).unwrap_or_else(|| {
        list.push(item.clone());
        list.len() - 1
    })
}

/// That a field holds a number, whichever.
fn is_number(field: Field) -> Test {
    Test { field, view: View::Whole, op: Op::AtLeast(f64::MIN) }
}
