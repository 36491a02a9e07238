//! How long is "30 days", and how long "3 months"?

use crate::calendar::{Calendar, Grain};
use crate::error::{BadDefinition, Problem};
use base::{Duration, Timestamp};
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use std::fmt;

/// A length of time, as a definition names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    /// Minutes, hours, days of 24 hours and weeks of seven of these: so long, whatever the clock.
    Exact(Duration),
    /// Months, quarters or years of the local calendar, from midnight to midnight.
    Calendar {
        /// How many, at least 1.
        n: u32,
        /// Of what: months, quarters or years.
        grain: Grain,
    },
}

/// The longest length that can be asked for: 100 years.
const DAYS_MAX: i64 = 36_600;
const MINUTE: i64 = Duration::seconds(60).0;

impl Length {
    /// So many days of 24 hours.
    #[must_use]
    pub const fn days(n: i64) -> Self {
        Self::Exact(Duration::days(n))
    }

    /// Reads `30 days`, `1 month`, `90 minutes`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (n, unit) = text.trim().split_once(' ')?;
        let n: u32 = n.parse().ok()?;
        let unit = unit.trim();
        let unit = unit.strip_suffix('s').unwrap_or(unit);
        let exact = |minutes: i64| Some(Self::Exact(Duration(i64::from(n) * minutes * MINUTE)));
        match unit {
            "minute" => exact(1),
            "hour" => exact(60),
            "day" => exact(24 * 60),
            "week" => exact(7 * 24 * 60),
            "month" | "quarter" | "year" => {
                Some(Self::Calendar { n, grain: Grain::from_word(unit)? })
            }
            _ => None,
        }
    }

    /// That it can be used.
    ///
    /// # Errors
    /// If it is nothing, longer than 100 years, or no whole minutes; names `field`.
    pub fn check(&self, field: &str) -> Result<(), BadDefinition> {
        let bad = |problem| Err(BadDefinition::new(field, problem));
        let (value, max) = match *self {
            Self::Exact(length) if length.0 % MINUTE != 0 => {
                return bad(Problem::Unfit("must be whole minutes"));
            }
            Self::Exact(length) => (length.0 / MINUTE, DAYS_MAX * 24 * 60),
            Self::Calendar { n, grain } => match months(grain) {
                None => {
                    return bad(Problem::Unfit("only months, quarters and years are counted so"));
                }
                Some(months) => (i64::from(n), 1_200 / months),
            },
        };
        if (1..=max).contains(&value) {
            return Ok(());
        }
        bad(Problem::OutOfRange { value: value as f64, min: 1.0, max: max as f64 })
    }

    /// The first moment of the stretch of this length that ends with `t`: right after `t` less the
    /// length; the local midnight at which the day n months before began.
    #[must_use]
    pub fn begin(&self, calendar: &Calendar, t: Timestamp) -> Timestamp {
        match self {
            Self::Exact(length) => Timestamp(t.minus(*length).0.saturating_add(1)),
            Self::Calendar { n, grain } => {
                calendar.midnight(moved(calendar.date(t), -span(*n, *grain)))
            }
        }
    }

    /// The first moment `t` at which something at `at` is before [`begin`](Self::begin): from then
    /// on it is longer ago than this.
    #[must_use]
    pub fn over(&self, calendar: &Calendar, at: Timestamp) -> Timestamp {
        match self {
            Self::Exact(length) => at.plus(*length),
            Self::Calendar { n, grain } => {
                let (span, date) = (span(*n, *grain), calendar.date(at));
                let mut day = moved(date, span);
                // Months end on different days: the day found may still be early by a few.
                while moved(day, -span) <= date && day < Date::MAX {
                    day = moved(day, 1.day());
                }
                calendar.midnight(day)
            }
        }
    }

    /// The first moment after the stretch of this length that begins right after `t`: `t` and the
    /// length are still in it; of months, the day n months ahead is, until its end.
    #[must_use]
    pub fn end(&self, calendar: &Calendar, t: Timestamp) -> Timestamp {
        match self {
            Self::Exact(length) => Timestamp(t.plus(*length).0.saturating_add(1)),
            Self::Calendar { n, grain } => {
                let last = moved(calendar.date(t), span(*n, *grain));
                calendar.midnight(moved(last, 1.day()))
            }
        }
    }

    /// The first moment `t` at which something at `at` is before [`end`](Self::end).
    #[must_use]
    pub fn near(&self, calendar: &Calendar, at: Timestamp) -> Timestamp {
        match self {
            Self::Exact(length) => at.minus(*length),
            Self::Calendar { n, grain } => {
                let (span, date) = (span(*n, *grain), calendar.date(at));
                let mut day = moved(date, -span);
                while moved(day, span) < date {
                    day = moved(day, 1.day());
                }
                while day > Date::MIN && moved(moved(day, -1.day()), span) >= date {
                    day = moved(day, -1.day());
                }
                calendar.midnight(day)
            }
        }
    }
}

