//! Is what is written a date or a time, and is it in a stretch?

use crate::ask::Window;
use base::Timestamp;
use std::ops::Range;

/// When something that is written as a date or a time must be. Always absolute: what is meant
/// relative to today was worked out by whoever knows the time zone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// In a stretch of time.
    Within {
        /// For what has a time.
        moments: Window,
        /// For a date alone: these days, in days since 1970.
        days: Range<i32>,
    },
    /// Between two days of the year, as they are written, whatever the year and the zone; both
    /// included. It may wrap over New Year. 29 February stands between 28 February and 1 March.
    Yearly {
        /// The first day.
        first: MonthDay,
        /// The last day.
        last: MonthDay,
    },
}

/// A day of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MonthDay {
    /// From 1 to 12.
    pub month: u8,
    /// From 1 to 31.
    pub day: u8,
}

/// A text that is a date or a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrittenDate {
    /// It has a time: a moment.
    Moment(Timestamp),
    /// It is a date alone, in days since 1970.
    Day(i32),
}

impl WrittenDate {
    /// Reads it, as [`Timestamp::parse`] does; what has no time is a date alone.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let at = Timestamp::parse(text)?;
        if date_part(text).len() < text.len() {
            return Some(Self::Moment(at));
        }
        i32::try_from(at.utc_day()).ok().map(Self::Day)
    }
}

/// What stands before the time.
fn date_part(text: &str) -> &str {
    text.split(['T', 't', ' ']).next().unwrap_or_default()
}

impl When {
    /// Whether a label is a date or a time in it.
    #[must_use]
    pub fn takes(&self, label: &str) -> bool {
        match self {
            Self::Within { moments, days } => match WrittenDate::parse(label) {
                Some(WrittenDate::Moment(at)) => moments.holds(at),
                Some(WrittenDate::Day(day)) => days.contains(&day),
                None => false,
            },
            Self::Yearly { first, last } => {
                MonthDay::written(label).is_some_and(|day| day.is_within(*first, *last))
            }
        }
    }
}

impl MonthDay {
    /// The day of the year of what is written as a date or a time, in its own zone.
    #[must_use]
    pub fn written(text: &str) -> Option<Self> {
        let text = text.trim();
        Timestamp::parse(text)?;
        let day = Timestamp::parse(date_part(text))?.utc_day();
        i32::try_from(day).ok().map(month_day_of)
    }

    /// Whether it is one of the days from `first` to `last`, over New Year where these wrap.
    #[must_use]
    pub fn is_within(self, first: Self, last: Self) -> bool {
        if first <= last {
            return first <= self && self <= last;
        }
        first <= self || self <= last
    }

    /// Whether there is such a day in some year.
    #[must_use]
    pub fn exists(self) -> bool {
        let n_days = match self.month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            _ => 0,
        };
        (1..=n_days).contains(&self.day)
    }
}

/// The day of the year of a day since 1970 (Howard Hinnant, "chrono-compatible low-level date
/// algorithms", `civil_from_days`).
#[must_use]
pub fn month_day_of(day: i32) -> MonthDay {
    let (_, month, day) = civil(i64::from(day));
    MonthDay { month, day }
}

/// The day since 1970 of a date of the Gregorian calendar, which must be there (ibid.,
/// `days_from_civil`).
#[must_use]
pub fn day_of(year: i32, of: MonthDay) -> i32 {
    let (month, day) = (i64::from(of.month), i64::from(of.day));
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    i32::try_from(era * 146_097 + day_of_era - 719_468).expect("years of a calendar are few")
}

fn civil(day: i64) -> (i64, u8, u8) {
    let from_march = day + 719_468;
    let era = from_march.div_euclid(146_097);
    let of_era = from_march.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month as u8, day as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month_day(month: u8, day: u8) -> MonthDay {
        MonthDay { month, day }
    }

    #[test]
    fn days_are_counted_and_counted_back() {
        assert_eq!(day_of(1970, month_day(1, 1)), 0);
        assert_eq!(day_of(2000, month_day(3, 1)), 11_017);
        for day in [-800_000, -719_469, -1, 0, 59, 11_016, 20_500, 900_000] {
            let (year, month, of_month) = civil(i64::from(day));
            assert_eq!(day_of(year as i32, month_day(month, of_month)), day);
        }
    }

    #[test]
    fn dates_alone_are_days_and_others_moments() {
        assert_eq!(WrittenDate::parse(" 1970-01-02 "), Some(WrittenDate::Day(1)));
        let moment = WrittenDate::Moment(Timestamp(3_600_000_000));
        assert_eq!(WrittenDate::parse("1970-01-01T01:00:00Z"), Some(moment));
        assert_eq!(WrittenDate::parse("soon"), None);
        let moments = Window { from: Timestamp(0), until: Timestamp(10) };
        let within = When::Within { moments, days: 5..6 };
        assert!(within.takes("1970-01-06") && !within.takes("1970-01-01"));
        assert!(within.takes("1970-01-01T00:00:00Z") && !within.takes("1970-01-06T00:00Z"));
    }

    #[test]
    fn days_of_the_year_wrap() {
        let check = |first, last, text: &str, holds| {
            assert_eq!(When::Yearly { first, last }.takes(text), holds, "{text}");
        };
        let (first, last) = (month_day(12, 28), month_day(1, 3));
        check(first, last, "1990-12-31", true);
        check(first, last, "1990-01-03T23:59:00-11:00", true);
        check(first, last, "1990-01-04", false);
        check(month_day(2, 28), month_day(3, 1), "1992-02-29", true);
        check(month_day(2, 28), month_day(2, 28), "1992-02-29", false);
        check(first, last, "31 December", false);
        assert!(month_day(2, 29).exists() && !month_day(4, 31).exists());
    }
}
