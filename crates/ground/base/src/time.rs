//! When was it? UTC in microseconds, whatever zone it is shown in.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A span of time in microseconds; negative spans point backwards.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(transparent)]
pub struct Duration(pub i64);

impl Duration {
    /// A span of whole seconds.
    #[must_use]
    pub const fn seconds(n: i64) -> Self {
        Self(n * 1_000_000)
    }

    /// A span of whole hours.
    #[must_use]
    pub const fn hours(n: i64) -> Self {
        Self::seconds(n * 3_600)
    }

    /// A span of days of 24 hours.
    #[must_use]
    pub const fn days(n: i64) -> Self {
        Self::hours(n * 24)
    }
}

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The earliest moment that an event may claim, 1900-01-01: birthdays are traits, not events.
    pub const EARLIEST: Self = Self(-2_208_988_800_000_000);

    /// Reads RFC 3339 (`2026-01-02T03:04:05.678Z`, any offset), the same with a blank for the
    /// `T` or without a zone (then UTC), or a date alone (midnight UTC).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            return Some(Self(moment.as_microsecond()));
        }
        let local = text.parse::<jiff::civil::DateTime>().ok()?;
        let moment = local.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(Self(moment.timestamp().as_microsecond()))
    }

    /// A moment from a number of unknown unit: seconds, milliseconds, microseconds or nanoseconds
    /// since 1970, told apart by size (each reading covers the years 1973 to 5138 of its unit).
    #[must_use]
    pub fn from_epoch_number(number: f64) -> Option<Self> {
        let micros = match number.abs() {
            n if !n.is_finite() => return None,
            n if n < 1e11 => number * 1e6,
            n if n < 1e14 => number * 1e3,
            n if n < 1e17 => number,
            n if n < 1e20 => number / 1e3,
            _ => return None,
        };
        Some(Self(micros.round() as i64))
    }

    /// The span since `earlier`, negative where `earlier` is later; saturates.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }

    /// The moment `span` later; saturates.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// The moment `span` earlier; saturates.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(span.0))
    }

    /// The number of whole UTC days since 1970-01-01, rounded down.
    #[must_use]
    pub fn utc_day(self) -> i64 {
        self.0.div_euclid(Duration::days(1).0)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with as many digits of the second as are needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(moment) => moment.fmt(f),
            Err(_) => write!(f, "{} µs", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_usual_form() {
        let check =
            |text, micros| assert_eq!(Timestamp::parse(text), Some(Timestamp(micros)), "{text}");
        check("1970-01-01T00:00:01Z", 1_000_000);
        check("1970-01-01T01:00:00.5+01:00", 500_000);
        check("1970-01-01 00:00:02", 2_000_000);
        check("1970-01-02", 86_400_000_000);
        for nonsense in ["", "yesterday", "2026-13-01", "12/24/2026"] {
            assert_eq!(Timestamp::parse(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn numbers_are_read_in_every_usual_unit() {
        for number in [1.7e9, 1.7e12, 1.7e15, 1.7e18] {
            assert_eq!(
                Timestamp::from_epoch_number(number),
                Some(Timestamp(1_700_000_000_000_000))
            );
        }
        assert_eq!(Timestamp::from_epoch_number(f64::INFINITY), None);
        assert_eq!(Timestamp::from_epoch_number(1e25), None);
    }

    #[test]
    fn shown_as_rfc_3339() {
        assert_eq!(Timestamp(1_500_000).to_string(), "1970-01-01T00:00:01.5Z");
        assert_eq!(Timestamp(-1).utc_day(), -1);
    }
}
