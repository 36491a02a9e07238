//! Whose rows does a table hold, when did they happen, and from which file is each?
//!
//! Several runs are merged customer by customer: most customers have rows in one of them alone,
//! whose stretch is taken whole; of the others the rows are sorted by time and number.

use base::CustomerId;
use std::ops::Range;

/// The keys of one sorted source: a run or a batch.
#[derive(Debug, Default)]
pub(crate) struct SourceKeys {
    pub customers: Vec<CustomerId>,
    /// Where the rows of each customer end.
    pub ends: Vec<u32>,
    pub times: Vec<i64>,
    /// Needed where there is more than one source, else empty.
    pub seqs: Vec<u64>,
}

impl SourceKeys {
    /// Adds rows that come after all before; whether they do.
    pub fn extend(&mut self, customers: &[u64], times: &[i64], seqs: &[u64]) -> bool {
        let mut end = u32::try_from(self.times.len()).expect("a source has below 2^32 rows");
        self.times.extend_from_slice(times);
        self.seqs.extend_from_slice(seqs);
        let mut last = self.customers.last().copied();
        let mut is_sorted = true;
        for stretch in customers.chunk_by(|a, b| a == b) {
            let customer = CustomerId(stretch[0]);
            end += stretch.len() as u32;
            if last == Some(customer) {
                *self.ends.last_mut().expect("a customer has an end") = end;
            } else {
                is_sorted &= last.is_none_or(|last| last < customer);
                self.customers.push(customer);
                self.ends.push(end);
                last = Some(customer);
            }
        }
        is_sorted
    }

    fn rows(&self, place: usize) -> Range<usize> {
        rows_at(&self.ends, place)
    }
}

fn rows_at(ends: &[u32], place: usize) -> Range<usize> {
    let from = if place == 0 { 0 } else { ends[place - 1] };
    from as usize..ends[place] as usize
}

/// A stretch of rows of one source.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// The first row of the table that it makes up.
    at: u32,
    source: u32,
    /// The first row in the source.
    start: u32,
}

/// Which rows of another table these are.
#[derive(Debug, Default)]
enum Chosen {
    /// Of none: they are a table's own.
    #[default]
    None,
    /// The rows of these numbers.
    Rows(Vec<u32>),
    /// More than are worth it; none is here.
    TooMany,
}

/// The keys of a table.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// The customers, ascending.
    pub customers: Vec<CustomerId>,
    /// Where the rows of each end.
    pub ends: Vec<u32>,
    /// When each row happened.
    pub times: Vec<i64>,
    /// Empty where there is one source.
    pieces: Vec<Piece>,
    chosen: Chosen,
    /// When the first and the last of all rows happened.
    pub span: (i64, i64),
}

impl Keys {
    /// The rows of all `sources`.
    ///
    /// # Panics
    /// If together they have 2³² rows or more.
    pub fn merge(mut sources: Vec<SourceKeys>) -> Self {
        let mut keys = if sources.len() == 1 {
            let SourceKeys { customers, ends, times, .. } = sources.remove(0);
            Self { customers, ends, times, ..Self::default() }
        } else {
            Merge::new(&sources).run()
        };
        keys.span = span_of(&keys.times);
        keys
    }

    /// Stands for rows that are too many.
    pub fn too_many() -> Self {
        Self { chosen: Chosen::TooMany, ..Self::default() }
    }

    pub fn is_too_many(&self) -> bool {
        matches!(self.chosen, Chosen::TooMany)
    }

    /// The keys of the rows of these numbers, ascending.
    pub fn part(&self, rows: Vec<u32>) -> Self {
        let times: Vec<i64> = rows.iter().map(|&row| self.times[row as usize]).collect();
        let mut part = Self { span: span_of(&times), times, ..Self::default() };
        let mut begin = 0;
        for (customer, &end) in self.customers.iter().zip(&self.ends) {
            let theirs = rows[begin..].iter().take_while(|&&row| row < end).count();
            if theirs > 0 {
                begin += theirs;
                part.customers.push(*customer);
                part.ends.push(begin as u32);
            }
        }
        part.chosen = Chosen::Rows(rows);
        part
    }

    /// The numbers that the rows have in the table of which they are a part.
    ///
    /// # Panics
    /// If they are not a part.
    pub fn chosen(&self) -> &[u32] {
        match &self.chosen {
            Chosen::Rows(rows) => rows,
            Chosen::None | Chosen::TooMany => panic!("the keys are those of a part"),
        }
    }

    pub fn n_rows(&self) -> usize {
        self.times.len()
    }

    pub fn n_bytes(&self) -> usize {
        size_of_val(&self.customers[..])
            + size_of_val(&self.ends[..])
            + size_of_val(&self.times[..])
            + size_of_val(&self.pieces[..])
            + match &self.chosen {
                Chosen::Rows(rows) => size_of_val(&rows[..]),
                Chosen::None | Chosen::TooMany => size_of::<Self>(),
            }
    }

    /// The rows of the customer at `place`.
    pub fn rows(&self, place: usize) -> Range<usize> {
        rows_at(&self.ends, place)
    }

    /// Whether rows lie as in their only source.
    pub fn is_plain(&self) -> bool {
        self.pieces.is_empty()
    }

