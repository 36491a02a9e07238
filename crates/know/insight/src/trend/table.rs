//! Where are the numbers of each group and span kept while they are counted?

/// Something that is counted.
pub trait Cell: Default {
    /// Takes in what another one has.
    fn merge(&mut self, other: Self);
}

impl Cell for u64 {
    fn merge(&mut self, other: Self) {
        *self += other;
    }
}

impl Cell for stats::UnitSums {
    fn merge(&mut self, other: Self) {
        Self::merge(self, &other);
    }
}

impl Cell for Vec<f64> {
    fn merge(&mut self, mut other: Self) {
        if self.len() < other.len() {
            std::mem::swap(self, &mut other);
        }
        self.append(&mut other);
    }
}

/// One cell for each group (by code) and span. Groups with few spans take little room: there may
/// be a hundred thousand of them.
#[derive(Clone, Debug)]
pub struct Table<C> {
    n_cells: usize,
    lines: Vec<Line<C>>,
}

/// The cells of one group.
#[derive(Clone, Debug)]
enum Line<C> {
    /// Spans that have something, ascending.
    Sparse(Vec<(u32, C)>),
    /// All spans.
    Dense(Vec<C>),
}

impl<C: Cell> Table<C> {
    /// Nothing yet, in `n_cells` spans.
    pub fn new(n_cells: usize) -> Self {
        Self { n_cells, lines: Vec::new() }
    }

    /// The cell of a group and span.
    #[inline]
    pub fn at(&mut self, code: u32, span: usize) -> &mut C {
        let code = code as usize;
        if code >= self.lines.len() {
            self.lines.resize_with(code + 1, || Line::Sparse(Vec::new()));
        }
        self.lines[code].at(span, self.n_cells)
    }

    /// All cells of a group, for a caller who has few groups.
    #[inline]
    pub fn all(&mut self, code: u32) -> &mut [C] {
        self.at(code, 0);
        let line = &mut self.lines[code as usize];
        if let Line::Sparse(cells) = line {
            *line = Line::Dense(dense(std::mem::take(cells), self.n_cells));
        }
        match line {
            Line::Dense(all) => all,
            Line::Sparse(_) => unreachable!("made dense above"),
        }
    }

    /// Takes in what another one has.
    pub fn merge(&mut self, other: Self) {
        for (code, line) in (0..).zip(other.lines) {
            line.each(|span, cell| self.at(code, span).merge(cell));
        }
    }

    /// Gives groups new codes, by the old ones; several may become one.
    pub fn renumber(&mut self, codes: &[u32]) {
        for (code, line) in codes.iter().zip(std::mem::take(&mut self.lines)) {
            line.each(|span, cell| self.at(*code, span).merge(cell));
        }
    }

    /// Gives out every cell that has something, by code and then by span.
    pub fn each(self, mut take: impl FnMut(u32, usize, C)) {
        for (code, line) in (0..).zip(self.lines) {
            line.each(|span, cell| take(code, span, cell));
        }
    }
}

impl<C: Cell> Line<C> {
    /// The share of spans from which on they are all kept, lest finding one take long.
    const DENSE_FROM: usize = 8;

    #[inline]
    fn at(&mut self, span: usize, n_cells: usize) -> &mut C {
        if let Self::Sparse(cells) = self
            && cells.len() * Self::DENSE_FROM >= n_cells
        {
            *self = Self::Dense(dense(std::mem::take(cells), n_cells));
        }
        match self {
            Self::Sparse(cells) => sparse_at(cells, span),
            Self::Dense(all) => &mut all[span],
        }
    }

    fn each(self, mut take: impl FnMut(usize, C)) {
        match self {
            Self::Sparse(cells) => cells.into_iter().for_each(|(k, cell)| take(k as usize, cell)),
            Self::Dense(all) => all.into_iter().enumerate().for_each(|(k, cell)| take(k, cell)),
        }
    }
}

fn dense<C: Default>(cells: Vec<(u32, C)>, n_cells: usize) -> Vec<C> {
    let mut all: Vec<C> = Vec::new();
    all.resize_with(n_cells, C::default);
    for (span, cell) in cells {
        all[span as usize] = cell;
    }
    all
}

fn sparse_at<C: Default>(cells: &mut Vec<(u32, C)>, span: usize) -> &mut C {
    let span = u32::try_from(span).expect("spans are few");
    let place = cells.partition_point(|(k, _)| *k < span);
    if cells.get(place).is_none_or(|(k, _)| *k != span) {
        cells.insert(place, (span, C::default()));
    }
    &mut cells[place].1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sparse_and_dense_are_the_same() {
        let mut table = Table::<u64>::new(20);
        let mut other = Table::<u64>::new(20);
        for (code, span) in [(0, 3), (2, 19), (0, 3), (0, 1), (0, 7), (0, 0), (0, 19)] {
            *table.at(code, span) += 1;
            *other.at(code, span) += 10;
        }
        table.merge(other);
        let mut found = Vec::new();
        table.each(|code, span, n| {
            if n > 0 {
                found.push((code, span, n));
            }
        });
        let expected = [(0, 0, 11), (0, 1, 11), (0, 3, 22), (0, 7, 11), (0, 19, 11), (2, 19, 11)];
        assert_eq!(found, expected);
    }
}
