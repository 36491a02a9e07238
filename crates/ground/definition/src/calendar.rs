//! When do an hour, a day, a week, a month begin in a time zone?

use crate::error::{BadDefinition, Problem};
use base::{Duration, Timestamp};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan, Zoned};

/// A length of the calendar. What is counted "by day" is counted by [`Grain::Day`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grain {
    /// From one full hour of the local clock to the next. When the clock is set back, the hour
    /// that comes twice is two hours; where it moves by half an hour, one hour lasts 90 minutes.
    Hour,
    /// From local midnight to the next: 23 or 25 hours when the clock is set.
    Day,
    /// Seven days from the day with which weeks begin.
    Week,
    /// A month.
    Month,
    /// Three months, from January, April, July or October.
    Quarter,
    /// A year.
    Year,
}

impl Grain {
    /// All, from the shortest to the longest.
    pub const ALL: [Self; 6] =
        [Self::Hour, Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// One of it, in words; also what SQL's `date_trunc` calls it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The same from its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grain| grain.word() == word)
    }

    /// `n` of it, in words: "1 day", "30 days".
    #[must_use]
    pub fn counted(self, n: u32) -> String {
        let plural = if n == 1 { "" } else { "s" };
        format!("{n} {}{plural}", self.word())
    }
}

/// A time zone, and the day with which weeks begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    zone: TimeZone,
    week_begins: Weekday,
}

/// Times at which nothing is asked are taken to the nearest of these, so that the calendar can
/// count on both sides: the years 1800 and 9000.
const FIRST: i64 = -5_364_662_400_000_000;
const LAST: i64 = 221_845_392_000_000_000;

impl Calendar {
    /// UTC, weeks from Monday.
    #[must_use]
    pub fn utc() -> Self {
        Self { zone: TimeZone::UTC, week_begins: Weekday::Monday }
    }

    /// The time zone of this name in the tz database (`Europe/Berlin`, `UTC`).
    ///
    /// # Errors
    /// If there is none of this name; the field is `zone`.
    pub fn new(zone: &str, week_begins: Weekday) -> Result<Self, BadDefinition> {
        let unknown = |_| Problem::UnknownZone { name: zone.chars().take(60).collect() };
        let found = TimeZone::get(zone).map_err(unknown);
        let zone = found.map_err(|problem| BadDefinition::new("zone", problem))?;
        Ok(Self { zone, week_begins })
    }

    /// The time zone's name.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The day with which weeks begin.
    #[must_use]
    pub fn week_begins(&self) -> Weekday {
        self.week_begins
    }

    /// In words: "in the time zone Europe/Berlin", and with which day weeks begin where it is not
    /// Monday.
    #[must_use]
    pub fn words(&self) -> String {
        let zone = format!("in the time zone {}", self.zone_name());
        match self.week_begins {
            Weekday::Monday => zone,
            day => format!("{zone}, weeks beginning on {day:?}"),
        }
    }

