//! When do people come: which days of the year, which hours of the day?
//!
//! A day's factor multiplies visits and purchases; its mean over a year is
//! close to 1. It is the product of a month factor, a weekday factor and the
//! days of trade: Black Friday (the day after the fourth Thursday of November)
//! 3.0, the weekend after it 2.2, the Monday 2.6, the days before it 1.5;
//! 1 to 20 December 1.35; 24 to 26 December 0.45; 27 December to 8 January 1.2.

use crate::calendar::{Date, HOUR, weekday};
use crate::seed::Stream;

const MONTHS: [f64; 12] = [0.92, 0.84, 0.90, 0.92, 0.94, 0.88, 0.84, 0.86, 1.00, 1.06, 1.14, 1.20];
const WEEKDAYS: [f64; 7] = [0.96, 0.94, 0.95, 0.98, 0.98, 1.07, 1.12];

/// Relative activity by local hour for people at home: low at night, a peak at 20 h.
const HOME_HOURS: [f64; 24] = [
    0.6, 0.3, 0.15, 0.1, 0.1, 0.2, 0.7, 1.6, 2.2, 2.4, 2.6, 2.7, 3.1, 2.8, 2.5, 2.5, 2.8, 3.3, 3.9,
    4.8, 5.3, 4.7, 3.0, 1.5,
];
/// Relative activity by local hour for people at work.
const WORK_HOURS: [f64; 24] = [
    0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 0.5, 2.0, 5.0, 7.0, 7.0, 6.0, 3.5, 5.0, 6.5, 6.0, 5.0, 2.5, 0.9,
    0.5, 0.4, 0.3, 0.1, 0.0,
];

/// Relative activity by local hour in stores: open from 9 to 20 h.
const STORE_HOURS: [f64; 24] = [
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 3.5, 4.5, 4.0, 3.5, 4.0, 4.5, 5.5, 6.5, 6.0,
    3.0, 0.0, 0.0, 0.0, 0.0,
];

/// Whose hours does a moment follow?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hours {
    /// Evenings and weekends.
    Home,
    /// Office hours.
    Work,
    /// Opening hours of the stores.
    Store,
}

/// How busy is this day for people at home, relative to an average day?
pub(crate) fn home_factor(day: i64) -> f64 {
    let date = Date::of_day(day);
    MONTHS[(date.month - 1) as usize] * WEEKDAYS[weekday(day)] * trade_factor(day, date)
}

/// How busy is this day for people at work? Quiet weekends, a summer and a Christmas break.
pub(crate) fn work_factor(day: i64) -> f64 {
    let date = Date::of_day(day);
    let week = if weekday(day) < 5 { 1.35 } else { 0.1 };
    let holiday = match (date.month, date.day) {
        (12, 23..) | (1, ..=3) => 0.15,
        (7 | 8, _) => 0.7,
        _ => 1.0,
    };
    week * holiday
}

fn trade_factor(day: i64, date: Date) -> f64 {
    match day - black_friday(date.year) {
        0 => return 3.0,
        1 | 2 => return 2.2,
        3 => return 2.6,
        -4..=-1 => return 1.5,
        _ => {}
    }
    match (date.month, date.day) {
        (12, 1..=20) => 1.35,
        (12, 24..=26) => 0.45,
        (12, 27..) | (1, ..=8) => 1.2,
        _ => 1.0,
    }
}

/// The day of Black Friday in a year.
pub(crate) fn black_friday(year: i64) -> i64 {
    let first = Date { year, month: 11, day: 1 }.to_day();
    let first_thursday = first + (3 - weekday(first) as i64).rem_euclid(7);
    first_thursday + 22
}

/// A moment of a local day, in µs after its midnight.
pub(crate) fn moment(stream: &mut Stream, hours: Hours) -> i64 {
    let weights = match hours {
        Hours::Home => &HOME_HOURS,
        Hours::Work => &WORK_HOURS,
        Hours::Store => &STORE_HOURS,
    };
    let hour = stream.weighted(weights) as i64;
    hour * HOUR + whole_ms(stream.unit() * HOUR as f64)
}

/// Rounds µs down to whole milliseconds: client libraries send no more than that.
pub(crate) fn whole_ms(us: f64) -> i64 {
    (us / 1000.0) as i64 * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_friday_is_the_day_after_thanksgiving() {
        for (year, day) in [(2024, 29), (2025, 28), (2026, 27)] {
            assert_eq!(Date::of_day(black_friday(year)), Date { year, month: 11, day });
        }
    }

    #[test]
    fn an_average_day_has_a_factor_of_about_one() {
        let start = Date { year: 2025, month: 1, day: 1 }.to_day();
        let mean =
            |factor: fn(i64) -> f64| (0..365).map(|d| factor(start + d)).sum::<f64>() / 365.0;
        assert!((mean(home_factor) - 1.0).abs() < 0.08, "{}", mean(home_factor));
        assert!((mean(work_factor) - 1.0).abs() < 0.12, "{}", mean(work_factor));
    }

    #[test]
    fn stores_are_closed_at_night() {
        let mut stream = crate::seed::Seed::root(2).stream();
        for _ in 0..2000 {
            assert!((9..20).contains(&(moment(&mut stream, Hours::Store) / HOUR)));
        }
    }

    #[test]
    fn people_come_in_the_evening_and_workers_by_day() {
        let mut stream = crate::seed::Seed::root(1).stream();
        let mut evening = |hours| {
            (0..4000).filter(|_| moment(&mut stream, hours) / HOUR >= 18).count() as f64 / 4000.0
        };
        let home = evening(Hours::Home);
        let work = evening(Hours::Work);
        assert!(home > 0.35 && work < 0.08, "{home} {work}");
    }
}