    /// From which source which rows are, in the order of the table.
    pub fn pieces(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        (0..self.pieces.len()).map(|place| self.piece(place))
    }

    fn piece(&self, place: usize) -> (usize, Range<usize>) {
        let Piece { at, source, start } = self.pieces[place];
        let end = self.pieces.get(place + 1).map_or(self.times.len(), |next| next.at as usize);
        let start = start as usize;
        (source as usize, start..start + (end - at as usize))
    }
}

/// The first and the last time; of no times a span that lies in every window.
fn span_of(times: &[i64]) -> (i64, i64) {
    times.iter().fold((i64::MAX, i64::MIN), |(min, max), &at| (min.min(at), max.max(at)))
}

/// A merge in progress.
struct Merge<'s> {
    sources: &'s [SourceKeys],
    /// The next customer of each source.
    next: Vec<usize>,
    keys: Keys,
    /// Rows of one customer in several sources.
    tangle: Vec<(i64, u64, u32, u32)>,
}

impl<'s> Merge<'s> {
    fn new(sources: &'s [SourceKeys]) -> Self {
        let n_rows = sources.iter().map(|source| source.times.len()).sum();
        u32::try_from(n_rows).expect("a bucket has below 2^32 rows");
        let mut keys = Keys::default();
        keys.times.reserve_exact(n_rows);
        Self { sources, next: vec![0; sources.len()], keys, tangle: Vec::new() }
    }

    fn run(mut self) -> Keys {
        let mut holders = Vec::new();
        while let Some(customer) = self.holders(&mut holders) {
            if let [only] = holders[..] {
                self.take_whole(only);
            } else {
                self.take_sorted(&holders);
            }
            holders.iter().for_each(|&source| self.next[source] += 1);
            self.keys.customers.push(customer);
            self.keys.ends.push(self.keys.times.len() as u32);
        }
        self.keys
    }

    /// The next customer, and the sources that have rows of them.
    fn holders(&self, holders: &mut Vec<usize>) -> Option<CustomerId> {
        holders.clear();
        let mut first = None;
        for (source, &next) in self.next.iter().enumerate() {
            let Some(&customer) = self.sources[source].customers.get(next) else { continue };
            if first.is_none_or(|first| customer < first) {
                holders.clear();
                first = Some(customer);
            }
            if first == Some(customer) {
                holders.push(source);
            }
        }
        first
    }

    fn take_whole(&mut self, source: usize) {
        let rows = self.sources[source].rows(self.next[source]);
        self.piece(source as u32, rows.start as u32);
        self.keys.times.extend_from_slice(&self.sources[source].times[rows]);
    }

    fn take_sorted(&mut self, holders: &[usize]) {
        let mut tangle = std::mem::take(&mut self.tangle);
        tangle.clear();
        for &source in holders {
            let SourceKeys { times, seqs, .. } = &self.sources[source];
            let rows = self.sources[source].rows(self.next[source]);
            tangle.extend(rows.map(|row| (times[row], seqs[row], source as u32, row as u32)));
        }
        tangle.sort_unstable();
        for &(time, _, source, row) in &tangle {
            self.piece(source, row);
            self.keys.times.push(time);
        }
        self.tangle = tangle;
    }

    /// Begins a piece at the next row, unless it goes on where the last one ends.
    fn piece(&mut self, source: u32, start: u32) {
        let at = self.keys.times.len() as u32;
        let goes_on = |last: &Piece| last.source == source && last.start + (at - last.at) == start;
        if !self.keys.pieces.last().is_some_and(goes_on) {
            self.keys.pieces.push(Piece { at, source, start });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::column::Column;
    use super::*;
    use base::hash::mix64;

    fn source(rows: &[(u64, i64, u64)]) -> SourceKeys {
        let mut keys = SourceKeys::default();
        for &(customer, time, seq) in rows {
            assert!(keys.extend(&[customer], &[time], &[seq]));
        }
        keys
    }

    #[test]
    fn merged_rows_are_sorted_and_know_their_sources() {
        let mut sources: Vec<Vec<(u64, i64, u64)>> = vec![Vec::new(); 4];
        for n in 0..600 {
            let r = mix64(n);
            sources[(r % 4) as usize].push((r >> 8 & 31, (r >> 16 & 15) as i64, n));
        }
        let mut all: Vec<(u64, i64, u64)> = sources.concat();
        all.sort_unstable();
        sources.iter_mut().for_each(|rows| rows.sort_unstable());
        let keys = Keys::merge(sources.iter().map(|rows| source(rows)).collect());
        let seqs: Vec<Column> = sources
            .iter()
            .map(|rows| Column::Keys(rows.iter().map(|row| row.2).collect()))
            .collect();
        let seqs: Vec<&Column> = seqs.iter().collect();
        let seqs = Column::arranged(&seqs, keys.pieces(), keys.n_rows());
        let mut seen = Vec::new();
        for (place, customer) in keys.customers.iter().enumerate() {
            let rows = keys.rows(place);
            seen.extend(rows.map(|row| (customer.0, keys.times[row], seqs.keys()[row])));
        }
        assert_eq!(seen, all);
    }
}
