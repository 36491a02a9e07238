//! Which day, weekday and local hour is an instant?
//!
//! Instants are µs since 1970-01-01 UTC, days are whole days since then. All
//! countries of the world keep the summer time of the European Union.

use std::fmt::Write;

/// One second in µs.
pub const SECOND: i64 = 1_000_000;
/// One minute in µs.
pub const MINUTE: i64 = 60 * SECOND;
/// One hour in µs.
pub const HOUR: i64 = 60 * MINUTE;
/// One day of 24 hours in µs.
pub const DAY: i64 = 24 * HOUR;

/// A date of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// The year, for example 2026.
    pub year: i64,
    /// The month, 1 to 12.
    pub month: i64,
    /// The day of the month, 1 to 31.
    pub day: i64,
}

impl Date {
    /// The date of a day since 1970-01-01 (Hinnant, `civil_from_days`).
    #[must_use]
    pub fn of_day(day: i64) -> Date {
        let z = day + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        Date { year, month, day: doy - (153 * mp + 2) / 5 + 1 }
    }

    /// The days from 1970-01-01 to this date (Hinnant, `days_from_civil`).
    #[must_use]
    pub fn to_day(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let yoe = year.rem_euclid(400);
        let mp = (self.month + 9) % 12;
        let doy = (153 * mp + 2) / 5 + self.day - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        era * 146_097 + doe - 719_468
    }

    /// The same day of the month, `months` earlier; the 28th where that day may not exist.
    #[must_use]
    pub fn months_before(self, months: u32) -> Date {
        let count = self.year * 12 + self.month - 1 - i64::from(months);
        Date { year: count.div_euclid(12), month: count.rem_euclid(12) + 1, day: self.day.min(28) }
    }
}

/// The day that an instant falls on, in UTC.
#[must_use]
pub fn day_of(at: i64) -> i64 {
    at.div_euclid(DAY)
}

/// The weekday of a day: 0 is Monday, 6 is Sunday.
#[must_use]
pub fn weekday(day: i64) -> usize {
    (day + 3).rem_euclid(7) as usize
}

/// The instant of local midnight, at which a day begins where winter time is
/// `winter_hours` ahead of UTC.
#[must_use]
pub fn midnight(day: i64, winter_hours: i64) -> i64 {
    let summer = i64::from(is_summer_time(day));
    day * DAY - (winter_hours + summer) * HOUR
}

/// Is summer time kept on this day (from the last Sunday of March to that of October)?
fn is_summer_time(day: i64) -> bool {
    let year = Date::of_day(day).year;
    let last_sunday = |month| {
        let last = Date { year, month, day: 31 }.to_day();
        last - (weekday(last) as i64 + 1) % 7
    };
    (last_sunday(3)..last_sunday(10)).contains(&day)
}

/// Appends an instant as ISO 8601 with milliseconds, as client libraries send it.
pub fn push_instant(out: &mut String, at: i64) {
    push_date(out, day_of(at));
    let ms = at.rem_euclid(DAY) / 1000;
    let parts = [ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60];
    for (separator, part) in ['T', ':', ':'].into_iter().zip(parts) {
        out.push(separator);
        push_two(out, part);
    }
    out.push('.');
    out.push(digit(ms / 100 % 10));
    push_two(out, ms % 100);
    out.push('Z');
}

/// Appends a day as `2026-11-21`.
pub fn push_date(out: &mut String, day: i64) {
    let date = Date::of_day(day);
    if (0..10_000).contains(&date.year) {
        push_two(out, date.year / 100);
        push_two(out, date.year % 100);
    } else {
        write!(out, "{:+07}", date.year).expect("writing to a string cannot fail");
    }
    out.push('-');
    push_two(out, date.month);
    out.push('-');
    push_two(out, date.day);
}

fn push_two(out: &mut String, number: i64) {
    out.push(digit(number / 10 % 10));
    out.push(digit(number % 10));
}

fn digit(number: i64) -> char {
    char::from(b'0' + number as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_there_and_back() {
        for day in (-800_000..800_000).step_by(97) {
            assert_eq!(Date::of_day(day).to_day(), day);
        }
        assert_eq!(Date::of_day(20_778), Date { year: 2026, month: 11, day: 21 });
        assert_eq!(weekday(20_778), 5, "21 November 2026 is a Saturday");
    }

    #[test]
    fn months_go_back_over_years() {
        let date = Date { year: 2026, month: 3, day: 31 };
        assert_eq!(date.months_before(18), Date { year: 2024, month: 9, day: 28 });
    }

    #[test]
    fn summer_time_is_an_hour_earlier_in_utc() {
        let july = Date { year: 2026, month: 7, day: 1 }.to_day();
        let january = Date { year: 2026, month: 1, day: 1 }.to_day();
        assert_eq!(midnight(july, 1), july * DAY - 2 * HOUR);
        assert_eq!(midnight(january, 1), january * DAY - HOUR);
    }

    #[test]
    fn instants_read_as_iso_8601() {
        let mut out = String::new();
        push_instant(&mut out, 20_778 * DAY + 13 * HOUR + 5 * MINUTE + 7 * SECOND + 89_000);
        assert_eq!(out, "2026-11-21T13:05:07.089Z");
    }
}