/// Months of a grain that is counted by the calendar.
fn months(grain: Grain) -> Option<i64> {
    match grain {
        Grain::Month => Some(1),
        Grain::Quarter => Some(3),
        Grain::Year => Some(12),
        Grain::Hour | Grain::Day | Grain::Week => None,
    }
}

/// So many months; shorter grains are refused when a definition is checked, and count as nothing.
fn span(n: u32, grain: Grain) -> Span {
    let n_months = i64::from(n) * months(grain).unwrap_or_default();
    Span::new().try_months(n_months).unwrap_or_default()
}

fn moved(date: Date, span: Span) -> Date {
    let earliest = jiff::civil::date(1800, 1, 2);
    let latest = jiff::civil::date(8999, 12, 30);
    date.saturating_add(span).clamp(earliest, latest)
}

impl fmt::Display for Length {
    /// As [`parse`](Length::parse) reads it, in the largest whole unit up to days: `14 days`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(length) => f.write_str(&crate::words::duration(*length)),
            Self::Calendar { n, grain } => f.write_str(&grain.counted(*n)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Weekday;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    #[test]
    fn lengths_are_read_as_they_are_written() {
        for text in ["30 days", "1 day", "90 minutes", "36 hours", "1 month", "2 quarters"] {
            let length = Length::parse(text).expect(text);
            assert_eq!(length.to_string(), text);
            assert_eq!(length.check("length"), Ok(()));
        }
        assert_eq!(Length::parse("2 weeks"), Some(Length::days(14)));
        for text in ["", "days", "1.5 days", "-1 days", "1 fortnight", "1"] {
            assert_eq!(Length::parse(text), None, "{text}");
        }
    }

    #[test]
    fn months_begin_at_local_midnight() {
        let berlin = Calendar::new("Europe/Berlin", Weekday::Monday).expect("a zone");
        let month = Length::Calendar { n: 1, grain: Grain::Month };
        assert_eq!(month.begin(&berlin, at("2026-03-31T10:00Z")), at("2026-02-27T23:00Z"));
        // 28 February less than a month ago until 29, 30 and 31 March are over.
        assert_eq!(month.over(&berlin, at("2026-02-28T12:00Z")), at("2026-03-31T22:00Z"));
        assert_eq!(month.over(&berlin, at("2026-01-30T12:00Z")), at("2026-02-28T23:00Z"));
        assert_eq!(month.end(&berlin, at("2026-01-31T10:00Z")), at("2026-02-28T23:00Z"));
        assert_eq!(month.near(&berlin, at("2026-02-28T10:00Z")), at("2026-01-27T23:00Z"));
    }

    #[test]
    fn too_long_and_nothing_are_refused() {
        let check = |length: Length, message: &str| {
            assert_eq!(length.check("last").unwrap_err().to_string(), message);
        };
        check(Length::days(0), "last: 0 is not from 1 to 52704000");
        check(Length::Exact(Duration::seconds(30)), "last: must be whole minutes");
        let years = Length::Calendar { n: 101, grain: Grain::Year };
        check(years, "last: 101 is not from 1 to 100");
    }
}
