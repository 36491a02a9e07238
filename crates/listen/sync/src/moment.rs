//! Which moment does a text mean, when a format and a zone are known?

use base::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

/// How times are written in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeForm {
    /// ISO 8601 / RFC 3339, with `T` or a blank, with or without zone, or a date alone.
    Iso,
    /// RFC 2822, as mails have it.
    Rfc2822,
    /// A number since 1970; seconds, milliseconds, micro- or nanoseconds by size.
    Epoch,
    /// A `strftime` pattern.
    Pattern(String),
}

impl TimeForm {
    /// The form called `name`: `iso`, `rfc2822`, `epoch`, or a pattern with `%`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "iso" => Some(Self::Iso),
            "rfc2822" => Some(Self::Rfc2822),
            "epoch" => Some(Self::Epoch),
            pattern if pattern.contains('%') => Some(Self::Pattern(pattern.to_owned())),
            _ => None,
        }
    }

    /// The name that [`TimeForm::from_name`] reads.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Iso => "iso",
            Self::Rfc2822 => "rfc2822",
            Self::Epoch => "epoch",
            Self::Pattern(pattern) => pattern,
        }
    }
}

/// Reads the times of one column.
#[derive(Clone, Debug)]
pub struct Clockwork {
    form: TimeForm,
    zone: TimeZone,
}

impl Clockwork {
    /// Reads `form`; times without a zone of their own are in `zone` (an IANA name like
    /// `Europe/London`, or `UTC`). `None` where there is no such zone.
    #[must_use]
    pub fn new(form: TimeForm, zone: &str) -> Option<Self> {
        let zone = if zone.eq_ignore_ascii_case("utc") || zone == "Z" {
            TimeZone::UTC
        } else {
            TimeZone::get(zone).ok()?
        };
        Some(Self { form, zone })
    }

    /// Reads `form`, in UTC.
    #[must_use]
    pub fn utc(form: TimeForm) -> Self {
        Self { form, zone: TimeZone::UTC }
    }

    /// The moment that `text` means. A local time that the clocks skipped or showed twice is
    /// taken as the earlier reading before the change (RFC 5545).
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Timestamp> {
        let text = text.trim();
        let moment = match &self.form {
            TimeForm::Iso => self.read_iso(text)?,
            TimeForm::Rfc2822 => jiff::fmt::rfc2822::parse(text).ok()?.timestamp(),
            TimeForm::Epoch => return Timestamp::from_epoch_number(text.parse().ok()?),
            TimeForm::Pattern(pattern) => self.read_pattern(pattern, text)?,
        };
        Some(Timestamp(moment.as_microsecond()))
    }

    fn read_iso(&self, text: &str) -> Option<jiff::Timestamp> {
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            return Some(moment);
        }
        self.local(text.parse::<DateTime>().ok()?)
    }

    fn read_pattern(&self, pattern: &str, text: &str) -> Option<jiff::Timestamp> {
        let parts = strtime::parse(pattern, text).ok()?;
        if parts.offset().is_some() {
            return parts.to_timestamp().ok();
        }
        let local = match parts.to_datetime() {
            Ok(local) => local,
            Err(_) => parts.to_date().ok()?.at(0, 0, 0, 0),
        };
        self.local(local)
    }

    fn local(&self, local: DateTime) -> Option<jiff::Timestamp> {
        Some(local.to_zoned(self.zone.clone()).ok()?.timestamp())
    }
}

/// The patterns that a column is tried against, day-first and month-first ones alike.
#[must_use]
pub fn candidates() -> Vec<TimeForm> {
    const DATES: [&str; 17] = [
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%d.%m.%Y",
        "%m.%d.%Y",
        "%d-%m-%Y",
        "%m-%d-%Y",
        "%Y/%m/%d",
        "%d/%m/%y",
        "%m/%d/%y",
        "%d.%m.%y",
        "%d-%m-%y",
        "%d %b %Y",
        "%d %B %Y",
        "%b %d, %Y",
        "%B %d, %Y",
        "%d-%b-%Y",
        "%Y%m%d",
    ];
    const CLOCKS: [&str; 6] =
        ["", " %H:%M:%S", " %H:%M", " %I:%M %p", " %I:%M:%S %p", " %H:%M:%S%.f"];
    let patterns = DATES.iter().flat_map(|date| {
        CLOCKS.iter().map(move |clock| TimeForm::Pattern(format!("{date}{clock}")))
    });
    let others = [TimeForm::Iso, TimeForm::Rfc2822, TimeForm::Epoch];
    others.into_iter().chain(patterns).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(form: &str, zone: &str, text: &str) -> Option<String> {
        let clock = Clockwork::new(TimeForm::from_name(form).unwrap(), zone).unwrap();
        clock.read(text).map(|t| t.to_string())
    }

    #[test]
    fn forms_and_zones_are_kept_to() {
        let check = |form, zone, text, expected: Option<&str>| {
            assert_eq!(read(form, zone, text).as_deref(), expected, "{form} {zone} {text}");
        };
        check("iso", "UTC", "2010-12-01 08:26:00", Some("2010-12-01T08:26:00Z"));
        check("iso", "Europe/London", "2011-07-01 08:26:00", Some("2011-07-01T07:26:00Z"));
        check("iso", "Europe/London", "2011-07-01T08:26:00+02:00", Some("2011-07-01T06:26:00Z"));
        check("%d/%m/%Y %H:%M", "UTC", "1/12/2010 8:26", Some("2010-12-01T08:26:00Z"));
        check("%m/%d/%Y", "UTC", "12/01/2010", Some("2010-12-01T00:00:00Z"));
        check("%m/%d/%Y", "UTC", "13/01/2010", None);
        check("%d %b %Y", "UTC", "1 Dec 2010", Some("2010-12-01T00:00:00Z"));
        check("%m/%d/%Y %I:%M %p", "UTC", "12/01/2010 1:05 PM", Some("2010-12-01T13:05:00Z"));
        check("epoch", "UTC", "1291191960", Some("2010-12-01T08:26:00Z"));
        check("rfc2822", "UTC", "Wed, 01 Dec 2010 08:26:00 +0100", Some("2010-12-01T07:26:00Z"));
        check("iso", "Europe/London", "2011-03-27 01:30:00", Some("2011-03-27T01:30:00Z"));
        assert!(Clockwork::new(TimeForm::Iso, "Mars/Olympus").is_none());
        assert_eq!(TimeForm::from_name("whenever"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
            for form in candidates() {
                let _ = Clockwork::utc(form).read(&text);
            }
        }
    }
}
