//! Whose rows does a table hold, when did they happen, and from which file is each?
//!
//! Several runs are merged customer by customer: most customers have rows in one of them alone,
//! whose stretch is taken whole; of the others the rows are sorted by time and number.

use base::CustomerId;
use std::ops::Range;
use timeline::{Bouts, Window};

/// The keys of one sorted source: a run or a batch.
#[derive(Debug, Default)]
pub(crate) struct SourceKeys {
    pub customers: Vec<CustomerId>,
    /// Where the rows of each customer end.
    pub ends: Vec<u32>,
    pub times: Vec<i64>,
}

impl SourceKeys {
    /// Adds rows that come after all before; whether they do.
    pub fn extend(&mut self, customers: &[u64], times: &[i64]) -> bool {
        let mut end = u32::try_from(self.times.len()).expect("a source has below 2^32 rows");
        self.times.extend_from_slice(times);
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
    /// When the first and the last row of each customer happened.
    pub spans: Vec<(i64, i64)>,
    /// When the first and the last of all rows happened.
    pub span: (i64, i64),
    /// Where these are few.
    pub bouts: Option<Bouts>,
}

impl Keys {
    /// The rows of all `sources`, and the sources where these were copied. Rows of one customer and moment that are in several of them come
    /// in the order of the numbers that `seqs` gives, source by source; it is asked where there are
    /// any.
    ///
    /// # Errors
    /// What keeps `seqs` from being told.
    ///
    /// # Panics
    /// If together they have 2³² rows or more.
    pub fn merge<E>(
        mut sources: Vec<SourceKeys>,
        seqs: impl FnOnce() -> Result<Vec<Vec<u64>>, E>,
    ) -> Result<(Self, Vec<SourceKeys>), E> {
        let mut keys = if sources.len() == 1 {
            let SourceKeys { customers, ends, times } = sources.remove(0);
            Self { customers, ends, times, ..Self::default() }
        } else {
            match Merge::new(&sources, None).run() {
                Some(keys) => keys,
                None => {
                    let seqs = seqs()?;
                    Merge::new(&sources, Some(&seqs)).run().expect("numbers tell all rows apart")
                }
            }
        };
        keys.note_spans();
        keys.bouts = Bouts::few(&keys.ends, &keys.times);
        Ok((keys, sources))
    }

    fn note_spans(&mut self) {
        let mut begin = 0;
        let span = |&end: &u32| {
            let span = (self.times[begin], self.times[end as usize - 1]);
            begin = end as usize;
            span
        };
        self.spans = self.ends.iter().map(span).collect();
        let ever = (i64::MAX, i64::MIN);
        self.span = self.spans.iter().fold(ever, |all, one| (all.0.min(one.0), all.1.max(one.1)));
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
        let mut part = Self { times, ..Self::default() };
        let mut begin = 0;
        for (customer, &end) in self.customers.iter().zip(&self.ends) {
            let theirs = rows[begin..].iter().take_while(|&&row| row < end).count();
            if theirs > 0 {
                begin += theirs;
                part.customers.push(*customer);
                part.ends.push(begin as u32);
            }
        }
        part.note_spans();
        part.chosen = Chosen::Rows(rows);
        part
    }

    /// Whether they are a part of another table.
    pub fn is_part(&self) -> bool {
        matches!(self.chosen, Chosen::Rows(_))
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
            + size_of_val(&self.spans[..])
            + self.bouts.as_ref().map_or(0, Bouts::n_bytes)
            + match &self.chosen {
                Chosen::Rows(rows) => size_of_val(&rows[..]),
                Chosen::None | Chosen::TooMany => size_of::<Self>(),
            }
    }

    /// The rows of the customer at `place`.
    pub fn rows(&self, place: usize) -> Range<usize> {
        rows_at(&self.ends, place)
    }

    /// The rows of the customer at `place` that are in `window`.
    #[inline]
    pub fn rows_in(&self, place: usize, window: Window) -> Range<usize> {
        let (first, last) = self.spans[place];
        if last < window.from.0 || first >= window.until.0 {
            return 0..0;
        }
        let Range { mut start, mut end } = self.rows(place);
        let times = &self.times;
        if first < window.from.0 {
            start += times[start..end].partition_point(|&at| at < window.from.0);
        }
        if last >= window.until.0 {
            end = start + times[start..end].partition_point(|&at| at < window.until.0);
        }
        start..end
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

/// A merge in progress.
struct Merge<'s> {
    sources: &'s [SourceKeys],
    /// The numbers of the rows of each source, once they are needed.
    seqs: Option<&'s [Vec<u64>]>,
    /// The next customer of each source.
    next: Vec<usize>,
    keys: Keys,
    /// Rows of one customer in several sources.
    tangle: Vec<(i64, u64, u32, u32)>,
}

impl<'s> Merge<'s> {
    fn new(sources: &'s [SourceKeys], seqs: Option<&'s [Vec<u64>]>) -> Self {
        let n_rows = sources.iter().map(|source| source.times.len()).sum();
        u32::try_from(n_rows).expect("a bucket has below 2^32 rows");
        let mut keys = Keys::default();
        keys.times.reserve_exact(n_rows);
        Self { sources, seqs, next: vec![0; sources.len()], keys, tangle: Vec::new() }
    }

