//! How are values, lists and fields written in an English sentence?

use base::Duration;
use timeline::{Field, Label, View};

/// A text between quotation marks.
#[must_use]
pub(crate) fn quoted(text: &str) -> String {
    format!("“{text}”")
}

/// `a`, `a or b`, `a, b or c`.
#[must_use]
pub(crate) fn list(items: &[String], joint: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {joint} {last}", first.join(", ")),
    }
}

/// A field: `revenue`, `page.path of the context`.
#[must_use]
pub(crate) fn field(field: &Field) -> String {
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
pub(crate) fn label(label: &Label) -> String {
    part(label.view, field(&label.field))
}

/// A part of something that has these words.
#[must_use]
pub(crate) fn part(view: View, whole: String) -> String {
    match view {
        View::Whole => whole,
        View::Host => format!("host in {whole}"),
        View::Path => format!("path in {whole}"),
    }
}

/// The first letter large, a full stop at the end.
#[must_use]
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.trim_end().chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// A length of time in its largest whole unit: `7 days`, `30 minutes`, `1500 milliseconds`.
#[must_use]
pub(crate) fn duration(length: Duration) -> String {
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
