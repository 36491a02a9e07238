//! Into which hours, days, weeks does a window fall, and to which of them does a moment belong?

use crate::calendar::{Calendar, Grain};
use crate::error::{BadDefinition, Problem};
use base::Timestamp;
use std::ops::Range;
use timeline::Window;

/// Spans of one answer at most: 400 days of hours, 27 years of days.
pub const SPANS_MAX: usize = 10_000;

/// The hours, days, weeks… of a calendar that a window touches, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Spans {
    grain: Grain,
    window: Window,
    /// Where each begins, and where the last ends; ascending, at least two.
    bounds: Vec<i64>,
    /// For each `1 << shift` µs from the first bound: which span holds its first moment.
    cells: Vec<u32>,
    shift: u32,
}

/// Cells of the table at most; the table stays in the fast cache.
const CELLS_MAX: u64 = 1 << 14;

impl Spans {
    /// The spans that `window` touches. The first and the last may lie in it in part only; see
    /// [`is_whole`](Self::is_whole).
    ///
    /// # Errors
    /// If there are more than [`SPANS_MAX`] (the field is `period`), or if the window is empty.
    pub fn new(calendar: &Calendar, grain: Grain, window: Window) -> Result<Self, BadDefinition> {
        if window.from >= window.until {
            return Err(BadDefinition::new("period", Problem::EndsBeforeItBegins));
        }
        let mut bounds = vec![calendar.begin(grain, window.from).0];
        let mut end = calendar.end(grain, window.from);
        while bounds.len() <= SPANS_MAX {
            bounds.push(end.0);
            if end >= window.until {
                let (cells, shift) = cells_of(&bounds);
                return Ok(Self { grain, window, bounds, cells, shift });
            }
            end = calendar.end(grain, end);
        }
        let problem = Problem::TooMany { n: bounds.len() as u64, max: SPANS_MAX as u64 };
        Err(BadDefinition::new("period", problem))
    }

    /// How many there are, at least 1.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    /// What they are.
    #[must_use]
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// The window that they were made for.
    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }

    /// Where each begins and the last ends, in µs UTC: one more than there are spans.
    #[must_use]
    pub fn bounds(&self) -> &[i64] {
        &self.bounds
    }

    /// All of the `k`-th span, also what of it is outside of the window.
    #[must_use]
    pub fn span(&self, k: usize) -> Window {
        Window { from: Timestamp(self.bounds[k]), until: Timestamp(self.bounds[k + 1]) }
    }

    /// What of the `k`-th span is in the window.
    #[must_use]
    pub fn clipped(&self, k: usize) -> Window {
        let Window { from, until } = self.span(k);
        Window { from: from.max(self.window.from), until: until.min(self.window.until) }
    }

    /// Whether all of the `k`-th span is in the window; else its numbers are of a part of it.
    #[must_use]
    pub fn is_whole(&self, k: usize) -> bool {
        self.clipped(k) == self.span(k)
    }

    /// Which span holds `at`, which must be in one of them. Takes the same short time wherever it
    /// is; in a loop over sorted times compare with the [`end`](Self::end) of the last one first.
    #[inline]
    #[must_use]
    pub fn place(&self, at: i64) -> usize {
        let cell = (at - self.bounds[0]) as u64 >> self.shift;
        let mut place = self.cells[cell as usize] as usize;
        // Mostly at most one bound is in a cell, and whether it is passed cannot be foreseen: no
        // branch. Where spans are many there may be more.
        place += usize::from(at >= self.bounds[place + 1]);
        while at >= self.bounds[place + 1] {
            place += 1;
        }
        place
    }

    /// Cuts sorted times, all of them in spans, where a span ends: each span that has any with the
    /// places of its times, in order.
    #[inline]
    pub fn runs<'a>(
        &'a self,
        times: &'a [i64],
    ) -> impl Iterator<Item = (usize, Range<usize>)> + use<'a> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let k = self.place(*times.get(from)?);
            let (begin, end) = (from, self.end(k));
            from += 1;
            while from < times.len() && times[from] < end {
                from += 1;
            }
            Some((k, begin..from))
        })
    }

    /// The first moment after the `k`-th span, in µs UTC.
    #[inline]
    #[must_use]
    pub fn end(&self, k: usize) -> i64 {
        self.bounds[k + 1]
    }
}

