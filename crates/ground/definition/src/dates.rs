//! When must a date be that is known of a customer, seen from today?

use crate::calendar::Calendar;
use crate::error::{BadDefinition, Problem};
use crate::length::Length;
use crate::lookback::NEVER;
use base::Timestamp;
use jiff::civil::Date;
use timeline::{MonthDay, Op, When, Window, WrittenDate, day_of};

/// A test of a date or a time. What is written as a date alone stands for its local midnight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DateTest {
    /// Not longer ago than this; now at the latest.
    InLast(Length),
    /// After now, at most so far ahead.
    InNext(Length),
    /// So long ago or longer.
    MoreThanAgo(Length),
    /// Farther ahead than this.
    MoreThanAhead(Length),
    /// Earlier.
    Before(Moment),
    /// Later.
    After(Moment),
    /// On this local day.
    On(Date),
    /// Today or in the days after, whatever the year.
    YearlyInNext {
        /// How many days after today; 0 for today alone.
        n_days: u32,
    },
    /// Today or in the days before, whatever the year.
    YearlyInLast {
        /// How many days before today.
        n_days: u32,
    },
}

/// A moment, or a day as a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    /// A local day.
    Day(Date),
    /// A moment.
    At(Timestamp),
}

/// What is true now, and the first moment after now at which it may be otherwise with no news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Whether it holds.
    pub holds: bool,
    /// Until when that is sure; `None` for ever.
    pub until: Option<Timestamp>,
}

impl Judged {
    /// True or false for ever.
    #[must_use]
    pub fn always(holds: bool) -> Self {
        Self { holds, until: None }
    }
}

/// Days around today of a yearly test at most, so that a day of the year comes once in them.
pub const YEARLY_DAYS_MAX: u32 = 364;

impl DateTest {
    /// That it can be used.
    ///
    /// # Errors
    /// Names the field that cannot.
    pub fn check(&self) -> Result<(), BadDefinition> {
        match self {
            Self::InLast(length)
            | Self::InNext(length)
            | Self::MoreThanAgo(length)
            | Self::MoreThanAhead(length) => length.check("length"),
            Self::Before(Moment::Day(day)) | Self::After(Moment::Day(day)) | Self::On(day) => {
                if (1800..=2500).contains(&day.year()) {
                    return Ok(());
                }
                Err(BadDefinition::new("day", Problem::OutsideTheCalendar))
            }
            Self::Before(Moment::At(at)) | Self::After(Moment::At(at)) => {
                // Written with a year of four digits, so that it is read again.
                if (-5_000_000_000_000_000..=200_000_000_000_000_000).contains(&at.0) {
                    return Ok(());
                }
                Err(BadDefinition::new("at", Problem::OutsideTheCalendar))
            }
            Self::YearlyInNext { n_days } | Self::YearlyInLast { n_days } => {
                let range = (0.0, f64::from(YEARLY_DAYS_MAX));
                crate::error::between("days", f64::from(*n_days), range)
            }
        }
    }

    /// The same as an absolute test, at the moment `t`.
    #[must_use]
    pub fn bound(&self, calendar: &Calendar, t: Timestamp) -> Op {
        let today = calendar.date(t);
        Op::When(match self {
            Self::YearlyInNext { n_days } => yearly(today, later(today, i64::from(*n_days))),
            Self::YearlyInLast { n_days } => yearly(later(today, -i64::from(*n_days)), today),
            _ => {
                let moments = self.moments(calendar, t);
                let first = day_from(calendar, moments.from, Window::EVER.from, i32::MIN);
                let end = day_from(calendar, moments.until, Window::EVER.until, i32::MAX);
                When::Within { moments, days: first..end.max(first) }
            }
        })
    }

    /// Whether it holds for what is written, at the moment `t`.
    #[must_use]
    pub fn holds(&self, value: &str, (t, calendar): (Timestamp, &Calendar)) -> Judged {
        match self {
            Self::YearlyInNext { n_days } => {
                let day = MonthDay::written(value);
                day.map_or(Judged::always(false), |day| in_next(day, *n_days, (t, calendar)))
            }
            Self::YearlyInLast { n_days } => {
                let day = MonthDay::written(value);
                day.map_or(Judged::always(false), |day| in_last(day, *n_days, (t, calendar)))
            }
            _ => match moment_of(value, calendar) {
                Some(at) => self.judge(at, (t, calendar)),
                None => Judged::always(false),
            },
        }
    }

    /// The stretch of moments that it means at `t`.
    fn moments(&self, calendar: &Calendar, t: Timestamp) -> Window {
        let Window { from, until } = Window::EVER;
        let after = |at: Timestamp| Timestamp(at.0.saturating_add(1));
        match self {
            Self::InLast(length) => Window { from: length.begin(calendar, t), until: after(t) },
            Self::InNext(length) => Window { from: after(t), until: length.end(calendar, t) },
            Self::MoreThanAgo(length) => Window { from, until: length.begin(calendar, t) },
            Self::MoreThanAhead(length) => Window { from: length.end(calendar, t), until },
            Self::Before(Moment::At(at)) => Window { from, until: *at },
            Self::After(Moment::At(at)) => Window { from: after(*at), until },
            Self::Before(Moment::Day(day)) => Window { from, until: calendar.midnight(*day) },
            Self::After(Moment::Day(day)) => Window { from: next_day(calendar, *day), until },
            Self::On(day) => {
                Window { from: calendar.midnight(*day), until: next_day(calendar, *day) }
            }
            Self::YearlyInNext { .. } | Self::YearlyInLast { .. } => Window { from, until: from },
        }
    }

