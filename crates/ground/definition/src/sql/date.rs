//! How is it written in SQL that a text is a date in a stretch?

use base::Timestamp;
use std::ops::Range;
use timeline::{MonthDay, When, Window};

/// A date alone; what has a day that its month has not is an error in SQL, and absent here.
const DATE: &str = r"'^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$'";
/// A date with a time.
const MOMENT: &str = r"'^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]\d{2}:\d{2}'";
/// A date, whatever comes after it.
const DATED: &str = r"'^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])'";

/// Whether a text is such a date.
pub(super) fn when(text: &str, when: &When) -> String {
    match when {
        When::Within { moments, days } => within(text, *moments, days),
        When::Yearly { first, last } => {
            let day = format!("substr({text}, 6, 5)");
            let (joint, first, last) = (
                if first <= last { "and" } else { "or" },
                format!("{day} >= '{}'", written(*first)),
                format!("{day} <= '{}'", written(*last)),
            );
            format!("({text} ~ {DATED} and ({first} {joint} {last}))")
        }
    }
}

fn within(text: &str, moments: Window, days: &Range<i32>) -> String {
    let date = both(
        (days.start != i32::MIN)
            .then(|| format!("cast({text} as date) >= date '{}'", day(days.start))),
        (days.end != i32::MAX).then(|| format!("cast({text} as date) < date '{}'", day(days.end))),
    );
    let at =
        |bound: Timestamp, op| format!("cast({text} as timestamptz) {op} timestamptz '{bound}'");
    let moment = both(
        (moments.from != Window::EVER.from).then(|| at(moments.from, ">=")),
        (moments.until != Window::EVER.until).then(|| at(moments.until, "<")),
    );
    format!(
        "case when {text} ~ {DATE} then {date} when {text} ~ {MOMENT} then {moment} else false end"
    )
}

fn both(first: Option<String>, second: Option<String>) -> String {
    let both: Vec<String> = first.into_iter().chain(second).collect();
    if both.is_empty() { "true".into() } else { both.join(" and ") }
}

/// The date of a day since 1970.
fn day(day: i32) -> String {
    let midnight = Timestamp(i64::from(day).saturating_mul(86_400_000_000)).to_string();
    midnight.split('T').next().unwrap_or_default().to_owned()
}

fn written(day: MonthDay) -> String {
    format!("{:02}-{:02}", day.month, day.day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_compared_as_days_and_moments_as_moments() {
        let moments = Window { from: Timestamp(0), until: Window::EVER.until };
        let sql = when("x", &When::Within { moments, days: 0..i32::MAX });
        assert_eq!(
            sql,
            format!(
                "case when x ~ {DATE} then cast(x as date) >= date '1970-01-01' when x ~ {MOMENT} \
                 then cast(x as timestamptz) >= timestamptz '1970-01-01T00:00:00Z' else false end"
            )
        );
    }

    #[test]
    fn days_of_the_year_wrap() {
        let (first, last) = (MonthDay { month: 12, day: 30 }, MonthDay { month: 1, day: 2 });
        let sql = when("x", &When::Yearly { first, last });
        let tail = "and (substr(x, 6, 5) >= '12-30' or substr(x, 6, 5) <= '01-02'))";
        assert!(sql.ends_with(tail), "{sql}");
    }
}
