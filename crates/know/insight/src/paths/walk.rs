//! Which steps does a customer take, and which of them does a path go through?

use super::{DEPTH_MAX, Direction, Plan, Which};
use timeline::{ABSENT, Marks, Rows};

/// The steps of one customer in order; used again for the next.
#[derive(Default)]
pub(super) struct Steps {
    /// What each is called.
    pub(super) codes: Vec<u32>,
    /// When the first and the last of its events happened; one event where nothing is collapsed.
    times: Vec<(i64, i64)>,
    /// All that holds for one of its events.
    pub(super) marks: Vec<Marks>,
    /// Where paths begin.
    pub(super) anchors: Vec<usize>,
}

/// The steps that a path goes through, by their places, the anchor first.
pub(super) struct Path {
    places: [usize; DEPTH_MAX],
    n_steps: usize,
}

impl Path {
    pub(super) fn places(&self) -> &[usize] {
        &self.places[..self.n_steps]
    }
}

impl Plan {
    /// Takes the steps of a customer, and finds the anchors that count.
    pub(super) fn take(&self, rows: &Rows<'_>, steps: &mut Steps) {
        let Steps { codes, times, marks, anchors } = steps;
        codes.clear();
        times.clear();
        marks.clear();
        anchors.clear();
        let (anchor, among) = if self.is_marked { (1, 2) } else { (0, 1) };
        let all = rows.times().iter().zip(rows.marks()).zip(rows.labels(0));
        for ((&at, &mark), &code) in all {
            let is_anchor = mark & anchor != 0;
            if !is_anchor && (mark & among == 0 || code == ABSENT) {
                continue;
            }
            let is_near = times.last().is_some_and(|(_, last)| at - last <= self.gap);
            if self.collapse && is_near && codes.last() == Some(&code) {
                let last = codes.len() - 1;
                times[last].1 = at;
                marks[last] |= mark;
            } else {
                codes.push(code);
                times.push((at, at));
                marks.push(mark);
            }
            let place = codes.len() - 1;
            let begins = if self.is_marked { is_anchor } else { !is_near };
            if begins && self.window.holds(base::Timestamp(at)) && anchors.last() != Some(&place) {
                anchors.push(place);
            }
        }
        if self.which == Which::First {
            anchors.truncate(1);
        }
    }

    /// The rows at which paths of a customer begin of whom every row is a step; how many they are.
    #[inline]
    pub(super) fn plain_anchors(&self, rows: &Rows<'_>, anchors: &mut Vec<u32>) -> usize {
        let times = rows.times();
        let n_seen = match rows.span() {
            (_, last) if last < self.window.until.0 => times.len(),
            _ => times.partition_point(|&at| at < self.window.until.0),
        };
        if anchors.len() < n_seen {
            anchors.resize(n_seen, 0);
        }
        // Noted at every row and kept where it is one: no branch to be guessed wrong.
        let mut n = 0;
        for (row, marks) in (0u32..).zip(&rows.marks()[..n_seen]) {
            anchors[n] = row;
            n += usize::from(marks & 1);
        }
        if self.which == Which::First { n.min(1) } else { n }
    }

    /// Where the path ends that begins at the row `anchor`, where every row is a step.
    #[inline]
    pub(super) fn plain_end(&self, times: &[i64], anchor: usize) -> usize {
        let most = times.len().min(anchor + self.depth);
        if self.gap == i64::MAX && self.within == i64::MAX {
            return most;
        }
        let is_apart = |row: &usize| {
            times[*row] - times[row - 1] > self.gap || times[*row] - times[anchor] > self.within
        };
        (anchor + 1..most).find(is_apart).unwrap_or(most)
    }

    /// The path that is anchored at a step.
    #[inline]
    pub(super) fn path(&self, steps: &Steps, anchor: usize) -> Path {
        let mut path = Path { places: [anchor; DEPTH_MAX], n_steps: 1 };
        let mut place = anchor;
        while path.n_steps < self.depth {
            let next = match self.direction {
                Direction::Forth => place + 1,
                Direction::Back => place.wrapping_sub(1),
            };
            if next >= steps.codes.len() || self.is_apart(steps, (anchor, place, next)) {
                break;
            }
            place = next;
            path.places[path.n_steps] = place;
            path.n_steps += 1;
        }
        path
    }

    fn is_apart(&self, steps: &Steps, (anchor, place, next): (usize, usize, usize)) -> bool {
        let times = |place: usize| steps.times[place];
        let (gap, length) = match self.direction {
            Direction::Forth => (times(next).0 - times(place).1, times(next).0 - times(anchor).0),
            Direction::Back => (times(place).0 - times(next).1, times(anchor).1 - times(next).1),
        };
        gap > self.gap || length > self.within
    }
}
