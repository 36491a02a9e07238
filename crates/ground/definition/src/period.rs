//! Which window is meant by "the last 30 days", and which by "the period before"?

use crate::calendar::{Calendar, Grain};
use crate::error::{BadDefinition, Problem};
use base::Timestamp;
use jiff::civil::Date;
use timeline::Window;

/// A stretch of the calendar, as a definition names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// The last `n` hours, days, weeks… of the local calendar.
    Last {
        /// How many, at least 1.
        n: u32,
        /// Of what.
        grain: Grain,
        /// Whether the one that is going on is the last of them; else the last whole one is.
        current: bool,
    },
    /// From the first local day to the last, both included.
    Between {
        /// The first day.
        first: Date,
        /// The last day.
        last: Date,
    },
}

/// What a period is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Comparison {
    /// With nothing.
    #[default]
    None,
    /// With the stretch of the same length right before it.
    Previous,
    /// With the stretch a year before: 52 weeks where it is shown by hour, day or week, so that
    /// weekdays face each other, else 12 months.
    YearBefore,
}

/// How many spans a period may reach back.
const LAST_MAX: u32 = 10_000;

impl Period {
    /// The window of time. It never reaches past `now`.
    ///
    /// # Errors
    /// If it is empty, too long, or begins in the future; the field is `period` or in it.
    pub fn window(&self, calendar: &Calendar, now: Timestamp) -> Result<Window, BadDefinition> {
        let window = match *self {
            Self::Last { n, grain, current } => {
                let range = (1.0, f64::from(LAST_MAX));
                crate::error::between("period.n", f64::from(n), range)?;
                let begun = calendar.begin(grain, now);
                let n_back = i64::from(n) - i64::from(current);
                let from = back(calendar, begun, n_back, grain);
                Window { from, until: if current { now } else { begun } }
            }
            Self::Between { first, last } => {
                in_the_calendar("period.first", first)?;
                in_the_calendar("period.last", last)?;
                let until = calendar.end(Grain::Day, calendar.midnight(last));
                Window { from: calendar.midnight(first), until: until.min(now) }
            }
        };
        if matches!(*self, Self::Between { first, last } if last < first) {
            return Err(BadDefinition::new("period.last", Problem::EndsBeforeItBegins));
        }
        if window.from >= window.until {
            return Err(BadDefinition::new("period", Problem::InTheFuture));
        }
        Ok(window)
    }

    /// That it can be used at some time.
    ///
    /// # Errors
    /// If it is nothing, too long, or ends before it begins; the field is `period` or in it.
    pub fn check(&self) -> Result<(), BadDefinition> {
        match *self {
            Self::Last { n, .. } => {
                crate::error::between("period.n", f64::from(n), (1.0, f64::from(LAST_MAX)))
            }
            Self::Between { first, last } => {
                in_the_calendar("period.first", first)?;
                in_the_calendar("period.last", last)?;
                if last < first {
                    let problem = Problem::EndsBeforeItBegins;
                    return Err(BadDefinition::new("period.last", problem));
                }
                Ok(())
            }
        }
    }

    /// The window at `t`, this moment included. Other than [`window`](Self::window) it is there for
    /// every period: empty where nothing can be in it yet. Both its ends never go back as `t` goes
    /// on.
    #[must_use]
    pub fn reach(&self, calendar: &Calendar, t: Timestamp) -> Window {
        let after = Timestamp(t.0.saturating_add(1));
        match *self {
            Self::Last { n, grain, current } => {
                let begun = calendar.begin(grain, t);
                let n_back = i64::from(n) - i64::from(current);
                let from = back(calendar, begun, n_back, grain);
                Window { from, until: if current { after } else { begun } }
            }
            Self::Between { first, last } => {
                let from = calendar.midnight(first);
                let until = calendar.end(Grain::Day, calendar.midnight(last));
                Window { from, until: until.min(after).max(from) }
            }
        }
    }

    /// The window that it is compared with, of as many local hours, days, weeks as `window`: an
    /// unfinished period is compared with as much of the earlier one.
    #[must_use]
    pub fn compared(
        &self,
        comparison: Comparison,
        calendar: &Calendar,
        (window, shown_by): (Window, Grain),
    ) -> Option<Window> {
        let back = |at| self.before(comparison, calendar, (at, shown_by));
        Some(Window { from: back(window.from)?, until: back(window.until)? })
    }

    /// The same of the period as it is `now`.
    ///
    /// # Errors
    /// As [`window`](Self::window).
    pub fn window_compared(
        &self,
        comparison: Comparison,
        calendar: &Calendar,
        (now, shown_by): (Timestamp, Grain),
    ) -> Result<Option<Window>, BadDefinition> {
        let window = self.window(calendar, now)?;
        Ok(self.compared(comparison, calendar, (window, shown_by)))
    }

    /// The moment that `at` faces in the period that it is compared with; `None` where there is
    /// none.
    #[must_use]
    pub fn before(
        &self,
        comparison: Comparison,
        calendar: &Calendar,
        (at, shown_by): (Timestamp, Grain),
    ) -> Option<Timestamp> {
        let (n, grain) = match (comparison, *self) {
            (Comparison::None, _) => return None,
            (Comparison::YearBefore, _) if shown_by <= Grain::Week => (52, Grain::Week),
            (Comparison::YearBefore, _) => (12, Grain::Month),
            (Comparison::Previous, Self::Last { n, grain, .. }) => (i64::from(n), grain),
            (Comparison::Previous, Self::Between { first, last }) => {
                let n_days = first.until(last).map_or(0, |span| i64::from(span.get_days()));
                (n_days + 1, Grain::Day)
            }
        };
        Some(calendar.shift(at, -n, grain))
    }

