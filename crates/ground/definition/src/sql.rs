//! How is a selection of events written in SQL?
//!
//! Every insight has a twin in SQL over `events(customer_id, occurred_at, kind, name, source_id,
//! properties, context)`, where `occurred_at` is a `timestamptz` and the last two are JSON, and
//! over `customers(customer_id, traits)`. The twins are in PostgreSQL's dialect, as far as
//! DataFusion speaks it too. They say what is counted, for a reader and for whoever counts again;
//! what they leave open is said where a text stands in a field that is read as a number: there the
//! field counts as absent here, and is an error in SQL.

mod date;
mod fact;

pub use fact::fact_test;

use crate::calendar::{Calendar, Grain};
use jiff::civil::Weekday;
use timeline::{Condition, Field, Label, Op, Test, Than, VersionTest, View, Window};

/// A text as a literal.
#[must_use]
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// What stands in a field, as text.
#[must_use]
pub fn field(field: &Field) -> String {
    match field {
        Field::Name => "name".into(),
        Field::Kind => "kind".into(),
        Field::Source => "cast(source_id as text)".into(),
        Field::Property(path) => member("properties", path),
        Field::Context(path) => member("context", path),
    }
}

/// What stands in a field, as a number.
#[must_use]
pub fn number(path: &Field) -> String {
    format!("cast({} as double precision)", field(path))
}

/// A part of a field.
#[must_use]
pub fn label(label: &Label) -> String {
    part(label.view, &field(&label.field))
}

/// A trait of the customer, as text, of `customers`; its first dot looks inside an object.
#[must_use]
pub fn trait_(name: &str) -> String {
    match name.split_once('.') {
        None => format!("customers.traits ->> {}", literal(name)),
        Some((name, inside)) => {
            format!("customers.traits -> {} ->> {}", literal(name), literal(inside))
        }
    }
}

/// The member of this very name, else step by step along the dots.
#[must_use]
pub fn member(object: &str, path: &str) -> String {
    let whole = format!("{object} ->> {}", literal(path));
    match path.rsplit_once('.') {
        None => whole,
        Some((steps, last)) => {
            let steps: String =
                steps.split('.').map(|step| format!(" -> {}", literal(step))).collect();
            format!("coalesce({whole}, {object}{steps} ->> {})", literal(last))
        }
    }
}

/// A part of a text that is written so.
#[must_use]
pub fn part(view: View, text: &str) -> String {
    match view {
        View::Whole => text.into(),
        View::Host => format!(
            "regexp_replace(lower({text}), \
             '^([^/?#]*://)?([^/?#@]*@)?(www\\.)?([^/?#:]*).*$', '\\4')"
        ),
        // Of what is not there, no part is.
        View::Path => format!(
            "case when {text} is not null then coalesce(nullif(regexp_replace({text}, \
             '^([^/?#]*://[^/?#]*)?([^?#]*).*$', '\\2'), ''), '/') end"
        ),
    }
}

/// Whether an event counts.
#[must_use]
pub fn condition(condition: &Condition) -> String {
    let mut all = Vec::new();
    match &condition.events[..] {
        [] => {}
        [name] => all.push(format!("name = {}", literal(name))),
        names => all.push(format!("name in ({})", literals(names))),
    }
    all.extend(condition.tests.iter().map(test));
    if all.is_empty() { "true".into() } else { all.join(" and ") }
}

fn literals(texts: &[Box<str>]) -> String {
    texts.iter().map(|text| literal(text)).collect::<Vec<_>>().join(", ")
}

fn test(test: &Test) -> String {
    // Numbers are compared as they stand, whatever part of a text is looked at.
    let view = if test.op.is_numeric() { View::Whole } else { test.view };
    compared(&part(view, &field(&test.field)), &test.op)
}

/// Whether something holds for a text.
#[must_use]
pub fn compared(text: &str, op: &Op) -> String {
    let number = |op, bound: f64| format!("cast({text} as double precision) {op} {bound}");
    match op {
        Op::Is(texts) => format!("{text} in ({})", literals(texts)),
        Op::IsNot(texts) => format!("coalesce({text} not in ({}), true)", literals(texts)),
        Op::Contains(part) => format!("strpos({text}, {}) > 0", literal(part)),
        Op::StartsWith(part) => format!("starts_with({text}, {})", literal(part)),
        Op::EndsWith(part) => {
            format!("right({text}, {}) = {}", part.chars().count(), literal(part))
        }
        Op::When(when) => date::when(text, when),
        Op::Version(test) => version(text, test),
        Op::Has(texts) => format!("{text} ~ {}", literal(&list_with(texts))),
        Op::Equal(bound) => number("=", *bound),
        Op::Less(bound) => number("<", *bound),
        Op::AtMost(bound) => number("<=", *bound),
        Op::More(bound) => number(">", *bound),
        Op::AtLeast(bound) => number(">=", *bound),
        Op::Exists => format!("{text} is not null"),
        Op::Missing => format!("{text} is null"),
    }
}