    /// The local day of `at`.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> Date {
        self.zoned(at).date()
    }

    /// The hour of the local clock at `at`, from 0 to 23.
    #[must_use]
    pub fn hour_of_day(&self, at: Timestamp) -> u32 {
        self.zoned(at).hour().unsigned_abs().into()
    }

    /// The first moment of a local day; of the next that there is, where the zone left it out.
    #[must_use]
    pub fn midnight(&self, date: Date) -> Timestamp {
        let begin = date.to_zoned(self.zone.clone());
        let begin = begin.expect("days of the years 1800 to 9000 begin some time");
        let at = begin.timestamp().as_microsecond();
        if begin.time() == Time::midnight() {
            return Timestamp(at);
        }
        // Midnight was left out: the day begins when the clock was set, which may have been before
        // midnight (from 23:30 to 00:30).
        let (_, set) = self.even(at);
        if set > FIRST && self.date(Timestamp(set)) >= date {
            Timestamp(set)
        } else {
            Timestamp(at)
        }
    }

    /// When the hour, day… began to which `at` belongs.
    #[must_use]
    pub fn begin(&self, grain: Grain, at: Timestamp) -> Timestamp {
        match grain {
            Grain::Hour => self.hour(at),
            _ => self.midnight(self.first_day(grain, self.date(at))),
        }
    }

    /// When the hour, day… ends to which `at` belongs.
    #[must_use]
    pub fn end(&self, grain: Grain, at: Timestamp) -> Timestamp {
        let mut first = match grain {
            Grain::Hour => return self.next_hour(self.hour(at)),
            _ => self.first_day(grain, self.date(at)),
        };
        // A day that the zone left out has no moment: the one after it ends this one.
        loop {
            first = day_after(grain, first);
            let end = self.midnight(first);
            if end > at {
                return end;
            }
        }
    }

    /// The same time of the local clock `n` hours, days… later, earlier for a negative `n`. Months
    /// end with their last day: a month after 31 January is 28 or 29 February.
    #[must_use]
    pub fn shift(&self, at: Timestamp, n: i64, grain: Grain) -> Timestamp {
        let span = match grain {
            Grain::Hour => return at.plus(Duration::hours(n)),
            Grain::Day => Span::new().try_days(n),
            Grain::Week => Span::new().try_weeks(n),
            Grain::Month => Span::new().try_months(n),
            Grain::Quarter => Span::new().try_months(n.saturating_mul(3)),
            Grain::Year => Span::new().try_years(n),
        };
        let shifted = span.and_then(|span| self.zoned(at).checked_add(span));
        let edge = if n < 0 { FIRST } else { LAST };
        let micros = shifted.map_or(edge, |zoned| zoned.timestamp().as_microsecond());
        Timestamp(micros.clamp(FIRST, LAST))
    }

    /// How the hour, day… that begins at `begin` is called: `2026-03-29T02:00+02:00`,
    /// `2026-03-29` (also of a week: its first day), `2026-03`, `2026-Q1`, `2026`.
    #[must_use]
    pub fn name(&self, grain: Grain, begin: Timestamp) -> String {
        let local = self.zoned(begin);
        let (year, month) = (local.year(), local.month());
        match grain {
            Grain::Hour => local.strftime("%Y-%m-%dT%H:%M%:z").to_string(),
            Grain::Day | Grain::Week => local.date().to_string(),
            Grain::Month => format!("{year:04}-{month:02}"),
            Grain::Quarter => format!("{year:04}-Q{}", (month + 2) / 3),
            Grain::Year => format!("{year:04}"),
        }
    }

    fn zoned(&self, at: Timestamp) -> Zoned {
        let moment = jiff::Timestamp::from_microsecond(at.0.clamp(FIRST, LAST));
        moment.expect("the years 1800 to 9000 are in its range").to_zoned(self.zone.clone())
    }

    fn first_day(&self, grain: Grain, day: Date) -> Date {
        match grain {
            Grain::Hour | Grain::Day => day,
            Grain::Week => {
                let n_since = day.weekday().since(self.week_begins);
                day.saturating_sub(i64::from(n_since).days())
            }
            Grain::Month => day.first_of_month(),
            Grain::Quarter => {
                let month = (day.month() - 1) / 3 * 3 + 1;
                Date::new(day.year(), month, 1).expect("every year has this month")
            }
            Grain::Year => day.first_of_year(),
        }
    }

    /// The last full hour of the local clock until `at`.
    fn hour(&self, at: Timestamp) -> Timestamp {
        let mut end = at.0.clamp(FIRST, LAST);
        let mut last = end;
        loop {
            // The local clock runs evenly from `begin` to `end`: what is its last full hour there?
            let (offset, begin) = self.even(last);
            let full = full_hour(end, offset);
            if full >= begin {
                return Timestamp(full);
            }
            (end, last) = (begin - 1, begin - 1);
        }
    }

    /// The first full hour of the local clock after the full hour `begin`.
    fn next_hour(&self, begin: Timestamp) -> Timestamp {
        // No clock was ever set by more than a day; mostly the first try is right.
        let tries = (1..=48).map(|n_halves| begin.plus(Duration::seconds(n_halves * 1_800)));
        let after = tries.map(|at| self.hour(at)).find(|hour| *hour > begin);
        after.expect("a clock shows a full hour every day")
    }

    /// The offset from UTC in force at `at` in µs, and since when.
    fn even(&self, at: i64) -> (i64, i64) {
        let moment = jiff::Timestamp::from_microsecond(at);
        let moment = moment.expect("the years 1800 to 9000 are in its range");
        let offset = i64::from(self.zone.to_offset(moment).seconds()) * 1_000_000;
        let next = jiff::Timestamp::from_microsecond(at + 1).expect("likewise");
        let set = self.zone.preceding(next).next();
        (offset, set.map_or(i64::MIN, |set| set.timestamp().as_microsecond()))
    }
}

const HOUR: i64 = Duration::hours(1).0;

fn full_hour(at: i64, offset: i64) -> i64 {
    (at + offset).div_euclid(HOUR) * HOUR - offset
}

fn day_after(grain: Grain, first: Date) -> Date {
    let after = match grain {
        Grain::Hour | Grain::Day => 1.day(),
        Grain::Week => 1.week(),
        Grain::Month => 1.month(),
        Grain::Quarter => 3.months(),
        Grain::Year => 1.year(),
    };
    first.saturating_add(after)
}

#[cfg(test)]
mod tests;