    /// Whether it holds for the moment `at`, and until when.
    fn judge(&self, at: Timestamp, (t, calendar): (Timestamp, &Calendar)) -> Judged {
        let (from, until) = match self {
            Self::InLast(length) => (at, length.over(calendar, at)),
            Self::InNext(length) => (length.near(calendar, at), at),
            Self::MoreThanAgo(length) => (length.over(calendar, at), NEVER),
            Self::MoreThanAhead(length) => (Window::EVER.from, length.near(calendar, at)),
            _ => return Judged::always(self.moments(calendar, t).holds(at)),
        };
        let next = if t < from { from } else { until };
        let is_to_come = t < next && next != NEVER;
        Judged { holds: from <= t && t < until, until: is_to_come.then_some(next) }
    }
}

/// The moment that is written; of a date alone its local midnight.
fn moment_of(value: &str, calendar: &Calendar) -> Option<Timestamp> {
    match WrittenDate::parse(value)? {
        WrittenDate::Moment(at) => Some(at),
        WrittenDate::Day(day) => Some(calendar.midnight(later(EPOCH, i64::from(day)))),
    }
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// The day `n` days after another, within the years in which calendars can count.
fn later(date: Date, n: i64) -> Date {
    let (earliest, latest) = (jiff::civil::date(1800, 1, 2), jiff::civil::date(8999, 12, 30));
    let span = jiff::Span::new().try_days(n);
    let edge = if n < 0 { earliest } else { latest };
    span.map_or(edge, |span| date.saturating_add(span)).clamp(earliest, latest)
}

fn next_day(calendar: &Calendar, day: Date) -> Timestamp {
    calendar.midnight(later(day, 1))
}

/// The first day, since 1970, whose local midnight is not before `at`.
fn day_from(calendar: &Calendar, at: Timestamp, ever: Timestamp, open: i32) -> i32 {
    if at == ever {
        return open;
    }
    let date = calendar.date(at);
    let date = if calendar.midnight(date) >= at { date } else { later(date, 1) };
    day_of(i32::from(date.year()), month_day(date))
}

fn month_day(date: Date) -> MonthDay {
    MonthDay { month: date.month().unsigned_abs(), day: date.day().unsigned_abs() }
}

/// The days of the year from one date to another. 29 February goes with 1 March of a year that has
/// none.
fn yearly(first: Date, last: Date) -> When {
    let mut begin = month_day(first);
    if begin == (MonthDay { month: 3, day: 1 }) && !first.in_leap_year() {
        begin = MonthDay { month: 2, day: 29 };
    }
    When::Yearly { first: begin, last: month_day(last) }
}

/// The day of the year in that year; 1 March for 29 February where there is none.
fn in_year(day: MonthDay, year: i16) -> Date {
    let (month, of_month) = (day.month.cast_signed(), day.day.cast_signed());
    let march = || jiff::civil::date(year, 3, 1);
    Date::new(year, month, of_month).unwrap_or_else(|_| march())
}

/// The next time that the day of the year comes, today included.
fn next_time(day: MonthDay, today: Date) -> Date {
    let this_year = in_year(day, today.year());
    if this_year >= today { this_year } else { in_year(day, today.year() + 1) }
}

fn in_next(day: MonthDay, n_days: u32, (t, calendar): (Timestamp, &Calendar)) -> Judged {
    let today = calendar.date(t);
    let next = next_time(day, today);
    let begins = later(next, -i64::from(n_days));
    let holds = begins <= today;
    let turns = if holds { later(next, 1) } else { begins };
    Judged { holds, until: Some(calendar.midnight(turns)) }
}

fn in_last(day: MonthDay, n_days: u32, (t, calendar): (Timestamp, &Calendar)) -> Judged {
    let today = calendar.date(t);
    let next = next_time(day, later(today, 1));
    let this_year = in_year(day, today.year());
    let last = if this_year <= today { this_year } else { in_year(day, today.year() - 1) };
    let ends = later(last, i64::from(n_days) + 1);
    let holds = today < ends;
    let turns = if holds { ends.min(next) } else { next };
    Judged { holds, until: Some(calendar.midnight(turns)) }
}

impl Moment {
    /// Reads a date, or a time with or without a zone (then UTC).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match WrittenDate::parse(text)? {
            WrittenDate::Moment(at) => Some(Self::At(at)),
            WrittenDate::Day(day) => Some(Self::Day(later(EPOCH, i64::from(day)))),
        }
    }
}

impl std::fmt::Display for Moment {
    /// As [`parse`](Moment::parse) reads it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::At(at) => at.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