/// Whether a text is a version that compares so. By a function of our own SQL: precedence of what
/// stands behind the hyphen has no short form in PostgreSQL.
fn version(text: &str, test: &VersionTest) -> String {
    let op = match test.is {
        Than::Less => "<",
        Than::AtMost => "<=",
        Than::Equal => "=",
        Than::AtLeast => ">=",
        Than::More => ">",
    };
    format!("version_key({text}) {op} version_key('{}')", test.version)
}

/// The regular expression of a list, as JSON, that has one of these. Its items are read one after
/// the other, so that what stands inside a text is not taken for an item; items that are lists or
/// objects themselves are not looked into.
fn list_with(texts: &[Box<str>]) -> String {
    const ITEM: &str = r#"("([^"\\]|\\.)*"|[^",\]]+)"#;
    let one = |text: &str| {
        let quoted = regex_of(&serde_json::Value::from(text).to_string());
        let is_bare = text.parse::<f64>().is_ok_and(|n| n.to_string() == *text);
        match () {
            () if is_bare => format!(r"{quoted}|{}(\.0+)?", regex_of(text)),
            () if matches!(text, "true" | "false") => format!("{quoted}|{text}"),
            () => quoted,
        }
    };
    let any: Vec<String> = texts.iter().map(|text| one(text)).collect();
    format!(r"^\s*\[(\s*{ITEM}\s*,)*\s*({})\s*[,\]]", any.join("|"))
}

/// A regular expression of this very text.
fn regex_of(text: &str) -> String {
    let escaped = |letter: char| {
        let is_special = r"\.+*?()|[]{}^$#&-~".contains(letter);
        if is_special { format!(r"\{letter}") } else { letter.to_string() }
    };
    text.chars().map(escaped).collect()
}

/// Whether an event is in the window; an end that is not there is left out.
#[must_use]
pub fn window(window: Window) -> String {
    let mut both = Vec::new();
    if window.from != Window::EVER.from {
        both.push(format!("occurred_at >= timestamptz '{}'", window.from));
    }
    if window.until != Window::EVER.until {
        both.push(format!("occurred_at < timestamptz '{}'", window.until));
    }
    if both.is_empty() { "true".into() } else { both.join(" and ") }
}

/// The local hour, day, week… of a time.
#[must_use]
pub fn span(calendar: &Calendar, grain: Grain, time: &str) -> String {
    let zone = literal(calendar.zone_name());
    // The hour that comes twice is two: truncated in the zone, but kept as a moment.
    if grain == Grain::Hour {
        return format!("date_trunc('hour', {time}, {zone})");
    }
    let shift = i64::from(calendar.week_begins().since(Weekday::Monday));
    let local = format!("{time} at time zone {zone}");
    if grain != Grain::Week || shift == 0 {
        return format!("date_trunc('{}', {local})", grain.word());
    }
    let days = format!("interval '{shift} days'");
    // From midnight to midnight: the same time of another day may be left out there.
    format!("date_trunc('week', date_trunc('day', {local}) - {days}) + {days}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_leave_their_quotes() {
        let evil = Condition {
            events: vec!["x' or 1=1; --".into()],
            tests: vec![Test {
                field: Field::Property("a'b.c".into()),
                view: View::Whole,
                op: Op::Is(vec!["d'".into()]),
            }],
        };
        assert_eq!(
            condition(&evil),
            "name = 'x'' or 1=1; --' and coalesce(properties ->> 'a''b.c', \
             properties -> 'a''b' ->> 'c') in ('d''')"
        );
        assert_eq!(condition(&Condition::default()), "true");
    }

    #[test]
    fn items_of_lists_are_read_one_by_one() {
        let sql = compared("x", &Op::Has(vec!["a'b".into(), "5".into()]));
        let item = r#"("([^"\\]|\\.)*"|[^",\]]+)"#;
        let expected = format!(r#"x ~ '^\s*\[(\s*{item}\s*,)*\s*("a''b"|"5"|5(\.0+)?)\s*[,\]]'"#);
        assert_eq!(sql, expected);
    }

    #[test]
    fn windows_and_spans() {
        assert_eq!(window(Window::EVER), "true");
        let calendar = Calendar::new("Europe/Berlin", Weekday::Sunday).expect("a zone");
        assert_eq!(
            span(&calendar, Grain::Week, "occurred_at"),
            "date_trunc('week', date_trunc('day', occurred_at at time zone 'Europe/Berlin') \
             - interval '6 days') + interval '6 days'"
        );
    }
}