    /// In words: "the last 30 days", "from 2026-01-01 to 2026-03-31".
    #[must_use]
    pub fn words(&self) -> String {
        match *self {
            Self::Last { n: 1, grain, current: true } => format!("this {} so far", grain.word()),
            Self::Last { n: 1, grain, current: false } => {
                format!("the last whole {}", grain.word())
            }
            Self::Last { n, grain, current } => {
                let counted = grain.counted(n);
                match current {
                    true => format!("the last {counted} with the current one"),
                    false => format!("the last {counted} before the current one"),
                }
            }
            Self::Between { first, last } => format!("from {first} to {last}, both included"),
        }
    }
}

impl Comparison {
    /// In words, after what was counted; empty where there is nothing to compare with.
    #[must_use]
    pub fn words(self, shown_by: Grain) -> &'static str {
        match self {
            Self::None => "",
            Self::Previous => "compared with the period of the same length before",
            Self::YearBefore if shown_by <= Grain::Week => "compared with 52 weeks before",
            Self::YearBefore => "compared with the same months a year before",
        }
    }
}

/// Begin of the span `n` before the one that began at `begun`: from its middle, lest a midnight
/// that was left out lead into the neighbour.
fn back(calendar: &Calendar, begun: Timestamp, n: i64, grain: Grain) -> Timestamp {
    if grain != Grain::Hour {
        return calendar.begin(grain, calendar.shift(begun, -n, grain));
    }
    let past = Timestamp(begun.0 + 1);
    calendar.begin(grain, calendar.shift(past, -n, grain))
}

fn in_the_calendar(field: &str, date: Date) -> Result<(), BadDefinition> {
    if (1900..=2200).contains(&date.year()) {
        return Ok(());
    }
    Err(BadDefinition::new(field, Problem::OutsideTheCalendar))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Weekday, date};

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    fn berlin() -> Calendar {
        Calendar::new("Europe/Berlin", Weekday::Monday).expect("a zone")
    }

    #[track_caller]
    fn check(period: Period, now: &str, from: &str, until: &str, words: &str) {
        let window = period.window(&berlin(), at(now)).expect("a window");
        assert_eq!(window, Window { from: at(from), until: at(until) }, "{period:?}");
        assert_eq!(period.words(), words);
    }

    #[test]
    fn the_last_days_are_local_days() {
        let last = |n, grain, current| Period::Last { n, grain, current };
        let now = "2026-03-30T10:00Z";
        check(
            last(2, Grain::Day, false),
            now,
            "2026-03-27T23:00Z",
            "2026-03-29T22:00Z",
            "the last 2 days before the current one",
        );
        check(
            last(2, Grain::Day, true),
            now,
            "2026-03-28T23:00Z",
            now,
            "the last 2 days with the current one",
        );
        check(last(1, Grain::Month, true), now, "2026-02-28T23:00Z", now, "this month so far");
        check(
            last(1, Grain::Quarter, false),
            now,
            "2025-09-30T22:00Z",
            "2025-12-31T23:00Z",
            "the last whole quarter",
        );
        check(
            last(3, Grain::Hour, false),
            now,
            "2026-03-30T07:00Z",
            now,
            "the last 3 hours before the current one",
        );
    }

    #[test]
    fn days_between_are_both_included_and_end_now() {
        let march = Period::Between { first: date(2026, 3, 1), last: date(2026, 3, 31) };
        let words = "from 2026-03-01 to 2026-03-31, both included";
        check(march, "2026-05-01", "2026-02-28T23:00Z", "2026-03-31T22:00Z", words);
        check(march, "2026-03-15", "2026-02-28T23:00Z", "2026-03-15", words);
        let check = |first, last, problem| {
            let found = Period::Between { first, last }.window(&berlin(), at("2026-05-01"));
            assert_eq!(found.unwrap_err().problem, problem);
        };
        check(date(2026, 6, 1), date(2026, 6, 2), Problem::InTheFuture);
        check(date(2026, 3, 2), date(2026, 3, 1), Problem::EndsBeforeItBegins);
        check(date(1066, 3, 2), date(2026, 3, 1), Problem::OutsideTheCalendar);
    }

    #[test]
    fn the_period_before_has_the_same_days() {
        let calendar = berlin();
        let check = |period: Period, grain, comparison, from, until| {
            let window = period.window(&calendar, at("2026-03-31T10:00Z")).expect("a window");
            let compared = period.compared(comparison, &calendar, (window, grain));
            assert_eq!(compared, Some(Window { from: at(from), until: at(until) }), "{period:?}");
        };
        let month = Period::Last { n: 1, grain: Grain::Month, current: true };
        let previous = Comparison::Previous;
        // The last day of February is as far as February goes.
        check(month, Grain::Day, previous, "2026-01-31T23:00Z", "2026-02-28T11:00Z");
        let days = Period::Between { first: date(2026, 3, 1), last: date(2026, 3, 30) };
        check(days, Grain::Day, previous, "2026-01-29T23:00Z", "2026-02-28T23:00Z");
        let year = Comparison::YearBefore;
        check(days, Grain::Month, year, "2025-02-28T23:00Z", "2025-03-30T22:00Z");
        check(days, Grain::Day, year, "2025-03-01T23:00Z", "2025-03-31T22:00Z");
    }
}
