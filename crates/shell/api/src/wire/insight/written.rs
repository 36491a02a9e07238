//! How do days, days of the year and versions travel inside a test?
//!
//! Each is a text; one that is none of its kind is refused where the request is read.

use crate::wire::word::VersionOrder;
use base::Timestamp;
use serde::{Deserialize, Serialize};
use timeline::{MonthDay, Version, VersionTest, When, Window, WrittenDate};
use utoipa::ToSchema;

/// A stretch of time, open where a bound is not given. What is written as a date alone is compared
/// with the days, everything else with the moments.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Stretch {
    /// The first moment in it.
    #[schema(value_type = Option<String>, examples("2026-01-01T00:00:00Z"))]
    #[serde(default)]
    pub from: Option<Moment>,
    /// The first moment after it.
    #[schema(value_type = Option<String>, examples("2026-02-01T00:00:00Z"))]
    #[serde(default)]
    pub until: Option<Moment>,
    /// The first day in it.
    #[schema(value_type = Option<String>, examples("2026-01-01"))]
    #[serde(default)]
    pub from_day: Option<Day>,
    /// The first day after it.
    #[schema(value_type = Option<String>, examples("2026-02-01"))]
    #[serde(default)]
    pub until_day: Option<Day>,
}

/// A moment.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment(pub Timestamp);

/// A day, counted from 1970.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(pub i32);

/// A day of the year: `12-24`.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayOfYear(pub MonthDay);

/// A version.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct SemanticVersion(pub Version);

impl TryFrom<String> for Moment {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("'{text}' is no time such as 2026-01-01T00:00:00Z");
        Timestamp::parse(&text).map(Self).ok_or_else(wrong)
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.0.to_string()
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match WrittenDate::parse(&text) {
            Some(WrittenDate::Day(day)) => Ok(Self(day)),
            _ => Err(format!("'{text}' is no date such as 2026-01-31")),
        }
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        let midnight = Timestamp(i64::from(day.0).saturating_mul(86_400_000_000)).to_string();
        midnight.split('T').next().unwrap_or_default().to_owned()
    }
}

impl TryFrom<String> for DayOfYear {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = text.split_once('-').filter(|(month, day)| month.len() == 2 && day.len() == 2);
        let numbers = parts.and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
        let found = numbers.map(|(month, day)| MonthDay { month, day });
        let wrong = || format!("'{text}' is no day of the year such as 12-24");
        found.filter(|day| day.exists()).map(Self).ok_or_else(wrong)
    }
}

impl From<DayOfYear> for String {
    fn from(day: DayOfYear) -> Self {
        format!("{:02}-{:02}", day.0.month, day.0.day)
    }
}

impl TryFrom<String> for SemanticVersion {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("'{text}' is no version such as 1.4.0");
        Version::parse(&text).map(Self).ok_or_else(wrong)
    }
}

impl From<SemanticVersion> for String {
    fn from(version: SemanticVersion) -> Self {
        version.0.to_string()
    }
}

impl From<&Stretch> for When {
    fn from(stretch: &Stretch) -> Self {
        let ever = Window::EVER;
        let moments = Window {
            from: stretch.from.map_or(ever.from, |moment| moment.0),
            until: stretch.until.map_or(ever.until, |moment| moment.0),
        };
        let first = stretch.from_day.map_or(i32::MIN, |day| day.0);
        let end = stretch.until_day.map_or(i32::MAX, |day| day.0);
        Self::Within { moments, days: first..end }
    }
}

impl Stretch {
    /// The twin of a stretch of moments and days.
    #[must_use]
    pub fn of(moments: Window, days: &std::ops::Range<i32>) -> Self {
        let moment = |at, open| (at != open).then_some(Moment(at));
        let day = |day, open| (day != open).then_some(Day(day));
        Self {
            from: moment(moments.from, Window::EVER.from),
            until: moment(moments.until, Window::EVER.until),
            from_day: day(days.start, i32::MIN),
            until_day: day(days.end, i32::MAX),
        }
    }
}

/// The version test that is meant.
#[must_use]
pub fn version_test(order: VersionOrder, version: &SemanticVersion) -> VersionTest {
    VersionTest { is: order.into(), version: version.0.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::insight::Op;
    use serde_json::json;
    use timeline::day_of;

    #[test]
    fn tests_are_told_again_as_they_came() {
        let day = day_of(2026, MonthDay { month: 1, day: 31 });
        assert_eq!(String::from(Day(day)), "2026-01-31");
        for op in [
            json!({"op": "ends_with", "text": ".de"}),
            json!({"op": "within", "from": "2026-01-01T00:00:00Z", "until": null,
                   "from_day": "2026-01-01", "until_day": null}),
            json!({"op": "yearly", "first": "12-24", "last": "01-06"}),
            json!({"op": "version", "than": "at_least", "version": "1.4.0"}),
            json!({"op": "has", "values": ["garden"]}),
        ] {
            let read: Op = serde_json::from_value(op.clone()).expect("an op");
            let inner = timeline::Op::from(&read);
            assert_eq!(serde_json::to_value(Op::from(&inner)).expect("JSON"), op);
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        let check = |op: serde_json::Value, message: &str| {
            let error = serde_json::from_value::<Op>(op).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        };
        check(json!({"op": "yearly", "first": "02-30", "last": "03-01"}), "'02-30' is no day");
        check(json!({"op": "version", "than": "less", "version": "new"}), "'new' is no version");
        check(json!({"op": "within", "from_day": "2026-01-01T00:00"}), "is no date");
    }
}
