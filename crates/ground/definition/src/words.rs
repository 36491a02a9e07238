//! How are values, lists, fields and whole definitions written in English?

mod clause;
#[cfg(test)]
mod tests;
mod tree;

pub use tree::{definition, predicate};

use crate::vocabulary::Vocabulary;
use base::Duration;
use timeline::{
    Fact, Field, HeldBy, Label, MonthDay, Own, RelationCount, Than, VersionTest, View, When, Window,
};

/// A text between quotation marks.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("“{text}”")
}

/// `a`, `a or b`, `a, b or c`.
#[must_use]
pub fn list(items: &[String], joint: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {joint} {last}", first.join(", ")),
    }
}

/// A field: `revenue`, `page.path of the context`.
#[must_use]
pub fn field(field: &Field) -> String {
    match field {
        Field::Name => "name of the event".into(),
        Field::Kind => "kind of event".into(),
        Field::Source => "source".into(),
        Field::Property(path) => path.to_string(),
        Field::Context(path) => format!("{path} of the context"),
    }
}

/// A part of a field.
#[must_use]
pub fn label(label: &Label) -> String {
    part(label.view, field(&label.field))
}

/// A part of something that has these words.
#[must_use]
pub fn part(view: View, whole: String) -> String {
    match view {
        View::Whole => whole,
        View::Host => format!("host in {whole}"),
        View::Path => format!("path in {whole}"),
    }
}

/// The first letter large, a full stop at the end.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut letters = text.trim_end().chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// A length of time in its largest whole unit: `7 days`, `30 minutes`, `1500 milliseconds`.
#[must_use]
pub fn duration(length: Duration) -> String {
    const UNITS: [(i64, &str); 5] = [
        (Duration::days(1).0, "day"),
        (Duration::hours(1).0, "hour"),
        (Duration::seconds(60).0, "minute"),
        (Duration::seconds(1).0, "second"),
        (1_000, "millisecond"),
    ];
    let whole = UNITS.into_iter().find(|(unit, _)| length.0 % unit == 0 && length.0 != 0);
    let (unit, name) = whole.unwrap_or((1, "microsecond"));
    let n = length.0 / unit;
    format!("{n} {name}{}", if n == 1 { "" } else { "s" })
}

/// A fact, after "whose": `plan`, `number of orders`.
#[must_use]
pub fn fact(fact: &Fact, names: &dyn Vocabulary) -> String {
    match fact {
        Fact::Trait(name) | Fact::List(name) => name.to_string(),
        Fact::Own(own) => own_words(*own).into(),
        Fact::Account(name) => format!("account’s {name}"),
        Fact::Permission(purpose, channel) => {
            format!("permission for {} by {}", purpose.as_str(), channel.as_str())
        }
        Fact::Consent(purpose, channel) => {
            format!("answer about {} by {}", purpose.as_str(), channel.as_str())
        }
        Fact::Holding(by, value) => format!("number of pieces held {}", held(*by, value)),
        Fact::Relation(count) => relation_words(*count).into(),
        Fact::Segment(id) => format!("membership in {}", quoted(&names.name_of_segment(*id))),
        Fact::Computed(id) => quoted(&names.name_of_computed(*id)),
    }
}

/// Which products: `of category “Camera”`.
#[must_use]
pub fn held(by: HeldBy, value: &str) -> String {
    match by {
        HeldBy::Product => format!("of the product with id {}", quoted(value)),
        HeldBy::Name => format!("of {}", quoted(value)),
        HeldBy::Category => format!("of category {}", quoted(value)),
    }
}

fn own_words(own: Own) -> &'static str {
    match own {
        Own::Country => "country",
        Own::City => "city",
        Own::Company => "company",
        Own::Email => "email address",
        Own::Phone => "phone number",
        Own::Certainty => "certainty",
        Own::FirstSeen => "first event",
        Own::LastSeen => "last event",
        Own::Events => "number of events",
        Own::Orders => "number of orders",
        Own::Revenue => "revenue from orders",
        Own::Currency => "currency",
    }
}

fn relation_words(count: RelationCount) -> &'static str {
    match count {
        RelationCount::Referred => "number of people they referred",
        RelationCount::ReferredBy => "number of people who referred them",
        RelationCount::Mentioned => "number of mentions",
        RelationCount::Household => "number of others in their household",
    }
}

/// Versions that compare so: `version 1.4.0 or newer`.
#[must_use]
pub fn version(test: &VersionTest) -> String {
    let version = &test.version;
    match test.is {
        Than::Less => format!("a version older than {version}"),
        Than::AtMost => format!("version {version} or older"),
        Than::Equal => format!("version {version}"),
        Than::AtLeast => format!("version {version} or newer"),
        Than::More => format!("a version newer than {version}"),
    }
}

/// A stretch in which a date is, after what it is that has the date: ` is before 2026-03-01T00:00:00Z`.
#[must_use]
pub fn when(when: &When) -> String {
    match when {
        When::Within { moments, .. } => {
            let (from, until) = (moments.from, moments.until);
            match (from == Window::EVER.from, until == Window::EVER.until) {
                (true, true) => " is a date".into(),
                (true, false) => format!(" is before {until}"),
                (false, true) => format!(" is at or after {from}"),
                (false, false) => format!(" is at or after {from} and before {until}"),
            }
        }
        When::Yearly { first, last } if first == last => {
            format!(", in any year, is on {}", month_day(*first))
        }
        When::Yearly { first, last } => {
            format!(", in any year, is from {} to {}", month_day(*first), month_day(*last))
        }
    }
}

/// A day of the year: `29 February`.
#[must_use]
pub fn month_day(day: MonthDay) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = MONTHS.get(usize::from(day.month).wrapping_sub(1)).copied().unwrap_or_default();
    format!("{} {month}", day.day)
}

/// A date: `3 May 2026`.
#[must_use]
pub fn date(date: jiff::civil::Date) -> String {
    let day = MonthDay { month: date.month().unsigned_abs(), day: date.day().unsigned_abs() };
    format!("{} {}", month_day(day), date.year())
}