/// A table with cells no longer than the shortest span, as long as that takes few cells.
fn cells_of(bounds: &[i64]) -> (Vec<u32>, u32) {
    let all = (bounds[bounds.len() - 1] - bounds[0]) as u64;
    let shortest = bounds.windows(2).map(|pair| (pair[1] - pair[0]) as u64).min();
    let mut shift = shortest.expect("there is a span").ilog2();
    while all >> shift >= CELLS_MAX {
        shift += 1;
    }
    let n_cells = ((all - 1) >> shift) + 1;
    let mut place = 0;
    let begins = (0..n_cells).map(|cell| bounds[0] + ((cell << shift) as i64));
    let cells = begins.map(|begin| {
        while begin >= bounds[place + 1] {
            place += 1;
        }
        u32::try_from(place).expect("spans are few")
    });
    (cells.collect(), shift)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Weekday;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    fn spans(zone: &str, grain: Grain, from: &str, until: &str) -> Spans {
        let calendar = Calendar::new(zone, Weekday::Monday).expect("a zone");
        let window = Window { from: at(from), until: at(until) };
        Spans::new(&calendar, grain, window).expect("few spans")
    }

    #[test]
    fn a_year_of_days_has_two_odd_ones() {
        let spans = spans("Europe/Berlin", Grain::Day, "2025-12-31T23:00Z", "2026-12-31T23:00Z");
        assert_eq!(spans.len(), 365);
        let hours = |k: usize| (spans.bounds()[k + 1] - spans.bounds()[k]) / 3_600_000_000;
        let odd: Vec<_> = (0..365).map(hours).filter(|hours| *hours != 24).collect();
        assert_eq!(odd, [23, 25]);
        assert!((0..365).all(|k| spans.is_whole(k)));
    }

    #[test]
    fn ends_may_be_in_the_window_in_part() {
        let spans = spans("UTC", Grain::Week, "2026-01-01", "2026-01-13T05:00Z");
        assert_eq!(spans.len(), 3);
        assert_eq!([0, 1, 2].map(|k| spans.is_whole(k)), [false, true, false]);
        assert_eq!(spans.span(0).from, at("2025-12-29"));
        assert_eq!(spans.clipped(0).from, at("2026-01-01"));
        assert_eq!(spans.clipped(2).until, at("2026-01-13T05:00Z"));
    }

    #[test]
    fn a_day_that_was_left_out_is_no_span() {
        let spans = spans("Pacific/Apia", Grain::Day, "2011-12-29T10:00Z", "2011-12-31T10:00Z");
        assert_eq!(spans.len(), 2, "29 and 31 December");
    }

    #[test]
    fn too_many_and_too_few_are_refused() {
        let ever = Window { from: at("1900-01-01"), until: at("2026-01-01") };
        let error = Spans::new(&Calendar::utc(), Grain::Hour, ever).unwrap_err();
        assert!(matches!(error.problem, Problem::TooMany { .. }), "{error}");
        let never = Window { from: at("2026-01-01"), until: at("2026-01-01") };
        assert!(Spans::new(&Calendar::utc(), Grain::Hour, never).is_err());
    }

    proptest! {
        #[test]
        fn a_moment_is_found_in_the_span_that_holds_it(
            zone in prop::sample::select(vec![
                "UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia",
                "Asia/Kathmandu", "America/St_Johns", "Africa/Casablanca",
            ]),
            grain in prop::sample::select(Grain::ALL.to_vec()),
            from in 1_250_000_000_000_000..1_800_000_000_000_000_i64,
            length in 1..30_000_000_000_000_i64,
            share in 0.0..1.0_f64,
        ) {
            let calendar = Calendar::new(zone, Weekday::Monday).expect("a zone");
            let window = Window { from: Timestamp(from), until: Timestamp(from + length) };
            let spans = Spans::new(&calendar, grain, window).expect("few spans");
            let moment = from + (length as f64 * share) as i64;
            let k = spans.place(moment);
            prop_assert!(spans.span(k).holds(Timestamp(moment)));
            // The calendar by itself says the same, and the local clock names both alike.
            let begin = calendar.begin(grain, Timestamp(moment));
            prop_assert_eq!(begin, spans.span(k).from);
            prop_assert!(spans.bounds().is_sorted_by(|a, b| a < b));
            if grain != Grain::Hour {
                let name = |at| calendar.date(at).to_string();
                let next = calendar.end(grain, begin);
                prop_assert_eq!(next, spans.span(k).until);
                prop_assert_ne!(name(begin), name(next));
                prop_assert_ne!(name(Timestamp(begin.0 - 1)), name(begin));
            }
        }
    }
}