    /// `None` where it takes the numbers of the rows, and they were not given.
    fn run(mut self) -> Option<Keys> {
        let mut holders = Vec::new();
        while let Some(customer) = self.holders(&mut holders) {
            holders.sort_by_key(|&source| self.times_of(source).first().copied());
            let follows = |pair: &[usize]| {
                let (times, next) = (self.times_of(pair[0]), self.times_of(pair[1]));
                times.last() < next.first()
            };
            if holders.windows(2).all(follows) {
                holders.iter().for_each(|&source| self.take_whole(source));
            } else {
                self.take_sorted(&holders)?;
            }
            holders.iter().for_each(|&source| self.next[source] += 1);
            self.keys.customers.push(customer);
            self.keys.ends.push(self.keys.times.len() as u32);
        }
        Some(self.keys)
    }

    /// The times of the next customer of a source.
    fn times_of(&self, source: usize) -> &'s [i64] {
        let keys = &self.sources[source];
        &keys.times[keys.rows(self.next[source])]
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

    fn take_sorted(&mut self, holders: &[usize]) -> Option<()> {
        let mut tangle = std::mem::take(&mut self.tangle);
        tangle.clear();
        for &source in holders {
            let rows = self.sources[source].rows(self.next[source]);
            let times = &self.sources[source].times;
            let seq = |row: usize| self.seqs.map_or(0, |seqs| seqs[source][row]);
            tangle.extend(rows.map(|row| (times[row], seq(row), source as u32, row as u32)));
        }
        // Of one source equal times come in the order of rows, which is that of their numbers.
        tangle.sort_unstable();
        let is_tie =
            |pair: &[(i64, u64, u32, u32)]| pair[0].0 == pair[1].0 && pair[0].2 != pair[1].2;
        if self.seqs.is_none() && tangle.windows(2).any(is_tie) {
            return None;
        }
        for &(time, _, source, row) in &tangle {
            self.piece(source, row);
            self.keys.times.push(time);
        }
        self.tangle = tangle;
        Some(())
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
    use base::Timestamp;
    use base::hash::mix64;

    fn source(rows: &[(u64, i64, u64)]) -> SourceKeys {
        let mut keys = SourceKeys::default();
        for &(customer, time, _) in rows {
            assert!(keys.extend(&[customer], &[time]));
        }
        keys
    }

    /// Rows of four sources; times in `0..n_times`, those of a source apart by `apart`.
    fn check(n_times: u64, apart: i64, has_ties: bool) {
        let mut sources: Vec<Vec<(u64, i64, u64)>> = vec![Vec::new(); 4];
        for n in 0..600 {
            let r = mix64(n);
            let source = r % 4;
            let time = (r >> 16) % n_times;
            let time = time.cast_signed() + source.cast_signed() * apart;
            sources[source as usize].push((r >> 8 & 31, time, n));
        }
        let mut all: Vec<(u64, i64, u64)> = sources.concat();
        all.sort_unstable();
        sources.iter_mut().for_each(|rows| rows.sort_unstable());
        let seqs: Vec<Vec<u64>> =
            sources.iter().map(|rows| rows.iter().map(|row| row.2).collect()).collect();
        let mut is_asked = false;
        let keys = sources.iter().map(|rows| source(rows)).collect();
        let keys = Keys::merge(keys, || {
            is_asked = true;
            Ok::<_, ()>(seqs.clone())
        });
        let (keys, _) = keys.expect("numbers are told");
        assert_eq!(is_asked, has_ties);
        let seqs: Vec<Column> = seqs.into_iter().map(Column::Keys).collect();
        let seqs: Vec<&Column> = seqs.iter().collect();
        let seqs = Column::arranged(&seqs, keys.pieces(), keys.n_rows());
        let mut seen = Vec::new();
        for (place, customer) in keys.customers.iter().enumerate() {
            let rows = keys.rows(place);
            seen.extend(rows.map(|row| (customer.0, keys.times[row], seqs.keys()[row])));
        }
        assert_eq!(seen, all);
        check_windows(&keys);
    }

    fn check_windows(keys: &Keys) {
        let (first, last) = keys.span;
        let step = (last - first) / 7 + 1;
        for (from, until) in [(first, last + 1), (first + step, last - step), (last + 1, last + 2)]
        {
            let window = Window { from: Timestamp(from), until: Timestamp(until) };
            for place in 0..keys.customers.len() {
                let is_in = |row: &usize| window.holds(Timestamp(keys.times[*row]));
                let plain: Vec<usize> = keys.rows(place).filter(is_in).collect();
                assert!(keys.rows_in(place, window).eq(plain), "{window:?}");
            }
        }
    }

    #[test]
    fn merged_rows_are_sorted_and_know_their_sources() {
        check(16, 0, true);
        check(1 << 40, 0, false);
        check(1 << 10, 1 << 20, false);
        check(16, 15, true);
    }
}
